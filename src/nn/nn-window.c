/* SPDX-License-Identifier: MIT */
#include "nn-window.h"

NnStatus
nn_window_resolve (NnLayer *layer)
{
  const NnLayerSpec *spec = &layer->spec;

  if (spec->kernel_height == 0 || spec->kernel_width == 0)
    return NN_BAD_ARGUMENT;
  if (spec->kernel_height > layer->input.height || spec->kernel_width > layer->input.width)
    return NN_BAD_SHAPE;

  layer->output = (NnShape){ layer->input.height / spec->kernel_height,
                             layer->input.width / spec->kernel_width,
                             layer->input.channels };
  return NN_OK;
}

bool
nn_window_covers (const NnLayer *layer)
{
  return layer->input.height % layer->spec.kernel_height == 0 && layer->input.width % layer->spec.kernel_width == 0;
}
