/* SPDX-License-Identifier: MIT */
#include "nn-benchmark.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "nn-loss.h"

/* Mini-batches to train on before the first epoch. */
#define WARM_UP_BATCHES 20

/* Passes over all samples, and one before them. */
#define EVALUATIONS 5

/* Different pictures for one at a time; each is run once before. */
#define PICTURES 100

/* The peak is the best of so many rounds, each with so many tasks for a thread
 * and each task at least so long. */
#define PEAK_ROUNDS 10
#define PEAK_TASKS 8
#define PEAK_SECONDS 0.002

static double
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return (double) time.tv_sec + (double) time.tv_nsec * 1e-9;
}

static bool
is_raised (const atomic_bool *stop)
{
  return stop != NULL && atomic_load_explicit (stop, memory_order_relaxed);
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
product_flops (const NnLayer *layer)
{
  const NnLayerSpec *spec = &layer->spec;

  switch (spec->kind)
    {
    case NN_DENSE:
      return 2.0 * (double) layer->n_weights;
    case NN_CONV2D:
      return 2.0 * (double) layer->n_weights * (double) (layer->output.height * layer->output.width);
    default:
      return 0;
    }
}

double
nn_benchmark_flops (const NnNetwork *network)
{
  double sum = 0, first = 0;

  for (size_t i = 0; i < nn_network_n_layers (network); i++)
    {
      double flops = product_flops (nn_network_layer (network, i));

      if (first == 0)
        first = flops;
      sum += flops;
    }
  return 3 * sum - first;
}

/* What train_epoch_done() writes to. */
typedef struct
{
  const NnBenchmarkHooks *hooks;
  double *seconds;
} Training;

static void
train_epoch_done (void *data, const NnEpoch *epoch, const NnNetwork *network)
{
  const Training *training = data;

  training->seconds[epoch->epoch - 1] = epoch->train_seconds;
  if (training->hooks->epoch_done != NULL)
    training->hooks->epoch_done (training->hooks->data, epoch->epoch, epoch->train_seconds);
}

static NnStatus
warm_up (NnNetwork            *network,
         const NnSamples      *samples,
         const NnTrainOptions *options,
         NnPool               *pool,
         const atomic_bool    *stop)
{
  const NnTrainHooks hooks = { .stop = stop };
  NnSamples few = *samples;
  NnTrainOptions once = *options;

  if (few.count / WARM_UP_BATCHES > options->batch_size)
    few.count = WARM_UP_BATCHES * options->batch_size;
  once.epochs = 1;
  return nn_train (network, &few, &once, pool, &hooks);
}

NnStatus
nn_benchmark_train (NnNetwork              *network,
                    const NnSamples        *samples,
                    const NnTrainOptions   *options,
                    NnPool                 *pool,
                    const NnBenchmarkHooks *hooks,
                    double                 *seconds,
                    NnTrainingSpeed        *speed)
{
  Training training = { hooks, seconds };
  const NnTrainHooks train_hooks = { .stop = hooks->stop, .epoch_done = train_epoch_done, .data = &training };
  NnTrainOptions plain = *options;
  double *sorted;
  NnStatus status;

  plain.schedule.kind = NN_CONSTANT;
  plain.augmentation = (NnAugmentation){ 0 };
  plain.validation_share = 0;
  plain.patience = 0;
  plain.restore_best = false;

  sorted = calloc (options->epochs, sizeof *sorted);
  if (sorted == NULL)
    return NN_NO_MEMORY;
  status = warm_up (network, samples, &plain, pool, hooks->stop);
  if (status == NN_OK)
    status = nn_train (network, samples, &plain, pool, &train_hooks);
  if (status == NN_OK)
    {
      memcpy (sorted, seconds, options->epochs * sizeof *sorted);
      qsort (sorted, options->epochs, sizeof *sorted, compare);
      speed->epoch_seconds = sorted[options->epochs / 2];
      speed->samples_per_second = (double) samples->count / speed->epoch_seconds;
      speed->gflops = nn_benchmark_flops (network) * speed->samples_per_second * 1e-9;
    }
  free (sorted);
  return status;
}

/* Runs over all samples once and returns how many were read as their label. */
static size_t
evaluate (const NnNetwork *network, const NnSamples *samples, NnPool *pool, NnWorkspace *workspace)
{
  const NnLoading loading = { 0 };
  size_t classes = nn_shape_size (nn_network_output (network));
  size_t right = 0;

  for (size_t first = 0, batch; first < samples->count; first += batch)
    {
      const NnReal *logits;

      batch = samples->count - first < NN_BENCHMARK_BATCH ? samples->count - first : NN_BENCHMARK_BATCH;
      nn_samples_load (samples, &loading, first, batch, pool, nn_workspace_input (workspace));
      logits = nn_forward (network, workspace, batch);
      for (size_t i = 0; i < batch; i++)
        right += nn_argmax (logits + i * classes, classes) == samples->labels[first + i];
    }
  return right;
}

NnStatus
nn_benchmark_evaluate (const NnNetwork   *network,
                       const NnSamples   *samples,
                       NnPool            *pool,
                       const NnKernels   *kernels,
                       const atomic_bool *stop,
                       NnEvaluationSpeed *speed)
{
  NnWorkspace *workspace = NULL;
  double seconds[EVALUATIONS];
  size_t right;
  NnStatus status = nn_samples_check (samples, nn_network_input (network));

  if (status == NN_OK)
    status = nn_workspace_new (network, NN_BENCHMARK_BATCH, NN_INFERENCE, pool, kernels, &workspace);
  if (status != NN_OK)
    return status;

  right = evaluate (network, samples, pool, workspace);
  for (size_t i = 0; i < EVALUATIONS && !is_raised (stop); i++)
    {
      double begin = now ();

      evaluate (network, samples, pool, workspace);
      seconds[i] = now () - begin;
    }
  nn_workspace_free (workspace);
  if (is_raised (stop))
    return NN_STOPPED;

  qsort (seconds, EVALUATIONS, sizeof *seconds, compare);
  speed->images_per_second = (double) samples->count / seconds[EVALUATIONS / 2];
  speed->accuracy = (double) right / (double) samples->count;
  return NN_OK;
}

NnStatus
nn_benchmark_latency (const NnNetwork   *network,
                      const NnSamples   *samples,
                      NnPool            *pool,
                      const NnKernels   *kernels,
                      const atomic_bool *stop,
                      NnLatency         *latency)
{
  const NnLoading loading = { 0 };
  size_t pictures = samples->count < PICTURES ? samples->count : PICTURES;
  NnWorkspace *workspace = NULL;
  double seconds[NN_BENCHMARK_IMAGES];
  NnStatus status = nn_samples_check (samples, nn_network_input (network));

  if (status == NN_OK)
    status = nn_workspace_new (network, 1, NN_INFERENCE, pool, kernels, &workspace);
  if (status != NN_OK)
    return status;

  for (size_t i = 0; i < PICTURES + NN_BENCHMARK_IMAGES && !is_raised (stop); i++)
    {
      double begin;

      nn_samples_load (samples, &loading, i % pictures, 1, NULL, nn_workspace_input (workspace));
      begin = now ();
      nn_forward (network, workspace, 1);
      if (i >= PICTURES)
        seconds[i - PICTURES] = now () - begin;
    }
  nn_workspace_free (workspace);
  if (is_raised (stop))
    return NN_STOPPED;

  qsort (seconds, NN_BENCHMARK_IMAGES, sizeof *seconds, compare);
  latency->median = seconds[NN_BENCHMARK_IMAGES / 2];
  latency->p99 = seconds[NN_BENCHMARK_IMAGES * 99 / 100];
  return NN_OK;
}

/* How much each task does. */
typedef struct
{
  const NnKernels *kernels;
  double flops;
} PeakJob;

static void
multiply_add (void *data, size_t task, size_t worker)
{
  const PeakJob *job = data;

  job->kernels->multiply_add (job->flops);
}

double
nn_benchmark_peak (NnPool *pool, const NnKernels *kernels)
{
  PeakJob job = { kernels, 1e6 };
  size_t n_tasks = PEAK_TASKS * nn_pool_workers (pool);
  double begin, done, shortest = 0;

  do
    {
      job.flops *= 2;
      begin = now ();
      done = kernels->multiply_add (job.flops);
    }
  while (now () - begin < PEAK_SECONDS);

  for (size_t i = 0; i < PEAK_ROUNDS; i++)
    {
      double seconds;

      begin = now ();
      nn_pool_run (pool, multiply_add, &job, n_tasks);
      seconds = now () - begin;
      if (i == 0 || seconds < shortest)
        shortest = seconds;
    }
  return done * (double) n_tasks / shortest * 1e-9;
}
