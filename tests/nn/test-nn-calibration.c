/* SPDX-License-Identifier: MIT */
#include <glib.h>
#include <math.h>

#include "nn-calibration.h"
#include "nn-loss.h"
#include "nn-samples.h"

#define CLASSES 5
#define COUNT 20000

typedef struct
{
  NnReal logits[COUNT][CLASSES];
  guint8 labels[COUNT];
} Samples;

/* Random logits, @scale times those that the labels are drawn by: what a network
 * says that knows the truth and exaggerates it. Every seventh has no class. */
static Samples *
samples_new (double scale)
{
  Samples *samples = g_new (Samples, 1);
  NnRng rng = nn_rng_new (1);

  for (guint i = 0; i < COUNT; i++)
    {
      NnReal probabilities[CLASSES];
      double rest = nn_rng_uniform (&rng);
      guint label = 0;

      for (guint c = 0; c < CLASSES; c++)
        samples->logits[i][c] = 2 * nn_rng_normal (&rng);
      nn_softmax (samples->logits[i], CLASSES, probabilities);
      while (label < CLASSES - 1 && (rest -= probabilities[label]) > 0)
        label++;
      samples->labels[i] = i % 7 == 0 ? NN_NO_CLASS : label;
      for (guint c = 0; c < CLASSES; c++)
        samples->logits[i][c] *= scale;
    }
  return samples;
}

static double
loss_at (const Samples *samples, double temperature)
{
  double loss = 0;

  for (guint i = 0; i < COUNT; i++)
    {
      NnReal logits[CLASSES];

      for (guint c = 0; c < CLASSES; c++)
        logits[c] = samples->logits[i][c] / temperature;
      if (samples->labels[i] != NN_NO_CLASS)
        loss += nn_cross_entropy (logits, CLASSES, samples->labels[i]);
    }
  return loss / COUNT;
}

/* The exaggeration is found, nothing near it has a smaller loss, and what is left
 * of the error is chance. */
static void
test_temperature (void)
{
  static const double scales[] = { 0.1, 0.5, 1, 2, 7 };

  for (guint i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      g_autofree Samples *samples = samples_new (scales[i]);
      double temperature = nn_fit_temperature (samples->logits[0], samples->labels, COUNT, CLASSES);
      double loss = loss_at (samples, temperature);
      double error = nn_calibration_error (samples->logits[0], samples->labels, COUNT, CLASSES, temperature);

      g_assert_cmpfloat_with_epsilon (temperature / scales[i], 1, 0.03);
      g_assert_cmpfloat (loss, <, loss_at (samples, temperature * 1.03));
      g_assert_cmpfloat (loss, <, loss_at (samples, temperature / 1.03));
      g_assert_cmpfloat (error, <, 0.012);
      if (scales[i] != 1)
        g_assert_cmpfloat (nn_calibration_error (samples->logits[0], samples->labels, COUNT, CLASSES, 1), >, 5 * error);
    }
}

/* No temperature is outside 0.05 … 20; a few samples that are all right do not
 * make it very small; nothing to learn from changes nothing. */
static void
test_limits (void)
{
  const NnReal right[] = { 3, 0, 0, 3, 3, 0 }, wrong[] = { 0, 3, 3, 0, 0, 3 }, even[] = { 1, 1, 1, 1, 1, 1 };
  const guint8 labels[] = { 0, 1, 0 }, none[] = { NN_NO_CLASS, NN_NO_CLASS, NN_NO_CLASS };
  const NnReal cold[] = { 0.0001f, 0, 0, 0.0001f, 0.0001f, 0 };
  double temperature = nn_fit_temperature (right, labels, 3, 2);

  /* Three samples that are right and the two that Platt adds, half of each class:
   * the label's target is 0.9, so 3 / T is log 9. */
  g_assert_cmpfloat_with_epsilon (temperature, 3 / log (9), 1e-6);
  g_assert_cmpfloat_with_epsilon (nn_fit_temperature (wrong, labels, 3, 2), 20, 1e-6);
  g_assert_cmpfloat_with_epsilon (nn_fit_temperature (cold, labels, 3, 2), 0.05, 1e-6);
  g_assert_cmpfloat (nn_fit_temperature (even, labels, 3, 2), ==, 1);
  g_assert_cmpfloat (nn_fit_temperature (right, none, 3, 2), ==, 1);
  g_assert_cmpfloat (nn_fit_temperature (right, labels, 0, 2), ==, 1);
}

