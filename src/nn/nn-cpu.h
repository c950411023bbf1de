/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

typedef enum
{
  NN_CPU_REFERENCE,   /* any processor */
  NN_CPU_AVX2,        /* x86-64 with AVX2 and FMA */
  NN_CPU_AVX512,      /* x86-64 with AVX-512F and FMA */
  NN_CPU_AVX512_BF16, /* the same with AVX-512 BF16 */
  NN_CPU_NEON,        /* AArch64 */
} NnCpu;

/* Returns whether this processor, and the operating system under it, can run
 * code for @cpu. */
bool nn_cpu_supports (NnCpu cpu);
