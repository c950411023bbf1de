/* SPDX-License-Identifier: MIT */

/* Two-dimensional cross-correlation with stride 1. What a kernel sees at one
 * output pixel is a few runs of the picture, one for each of its rows, so a row
 * of outputs is a matrix product
 *
 *   output [width][units] = patches [width][taps] · weights [taps][units]
 *
 * whose patches are never gathered: neighbouring ones overlap in the picture,
 * and the product reads them there ("implicit GEMM", Chetlur et al.,
 * arXiv:1410.0759). Winograd's algorithm takes over where it suits. */

#include <string.h>

#include "nn-conv2d-private.h"
#include "nn-plan.h"

#define MAX_KERNEL_ROWS 64 /* of one product; taller kernels take several */

size_t
nn_conv2d_padding (const NnLayer *layer, size_t kernel)
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

static double
conv2d_flops (const NnLayer *layer)
{
  return 2.0 * (double) (layer->output.height * layer->output.width) * (double) layer->n_weights;
}

/* A picture with a rim of zeros. */
typedef struct
{
  size_t above, left; /* the rim's width */
  size_t height, width, channels; /* with the rim */
} Frame;

/* What a kernel runs over on the way forth ... */
static Frame
input_frame (const NnLayer *layer)
{
  return (Frame){ nn_conv2d_padding (layer, layer->spec.kernel_height),
                  nn_conv2d_padding (layer, layer->spec.kernel_width),
                  nn_size_add (layer->output.height, layer->spec.kernel_height - 1),
                  nn_size_add (layer->output.width, layer->spec.kernel_width - 1),
                  layer->input.channels };
}

/* ... and the mirrored kernel on the way back. */
static Frame
gradient_frame (const NnLayer *layer)
{
  return (Frame){ layer->spec.kernel_height - 1 - nn_conv2d_padding (layer, layer->spec.kernel_height),
                  layer->spec.kernel_width - 1 - nn_conv2d_padding (layer, layer->spec.kernel_width),
                  nn_size_add (layer->input.height, layer->spec.kernel_height - 1),
                  nn_size_add (layer->input.width, layer->spec.kernel_width - 1),
                  layer->spec.units };
}

static size_t
frame_size (Frame frame)
{
  return nn_size_mul (nn_size_mul (frame.height, frame.width), frame.channels);
}

static size_t
conv2d_prepared_size (const NnLayer *layer, bool training)
{
  if (nn_winograd_suits (layer))
    return nn_winograd_prepared_size (layer);
  return training ? layer->n_weights : 0; /* the mirrored kernel */
}

static size_t
conv2d_partial_size (const NnLayer *layer)
{
  return nn_size_add (layer->n_weights, layer->n_biases);
}

static size_t
conv2d_shard_size (const NnLayer *layer)
{
  return nn_winograd_suits (layer) ? nn_winograd_shard_size (layer) : 0;
}

static size_t
conv2d_scratch_size (const NnLayer *layer, bool training)
{
  size_t size = frame_size (input_frame (layer));

  /* Kernels that make no use of Winograd's algorithm need the frame all the same. */
  if (nn_winograd_suits (layer))
    size = nn_larger (size, nn_winograd_scratch_size (layer));
  return training ? nn_larger (size, frame_size (gradient_frame (layer))) : size;
}

static bool
uses_winograd (const NnUnit *unit)
{
  return nn_winograd_suits (unit->layer) && unit->kernels->cpu != NN_CPU_AVX512_BF16;
}

/* Returns @picture with its rim: itself if it has none, else a copy in @scratch. */
static const NnReal *
put_in_frame (Frame frame, NnShape shape, const NnReal *picture, NnReal *scratch)
{
  size_t row = shape.width * shape.channels, frame_row = frame.width * frame.channels;

  if (frame.height == shape.height && frame.width == shape.width)
    return picture;
  memset (scratch, 0, frame_size (frame) * sizeof (NnReal));
  for (size_t y = 0; y < shape.height; y++)
    memcpy (scratch + (y + frame.above) * frame_row + frame.left * frame.channels, picture + y * row, row * sizeof (NnReal));
  return scratch;
}

