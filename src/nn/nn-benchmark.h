/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>

#include "nn-trainer.h"

/* How fast this processor computes with a network. Each function answers
 * NN_STOPPED when its stop flag (may be NULL) was raised. */

/* How training is watched. Each member may be NULL. */
typedef struct
{
  const atomic_bool *stop;
  void (*epoch_done) (void *data, size_t epoch, double seconds);
  void *data;
} NnBenchmarkHooks;

typedef struct
{
  double epoch_seconds; /* the median */
  double samples_per_second;
  double gflops; /* 10⁹ multiplications and additions in a second, see nn_benchmark_flops() */
} NnTrainingSpeed;

typedef struct
{
  double images_per_second; /* the median of several passes over all samples */
  double accuracy;          /* in 0 … 1: a network that does not compute is fast, too */
} NnEvaluationSpeed;

/* In seconds, of NN_BENCHMARK_IMAGES passes. */
typedef struct
{
  double median;
  double p99; /* no more than one pass in a hundred takes longer */
} NnLatency;

#define NN_BENCHMARK_BATCH 256
#define NN_BENCHMARK_IMAGES 2000

/* Returns the multiplications and additions that the products of dense layers
 * and convolutions need for training on one sample: as many again as forward for
 * the gradient of the weights, and for that of the input of all but the first. */
double nn_benchmark_flops (const NnNetwork *network);

/* Trains @network for whole epochs after a short warm-up, on all @samples, shuffled
 * anew each time, and writes how long each took to @seconds, [epochs]. Of
 * @options, the learning rate stays what it is at first; augmentation, the
 * validation share, early stopping and going back are left out. */
NN_MUST_CHECK NnStatus nn_benchmark_train (NnNetwork              *network,
                                           const NnSamples        *samples,
                                           const NnTrainOptions   *options,
                                           NnPool                 *pool,
                                           const NnBenchmarkHooks *hooks,
                                           double                 *seconds,
                                           NnTrainingSpeed        *speed);

/* Runs @network over @samples, NN_BENCHMARK_BATCH at a time: from bytes to the
 * largest logit. */
NN_MUST_CHECK NnStatus nn_benchmark_evaluate (const NnNetwork   *network,
                                              const NnSamples   *samples,
                                              NnPool            *pool,
                                              const NnKernels   *kernels,
                                              const atomic_bool *stop,
                                              NnEvaluationSpeed *speed);

/* Runs @network on one sample at a time: from the numbers in the workspace to
 * the logits. */
NN_MUST_CHECK NnStatus nn_benchmark_latency (const NnNetwork   *network,
                                             const NnSamples   *samples,
                                             NnPool            *pool,
                                             const NnKernels   *kernels,
                                             const atomic_bool *stop,
                                             NnLatency         *latency);

/* Measures how many 10⁹ multiplications and additions the threads of @pool do in
 * a second when they do nothing else: the most that any program could reach. */
double nn_benchmark_peak (NnPool *pool, const NnKernels *kernels);
