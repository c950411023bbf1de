/* SPDX-License-Identifier: MIT */

/* Every layer's gradient against central differences, on the very sources of
 * the core, built in double precision. */

#include <glib.h>
#include <math.h>
#include <string.h>

#include "nn-loss.h"
#include "nn-network.h"
#include "nn-samples.h"

#define BATCH 19 /* more than NN_SHARDS, and no multiple of it */
#define CLASSES 4
#define STEP 1e-6
#define TOLERANCE 1e-7 /* absolute and relative; STEP² and rounding give about 1e-9 */

G_STATIC_ASSERT (sizeof (NnReal) == sizeof (double));

typedef struct
{
  NnNetwork *network;
  NnWorkspace *workspace;
  NnReal *images;
  gsize image_size;
  guint8 labels[BATCH];
} Fixture;

static double
loss_of (Fixture *fixture)
{
  g_autofree NnReal *gradient = g_new (NnReal, BATCH * CLASSES);
  gsize correct = 0;
  const NnReal *logits;

  /* Layers that work in place overwrite the input. */
  memcpy (nn_workspace_input (fixture->workspace), fixture->images,
          BATCH * fixture->image_size * sizeof (NnReal));
  logits = nn_forward (fixture->network, fixture->workspace, BATCH);
  return nn_softmax_cross_entropy (logits, fixture->labels, BATCH, CLASSES, 0, gradient, &correct) / BATCH;
}

static void
check_number (NnReal *number, double gradient, Fixture *fixture, gsize index)
{
  double kept = *number, above, below, difference;

  *number = kept + STEP;
  above = loss_of (fixture);
  *number = kept - STEP;
  below = loss_of (fixture);
  *number = kept;
  difference = (above - below) / (2 * STEP);
  if (fabs (difference - gradient) > TOLERANCE * (1 + fabs (difference)))
    g_error ("parameter %zu: gradient %.12g, differences %.12g", index, gradient, difference);
}

static void
check_network (NnShape input, const NnLayerSpec *specs, gsize n_specs, gsize n_workers)
{
  NnRng rng = nn_rng_new (21);
  Fixture fixture = { .image_size = nn_shape_size (input) };
  g_autofree NnReal *gradients = NULL;
  NnPool *pool = NULL;
  gsize n, correct = 0, n_nonzero = 0;
  NnReal *parameters;
  const NnReal *logits;

  g_assert_cmpint (nn_pool_new (n_workers, &pool), ==, NN_OK);
  g_assert_cmpint (nn_network_new (input, specs, n_specs, NULL, &fixture.network), ==, NN_OK);
  g_assert_cmpint (nn_workspace_new (fixture.network, BATCH, NN_TRAINING, pool, NULL, &fixture.workspace), ==, NN_OK);
  nn_network_init (fixture.network, &rng);
  parameters = nn_network_parameters (fixture.network);
  n = nn_network_n_parameters (fixture.network);
  for (gsize i = 0; i < n; i++) /* the biases, too */
    parameters[i] += 0.1 * nn_rng_normal (&rng);
  fixture.images = g_new (NnReal, BATCH * fixture.image_size);
  for (gsize i = 0; i < BATCH * fixture.image_size; i++)
    fixture.images[i] = nn_rng_normal (&rng);
  for (gsize i = 0; i < BATCH; i++)
    fixture.labels[i] = nn_rng_below (&rng, CLASSES);

  loss_of (&fixture);
  memcpy (nn_workspace_input (fixture.workspace), fixture.images, BATCH * fixture.image_size * sizeof (NnReal));
  logits = nn_forward (fixture.network, fixture.workspace, BATCH);
  nn_softmax_cross_entropy (logits, fixture.labels, BATCH, CLASSES, 0,
                            nn_workspace_output_gradient (fixture.workspace), &correct);
  gradients = g_memdup2 (nn_backward (fixture.network, fixture.workspace, BATCH), n * sizeof (NnReal));

  /* All of a small network's parameters, and some from all over a large one's. */
  for (gsize i = 0; i < n; i += 1 + n / 1000)
    check_number (&parameters[i], gradients[i], &fixture, i);
  for (gsize i = 0; i < n; i++)
    n_nonzero += gradients[i] != 0;
  g_assert_cmpuint (n_nonzero, >, n / 4); /* or nothing was shown */

  g_free (fixture.images);
  nn_workspace_free (fixture.workspace);
  nn_network_free (fixture.network);
  nn_pool_free (pool);
}

