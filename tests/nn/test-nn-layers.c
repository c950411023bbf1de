/* SPDX-License-Identifier: MIT */

/* What each kind of layer makes of a few numbers, worked out by hand, and which
 * settings it does not take. */

#include "networks.h"

static void
expect_values (NnWorkspace *workspace, const NnNetwork *network, const NnReal *input, gsize batch, const double *expected, double tolerance)
{
  const NnReal *output = run_forth (network, workspace, input, batch);

  for (gsize i = 0; i < batch * output_size (network); i++)
    g_assert_cmpfloat (fabs (output[i] - expected[i]), <=, tolerance);
}

/* Checks one layer with @parameters (NULL if it has none), in training and in
 * inference. */
static void
expect_layer (NnShape shape, NnLayerSpec spec, const NnReal *parameters, const NnReal *input, gsize batch, const double *expected, double tolerance)
{
  NnNetwork *network;

  g_assert_cmpint (nn_network_new (shape, &spec, 1, NULL, &network), ==, NN_OK);
  if (parameters != NULL)
    memcpy (nn_network_parameters (network), parameters, nn_network_n_parameters (network) * sizeof (NnReal));
  for (NnPurpose purpose = NN_INFERENCE; purpose <= NN_TRAINING; purpose++)
    {
      NnWorkspace *workspace = workspace_new (network, batch, purpose, NULL, NULL);

      expect_values (workspace, network, input, batch, expected, tolerance);
      nn_workspace_free (workspace);
    }
  nn_network_free (network);
}

#define EXPECT(shape, spec, parameters, input, batch, expected, tolerance) \
  expect_layer ((NnShape) shape, (NnLayerSpec) spec, parameters, input, batch, expected, tolerance)
#define SHAPE(h, w, c) { h, w, c }

/* The second pixel is white in both samples, and left out. */
static void
test_dense (void)
{
  static const NnReal parameters[] = { 1, 2, 100, 200, 10, -1, 0.5f, -0.25f };
  static const NnReal input[] = { 1, 0, 2, 0, 0, -3 };
  static const double expected[] = { 21.5, -0.25, -29.5, 2.75 };

  EXPECT (SHAPE (1, 1, 3), DENSE (2), parameters, input, 2, expected, 0);
}

/* A 2 × 3 picture under a 2 × 2 kernel. */
static void
test_conv2d (void)
{
  static const NnReal picture[] = { 1, 2, 3, 4, 5, 6 };
  static const NnReal parameters[] = { 1, 10, 100, 1000, 0.5f };
  static const double valid[] = { 5421.5, 6532.5 };
  static const double same[] = { 5421.5, 6532.5, 603.5, 54.5, 65.5, 6.5 };

  EXPECT (SHAPE (2, 3, 1), VALID (2, 1), parameters, picture, 1, valid, 0);
  EXPECT (SHAPE (2, 3, 1), SAME (2, 1), parameters, picture, 1, same, 0);
}

static void
test_activations (void)
{
  static const NnReal input[] = { -2, -0.5f, 0, 0.25f, 3, -1e4f, 1e4f };
  static const double relu[] = { 0, 0, 0, 0.25, 3, 0, 1e4 };
  static const double leaky[] = { -0.5, -0.125, 0, 0.25, 3, -2500, 1e4 };
  static const double sigmoid[] = { 0.119202922, 0.377540669, 0.5, 0.562176501, 0.952574127, 0, 1 };
  static const double tangent[] = { -0.964027580, -0.462117157, 0, 0.244918662, 0.995054754, -1, 1 };

  EXPECT (SHAPE (1, 1, 7), RELU, NULL, input, 1, relu, 0);
  EXPECT (SHAPE (1, 1, 7), LEAKY_RELU (0.25), NULL, input, 1, leaky, 0);
  EXPECT (SHAPE (1, 1, 7), SIGMOID, NULL, input, 1, sigmoid, 1e-7);
  EXPECT (SHAPE (1, 1, 7), TANH, NULL, input, 1, tangent, 1e-7);
}

/* 3 × 5 pixels of two channels under windows of 2 × 2: the last row and the last
 * column are left over. */
