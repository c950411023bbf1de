/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nn-network.h"
#include "nn-optimizer.h"

/* Labelled pictures as bytes, borrowed. A byte b is the value b / 255. */
typedef struct
{
  size_t         count;
  NnShape        shape;
  const uint8_t *images; /* [count][height][width][channels] */
  const uint8_t *labels; /* [count], each below the network's outputs */
} NnSamples;

/* How the learning rate moves in the course of a run. */
typedef enum
{
  NN_CONSTANT,
  NN_COSINE, /* falls to 0 along half a cosine, a step per mini-batch
              * (Loshchilov and Hutter, arXiv:1608.03983, without restarts) */
} NnSchedule;

typedef struct
{
  size_t          epochs;     /* at least 1 */
  size_t          batch_size; /* at least 1 */
  NnOptimizerKind optimizer;
  NnSchedule      schedule;
  double          learning_rate;    /* above 0; where the schedule starts */
  double          momentum;         /* for NN_SGD, in [0, 1) */
  double          validation_share; /* part of the samples held out, in [0, 1) */
  uint64_t        seed;             /* of the first weights, the split and the shuffles */
} NnTrainOptions;

/* What one epoch gave. Losses are mean cross-entropies in nats; accuracies are
 * in 0 … 1. Loss and accuracy are those of the training batches as they passed.
 * Without held-out samples the validation figures are NAN. */
typedef struct
{
  size_t epoch; /* counts from 1 */
  double loss;
  double accuracy;
  double val_loss;
  double val_accuracy;
  double seconds; /* training and validation of this epoch */
} NnEpoch;

/* How a run is watched. Each member may be NULL. The functions are called on
 * the thread that called nn_train(). */
typedef struct
{
  const atomic_bool *stop; /* read before every mini-batch */
  void (*batch_done) (void *data, double fraction); /* of the whole run, 0 … 1 */
  void (*epoch_done) (void *data, const NnEpoch *epoch, const NnNetwork *network);
  void *data;
} NnTrainHooks;

/* Trains @network, from the parameters it has, on @samples. The held-out
 * samples and the order of each epoch come from the seed. Answers NN_STOPPED
 * when the stop flag was raised; the network then keeps what it has learned.
 * Answers NN_DIVERGED when the loss stops being finite. */
NN_MUST_CHECK NnStatus nn_train (NnNetwork            *network,
                                 const NnSamples      *samples,
                                 const NnTrainOptions *options,
                                 NnPool               *pool,
                                 const NnTrainHooks   *hooks);

/* Runs @network over the images of @samples, whose labels it does not look at,
 * and writes the logits, [count][outputs]. Answers NN_STOPPED when the stop flag
 * (may be NULL), which it reads before every batch, was raised. */
NN_MUST_CHECK NnStatus nn_predict (const NnNetwork   *network,
                                   const NnSamples   *samples,
                                   NnPool            *pool,
                                   const atomic_bool *stop,
                                   NnReal            *logits);
