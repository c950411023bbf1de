/* SPDX-License-Identifier: MIT */

/* y = x · W + b over a batch: x is [batch][inputs], W is [inputs][units]. On the
 * way back dx = dy · Wᵀ, dW = xᵀ · dy and db = Σ dy.
 *
 * The rows of W are taken in ranges. Where x is the network's input, only the
 * inputs that are not zero in the whole batch are in a range: of 784 pixels of
 * MNIST that is about 460 in a batch of 32, and what is left out would have
 * added zeros.
 *
 * In training, every product is cut up along the rows of W, so that a row stays
 * with the thread that moves it. Cut along the columns, each row would lie in
 * pieces in the caches of all processors, which fetch ahead what lies behind a
 * piece and so take it from each other: two threads were then no faster than
 * one. */

#include <string.h>

#include "nn-layer-private.h"
#include "nn-plan.h"

/* The blocks that the products are cut into for the threads. */
#define RANGE_ROWS 56
#define BATCH_ROWS 64
#define COLUMNS 64
#define ARRANGED_COLUMNS 32

/* Forward in training, the sum over the inputs is made in parts, which are added
 * up in order. It is not worth while for few inputs. */
#define PARTS 4
#define MIN_INPUTS_FOR_PARTS 256

/* A layer of so few multiplications is not worth waking the threads. */
#define SMALL_LAYER 65536

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

/* What a unit's own memory holds. */
typedef struct
{
  NnRun *parts;       /* [PARTS + 1]; its first range is number .length */
  NnRun *ranges;      /* room for one per input; rising, disjoint */
  NnReal *transposed; /* [units][batch], the output gradient */
  NnReal *scaled;     /* [batch][units], the same times minus the learning rate */
  NnReal *sums;       /* [PARTS − 1][batch][units], of the parts but the first */
} Own;

static size_t
n_parts (const NnLayer *layer, bool training)
{
  return training && layer->input.channels >= MIN_INPUTS_FOR_PARTS ? PARTS : 1;
}

static size_t
ranges_size (const NnLayer *layer)
{
  size_t n = nn_size_add (layer->input.channels, PARTS + 1);

  return nn_size_mul ((nn_size_mul (n, sizeof (NnRun)) / 64), 64 / sizeof (NnReal)) + 64 / sizeof (NnReal);
}

static size_t
dense_own_size (const NnLayer *layer, size_t max_batch, bool training)
{
  size_t n_arrays = training ? 2 + n_parts (layer, training) - 1 : 0;

  return nn_size_add (ranges_size (layer), nn_size_mul (n_arrays, nn_size_mul (layer->spec.units, max_batch)));
}

static size_t
dense_scratch_size (const NnLayer *layer, bool training)
{
  return training ? RANGE_ROWS * COLUMNS : 0;
}

static Own
own_of (const NnUnit *unit, size_t batch)
{
  NnRun *runs = (NnRun *) unit->own;
  NnReal *arrays = unit->own + ranges_size (unit->layer);
  size_t size = unit->training ? unit->layer->spec.units * batch : 0;

  return (Own){ runs, runs + PARTS + 1, arrays, arrays + size, arrays + 2 * size };
}

static NnPool *
pool_for (const NnUnit *unit, size_t batch, NnPool *pool)
{
  return batch * unit->layer->n_weights <= SMALL_LAYER ? NULL : pool;
}

/* Adds the inputs from @begin to @end − 1 to the @n ranges there are. */
static size_t
add_ranges (NnRun *ranges, size_t n, size_t begin, size_t end, size_t units)
{
  for (; begin < end; begin += RANGE_ROWS)
    ranges[n++] = (NnRun){ begin, begin * units, nn_smaller (RANGE_ROWS, end - begin) };
  return n;
}

/* The same, but leaves out what is zero in all of @batch samples. */
static size_t
add_used_ranges (NnRun *ranges, size_t n, size_t begin, size_t end, size_t units, const NnReal *input, size_t inputs, size_t batch)
{
  enum { BLOCK = 64 };

  for (size_t first = begin; first < end; first += BLOCK)
    {
      size_t count = nn_smaller (BLOCK, end - first);
      int used[BLOCK] = { 0 };

      for (size_t sample = 0; sample < batch; sample++)
        for (size_t i = 0; i < count; i++)
          used[i] |= input[sample * inputs + first + i] != 0;
      for (size_t i = 0; i < count; i++)
        if (!used[i])
          {
            n = add_ranges (ranges, n, begin, first + i, units);
            begin = first + i + 1;
          }
    }
  return add_ranges (ranges, n, begin, end, units);
}

static void
find_ranges (const NnUnit *unit, const Own *own, const NnReal *input, size_t batch)
{
  size_t inputs = unit->layer->input.channels, units = unit->layer->spec.units;
  size_t parts = n_parts (unit->layer, unit->training), n = 0;

  for (size_t part = 0; part < parts; part++)
    {
      size_t begin = inputs * part / parts, end = inputs * (part + 1) / parts;

      own->parts[part].length = n;
      n = unit->is_first ? add_used_ranges (own->ranges, n, begin, end, units, input, inputs, batch)
                         : add_ranges (own->ranges, n, begin, end, units);
    }
  own->parts[parts].length = n;
}

typedef struct
{
  const NnUnit *unit;
  const NnSlice *batch;
  const NnDescent *descent;
  NnReal plain_rate; /* of the descent */
  Own own;
  size_t n_ranges;
  size_t n_inner; /* blocks that the same rows of W are needed for */
} Job;

static size_t
n_blocks (size_t n, size_t block)
{
  return (n + block - 1) / block;
}

