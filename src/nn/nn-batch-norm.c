/* SPDX-License-Identifier: MIT */

/* y = γ (x − mean) / √(variance + ε) + β for each channel (Ioffe and Szegedy,
 * arXiv:1502.03167): in training with the mean and the variance of the batch, in
 * inference with running ones. Both are y = x · scale + shift. */

#include <math.h>

#include "nn-layer-private.h"
#include "nn-plan.h"

/* What a unit's own memory holds: [N_VECTORS][channels]. */
enum
{
  SCALE,
  SHIFT,
  MEAN,      /* of the batch */
  VARIANCE,  /* of the batch, the mean square deviation */
  BY_OUTPUT, /* dx = dy · BY_OUTPUT + x · BY_INPUT + CONSTANT */
  BY_INPUT,
  CONSTANT,
  N_VECTORS
};

static NnStatus
batch_norm_resolve (NnLayer *layer)
{
  const NnLayerSpec *spec = &layer->spec;

  if (!(spec->epsilon > 0 && isfinite (spec->epsilon)) || !(spec->momentum >= 0 && spec->momentum < 1))
    return NN_BAD_ARGUMENT;
  layer->output = layer->input;
  layer->n_weights = layer->input.channels;
  layer->n_biases = layer->input.channels;
  layer->n_statistics = nn_size_mul (2, layer->input.channels);
  return NN_OK;
}

static size_t
batch_norm_own_size (const NnLayer *layer, size_t max_batch, bool training)
{
  return nn_size_mul (N_VECTORS, layer->input.channels);
}

/* Two sums for each channel. */
static size_t
batch_norm_partial_size (const NnLayer *layer)
{
  return nn_size_mul (2, layer->input.channels);
}

static NnReal *
vector (const NnUnit *unit, size_t which)
{
  return unit->own + which * unit->layer->input.channels;
}

static size_t
n_rows (const NnUnit *unit, size_t samples)
{
  return samples * unit->layer->input.height * unit->layer->input.width;
}

static NnReal *
shard_sums (const NnUnit *unit, size_t shard)
{
  return unit->partial + shard * unit->partial_size;
}

static double
sum_over_shards (const NnUnit *unit, size_t which, size_t c)
{
  double sum = 0;

  for (size_t shard = 0; shard < NN_SHARDS; shard++)
    sum += shard_sums (unit, shard)[which * unit->layer->input.channels + c];
  return sum;
}

static void
set_scale (const NnUnit *unit, size_t c, double mean, double variance)
{
  double scale = unit->weights[c] / sqrt (variance + unit->layer->spec.epsilon);

  vector (unit, SCALE)[c] = (NnReal) scale;
  vector (unit, SHIFT)[c] = (NnReal) (unit->biases[c] - mean * scale);
}

static void
batch_norm_prepare (const NnUnit *unit, NnPool *pool)
{
  size_t channels = unit->layer->input.channels;

  if (!unit->training)
    for (size_t c = 0; c < channels; c++)
      set_scale (unit, c, unit->statistics[c], unit->statistics[channels + c]);
}

/* The sums are of x less the running mean. It soon is near that of the batch, and
 * the variance then no difference of two large numbers. */
static void
batch_norm_measure (const NnUnit *unit, const NnSlice *slice)
{
  unit->kernels->sum_moments (n_rows (unit, slice->count), unit->layer->input.channels, slice->input,
                              unit->statistics, shard_sums (unit, slice->shard));
}

static void
batch_norm_settle (const NnUnit *unit, size_t batch)
{
  double n = (double) n_rows (unit, batch);

  for (size_t c = 0; c < unit->layer->input.channels; c++)
    {
      double difference = sum_over_shards (unit, 0, c) / n;
      double variance = sum_over_shards (unit, 1, c) / n - difference * difference;
      double mean = unit->statistics[c] + difference;

      variance = variance < 0 ? 0 : variance; /* a NaN stays one */
      vector (unit, MEAN)[c] = (NnReal) mean;
      vector (unit, VARIANCE)[c] = (NnReal) variance;
      set_scale (unit, c, mean, variance);
    }
}

