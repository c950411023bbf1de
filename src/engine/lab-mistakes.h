/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "lab-dataset.h"

G_BEGIN_DECLS

/* A GListModel of LabSample over pictures of a data set and what a network said
 * of them. It never changes, and makes its items only when they are asked for:
 * a bad network makes thousands of mistakes of which a screen shows a few. */
#define LAB_TYPE_MISTAKES (lab_mistakes_get_type ())
G_DECLARE_FINAL_TYPE (LabMistakes, lab_mistakes, LAB, MISTAKES, GObject)

/* @indices: guint32 each, below the size of @dataset; @probabilities:
 * LAB_N_CLASSES floats for each index, in the same order. The list shows the @n
 * entries from @first on. References are taken, so that the lists of all
 * classes share one pair of arrays. */
LabMistakes *lab_mistakes_new (LabDataset *dataset,
                               GBytes     *indices,
                               GBytes     *probabilities,
                               guint       first,
                               guint       n);

G_END_DECLS
