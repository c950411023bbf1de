/* SPDX-License-Identifier: MIT */
#include "lab-preset-private.h"

#include "lab-sample.h"
#include "lab-settings-private.h"
#include "nn-benchmark.h"

/* What the source projects count, and what their products need for training on
 * one image, in 10⁶ multiplications and additions. */
static const struct
{
  const char *name;
  gsize parameters;
  double mflop;
} networks[] = {
  { "mlp-128-128", 118282, 0.507 },
  { "mlp-300-100", 266610, 1.127 },
  { "mlp-500-500", 648010, 3.098 },
  { "mlp-512-512-512", 932362, 4.782 },
  { "lenet", 184586, 22.3 },
  { "cnn-bn", 211690, 131.4 },
};

static void
test_networks (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (networks); i++)
    {
      const LabPreset *preset = lab_preset_find (networks[i].name);
      NnNetwork *network = NULL;

      g_assert_nonnull (preset);
      g_assert_cmpint (lab_preset_build (preset, 1, &network), ==, NN_OK);
      g_assert_cmpuint (nn_network_n_parameters (network), ==, networks[i].parameters);
      g_assert_cmpuint (nn_shape_size (nn_network_output (network)), ==, LAB_N_CLASSES);
      g_assert_cmpfloat_with_epsilon (1e-6 * nn_benchmark_flops (network), networks[i].mflop, 0.001 * networks[i].mflop);
      nn_network_free (network);
    }
}

/* Keras counts 213,354 with what batch norm knows of the training data. */
static void
test_statistics (void)
{
  NnNetwork *network = NULL;

  g_assert_cmpint (lab_preset_build (lab_preset_find ("cnn-bn"), 1, &network), ==, NN_OK);
  g_assert_cmpuint (nn_network_n_parameters (network) + nn_network_n_statistics (network), ==, 213354);
  nn_network_free (network);
}

/* How many of MNIST's 60,000 images each source project trains on. */
static void
test_samples (void)
{
  static const struct
  {
    const char *name;
    guint samples;
  } cases[] = {
    { "mlp-128-128", 60000 }, { "mlp-300-100", 55000 },     { "mlp-500-500", 54000 },
    { "lenet", 60000 },       { "mlp-512-512-512", 54000 }, { "cnn-bn", 54000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const LabSettings *settings = &lab_preset_find (cases[i].name)->settings;

      g_assert_cmpuint (60000 - (guint) (60000 * settings->validation_share), ==, cases[i].samples);
    }
}

/* The settings of the network whose training has the most to say. */
static void
test_options (void)
{
  LabSettings settings = lab_preset_find ("cnn-bn")->settings;
  NnTrainOptions options;

  g_assert_true (lab_settings_to_options (&lab_preset_find ("cnn-bn")->settings, &options, NULL));
  g_assert_cmpint (options.optimizer, ==, NN_ADAM);
  g_assert_cmpuint (options.epochs, ==, 30);
  g_assert_cmpuint (options.batch_size, ==, 128);
  g_assert_cmpint (options.schedule.kind, ==, NN_PLATEAU);
  g_assert_cmpfloat (options.schedule.learning_rate, ==, 0.001);
  g_assert_cmpfloat (options.schedule.factor, ==, 0.5);
  g_assert_cmpuint (options.schedule.epochs, ==, 3);
  g_assert_cmpuint (options.patience, ==, 7);
  g_assert_true (options.restore_best);
  g_assert_cmpfloat (options.augmentation.rotation, ==, 10);
  g_assert_cmpfloat (options.augmentation.shift, ==, 2.8);
  g_assert_cmpfloat (options.augmentation.zoom, ==, 0.1);
  g_assert_cmpfloat (options.augmentation.shear, >, 0);

  settings.elastic = 1.5;
  settings.elastic_radius = 4;
  settings.line_width = 0.5;
  settings.average = 0.99;
  g_assert_true (lab_settings_to_options (&settings, &options, NULL));
  g_assert_cmpfloat (options.augmentation.elastic, ==, 1.5);
  g_assert_cmpfloat (options.augmentation.elastic_radius, ==, 4);
  g_assert_cmpfloat (options.augmentation.line_width, ==, 0.5);
  g_assert_cmpfloat (options.average, ==, 0.99);
  g_assert_true (options.calibrate);

  g_assert_true (lab_settings_to_options (&lab_preset_find ("mlp-300-100")->settings, &options, NULL));
  g_assert_cmpint (options.optimizer, ==, NN_SGD);
  g_assert_cmpfloat (options.momentum, ==, 0);
  g_assert_cmpint (options.schedule.kind, ==, NN_CONSTANT);
  g_assert_cmpfloat (options.schedule.learning_rate, ==, 0.01);
  g_assert_cmpfloat (options.augmentation.rotation, ==, 0);
  g_assert_false (options.restore_best);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/preset/networks", test_networks);
  g_test_add_func ("/preset/statistics", test_statistics);
  g_test_add_func ("/preset/samples", test_samples);
  g_test_add_func ("/preset/options", test_options);
  return g_test_run ();
}