/* A kernel, weights [kernel_height][kernel_width][frame channels][units], that
 * runs over a picture in its frame. */
typedef struct
{
  const NnUnit *unit;
  Frame frame;
  const NnReal *picture;
  const NnReal *weights;
  const NnReal *biases;
  NnShape shape; /* of the output */
  NnReal *output;
} Correlation;

static void
correlate_row (void *data, size_t y, size_t worker)
{
  const Correlation *job = data;
  const NnLayerSpec *spec = &job->unit->layer->spec;
  size_t frame_row = job->frame.width * job->frame.channels, kernel_row = spec->kernel_width * job->frame.channels;
  NnReal *row = job->output + y * job->shape.width * job->shape.channels;

  for (size_t ky = 0; ky < spec->kernel_height; ky += MAX_KERNEL_ROWS)
    {
      NnRun runs[MAX_KERNEL_ROWS];
      const NnProduct product = {
        .m = job->shape.width,
        .n = job->shape.channels,
        .a = job->picture + (y + ky) * frame_row,
        .a_row = job->frame.channels,
        .a_column = 1,
        .b = job->weights + ky * kernel_row * job->shape.channels,
        .b_row = job->shape.channels,
        .runs = runs,
        .n_runs = nn_smaller (MAX_KERNEL_ROWS, spec->kernel_height - ky),
        .start = ky == 0 ? job->biases : row,
        .start_row = ky == 0 ? 0 : job->shape.channels,
        .c = row,
        .c_row = job->shape.channels,
      };

      for (size_t r = 0; r < product.n_runs; r++)
        runs[r] = (NnRun){ r * frame_row, r * kernel_row * job->shape.channels, kernel_row };
      job->unit->kernels->gemm (&product);
    }
}

/* The forward correlation of sample @sample, whose picture gets its frame. */
static Correlation
correlation_of (const NnUnit *unit, const NnSlice *slice, size_t sample)
{
  const NnLayer *layer = unit->layer;
  Frame frame = input_frame (layer);
  const NnReal *picture = slice->input + sample * nn_shape_size (layer->input);

  return (Correlation){
    .unit = unit,
    .frame = frame,
    .picture = put_in_frame (frame, layer->input, picture, slice->scratch),
    .weights = unit->weights,
    .biases = unit->biases,
    .shape = layer->output,
    .output = slice->output + sample * nn_shape_size (layer->output),
  };
}

static void
conv2d_forward (const NnUnit *unit, const NnSlice *slice)
{
  if (uses_winograd (unit))
    {
      nn_winograd_forward (unit, slice);
      return;
    }
  for (size_t sample = 0; sample < slice->count; sample++)
    {
      Correlation correlation = correlation_of (unit, slice, sample);

      for (size_t y = 0; y < correlation.shape.height; y++)
        correlate_row (&correlation, y, 0);
    }
}

static void
conv2d_forward_together (const NnUnit *unit, const NnSlice *slice, NnPool *pool)
{
  if (uses_winograd (unit))
    {
      nn_winograd_forward_together (unit, slice, pool);
      return;
    }
  for (size_t sample = 0; sample < slice->count; sample++)
    {
      Correlation correlation = correlation_of (unit, slice, sample);

      nn_pool_run (pool, correlate_row, &correlation, correlation.shape.height);
    }
}

/* Adds one sample to dW: for each row of the kernel, the rows of the picture
 * that it ran over, transposed, times the rows of the output gradient. */
