/* SPDX-License-Identifier: MIT */

/* y = x · W + b over a batch: x is [batch][inputs], W is [inputs][units]. On the
 * way back dx = dy · Wᵀ, dW = xᵀ · dy and db = Σ dy.
 *
 * The rows of W are taken in ranges. Where x is the network's input, only the
 * inputs that are not zero in the whole batch are in a range: of 784 pixels of
 * MNIST that is about 460 in a batch of 32, and what is left out would have
 * added zeros. */

#include <string.h>

#include "nn-layer-private.h"
#include "nn-plan.h"

/* The blocks that the products are cut into for the threads. */
#define RANGE_ROWS 56
#define BATCH_ROWS 64
#define FORWARD_COLUMNS 32
#define GRADIENT_COLUMNS 64

/* A layer of so few multiplications is not worth waking the threads. */
#define SMALL_LAYER 65536

/* What a unit's own memory holds. */
typedef struct
{
  size_t n_ranges;
  NnRun *ranges;      /* [n_ranges], room for one per input; rising, disjoint */
  NnReal *transposed; /* [units][max batch], the output gradient; training only */
  NnReal *scaled;     /* [max batch][units], the same times minus the learning rate */
} Own;

static NnStatus
dense_resolve (NnLayer *layer)
{
  if (layer->input.height != 1 || layer->input.width != 1)
    return NN_BAD_SHAPE;
  if (layer->spec.units == 0)
    return NN_BAD_ARGUMENT;

  layer->output = (NnShape){ 1, 1, layer->spec.units };
  layer->n_weights = nn_size_mul (layer->input.channels, layer->spec.units);
  layer->n_biases = layer->spec.units;
  return NN_OK;
}

static double
dense_flops (const NnLayer *layer)
{
  return 2.0 * (double) layer->n_weights;
}

/* In NnReals: the count and the ranges, before the gradients. */
static size_t
ranges_size (const NnLayer *layer)
{
  return nn_size_mul (nn_size_add (layer->input.channels, 1), sizeof (NnRun) / sizeof (NnReal));
}

static size_t
dense_own_size (const NnLayer *layer, size_t max_batch, bool training)
{
  return nn_size_add (ranges_size (layer), training ? nn_size_mul (2, nn_size_mul (layer->spec.units, max_batch)) : 0);
}

static size_t
dense_scratch_size (const NnLayer *layer, bool training)
{
  return training ? RANGE_ROWS * GRADIENT_COLUMNS : 0;
}

static Own
own_of (const NnUnit *unit, size_t batch)
{
  NnRun *runs = (NnRun *) unit->own;
  NnReal *transposed = unit->own + ranges_size (unit->layer);

  return (Own){ runs[0].length, runs + 1, transposed, transposed + unit->layer->spec.units * batch };
}

static NnPool *
pool_for (const NnUnit *unit, size_t batch, NnPool *pool)
{
  return batch * unit->layer->n_weights <= SMALL_LAYER ? NULL : pool;
}

static void
add_range (NnRun *runs, size_t begin, size_t end, size_t units)
{
  for (; begin < end; begin += RANGE_ROWS)
    runs[1 + runs[0].length++] = (NnRun){ begin, begin * units, nn_smaller (RANGE_ROWS, end - begin) };
}

/* Finds the ranges of inputs that are not zero in all of @batch samples. */
static void
find_ranges (const NnUnit *unit, const NnReal *input, size_t batch)
{
  enum { BLOCK = 64 };
  NnRun *runs = (NnRun *) unit->own;
  size_t inputs = unit->layer->input.channels, units = unit->layer->spec.units;
  size_t begin = 0; /* of the range under way */

  runs[0].length = 0;
  if (!unit->is_first)
    {
      add_range (runs, 0, inputs, units);
      return;
    }
  for (size_t first = 0; first < inputs; first += BLOCK)
    {
      size_t n = nn_smaller (BLOCK, inputs - first);
      int used[BLOCK] = { 0 };

      for (size_t sample = 0; sample < batch; sample++)
        for (size_t i = 0; i < n; i++)
          used[i] |= input[sample * inputs + first + i] != 0;
      for (size_t i = 0; i < n; i++)
        if (!used[i])
          {
            add_range (runs, begin, first + i, units);
            begin = first + i + 1;
          }
    }
  add_range (runs, begin, inputs, units);
}

