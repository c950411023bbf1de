/* SPDX-License-Identifier: MIT */

/* What the headers of this folder are compiled with, once for each instruction
 * set: the widest vector of it, in GCC's vector extensions. */
#pragma once

#include "nn-kernels.h"

/* Numbers in an NnVector. */
#if defined(NN_PLAIN)
#define NN_LANES 1
#elif defined(__AVX512F__)
#define NN_LANES 16
#elif defined(__AVX2__)
#define NN_LANES 8
#else
#define NN_LANES 4
#endif

/* Vectors are loaded from any address that suits a number. */
#if NN_LANES == 1
typedef NnReal NnVector;
#else
typedef float NnVector __attribute__ ((vector_size (NN_LANES * sizeof (float)), aligned (sizeof (float)), may_alias));
#endif
