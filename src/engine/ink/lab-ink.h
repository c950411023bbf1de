/* SPDX-License-Identifier: MIT */
#pragma once

#include <cairo.h>
#include <glib-object.h>

#include "lab-sample.h"

G_BEGIN_DECLS

/* The width of the line in the 28 × 28 image, in pixels. With it, pen strokes
 * are as thick as those of MNIST's training images (twice the area by the
 * outline: 2.5 against 2.6) and are read best. */
#define LAB_LINE_WIDTH 2.4

/* Points farther from 0 than this are ignored, as are those that are not finite. */
#define LAB_INK_MAX_COORDINATE 1e9

/* One sample of a pen. The unit of length is the caller's own; y grows down. */
typedef struct
{
  double x;
  double y;
  double pressure; /* 0 … 1; 1 where the device has none */
  double time;     /* seconds from any origin */
} LabInkPoint;

/* A drawing, kept as strokes. Emits "changed" after every change. Properties:
 * pen-width (double, read-write, in the unit of the points, 0 when unknown),
 * empty (boolean, read-only, notified). */
#define LAB_TYPE_INK (lab_ink_get_type ())
G_DECLARE_FINAL_TYPE (LabInk, lab_ink, LAB, INK, GObject)

LabInk *lab_ink_new (void);

/* Starts a stroke with its first point; one that is under way ends first.
 * A stroke of one point is a dot. Points that are not finite are ignored. */
void lab_ink_begin_stroke (LabInk *self, LabInkPoint point);

/* Adds points to the stroke under way; does nothing without one. */
void lab_ink_add_points (LabInk *self, const LabInkPoint *points, gsize n_points);
void lab_ink_add_point (LabInk *self, LabInkPoint point);

/* Ends the stroke under way, keeping it. */
void lab_ink_end_stroke (LabInk *self);

void lab_ink_clear (LabInk *self);

gboolean lab_ink_is_empty (LabInk *self);
guint    lab_ink_get_n_strokes (LabInk *self);
guint    lab_ink_get_n_points (LabInk *self); /* of all strokes */

/* Returns the points of stroke @i, owned by @self until its next change. */
const LabInkPoint *lab_ink_get_stroke (LabInk *self, guint i, gsize *n_points);

double lab_ink_get_pen_width (LabInk *self);
void   lab_ink_set_pen_width (LabInk *self, double width);

/* Draws the strokes into @image, LAB_IMAGE_SIZE bytes, ink 255 on 0, the way
 * that MNIST's images were made (LeCun, Bottou, Bengio and Haffner 1998): the
 * longer side scaled to LAB_BOX_SIDE pixels, line and all, anti-aliased, and
 * centred by mass, though never moved out of the image. The line has the same
 * width whatever the size of the drawing. A drawing no larger than two pen
 * widths is a dot and stays small. An empty drawing is all 0. */
void lab_ink_render (LabInk *self, guint8 *image);

G_END_DECLS
