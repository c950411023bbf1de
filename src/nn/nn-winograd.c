/* SPDX-License-Identifier: MIT */

/* Convolution by Winograd's minimal filtering (Lavin and Gray, "Fast algorithms
 * for convolutional neural networks", arXiv:1509.09308). Tiles of 6 × 6 pixels
 * are transformed so that the convolution becomes 36 matrix products,
 *
 *   M_p [tiles][units] = V_p [tiles][inputs] · U_p [inputs][units]
 *
 * from which 4 × 4 outputs per tile come for a 3 × 3 kernel, with a quarter of
 * the multiplications, and 2 × 2 for a 5 × 5 one, with 0.36 of them. The way back
 * is the transposed algorithm: the output gradient is transformed once, to S,
 * and then dV_p = S_p · U_pᵀ and dU_p = V_pᵀ · S_p. */

#include <string.h>

#include "nn-conv2d-private.h"
#include "nn-plan.h"

/* As many tiles are done at once as have this many values at one position: two
 * arrays of positions then stay in the second-level cache. */
#define TILE_VALUES 2048

/* Between two positions lies a cache line more than their values, so that the 36
 * of a tile do not all fall into the same set of the cache. */
#define POSITION_GAP 16

/* How the tiles lie on the pictures of a slice. */
typedef struct
{
  size_t outputs; /* side of the outputs of a tile: 4 or 2 */
  size_t rows, columns;
  size_t total; /* of all samples */
  size_t at_once;
} Tiling;

bool
nn_winograd_suits (const NnLayer *layer)
{
  size_t side = layer->spec.kernel_height;

  return side == layer->spec.kernel_width && (side == 3 || side == 5)
         && layer->input.channels >= 4 && layer->spec.units >= 4;
}

/* The most tiles at once. */
static size_t
max_tiles (const NnLayer *layer)
{
  size_t fitting = TILE_VALUES / nn_larger (layer->input.channels, layer->spec.units);

  return nn_larger (fitting, 8);
}

static Tiling
tile_slice (const NnLayer *layer, size_t samples)
{
  Tiling tiling = { .outputs = 7 - layer->spec.kernel_height };
  size_t n_parts;

  tiling.rows = (layer->output.height + tiling.outputs - 1) / tiling.outputs;
  tiling.columns = (layer->output.width + tiling.outputs - 1) / tiling.outputs;
  tiling.total = samples * tiling.rows * tiling.columns;
  n_parts = (tiling.total + max_tiles (layer) - 1) / max_tiles (layer);
  tiling.at_once = (tiling.total + n_parts - 1) / n_parts;
  return tiling;
}

/* Where tile number @at lies. */
typedef struct
{
  NnTile input;
  size_t input_offset; /* of its first pixel, in a slice */
  NnTile output;
  size_t output_offset;
} Place;

static Place
find_place (const NnLayer *layer, const Tiling *tiling, size_t at)
{
  size_t sample = at / (tiling->rows * tiling->columns);
  size_t y = at / tiling->columns % tiling->rows * tiling->outputs, x = at % tiling->columns * tiling->outputs;
  size_t above = nn_conv2d_padding (layer, layer->spec.kernel_height);
  size_t top = y < above ? above - y : 0, left = x < above ? above - x : 0;

  return (Place){
    .input = { .top = top,
               .bottom = nn_smaller (NN_WINOGRAD_SIDE, layer->input.height + above - y),
               .left = left,
               .right = nn_smaller (NN_WINOGRAD_SIDE, layer->input.width + above - x),
               .row_stride = layer->input.width * layer->input.channels,
               .channels = layer->input.channels },
    .input_offset = ((sample * layer->input.height + y + top - above) * layer->input.width + x + left - above)
                    * layer->input.channels,
    .output = { .bottom = nn_smaller (tiling->outputs, layer->output.height - y),
                .right = nn_smaller (tiling->outputs, layer->output.width - x),
                .row_stride = layer->output.width * layer->output.channels,
                .channels = layer->output.channels },
    .output_offset = ((sample * layer->output.height + y) * layer->output.width + x) * layer->output.channels,
  };
}

