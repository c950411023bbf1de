/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

#include "lab-trainer.h"

G_BEGIN_DECLS

/* A slim strip that is there while a run is going and says how far it is, with a
 * button for the action win.stop-training. Property: trainer (LabTrainer,
 * read-write). */
#define LAB_TYPE_RUN_STRIP (lab_run_strip_get_type ())
G_DECLARE_FINAL_TYPE (LabRunStrip, lab_run_strip, LAB, RUN_STRIP, GtkWidget)

GtkWidget *lab_run_strip_new (void);

LabTrainer *lab_run_strip_get_trainer (LabRunStrip *self); /* transfer none, nullable */
void        lab_run_strip_set_trainer (LabRunStrip *self, LabTrainer *trainer);

G_END_DECLS
