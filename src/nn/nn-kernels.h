/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "nn-cpu.h"
#include "nn-real.h"

/* The matrix product that every dense layer and convolution is made of:
 *
 *   c[i][j] = start[i][j] + Σ_p a[i][p] · b[p][j]   for i < m, j < n, p < k
 *
 * a[i][p] lies at a[i × a_row + p × a_column], so that a transposed matrix is
 * the same matrix with its strides exchanged; row i of b starts at b + i × b_row
 * and runs without gaps, and so do c and start. A NULL start is zero; with
 * start_row 0 it is one row for all (a bias); start may be c itself (to add).
 * The sum runs over p in rising order, whatever m and n are, so cutting the
 * product into blocks of rows and columns changes no bit of the result. */
typedef void (*NnGemm) (size_t        m,
                        size_t        n,
                        size_t        k,
                        const NnReal *a,
                        size_t        a_row,
                        size_t        a_column,
                        const NnReal *b,
                        size_t        b_row,
                        const NnReal *start,
                        size_t        start_row,
                        NnReal       *c,
                        size_t        c_row);

/* One way to compute: the reference in plain C, which runs everywhere and is
 * the oracle of the others, or one made for an instruction set. */
typedef struct
{
  const char *name;
  NnCpu cpu;
  NnGemm gemm;
} NnKernels;

/* Returns the fastest kernels that this processor can run. The environment
 * variable NN_ISA (reference, avx2, avx512, neon) asks for others; a name that
 * is unknown or that the processor cannot run is passed over. Chosen once. */
const NnKernels *nn_kernels (void);

/* Returns the kernels called @name, or NULL if this processor cannot run them. */
const NnKernels *nn_kernels_find (const char *name);

void nn_gemm_reference (size_t m, size_t n, size_t k,
                        const NnReal *a, size_t a_row, size_t a_column,
                        const NnReal *b, size_t b_row,
                        const NnReal *start, size_t start_row,
                        NnReal *c, size_t c_row);