static size_t
position_stride (size_t tiles, size_t channels)
{
  return tiles * channels + POSITION_GAP;
}

size_t
nn_winograd_prepared_size (const NnLayer *layer)
{
  return nn_size_mul (NN_WINOGRAD_POSITIONS, nn_size_mul (layer->input.channels, layer->spec.units));
}

size_t
nn_winograd_shard_size (const NnLayer *layer)
{
  return nn_winograd_prepared_size (layer);
}

/* Positions of the inputs, then of the outputs. */
size_t
nn_winograd_scratch_size (const NnLayer *layer)
{
  size_t values = nn_size_mul (max_tiles (layer), nn_size_add (layer->input.channels, layer->spec.units));

  return nn_size_mul (NN_WINOGRAD_POSITIONS, nn_size_add (values, 2 * POSITION_GAP));
}

/* What the threads take of the kernels at once. */
#define CHUNK 512

typedef struct
{
  const NnUnit *unit;
  const NnReal *weights;
} KernelJob;

static size_t
n_kernels (const NnUnit *unit)
{
  return unit->layer->input.channels * unit->layer->spec.units;
}

static size_t
n_taps (const NnUnit *unit)
{
  return unit->layer->spec.kernel_height * unit->layer->spec.kernel_width;
}

static void
transform_kernels (void *data, size_t chunk, size_t worker)
{
  const KernelJob *job = data;
  size_t first = chunk * CHUNK, n = n_kernels (job->unit);

  job->unit->kernels->winograd_kernel (7 - job->unit->layer->spec.kernel_height, nn_smaller (CHUNK, n - first), n,
                                       job->weights + first, job->unit->prepared + first);
}

void
nn_winograd_prepare_forward (const NnUnit *unit, NnPool *pool)
{
  KernelJob job = { unit, unit->weights };

  nn_pool_run (pool, transform_kernels, &job, (n_kernels (unit) + CHUNK - 1) / CHUNK);
}

/* The kernels with inputs and units exchanged lie where the last positions will
 * be: each is read before it is written over. */
static NnReal *
exchanged_kernels (const NnUnit *unit)
{
  return unit->prepared + (NN_WINOGRAD_POSITIONS - n_taps (unit)) * n_kernels (unit);
}

static void
exchange_tap (void *data, size_t tap, size_t worker)
{
  const KernelJob *job = data;
  size_t inputs = job->unit->layer->input.channels, units = job->unit->layer->spec.units;
  const NnReal *weights = job->weights + tap * inputs * units;
  NnReal *exchanged = exchanged_kernels (job->unit) + tap * inputs * units;

  for (size_t j = 0; j < units; j++)
    for (size_t i = 0; i < inputs; i++)
      exchanged[j * inputs + i] = weights[i * units + j];
}

void
nn_winograd_prepare_backward (const NnUnit *unit, NnPool *pool)
{
  KernelJob job = { unit, unit->weights };

  nn_pool_run (pool, exchange_tap, &job, n_taps (unit));
  job.weights = exchanged_kernels (unit);
  nn_pool_run (pool, transform_kernels, &job, (n_kernels (unit) + CHUNK - 1) / CHUNK);
}

/* Some of the tiles of a slice on their way through the layer. */
typedef struct
{
  const NnUnit *unit;
  const NnSlice *slice;
  const Tiling *tiling;
  size_t first, n;
  NnReal *v; /* [36][position stride] of the inputs, then of the outputs */
  NnReal *m;
} Tiles;

