/* SPDX-License-Identifier: MIT */
#include "nn-kernels.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/nn-kernels-table.h"

/* From the fastest to the slowest. */
static const NnKernels *const tables[] = {
#ifndef NN_DOUBLE
#if defined(__x86_64__)
  &nn_kernels_avx512,
  &nn_kernels_avx2,
#elif defined(__aarch64__)
  &nn_kernels_neon,
#endif
#endif
  &nn_kernels_reference,
/* Never taken unless asked for by name. */
#if defined(__x86_64__) && !defined(NN_DOUBLE)
  &nn_kernels_avx512_bf16,
#endif
};

const NnKernels *
nn_kernels_find (const char *name)
{
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
    if (strcmp (tables[i]->name, name) == 0 && nn_cpu_supports (tables[i]->cpu))
      return tables[i];
  return NULL;
}

static const NnKernels *chosen;

static void
choose (void)
{
  const char *name = getenv ("NN_ISA");
  size_t i = 0;

  if (name != NULL)
    chosen = nn_kernels_find (name);
  if (chosen != NULL)
    return;
  while (!nn_cpu_supports (tables[i]->cpu))
    i++;
  chosen = tables[i];
}

const NnKernels *
nn_kernels (void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;

  pthread_once (&once, choose);
  return chosen;
}
