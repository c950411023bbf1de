/* SPDX-License-Identifier: MIT */

/* The largest value of each window; windows lie side by side, and what is left
 * over at the right and at the bottom is not looked at. The whole gradient of a
 * window goes to the first of its largest values. */

#include <string.h>

#include "nn-layer-private.h"
#include "nn-window.h"

static void
max_pool_forward (const NnUnit *unit, const NnSlice *slice)
{
  const NnLayer *layer = unit->layer;
  size_t row_stride = layer->input.width * layer->input.channels;
  size_t image_size = nn_shape_size (layer->input);
  NnReal *output = slice->output;

  for (size_t sample = 0; sample < slice->count; sample++)
    for (size_t y = 0; y < layer->output.height; y++, output += layer->output.width * layer->output.channels)
      unit->kernels->max_pool (layer->output.width, layer->spec.kernel_height, layer->spec.kernel_width,
                               row_stride, layer->input.channels,
                               slice->input + sample * image_size + y * layer->spec.kernel_height * row_stride, output);
}

static void
max_pool_backward (const NnUnit *unit, const NnSlice *slice)
{
  const NnLayer *layer = unit->layer;
  size_t row_stride = layer->input.width * layer->input.channels;
  size_t image_size = nn_shape_size (layer->input);
  const NnReal *gradient = slice->output_gradient;

  if (slice->input_gradient == NULL)
    return;
  if (!nn_window_covers (layer))
    memset (slice->input_gradient, 0, slice->count * image_size * sizeof (NnReal));
  for (size_t sample = 0; sample < slice->count; sample++)
    for (size_t y = 0; y < layer->output.height; y++, gradient += layer->output.width * layer->output.channels)
      {
        size_t offset = sample * image_size + y * layer->spec.kernel_height * row_stride;

        unit->kernels->max_pool_gradient (layer->output.width, layer->spec.kernel_height, layer->spec.kernel_width,
                                          row_stride, layer->input.channels,
                                          slice->input + offset, gradient, slice->input_gradient + offset);
      }
}

const NnLayerType nn_max_pool_type = {
  .resolve = nn_window_resolve,
  .forward = max_pool_forward,
  .backward = max_pool_backward,
};
