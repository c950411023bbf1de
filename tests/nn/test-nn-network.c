/* SPDX-License-Identifier: MIT */
#include <glib.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "nn-loss.h"
#include "nn-network.h"

static const NnLayerSpec small_specs[] = {
  { .kind = NN_CONV2D, .units = 2, .kernel_height = 3, .kernel_width = 3, .padding = NN_PADDING_SAME },
  { .kind = NN_RELU },
  { .kind = NN_MAX_POOL, .kernel_height = 2, .kernel_width = 2 },
  { .kind = NN_FLATTEN },
  { .kind = NN_DENSE, .units = 3 },
};
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

static void
expect_bad (NnShape input, const NnLayerSpec *specs, gsize n, NnStatus status, gsize layer)
{
  NnNetwork *network = NULL;
  gsize bad_layer = 99;

  g_assert_cmpint (nn_network_new (input, specs, n, &bad_layer, &network), ==, status);
  g_assert_cmpuint (bad_layer, ==, layer);
  g_assert_null (network);
}

static void
test_bad_specs (void)
{
  const NnShape image = { 4, 4, 1 }, flat = { 1, 1, 4 };
  const NnLayerSpec dense_on_image[] = { { .kind = NN_DENSE, .units = 2 } };
  const NnLayerSpec no_units[] = { { .kind = NN_RELU }, { .kind = NN_DENSE } };
  const NnLayerSpec large_kernel[] = {
    { .kind = NN_CONV2D, .units = 1, .kernel_height = 5, .kernel_width = 1, .padding = NN_PADDING_VALID },
  };
  const NnLayerSpec no_kernel[] = { { .kind = NN_CONV2D, .units = 1, .kernel_height = 3 } };
  const NnLayerSpec large_pool[] = { { .kind = NN_MAX_POOL, .kernel_height = 2, .kernel_width = 5 } };
  const NnLayerSpec no_kind[] = { { .kind = (NnLayerKind) 77 } };
  const NnLayerSpec too_many[] = { { .kind = NN_DENSE, .units = SIZE_MAX / 2 }, { .kind = NN_DENSE, .units = SIZE_MAX / 2 } };

  expect_bad (image, dense_on_image, 1, NN_BAD_SHAPE, 0);
  expect_bad (flat, no_units, 2, NN_BAD_ARGUMENT, 1);
  expect_bad (image, large_kernel, 1, NN_BAD_SHAPE, 0);
  expect_bad (image, no_kernel, 1, NN_BAD_ARGUMENT, 0);
  expect_bad (image, large_pool, 1, NN_BAD_SHAPE, 0);
  expect_bad (image, no_kind, 1, NN_BAD_ARGUMENT, 0);
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

/* A convolution by hand: 2 × 3 picture, 2 × 2 kernel, both paddings. */
static void
test_conv2d_values (void)
{
  static const NnReal image[6] = { 1, 2, 3, 4, 5, 6 };
  static const NnReal parameters[5] = { 1, 10, 100, 1000, 0.5f };
  static const NnReal valid[2] = { 5421.5f, 6532.5f };
  static const NnReal same[6] = { 5421.5f, 6532.5f, 603.5f, 54.5f, 65.5f, 6.5f };

  for (guint padding = NN_PADDING_VALID; padding <= NN_PADDING_SAME; padding++)
    {
      const NnLayerSpec spec = { .kind = NN_CONV2D, .units = 1, .kernel_height = 2, .kernel_width = 2, .padding = padding };
      NnNetwork *network;
      NnWorkspace *workspace;
      const NnReal *output;

      g_assert_cmpint (nn_network_new ((NnShape){ 2, 3, 1 }, &spec, 1, NULL, &network), ==, NN_OK);
      g_assert_cmpuint (nn_network_n_parameters (network), ==, 5);
      memcpy (nn_network_parameters (network), parameters, sizeof parameters);
      g_assert_cmpint (nn_workspace_new (network, 1, NN_INFERENCE, NULL, NULL, &workspace), ==, NN_OK);
      memcpy (nn_workspace_input (workspace), image, sizeof image);
      output = nn_forward (network, workspace, 1);
      if (padding == NN_PADDING_VALID)
        g_assert_cmpmem (output, sizeof valid, valid, sizeof valid);
      else
        g_assert_cmpmem (output, sizeof same, same, sizeof same);
      nn_workspace_free (workspace);
      nn_network_free (network);
    }
}

static void
test_max_pool_values (void)
{
  const NnLayerSpec spec = { .kind = NN_MAX_POOL, .kernel_height = 2, .kernel_width = 2 };
  /* 3 × 2 pixels of two channels; the last row is left over. */
  static const NnReal image[12] = { 1, -8, 2, -7, 3, -6, 0, -9, 50, 50, 50, 50 };
  NnNetwork *network;
  NnWorkspace *workspace;
  const NnReal *output;

  g_assert_cmpint (nn_network_new ((NnShape){ 3, 2, 2 }, &spec, 1, NULL, &network), ==, NN_OK);
  g_assert_cmpint (nn_workspace_new (network, 1, NN_INFERENCE, NULL, NULL, &workspace), ==, NN_OK);
  memcpy (nn_workspace_input (workspace), image, sizeof image);
  output = nn_forward (network, workspace, 1);
  g_assert_cmpfloat (output[0], ==, 3);
  g_assert_cmpfloat (output[1], ==, -6);
  nn_workspace_free (workspace);
  nn_network_free (network);
}

/* Training's workspace and inference's, one sample and many, one thread and
 * many: the logits are the same to the bit. */
static void
test_same_logits (void)
{
  enum { BATCH = 11, SIZE = 30, CLASSES = 3 };
  NnNetwork *network = small_network (5);
  NnRng rng = nn_rng_new (6);
  NnReal images[BATCH][SIZE];
  NnReal expected[BATCH][CLASSES];

  for (guint i = 0; i < BATCH; i++)
    for (guint p = 0; p < SIZE; p++)
      images[i][p] = (NnReal) nn_rng_uniform (&rng);

  for (guint workers = 1; workers <= 4; workers++)
    for (guint purpose = NN_INFERENCE; purpose <= NN_TRAINING; purpose++)
      for (guint batch = BATCH; batch >= 1; batch -= BATCH - 1)
        {
          NnPool *pool;
          NnWorkspace *workspace;

          g_assert_cmpint (nn_pool_new (workers, &pool), ==, NN_OK);
          g_assert_cmpint (nn_workspace_new (network, batch, purpose, pool, NULL, &workspace), ==, NN_OK);
          for (guint first = 0; first < BATCH; first += batch)
            {
              const NnReal *logits;

              memcpy (nn_workspace_input (workspace), images[first], batch * SIZE * sizeof (NnReal));
              logits = nn_forward (network, workspace, batch);
              if (workers == 1 && purpose == NN_INFERENCE && batch == BATCH)
                memcpy (expected, logits, sizeof expected);
              else
                g_assert_cmpmem (logits, batch * CLASSES * sizeof (NnReal),
                                 expected[first], batch * CLASSES * sizeof (NnReal));
            }
          nn_workspace_free (workspace);
          nn_pool_free (pool);
          if (batch == 1)
            break;
        }
  nn_network_free (network);
}

static void
test_copy (void)
{
  NnNetwork *network = small_network (3);
  gsize size = nn_network_n_parameters (network) * sizeof (NnReal);
  g_autofree NnReal *before = g_memdup2 (nn_network_parameters (network), size);
  NnNetwork *copy;

  g_assert_cmpint (nn_network_copy (network, &copy), ==, NN_OK);
  nn_network_parameters (network)[0] += 1;
  g_assert_cmpmem (nn_network_parameters_const (copy), size, before, size);
  nn_network_free (network);
  g_assert_cmpuint (nn_network_n_layers (copy), ==, 5);
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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network/shapes", test_shapes);
  g_test_add_func ("/network/bad-specs", test_bad_specs);
  g_test_add_func ("/network/too-large-workspace", test_too_large_workspace);
  g_test_add_func ("/network/conv2d-values", test_conv2d_values);
  g_test_add_func ("/network/max-pool-values", test_max_pool_values);
  g_test_add_func ("/network/same-logits", test_same_logits);
  g_test_add_func ("/network/copy", test_copy);
  g_test_add_func ("/network/init", test_init);
  g_test_add_func ("/network/softmax", test_softmax);
  return g_test_run ();
}
