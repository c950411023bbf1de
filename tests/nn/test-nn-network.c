/* SPDX-License-Identifier: MIT */
#include <stdint.h>

#include "networks.h"
#include "nn-loss.h"

static const NnLayerSpec small_specs[] = { SAME (3, 2), RELU, POOL (2, 2), FLATTEN, DENSE (3) };
static const NnShape small_input = { 6, 5, 1 };

static NnNetwork *
small_network (guint64 seed)
{
  NnRng rng = nn_rng_new (seed);
  NnNetwork *network;

  g_assert_cmpint (nn_network_new (small_input, small_specs, G_N_ELEMENTS (small_specs), NULL, &network), ==, NN_OK);
  nn_network_init (network, &rng);
  return network;
}

static void
test_shapes (void)
{
  NnNetwork *network = small_network (1);
  const NnLayer *dense = nn_network_layer (network, 4);

  g_assert_cmpuint (nn_network_n_layers (network), ==, 5);
  g_assert_cmpuint (nn_network_layer (network, 0)->output.height, ==, 6);
  g_assert_cmpuint (nn_network_layer (network, 0)->output.width, ==, 5);
  g_assert_cmpuint (nn_network_layer (network, 2)->output.height, ==, 3);
  g_assert_cmpuint (nn_network_layer (network, 2)->output.width, ==, 2);
  g_assert_cmpuint (dense->input.channels, ==, 12);
  g_assert_cmpuint (dense->weights, ==, 18 + 2);
  g_assert_cmpuint (dense->n_weights, ==, 36);
  g_assert_cmpuint (dense->biases, ==, 20 + 36);
  g_assert_cmpuint (nn_network_n_parameters (network), ==, 20 + 36 + 3);
  g_assert_cmpuint (nn_shape_size (nn_network_output (network)), ==, 3);
  g_assert_cmpfloat (nn_network_flops (network), ==, 2.0 * 30 * 18 + 2.0 * 36);
  nn_network_free (network);
}

/* Running statistics lie apart from parameters, in the order of the layers. */
static void
test_statistics (void)
{
  const NnLayerSpec specs[] = { NORM, SAME (3, 2), NORM, RELU, GLOBAL_AVERAGE, DENSE (4), NORM };
  NnNetwork *network;

  g_assert_cmpint (nn_network_new (small_input, specs, G_N_ELEMENTS (specs), NULL, &network), ==, NN_OK);
  g_assert_cmpuint (nn_network_layer (network, 0)->n_weights, ==, 1);
  g_assert_cmpuint (nn_network_layer (network, 2)->weights, ==, 2 + 18 + 2);
  g_assert_cmpuint (nn_network_layer (network, 2)->biases, ==, 22 + 2);
  g_assert_cmpuint (nn_network_layer (network, 2)->statistics, ==, 2);
  g_assert_cmpuint (nn_network_layer (network, 6)->statistics, ==, 2 + 4);
  g_assert_cmpuint (nn_network_n_parameters (network), ==, 22 + 4 + 12 + 8);
  g_assert_cmpuint (nn_network_n_statistics (network), ==, 2 + 4 + 8);
  g_assert_cmpuint (nn_network_layer (network, 4)->output.channels, ==, 2);
  g_assert_cmpuint (nn_network_layer (network, 4)->output.height, ==, 1);
  g_assert_cmpfloat (nn_network_flops (network), ==, 2.0 * 30 * 18 + 2.0 * 8);
  nn_network_free (network);
}

static void
expect_bad (NnShape input, const NnLayerSpec *specs, gsize n, NnStatus status, gsize layer)
{
  NnNetwork *network = NULL;
  gsize bad_layer = 99;

  g_assert_cmpint (nn_network_new (input, specs, n, &bad_layer, &network), ==, status);
  g_assert_cmpuint (bad_layer, ==, layer);
  g_assert_null (network);
}

/* What a single layer does not take is in test-nn-layers.c. */
static void
test_bad_networks (void)
{
  const NnShape image = { 4, 4, 1 }, flat = { 1, 1, 4 };
  const NnLayerSpec dense_on_image[] = { RELU, SAME (3, 2), DENSE (2) };
  const NnLayerSpec shrunk[] = { POOL (2, 2), RELU, VALID (3, 1) };
  const NnLayerSpec no_units[] = { RELU, DENSE (0) };
  const NnLayerSpec too_many[] = { DENSE (SIZE_MAX / 2), DENSE (SIZE_MAX / 2) };

  expect_bad (image, dense_on_image, 3, NN_BAD_SHAPE, 2);
  expect_bad (image, shrunk, 3, NN_BAD_SHAPE, 2);
  expect_bad (flat, no_units, 2, NN_BAD_ARGUMENT, 1);
  expect_bad (flat, too_many, 2, NN_TOO_LARGE, 0);
  expect_bad (flat, NULL, 0, NN_BAD_ARGUMENT, 0);
  expect_bad ((NnShape){ 0, 1, 1 }, no_units, 1, NN_BAD_ARGUMENT, 0);
  expect_bad ((NnShape){ SIZE_MAX / 4, 2, 9 }, no_units, 1, NN_BAD_ARGUMENT, 0);
}

