/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "lab-trainer.h"

G_BEGIN_DECLS

/* Settings of a run on the left, its curves on the right. Actions: train.start,
 * train.stop. Property, read-write: trainer (LabTrainer). */
#define LAB_TYPE_TRAIN_PAGE (lab_train_page_get_type ())
G_DECLARE_FINAL_TYPE (LabTrainPage, lab_train_page, LAB, TRAIN_PAGE, AdwBin)

GtkWidget *lab_train_page_new (void);

LabTrainer *lab_train_page_get_trainer (LabTrainPage *self); /* transfer none, nullable */
void        lab_train_page_set_trainer (LabTrainPage *self, LabTrainer *trainer);

G_END_DECLS
