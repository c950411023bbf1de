/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

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

/* Lets this thread take numbers that are too small to be normal for zero, and
 * returns what it did before. A network that is sure of itself has many of them
 * in its gradients, and processors take a hundred times longer for each: epochs
 * became three times as long. */
uint64_t nn_cpu_flush_denormals (void);

/* Goes back to what nn_cpu_flush_denormals() returned. */
void nn_cpu_restore (uint64_t before);
