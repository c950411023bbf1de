/* SPDX-License-Identifier: MIT */

/* What a training does with samples that it does not learn from, and with those
 * that have no class. */

#include "nn-loss.h"
#include "nn-predict.h"
#include "training.h"

/* Returns the mean loss of @network on @samples, less the smallest that those of
 * no class allow, and the share of right answers among the others. */
static double
evaluate (const NnNetwork *network, const NnSamples *samples, double *accuracy)
{
  g_autofree NnReal *logits = g_new (NnReal, samples->count * CLASSES);
  gsize correct = 0, n_labelled = 0;
  double loss;

  g_assert_cmpint (nn_predict (network, samples, NULL, NULL, logits), ==, NN_OK);
  loss = nn_softmax_cross_entropy (logits, samples->labels, samples->count, CLASSES, 0, NULL, &correct);
  for (gsize i = 0; i < samples->count; i++)
    n_labelled += samples->labels[i] != NN_NO_CLASS;
  loss -= (samples->count - n_labelled) * log (CLASSES);
  *accuracy = (double) correct / n_labelled;
  return loss / samples->count;
}

/* Makes every @nth picture one of no class: noise all over, without a bright
 * quarter. */
static void
add_noise (Pictures *pictures, guint nth)
{
  NnRng rng = nn_rng_new (77);

  for (guint i = 0; i < COUNT; i += nth)
    {
      for (guint p = 0; p < SIZE; p++)
        pictures->images[i][p] = nn_rng_below (&rng, 256);
      pictures->labels[i] = NN_NO_CLASS;
    }
}

/* All samples are trained on, and the figures are those of the others. */
static void
test_explicit (void)
{
  g_autofree Pictures *pictures = pictures_new (1), *others = pictures_new (2);
  NnNetwork *network = network_new (3);
  NnTrainOptions options = adam;
  g_auto (Record) record = { 0 };
  double loss, accuracy;

  others->samples.count = 101;
  others->labels[3] = (others->labels[3] + 1) % CLASSES; /* lest all be right */
  options.validation_share = 0;
  options.validation = &others->samples;
  options.epochs = 3;
  options.batch_size = COUNT;
  g_assert_cmpint (train (network, &pictures->samples, &options, 2, &record), ==, NN_OK);
  loss = evaluate (network, &others->samples, &accuracy);
  g_assert_cmpfloat_with_epsilon (record.epochs[2].val_loss, loss, 1e-5);
  g_assert_cmpfloat (record.epochs[2].val_accuracy, ==, accuracy);
  g_assert_cmpuint (record.n_calibrations, ==, 0); /* nobody asked */
  nn_network_free (network);

  /* What is held out has no part in the learning. */
  {
    NnNetwork *alone = network_new (3), *other = network_new (3);
    g_auto (Record) first = { 0 }, second = { 0 };

    options.validation = NULL;
    g_assert_cmpint (train (alone, &pictures->samples, &options, 1, &first), ==, NN_OK);
    options.validation = &pictures->samples;
    g_assert_cmpint (train (other, &pictures->samples, &options, 3, &second), ==, NN_OK);
    for (guint i = 0; i < 3; i++)
      {
        g_assert_true (g_bytes_equal (first.states[i], record.states[i]));
        g_assert_true (g_bytes_equal (second.states[i], record.states[i]));
      }
    nn_network_free (alone);
    nn_network_free (other);
  }
}

/* A network learns to be unsure of what has no class, and accuracies are those of
 * the rest. */
