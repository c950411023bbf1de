/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "lab-run.h"

G_BEGIN_DECLS

/* The rows in which the settings of the next run are entered: preset, epochs,
 * batch size, learning rate. They are kept in the program's settings. */
#define LAB_TYPE_RUN_GROUP (lab_run_group_get_type ())
G_DECLARE_FINAL_TYPE (LabRunGroup, lab_run_group, LAB, RUN_GROUP, AdwPreferencesGroup)

GtkWidget *lab_run_group_new (void);

/* Returns the run that the rows describe, always the same object; transfer none. */
LabRun *lab_run_group_get_run (LabRunGroup *self);

/* Takes over numbers that were typed in the rows but not confirmed yet. */
void lab_run_group_commit (LabRunGroup *self);

G_END_DECLS
