/* SPDX-License-Identifier: MIT */
#include "nn-trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "nn-loss.h"
#include "nn-plan.h"

/* How many samples nn_predict() runs at a time: as many as have this many
 * values at the network's widest place, and no more than the second number. */
#define PREDICT_VALUES ((size_t) 1 << 23)
#define PREDICT_BATCH 128

/* All that a run needs; made once, before the first epoch. */
typedef struct
{
  NnNetwork *network;
  const NnSamples *samples;
  const NnTrainOptions *options;
  const NnTrainHooks *hooks;
  NnPool *pool;

  size_t classes;
  size_t n_train;
  size_t n_validation;
  uint32_t *order; /* of all samples: first those to train on, then those held out */
  uint8_t *labels; /* of a mini-batch */
  NnWorkspace *workspace;
  NnOptimizer *optimizer;
  NnRng rng;
} Run;

/* Sums over the samples of an epoch. */
typedef struct
{
  double loss;
  size_t correct;
} Sums;

typedef struct
{
  const NnSamples *samples;
  const uint32_t *order; /* NULL: one after the other, from first */
  size_t first;
  size_t size;
  NnReal *input;
} LoadJob;

static void
load_sample (void *data, size_t i, size_t worker)
{
  const LoadJob *job = data;
  size_t index = job->order != NULL ? job->order[job->first + i] : job->first + i;
  const uint8_t *image = job->samples->images + index * job->size;
  NnReal *input = job->input + i * job->size;

  for (size_t p = 0; p < job->size; p++)
    input[p] = (NnReal) image[p] / 255;
}

static void
load_batch (const NnSamples *samples, const uint32_t *order, size_t first, size_t batch, NnPool *pool, NnReal *input)
{
  LoadJob job = { samples, order, first, nn_shape_size (samples->shape), input };

  nn_pool_run (pool, load_sample, &job, batch);
}

static bool
is_raised (const atomic_bool *stop)
{
  return stop != NULL && atomic_load_explicit (stop, memory_order_relaxed);
}

static double
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return (double) time.tv_sec + (double) time.tv_nsec * 1e-9;
}

static NnStatus
check_images (const NnNetwork *network, const NnSamples *samples)
{
  NnShape input = nn_network_input (network);

  if (samples->count == 0 || samples->count > UINT32_MAX)
    return NN_BAD_ARGUMENT;
  if (samples->shape.height != input.height || samples->shape.width != input.width
      || samples->shape.channels != input.channels)
    return NN_BAD_SHAPE;
  return NN_OK;
}

static NnStatus
check_labels (const NnNetwork *network, const NnSamples *samples)
{
  size_t classes = nn_shape_size (nn_network_output (network));

  for (size_t i = 0; i < samples->count; i++)
    if (samples->labels[i] >= classes)
      return NN_BAD_ARGUMENT;
  return NN_OK;
}

static NnStatus
check_options (const NnTrainOptions *options)
{
  if (options->epochs == 0 || options->batch_size == 0)
    return NN_BAD_ARGUMENT;
  if (options->schedule != NN_CONSTANT && options->schedule != NN_COSINE)
    return NN_BAD_ARGUMENT;
  if (!(options->learning_rate > 0) || !isfinite (options->learning_rate))
    return NN_BAD_ARGUMENT;
  if (!(options->validation_share >= 0 && options->validation_share < 1))
    return NN_BAD_ARGUMENT;
  return NN_OK;
}

static void
run_clear (Run *run)
{
  nn_optimizer_free (run->optimizer);
  nn_workspace_free (run->workspace);
  free (run->labels);
  free (run->order);
}

/* Splits the samples and makes what the epochs need. After an error too, the
 * caller calls run_clear(). */
static NnStatus
run_prepare (Run *run)
{
  size_t count = run->samples->count, batch = run->options->batch_size;
  NnStatus status;

  run->classes = nn_shape_size (nn_network_output (run->network));
  run->n_validation = (size_t) ((double) count * run->options->validation_share);
  run->n_train = count - run->n_validation;
  if (batch > run->n_train)
    batch = run->n_train;

  /* A stream of its own, so that the first weights, which come from the same
   * seed, and the order of the samples have nothing to do with each other. */
  run->rng = nn_rng_new (~run->options->seed);
  run->order = calloc (count, sizeof *run->order);
  run->labels = calloc (batch, sizeof *run->labels);
  if (run->order == NULL || run->labels == NULL)
    return NN_NO_MEMORY;
  for (size_t i = 0; i < count; i++)
    run->order[i] = (uint32_t) i;
  nn_rng_shuffle (&run->rng, run->order, count);

  status = nn_workspace_new (run->network, batch, NN_TRAINING, run->pool, &run->workspace);
  if (status != NN_OK)
    return status;
  return nn_optimizer_new (run->options->optimizer, run->options->momentum,
                           nn_network_n_parameters (run->network), &run->optimizer);
}

/* Loads the mini-batch that starts at @first in the order, runs it forward and
 * adds its loss and its right answers to @sums. */
static void
forward_batch (Run *run, size_t first, size_t batch, Sums *sums)
{
  const NnReal *logits;

  load_batch (run->samples, run->order, first, batch, run->pool, nn_workspace_input (run->workspace));
  for (size_t i = 0; i < batch; i++)
    run->labels[i] = run->samples->labels[run->order[first + i]];
  logits = nn_forward (run->network, run->workspace, batch);
  sums->loss += nn_softmax_cross_entropy (logits, run->labels, batch, run->classes,
                                          nn_workspace_output_gradient (run->workspace), &sums->correct);
}

