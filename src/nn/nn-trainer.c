/* SPDX-License-Identifier: MIT */
#include "nn-trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "nn-loss.h"
#include "nn-predict.h"

/* The stream of the seed that dropout's keys come from. Those of augmentation
 * are the numbers of the epochs, from 1 on. */
#define DROPOUT_STREAM 0

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
  size_t train_batch;
  size_t validation_batch;
  uint32_t *order; /* of all samples: first those to train on, then those held out */
  uint8_t *labels; /* of a batch */
  NnWorkspace *workspace;
  NnWorkspace *validation; /* NULL without held-out samples */
  NnOptimizer *optimizer;
  NnRng rng;

  uint64_t n_steps;     /* taken so far */
  double learning_rate; /* of the last of them */
  NnPlateau plateau;
  double smallest_loss;
  size_t n_worse; /* epochs since then */
  NnReal *best;   /* that epoch's parameters, then its statistics; NULL if nobody wants them */
} Run;

/* Sums over the samples of an epoch. */
typedef struct
{
  double loss;
  size_t correct;
} Sums;

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
check_options (const NnTrainOptions *options, NnShape input)
{
  NnStatus status = nn_schedule_check (&options->schedule);

  if (options->epochs == 0 || options->batch_size == 0)
    return NN_BAD_ARGUMENT;
  if (!(options->label_smoothing >= 0 && options->label_smoothing < 1))
    return NN_BAD_ARGUMENT;
  if (!(options->clip_norm >= 0))
    return NN_BAD_ARGUMENT;
  if (!(options->validation_share >= 0 && options->validation_share < 1))
    return NN_BAD_ARGUMENT;
  return status == NN_OK ? nn_augmentation_check (&options->augmentation, input) : status;
}

static void
run_clear (Run *run)
{
  nn_optimizer_free (run->optimizer);
  nn_workspace_free (run->validation);
  nn_workspace_free (run->workspace);
  free (run->best);
  free (run->labels);
  free (run->order);
}

/* Cuts the samples into those to train on and those held out. */
static NnStatus
run_split (Run *run)
{
  size_t count = run->samples->count;
  size_t largest;

  run->n_validation = (size_t) ((double) count * run->options->validation_share);
  run->n_train = count - run->n_validation;
  run->train_batch = run->options->batch_size < run->n_train ? run->options->batch_size : run->n_train;
  run->validation_batch = nn_predict_batch (run->network, run->n_validation);
  largest = run->train_batch > run->validation_batch ? run->train_batch : run->validation_batch;

  run->order = calloc (count, sizeof *run->order);
  run->labels = calloc (largest, sizeof *run->labels);
  if (run->order == NULL || run->labels == NULL)
    return NN_NO_MEMORY;
  for (size_t i = 0; i < count; i++)
    run->order[i] = (uint32_t) i;

  /* A stream of its own, so that the first weights, which come from the same
   * seed, and the order of the samples have nothing to do with each other. */
  run->rng = nn_rng_new (~run->options->seed);
  nn_rng_shuffle (&run->rng, run->order, count);
  return NN_OK;
}

/* Makes what the epochs need. After an error too, the caller calls run_clear(). */
static NnStatus
run_prepare (Run *run)
{
  const NnTrainOptions *options = run->options;
  size_t n_parameters = nn_network_n_parameters (run->network);
  NnStatus status = run_split (run);

  run->classes = nn_shape_size (nn_network_output (run->network));
  if (status == NN_OK && options->restore_best)
    {
      run->best = calloc (n_parameters + nn_network_n_statistics (run->network), sizeof *run->best);
      if (run->best == NULL)
        return NN_NO_MEMORY;
    }
  if (status == NN_OK)
    status = nn_workspace_new (run->network, run->train_batch, NN_TRAINING, run->pool, options->kernels, &run->workspace);
  if (status == NN_OK && run->n_validation > 0)
    status = nn_workspace_new_guest (run->network, run->validation_batch, NN_INFERENCE, run->workspace, &run->validation);
  if (status == NN_OK)
    status = nn_optimizer_new (options->optimizer, options->momentum, options->weight_decay, n_parameters,
                               options->kernels, &run->optimizer);
  return status;
}

/* Runs the samples from @first on in the order forward and adds their loss and
 * their right answers to @sums. @gradient may be NULL. */
static void
forward_batch (Run *run, NnWorkspace *workspace, const NnLoading *loading, size_t first, size_t batch,
               double smoothing, NnReal *gradient, Sums *sums)
{
  nn_samples_load (run->samples, loading, first, batch, run->pool, nn_workspace_input (workspace));
  for (size_t i = 0; i < batch; i++)
    run->labels[i] = run->samples->labels[run->order[first + i]];
  sums->loss += nn_softmax_cross_entropy (nn_forward (run->network, workspace, batch), run->labels, batch, run->classes,
                                          smoothing, gradient, &sums->correct);
}

/* @sample: how many of the epoch's samples have passed. Returns a share of the run. */
static double
progress_at (const Run *run, size_t epoch, size_t sample)
{
  return ((double) (epoch - 1) + (double) sample / (double) run->n_train) / (double) run->options->epochs;
}

