/* SPDX-License-Identifier: MIT */

/* The largest value of each window; windows lie side by side, and what is left
 * over at the right and at the bottom is not looked at. */

#include <string.h>

#include "nn-layer-private.h"

static NnStatus
max_pool_resolve (NnLayer *layer)
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

typedef struct
{
  const NnLayer *layer;
  const NnPass *pass;
} Job;

/* Returns the offset in an image of channel 0 of the top left pixel of a window. */
static size_t
window_offset (const NnLayer *layer, size_t y, size_t x)
{
  return (y * layer->spec.kernel_height * layer->input.width + x * layer->spec.kernel_width)
         * layer->input.channels;
}

static void
forward_sample (void *data, size_t sample, size_t worker)
{
  const Job *job = data;
  const NnLayer *layer = job->layer;
  size_t channels = layer->input.channels;
  const NnReal *image = job->pass->input + sample * nn_shape_size (layer->input);
  NnReal *output = job->pass->output + sample * nn_shape_size (layer->output);

  for (size_t y = 0; y < layer->output.height; y++)
    for (size_t x = 0; x < layer->output.width; x++, output += channels)
      {
        const NnReal *window = image + window_offset (layer, y, x);

        memcpy (output, window, channels * sizeof (NnReal));
        for (size_t ky = 0; ky < layer->spec.kernel_height; ky++)
          for (size_t kx = 0; kx < layer->spec.kernel_width; kx++)
            {
              const NnReal *pixel = window + (ky * layer->input.width + kx) * channels;

              for (size_t c = 0; c < channels; c++)
                if (pixel[c] > output[c] || pixel[c] != pixel[c]) /* keeps NaN, so that it is noticed */
                  output[c] = pixel[c];
            }
      }
}

/* Returns the offset in @window of the largest value of channel @c, the first
 * of equal ones. */
static size_t
find_largest (const NnLayer *layer, const NnReal *window, size_t c)
{
  size_t largest = c;

  for (size_t ky = 0; ky < layer->spec.kernel_height; ky++)
    for (size_t kx = 0; kx < layer->spec.kernel_width; kx++)
      {
        size_t at = (ky * layer->input.width + kx) * layer->input.channels + c;

        if (window[at] > window[largest])
          largest = at;
      }
  return largest;
}

/* The whole gradient of a window goes to its largest value. */
static void
backward_sample (void *data, size_t sample, size_t worker)
{
  const Job *job = data;
  const NnLayer *layer = job->layer;
  size_t channels = layer->input.channels;
  size_t image_size = nn_shape_size (layer->input);
  const NnReal *image = job->pass->input + sample * image_size;
  const NnReal *gradient = job->pass->output_gradient + sample * nn_shape_size (layer->output);
  NnReal *image_gradient = job->pass->input_gradient + sample * image_size;

  memset (image_gradient, 0, image_size * sizeof (NnReal));
  for (size_t y = 0; y < layer->output.height; y++)
    for (size_t x = 0; x < layer->output.width; x++, gradient += channels)
      {
        size_t offset = window_offset (layer, y, x);

        for (size_t c = 0; c < channels; c++)
          image_gradient[offset + find_largest (layer, image + offset, c)] = gradient[c];
      }
}

static void
max_pool_forward (const NnLayer *layer, const NnPass *pass)
{
  Job job = { layer, pass };

  nn_pool_run (pass->pool, forward_sample, &job, pass->batch);
}

static void
max_pool_backward (const NnLayer *layer, const NnPass *pass)
{
  Job job = { layer, pass };

  if (pass->input_gradient != NULL)
    nn_pool_run (pass->pool, backward_sample, &job, pass->batch);
}

const NnLayerType nn_max_pool_type = {
  .resolve = max_pool_resolve,
  .forward = max_pool_forward,
  .backward = max_pool_backward,
};
