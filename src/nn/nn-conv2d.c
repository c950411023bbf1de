/* SPDX-License-Identifier: MIT */

/* Two-dimensional cross-correlation with stride 1, as matrix products: a row of
 * the patch matrix is what the kernel sees at one output pixel ("im2col",
 * Chellapilla, Puri and Simard 2006), so that
 *
 *   output [pixels][units] = patches [pixels][taps] · weights [taps][units]
 *
 * with taps = kernel_height × kernel_width × input channels. */

#include <string.h>

#include "nn-layer-private.h"
#include "nn-plan.h"

static size_t
n_taps (const NnLayer *layer)
{
  return layer->spec.kernel_height * layer->spec.kernel_width * layer->input.channels;
}

static size_t
n_pixels (const NnLayer *layer)
{
  return layer->output.height * layer->output.width;
}

static size_t
padding_before (const NnLayer *layer, size_t kernel)
{
  return layer->spec.padding == NN_PADDING_SAME ? (kernel - 1) / 2 : 0;
}

static NnStatus
conv2d_resolve (NnLayer *layer)
{
  const NnLayerSpec *spec = &layer->spec;

  if (spec->units == 0 || spec->kernel_height == 0 || spec->kernel_width == 0)
    return NN_BAD_ARGUMENT;
  if (spec->padding != NN_PADDING_SAME && spec->padding != NN_PADDING_VALID)
    return NN_BAD_ARGUMENT;

  layer->output = (NnShape){ layer->input.height, layer->input.width, spec->units };
  if (spec->padding == NN_PADDING_VALID)
    {
      if (spec->kernel_height > layer->input.height || spec->kernel_width > layer->input.width)
        return NN_BAD_SHAPE;
      layer->output.height -= spec->kernel_height - 1;
      layer->output.width -= spec->kernel_width - 1;
    }
  layer->n_weights = nn_size_mul (nn_size_mul (spec->kernel_height, spec->kernel_width),
                                  nn_size_mul (layer->input.channels, spec->units));
  layer->n_biases = spec->units;
  return NN_OK;
}

static size_t
conv2d_scratch_size (const NnLayer *layer)
{
  return nn_size_mul (nn_size_mul (layer->output.height, layer->output.width),
                      nn_size_mul (nn_size_mul (layer->spec.kernel_height, layer->spec.kernel_width),
                                   layer->input.channels));
}

static double
conv2d_flops (const NnLayer *layer)
{
  return 2.0 * (double) n_pixels (layer) * (double) layer->n_weights;
}

/* The part of one kernel row that lies on the picture: it starts @skip pixels
 * into the kernel, at pixel @x of the picture, and is @count pixels long. */
typedef struct
{
  size_t skip;
  size_t x;
  size_t count;
} Overlap;

static Overlap
row_overlap (const NnLayer *layer, size_t x)
{
  size_t before = padding_before (layer, layer->spec.kernel_width);
  size_t width = layer->input.width;
  Overlap overlap;
  size_t end = x + layer->spec.kernel_width; /* both counted from −before */

  overlap.skip = x < before ? before - x : 0;
  overlap.x = x + overlap.skip - before;
  if (end > width + before)
    end = width + before;
  overlap.count = end - x - overlap.skip;
  return overlap;
}

/* Copies @n numbers. The rows of a patch are short, often shorter than it takes
 * to call memcpy(); with a size that is known, compilers write it in place. */
static inline NnReal *
copy_numbers (NnReal *to, const NnReal *from, size_t n)
{
  for (; n >= 8; n -= 8, to += 8, from += 8)
    memcpy (to, from, 8 * sizeof *to);
  for (; n >= 2; n -= 2, to += 2, from += 2)
    memcpy (to, from, 2 * sizeof *to);
  if (n > 0)
    *to++ = *from;
  return to;
}

static inline NnReal *
clear_numbers (NnReal *to, size_t n)
{
  return n == 0 ? to : (NnReal *) memset (to, 0, n * sizeof *to) + n;
}

/* Writes the patch matrix of one @image to @patches. */
static void
gather_patches (const NnLayer *layer, const NnReal *image, NnReal *patches)
{
  size_t channels = layer->input.channels;
  size_t row_size = layer->spec.kernel_width * channels;
  size_t above = padding_before (layer, layer->spec.kernel_height);

  for (size_t y = 0; y < layer->output.height; y++)
    for (size_t x = 0; x < layer->output.width; x++)
      {
        Overlap overlap = row_overlap (layer, x);
        size_t skip = overlap.skip * channels, count = overlap.count * channels;

        for (size_t ky = 0; ky < layer->spec.kernel_height; ky++)
          {
            size_t image_y = y + ky; /* counted from −above */
            const NnReal *row;

            if (image_y < above || image_y >= layer->input.height + above)
              {
                patches = clear_numbers (patches, row_size);
                continue;
              }
            row = image + ((image_y - above) * layer->input.width + overlap.x) * channels;
            patches = clear_numbers (patches, skip);
            patches = copy_numbers (patches, row, count);
            patches = clear_numbers (patches, row_size - skip - count);
          }
      }
}

