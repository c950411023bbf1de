/* SPDX-License-Identifier: MIT */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "nn-augment.h"
#include "nn-line-width.h"

#define SIDE 40
#define SIZE (SIDE * SIDE)

static const NnShape shape = { SIDE, SIDE, 1 };

/* A line of the given width and direction from side to side, with smooth edges as
 * in pictures that were made smaller. */
static void
draw_line (double width, double angle, NnReal *picture)
{
  for (guint y = 0; y < SIDE; y++)
    for (guint x = 0; x < SIDE; x++)
      {
        double dx = x - SIDE / 2.0 + 0.3, dy = y - SIDE / 2.0 + 0.4;
        double distance = fabs (dy * cos (angle) - dx * sin (angle)) - width / 2;

        picture[y * SIDE + x] = CLAMP (0.5 - distance / 1.4, 0, 1);
      }
}

/* Twice the area over the length of the outline, which is the sum of the slopes;
 * away from the ends. */
static double
measure (const NnReal *picture)
{
  double area = 0, outline = 0;

  for (guint y = SIDE / 4; y < SIDE * 3 / 4; y++)
    for (guint x = SIDE / 4; x < SIDE * 3 / 4; x++)
      {
        const NnReal *above = picture + y * SIDE + x, *below = above + SIDE;
        double a = above[0], b = above[1], c = below[0], d = below[1];

        area += (a + b + c + d) / 4;
        outline += hypot (b + d - a - c, c + d - a - b) / 2;
      }
  return 2 * area / outline;
}

static double
find_peak (const NnReal *picture)
{
  double peak = 0;

  for (guint i = 0; i < SIZE; i++)
    peak = MAX (peak, picture[i]);
  return peak;
}

/* Returns by how much lines of @width become wider, the mean of all directions,
 * each of which is near it. */
static double
change_of (double width, double amount)
{
  double sum = 0, least = 9, most = -9;

  for (guint i = 0; i < 24; i++)
    {
      NnReal picture[SIZE];
      double before, change, peak;

      draw_line (width, i * G_PI / 24, picture);
      before = measure (picture);
      peak = find_peak (picture);
      nn_line_width_change (amount, shape, picture);
      change = measure (picture) - before;
      least = MIN (least, change);
      most = MAX (most, change);
      sum += change / 24;
      g_assert_cmpfloat_with_epsilon (find_peak (picture), peak, 1e-6);
    }
  g_test_message ("%.1f pixels, %+.2f: %.3f (%.3f … %.3f)", width, amount, sum, least, most);
  g_assert_cmpfloat (most - least, <, 0.7 * fabs (amount));
  return sum;
}

static void
test_wider (void)
{
  for (double width = 1.6; width < 6; width += 1)
    for (double amount = 0.25; amount <= 2; amount *= 2)
      g_assert_cmpfloat_with_epsilon (change_of (width, amount), amount, 0.12 * amount);
}

static void
test_narrower (void)
{
  for (double width = 1.6; width < 6; width += 1)
    for (double amount = 0.25; amount <= 0.75; amount += 0.25)
      g_assert_cmpfloat_with_epsilon (change_of (width, -amount), -amount, 0.3 * amount);

  /* In more than one pass. */
  g_assert_cmpfloat_with_epsilon (change_of (5.6, -1.5), -1.5, 0.3);
  g_assert_cmpfloat_with_epsilon (change_of (5.6, -2), -2, 0.5);
}

/* All that a picture may hold stays within 0 … 1, and nothing stays nothing. */
static void
test_range (void)
{
  NnRng rng = nn_rng_new (1);

  for (double amount = -2; amount <= 2; amount += 0.25)
    {
      NnReal noise[SIZE], black[SIZE] = { 0 }, white[SIZE];

      for (guint i = 0; i < SIZE; i++)
        {
          noise[i] = nn_rng_uniform (&rng) < 0.5 ? 0 : nn_rng_uniform (&rng);
          white[i] = 1;
        }
      nn_line_width_change (amount, shape, noise);
      nn_line_width_change (amount, shape, black);
      nn_line_width_change (amount, shape, white);
      for (guint i = 0; i < SIZE; i++)
        {
          g_assert_true (noise[i] >= 0 && noise[i] <= 1 + 1e-6);
          g_assert_cmpfloat (black[i], ==, 0);
          g_assert_true (white[i] >= 0 && white[i] <= 1 + 1e-6);
        }
      g_assert_cmpfloat_with_epsilon (white[SIZE / 2 + SIDE / 2], 1, 1e-6);
    }
}

/* Channels know nothing of each other, and pictures may be as small as they like. */
static void
check_channels (gsize height, gsize width, gsize channels, double amount)
{
  gsize size = height * width;
  g_autofree NnReal *together = g_new (NnReal, size * channels), *alone = g_new (NnReal, size * channels);
  NnRng rng = nn_rng_new (size);

  for (gsize c = 0; c < channels; c++)
    {
      for (gsize i = 0; i < size; i++)
        together[i * channels + c] = alone[c * size + i] = nn_rng_uniform (&rng);
      nn_line_width_change (amount, (NnShape){ height, width, 1 }, alone + c * size);
    }
  nn_line_width_change (amount, (NnShape){ height, width, channels }, together);
  for (gsize c = 0; c < channels; c++)
    for (gsize i = 0; i < size; i++)
      g_assert_cmpfloat (together[i * channels + c], ==, alone[c * size + i]);
}

static void
test_shapes (void)
{
  for (double amount = -1.2; amount < 2; amount += 0.8)
    {
      check_channels (1, 1, 1, amount);
      check_channels (1, 1, 85, amount);
      check_channels (5, 1, 3, amount);
      check_channels (1, 9, 2, amount);
      check_channels (3, NN_LINE_WIDTH_ROW - 2, 1, amount);
      check_channels (11, 13, 17, amount);
    }
}

/* The amount is drawn evenly from both sides, after the five of the moves. */
static void
test_drawn (void)
{
  const NnAugmentation augmentation = { .shift = 3, .line_width = 1 };
  guint8 picture[SIZE];
  NnReal values[SIZE];

  draw_line (3, 0.5, values);
  for (guint i = 0; i < SIZE; i++)
    picture[i] = 255 * values[i];
  for (guint i = 0; i < 100; i++)
    {
      const NnAugmentation moved = { .shift = 3 };
      NnRng rng = nn_rng_for (1, 2, i);
      NnReal expected[SIZE];
      double drawn = 0;

      nn_augment (&augmentation, rng, shape, picture, values);
      nn_augment (&moved, rng, shape, picture, expected);
      for (guint d = 0; d < 6; d++)
        drawn = 2 * nn_rng_uniform (&rng) - 1;
      nn_line_width_change (drawn, shape, expected);
      g_assert_cmpmem (values, sizeof values, expected, sizeof expected);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/line-width/wider", test_wider);
  g_test_add_func ("/line-width/narrower", test_narrower);
  g_test_add_func ("/line-width/range", test_range);
  g_test_add_func ("/line-width/shapes", test_shapes);
  g_test_add_func ("/line-width/drawn", test_drawn);
  return g_test_run ();
}
