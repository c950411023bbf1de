/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define LAB_IMAGE_SIDE 28
#define LAB_IMAGE_SIZE (LAB_IMAGE_SIDE * LAB_IMAGE_SIDE)
#define LAB_N_CLASSES 10

/* One labelled picture and what a network said of it; immutable. Properties,
 * all read-only: index (uint, in its data set), label (uint), predicted (uint),
 * confidence (double, 0 … 1, the probability of the predicted class). */
#define LAB_TYPE_SAMPLE (lab_sample_get_type ())
G_DECLARE_FINAL_TYPE (LabSample, lab_sample, LAB, SAMPLE, GObject)

/* @image: LAB_IMAGE_SIZE bytes, ink 255 on 0; @probabilities: LAB_N_CLASSES
 * numbers. Both are copied. */
LabSample *lab_sample_new (guint         index,
                           guint         label,
                           const guint8 *image,
                           const float  *probabilities);

guint         lab_sample_get_index (LabSample *self);
guint         lab_sample_get_label (LabSample *self);
guint         lab_sample_get_predicted (LabSample *self);
double        lab_sample_get_confidence (LabSample *self);
const guint8 *lab_sample_get_image (LabSample *self);
const float  *lab_sample_get_probabilities (LabSample *self);

G_END_DECLS
