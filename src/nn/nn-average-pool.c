/* SPDX-License-Identifier: MIT */

/* The mean of each window, or of each whole channel (Lin, Chen and Yan, "Network
 * in network", arXiv:1312.4400). */

#include <string.h>

#include "nn-layer-private.h"
#include "nn-window.h"

static NnStatus
global_resolve (NnLayer *layer)
{
  layer->output = (NnShape){ 1, 1, layer->input.channels };
  return NN_OK;
}

/* The window of @layer; that of global pooling is the picture. */
static NnShape
window_of (const NnLayer *layer)
{
  if (layer->spec.kind == NN_GLOBAL_AVERAGE_POOL)
    return layer->input;
  return (NnShape){ layer->spec.kernel_height, layer->spec.kernel_width, layer->input.channels };
}

/* Returns where the rows of a window start in the slice: @at counts windows. */
static size_t
window_offset (const NnLayer *layer, NnShape window, size_t at)
{
  size_t x = at % layer->output.width;
  size_t y = at / layer->output.width % layer->output.height;
  size_t sample = at / (layer->output.width * layer->output.height);

  return ((sample * layer->input.height + y * window.height) * layer->input.width + x * window.width)
         * window.channels;
}

static void
average_pool_forward (const NnUnit *unit, const NnSlice *slice)
{
  const NnLayer *layer = unit->layer;
  NnShape window = window_of (layer);
  size_t n_windows = slice->count * layer->output.height * layer->output.width;
  NnReal share = 1 / (NnReal) (window.height * window.width);

  memset (slice->output, 0, n_windows * window.channels * sizeof (NnReal));
  for (size_t at = 0; at < n_windows; at++)
    {
      NnReal *output = slice->output + at * window.channels;
      const NnReal *input = slice->input + window_offset (layer, window, at);

      for (size_t y = 0; y < window.height; y++, input += layer->input.width * window.channels)
        unit->kernels->add_rows (window.width, window.channels, input, output);
      for (size_t c = 0; c < window.channels; c++)
        output[c] *= share;
    }
}

static void
average_pool_backward (const NnUnit *unit, const NnSlice *slice)
{
  const NnLayer *layer = unit->layer;
  NnShape window = window_of (layer);
  size_t n_windows = slice->count * layer->output.height * layer->output.width;
  NnReal share = 1 / (NnReal) (window.height * window.width);

  if (slice->input_gradient == NULL)
    return;
  memset (slice->input_gradient, 0, slice->count * nn_shape_size (layer->input) * sizeof (NnReal));
  for (size_t at = 0; at < n_windows; at++)
    {
      const NnReal *gradient = slice->output_gradient + at * window.channels;
      NnReal *input = slice->input_gradient + window_offset (layer, window, at);

      for (size_t y = 0; y < window.height; y++, input += layer->input.width * window.channels)
        for (size_t x = 0; x < window.width; x++)
          for (size_t c = 0; c < window.channels; c++)
            input[x * window.channels + c] = gradient[c] * share;
    }
}

const NnLayerType nn_average_pool_type = {
  .resolve = nn_window_resolve,
  .forward = average_pool_forward,
  .backward = average_pool_backward,
};

const NnLayerType nn_global_average_pool_type = {
  .resolve = global_resolve,
  .forward = average_pool_forward,
  .backward = average_pool_backward,
};
