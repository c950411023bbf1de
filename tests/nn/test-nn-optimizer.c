/* SPDX-License-Identifier: MIT */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "nn-optimizer.h"
#include "nn-rng.h"

static const char *const kernel_names[] = { "reference", "avx2", "avx512", "avx512-bf16", "neon" };

/* Calls @check with all the kernels that this processor can run. */
static void
for_all_kernels (void (*check) (const NnKernels *kernels))
{
  for (gsize i = 0; i < G_N_ELEMENTS (kernel_names); i++)
    {
      const NnKernels *kernels = nn_kernels_find (kernel_names[i]);

      if (kernels == NULL)
        continue;
      g_test_message ("%s", kernels->name);
      check (kernels);
    }
}

static NnOptimizer *
optimizer_new (NnOptimizerKind kind, double momentum, double weight_decay, gsize n, const NnKernels *kernels)
{
  NnOptimizer *optimizer;

  g_assert_cmpint (nn_optimizer_new (kind, momentum, weight_decay, n, kernels, &optimizer), ==, NN_OK);
  return optimizer;
}

/* A step with @n parameters that lie side by side. */
static void
step (NnOptimizer *optimizer, double rate, NnReal *parameters, gsize n, const NnReal *gradient, gboolean decay)
{
  nn_optimizer_begin (optimizer, rate);
  nn_optimizer_update (optimizer, parameters, 0, 1, n, n, gradient, n, decay);
}

static void
check_sgd (const NnKernels *kernels)
{
  NnReal parameters[1] = { 1 };
  const NnReal gradient[1] = { 0.5f };
  NnOptimizer *optimizer = optimizer_new (NN_SGD, 0, 0, 1, kernels);

  step (optimizer, 0.1, parameters, 1, gradient, TRUE);
  step (optimizer, 0.2, parameters, 1, gradient, TRUE);
  g_assert_cmpfloat_with_epsilon (parameters[0], 1 - 0.05 - 0.1, 1e-6);
  nn_optimizer_free (optimizer);

  parameters[0] = 1;
  optimizer = optimizer_new (NN_SGD, 0.9, 0, 1, kernels);
  step (optimizer, 0.1, parameters, 1, gradient, TRUE);
  g_assert_cmpfloat_with_epsilon (parameters[0], 0.95, 1e-6);
  step (optimizer, 0.1, parameters, 1, gradient, TRUE);
  g_assert_cmpfloat_with_epsilon (parameters[0], 0.95 - 0.1 * (0.9 * 0.5 + 0.5), 1e-6);
  nn_optimizer_free (optimizer);
}

static void
test_sgd (void)
{
  for_all_kernels (check_sgd);
}

/* The papers' formulas as they stand there, in double precision. */
static void
check_adam (const NnKernels *kernels)
{
  static const double gradients[] = { 0.5, -0.2, 0, 3, 1e-4, -1, 0.25 };
  static const double rates[] = { 0.1, 0.1, 0.05, 0.01, 0.1, 0.02, 0.1 };

  for (guint decay = 0; decay <= 1; decay++)
    {
      double theta = 2, m = 0, v = 0;
      NnReal parameters[1] = { 2 };
      NnOptimizer *optimizer = optimizer_new (NN_ADAM, 0, 0.3, 1, kernels);

      for (guint t = 1; t <= G_N_ELEMENTS (gradients); t++)
        {
          double g = gradients[t - 1], rate = rates[t - 1];
          const NnReal gradient[1] = { (NnReal) g };

          m = 0.9 * m + 0.1 * g;
          v = 0.999 * v + 0.001 * g * g;
          theta -= rate * (m / (1 - pow (0.9, t)) / (sqrt (v / (1 - pow (0.999, t))) + 1e-8)
                           + (decay ? 0.3 * theta : 0));
          step (optimizer, rate, parameters, 1, gradient, decay);
          g_assert_cmpfloat_with_epsilon (parameters[0], theta, 2e-6);
        }
      nn_optimizer_free (optimizer);
    }
}

static void
test_adam (void)
{
  for_all_kernels (check_adam);
}

/* Weights shrink beside the gradient, and are no part of the velocity. */
static void
check_decay (const NnKernels *kernels)
{
  const NnReal gradient[1] = { 0.5f };

  for (guint with_momentum = 0; with_momentum <= 1; with_momentum++)
    {
      double momentum = with_momentum ? 0.5 : 0;
      NnReal weight[1] = { 4 }, bias[1] = { 4 };
      NnOptimizer *weights = optimizer_new (NN_SGD, momentum, 0.25, 1, kernels);
      NnOptimizer *biases = optimizer_new (NN_SGD, momentum, 0.25, 1, kernels);

      step (weights, 0.1, weight, 1, gradient, TRUE);
      step (biases, 0.1, bias, 1, gradient, FALSE);
      g_assert_cmpfloat_with_epsilon (weight[0], 4 * 0.975 - 0.05, 1e-6);
      g_assert_cmpfloat_with_epsilon (bias[0], 4 - 0.05, 1e-6);
      step (weights, 0.1, weight, 1, gradient, TRUE);
      g_assert_cmpfloat_with_epsilon (weight[0], 3.85 * 0.975 - 0.1 * (momentum * 0.5 + 0.5), 1e-6);
      step (weights, 0.1, weight, 1, NULL, TRUE);
      g_assert_cmpfloat_with_epsilon (weight[0], (3.85 * 0.975 - 0.1 * (momentum * 0.5 + 0.5)) * 0.975
                                                     - 0.1 * momentum * (momentum * 0.5 + 0.5), 1e-6);
      nn_optimizer_free (weights);
      nn_optimizer_free (biases);
    }
}

