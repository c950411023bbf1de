/* SPDX-License-Identifier: MIT */

/* The kernels in plain C, one number at a time: the oracle of the others, the
 * only ones in double precision, and those that run on any processor. */
#define NN_PLAIN

#include "nn-kernels-table.h"

#include "nn-loops.h"
#include "nn-multiply-add.h"
#include "nn-winograd.h"

static void
gemm (const NnProduct *product)
{
  for (size_t i = 0; i < product->m; i++)
    {
      NnReal *c = product->c + i * product->c_row;

      for (size_t j = 0; j < product->n; j++)
        c[j] = product->start != NULL ? product->start[i * product->start_row + j] : 0;
      for (size_t r = 0; r < product->n_runs; r++)
        {
          const NnReal *a = product->a + i * product->a_row + product->runs[r].a;
          const NnReal *b = product->b + product->runs[r].b;

          for (size_t p = 0; p < product->runs[r].length; p++)
            for (size_t j = 0; j < product->n; j++)
              c[j] += a[p * product->a_column] * b[p * product->b_row + j];
        }
    }
}

NN_DEFINE_KERNELS (reference, "reference", NN_CPU_REFERENCE)
