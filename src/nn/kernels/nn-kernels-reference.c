/* SPDX-License-Identifier: MIT */
#include "nn-kernels.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

void
nn_gemm_reference (size_t m, size_t n, size_t k,
                   const NnReal *a, size_t a_row, size_t a_column,
                   const NnReal *b, size_t b_row,
                   const NnReal *start, size_t start_row,
                   NnReal *c, size_t c_row)
{
  for (size_t i = 0; i < m; i++)
    {
      for (size_t j = 0; j < n; j++)
        c[i * c_row + j] = start != NULL ? start[i * start_row + j] : 0;
      for (size_t p = 0; p < k; p++)
        for (size_t j = 0; j < n; j++)
          c[i * c_row + j] += a[i * a_row + p * a_column] * b[p * b_row + j];
    }
}

#ifndef NN_DOUBLE
#if defined(__x86_64__)
void nn_gemm_avx2 (size_t, size_t, size_t, const float *, size_t, size_t, const float *, size_t, const float *, size_t, float *, size_t);
void nn_gemm_avx512 (size_t, size_t, size_t, const float *, size_t, size_t, const float *, size_t, const float *, size_t, float *, size_t);
#elif defined(__aarch64__)
void nn_gemm_neon (size_t, size_t, size_t, const float *, size_t, size_t, const float *, size_t, const float *, size_t, float *, size_t);
#endif
#endif

/* From the slowest to the fastest. */
static const NnKernels tables[] = {
  { "reference", NN_CPU_REFERENCE, nn_gemm_reference },
#ifndef NN_DOUBLE
#if defined(__x86_64__)
  { "avx2", NN_CPU_AVX2, nn_gemm_avx2 },
  { "avx512", NN_CPU_AVX512, nn_gemm_avx512 },
#elif defined(__aarch64__)
  { "neon", NN_CPU_NEON, nn_gemm_neon },
#endif
#endif
};

static const NnKernels *chosen;

const NnKernels *
nn_kernels_find (const char *name)
{
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
    if (strcmp (tables[i].name, name) == 0 && nn_cpu_supports (tables[i].cpu))
      return &tables[i];
  return NULL;
}

static void
choose (void)
{
  const char *name = getenv ("NN_ISA");

  if (name != NULL)
    chosen = nn_kernels_find (name);
  for (size_t i = sizeof tables / sizeof *tables; chosen == NULL; i--)
    if (nn_cpu_supports (tables[i - 1].cpu))
      chosen = &tables[i - 1];
}

const NnKernels *
nn_kernels (void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;

  pthread_once (&once, choose);
  return chosen;
}