/* Moves the parameters and statistics after a forward pass over @batch samples. */
static void
take_step (Run *run, size_t batch)
{
  nn_optimizer_begin (run->optimizer, run->learning_rate);
  if (run->options->clip_norm > 0)
    {
      nn_backward (run->network, run->workspace, batch);
      nn_clip_gradients (run->network, run->workspace, run->options->clip_norm);
      nn_apply_gradients (run->network, run->workspace, run->optimizer);
    }
  else
    {
      nn_backward_step (run->network, run->workspace, batch, run->optimizer);
    }
  nn_update_statistics (run->network, run->workspace);
  run->n_steps++;
}

/* The last mini-batch of an epoch may be small, down to one sample. That one's
 * values, where a layer has only one for each channel, have the variance 0: batch
 * norm then gives just its shift, and lets no gradient through. */
static NnStatus
train_epoch (Run *run, size_t epoch, Sums *sums)
{
  const NnLoading loading = {
    .order = run->order, .augmentation = &run->options->augmentation, .seed = run->options->seed, .epoch = epoch
  };

  nn_rng_shuffle (&run->rng, run->order, run->n_train);

  for (size_t first = 0, batch; first < run->n_train; first += batch)
    {
      NnRng keys = nn_rng_for (run->options->seed, DROPOUT_STREAM, run->n_steps);

      if (is_raised (run->hooks->stop))
        return NN_STOPPED;

      batch = run->n_train - first < run->train_batch ? run->n_train - first : run->train_batch;
      nn_workspace_set_key (run->workspace, nn_rng_next (&keys));
      forward_batch (run, run->workspace, &loading, first, batch, run->options->label_smoothing,
                     nn_workspace_output_gradient (run->workspace), sums);
      if (!isfinite (sums->loss))
        return NN_DIVERGED;

      run->learning_rate = nn_schedule_rate (&run->options->schedule, progress_at (run, epoch, first), epoch, &run->plateau);
      take_step (run, batch);

      if (run->hooks->batch_done != NULL)
        run->hooks->batch_done (run->hooks->data, progress_at (run, epoch, first + batch));
    }
  return NN_OK;
}

static NnStatus
validate (Run *run, Sums *sums)
{
  const NnLoading loading = { .order = run->order };

  if (run->n_validation == 0)
    return NN_OK;

  nn_workspace_refresh (run->validation, run->network);
  for (size_t first = run->n_train, batch; first < run->samples->count; first += batch)
    {
      if (is_raised (run->hooks->stop))
        return NN_STOPPED;
      batch = run->samples->count - first < run->validation_batch ? run->samples->count - first : run->validation_batch;
      forward_batch (run, run->validation, &loading, first, batch, 0, NULL, sums);
    }
  return isfinite (sums->loss) ? NN_OK : NN_DIVERGED;
}

static bool
are_finite (const NnReal *values, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (!isfinite (values[i]))
      return false;
  return true;
}

/* The loss of a mini-batch tells nothing of the step that follows it. */
static NnStatus
check_network (const NnNetwork *network)
{
  return are_finite (nn_network_parameters_const (network), nn_network_n_parameters (network))
                 && are_finite (nn_network_statistics_const (network), nn_network_n_statistics (network))
             ? NN_OK
             : NN_DIVERGED;
}

/* Takes note of the epoch's @loss, the one that is watched, and returns whether
 * it is the smallest so far. */
static bool
watch_loss (Run *run, size_t epoch, double loss)
{
  size_t n_parameters = nn_network_n_parameters (run->network);
  bool is_best = epoch == 1 || loss < run->smallest_loss;

  nn_plateau_update (&run->plateau, &run->options->schedule, loss);
  run->n_worse++;
  if (!is_best)
    return false;

  run->smallest_loss = loss;
  run->n_worse = 0;
  if (run->best != NULL)
    {
      memcpy (run->best, nn_network_parameters (run->network), n_parameters * sizeof (NnReal));
      memcpy (run->best + n_parameters, nn_network_statistics (run->network),
              nn_network_n_statistics (run->network) * sizeof (NnReal));
    }
  return true;
}

static void
restore_best (Run *run)
{
  size_t n_parameters = nn_network_n_parameters (run->network);

  memcpy (nn_network_parameters (run->network), run->best, n_parameters * sizeof (NnReal));
  memcpy (nn_network_statistics (run->network), run->best + n_parameters,
          nn_network_n_statistics (run->network) * sizeof (NnReal));
}

static NnStatus
run_epoch (Run *run, size_t epoch)
{
  double begin = now (), trained;
  Sums train = { 0 }, validation = { 0 };
  NnStatus status;
  NnEpoch result;

  status = train_epoch (run, epoch, &train);
  trained = now ();
  if (status == NN_OK)
    status = check_network (run->network);
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
    .learning_rate = run->learning_rate,
    .train_seconds = trained - begin,
    .seconds = now () - begin,
  };
  result.is_best = watch_loss (run, epoch, run->n_validation > 0 ? result.val_loss : result.loss);
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
  NnStatus status = check_options (options, nn_network_input (network));
  size_t n_epochs = 0;

  if (status == NN_OK)
    status = nn_samples_check (samples, nn_network_input (network));
  if (status == NN_OK)
    status = nn_samples_check_labels (samples, nn_shape_size (nn_network_output (network)));
  if (status == NN_OK)
    status = run_prepare (&run);

  while (status == NN_OK && n_epochs < options->epochs && (options->patience == 0 || run.n_worse < options->patience))
    {
      status = run_epoch (&run, n_epochs + 1);
      if (status == NN_OK)
        n_epochs++;
    }
  if (n_epochs > 0 && options->restore_best)
    restore_best (&run);

  run_clear (&run);
  return status;
}
