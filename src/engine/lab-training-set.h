/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-dataset.h"
#include "lab-settings.h"

G_BEGIN_DECLS

/* What a network learns from. */
typedef struct
{
  LabDataset *dataset;
  LabDataset *validation; /* what is held out; NULL: the settings' share of the data set */
} LabTrainingSet;

void lab_training_set_init (LabTrainingSet *self, LabDataset *dataset, LabDataset *validation);
void lab_training_set_clear (LabTrainingSet *self);

/* Adds the doodles that @settings ask for to what is trained on; only digits are
 * held out. */
gboolean lab_training_set_add_doodles (LabTrainingSet *self, const LabSettings *settings,
                                       GCancellable *cancellable, GError **error);

G_END_DECLS