static void
test_no_class (void)
{
  g_autofree Pictures *pictures = pictures_new (1), *others = pictures_new (2);
  NnNetwork *network = network_new (3);
  NnTrainOptions options = adam;
  g_auto (Record) record = { 0 };
  NnReal logits[COUNT][CLASSES];
  double accuracy, loss, sure[2] = { 0 };
  const NnEpoch *last = &record.epochs[19];

  add_noise (pictures, 4);
  add_noise (others, 4);
  options.epochs = 20;
  options.validation_share = 0;
  options.validation = &others->samples;
  g_assert_cmpint (train (network, &pictures->samples, &options, 2, &record), ==, NN_OK);
  g_assert_cmpfloat (last->accuracy, >=, 0.97);
  g_assert_cmpfloat (last->accuracy, <=, 1);
  loss = evaluate (network, &others->samples, &accuracy);
  g_assert_cmpfloat_with_epsilon (last->val_loss, loss, 1e-5);
  g_assert_cmpfloat (last->val_accuracy, ==, accuracy);
  g_assert_cmpfloat (accuracy, >=, 0.96);
  /* A quarter of the samples has a cross-entropy of log 4 at least, which does not count. */
  g_assert_cmpfloat (last->loss, >, 0);
  g_assert_cmpfloat (last->loss, <, 0.5 * log (CLASSES) / 4);

  g_assert_cmpint (nn_predict (network, &others->samples, NULL, NULL, logits[0]), ==, NN_OK);
  for (guint i = 0; i < COUNT; i++)
    sure[i % 4 == 0] += nn_confidence (logits[i], CLASSES, 1) * 4 / COUNT / (i % 4 == 0 ? 1 : 3);
  g_assert_cmpfloat (sure[0], >, 0.9);
  g_assert_cmpfloat (sure[1], <, 0.5);
  nn_network_free (network);
}

/* Mini-batches, and whole epochs, may have nothing but samples of no class. */
static void
test_only_no_class (void)
{
  g_autofree Pictures *pictures = pictures_new (1);
  NnNetwork *network = network_new (3);
  NnTrainOptions options = adam;
  g_auto (Record) record = { 0 }, again = { 0 };

  add_noise (pictures, 1);
  options.calibrate = TRUE;
  g_assert_cmpint (train (network, &pictures->samples, &options, 2, &record), ==, NN_OK);
  g_assert_true (isnan (record.epochs[5].accuracy));
  g_assert_true (isnan (record.epochs[5].val_accuracy));
  g_assert_cmpfloat_with_epsilon (record.epochs[5].loss, 0, 0.01);
  g_assert_cmpfloat_with_epsilon (record.epochs[5].val_loss, 0, 0.01);
  g_assert_cmpuint (record.n_calibrations, ==, 0);
  nn_network_free (network);

  pictures->labels[7] = 1;
  network = network_new (3);
  options.batch_size = 1;
  g_assert_cmpint (train (network, &pictures->samples, &options, 1, &again), ==, NN_OK);
  g_assert_true (isfinite (again.epochs[5].loss));
  nn_network_free (network);
}

/* Pictures whose labels are wrong one time in five: a network that has learned
 * them by heart is too sure of itself. */
static Pictures *
doubtful_new (guint64 seed)
{
  Pictures *pictures = pictures_new (seed);
  NnRng rng = nn_rng_new (seed + 9);

  for (guint i = 0; i < COUNT; i++)
    if (nn_rng_below (&rng, 5) == 0)
      pictures->labels[i] = nn_rng_below (&rng, CLASSES);
  return pictures;
}

/* Checks that @network is the one of @epoch of @record with the logits divided. */
static void
check_calibrated (const NnNetwork *network, const Record *record, guint epoch, const NnSamples *held_out)
{
  const NnCalibration *calibration = &record->calibration;
  const NnLayer *last = nn_network_layer (network, nn_network_n_layers (network) - 1);
  const NnReal *before = g_bytes_get_data (record->states[epoch - 1], NULL);
  const NnReal *after = nn_network_parameters_const (network);
  g_autofree NnReal *logits = g_new (NnReal, held_out->count * CLASSES);
  guint n_below = 0;

  g_assert_cmpuint (record->n_calibrations, ==, 1);
  for (gsize i = 0; i < nn_network_n_parameters (network); i++)
    if (i < last->weights)
      g_assert_cmpfloat (after[i], ==, before[i]);
    else
      g_assert_cmpfloat_with_epsilon (after[i] * calibration->temperature, before[i], 1e-6 + 1e-6 * fabs (before[i]));

  /* The network's own probabilities are the ones that were measured. */
  g_assert_cmpint (nn_predict (network, held_out, NULL, NULL, logits), ==, NN_OK);
  g_assert_cmpfloat_with_epsilon (nn_fit_temperature (logits, held_out->labels, held_out->count, CLASSES), 1, 1e-3);
  g_assert_cmpfloat_with_epsilon (nn_calibration_error (logits, held_out->labels, held_out->count, CLASSES, 1),
                                  calibration->error_after, 0.01);
  for (gsize i = 0; i < held_out->count; i++)
    n_below += nn_confidence (logits + i * CLASSES, CLASSES, 1) < calibration->threshold - 1e-5;
  g_assert_cmpuint (n_below, ==, held_out->count / 125);
}