static Job
new_job (const NnUnit *unit, const NnSlice *batch)
{
  Own own = own_of (unit, batch->count);

  return (Job){ .unit = unit, .batch = batch, .own = own };
}

/* A block of y, or of one part of the sums that it is made of. */
static void
forward_block (void *data, size_t block, size_t worker)
{
  const Job *job = data;
  const NnSlice *batch = job->batch;
  size_t inputs = job->unit->layer->input.channels, units = job->unit->layer->spec.units;
  size_t n_columns = n_blocks (units, COLUMNS);
  size_t part = block / job->n_inner, i = block % job->n_inner / n_columns * BATCH_ROWS, j = block % n_columns * COLUMNS;
  size_t first = job->own.parts[part].length;
  NnReal *output = part == 0 ? batch->output : job->own.sums + (part - 1) * batch->count * units;
  const NnProduct product = {
    .m = nn_smaller (BATCH_ROWS, batch->count - i),
    .n = nn_smaller (COLUMNS, units - j),
    .a = batch->input + i * inputs,
    .a_row = inputs,
    .a_column = 1,
    .b = job->unit->weights + j,
    .b_row = units,
    .runs = job->own.ranges + first,
    .n_runs = job->own.parts[part + 1].length - first,
    .start = part == 0 ? job->unit->biases + j : NULL,
    .start_row = 0,
    .c = output + i * units + j,
    .c_row = units,
  };

  job->unit->kernels->gemm (&product);
}

/* Adds the parts of some samples up. */
static void
add_parts (void *data, size_t block, size_t worker)
{
  const Job *job = data;
  size_t size = job->batch->count * job->unit->layer->spec.units;
  size_t begin = size * block / PARTS, end = size * (block + 1) / PARTS;

  for (size_t part = 1; part < PARTS; part++)
    job->unit->kernels->add_rows (1, end - begin, job->own.sums + (part - 1) * size + begin, job->batch->output + begin);
}

static void
dense_forward (const NnUnit *unit, const NnSlice *batch, NnPool *pool)
{
  Job job = new_job (unit, batch);
  size_t parts = n_parts (unit->layer, unit->training);

  pool = pool_for (unit, batch->count, pool);
  find_ranges (unit, &job.own, batch->input, batch->count);
  job.n_inner = n_blocks (batch->count, BATCH_ROWS) * n_blocks (unit->layer->spec.units, COLUMNS);
  nn_pool_run (pool, forward_block, &job, parts * job.n_inner);
  if (parts > 1)
    nn_pool_run (pool, add_parts, &job, PARTS);
}

/* Some columns of the output gradient: sums them for the biases, and writes them
 * down in the order and the size that the products want. */
static void
arrange_block (void *data, size_t block, size_t worker)
{
  const Job *job = data;
  const NnSlice *batch = job->batch;
  size_t units = job->unit->layer->spec.units;
  size_t begin = block * ARRANGED_COLUMNS, end = nn_smaller (units, begin + ARRANGED_COLUMNS);
  NnReal sums[ARRANGED_COLUMNS] = { 0 };

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
  const NnRun *range = &job->own.ranges[block / job->n_inner];
  size_t sample = block % job->n_inner * COLUMNS;
  size_t n = nn_smaller (COLUMNS, batch->count - sample);
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
  size_t r = block / job->n_inner, j = block % job->n_inner * COLUMNS;
  const NnRun *range = &job->own.ranges[r];
  size_t left_out = r > 0 ? range[-1].a + range[-1].length : 0;
  size_t begin = r < job->n_ranges ? range->a : inputs;
  const NnRun run = { 0, 0, batch->count };
  NnProduct product = {
    .m = r < job->n_ranges ? range->length : 0,
    .n = nn_smaller (COLUMNS, units - j),
    .a = batch->input + begin,
    .a_row = 1,
    .a_column = inputs,
    .b = batch->output_gradient + j,
    .b_row = units,
    .runs = &run,
    .n_runs = 1,
    .c = batch->scratch + worker * batch->worker_stride,
    .c_row = nn_smaller (COLUMNS, units - j),
  };

  if (job->plain_rate != 0)
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
  descend_block (job, left_out, begin - left_out, j, product.n, NULL);
  descend_block (job, begin, product.m, j, product.n, product.c);
}

static void
dense_backward (const NnUnit *unit, const NnSlice *batch, const NnDescent *descent, NnPool *pool)
{
  Job job = new_job (unit, batch);
  size_t units = unit->layer->spec.units;

  pool = pool_for (unit, batch->count, pool);
  job.descent = descent;
  job.n_ranges = job.own.parts[n_parts (unit->layer, unit->training)].length;
  if (descent->gradients == NULL)
    job.plain_rate = nn_optimizer_plain_rate (descent->optimizer, true);
  nn_pool_run (pool, arrange_block, &job, n_blocks (units, ARRANGED_COLUMNS));

  /* The input gradient first: the weights then move. */
  if (batch->input_gradient != NULL)
    {
      job.n_inner = n_blocks (batch->count, COLUMNS);
      nn_pool_run (pool, input_gradient_block, &job, job.n_ranges * job.n_inner);
    }
  job.n_inner = n_blocks (units, COLUMNS);
  nn_pool_run (pool, weight_gradient_block, &job, (job.n_ranges + 1) * job.n_inner);
}

const NnLayerType nn_dense_type = {
  .resolve = dense_resolve,
  .own_size = dense_own_size,
  .scratch_size = dense_scratch_size,
  .flops = dense_flops,
  .forward_batch = dense_forward,
  .backward_batch = dense_backward,
};
