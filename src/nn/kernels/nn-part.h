/* SPDX-License-Identifier: MIT */

/* What the matrix products share. */
#pragma once

#include "nn-vector.h"

#if NN_LANES > 4
#include <immintrin.h>
#endif

/* For functions and loops that must become straight code, or the sums that they
 * are for would not stay in registers. */
#define INLINE static inline __attribute__ ((always_inline))
#if defined(__clang__)
#define UNROLL _Pragma ("clang loop unroll(full)")
#else
#define UNROLL _Pragma ("GCC unroll 16")
#endif

/* The first numbers of a vector: the ends of rows that are not made of whole
 * vectors. What lies behind them is neither read nor written. */
#if NN_LANES == 16
typedef __mmask16 NnPart;
#elif NN_LANES == 8
typedef __m256i NnPart;
#else
typedef size_t NnPart;
#endif

INLINE NnPart
part_of (size_t length)
{
#if NN_LANES == 16
  return (NnPart) ((1u << length) - 1);
#elif NN_LANES == 8
  return _mm256_cmpgt_epi32 (_mm256_set1_epi32 ((int) length), _mm256_setr_epi32 (0, 1, 2, 3, 4, 5, 6, 7));
#else
  return length;
#endif
}

INLINE NnVector
load_part (const float *from, NnPart part)
{
#if NN_LANES == 16
  return (NnVector) _mm512_maskz_loadu_ps (part, from);
#elif NN_LANES == 8
  return (NnVector) _mm256_maskload_ps (from, part);
#else
  NnVector vector = { 0 };

  for (size_t i = 0; i < part; i++)
    vector[i] = from[i];
  return vector;
#endif
}

INLINE void
store_part (float *to, NnPart part, NnVector vector)
{
#if NN_LANES == 16
  _mm512_mask_storeu_ps (to, part, (__m512) vector);
#elif NN_LANES == 8
  _mm256_maskstore_ps (to, part, (__m256) vector);
#else
  for (size_t i = 0; i < part; i++)
    to[i] = vector[i];
#endif
}
