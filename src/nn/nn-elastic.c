/* SPDX-License-Identifier: MIT */
#include "nn-elastic.h"

#include <math.h>

#define TAPS (2 * NN_ELASTIC_REACH + 1)

/* Returns how many knots reach a side of @side pixels. */
static size_t
count_knots (size_t side, double radius)
{
  return (size_t) ((double) (side - 1) / radius + 0.5) + TAPS;
}

/* Fills in the weights along a side: exp(−(u − k)² / 2) for the place u and the
 * knot k, both in radii. From one knot to the next a weight grows by
 * exp(u − k − ½), and this growth shrinks by exp(−1). */
static void
make_weights (NnElasticField *field, double radius, size_t side)
{
  const double shrink = exp (-1);
  size_t n_knots = count_knots (side, radius);

  for (size_t k = 0; k < n_knots; k++)
    for (size_t i = 0; i < side; i++)
      field->weights[k][i] = 0;

  for (size_t i = 0; i < side; i++)
    {
      double u = (double) i / radius;
      size_t first = (size_t) (u + 0.5); /* REACH before the nearest, as the first knots lie outside */
      double distance = u - (double) first + NN_ELASTIC_REACH;
      double weight = exp (-0.5 * distance * distance), growth = exp (distance - 0.5);

      field->first[i] = first;
      for (size_t k = first; k < first + TAPS; k++, weight *= growth, growth *= shrink)
        field->weights[k][i] = (NnReal) weight;
    }
}

/* Adds @factor × @values to @sum. */
static inline void
add_scaled (size_t n, NnReal factor, const NnReal *values, NnReal *restrict sum)
{
  for (size_t i = 0; i < n; i++)
    sum[i] += factor * values[i];
}

/* Returns @bits as a number in [−½, ½). */
static NnReal
centred (uint32_t bits)
{
  return (NnReal) (int32_t) bits * (NnReal) 0x1p-32;
}

void
nn_elastic_draw (NnElasticField *field, double amount, double radius, size_t height, size_t width, NnRng *rng)
{
  size_t n_across = count_knots (width, radius), n_down = count_knots (height, radius);

  /* The squares of the weights add up to √π along each side, and a number that is
   * drawn evenly from [−½, ½) has the variance 1/12. */
  NnReal scale = (NnReal) (amount * sqrt (12 / 3.14159265358979323846) * (1 << NN_ELASTIC_POINT));

  field->width = width;
  make_weights (field, radius, width > height ? width : height);
  for (size_t row = 0; row < n_down; row++)
    {
      for (size_t i = 0; i < width; i++)
        field->across[row][i] = field->down[row][i] = 0;
      for (size_t k = 0; k < n_across; k++)
        {
          uint64_t bits = nn_rng_next (rng);

          add_scaled (width, scale * centred ((uint32_t) bits), field->weights[k], field->across[row]);
          add_scaled (width, scale * centred ((uint32_t) (bits >> 32)), field->weights[k], field->down[row]);
        }
    }
}

static void
smooth_row (const NnElasticField *field, const NnReal (*knots)[NN_ELASTIC_SIDE], size_t y, int32_t *moves)
{
  NnReal sum[NN_ELASTIC_SIDE] = { 0 };
  size_t first = field->first[y];

  for (size_t k = first; k < first + TAPS; k++)
    add_scaled (field->width, field->weights[k][y], knots[k], sum);
  for (size_t i = 0; i < field->width; i++)
    moves[i] = (int32_t) sum[i];
}

void
nn_elastic_row (const NnElasticField *field, size_t y, int32_t *across, int32_t *down)
{
  smooth_row (field, field->across, y, across);
  smooth_row (field, field->down, y, down);
}