#define CHECK(height, width, channels, ...)                                                  \
  do                                                                                         \
    {                                                                                        \
      const NnLayerSpec specs[] = { __VA_ARGS__ };                                           \
                                                                                             \
      for (gsize workers = 1; workers <= 3; workers += 2)                                    \
        check_network ((NnShape){ height, width, channels }, specs, G_N_ELEMENTS (specs), workers); \
    }                                                                                        \
  while (0)

#define DENSE(n) { .kind = NN_DENSE, .units = n }
#define CONV(h, w, n, p) { .kind = NN_CONV2D, .units = n, .kernel_height = h, .kernel_width = w, .padding = p }
#define RELU { .kind = NN_RELU }
#define LEAKY_RELU { .kind = NN_LEAKY_RELU, .slope = 0.3 }
#define SIGMOID { .kind = NN_SIGMOID }
#define TANH { .kind = NN_TANH }
#define NORM { .kind = NN_BATCH_NORM, .epsilon = 1e-3, .momentum = 0.9 }
#define DROPOUT(r) { .kind = NN_DROPOUT, .rate = r }
#define AVERAGE(h, w) { .kind = NN_AVERAGE_POOL, .kernel_height = h, .kernel_width = w }
#define GLOBAL_AVERAGE { .kind = NN_GLOBAL_AVERAGE_POOL }
#define POOL(h, w) { .kind = NN_MAX_POOL, .kernel_height = h, .kernel_width = w }
#define FLATTEN { .kind = NN_FLATTEN }

static void
test_dense (void)
{
  CHECK (1, 1, 7, DENSE (CLASSES));
  CHECK (1, 1, 1, DENSE (CLASSES));
  CHECK (1, 1, 33, DENSE (17), DENSE (CLASSES));
  CHECK (1, 1, 70, DENSE (90), DENSE (CLASSES));
}

static void
test_relu (void)
{
  CHECK (1, 1, 9, DENSE (17), RELU, DENSE (CLASSES));
  CHECK (1, 1, 9, RELU, DENSE (CLASSES));
}

static void
test_flatten (void)
{
  CHECK (3, 2, 2, FLATTEN, DENSE (CLASSES));
}

static void
test_conv2d_valid (void)
{
  CHECK (5, 4, 1, CONV (3, 3, 2, NN_PADDING_VALID), FLATTEN, DENSE (CLASSES));
  CHECK (5, 7, 3, CONV (2, 4, 3, NN_PADDING_VALID), FLATTEN, DENSE (CLASSES));
  CHECK (4, 4, 2, CONV (4, 4, 5, NN_PADDING_VALID), FLATTEN, DENSE (CLASSES));
  CHECK (3, 3, 2, CONV (1, 1, 3, NN_PADDING_VALID), FLATTEN, DENSE (CLASSES));
  CHECK (6, 6, 2, CONV (3, 3, 3, NN_PADDING_VALID), CONV (2, 2, 2, NN_PADDING_VALID), FLATTEN, DENSE (CLASSES));
}

static void
test_conv2d_same (void)
{
  CHECK (5, 4, 1, CONV (3, 3, 2, NN_PADDING_SAME), FLATTEN, DENSE (CLASSES));
  CHECK (4, 5, 2, CONV (2, 4, 2, NN_PADDING_SAME), CONV (3, 1, 2, NN_PADDING_SAME), FLATTEN, DENSE (CLASSES));
  CHECK (3, 3, 1, CONV (3, 3, 2, NN_PADDING_SAME), CONV (2, 3, 2, NN_PADDING_SAME), FLATTEN, DENSE (CLASSES));
  CHECK (3, 2, 1, CONV (7, 5, 2, NN_PADDING_SAME), CONV (6, 4, 2, NN_PADDING_SAME), FLATTEN, DENSE (CLASSES));
}

