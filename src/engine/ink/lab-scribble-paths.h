/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-pen-path.h"

G_BEGIN_DECLS

/* Ways of scribbling, those to learn from or to @test with. Returns how many
 * there are, and plans a scribble in way number @i. */
guint lab_scribble_path_count (gboolean test);
void  lab_scribble_path_plan (LabPenPath *path, gboolean test, guint i);

/* What these find in another file: the ways to test with. */
guint lab_scribble_path_count_test (void);
void  lab_scribble_path_plan_test (LabPenPath *path, guint i);

G_END_DECLS
