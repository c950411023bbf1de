/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-cli.h"
#include "lab-run.h"

G_BEGIN_DECLS

/* The options for all settings of a training run, in groups, ended by one
 * without a title. */
extern const LabCliGroup lab_cli_run_groups[];

/* Returns the run that the options ask for. An error is one of usage. */
LabRun *lab_cli_make_run (GError **error);

/* Sets the preset of @run to the one called @name; NULL leaves it. */
gboolean lab_cli_set_preset (LabRun *run, const char *name, GError **error);

G_END_DECLS
