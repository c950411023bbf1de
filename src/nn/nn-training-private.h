/* SPDX-License-Identifier: MIT */
#pragma once

#include "nn-trainer.h"

/* The samples that are trained on, or those held out. */
typedef struct
{
  const NnNetwork *network; /* that runs on them */
  const NnSamples *samples;
  NnLoading loading; /* whose order begins with these samples */
  size_t count;
  size_t max_batch;
  NnWorkspace *workspace; /* NULL without samples */
} NnPart;

/* All that a run needs; made once, before the first epoch. */
typedef struct
{
  NnNetwork *network; /* that the steps move */
  NnNetwork *average; /* of what it was after each step; NULL if nobody wants it */
  NnNetwork *result;  /* the one of the two that counts */
  const NnSamples *samples;
  const NnTrainOptions *options;
  const NnTrainHooks *hooks;
  NnPool *pool;

  size_t classes;
  NnPart train;
  NnPart validation;
  uint32_t *order; /* of all samples: first those to train on, then those held out */
  uint8_t *labels; /* of a batch */
  NnOptimizer *optimizer;
  NnRng rng;

  uint64_t n_steps;     /* taken so far */
  double learning_rate; /* of the last of them */
  NnPlateau plateau;
  double smallest_loss;
  size_t n_worse; /* epochs since then */
  NnNetwork *best; /* of that epoch; NULL if nobody wants it */

  /* To calibrate with; NULL if nobody wants to. */
  uint8_t *held_out_labels;
  NnReal *logits;      /* of the held-out samples, from the last epoch */
  NnReal *best_logits; /* and from the best one */
} NnTraining;

/* Checks the options and the samples and makes what the epochs need; the network,
 * its classes, the samples, the options, the hooks and the pool are there. After an error too,
 * the caller calls nn_training_clear(). */
NN_MUST_CHECK NnStatus nn_training_prepare (NnTraining *run);

void nn_training_clear (NnTraining *run);

/* Writes the labels of the @count samples from number @first of the order on to
 * @labels. */
void nn_part_get_labels (const NnPart *part, size_t first, size_t count, uint8_t *labels);