/* Adds every number of @patches to the pixel of @image that it came from. */
static void
scatter_patches (const NnLayer *layer, const NnReal *patches, NnReal *image)
{
  size_t channels = layer->input.channels;
  size_t row_size = layer->spec.kernel_width * channels;
  size_t above = padding_before (layer, layer->spec.kernel_height);

  for (size_t y = 0; y < layer->output.height; y++)
    for (size_t x = 0; x < layer->output.width; x++)
      {
        Overlap overlap = row_overlap (layer, x);

        for (size_t ky = 0; ky < layer->spec.kernel_height; ky++, patches += row_size)
          {
            size_t image_y = y + ky;
            const NnReal *source = patches + overlap.skip * channels;
            NnReal *target;

            if (image_y < above || image_y >= layer->input.height + above)
              continue;
            target = image + ((image_y - above) * layer->input.width + overlap.x) * channels;
            for (size_t i = 0; i < overlap.count * channels; i++)
              target[i] += source[i];
          }
      }
}

typedef struct
{
  const NnLayer *layer;
  const NnPass *pass;
} Job;

static void
forward_sample (void *data, size_t sample, size_t worker)
{
  const Job *job = data;
  const NnLayer *layer = job->layer;
  const NnPass *pass = job->pass;
  NnReal *patches = pass->scratch + worker * pass->scratch_size;
  size_t pixels = n_pixels (layer), taps = n_taps (layer), units = layer->spec.units;

  gather_patches (layer, pass->input + sample * nn_shape_size (layer->input), patches);
  pass->kernels->gemm (pixels, units, taps,
                       patches, taps, 1,
                       pass->weights, units,
                       pass->biases, 0,
                       pass->output + sample * pixels * units, units);
}

static void
conv2d_forward (const NnLayer *layer, const NnPass *pass)
{
  Job job = { layer, pass };

  nn_pool_run (pass->pool, forward_sample, &job, pass->batch);
}

/* The gradients of one shard of the batch: dW += patchesᵀ · dy and db += Σ dy
 * into the shard's own sums, and dx = scatter (dy · Wᵀ) for each sample. */
static void
backward_shard (void *data, size_t shard, size_t worker)
{
  const Job *job = data;
  const NnLayer *layer = job->layer;
  const NnPass *pass = job->pass;
  NnReal *patches = pass->scratch + worker * pass->scratch_size;
  NnReal *sums = pass->partial_gradients + shard * (layer->n_weights + layer->n_biases);
  size_t pixels = n_pixels (layer), taps = n_taps (layer), units = layer->spec.units;
  size_t image_size = nn_shape_size (layer->input);

  memset (sums, 0, (layer->n_weights + layer->n_biases) * sizeof (NnReal));
  for (size_t sample = pass->batch * shard / NN_GRADIENT_SHARDS;
       sample < pass->batch * (shard + 1) / NN_GRADIENT_SHARDS; sample++)
    {
      const NnReal *gradient = pass->output_gradient + sample * pixels * units;
      NnReal *image_gradient;

      gather_patches (layer, pass->input + sample * image_size, patches);
      pass->kernels->gemm (taps, units, pixels,
                           patches, 1, taps,
                           gradient, units,
                           sums, units,
                           sums, units);
      nn_add_rows (gradient, pixels, units, sums + layer->n_weights);

      if (pass->input_gradient == NULL)
        continue;
      pass->kernels->gemm (pixels, taps, units,
                           gradient, units, 1,
                           pass->transposed, taps,
                           NULL, 0,
                           patches, taps);
      image_gradient = pass->input_gradient + sample * image_size;
      memset (image_gradient, 0, image_size * sizeof (NnReal));
      scatter_patches (layer, patches, image_gradient);
    }
}

static void
conv2d_backward (const NnLayer *layer, const NnPass *pass)
{
  Job job = { layer, pass };
  size_t n_parameters = layer->n_weights + layer->n_biases;

  nn_transpose (pass->weights, n_taps (layer), layer->spec.units, pass->transposed);
  nn_pool_run (pass->pool, backward_shard, &job, NN_GRADIENT_SHARDS);

  /* The biases' gradient lies behind the weights', here as in a shard. */
  memset (pass->weight_gradient, 0, n_parameters * sizeof (NnReal));
  nn_add_rows (pass->partial_gradients, NN_GRADIENT_SHARDS, n_parameters, pass->weight_gradient);
}

const NnLayerType nn_conv2d_type = {
  .sharded = true,
  .transposes = true,
  .resolve = conv2d_resolve,
  .scratch_size = conv2d_scratch_size,
  .flops = conv2d_flops,
  .forward = conv2d_forward,
  .backward = conv2d_backward,
};
