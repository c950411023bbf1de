/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>

#include "nn-network.h"
#include "nn-samples.h"

/* Returns how many samples at a time @network runs on fast, without taking much
 * memory; no more than @count. */
size_t nn_predict_batch (const NnNetwork *network, size_t count);

/* Runs @network over the images of @samples, whose labels it does not look at,
 * and writes the logits, [count][outputs]. Answers NN_STOPPED when the stop flag
 * (may be NULL), which it reads before every batch, was raised. */
NN_MUST_CHECK NnStatus nn_predict (const NnNetwork   *network,
                                   const NnSamples   *samples,
                                   NnPool            *pool,
                                   const atomic_bool *stop,
                                   NnReal            *logits);
