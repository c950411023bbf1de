/* SPDX-License-Identifier: MIT */

/* By hand, in single precision; the gradients are also checked against
 * differences in test-nn-gradients.c. */

#include <float.h>
#include <glib.h>
#include <math.h>

#include "nn-loss.h"
#include "nn-samples.h"

/* Logits whose powers are 1, 2, 5 and 8, of which the probabilities are 16ths. */
static const NnReal known[4] = { 0, 0.69314718f, 1.60943791f, 2.07944154f };
static const double sixteenths[4] = { 1, 2, 5, 8 };

static void
test_softmax (void)
{
  NnReal probabilities[4];

  nn_softmax (known, 4, probabilities);
  for (gsize c = 0; c < 4; c++)
    {
      g_assert_cmpfloat_with_epsilon (probabilities[c], sixteenths[c] / 16, 1e-7);
      g_assert_cmpfloat_with_epsilon (nn_cross_entropy (known, 4, c), log (16 / sixteenths[c]), 1e-6);
    }
}

static void
check_known (double smoothing)
{
  const NnReal logits[2][4] = { { known[0], known[1], known[2], known[3] }, { known[3], known[2], known[1], known[0] } };
  const guint8 labels[2] = { 2, 0 };
  NnReal gradient[2][4];
  gsize correct = 40;
  double expected = 0, loss;

  loss = nn_softmax_cross_entropy (logits[0], labels, 2, 4, smoothing, gradient[0], &correct);
  g_assert_cmpuint (correct, ==, 41);
  for (gsize i = 0; i < 2; i++)
    for (gsize c = 0; c < 4; c++)
      {
        double probability = sixteenths[i == 0 ? c : 3 - c] / 16;
        double target = smoothing / 4 + (c == labels[i] ? 1 - smoothing : 0);

        expected -= target * log (probability);
        g_assert_cmpfloat_with_epsilon (gradient[i][c], (probability - target) / 2, 1e-7);
      }
  g_assert_cmpfloat_with_epsilon (loss, expected, 1e-6);

  /* Without a gradient the rest is the same. */
  g_assert_cmpfloat (nn_softmax_cross_entropy (logits[0], labels, 2, 4, smoothing, NULL, &correct), ==, loss);
  g_assert_cmpuint (correct, ==, 42);
}

static void
test_by_hand (void)
{
  check_known (0);
  check_known (0.1);
  check_known (0.9);
}

/* What shows nothing should be given equal probabilities, whatever the
 * smoothing. No answer is right or wrong. */
static void
test_no_class (void)
{
  static const NnReal equal[4] = { 7, 7, 7, 7 };
  const guint8 label = NN_NO_CLASS;
  NnReal gradient[4];
  gsize correct = 0;

  for (double smoothing = 0; smoothing < 1; smoothing += 0.4)
    {
      double expected = 0;

      for (gsize c = 0; c < 4; c++)
        expected -= log (sixteenths[c] / 16) / 4;
      g_assert_cmpfloat_with_epsilon (nn_softmax_cross_entropy (known, &label, 1, 4, smoothing, gradient, &correct), expected, 1e-6);
      for (gsize c = 0; c < 4; c++)
        g_assert_cmpfloat_with_epsilon (gradient[c], sixteenths[c] / 16 - 0.25, 1e-7);

      g_assert_cmpfloat_with_epsilon (nn_softmax_cross_entropy (equal, &label, 1, 4, smoothing, gradient, &correct), log (4), 1e-12);
      for (gsize c = 0; c < 4; c++)
        g_assert_cmpfloat (gradient[c], ==, 0);
    }
  g_assert_cmpuint (correct, ==, 0);
}

/* It is what a row has whose probabilities are the target. */
static void
test_smallest (void)
{
  g_assert_cmpfloat (nn_smallest_cross_entropy (1, 4, 0), ==, 0);
  g_assert_cmpfloat_with_epsilon (nn_smallest_cross_entropy (NN_NO_CLASS, 4, 0.2), log (4), 1e-12);

  for (double smoothing = 0.1; smoothing < 1; smoothing += 0.4)
    {
      const guint8 label = 2;
      NnReal logits[4], gradient[4];
      gsize correct = 0;

      for (gsize c = 0; c < 4; c++)
        logits[c] = log (smoothing / 4 + (c == label ? 1 - smoothing : 0));
      g_assert_cmpfloat_with_epsilon (nn_smallest_cross_entropy (label, 4, smoothing),
                                      nn_softmax_cross_entropy (logits, &label, 1, 4, smoothing, gradient, &correct), 1e-6);
      for (gsize c = 0; c < 4; c++)
        g_assert_cmpfloat_with_epsilon (gradient[c], 0, 1e-7);
    }
}

static void
test_extreme (void)
{
  static const NnReal extreme[][3] = {
    { 1000, 0, -1000 }, { -1e30f, -1e30f, -1e30f }, { FLT_MAX, -FLT_MAX, 0 }, { -FLT_MAX, FLT_MAX, FLT_MAX },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (extreme); i++)
    for (guint8 label = 0; label < 3; label++)
      {
        NnReal gradient[3];
        gsize correct = 0;

        g_assert_true (isfinite (nn_softmax_cross_entropy (extreme[i], &label, 1, 3, 0.1, gradient, &correct)));
        g_assert_true (isfinite (nn_cross_entropy (extreme[i], 3, label)));
        for (gsize c = 0; c < 3; c++)
          g_assert_true (gradient[c] >= -1 && gradient[c] <= 1);
      }
  g_assert_cmpfloat (nn_cross_entropy (extreme[0], 3, 0), ==, 0);
  g_assert_cmpfloat (nn_cross_entropy (extreme[0], 3, 2), ==, 2000);
}

/* Where a network has overflowed, the loss says so. */
static void
test_overflowed (void)
{
  const NnReal logits[2][2] = { { 0, INFINITY }, { NAN, 0 } };
  const guint8 label = 0;

  for (gsize i = 0; i < 2; i++)
    {
      NnReal probabilities[2];
      gsize correct = 0;

      g_assert_false (isfinite (nn_softmax_cross_entropy (logits[i], &label, 1, 2, 0, NULL, &correct)));
      nn_softmax (logits[i], 2, probabilities);
      g_assert_cmpfloat (probabilities[0], ==, 0.5f);
      g_assert_cmpfloat (probabilities[1], ==, 0.5f);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/loss/softmax", test_softmax);
  g_test_add_func ("/loss/by-hand", test_by_hand);
  g_test_add_func ("/loss/no-class", test_no_class);
  g_test_add_func ("/loss/smallest", test_smallest);
  g_test_add_func ("/loss/extreme", test_extreme);
  g_test_add_func ("/loss/overflowed", test_overflowed);
  return g_test_run ();
}