static void
test_calibration (void)
{
  g_autofree Pictures *pictures = doubtful_new (1), *others = doubtful_new (2);
  NnTrainOptions options = adam;

  options.epochs = 12;
  options.calibrate = TRUE;
  options.validation_share = 0;
  options.validation = &others->samples;
  for (guint restore = 0; restore <= 1; restore++)
    {
      NnNetwork *network = network_new_from (mlp_specs, G_N_ELEMENTS (mlp_specs), 3);
      g_auto (Record) record = { 0 };
      guint best = 0;

      options.restore_best = restore;
      options.schedule.learning_rate = restore ? 0.03 : 0.01;
      g_assert_cmpint (train (network, &pictures->samples, &options, 2, &record), ==, NN_OK);
      for (guint i = 0; i < record.n_epochs; i++)
        if (record.epochs[i].is_best)
          best = i + 1;
      g_assert_cmpuint (best, <, options.epochs);
      check_calibrated (network, &record, restore ? best : options.epochs, &others->samples);
      if (!restore)
        {
          g_assert_cmpfloat (record.calibration.temperature, >, 1.2);
          g_assert_cmpfloat (record.calibration.error_after, <, record.calibration.error_before);
        }
      nn_network_free (network);
    }
}

/* The network that a stopped run goes back to is calibrated; one in the middle of
 * an epoch is not, and neither is one whose last layer cannot be scaled. */
static void
test_not_calibrated (void)
{
  static const NnLayerSpec norm_specs[] = {
    { .kind = NN_FLATTEN },
    { .kind = NN_DENSE, .units = CLASSES },
    { .kind = NN_BATCH_NORM, .epsilon = 1e-5, .momentum = 0.9 },
  };
  g_autofree Pictures *pictures = doubtful_new (1);
  NnTrainOptions options = adam;
  NnNetwork *network;

  options.calibrate = TRUE;
  for (guint restore = 0; restore <= 1; restore++)
    {
      g_auto (Record) record = { .stop_at = 0.7 };

      options.restore_best = restore;
      network = network_new (3);
      g_assert_cmpint (train (network, &pictures->samples, &options, 1, &record), ==, NN_STOPPED);
      g_assert_cmpuint (record.n_calibrations, ==, restore);
      nn_network_free (network);
    }

  {
    g_auto (Record) record = { 0 };

    options.restore_best = FALSE;
    network = network_new_from (norm_specs, G_N_ELEMENTS (norm_specs), 3);
    g_assert_cmpint (train (network, &pictures->samples, &options, 1, &record), ==, NN_OK);
    g_assert_cmpuint (record.n_calibrations, ==, 0);
    nn_network_free (network);
  }

  {
    g_auto (Record) record = { 0 };

    options.validation_share = 0;
    network = network_new (3);
    g_assert_cmpint (train (network, &pictures->samples, &options, 1, &record), ==, NN_OK);
    g_assert_cmpuint (record.n_calibrations, ==, 0);
    nn_network_free (network);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/held-out/explicit", test_explicit);
  g_test_add_func ("/held-out/no-class", test_no_class);
  g_test_add_func ("/held-out/only-no-class", test_only_no_class);
  g_test_add_func ("/held-out/calibration", test_calibration);
  g_test_add_func ("/held-out/not-calibrated", test_not_calibrated);
  return g_test_run ();
}
