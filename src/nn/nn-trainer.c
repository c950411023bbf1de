/* SPDX-License-Identifier: MIT */
#include "nn-trainer.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "nn-loss.h"
#include "nn-training-private.h"

/* The stream of the seed that dropout's keys come from. Those of augmentation
 * are the numbers of the epochs, from 1 on. */
#define DROPOUT_STREAM 0

/* Sums over the samples of an epoch. */
typedef struct
{
  double loss;
  size_t labelled; /* those that have a class */
  size_t correct;
} Sums;

static size_t
smaller (size_t a, size_t b)
{
  return a < b ? a : b;
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

/* Runs the @batch samples from @first on in the order of @part forward, adds
 * their loss and their right answers to @sums and returns the logits. @gradient
 * may be NULL. What the smoothing, and samples of no class, add to the loss of
 * any network is taken away again: curves end near 0, and those of training and
 * validation can be compared. */
static const NnReal *
forward_batch (NnTraining *run, const NnPart *part, size_t first, size_t batch, NnReal *gradient, Sums *sums)
{
  double smoothing = run->options->label_smoothing;
  const NnReal *logits;

  nn_samples_load (part->samples, &part->loading, first, batch, run->pool, nn_workspace_input (part->workspace));
  nn_part_get_labels (part, first, batch, run->labels);
  for (size_t i = 0; i < batch; i++)
    {
      sums->labelled += run->labels[i] != NN_NO_CLASS;
      sums->loss -= nn_smallest_cross_entropy (run->labels[i], run->classes, smoothing);
    }
  logits = nn_forward (part->network, part->workspace, batch);
  sums->loss += nn_softmax_cross_entropy (logits, run->labels, batch, run->classes, smoothing, gradient, &sums->correct);
  return logits;
}

/* @sample: how many of the epoch's samples have passed. Returns a share of the run. */
static double
progress_at (const NnTraining *run, size_t epoch, size_t sample)
{
  return ((double) (epoch - 1) + (double) sample / (double) run->train.count) / (double) run->options->epochs;
}

/* The first steps take large shares, so that little is left of the beginning. */
static void
average_network (NnTraining *run)
{
  double share = 9 / ((double) run->n_steps + 9);

  nn_network_approach (run->average, run->network, fmax (1 - run->options->average, share));
}

/* Moves the parameters and statistics after a forward pass over @batch samples. */
static void
take_step (NnTraining *run, size_t batch)
{
  nn_optimizer_begin (run->optimizer, run->learning_rate);
  if (run->options->clip_norm > 0)
    {
      nn_backward (run->network, run->train.workspace, batch);
      nn_clip_gradients (run->network, run->train.workspace, run->options->clip_norm);
      nn_apply_gradients (run->network, run->train.workspace, run->optimizer);
    }
  else
    {
      nn_backward_step (run->network, run->train.workspace, batch, run->optimizer);
    }
  nn_update_statistics (run->network, run->train.workspace);
  run->n_steps++;
  if (run->average != NULL)
    average_network (run);
}

/* The last mini-batch of an epoch may be small, down to one sample. That one's
 * values, where a layer has only one for each channel, have the variance 0: batch
 * norm then gives just its shift, and lets no gradient through. */
static NnStatus
train_epoch (NnTraining *run, size_t epoch, Sums *sums)
{
  NnPart *part = &run->train;

  part->loading.epoch = epoch;
  nn_rng_shuffle (&run->rng, run->order, part->count);

  for (size_t first = 0, batch; first < part->count; first += batch)
    {
      NnRng keys = nn_rng_for (run->options->seed, DROPOUT_STREAM, run->n_steps);

      if (is_raised (run->hooks->stop))
        return NN_STOPPED;

      batch = smaller (part->count - first, part->max_batch);
      nn_workspace_set_key (part->workspace, nn_rng_next (&keys));
      forward_batch (run, part, first, batch, nn_workspace_output_gradient (part->workspace), sums);
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
validate (NnTraining *run, Sums *sums)
{
  const NnPart *part = &run->validation;

  if (part->count == 0)
    return NN_OK;

  nn_workspace_refresh (part->workspace, part->network);
  for (size_t first = 0, batch; first < part->count; first += batch)
    {
      const NnReal *logits;

      if (is_raised (run->hooks->stop))
        return NN_STOPPED;
      batch = smaller (part->count - first, part->max_batch);
      logits = forward_batch (run, part, first, batch, NULL, sums);
      if (run->logits != NULL)
        memcpy (run->logits + first * run->classes, logits, batch * run->classes * sizeof *logits);
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
watch_loss (NnTraining *run, size_t epoch, double loss)
{
  bool is_best = epoch == 1 || loss < run->smallest_loss;
  NnReal *logits;

  nn_plateau_update (&run->plateau, &run->options->schedule, loss);
  run->n_worse++;
  if (!is_best)
    return false;

  run->smallest_loss = loss;
  run->n_worse = 0;
  if (run->best != NULL)
    {
      nn_network_assign (run->best, run->result);
      logits = run->best_logits;
      run->best_logits = run->logits;
      run->logits = logits;
    }
  return true;
}

/* Scales the logits of the network that is left; @logits are those that it gave
 * the held-out samples. Without memory or anything to learn from, it stays as it
 * is. */
static void
calibrate (NnTraining *run, const NnReal *logits)
{
  NnCalibration calibration;

  if (nn_calibrate (logits, run->held_out_labels, run->validation.count, run->classes, &calibration) != NN_OK)
    return;
  if (nn_network_scale_logits (run->network, 1 / calibration.temperature) != NN_OK)
    return;
  if (run->hooks->calibrated != NULL)
    run->hooks->calibrated (run->hooks->data, &calibration);
}

static NnStatus
run_epoch (NnTraining *run, size_t epoch)
{
  double begin = now (), trained;
  Sums train = { 0 }, validation = { 0 };
  NnStatus status;
  NnEpoch result;

  status = train_epoch (run, epoch, &train);
  trained = now ();
  if (status == NN_OK)
    status = check_network (run->result);
  if (status == NN_OK)
    status = validate (run, &validation);
  if (status != NN_OK)
    return status;

  /* Without samples, 0 / 0 is the NAN that was promised. */
  result = (NnEpoch){
    .epoch = epoch,
    .loss = train.loss / (double) run->train.count,
    .accuracy = (double) train.correct / (double) train.labelled,
    .val_loss = validation.loss / (double) run->validation.count,
    .val_accuracy = (double) validation.correct / (double) validation.labelled,
    .learning_rate = run->learning_rate,
    .train_seconds = trained - begin,
    .seconds = now () - begin,
  };
  result.is_best = watch_loss (run, epoch, run->validation.count > 0 ? result.val_loss : result.loss);
  if (run->hooks->epoch_done != NULL)
    run->hooks->epoch_done (run->hooks->data, &result, run->result);
  return NN_OK;
}

/* Leaves the network that the run ends with, and calibrates it if it is that of a
 * whole epoch. */
static void
finish (NnTraining *run, NnStatus status, size_t n_epochs)
{
  bool has_best = run->best != NULL && n_epochs > 0;

  if (has_best)
    nn_network_assign (run->network, run->best);
  else if (run->average != NULL)
    nn_network_assign (run->network, run->average);

  if (run->logits != NULL && has_best)
    calibrate (run, run->best_logits);
  else if (run->logits != NULL && status == NN_OK)
    calibrate (run, run->logits);
}

NnStatus
nn_train (NnNetwork            *network,
          const NnSamples      *samples,
          const NnTrainOptions *options,
          NnPool               *pool,
          const NnTrainHooks   *hooks)
{
  NnTraining run = {
    .network = network,
    .classes = nn_shape_size (nn_network_output (network)),
    .samples = samples,
    .options = options,
    .hooks = hooks,
    .pool = pool,
  };
  NnStatus status = nn_training_prepare (&run);
  size_t n_epochs = 0;

  while (status == NN_OK && n_epochs < options->epochs && (options->patience == 0 || run.n_worse < options->patience))
    {
      status = run_epoch (&run, n_epochs + 1);
      if (status == NN_OK)
        n_epochs++;
    }
  finish (&run, status, n_epochs);

  nn_training_clear (&run);
  return status;
}
