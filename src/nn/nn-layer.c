/* SPDX-License-Identifier: MIT */
#include "nn-layer-private.h"

#include <stdint.h>

#include "nn-plan.h"

/* The blocks that a parallel product is cut into: whole tiles of every kernel
 * table (see kernels/), and enough work to be worth handing out. */
#define BLOCK_ROWS 42
#define BLOCK_COLUMNS 64

size_t
nn_shape_size (NnShape shape)
{
  size_t size = nn_size_mul (nn_size_mul (shape.height, shape.width), shape.channels);

  return size == SIZE_MAX ? 0 : size;
}

const NnLayerType *
nn_layer_type (NnLayerKind kind)
{
  switch (kind)
    {
    case NN_DENSE:
      return &nn_dense_type;
    case NN_CONV2D:
      return &nn_conv2d_type;
    case NN_RELU:
      return &nn_relu_type;
    case NN_MAX_POOL:
      return &nn_max_pool_type;
    case NN_FLATTEN:
      return &nn_flatten_type;
    }
  return NULL;
}

typedef struct
{
  NnGemm gemm;
  size_t m, n, k;
  const NnReal *a;
  size_t a_row, a_column;
  const NnReal *b;
  size_t b_row;
  const NnReal *start;
  size_t start_row;
  NnReal *c;
  size_t c_row;
  size_t n_column_blocks;
} GemmJob;

static size_t
smaller (size_t a, size_t b)
{
  return a < b ? a : b;
}

static void
gemm_block (void *data, size_t block, size_t worker)
{
  const GemmJob *job = data;
  size_t i = block / job->n_column_blocks * BLOCK_ROWS;
  size_t j = block % job->n_column_blocks * BLOCK_COLUMNS;

  job->gemm (smaller (BLOCK_ROWS, job->m - i), smaller (BLOCK_COLUMNS, job->n - j), job->k,
             job->a + i * job->a_row, job->a_row, job->a_column,
             job->b + j, job->b_row,
             job->start != NULL ? job->start + i * job->start_row + j : NULL, job->start_row,
             job->c + i * job->c_row + j, job->c_row);
}

void
nn_parallel_gemm (const NnPass *pass,
                  size_t m, size_t n, size_t k,
                  const NnReal *a, size_t a_row, size_t a_column,
                  const NnReal *b, size_t b_row,
                  const NnReal *start, size_t start_row,
                  NnReal *c, size_t c_row)
{
  GemmJob job = { pass->kernels->gemm, m, n, k, a, a_row, a_column,
                  b, b_row, start, start_row, c, c_row,
                  (n + BLOCK_COLUMNS - 1) / BLOCK_COLUMNS };

  nn_pool_run (pass->pool, gemm_block, &job, (m + BLOCK_ROWS - 1) / BLOCK_ROWS * job.n_column_blocks);
}

void
nn_transpose (const NnReal *matrix, size_t rows, size_t columns, NnReal *transposed)
{
  for (size_t j = 0; j < columns; j++)
    for (size_t i = 0; i < rows; i++)
      transposed[j * rows + i] = matrix[i * columns + j];
}

void
nn_add_rows (const NnReal *matrix, size_t n_rows, size_t n, NnReal *sum)
{
  for (size_t i = 0; i < n_rows; i++)
    for (size_t j = 0; j < n; j++)
      sum[j] += matrix[i * n + j];
}
