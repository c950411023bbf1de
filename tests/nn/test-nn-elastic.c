/* SPDX-License-Identifier: MIT */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "nn-augment.h"
#include "nn-elastic.h"

#define SIDE 28
#define N_FIELDS 4000
#define RADIUS 5.0
#define AMOUNT 1.5
#define PIXELS(move) ((move) / (double) (1 << NN_ELASTIC_POINT))

/* Places near and far from each other, in a corner and in the middle, at knots
 * and between them. */
static const struct
{
  guint x, y;
} places[] = { { 0, 0 }, { 3, 0 }, { 10, 10 }, { 13, 14 }, { 13, 22 }, { 27, 27 } };

#define N_PLACES G_N_ELEMENTS (places)

/* Over many fields, each move has the mean 0 and the standard deviation asked
 * for, and two of them the covariance of a field smoothed by a Gaussian of that
 * radius: variance · exp(−d² / 4 r²). Moves across and down know nothing of each
 * other. */
static void
test_statistics (void)
{
  g_autofree NnElasticField *field = g_new (NnElasticField, 1);
  double mean[N_PLACES] = { 0 }, products[N_PLACES][N_PLACES] = { { 0 } }, crossed[N_PLACES] = { 0 };
  double variance = AMOUNT * AMOUNT, error = 5 * variance * sqrt (2.0 / N_FIELDS);

  for (guint n = 0; n < N_FIELDS; n++)
    {
      NnRng rng = nn_rng_for (1, 2, n);
      int32_t across[SIDE], down[SIDE];
      double moves[N_PLACES];

      nn_elastic_draw (field, AMOUNT, RADIUS, SIDE, SIDE, &rng);
      for (guint i = 0; i < N_PLACES; i++)
        {
          nn_elastic_row (field, places[i].y, across, down);
          moves[i] = n % 2 ? PIXELS (across[places[i].x]) : PIXELS (down[places[i].x]);
          mean[i] += moves[i] / N_FIELDS;
          crossed[i] += PIXELS (across[places[i].x]) * PIXELS (down[places[i].x]) / N_FIELDS;
          for (guint k = 0; k <= i; k++)
            products[i][k] += moves[i] * moves[k] / N_FIELDS;
        }
    }
  for (guint i = 0; i < N_PLACES; i++)
    {
      g_assert_cmpfloat_with_epsilon (mean[i], 0, 5 * AMOUNT / sqrt (N_FIELDS));
      g_assert_cmpfloat_with_epsilon (crossed[i], 0, error);
      for (guint k = 0; k <= i; k++)
        {
          double distance = hypot ((double) places[i].x - places[k].x, (double) places[i].y - places[k].y);

          g_assert_cmpfloat_with_epsilon (products[i][k], variance * exp (-distance * distance / (4 * RADIUS * RADIUS)), error);
        }
    }
}

/* No place is moved more or less than another: the squares of the weights add up
 * to the same everywhere. */
static void
test_even (void)
{
  static const double radii[] = { 1, 1.7, 4, 5, 20, 1e9 };
  g_autofree NnElasticField *field = g_new (NnElasticField, 1);

  for (guint r = 0; r < G_N_ELEMENTS (radii); r++)
    {
      NnRng rng = nn_rng_new (1);

      nn_elastic_draw (field, 1, radii[r], NN_ELASTIC_SIDE, 9, &rng);
      for (guint i = 0; i < NN_ELASTIC_SIDE; i++)
        {
          double sum = 0;

          for (gsize k = field->first[i]; k <= field->first[i] + 2 * NN_ELASTIC_REACH; k++)
            sum += (double) field->weights[k][i] * field->weights[k][i];
          g_assert_cmpfloat_with_epsilon (sum, sqrt (G_PI), 3e-4);
        }
    }
}