static void
batch_norm_forward (const NnUnit *unit, const NnSlice *slice)
{
  unit->kernels->scale_rows (n_rows (unit, slice->count), unit->layer->input.channels, slice->input,
                             vector (unit, SCALE), vector (unit, SHIFT), unit->slope_after, slice->output);
}

static void
batch_norm_measure_gradient (const NnUnit *unit, const NnSlice *slice)
{
  unit->kernels->sum_gradients (n_rows (unit, slice->count), unit->layer->input.channels, slice->input,
                                vector (unit, MEAN), slice->output_gradient, shard_sums (unit, slice->shard));
}

/* With x' = (x − mean) / s, s = √(variance + ε) and means over the batch,
 *
 *   dβ = Σ dy,  dγ = Σ dy x',  dx = γ / s (dy − mean dy − x' mean (dy x')). */
static void
batch_norm_settle_gradient (const NnUnit *unit, size_t batch, const NnDescent *descent)
{
  size_t channels = unit->layer->input.channels;
  double n = (double) n_rows (unit, batch);
  NnReal *sums = shard_sums (unit, 0); /* dγ and dβ in their place in the end */

  for (size_t c = 0; c < channels; c++)
    {
      double inverse = 1 / sqrt (vector (unit, VARIANCE)[c] + unit->layer->spec.epsilon);
      double gradient_sum = sum_over_shards (unit, 0, c);
      double product_sum = sum_over_shards (unit, 1, c) * inverse;
      double scale = unit->weights[c] * inverse;
      double slope = -scale * inverse * product_sum / n;

      vector (unit, BY_OUTPUT)[c] = (NnReal) scale;
      vector (unit, BY_INPUT)[c] = (NnReal) slope;
      vector (unit, CONSTANT)[c] = (NnReal) (-scale * gradient_sum / n - slope * vector (unit, MEAN)[c]);
      sums[c] = (NnReal) product_sum;
      sums[channels + c] = (NnReal) gradient_sum;
    }
  nn_descend (descent, unit->layer->weights, 2 * channels, sums, false);
}

static void
batch_norm_backward (const NnUnit *unit, const NnSlice *slice)
{
  if (slice->input_gradient == NULL)
    return;
  unit->kernels->combine_rows (n_rows (unit, slice->count), unit->layer->input.channels, slice->input, slice->output_gradient,
                               vector (unit, BY_OUTPUT), vector (unit, BY_INPUT), vector (unit, CONSTANT),
                               slice->input_gradient);
}

void
nn_batch_norm_fold (const NnUnit *unit, size_t n_weights, NnReal *weights, NnReal *biases)
{
  size_t channels = unit->layer->input.channels;
  const NnReal *scale = vector (unit, SCALE);

  for (size_t i = 0; i < n_weights; i++)
    weights[i] *= scale[i % channels];
  for (size_t c = 0; c < channels; c++)
    biases[c] = biases[c] * scale[c] + vector (unit, SHIFT)[c];
}

void
nn_batch_norm_track (const NnUnit *unit, NnReal *statistics)
{
  size_t n = 2 * unit->layer->input.channels;
  const NnReal *batch = vector (unit, MEAN); /* followed by the variances */
  NnReal keep = (NnReal) unit->layer->spec.momentum;

  for (size_t i = 0; i < n; i++)
    statistics[i] = keep * statistics[i] + (1 - keep) * batch[i];
}

const NnLayerType nn_batch_norm_type = {
  .resolve = batch_norm_resolve,
  .own_size = batch_norm_own_size,
  .partial_size = batch_norm_partial_size,
  .prepare_forward = batch_norm_prepare,
  .forward = batch_norm_forward,
  .backward = batch_norm_backward,
  .measure = batch_norm_measure,
  .settle = batch_norm_settle,
  .measure_gradient = batch_norm_measure_gradient,
  .settle_gradient = batch_norm_settle_gradient,
};
