/* SPDX-License-Identifier: MIT */

/* A picture seen as a flat vector: the values lie where they are. */

#include "nn-layer-private.h"

static NnStatus
flatten_resolve (NnLayer *layer)
{
  layer->output = (NnShape){ 1, 1, nn_shape_size (layer->input) };
  return NN_OK;
}

static void
flatten_pass (const NnUnit *unit, const NnSlice *slice)
{
}

const NnLayerType nn_flatten_type = {
  .in_place = true,
  .resolve = flatten_resolve,
  .forward = flatten_pass,
  .backward = flatten_pass,
};