static void
test_max_pool (void)
{
  CHECK (6, 6, 2, CONV (3, 3, 3, NN_PADDING_SAME), POOL (2, 2), FLATTEN, DENSE (CLASSES));
  CHECK (7, 5, 1, CONV (2, 2, 2, NN_PADDING_SAME), POOL (3, 2), FLATTEN, DENSE (CLASSES));
  CHECK (6, 6, 2, POOL (2, 3), FLATTEN, DENSE (CLASSES));
}

/* Wide enough for Winograd's algorithm, on pictures that its tiles fit and do
 * not fit. */
static void
test_winograd (void)
{
  CHECK (4, 4, 4, CONV (3, 3, 5, NN_PADDING_SAME), FLATTEN, DENSE (CLASSES));
  CHECK (6, 6, 4, CONV (3, 3, 4, NN_PADDING_VALID), FLATTEN, DENSE (CLASSES));
  CHECK (7, 9, 5, CONV (3, 3, 6, NN_PADDING_SAME), CONV (3, 3, 4, NN_PADDING_VALID), FLATTEN, DENSE (CLASSES));
  CHECK (6, 6, 4, CONV (5, 5, 5, NN_PADDING_VALID), FLATTEN, DENSE (CLASSES));
  CHECK (5, 7, 4, CONV (5, 5, 5, NN_PADDING_SAME), CONV (5, 5, 4, NN_PADDING_VALID), FLATTEN, DENSE (CLASSES));
  CHECK (2, 1, 4, CONV (5, 5, 4, NN_PADDING_SAME), CONV (3, 3, 4, NN_PADDING_SAME), FLATTEN, DENSE (CLASSES));
}

static void
test_activations (void)
{
  CHECK (1, 1, 9, DENSE (17), LEAKY_RELU, DENSE (CLASSES));
  CHECK (1, 1, 9, DENSE (17), SIGMOID, DENSE (CLASSES));
  CHECK (1, 1, 9, DENSE (17), TANH, DENSE (CLASSES));
  CHECK (1, 1, 9, SIGMOID, DENSE (7), TANH, LEAKY_RELU, DENSE (CLASSES), SIGMOID);
  CHECK (4, 4, 4, CONV (3, 3, 4, NN_PADDING_SAME), TANH, CONV (2, 2, 3, NN_PADDING_SAME), SIGMOID, FLATTEN, DENSE (CLASSES));
}

static void
test_batch_norm (void)
{
  CHECK (1, 1, 9, DENSE (7), NORM, DENSE (CLASSES));
  CHECK (1, 1, 9, NORM, DENSE (CLASSES));
  CHECK (1, 1, 9, DENSE (7), NORM, TANH, NORM, DENSE (CLASSES), NORM);
  CHECK (4, 5, 3, NORM, FLATTEN, DENSE (CLASSES));
  CHECK (4, 5, 1, CONV (3, 3, 5, NN_PADDING_SAME), NORM, TANH, FLATTEN, DENSE (CLASSES));
  CHECK (4, 5, 1, NORM, CONV (3, 3, 5, NN_PADDING_SAME), NORM, TANH, CONV (3, 3, 4, NN_PADDING_SAME), NORM, FLATTEN, DENSE (CLASSES));
  CHECK (4, 5, 1, CONV (3, 3, 5, NN_PADDING_SAME), TANH, NORM, NORM, CONV (3, 3, 4, NN_PADDING_SAME), CONV (2, 2, 3, NN_PADDING_SAME),
         SIGMOID, NORM, AVERAGE (2, 2), NORM, FLATTEN, DENSE (CLASSES));
}

static void
test_dropout (void)
{
  CHECK (1, 1, 40, DROPOUT (0.2), DENSE (30), DROPOUT (0.5), TANH, DENSE (CLASSES));
  CHECK (4, 5, 1, CONV (3, 3, 5, NN_PADDING_SAME), NORM, TANH, DROPOUT (0.3), CONV (3, 3, 4, NN_PADDING_SAME), NORM, DROPOUT (0.25),
         FLATTEN, DENSE (9), NORM, DROPOUT (0.5), DENSE (CLASSES));
}