static Tiles
take_tiles (const NnUnit *unit, const NnSlice *slice, const Tiling *tiling, size_t first)
{
  return (Tiles){
    .unit = unit,
    .slice = slice,
    .tiling = tiling,
    .first = first,
    .n = nn_smaller (tiling->at_once, tiling->total - first),
    .v = slice->scratch,
    .m = slice->scratch + NN_WINOGRAD_POSITIONS * position_stride (max_tiles (unit->layer), unit->layer->input.channels),
  };
}

static void
transform_inputs (const Tiles *tiles, size_t begin, size_t end)
{
  size_t channels = tiles->unit->layer->input.channels;

  for (size_t i = begin; i < end; i++)
    {
      Place place = find_place (tiles->unit->layer, tiles->tiling, tiles->first + i);

      tiles->unit->kernels->winograd_input (&place.input, tiles->slice->input + place.input_offset,
                                            tiles->v + i * channels, position_stride (tiles->n, channels));
    }
}

static void
transform_outputs (const Tiles *tiles, size_t begin, size_t end)
{
  size_t units = tiles->unit->layer->spec.units;

  for (size_t i = begin; i < end; i++)
    {
      Place place = find_place (tiles->unit->layer, tiles->tiling, tiles->first + i);

      tiles->unit->kernels->winograd_output (tiles->tiling->outputs, &place.output,
                                             tiles->m + i * units, position_stride (tiles->n, units),
                                             tiles->unit->biases, tiles->slice->output + place.output_offset);
    }
}

static void
multiply_position (void *data, size_t p, size_t worker)
{
  const Tiles *tiles = data;
  size_t inputs = tiles->unit->layer->input.channels, units = tiles->unit->layer->spec.units;
  const NnRun run = { 0, 0, inputs };
  const NnProduct product = {
    .m = tiles->n,
    .n = units,
    .a = tiles->v + p * position_stride (tiles->n, inputs),
    .a_row = inputs,
    .a_column = 1,
    .b = tiles->unit->prepared + p * inputs * units,
    .b_row = units,
    .runs = &run,
    .n_runs = 1,
    .c = tiles->m + p * position_stride (tiles->n, units),
    .c_row = units,
  };

  tiles->unit->kernels->gemm (&product);
}

void
nn_winograd_forward (const NnUnit *unit, const NnSlice *slice)
{
  Tiling tiling = tile_slice (unit->layer, slice->count);

  for (size_t first = 0; first < tiling.total; first += tiling.at_once)
    {
      Tiles tiles = take_tiles (unit, slice, &tiling, first);

      transform_inputs (&tiles, 0, tiles.n);
      for (size_t p = 0; p < NN_WINOGRAD_POSITIONS; p++)
        multiply_position (&tiles, p, 0);
      transform_outputs (&tiles, 0, tiles.n);
    }
}

/* How many tiles a thread takes at once. */
#define TILE_BLOCK 4

static void
transform_input_block (void *data, size_t block, size_t worker)
{
  const Tiles *tiles = data;

  transform_inputs (tiles, block * TILE_BLOCK, nn_smaller (tiles->n, (block + 1) * TILE_BLOCK));
}

static void
transform_output_block (void *data, size_t block, size_t worker)
{
  const Tiles *tiles = data;

  transform_outputs (tiles, block * TILE_BLOCK, nn_smaller (tiles->n, (block + 1) * TILE_BLOCK));
}

void
nn_winograd_forward_together (const NnUnit *unit, const NnSlice *slice, NnPool *pool)
{
  Tiling tiling = tile_slice (unit->layer, slice->count);

  for (size_t first = 0; first < tiling.total; first += tiling.at_once)
    {
      Tiles tiles = take_tiles (unit, slice, &tiling, first);
      size_t n_blocks = (tiles.n + TILE_BLOCK - 1) / TILE_BLOCK;

      nn_pool_run (pool, transform_input_block, &tiles, n_blocks);
      nn_pool_run (pool, multiply_position, &tiles, NN_WINOGRAD_POSITIONS);
      nn_pool_run (pool, transform_output_block, &tiles, n_blocks);
    }
}

