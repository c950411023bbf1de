/* SPDX-License-Identifier: MIT */
#include <glib.h>
#include <math.h>

#include "nn-rng.h"

/* The first numbers of SplitMix64 from seed 1234567, as published with the
 * reference implementation by Sebastiano Vigna (public domain). */
static void
test_sequence (void)
{
  NnRng rng = nn_rng_new (1234567);
  static const guint64 expected[] = {
    G_GUINT64_CONSTANT (6457827717110365317), G_GUINT64_CONSTANT (3203168211198807973),
    G_GUINT64_CONSTANT (9817491932198370423), G_GUINT64_CONSTANT (4593380528125082431),
    G_GUINT64_CONSTANT (16408922859458223821),
  };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpuint (nn_rng_next (&rng), ==, expected[i]);
}

static void
test_copy (void)
{
  NnRng rng = nn_rng_new (7);
  NnRng copy;

  nn_rng_normal (&rng);
  copy = rng;
  for (guint i = 0; i < 100; i++)
    g_assert_cmpuint (nn_rng_next (&rng), ==, nn_rng_next (&copy));
}

/* The three numbers alone decide, each of them does, and neighbours have nothing
 * to do with each other. */
static void
test_for (void)
{
  const guint n = 4096;
  guint bits = 0;
  double sum = 0;

  for (guint i = 0; i < n; i++)
    {
      guint64 a = i % 16, b = i / 16 % 16, c = i / 256;
      NnRng rng = nn_rng_for (a, b, c), same = nn_rng_for (a, b, c);
      guint64 first = nn_rng_next (&same);
      NnRng next[] = { nn_rng_for (a + 1, b, c), nn_rng_for (a, b + 1, c), nn_rng_for (a, b, c + 1), nn_rng_for (b, a, c) };

      sum += nn_rng_uniform (&rng);
      for (guint k = 0; k < G_N_ELEMENTS (next); k++)
        if (k < 3 || a != b)
          bits += __builtin_popcountll (first ^ nn_rng_next (&next[k]));
        else
          bits += 32;
    }
  g_assert_cmpfloat_with_epsilon (sum / n, 0.5, 5 / sqrt (12.0 * n));
  /* Half of the 64 bits are others, with a deviation of 4. */
  g_assert_cmpfloat_with_epsilon (bits / (4.0 * n), 32, 5 * 4 / sqrt (4.0 * n));
}

static void
test_uniform (void)
{
  const guint n = 100000;
  NnRng rng = nn_rng_new (1);
  double sum = 0;

  for (guint i = 0; i < n; i++)
    {
      double u = nn_rng_uniform (&rng);

      g_assert_true (u >= 0 && u < 1);
      sum += u;
    }
  g_assert_cmpfloat_with_epsilon (sum / n, 0.5, 5 / sqrt (12.0 * n));
}

static void
test_normal (void)
{
  const guint n = 100000;
  NnRng rng = nn_rng_new (2);
  double sum = 0, squares = 0;

  for (guint i = 0; i < n; i++)
    {
      double x = nn_rng_normal (&rng);

      sum += x;
      squares += x * x;
    }
  g_assert_cmpfloat_with_epsilon (sum / n, 0, 5 / sqrt (n));
  g_assert_cmpfloat_with_epsilon (squares / n, 1, 5 * sqrt (2.0 / n));
}

static void
test_below (void)
{
  const guint n = 70000;
  NnRng rng = nn_rng_new (3);
  guint counts[7] = { 0 };

  for (guint i = 0; i < n; i++)
    counts[nn_rng_below (&rng, 7)]++;
  for (guint i = 0; i < 7; i++)
    g_assert_cmpfloat_with_epsilon (counts[i], n / 7.0, 5 * sqrt (n / 7.0));
  g_assert_cmpuint (nn_rng_below (&rng, 1), ==, 0);
}

static void
test_shuffle (void)
{
  NnRng rng = nn_rng_new (4);
  guint32 items[100];
  gboolean seen[100] = { FALSE };
  guint unmoved = 0;

  for (guint i = 0; i < 100; i++)
    items[i] = i;
  nn_rng_shuffle (&rng, items, 100);
  for (guint i = 0; i < 100; i++)
    {
      g_assert_false (seen[items[i]]);
      seen[items[i]] = TRUE;
      unmoved += items[i] == i;
    }
  g_assert_cmpuint (unmoved, <, 8);
  nn_rng_shuffle (&rng, items, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rng/sequence", test_sequence);
  g_test_add_func ("/rng/copy", test_copy);
  g_test_add_func ("/rng/for", test_for);
  g_test_add_func ("/rng/uniform", test_uniform);
  g_test_add_func ("/rng/normal", test_normal);
  g_test_add_func ("/rng/below", test_below);
  g_test_add_func ("/rng/shuffle", test_shuffle);
  return g_test_run ();
}
