/* SPDX-License-Identifier: MIT */
#include "nn-training-private.h"

#include <stdlib.h>

#include "nn-predict.h"

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
  if (!(options->average >= 0 && options->average < 1))
    return NN_BAD_ARGUMENT;
  if (!(options->validation_share >= 0 && options->validation_share < 1))
    return NN_BAD_ARGUMENT;
  if (options->validation != NULL && options->validation_share > 0)
    return NN_BAD_ARGUMENT;
  return status == NN_OK ? nn_augmentation_check (&options->augmentation, input) : status;
}

static NnStatus
check_samples (const NnSamples *samples, const NnNetwork *network)
{
  NnStatus status = nn_samples_check (samples, nn_network_input (network));

  return status == NN_OK ? nn_samples_check_labels (samples, nn_shape_size (nn_network_output (network))) : status;
}

void
nn_training_clear (NnTraining *run)
{
  nn_optimizer_free (run->optimizer);
  nn_workspace_free (run->validation.workspace);
  nn_workspace_free (run->train.workspace);
  free (run->best_logits);
  free (run->logits);
  free (run->held_out_labels);
  nn_network_free (run->best);
  nn_network_free (run->average);
  free (run->labels);
  free (run->order);
}

/* Cuts the samples into those to train on and those held out, unless these are
 * others. */
static NnStatus
split (NnTraining *run)
{
  const NnTrainOptions *options = run->options;
  size_t count = run->samples->count;
  size_t n_held_out = (size_t) ((double) count * options->validation_share);

  run->order = calloc (count, sizeof *run->order);
  if (run->order == NULL)
    return NN_NO_MEMORY;
  for (size_t i = 0; i < count; i++)
    run->order[i] = (uint32_t) i;

  /* A stream of its own, so that the first weights, which come from the same
   * seed, and the order of the samples have nothing to do with each other. */
  run->rng = nn_rng_new (~options->seed);
  nn_rng_shuffle (&run->rng, run->order, count);

  run->train = (NnPart){ .network = run->network, .samples = run->samples, .count = count - n_held_out };
  run->train.loading = (NnLoading){ .order = run->order, .augmentation = &options->augmentation, .seed = options->seed };
  run->train.max_batch = options->batch_size < run->train.count ? options->batch_size : run->train.count;

  if (options->validation != NULL)
    run->validation = (NnPart){ .samples = options->validation, .count = options->validation->count };
  else
    run->validation = (NnPart){ .samples = run->samples, .loading.order = run->order + run->train.count, .count = n_held_out };
  run->validation.network = run->result;
  run->validation.max_batch = nn_predict_batch (run->network, run->validation.count);

  run->labels = calloc (run->train.max_batch + run->validation.max_batch, sizeof *run->labels);
  return run->labels != NULL ? NN_OK : NN_NO_MEMORY;
}

void
nn_part_get_labels (const NnPart *part, size_t first, size_t count, uint8_t *labels)
{
  const uint32_t *order = part->loading.order;

  for (size_t i = 0; i < count; i++)
    labels[i] = part->samples->labels[order != NULL ? order[first + i] : first + i];
}

/* Makes the copies of the network that the options ask for. */
static NnStatus
copy_network (NnTraining *run)
{
  NnStatus status = NN_OK;

  if (run->options->average > 0)
    status = nn_network_copy (run->network, &run->average);
  if (status == NN_OK && run->options->restore_best)
    status = nn_network_copy (run->network, &run->best);
  run->result = run->average != NULL ? run->average : run->network;
  return status;
}

/* Makes room for what the calibration needs. */
static NnStatus
prepare_calibration (NnTraining *run)
{
  size_t n_held_out = run->validation.count;
  size_t size = run->classes * sizeof *run->logits;

  if (!run->options->calibrate || n_held_out == 0)
    return NN_OK;

  run->held_out_labels = calloc (n_held_out, sizeof *run->held_out_labels);
  run->logits = calloc (n_held_out, size);
  run->best_logits = calloc (n_held_out, size);
  if (run->held_out_labels == NULL || run->logits == NULL || run->best_logits == NULL)
    return NN_NO_MEMORY;
  nn_part_get_labels (&run->validation, 0, n_held_out, run->held_out_labels);
  return NN_OK;
}

NnStatus
nn_training_prepare (NnTraining *run)
{
  const NnTrainOptions *options = run->options;
  NnPart *train = &run->train, *validation = &run->validation;
  NnStatus status = check_options (options, nn_network_input (run->network));

  if (status == NN_OK)
    status = check_samples (run->samples, run->network);
  if (status == NN_OK && options->validation != NULL)
    status = check_samples (options->validation, run->network);
  if (status == NN_OK)
    status = copy_network (run);
  if (status == NN_OK)
    status = split (run);
  if (status == NN_OK)
    status = prepare_calibration (run);
  if (status == NN_OK)
    status = nn_workspace_new (run->network, train->max_batch, NN_TRAINING, run->pool, options->kernels, &train->workspace);
  if (status == NN_OK && validation->count > 0)
    status = nn_workspace_new_guest (run->network, validation->max_batch, NN_INFERENCE, train->workspace, &validation->workspace);
  if (status == NN_OK)
    status = nn_optimizer_new (options->optimizer, options->momentum, options->weight_decay,
                               nn_network_n_parameters (run->network), options->kernels, &run->optimizer);
  return status;
}