/* Logits whose largest probability is p / (p + 1). */
static void
test_error (void)
{
  const NnReal nine = (NnReal) log (9), three = (NnReal) log (3);
  const NnReal logits[] = { nine, 0, 0, nine, three, 0, 0, three, 99, 0 };
  const guint8 labels[] = { 0, 0, 0, 0, NN_NO_CLASS };

  /* In the bin of 0.9, one of two is right; so it is in that of 0.75. */
  g_assert_cmpfloat_with_epsilon (nn_calibration_error (logits, labels, 5, 2, 1), (2 * 0.4 + 2 * 0.25) / 4, 1e-6);
  /* At half the temperature they are 81/82 and 9/10; at a high one all is 1/2. */
  g_assert_cmpfloat_with_epsilon (nn_calibration_error (logits, labels, 5, 2, 0.5), (81 / 82.0 + 0.9 - 1) / 2, 1e-6);
  g_assert_cmpfloat_with_epsilon (nn_calibration_error (logits, labels, 5, 2, 1e9), 0, 1e-6);
  g_assert_true (isnan (nn_calibration_error (logits, labels + 4, 1, 2, 1)));
}

static void
test_threshold (void)
{
  g_autofree Samples *samples = samples_new (2);
  NnCalibration calibration;
  guint n_labelled = 0, n_below = 0, n_at = 0;

  g_assert_cmpint (nn_calibrate (samples->logits[0], samples->labels, COUNT, CLASSES, &calibration), ==, NN_OK);
  g_assert_cmpfloat (calibration.temperature, ==, nn_fit_temperature (samples->logits[0], samples->labels, COUNT, CLASSES));
  g_assert_cmpfloat (calibration.error_before, ==, nn_calibration_error (samples->logits[0], samples->labels, COUNT, CLASSES, 1));
  g_assert_cmpfloat (calibration.error_after, <, calibration.error_before / 5);
  for (guint i = 0; i < COUNT; i++)
    if (samples->labels[i] != NN_NO_CLASS)
      {
        double confidence = nn_confidence (samples->logits[i], CLASSES, calibration.temperature);

        n_labelled++;
        n_below += confidence < calibration.threshold;
        n_at += confidence == calibration.threshold;
      }
  g_assert_cmpuint (n_at, ==, 1);
  g_assert_cmpuint (n_below, ==, n_labelled / 125);

  /* Of few samples, all reach it. */
  g_assert_cmpint (nn_calibrate (samples->logits[1], samples->labels + 1, 3, CLASSES, &calibration), ==, NN_OK);
  for (guint i = 1; i <= 3; i++)
    g_assert_cmpfloat (nn_confidence (samples->logits[i], CLASSES, calibration.temperature), >=, calibration.threshold);
  g_assert_cmpint (nn_calibrate (samples->logits[0], samples->labels, 1, CLASSES, &calibration), ==, NN_BAD_ARGUMENT);
  g_assert_cmpint (nn_calibrate (samples->logits[0], samples->labels, 0, CLASSES, &calibration), ==, NN_BAD_ARGUMENT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/calibration/temperature", test_temperature);
  g_test_add_func ("/calibration/limits", test_limits);
  g_test_add_func ("/calibration/error", test_error);
  g_test_add_func ("/calibration/threshold", test_threshold);
  return g_test_run ();
}