static void
test_too_large_workspace (void)
{
  NnNetwork *network = small_network (1);
  NnWorkspace *workspace = NULL;

  g_assert_cmpint (nn_workspace_new (network, SIZE_MAX / 8, NN_TRAINING, NULL, NULL, &workspace), ==, NN_TOO_LARGE);
  g_assert_cmpint (nn_workspace_new (network, 0, NN_INFERENCE, NULL, NULL, &workspace), ==, NN_BAD_ARGUMENT);
  g_assert_null (workspace);
  nn_network_free (network);
}

static void
test_copy (void)
{
  const NnLayerSpec specs[] = { SAME (3, 2), NORM, FLATTEN, DENSE (3) };
  NnRng rng = nn_rng_new (3);
  NnNetwork *network = drawn_network_new (small_input, specs, G_N_ELEMENTS (specs), &rng), *copy;
  gsize size = nn_network_n_parameters (network) * sizeof (NnReal);
  gsize statistics_size = nn_network_n_statistics (network) * sizeof (NnReal);
  g_autofree NnReal *parameters = g_memdup2 (nn_network_parameters (network), size);
  g_autofree NnReal *statistics = g_memdup2 (nn_network_statistics (network), statistics_size);

  g_assert_cmpint (nn_network_copy (network, &copy), ==, NN_OK);
  draw_parameters (network, &rng);
  g_assert_cmpmem (nn_network_parameters_const (copy), size, parameters, size);
  g_assert_cmpmem (nn_network_statistics_const (copy), statistics_size, statistics, statistics_size);
  nn_network_free (network);
  g_assert_cmpuint (nn_network_n_layers (copy), ==, 4);
  g_assert_cmpuint (nn_network_layer (copy, 1)->statistics, ==, 0);
  g_assert_cmpuint (nn_network_n_statistics (copy), ==, 4);
  nn_network_free (copy);
}

/* He's initialisation: the deviation of the weights is √(2 / fan_in). */
static void
test_init (void)
{
  const NnLayerSpec specs[] = { { .kind = NN_DENSE, .units = 500 } };
  NnRng rng = nn_rng_new (8);
  NnNetwork *network;
  const NnReal *weights;
  const gsize n = 200 * 500;
  double squares = 0;

  g_assert_cmpint (nn_network_new ((NnShape){ 1, 1, 200 }, specs, 1, NULL, &network), ==, NN_OK);
  nn_network_init (network, &rng);
  weights = nn_network_parameters (network);
  for (gsize i = 0; i < n; i++)
    squares += (double) weights[i] * weights[i];
  g_assert_cmpfloat_with_epsilon (squares / n, 2.0 / 200, 5 * 0.01 * sqrt (2.0 / n));
  for (gsize i = 0; i < 500; i++)
    g_assert_cmpfloat (weights[n + i], ==, 0);
  nn_network_free (network);
}

static void
test_init_batch_norm (void)
{
  const NnLayerSpec specs[] = { DENSE (3), NORM };
  NnRng rng = nn_rng_new (9);
  NnNetwork *network = drawn_network_new ((NnShape){ 1, 1, 2 }, specs, 2, &rng);
  const NnReal *norm = nn_network_parameters (network) + nn_network_layer (network, 1)->weights;
  const NnReal *statistics = nn_network_statistics (network);

  nn_network_init (network, &rng);
  for (gsize c = 0; c < 3; c++)
    {
      g_assert_cmpfloat (norm[c], ==, 1);
      g_assert_cmpfloat (norm[3 + c], ==, 0);
      g_assert_cmpfloat (statistics[c], ==, 0);
      g_assert_cmpfloat (statistics[3 + c], ==, 1);
    }
  nn_network_free (network);
}