static size_t
batch_at (const Run *run, size_t first, size_t end)
{
  return end - first < run->options->batch_size ? end - first : run->options->batch_size;
}

/* @progress: how much of the run is done, 0 … 1. */
static double
learning_rate_at (const NnTrainOptions *options, double progress)
{
  if (options->schedule == NN_COSINE)
    return options->learning_rate * (1 + cos (3.14159265358979323846 * progress)) / 2;
  return options->learning_rate;
}

static double
progress_at (const Run *run, size_t epoch, size_t sample)
{
  return ((double) (epoch - 1) + (double) sample / (double) run->n_train) / (double) run->options->epochs;
}

static NnStatus
train_epoch (Run *run, size_t epoch, Sums *sums)
{
  nn_rng_shuffle (&run->rng, run->order, run->n_train);

  for (size_t first = 0, batch; first < run->n_train; first += batch)
    {
      if (is_raised (run->hooks->stop))
        return NN_STOPPED;

      batch = batch_at (run, first, run->n_train);
      forward_batch (run, first, batch, sums);
      if (!isfinite (sums->loss))
        return NN_DIVERGED;
      nn_optimizer_step (run->optimizer, learning_rate_at (run->options, progress_at (run, epoch, first)), run->pool,
                         nn_network_parameters (run->network),
                         nn_backward (run->network, run->workspace, batch));

      if (run->hooks->batch_done != NULL)
        run->hooks->batch_done (run->hooks->data, progress_at (run, epoch, first + batch));
    }
  return NN_OK;
}

static NnStatus
validate (Run *run, Sums *sums)
{
  for (size_t first = run->n_train, batch; first < run->samples->count; first += batch)
    {
      if (is_raised (run->hooks->stop))
        return NN_STOPPED;
      batch = batch_at (run, first, run->samples->count);
      if (batch > run->n_train) /* the workspace holds no more */
        batch = run->n_train;
      forward_batch (run, first, batch, sums);
    }
  return isfinite (sums->loss) ? NN_OK : NN_DIVERGED;
}

/* The loss of a mini-batch tells nothing of the step that follows it. */
static NnStatus
check_parameters (const NnNetwork *network)
{
  const NnReal *parameters = nn_network_parameters_const (network);

  for (size_t i = 0; i < nn_network_n_parameters (network); i++)
    if (!isfinite (parameters[i]))
      return NN_DIVERGED;
  return NN_OK;
}

static NnStatus
run_epoch (Run *run, size_t epoch)
{
  double begin = now ();
  Sums train = { 0 }, validation = { 0 };
  NnStatus status;
  NnEpoch result;

  status = train_epoch (run, epoch, &train);
  if (status == NN_OK)
    status = check_parameters (run->network);
  if (status == NN_OK)
    status = validate (run, &validation);
  if (status != NN_OK)
    return status;

  /* Without held-out samples, 0 / 0 is the NAN that was promised. */
  result = (NnEpoch){
    .epoch = epoch,
    .loss = train.loss / (double) run->n_train,
    .accuracy = (double) train.correct / (double) run->n_train,
    .val_loss = validation.loss / (double) run->n_validation,
    .val_accuracy = (double) validation.correct / (double) run->n_validation,
    .seconds = now () - begin,
  };
  if (run->hooks->epoch_done != NULL)
    run->hooks->epoch_done (run->hooks->data, &result, run->network);
  return NN_OK;
}

NnStatus
nn_train (NnNetwork            *network,
          const NnSamples      *samples,
          const NnTrainOptions *options,
          NnPool               *pool,
          const NnTrainHooks   *hooks)
{
  Run run = { .network = network, .samples = samples, .options = options, .hooks = hooks, .pool = pool };
  NnStatus status = check_options (options);

  if (status == NN_OK)
    status = check_images (network, samples);
  if (status == NN_OK)
    status = check_labels (network, samples);
  if (status == NN_OK)
    status = run_prepare (&run);
  for (size_t epoch = 1; status == NN_OK && epoch <= options->epochs; epoch++)
    status = run_epoch (&run, epoch);

  run_clear (&run);
  return status;
}

static size_t
predict_batch (const NnNetwork *network, size_t count)
{
  size_t largest = nn_shape_size (nn_network_input (network));
  size_t batch;

  for (size_t i = 0; i < nn_network_n_layers (network); i++)
    {
      size_t size = nn_shape_size (nn_network_layer (network, i)->output);

      largest = size > largest ? size : largest;
    }
  batch = PREDICT_VALUES / largest < PREDICT_BATCH ? PREDICT_VALUES / largest : PREDICT_BATCH;
  batch = batch < count ? batch : count;
  return batch > 0 ? batch : 1;
}

NnStatus
nn_predict (const NnNetwork   *network,
            const NnSamples   *samples,
            NnPool            *pool,
            const atomic_bool *stop,
            NnReal            *logits)
{
  size_t classes = nn_shape_size (nn_network_output (network));
  size_t max_batch = predict_batch (network, samples->count);
  NnWorkspace *workspace = NULL;
  NnStatus status = check_images (network, samples);

  if (status == NN_OK)
    status = nn_workspace_new (network, max_batch, NN_INFERENCE, pool, &workspace);
  for (size_t first = 0, batch; status == NN_OK && first < samples->count; first += batch)
    {
      if (is_raised (stop))
        {
          status = NN_STOPPED;
          break;
        }
      batch = samples->count - first < max_batch ? samples->count - first : max_batch;
      load_batch (samples, NULL, first, batch, pool, nn_workspace_input (workspace));
      memcpy (logits + first * classes, nn_forward (network, workspace, batch), batch * classes * sizeof (NnReal));
    }
  nn_workspace_free (workspace);
  return status;
}
