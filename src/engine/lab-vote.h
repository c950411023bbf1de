/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-dataset.h"
#include "lab-network.h"

G_BEGIN_DECLS

/* Runs @n networks over all of @dataset with @threads threads (0: one per
 * processor) and returns what they say of it together, LAB_N_CLASSES logits for
 * each picture: those of the one network, or the logarithms of the mean of the
 * networks' probabilities. Of a picture without ink nothing is said, all of its
 * logits are 0. Transfer full; NULL with @error set. */
float *lab_vote_predict (LabNetwork *const *networks, guint n, LabDataset *dataset, guint threads,
                         GCancellable *cancellable, GError **error);

G_END_DECLS
