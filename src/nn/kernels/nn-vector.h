/* SPDX-License-Identifier: MIT */

/* What the files of this folder are compiled with, once for each instruction
 * set: the widest vector of it, in GCC's vector extensions, and the name that
 * the functions of that instruction set end in. NN_ISA comes from meson.build. */
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
