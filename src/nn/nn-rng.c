/* SPDX-License-Identifier: MIT */
#include "nn-rng.h"

#include <math.h>

#define INCREMENT UINT64_C (0x9e3779b97f4a7c15)

static uint64_t
mix (uint64_t z)
{
  z = (z ^ (z >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

NnRng
nn_rng_new (uint64_t seed)
{
  return (NnRng){ .state = seed };
}

NnRng
nn_rng_for (uint64_t seed, uint64_t stream, uint64_t index)
{
  uint64_t z = mix (seed + INCREMENT);

  /* mix() of zero is zero, hence the increments. */
  z = mix ((z ^ stream) + INCREMENT);
  return (NnRng){ .state = mix ((z ^ index) + INCREMENT) };
}

uint64_t
nn_rng_next (NnRng *rng)
{
  return mix (rng->state += INCREMENT);
}

double
nn_rng_uniform (NnRng *rng)
{
  return (double) (nn_rng_next (rng) >> 11) * 0x1p-53;
}

double
nn_rng_normal (NnRng *rng)
{
  /* 1 − u is in (0, 1], so the logarithm is finite. */
  double radius = sqrt (-2 * log (1 - nn_rng_uniform (rng)));

  return radius * cos (2 * 3.14159265358979323846 * nn_rng_uniform (rng));
}

uint64_t
nn_rng_below (NnRng *rng, uint64_t bound)
{
  uint64_t bits;

  /* The first 2⁶⁴ mod bound values would make small results likelier. That is
   * less than bound, so the slow division can nearly always be left out. */
  do
    bits = nn_rng_next (rng);
  while (bits < bound && bits < -bound % bound);
  return bits % bound;
}

void
nn_rng_shuffle (NnRng *rng, uint32_t *items, size_t n)
{
  for (size_t i = n; i > 1; i--)
    {
      size_t j = (size_t) nn_rng_below (rng, i);
      uint32_t item = items[i - 1];

      items[i - 1] = items[j];
      items[j] = item;
    }
}