static void
test_pooling (void)
{
  static const NnReal picture[] = {
    1,  -1, 2,  -2, 3,  -3, 4,  -4, 90, 90,
    5,  -5, 6,  -6, 7,  -7, 10, -8, 90, 90,
    90, 90, 90, 90, 90, 90, 90, 90, 90, 90,
  };
  static const double largest[] = { 6, -1, 10, -3 };
  static const double means[] = { 3.5, -3.5, 6, -5.5 };
  static const double wide_means[] = { 2, -2, 6, -6, 90, 90 }; /* of 1 × 3 pixels */
  static const double all[] = { 42 + 38 / 15.0, 42 - 36 / 15.0 };

  EXPECT (SHAPE (3, 5, 2), POOL (2, 2), NULL, picture, 1, largest, 0);
  EXPECT (SHAPE (3, 5, 2), AVERAGE (2, 2), NULL, picture, 1, means, 0);
  EXPECT (SHAPE (3, 5, 2), AVERAGE (1, 3), NULL, picture, 1, wide_means, 1e-6);
  EXPECT (SHAPE (3, 5, 2), GLOBAL_AVERAGE, NULL, picture, 1, all, 1e-5);
}

/* A number that is none is not swept under the carpet, by no layer and by no ReLU
 * that comes next and may be done together with it. */
static void
test_nan (void)
{
  static const NnReal input[] = { -1, NAN, 2, -3 };
  const NnLayerSpec specs[] = { RELU, LEAKY_RELU (0.5), SIGMOID, TANH, POOL (2, 2), AVERAGE (2, 2), GLOBAL_AVERAGE,
                                DENSE (2), SAME (3, 2), NORM };

  for (gsize i = 0; i < G_N_ELEMENTS (specs); i++)
    {
      const NnShape shape = specs[i].kind == NN_DENSE ? (NnShape){ 1, 1, 4 } : (NnShape){ 2, 2, 1 };
      NnRng rng = nn_rng_new (4);
      const NnLayerSpec pair[] = { specs[i], RELU };
      NnNetwork *network = drawn_network_new (shape, pair, 2, &rng);

      for (NnPurpose purpose = NN_INFERENCE; purpose <= NN_TRAINING; purpose++)
        {
          NnWorkspace *workspace = workspace_new (network, 1, purpose, NULL, NULL);
          const NnReal *output = run_forth (network, workspace, input, 1);
          gsize n_nan = 0;

          for (gsize j = 0; j < output_size (network); j++)
            n_nan += isnan (output[j]);
          g_assert_cmpuint (n_nan, >, 0);
          nn_workspace_free (workspace);
        }
      nn_network_free (network);
    }
}

/* Two samples of 1 × 2 pixels and two channels. The deviation of the first, with
 * ε, is 2 in the batch and 1 in what is remembered; of the second √ε and 4. */
static void
test_batch_norm (void)
{
  static const NnReal input[] = { 1, 10, 2, 10, 3, 10, 6, 10 };
  static const NnReal parameters[] = { 4, 3, 1, -2 };
  static const NnReal statistics[] = { 2, 9, 0.5f, 15.5f };
  static const double of_batch[] = { -3, -2, -1, -2, 1, -2, 7, -2 };
  static const double of_running[] = { -3, -1.25, 1, -1.25, 5, -1.25, 17, -1.25 };
  const NnLayerSpec spec = { .kind = NN_BATCH_NORM, .epsilon = 0.5, .momentum = 0.75 };
  NnWorkspace *training, *inference;
  NnNetwork *network;
  NnReal *running;

  g_assert_cmpint (nn_network_new ((NnShape){ 1, 2, 2 }, &spec, 1, NULL, &network), ==, NN_OK);
  g_assert_cmpuint (nn_network_n_parameters (network), ==, 4);
  g_assert_cmpuint (nn_network_n_statistics (network), ==, 4);
  memcpy (nn_network_parameters (network), parameters, sizeof parameters);
  running = nn_network_statistics (network);
  memcpy (running, statistics, sizeof statistics);
  inference = workspace_new (network, 2, NN_INFERENCE, NULL, NULL);
  training = workspace_new (network, 2, NN_TRAINING, NULL, NULL);

  expect_values (inference, network, input, 2, of_running, 1e-5);
  expect_values (training, network, input, 2, of_batch, 2e-5);

  /* The means are 3 and 10, the variances 3.5 and 0. */
  nn_update_statistics (network, training);
  g_assert_cmpfloat (running[0], ==, 0.75 * 2 + 0.25 * 3);
  g_assert_cmpfloat (running[1], ==, 0.75 * 9 + 0.25 * 10);
  g_assert_cmpfloat (running[2], ==, 0.75 * 0.5 + 0.25 * 3.5);
  g_assert_cmpfloat (running[3], ==, 0.75 * 15.5);
  nn_workspace_free (inference);
  nn_workspace_free (training);
  nn_network_free (network);
}