typedef struct
{
  const NnUnit *unit;
  const NnSlice *batch;
  const NnDescent *descent;
  NnReal plain_rate; /* of the descent */
  Own own;
  size_t n_rows; /* blocks or ranges of rows; blocks of a column come one after the
                  * other, so that it stays with one thread, and in its cache */
} Job;

static size_t
n_blocks (size_t n, size_t block)
{
  return (n + block - 1) / block;
}

static void
forward_block (void *data, size_t block, size_t worker)
{
  const Job *job = data;
  const NnSlice *batch = job->batch;
  size_t inputs = job->unit->layer->input.channels, units = job->unit->layer->spec.units;
  size_t i = block % job->n_rows * BATCH_ROWS, j = block / job->n_rows * FORWARD_COLUMNS;
  const NnProduct product = {
    .m = nn_smaller (BATCH_ROWS, batch->count - i),
    .n = nn_smaller (FORWARD_COLUMNS, units - j),
    .a = batch->input + i * inputs,
    .a_row = inputs,
    .a_column = 1,
    .b = job->unit->weights + j,
    .b_row = units,
    .runs = job->own.ranges,
    .n_runs = job->own.n_ranges,
    .start = job->unit->biases + j,
    .start_row = 0,
    .c = batch->output + i * units + j,
    .c_row = units,
  };

  job->unit->kernels->gemm (&product);
}

static void
dense_forward (const NnUnit *unit, const NnSlice *batch, NnPool *pool)
{
  Job job = { .unit = unit, .batch = batch, .n_rows = n_blocks (batch->count, BATCH_ROWS) };

  find_ranges (unit, batch->input, batch->count);
  job.own = own_of (unit, batch->count);
  nn_pool_run (pool_for (unit, batch->count, pool), forward_block, &job,
               job.n_rows * n_blocks (unit->layer->spec.units, FORWARD_COLUMNS));
}

/* Some columns of the output gradient: sums them for the biases, and writes them
 * down in the order and the size that the products want. */
static void
arrange_block (void *data, size_t block, size_t worker)
{
  const Job *job = data;
  const NnSlice *batch = job->batch;
  size_t units = job->unit->layer->spec.units;
  size_t begin = block * FORWARD_COLUMNS, end = nn_smaller (units, begin + FORWARD_COLUMNS);
  NnReal sums[FORWARD_COLUMNS] = { 0 };

  for (size_t i = 0; i < batch->count; i++)
    {
      const NnReal *row = batch->output_gradient + i * units;

      for (size_t j = begin; j < end; j++)
        sums[j - begin] += row[j];
      for (size_t j = begin; j < end && job->plain_rate != 0; j++)
        job->own.scaled[i * units + j] = -job->plain_rate * row[j];
      for (size_t j = begin; j < end && batch->input_gradient != NULL; j++)
        job->own.transposed[j * batch->count + i] = row[j];
    }
  nn_descend (job->descent, job->unit->layer->biases + begin, end - begin, sums, false);
}

/* dxᵀ = W · dyᵀ for a range of inputs: so W is read along its rows. */
static void
input_gradient_block (void *data, size_t block, size_t worker)
{
  const Job *job = data;
  const NnSlice *batch = job->batch;
  size_t inputs = job->unit->layer->input.channels, units = job->unit->layer->spec.units;
  const NnRun *range = &job->own.ranges[block % job->n_rows];
  size_t sample = block / job->n_rows * GRADIENT_COLUMNS;
  size_t n = nn_smaller (GRADIENT_COLUMNS, batch->count - sample);
  NnReal *gradient = batch->scratch + worker * batch->worker_stride;
  const NnRun run = { 0, 0, units };
  const NnProduct product = {
    .m = range->length,
    .n = n,
    .a = job->unit->weights + range->b,
    .a_row = units,
    .a_column = 1,
    .b = job->own.transposed + sample,
    .b_row = batch->count,
    .runs = &run,
    .n_runs = 1,
    .c = gradient,
    .c_row = n,
  };

  job->unit->kernels->gemm (&product);
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < range->length; i++)
      batch->input_gradient[(sample + j) * inputs + range->a + i] = gradient[i * n + j];
}

