/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-pen-path.h"

G_BEGIN_DECLS

/* Letters, signs and shapes, those to learn from or to @test with.
 * Returns how many there are, and plans how number @i is drawn. */
guint lab_letter_path_count (gboolean test);
void  lab_letter_path_plan (LabPenPath *path, gboolean test, guint i);
guint lab_shape_path_count (gboolean test);
void  lab_shape_path_plan (LabPenPath *path, gboolean test, guint i);

G_END_DECLS