#define N_DROPPED 50000

/* Runs ones through two dropout layers with rates 0 and @rate. */
static NnReal *
drop_ones (double rate, guint64 key, NnPurpose purpose)
{
  const NnLayerSpec specs[] = { DROPOUT (0), DROPOUT (rate) };
  NnReal *values = g_new (NnReal, N_DROPPED);
  NnNetwork *network;
  NnWorkspace *workspace;

  for (gsize i = 0; i < N_DROPPED; i++)
    values[i] = 1;
  g_assert_cmpint (nn_network_new ((NnShape){ 1, 1, N_DROPPED / 50 }, specs, 2, NULL, &network), ==, NN_OK);
  workspace = workspace_new (network, 50, purpose, NULL, NULL);
  nn_workspace_set_key (workspace, key);
  memcpy (values, run_forth (network, workspace, values, 50), N_DROPPED * sizeof (NnReal));
  nn_workspace_free (workspace);
  nn_network_free (network);
  return values;
}

static gsize
count_equal (const NnReal *a, const NnReal *b, gsize n)
{
  gsize count = 0;

  for (gsize i = 0; i < n; i++)
    count += a[i] == b[i];
  return count;
}

static void
test_dropout (void)
{
  static const double rates[] = { 0.1, 0.25, 0.5, 0.9 };

  for (gsize r = 0; r < G_N_ELEMENTS (rates); r++)
    {
      const double rate = rates[r], deviation = sqrt (rate * (1 - rate) / N_DROPPED);
      const double agreement = rate * rate + (1 - rate) * (1 - rate);
      g_autofree NnReal *values = drop_ones (rate, 1, NN_TRAINING), *again = drop_ones (rate, 1, NN_TRAINING);
      g_autofree NnReal *other = drop_ones (rate, 2, NN_TRAINING), *inference = drop_ones (rate, 1, NN_INFERENCE);
      gsize n_zeros = 0;

      for (gsize i = 0; i < N_DROPPED; i++)
        {
          n_zeros += values[i] == 0;
          g_assert_true (values[i] == 0 || values[i] == (NnReal) (1 / (1 - rate))); /* the mean stays 1 */
          g_assert_cmpfloat (inference[i], ==, 1);
        }
      g_assert_cmpfloat_with_epsilon ((double) n_zeros / N_DROPPED, rate, 5 * deviation);
      g_assert_cmpmem (values, N_DROPPED * sizeof (NnReal), again, N_DROPPED * sizeof (NnReal));

      /* Other keys, and other samples, agree as often as chance has it. */
      g_assert_cmpfloat_with_epsilon ((double) count_equal (values, other, N_DROPPED) / N_DROPPED, agreement, 0.02);
      g_assert_cmpfloat_with_epsilon ((double) count_equal (values, values + N_DROPPED / 2, N_DROPPED / 2) / (N_DROPPED / 2),
                                      agreement, 0.02);
    }
}

/* Two layers of one network drop each its own. */
static void
test_two_dropouts (void)
{
  const NnLayerSpec specs[] = { DROPOUT (0.5), DROPOUT (0.5) };
  NnNetwork *network;
  NnWorkspace *workspace;
  const NnReal *output;
  NnReal ones[4000];
  gsize n_zeros = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (ones); i++)
    ones[i] = 1;
  g_assert_cmpint (nn_network_new ((NnShape){ 1, 1, G_N_ELEMENTS (ones) }, specs, 2, NULL, &network), ==, NN_OK);
  workspace = workspace_new (network, 1, NN_TRAINING, NULL, NULL);
  output = run_forth (network, workspace, ones, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (ones); i++)
    n_zeros += output[i] == 0;
  g_assert_cmpfloat_with_epsilon ((double) n_zeros / G_N_ELEMENTS (ones), 0.75, 5 * sqrt (0.75 * 0.25 / G_N_ELEMENTS (ones)));
  nn_workspace_free (workspace);
  nn_network_free (network);
}