/* Hands a block of the weights' gradient on. NULL is zero. */
static void
descend_block (const Job *job, size_t row, size_t rows, size_t column, size_t columns, const NnReal *gradient)
{
  const NnDescent *descent = job->descent;
  size_t units = job->unit->layer->spec.units;
  size_t first = job->unit->layer->weights + row * units + column;

  if (rows == 0)
    return;
  if (descent->gradients == NULL)
    {
      nn_optimizer_update (descent->optimizer, descent->parameters, first, rows, columns, units, gradient, columns, true);
      return;
    }
  for (size_t i = 0; i < rows; i++)
    if (gradient != NULL)
      memcpy (descent->gradients + first + i * units, gradient + i * columns, columns * sizeof (NnReal));
    else
      memset (descent->gradients + first + i * units, 0, columns * sizeof (NnReal));
}

/* The gradient of the weights of one range of inputs, and of the inputs that
 * were left out before it. The block behind the last range does the rest. */
static void
weight_gradient_block (void *data, size_t block, size_t worker)
{
  const Job *job = data;
  const NnSlice *batch = job->batch;
  size_t inputs = job->unit->layer->input.channels, units = job->unit->layer->spec.units;
  size_t r = block % job->n_rows, j = block / job->n_rows * GRADIENT_COLUMNS;
  size_t n = nn_smaller (GRADIENT_COLUMNS, units - j);
  const NnRun *ranges = job->own.ranges;
  size_t left_out = r > 0 ? ranges[r - 1].a + ranges[r - 1].length : 0;
  size_t begin = r < job->own.n_ranges ? ranges[r].a : inputs;
  NnReal *gradient = batch->scratch + worker * batch->worker_stride;
  const NnRun run = { 0, 0, batch->count };
  NnProduct product = {
    .n = n,
    .a = batch->input + begin,
    .a_row = 1,
    .a_column = inputs,
    .b = batch->output_gradient + j,
    .b_row = units,
    .runs = &run,
    .n_runs = 1,
    .c = gradient,
    .c_row = n,
  };

  if (r < job->own.n_ranges)
    product.m = ranges[r].length;
  if (job->plain_rate != 0 && product.m > 0)
    {
      /* What is added to the weights is a product as well. */
      product.b = job->own.scaled + j;
      product.c = job->descent->parameters + job->unit->layer->weights + begin * units + j;
      product.c_row = units;
      product.start = product.c;
      product.start_row = units;
    }
  if (product.m > 0)
    job->unit->kernels->gemm (&product);
  if (job->plain_rate != 0)
    return;
  descend_block (job, left_out, begin - left_out, j, n, NULL);
  descend_block (job, begin, product.m, j, n, gradient);
}

static void
dense_backward (const NnUnit *unit, const NnSlice *batch, const NnDescent *descent, NnPool *pool)
{
  Job job = { .unit = unit, .batch = batch, .descent = descent, .own = own_of (unit, batch->count) };
  size_t units = unit->layer->spec.units;

  pool = pool_for (unit, batch->count, pool);
  if (descent->gradients == NULL)
    job.plain_rate = nn_optimizer_plain_rate (descent->optimizer, true);
  nn_pool_run (pool, arrange_block, &job, n_blocks (units, FORWARD_COLUMNS));

  /* The input gradient first: the weights then move. */
  if (batch->input_gradient != NULL)
    {
      job.n_rows = job.own.n_ranges;
      nn_pool_run (pool, input_gradient_block, &job, job.n_rows * n_blocks (batch->count, GRADIENT_COLUMNS));
    }
  job.n_rows = job.own.n_ranges + 1;
  nn_pool_run (pool, weight_gradient_block, &job, job.n_rows * n_blocks (units, GRADIENT_COLUMNS));
}

const NnLayerType nn_dense_type = {
  .resolve = dense_resolve,
  .own_size = dense_own_size,
  .scratch_size = dense_scratch_size,
  .flops = dense_flops,
  .forward_batch = dense_forward,
  .backward_batch = dense_backward,
};
