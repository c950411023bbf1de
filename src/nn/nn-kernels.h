/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "nn-cpu.h"
#include "nn-real.h"

/* A part of the sums of a product: @length terms, from @a numbers behind the
 * start of each row of a and from row @b / b_row of b on. */
typedef struct
{
  size_t a;
  size_t b;
  size_t length;
} NnRun;

/* The matrix product that every dense layer and convolution is made of:
 *
 *   c[i][j] = start[i][j] + Σ_r Σ_p a[i][r, p] · b[r, p][j]   for i < m, j < n
 *
 * where r goes over the runs and p over the terms of each run. a[i][r, p] lies
 * at a[i × a_row + runs[r].a + p × a_column], so that a transposed matrix is the
 * same matrix with its strides exchanged, and rows may overlap, as the patches
 * of a picture do. b[r, p] is a row that starts at b + runs[r].b + p × b_row and
 * runs without gaps, and so do the rows of c and start. A NULL start is zero;
 * with start_row 0 it is one row for all (a bias); start may be c itself (to
 * add). The sum runs in the order of the runs and their terms, whatever m and n
 * are, so cutting the product into blocks of rows and columns changes no bit. */
typedef struct
{
  size_t m, n;
  const NnReal *a;
  size_t a_row, a_column;
  const NnReal *b;
  size_t b_row;
  const NnRun *runs;
  size_t n_runs;
  const NnReal *start;
  size_t start_row;
  NnReal *c;
  size_t c_row;
} NnProduct;

/* The constants of one step of an optimizer. */
typedef struct
{
  NnReal rate;
  NnReal momentum; /* SGD */
  NnReal keep1;    /* Adam: β₁, β₂ and ε */
  NnReal keep2;
  NnReal epsilon;
  NnReal decay; /* what is taken from each parameter, as a share of it */
} NnStepSize;

/* A tile of Winograd's convolution: 6 × 6 pixels of the input, of which
 * 4 × 4 outputs of a 3 × 3 kernel come, or 2 × 2 of a 5 × 5 one. At the rim of
 * a picture only a part of the pixels is there; @pixels is the first of these,
 * and the others are zero. */
typedef struct
{
  size_t top, bottom; /* rows from top to bottom − 1 are there */
  size_t left, right;
  size_t row_stride; /* of pixels; neighbours lie channels apart */
  size_t channels;
} NnTile;

#define NN_WINOGRAD_SIDE 6
#define NN_WINOGRAD_POSITIONS 36

/* One way to compute: the reference in plain C, which runs everywhere and is
 * the oracle of the others, or one made for an instruction set. */
typedef struct
{
  const char *name;
  NnCpu cpu;

  void (*gemm) (const NnProduct *product);

  /* Winograd's minimal filtering F(4×4, 3×3) and F(2×2, 5×5), see nn-winograd.c.
   * Arrays of positions are [36][position_stride]; @outputs is 4 or 2. The last
   * two transform the first @n of the kernels whose weights, and whose positions,
   * lie @stride apart; weights may lie behind positions in the same array. */
  void (*winograd_input) (const NnTile *tile, const NnReal *pixels, NnReal *positions, size_t position_stride);
  void (*winograd_output) (size_t outputs, const NnTile *tile, const NnReal *positions, size_t position_stride,
                           const NnReal *biases, NnReal *pixels);
  void (*winograd_output_gradient) (size_t outputs, const NnTile *tile, const NnReal *pixels, NnReal *positions, size_t position_stride);
  void (*winograd_input_gradient) (const NnTile *tile, const NnReal *positions, size_t position_stride, NnReal *pixels);
  void (*winograd_kernel) (size_t outputs, size_t n, size_t stride, const NnReal *weights, NnReal *positions);
  void (*winograd_kernel_gradient) (size_t outputs, size_t n, size_t stride, const NnReal *positions, NnReal *weights);

  /* Element by element; rows are [n_rows][n]. */
  void (*relu) (size_t n, NnReal slope, NnReal *values);
  void (*relu_gradient) (size_t n, NnReal slope, const NnReal *values, NnReal *gradient);
  void (*dropout) (size_t n, uint32_t key, uint32_t first, uint32_t threshold, NnReal scale, NnReal *values);
  void (*add_rows) (size_t n_rows, size_t n, const NnReal *rows, NnReal *sum);

  /* Batch norm: y = x · scale + shift, and y · slope where that is negative (a
   * slope of 1 does nothing); sums of x − mean and of its square; sums of dy and
   * of dy · (x − mean); dx = dy · a + x · b + c. Each vector is [n]. */
  void (*scale_rows) (size_t n_rows, size_t n, const NnReal *x, const NnReal *scale, const NnReal *shift, NnReal slope, NnReal *y);
  void (*sum_moments) (size_t n_rows, size_t n, const NnReal *x, const NnReal *mean, NnReal *sums);
  void (*sum_gradients) (size_t n_rows, size_t n, const NnReal *x, const NnReal *mean, const NnReal *dy, NnReal *sums);
  void (*combine_rows) (size_t n_rows, size_t n, const NnReal *x, const NnReal *dy, const NnReal *a, const NnReal *b, const NnReal *c,
                        NnReal *dx);

  /* Max pooling of a row of @n windows side by side, the rows of a picture
   * @row_stride apart: the largest value of each channel; and the gradient of
   * each value of the windows, which the first of the largest gets whole. */
  void (*max_pool) (size_t n, size_t height, size_t width, size_t row_stride, size_t channels, const NnReal *input, NnReal *output);
  void (*max_pool_gradient) (size_t n, size_t height, size_t width, size_t row_stride, size_t channels, const NnReal *input,
                             const NnReal *output_gradient, NnReal *input_gradient);

  /* Optimizers. A NULL gradient is all zero. */
  void (*sgd) (const NnStepSize *step, size_t n, const NnReal *gradient, NnReal *velocity, NnReal *parameters);
  void (*adam) (const NnStepSize *step, size_t n, const NnReal *gradient, NnReal *first, NnReal *second, NnReal *parameters);

  /* Does at least @flops multiplications and additions in registers, as fast as
   * the processor can, and returns how many it did. */
  double (*multiply_add) (double flops);
} NnKernels;

/* Returns the fastest kernels that this processor can run in single precision.
 * The environment variable NN_ISA (reference, avx2, avx512, neon) asks for
 * others; a name that is unknown or that the processor cannot run is passed
 * over. Chosen once. */
const NnKernels *nn_kernels (void);

/* Returns the kernels called @name, or NULL if this processor cannot run them.
 * "avx512-bf16" are those whose products round their factors to bfloat16; they
 * are never chosen by themselves. */
const NnKernels *nn_kernels_find (const char *name);
