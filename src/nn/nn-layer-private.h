/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "nn-kernels.h"
#include "nn-layer.h"
#include "nn-pool.h"
#include "nn-real.h"

/* A layer's weight gradient is summed over samples in at most this many parts,
 * which are added up in order. The number is fixed, so that the result does not
 * depend on how many threads there are. */
#define NN_GRADIENT_SHARDS 8

/* All that one pass through one layer reads and writes. */
typedef struct
{
  size_t batch;
  const NnReal *weights;
  const NnReal *biases;
  const NnReal *input; /* [batch][input shape] */
  NnReal *output;      /* [batch][output shape] */

  /* Backward only. input_gradient is NULL for the first layer. */
  NnReal *output_gradient; /* [batch][output shape] */
  NnReal *input_gradient;  /* [batch][input shape] */
  NnReal *weight_gradient; /* followed by the bias gradient, as the parameters are */
  NnReal *bias_gradient;
  NnReal *partial_gradients; /* [NN_GRADIENT_SHARDS][weights + biases] */
  NnReal *transposed;        /* [weights] */

  NnReal *scratch; /* [workers][scratch_size] */
  size_t scratch_size;
  NnPool *pool;
  const NnKernels *kernels;
} NnPass;

/* What a kind of layer can do; one constant table for each kind. */
typedef struct
{
  /* The layer keeps the shape and works where its input lies: output and
   * input, and their gradients, are the same memory. */
  bool in_place;

  /* Its weight gradient is summed in parts / needs its weights transposed. */
  bool sharded;
  bool transposes;

  /* Checks the specification against the input shape and fills in the output
   * shape and the numbers of parameters. Sizes stick at SIZE_MAX. */
  NnStatus (*resolve) (NnLayer *layer);

  /* Returns how many numbers of scratch memory a worker needs; NULL for none. */
  size_t (*scratch_size) (const NnLayer *layer);

  /* Returns the multiplications and additions for one sample; NULL for none. */
  double (*flops) (const NnLayer *layer);

  void (*forward) (const NnLayer *layer, const NnPass *pass);
  void (*backward) (const NnLayer *layer, const NnPass *pass);
} NnLayerType;

extern const NnLayerType nn_dense_type;
extern const NnLayerType nn_conv2d_type;
extern const NnLayerType nn_relu_type;
extern const NnLayerType nn_max_pool_type;
extern const NnLayerType nn_flatten_type;

/* Returns the table for @kind, or NULL for a number that is no kind. */
const NnLayerType *nn_layer_type (NnLayerKind kind);

/* Runs pass->kernels->gemm in blocks over the pool; the arguments are NnGemm's. */
void nn_parallel_gemm (const NnPass *pass,
                       size_t m, size_t n, size_t k,
                       const NnReal *a, size_t a_row, size_t a_column,
                       const NnReal *b, size_t b_row,
                       const NnReal *start, size_t start_row,
                       NnReal *c, size_t c_row);

/* Writes @matrix [rows][columns] transposed to @transposed [columns][rows]. */
void nn_transpose (const NnReal *matrix, size_t rows, size_t columns, NnReal *transposed);

/* Adds @n_rows rows of @matrix [n_rows][n] to @sum [n], in order. */
void nn_add_rows (const NnReal *matrix, size_t n_rows, size_t n, NnReal *sum);
