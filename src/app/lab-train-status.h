/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-trainer.h"

G_BEGIN_DECLS

/* Returns one line about the run of @trainer, as in “Epoch 3 of 10 · 97.2 % ·
 * about 20 s left”; empty before the first run and after one that failed. */
char *lab_train_status_dup_text (LabTrainer *trainer) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