static void
test_bad_settings (void)
{
  static const struct
  {
    NnLayerSpec spec;
    NnStatus status;
  } cases[] = {
    { DROPOUT (0), NN_OK },
    { DROPOUT (0.999), NN_OK },
    { DROPOUT (1), NN_BAD_ARGUMENT },
    { DROPOUT (-0.1), NN_BAD_ARGUMENT },
    { DROPOUT (NAN), NN_BAD_ARGUMENT },
    { LEAKY_RELU (0), NN_OK },
    { LEAKY_RELU (-0.1), NN_BAD_ARGUMENT },
    { LEAKY_RELU (1), NN_BAD_ARGUMENT },
    { LEAKY_RELU (NAN), NN_BAD_ARGUMENT },
    { { .kind = NN_BATCH_NORM, .epsilon = 1e-12, .momentum = 0 }, NN_OK },
    { { .kind = NN_BATCH_NORM, .epsilon = 0, .momentum = 0.9 }, NN_BAD_ARGUMENT },
    { { .kind = NN_BATCH_NORM, .epsilon = -1, .momentum = 0.9 }, NN_BAD_ARGUMENT },
    { { .kind = NN_BATCH_NORM, .epsilon = INFINITY, .momentum = 0.9 }, NN_BAD_ARGUMENT },
    { { .kind = NN_BATCH_NORM, .epsilon = NAN, .momentum = 0.9 }, NN_BAD_ARGUMENT },
    { { .kind = NN_BATCH_NORM, .epsilon = 1e-5, .momentum = 1 }, NN_BAD_ARGUMENT },
    { { .kind = NN_BATCH_NORM, .epsilon = 1e-5, .momentum = -0.1 }, NN_BAD_ARGUMENT },
    { { .kind = NN_BATCH_NORM, .epsilon = 1e-5, .momentum = NAN }, NN_BAD_ARGUMENT },
    { POOL (4, 5), NN_OK },
    { POOL (5, 1), NN_BAD_SHAPE },
    { POOL (1, 6), NN_BAD_SHAPE },
    { POOL (0, 2), NN_BAD_ARGUMENT },
    { AVERAGE (4, 5), NN_OK },
    { AVERAGE (5, 1), NN_BAD_SHAPE },
    { AVERAGE (1, 6), NN_BAD_SHAPE },
    { AVERAGE (2, 0), NN_BAD_ARGUMENT },
    { CONV (4, 5, 1, NN_PADDING_VALID), NN_OK },
    { CONV (5, 1, 1, NN_PADDING_VALID), NN_BAD_SHAPE },
    { CONV (1, 6, 1, NN_PADDING_VALID), NN_BAD_SHAPE },
    { CONV (9, 9, 1, NN_PADDING_SAME), NN_OK },
    { CONV (3, 0, 1, NN_PADDING_SAME), NN_BAD_ARGUMENT },
    { CONV (3, 3, 0, NN_PADDING_SAME), NN_BAD_ARGUMENT },
    { CONV (3, 3, 1, (NnPadding) 2), NN_BAD_ARGUMENT },
    { CONV (G_MAXSIZE, 1, 2, NN_PADDING_SAME), NN_TOO_LARGE },
    { DENSE (2), NN_BAD_SHAPE },
    { { .kind = (NnLayerKind) 77 }, NN_BAD_ARGUMENT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      NnNetwork *network = NULL;

      g_assert_cmpint (nn_network_new ((NnShape){ 4, 5, 1 }, &cases[i].spec, 1, NULL, &network), ==, cases[i].status);
      g_assert_true ((network != NULL) == (cases[i].status == NN_OK));
      nn_network_free (network);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layers/dense", test_dense);
  g_test_add_func ("/layers/conv2d", test_conv2d);
  g_test_add_func ("/layers/activations", test_activations);
  g_test_add_func ("/layers/pooling", test_pooling);
  g_test_add_func ("/layers/nan", test_nan);
  g_test_add_func ("/layers/batch-norm", test_batch_norm);
  g_test_add_func ("/layers/dropout", test_dropout);
  g_test_add_func ("/layers/two-dropouts", test_two_dropouts);
  g_test_add_func ("/layers/bad-settings", test_bad_settings);
  return g_test_run ();
}