/* The moves change smoothly from one pixel to the next. */
static void
test_smooth (void)
{
  g_autofree NnElasticField *field = g_new (NnElasticField, 1);
  NnRng rng = nn_rng_new (1);
  int32_t above[2][SIDE] = { { 0 } }, here[2][SIDE];

  nn_elastic_draw (field, AMOUNT, RADIUS, SIDE, SIDE, &rng);
  for (guint y = 0; y < SIDE; y++, memcpy (above, here, sizeof here))
    {
      nn_elastic_row (field, y, here[0], here[1]);
      for (guint d = 0; d < 2; d++)
        for (guint x = 0; x < SIDE; x++)
          {
            /* The slope has the standard deviation amount / (√2 radius), about 0.21. */
            if (x > 0)
              g_assert_cmpfloat_with_epsilon (PIXELS (here[d][x]), PIXELS (here[d][x - 1]), 0.9);
            if (y > 0)
              g_assert_cmpfloat_with_epsilon (PIXELS (here[d][x]), PIXELS (above[d][x]), 0.9);
          }
    }
}

/* Straight from the definition of bilinear interpolation, in double precision. */
static double
value_at (NnShape shape, const guint8 *picture, double x, double y, gsize channel)
{
  double value = 0;

  for (gsize row = 0; row < shape.height; row++)
    for (gsize column = 0; column < shape.width; column++)
      value += MAX (0, 1 - fabs (x - column)) * MAX (0, 1 - fabs (y - row))
               * picture[(row * shape.width + column) * shape.channels + channel] / 255;
  return value;
}

/* A bent picture has at each pixel what was at the place the pixel is moved to,
 * after the turn about the middle. */
static void
check_bent (NnShape shape, double radius)
{
  const NnAugmentation augmentation = { .rotation = 40, .shift = 2, .elastic = 2, .elastic_radius = radius };
  gsize size = nn_shape_size (shape);
  g_autofree NnElasticField *field = g_new (NnElasticField, 1);
  g_autofree guint8 *picture = g_malloc (size);
  g_autofree NnReal *values = g_new (NnReal, size);
  g_autofree int32_t *across = g_new (int32_t, shape.width), *down = g_new (int32_t, shape.width);
  NnRng noise = nn_rng_new (size);

  for (gsize i = 0; i < size; i++)
    picture[i] = nn_rng_below (&noise, 256);
  for (guint n = 0; n < 10; n++)
    {
      NnRng rng = nn_rng_for (5, 6, n);
      double drawn[6], angle;

      nn_augment (&augmentation, rng, shape, picture, values);
      for (guint d = 0; d < 6; d++)
        drawn[d] = 2 * nn_rng_uniform (&rng) - 1;
      angle = drawn[0] * 40 * G_PI / 180;
      nn_elastic_draw (field, 2, radius, shape.height, shape.width, &rng);
      for (gsize p = 0; p < size; p++)
        {
          gsize column = p / shape.channels % shape.width, row = p / shape.channels / shape.width;
          double x = column - (shape.width - 1) / 2.0 - drawn[1] * 2, y = row - (shape.height - 1) / 2.0 - drawn[2] * 2;
          double from_x = x * cos (angle) + y * sin (angle) + (shape.width - 1) / 2.0;
          double from_y = y * cos (angle) - x * sin (angle) + (shape.height - 1) / 2.0;

          nn_elastic_row (field, row, across, down);
          from_x += PIXELS (across[column]);
          from_y += PIXELS (down[column]);
          g_assert_cmpfloat_with_epsilon (values[p], value_at (shape, picture, from_x, from_y, p % shape.channels), 2.0 / 4096);
        }
    }
}

static void
test_bent (void)
{
  check_bent ((NnShape){ 28, 28, 1 }, 5);
  check_bent ((NnShape){ 1, 1, 1 }, 1);
  check_bent ((NnShape){ 1, NN_ELASTIC_SIDE, 1 }, 1);
  check_bent ((NnShape){ NN_ELASTIC_SIDE, 3, 2 }, 1);
  check_bent ((NnShape){ 9, 14, 3 }, 100);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/elastic/statistics", test_statistics);
  g_test_add_func ("/elastic/even", test_even);
  g_test_add_func ("/elastic/smooth", test_smooth);
  g_test_add_func ("/elastic/bent", test_bent);
  return g_test_run ();
}