static void
add_weight_gradient (const NnUnit *unit, Frame frame, const NnReal *picture, const NnReal *gradient, NnReal *sum)
{
  const NnLayer *layer = unit->layer;
  size_t frame_row = frame.width * frame.channels, kernel_row = layer->spec.kernel_width * frame.channels;
  size_t output_row = layer->output.width * layer->output.channels;

  for (size_t ky = 0; ky < layer->spec.kernel_height; ky++)
    for (size_t y = 0; y < layer->output.height; y += MAX_KERNEL_ROWS)
      {
        NnRun runs[MAX_KERNEL_ROWS];
        NnReal *row = sum + ky * kernel_row * layer->output.channels;
        NnProduct product = {
          .m = kernel_row,
          .n = layer->output.channels,
          .a = picture + (y + ky) * frame_row,
          .a_row = 1,
          .a_column = frame.channels,
          .b = gradient + y * output_row,
          .b_row = layer->output.channels,
          .runs = runs,
          .n_runs = nn_smaller (MAX_KERNEL_ROWS, layer->output.height - y),
          .start = row,
          .start_row = layer->output.channels,
          .c = row,
          .c_row = layer->output.channels,
        };

        for (size_t r = 0; r < product.n_runs; r++)
          runs[r] = (NnRun){ r * frame_row, r * output_row, layer->output.width };
        unit->kernels->gemm (&product);
      }
}

static void
direct_backward (const NnUnit *unit, const NnSlice *slice)
{
  const NnLayer *layer = unit->layer;
  size_t input_size = nn_shape_size (layer->input), output_size = nn_shape_size (layer->output);
  NnReal *sums = unit->partial + slice->shard * unit->partial_size;
  Frame forth = input_frame (layer), back = gradient_frame (layer);

  for (size_t sample = 0; sample < slice->count; sample++)
    {
      const NnReal *gradient = slice->output_gradient + sample * output_size;

      add_weight_gradient (unit, forth,
                           put_in_frame (forth, layer->input, slice->input + sample * input_size, slice->scratch),
                           gradient, sums);
      if (slice->input_gradient != NULL)
        {
          Correlation correlation = {
            .unit = unit,
            .frame = back,
            .picture = put_in_frame (back, layer->output, gradient, slice->scratch),
            .weights = unit->prepared,
            .shape = layer->input,
            .output = slice->input_gradient + sample * input_size,
          };

          for (size_t y = 0; y < correlation.shape.height; y++)
            correlate_row (&correlation, y, 0);
        }
    }
}

static void
conv2d_backward (const NnUnit *unit, const NnSlice *slice)
{
  const NnLayer *layer = unit->layer;

  unit->kernels->add_rows (slice->count * layer->output.height * layer->output.width, layer->output.channels,
                           slice->output_gradient,
                           unit->partial + slice->shard * unit->partial_size + layer->n_weights);
  if (uses_winograd (unit))
    nn_winograd_backward (unit, slice);
  else
    direct_backward (unit, slice);
}

static void
conv2d_prepare_forward (const NnUnit *unit, NnPool *pool)
{
  if (uses_winograd (unit))
    nn_winograd_prepare_forward (unit, pool);
}

/* Mirrors the kernel in both directions and exchanges inputs and units. */
static void
conv2d_prepare_backward (const NnUnit *unit, NnPool *pool)
{
  size_t taps = unit->layer->spec.kernel_height * unit->layer->spec.kernel_width;
  size_t inputs = unit->layer->input.channels, units = unit->layer->spec.units;

  if (uses_winograd (unit))
    {
      nn_winograd_prepare_backward (unit, pool);
      return;
    }
  for (size_t tap = 0; tap < taps; tap++)
    for (size_t i = 0; i < inputs; i++)
      for (size_t j = 0; j < units; j++)
        unit->prepared[((taps - 1 - tap) * units + j) * inputs + i] = unit->weights[(tap * inputs + i) * units + j];
}

static void
conv2d_finish_shard (const NnUnit *unit, const NnSlice *slice)
{
  if (uses_winograd (unit))
    nn_winograd_finish_shard (unit, slice);
}

const NnLayerType nn_conv2d_type = {
  .resolve = conv2d_resolve,
  .prepared_size = conv2d_prepared_size,
  .partial_size = conv2d_partial_size,
  .shard_size = conv2d_shard_size,
  .scratch_size = conv2d_scratch_size,
  .flops = conv2d_flops,
  .prepare_forward = conv2d_prepare_forward,
  .prepare_backward = conv2d_prepare_backward,
  .forward = conv2d_forward,
  .forward_together = conv2d_forward_together,
  .backward = conv2d_backward,
  .finish_shard = conv2d_finish_shard,
};
