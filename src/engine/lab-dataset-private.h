/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-dataset.h"
#include "nn-samples.h"

G_BEGIN_DECLS

/* Returns what the core is given of @self, which must be kept meanwhile. */
NnSamples lab_dataset_get_samples (LabDataset *self);

G_END_DECLS
