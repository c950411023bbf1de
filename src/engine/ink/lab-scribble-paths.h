/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-pen-path.h"

G_BEGIN_DECLS

/* Ways of scribbling, in two sets that have none in common. Returns how many
 * there are, and plans a scribble in way number @i. */
guint lab_scribble_path_count (gboolean second_set);
void  lab_scribble_path_plan (LabPenPath *path, gboolean second_set, guint i);

G_END_DECLS