static void
test_softmax (void)
{
  const NnReal logits[4] = { 1000, 1001, -1000, 1001 };
  NnReal probabilities[4];

  nn_softmax (logits, 4, probabilities);
  g_assert_cmpfloat_with_epsilon (probabilities[0], 1 / (1 + 2 * exp (1.0)), 1e-6);
  g_assert_cmpfloat_with_epsilon (probabilities[1], exp (1.0) / (1 + 2 * exp (1.0)), 1e-6);
  g_assert_cmpfloat (probabilities[2], ==, 0);
  g_assert_cmpuint (nn_argmax (logits, 4), ==, 1);
  nn_softmax ((const NnReal[]){ 1, INFINITY, 0, NAN }, 4, probabilities);
  for (guint c = 0; c < 4; c++)
    g_assert_cmpfloat (probabilities[c], ==, 0.25);
  g_assert_cmpfloat_with_epsilon (nn_cross_entropy (logits, 4, 2), 2001 + log (2 + exp (-1)), 1e-9);
}

/* Runs one sample, a ramp, through @network. */
static void
run_ramp (const NnNetwork *network, NnReal *logits)
{
  gsize n = nn_shape_size (nn_network_input (network));
  NnWorkspace *workspace;

  g_assert_cmpint (nn_workspace_new (network, 1, NN_INFERENCE, NULL, NULL, &workspace), ==, NN_OK);
  for (gsize i = 0; i < n; i++)
    nn_workspace_input (workspace)[i] = (NnReal) i / n;
  memcpy (logits, nn_forward (network, workspace, 1), nn_shape_size (nn_network_output (network)) * sizeof (NnReal));
  nn_workspace_free (workspace);
}

static void
check_scale (const NnLayerSpec *specs, gsize n_specs, NnStatus expected)
{
  NnRng rng = nn_rng_new (3);
  NnNetwork *network;
  NnReal before[64], after[64];

  g_assert_cmpint (nn_network_new (small_input, specs, n_specs, NULL, &network), ==, NN_OK);
  nn_network_init (network, &rng);
  for (gsize i = 0; i < nn_network_n_parameters (network); i++) /* the biases, too */
    nn_network_parameters (network)[i] += 0.25f;
  run_ramp (network, before);
  g_assert_cmpint (nn_network_scale_logits (network, 0.5), ==, expected);
  run_ramp (network, after);
  for (gsize i = 0; i < nn_shape_size (nn_network_output (network)); i++)
    g_assert_cmpfloat (after[i], ==, expected == NN_OK ? before[i] / 2 : before[i]);
  nn_network_free (network);
}

static void
test_scale_logits (void)
{
  const NnLayerSpec conv_specs[] = { SAME (3, 2), RELU, SAME (3, 2) };
  const NnLayerSpec norm_specs[] = { FLATTEN, DENSE (3), NORM };

  check_scale (small_specs, G_N_ELEMENTS (small_specs), NN_OK);
  check_scale (conv_specs, G_N_ELEMENTS (conv_specs), NN_OK);
  check_scale (norm_specs, G_N_ELEMENTS (norm_specs), NN_BAD_ARGUMENT);
}

/* Parameters and running statistics go the whole way, or a part of it. */
static void
test_approach (void)
{
  const NnLayerSpec specs[] = { FLATTEN, DENSE (3), NORM };
  NnNetwork *network, *source;
  gsize n;

  g_assert_cmpint (nn_network_new (small_input, specs, G_N_ELEMENTS (specs), NULL, &network), ==, NN_OK);
  n = nn_network_n_parameters (network) + nn_network_n_statistics (network);
  g_assert_cmpint (nn_network_copy (network, &source), ==, NN_OK);
  for (gsize i = 0; i < n; i++)
    {
      nn_network_parameters (network)[i] = i;
      nn_network_parameters (source)[i] = 2.0f * i + 8;
    }
  nn_network_approach (network, source, 0.25);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat (nn_network_parameters (network)[i], ==, 1.25f * i + 2);
  nn_network_assign (network, source);
  g_assert_cmpmem (nn_network_parameters (network), n * sizeof (NnReal), nn_network_parameters (source), n * sizeof (NnReal));
  nn_network_free (network);
  nn_network_free (source);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network/shapes", test_shapes);
  g_test_add_func ("/network/statistics", test_statistics);
  g_test_add_func ("/network/bad-networks", test_bad_networks);
  g_test_add_func ("/network/too-large-workspace", test_too_large_workspace);
  g_test_add_func ("/network/copy", test_copy);
  g_test_add_func ("/network/init", test_init);
  g_test_add_func ("/network/init-batch-norm", test_init_batch_norm);
  g_test_add_func ("/network/softmax", test_softmax);
  g_test_add_func ("/network/scale-logits", test_scale_logits);
  g_test_add_func ("/network/approach", test_approach);
  return g_test_run ();
}
