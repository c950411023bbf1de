/* SPDX-License-Identifier: MIT */
#pragma once

#include "nn-vector.h"

/* A fused multiplication and addition takes four cycles, and two start in each:
 * eight must be under way at any time, and a few more hide what disturbs them.
 * The sums and the factor fit into sixteen registers. */
#define NN_CHAINS 12

static double
multiply_add (double flops)
{
  const double per_round = 2.0 * NN_CHAINS * NN_LANES;
  const size_t rounds = (size_t) (flops / per_round) + 1;
  const NnVector half = (NnVector){ 0 } + (NnReal) 0.5;
  NnVector sums[NN_CHAINS];

  /* Each starts elsewhere, and none at 1, where it would stay: the compiler must
   * not find one that it need not compute. */
  for (size_t i = 0; i < NN_CHAINS; i++)
    sums[i] = half * (NnReal) (i + 3);
  for (size_t round = 0; round < rounds; round++)
    {
#pragma GCC unroll 12
      for (size_t i = 0; i < NN_CHAINS; i++)
        sums[i] = sums[i] * half + half;
    }
  for (size_t i = 1; i < NN_CHAINS; i++)
    sums[0] += sums[i];

  /* A result that is used, or it would compute none. */
  volatile NnVector result = sums[0];
  (void) result;
  return (double) rounds * per_round;
}