static void
transform_output_gradients (const Tiles *tiles)
{
  size_t units = tiles->unit->layer->spec.units;

  for (size_t i = 0; i < tiles->n; i++)
    {
      Place place = find_place (tiles->unit->layer, tiles->tiling, tiles->first + i);

      tiles->unit->kernels->winograd_output_gradient (tiles->tiling->outputs, &place.output,
                                                      tiles->slice->output_gradient + place.output_offset,
                                                      tiles->m + i * units, position_stride (tiles->n, units));
    }
}

static void
transform_input_gradients (const Tiles *tiles)
{
  size_t channels = tiles->unit->layer->input.channels;

  for (size_t i = 0; i < tiles->n; i++)
    {
      Place place = find_place (tiles->unit->layer, tiles->tiling, tiles->first + i);

      tiles->unit->kernels->winograd_input_gradient (&place.input, tiles->v + i * channels, position_stride (tiles->n, channels),
                                                     tiles->slice->input_gradient + place.input_offset);
    }
}

/* dU_p += V_pᵀ · S_p, with S_p where M_p was. */
static void
add_kernel_gradient (const Tiles *tiles, size_t p)
{
  size_t inputs = tiles->unit->layer->input.channels, units = tiles->unit->layer->spec.units;
  NnReal *gradient = tiles->slice->shard_memory + p * inputs * units;
  const NnRun run = { 0, 0, tiles->n };
  const NnProduct product = {
    .m = inputs,
    .n = units,
    .a = tiles->v + p * position_stride (tiles->n, inputs),
    .a_row = 1,
    .a_column = inputs,
    .b = tiles->m + p * position_stride (tiles->n, units),
    .b_row = units,
    .runs = &run,
    .n_runs = 1,
    .start = gradient,
    .start_row = units,
    .c = gradient,
    .c_row = units,
  };

  tiles->unit->kernels->gemm (&product);
}

/* dV_p = S_p · U_pᵀ, which takes the place of V_p. */
static void
multiply_gradient (const Tiles *tiles, size_t p)
{
  size_t inputs = tiles->unit->layer->input.channels, units = tiles->unit->layer->spec.units;
  const NnRun run = { 0, 0, units };
  const NnProduct product = {
    .m = tiles->n,
    .n = inputs,
    .a = tiles->m + p * position_stride (tiles->n, units),
    .a_row = units,
    .a_column = 1,
    .b = tiles->unit->prepared + p * inputs * units,
    .b_row = inputs,
    .runs = &run,
    .n_runs = 1,
    .c = tiles->v + p * position_stride (tiles->n, inputs),
    .c_row = inputs,
  };

  tiles->unit->kernels->gemm (&product);
}

void
nn_winograd_backward (const NnUnit *unit, const NnSlice *slice)
{
  Tiling tiling = tile_slice (unit->layer, slice->count);

  if (slice->input_gradient != NULL)
    memset (slice->input_gradient, 0, slice->count * nn_shape_size (unit->layer->input) * sizeof (NnReal));
  for (size_t first = 0; first < tiling.total; first += tiling.at_once)
    {
      Tiles tiles = take_tiles (unit, slice, &tiling, first);

      transform_inputs (&tiles, 0, tiles.n);
      transform_output_gradients (&tiles);
      for (size_t p = 0; p < NN_WINOGRAD_POSITIONS; p++)
        {
          add_kernel_gradient (&tiles, p);
          if (slice->input_gradient != NULL)
            multiply_gradient (&tiles, p);
        }
      if (slice->input_gradient != NULL)
        transform_input_gradients (&tiles);
    }
}

void
nn_winograd_finish_shard (const NnUnit *unit, const NnSlice *slice)
{
  unit->kernels->winograd_kernel_gradient (7 - unit->layer->spec.kernel_height,
                                           n_kernels (unit), n_kernels (unit), slice->shard_memory,
                                           unit->partial + slice->shard * unit->partial_size);
}
