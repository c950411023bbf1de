/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nn-augment.h"
#include "nn-calibration.h"
#include "nn-network.h"
#include "nn-optimizer.h"
#include "nn-samples.h"
#include "nn-schedule.h"

/* All that is 0 does nothing. The loss that early stopping, restoring and
 * NN_PLATEAU watch is that of the held-out samples; without any, that of the
 * training. */
typedef struct
{
  size_t           epochs;     /* at least 1 */
  size_t           batch_size; /* at least 1 */
  NnOptimizerKind  optimizer;
  double           momentum;     /* for NN_SGD, in [0, 1) */
  double           weight_decay; /* see nn_optimizer_new() */
  NnSchedule       schedule;     /* the learning rate, and how it moves */
  double           label_smoothing; /* in [0, 1), see nn_softmax_cross_entropy() */
  double           clip_norm;       /* see nn_clip_gradients() */
  double           average; /* keep a running average of the network, of which each step leaves so much
                             * (less in the first steps), in [0, 1): it is what is validated, watched and
                             * left in the end, while the steps go on from the network itself (Polyak and
                             * Juditsky, 1992) */
  NnAugmentation   augmentation;
  double           validation_share; /* part of the samples held out, in [0, 1) */
  const NnSamples *validation;       /* these are held out instead, and the share is 0; or NULL */
  bool             calibrate;        /* divide the logits of the finished network by the temperature that
                                      * the held-out samples ask for, within the last layer's parameters */
  size_t           patience;         /* early stopping: epochs without a smaller loss after which
                                      * the run ends (Prechelt 1998) */
  bool             restore_best;     /* however the run ends, go back to the epoch with the
                                      * smallest loss */
  uint64_t         seed; /* of the split, the shuffles, dropout and augmentation */
  const NnKernels *kernels; /* NULL is nn_kernels() */
} NnTrainOptions;

/* What one epoch gave. Losses are mean cross-entropies in nats; accuracies are
 * in 0 … 1. Loss and accuracy are those of the training batches as they passed,
 * with dropout and augmentation. From every loss the smallest one is taken that
 * smoothed labels, and samples of no class, allow: 0 is perfect. Accuracies are those of the
 * samples that have a class. What there are no samples for is NAN. */
typedef struct
{
  size_t epoch; /* counts from 1 */
  double loss;
  double accuracy;
  double val_loss;
  double val_accuracy;
  bool   is_best; /* the loss that is watched is smaller than in all epochs before; the last
                   * such epoch is the one that restore_best goes back to */
  double learning_rate; /* of the epoch's last step */
  double train_seconds; /* of the training alone */
  double seconds;       /* training and validation of this epoch */
} NnEpoch;

/* How a run is watched. Each member may be NULL. The functions are called on
 * the thread that called nn_train(). */
typedef struct
{
  const atomic_bool *stop; /* read before every mini-batch */
  void (*batch_done) (void *data, double fraction); /* of all epochs, 0 … 1 */
  void (*epoch_done) (void *data, const NnEpoch *epoch, const NnNetwork *network);
  void (*calibrated) (void *data, const NnCalibration *calibration); /* the network that is left */
  void *data;
} NnTrainHooks;

/* Trains @network, from the parameters and statistics it has, on @samples. The
 * held-out samples and the order of each epoch come from the seed. Answers
 * NN_STOPPED when the stop flag was raised, and NN_DIVERGED when the loss stops
 * being finite; the network then keeps what it has learned, unless it goes back
 * to its best epoch. The network of a whole epoch, the last one or the best, is
 * calibrated if the options say so, there are held-out samples of some class and
 * the last layer is dense or a convolution. */
NN_MUST_CHECK NnStatus nn_train (NnNetwork            *network,
                                 const NnSamples      *samples,
                                 const NnTrainOptions *options,
                                 NnPool               *pool,
                                 const NnTrainHooks   *hooks);
