/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-pen-path.h"

G_BEGIN_DECLS

/* Letters, signs and shapes, each in one of two sets that have none in common.
 * Returns how many there are, and plans how number @i is drawn. */
guint lab_letter_path_count (gboolean second_set);
void  lab_letter_path_plan (LabPenPath *path, gboolean second_set, guint i);
guint lab_shape_path_count (gboolean second_set);
void  lab_shape_path_plan (LabPenPath *path, gboolean second_set, guint i);

G_END_DECLS