static void
test_decay (void)
{
  for_all_kernels (check_decay);
}

#define ROWS 5
#define COLUMNS 37
#define STRIDE 50
#define FIRST 11
#define SIZE (FIRST + ROWS * STRIDE)

/* Three steps, each of one block, or of its numbers one by one: the same to the
 * bit, and nothing else is moved. Without a gradient it is as with zeros. */
static void
check_blocks (const NnKernels *kernels)
{
  static const struct
  {
    NnOptimizerKind kind;
    double momentum;
    double weight_decay;
  } kinds[] = { { NN_SGD, 0, 0 }, { NN_SGD, 0, 0.1 }, { NN_SGD, 0.9, 0 }, { NN_SGD, 0.9, 0.1 }, { NN_ADAM, 0, 0.1 } };

  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      NnRng rng = nn_rng_new (k);
      NnOptimizer *whole = optimizer_new (kinds[k].kind, kinds[k].momentum, kinds[k].weight_decay, SIZE, kernels);
      NnOptimizer *parts = optimizer_new (kinds[k].kind, kinds[k].momentum, kinds[k].weight_decay, SIZE, kernels);
      NnReal parameters[SIZE], others[SIZE], start[SIZE], gradient[ROWS][COLUMNS + 2] = { 0 };

      for (gsize i = 0; i < SIZE; i++)
        start[i] = parameters[i] = others[i] = nn_rng_normal (&rng);
      for (gsize t = 0; t < 3; t++)
        {
          for (gsize r = 0; r < ROWS; r++)
            for (gsize c = 0; c < COLUMNS; c++)
              gradient[r][c] = t == 1 ? 0 : nn_rng_normal (&rng);
          nn_optimizer_begin (whole, 0.1);
          nn_optimizer_update (whole, parameters, FIRST, ROWS, COLUMNS, STRIDE, t == 1 ? NULL : gradient[0], COLUMNS + 2, TRUE);
          nn_optimizer_begin (parts, 0.1);
          for (gsize r = 0; r < ROWS; r++)
            for (gsize c = 0; c < COLUMNS; c++)
              nn_optimizer_update (parts, others, FIRST + r * STRIDE + c, 1, 1, 1, &gradient[r][c], 1, TRUE);
          g_assert_cmpmem (parameters, sizeof parameters, others, sizeof others);
        }
      for (gsize i = 0; i < SIZE; i++)
        {
          gboolean inside = i >= FIRST && (i - FIRST) % STRIDE < COLUMNS;

          g_assert_cmpint (parameters[i] != start[i], ==, inside);
        }
      nn_optimizer_free (whole);
      nn_optimizer_free (parts);
    }
}

static void
test_blocks (void)
{
  for_all_kernels (check_blocks);
}

static void
check_plain_rate (NnOptimizerKind kind, double momentum, double weight_decay, NnReal weights, NnReal biases)
{
  NnOptimizer *optimizer = optimizer_new (kind, momentum, weight_decay, 1, NULL);

  nn_optimizer_begin (optimizer, 0.25);
  g_assert_cmpfloat (nn_optimizer_plain_rate (optimizer, TRUE), ==, weights);
  g_assert_cmpfloat (nn_optimizer_plain_rate (optimizer, FALSE), ==, biases);
  nn_optimizer_free (optimizer);
}

static void
test_plain_rate (void)
{
  check_plain_rate (NN_SGD, 0, 0, 0.25, 0.25);
  check_plain_rate (NN_SGD, 0, 0.1, 0, 0.25);
  check_plain_rate (NN_SGD, 0.9, 0, 0, 0);
  check_plain_rate (NN_ADAM, 0, 0, 0, 0);
}

static void
test_bad_arguments (void)
{
  NnOptimizer *optimizer = NULL;

  g_assert_cmpint (nn_optimizer_new (NN_ADAM + 1, 0, 0, 1, NULL, &optimizer), ==, NN_BAD_ARGUMENT);
  g_assert_cmpint (nn_optimizer_new (NN_SGD, 1, 0, 1, NULL, &optimizer), ==, NN_BAD_ARGUMENT);
  g_assert_cmpint (nn_optimizer_new (NN_SGD, -0.1, 0, 1, NULL, &optimizer), ==, NN_BAD_ARGUMENT);
  g_assert_cmpint (nn_optimizer_new (NN_SGD, NAN, 0, 1, NULL, &optimizer), ==, NN_BAD_ARGUMENT);
  g_assert_cmpint (nn_optimizer_new (NN_SGD, 0, -0.1, 1, NULL, &optimizer), ==, NN_BAD_ARGUMENT);
  g_assert_cmpint (nn_optimizer_new (NN_SGD, 0, NAN, 1, NULL, &optimizer), ==, NN_BAD_ARGUMENT);
  g_assert_cmpint (nn_optimizer_new (NN_SGD, 0, INFINITY, 1, NULL, &optimizer), ==, NN_BAD_ARGUMENT);
  g_assert_cmpint (nn_optimizer_new (NN_ADAM, 0, 0, G_MAXSIZE / 2, NULL, &optimizer), ==, NN_TOO_LARGE);
  g_assert_null (optimizer);
  nn_optimizer_free (NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/optimizer/sgd", test_sgd);
  g_test_add_func ("/optimizer/adam", test_adam);
  g_test_add_func ("/optimizer/decay", test_decay);
  g_test_add_func ("/optimizer/blocks", test_blocks);
  g_test_add_func ("/optimizer/plain-rate", test_plain_rate);
  g_test_add_func ("/optimizer/bad-arguments", test_bad_arguments);
  return g_test_run ();
}
