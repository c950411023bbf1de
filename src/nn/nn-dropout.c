/* SPDX-License-Identifier: MIT */

/* Sets values to 0 with probability rate and scales the others by 1 / (1 − rate)
 * (Srivastava et al., JMLR 15, 2014), in training only. What is dropped follows
 * from the unit's key and the value's place in the batch, so that no mask is
 * kept for the way back. */

#include "nn-layer-private.h"

static NnStatus
dropout_resolve (NnLayer *layer)
{
  if (!(layer->spec.rate >= 0 && layer->spec.rate < 1))
    return NN_BAD_ARGUMENT;
  return nn_resolve_same_shape (layer);
}

static void
drop (const NnUnit *unit, const NnSlice *slice, NnReal *values)
{
  size_t size = nn_shape_size (unit->layer->output);
  double rate = unit->layer->spec.rate;

  if (unit->training && rate > 0)
    unit->kernels->dropout (slice->count * size, unit->key, (uint32_t) (slice->first * size),
                            (uint32_t) (rate * 0x1p32), (NnReal) (1 / (1 - rate)), values);
}

static void
dropout_forward (const NnUnit *unit, const NnSlice *slice)
{
  drop (unit, slice, slice->output);
}

static void
dropout_backward (const NnUnit *unit, const NnSlice *slice)
{
  drop (unit, slice, slice->output_gradient);
}

const NnLayerType nn_dropout_type = {
  .in_place = true,
  .resolve = dropout_resolve,
  .forward = dropout_forward,
  .backward = dropout_backward,
};