static void
test_average_pool (void)
{
  CHECK (6, 6, 2, CONV (3, 3, 3, NN_PADDING_SAME), AVERAGE (2, 2), FLATTEN, DENSE (CLASSES));
  CHECK (7, 5, 1, CONV (2, 2, 2, NN_PADDING_SAME), AVERAGE (3, 2), FLATTEN, DENSE (CLASSES));
  CHECK (5, 3, 2, CONV (2, 2, 6, NN_PADDING_SAME), GLOBAL_AVERAGE, DENSE (CLASSES));
  CHECK (5, 3, 2, CONV (2, 2, 6, NN_PADDING_SAME), GLOBAL_AVERAGE, FLATTEN, DENSE (CLASSES));
}

/* The order of layers that cnn-bn has, smaller. */
static void
test_deep_network (void)
{
  CHECK (8, 8, 1,
         CONV (3, 3, 4, NN_PADDING_SAME), NORM, RELU, CONV (3, 3, 4, NN_PADDING_SAME), NORM, RELU, POOL (2, 2), DROPOUT (0.25),
         CONV (3, 3, 6, NN_PADDING_SAME), NORM, RELU, CONV (3, 3, 5, NN_PADDING_SAME), NORM, RELU, POOL (2, 2), DROPOUT (0.25),
         CONV (3, 3, 8, NN_PADDING_SAME), NORM, RELU, GLOBAL_AVERAGE, FLATTEN,
         DENSE (9), NORM, RELU, DROPOUT (0.5), DENSE (CLASSES));
}

static void
test_whole_network (void)
{
  CHECK (10, 10, 1,
         CONV (3, 3, 3, NN_PADDING_SAME), RELU, POOL (2, 2),
         CONV (2, 2, 4, NN_PADDING_VALID), POOL (2, 2), RELU,
         FLATTEN, DENSE (6), RELU, DENSE (CLASSES));
}

static void
test_loss (void)
{
  static const double smoothings[] = { 0, 0.1, 0.8 };
  NnReal logits[3][3] = { { 0.5, -1, 2 }, { 3, 3, -2 }, { 1.5, -0.5, 4 } };
  const guint8 labels[3] = { 2, 1, NN_NO_CLASS };

  for (gsize s = 0; s < G_N_ELEMENTS (smoothings); s++)
    {
      NnReal gradient[3][3];
      gsize correct = 0;

      nn_softmax_cross_entropy (logits[0], labels, 3, 3, smoothings[s], gradient[0], &correct);
      g_assert_cmpuint (correct, ==, 1); /* of equal logits the first counts */
      for (gsize i = 0; i < 3; i++)
        for (gsize c = 0; c < 3; c++)
          {
            NnReal kept = logits[i][c];
            double above, below;

            logits[i][c] = kept + STEP;
            above = nn_softmax_cross_entropy (logits[0], labels, 3, 3, smoothings[s], NULL, &correct) / 3;
            logits[i][c] = kept - STEP;
            below = nn_softmax_cross_entropy (logits[0], labels, 3, 3, smoothings[s], NULL, &correct) / 3;
            logits[i][c] = kept;
            g_assert_cmpfloat_with_epsilon ((above - below) / (2 * STEP), gradient[i][c], 1e-9);
          }
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gradients/loss", test_loss);
  g_test_add_func ("/gradients/dense", test_dense);
  g_test_add_func ("/gradients/relu", test_relu);
  g_test_add_func ("/gradients/flatten", test_flatten);
  g_test_add_func ("/gradients/conv2d-valid", test_conv2d_valid);
  g_test_add_func ("/gradients/conv2d-same", test_conv2d_same);
  g_test_add_func ("/gradients/max-pool", test_max_pool);
  g_test_add_func ("/gradients/winograd", test_winograd);
  g_test_add_func ("/gradients/activations", test_activations);
  g_test_add_func ("/gradients/batch-norm", test_batch_norm);
  g_test_add_func ("/gradients/dropout", test_dropout);
  g_test_add_func ("/gradients/average-pool", test_average_pool);
  g_test_add_func ("/gradients/whole-network", test_whole_network);
  g_test_add_func ("/gradients/deep-network", test_deep_network);
  return g_test_run ();
}
