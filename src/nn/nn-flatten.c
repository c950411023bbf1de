/* SPDX-License-Identifier: MIT */

/* Makes a picture a flat vector. The numbers stay where they are. */

#include "nn-layer-private.h"

static NnStatus
flatten_resolve (NnLayer *layer)
{
  layer->output = (NnShape){ 1, 1, nn_shape_size (layer->input) };
  return NN_OK;
}

static void
flatten_nothing (const NnLayer *layer, const NnPass *pass)
{
}

const NnLayerType nn_flatten_type = {
  .in_place = true,
  .resolve = flatten_resolve,
  .forward = flatten_nothing,
  .backward = flatten_nothing,
};
