/* SPDX-License-Identifier: MIT */

/* Gradients on their way into the parameters: at once, nn_backward_step(), or
 * first all and then the step, nn_backward() and nn_apply_gradients(). */

#include <float.h>

#include "kernels.h"
#include "networks.h"

#define BATCH 13
#define STEPS 4
#define RATE 0.01

static const struct
{
  NnOptimizerKind kind;
  double momentum;
  double weight_decay;
} optimizers[] = {
  { NN_SGD, 0, 0 }, { NN_SGD, 0, 0.5 }, { NN_SGD, 0.9, 0 }, { NN_SGD, 0.9, 0.5 }, { NN_ADAM, 0, 0 }, { NN_ADAM, 0, 0.5 },
};

static const struct
{
  NnShape shape;
  const NnLayerSpec *specs;
  gsize n;
} networks[] = {
  { { 20, 20, 1 }, mlp_specs, G_N_ELEMENTS (mlp_specs) },
  { { 9, 7, 1 }, cnn_specs, G_N_ELEMENTS (cnn_specs) },
};

/* A network in training. */
typedef struct
{
  NnNetwork *network;
  NnWorkspace *workspace;
  NnOptimizer *optimizer;
} Run;

static void
run_init (Run *run, gsize which, gsize optimizer, NnPool *pool, const NnKernels *kernels)
{
  NnRng rng = nn_rng_new (51);

  run->network = drawn_network_new (networks[which].shape, networks[which].specs, networks[which].n, &rng);
  run->workspace = workspace_new (run->network, BATCH, NN_TRAINING, pool, kernels);
  g_assert_cmpint (nn_optimizer_new (optimizers[optimizer].kind, optimizers[optimizer].momentum, optimizers[optimizer].weight_decay,
                                     nn_network_n_parameters (run->network), kernels, &run->optimizer), ==, NN_OK);
}

static void
run_clear (Run *run)
{
  nn_optimizer_free (run->optimizer);
  nn_workspace_free (run->workspace);
  nn_network_free (run->network);
}

static void
run_begin (Run *run, const NnReal *pictures, const NnReal *slopes)
{
  run_forth (run->network, run->workspace, pictures, BATCH);
  set_slopes (run->network, run->workspace, slopes, BATCH);
  nn_optimizer_begin (run->optimizer, RATE);
}

/* Both ways do the same with the same gradient, and round once or twice. Only a
 * plain step is made in another way by dense layers: the weight is the start of a
 * sum over the batch, so each term rounds it; and bfloat16 rounds the gradient's
 * factors after they have been scaled. */
static void
check_parameters (const Run *at_once, const Run *in_turn, double largest_gradient, gboolean is_plain, gboolean bf16)
{
  const NnReal *a = nn_network_parameters (at_once->network), *b = nn_network_parameters (in_turn->network);
  const double roundings = is_plain ? BATCH + 2 : 2, of_gradient = is_plain && bf16 ? 0.01 : 1e-6;

  for (gsize i = 0; i < nn_network_n_parameters (at_once->network); i++)
    g_assert_cmpfloat (fabs (a[i] - b[i]), <=,
                       roundings * FLT_EPSILON / 2 * fabs (b[i]) + of_gradient * RATE * fmax (largest_gradient, 1));
}

static double
find_largest (const NnReal *numbers, gsize n)
{
  double largest = 0;

  for (gsize i = 0; i < n; i++)
    largest = fmax (largest, fabs (numbers[i]));
  return largest;
}

/* In each step other pixels are zero in the whole batch: a weight that has moved
 * once goes on with its momentum, and decays. */
static void
test_step (gconstpointer name)
{
  const NnKernels *kernels = find_kernels (name);
  NnPool *pool;

  g_assert_cmpint (nn_pool_new (2, &pool), ==, NN_OK);
  for (gsize n = 0; kernels != NULL && n < G_N_ELEMENTS (networks); n++)
    for (gsize o = 0; o < G_N_ELEMENTS (optimizers); o++)
      {
        const gboolean is_plain = optimizers[o].kind == NN_SGD && optimizers[o].momentum == 0 && optimizers[o].weight_decay == 0;
        NnRng rng = nn_rng_new (52);
        Run at_once, in_turn;
        gsize n_parameters;

        run_init (&at_once, n, o, pool, kernels);
        run_init (&in_turn, n, o, NULL, kernels);
        n_parameters = nn_network_n_parameters (in_turn.network);
        for (gsize step = 0; step < STEPS; step++)
          {
            g_autofree NnReal *pictures = draw_pictures (&rng, networks[n].shape, BATCH);
            g_autofree NnReal *slopes = draw_new (&rng, BATCH * output_size (in_turn.network));
            const NnReal *gradients;

            /* Every other column is white at times. */
            for (gsize i = 0; i < BATCH * nn_shape_size (networks[n].shape); i++)
              if (i % 2 == step % 2)
                pictures[i] = 0;
            run_begin (&in_turn, pictures, slopes);
            gradients = nn_backward (in_turn.network, in_turn.workspace, BATCH);
            nn_apply_gradients (in_turn.network, in_turn.workspace, in_turn.optimizer);
            run_begin (&at_once, pictures, slopes);
            nn_backward_step (at_once.network, at_once.workspace, BATCH, at_once.optimizer);
            check_parameters (&at_once, &in_turn, find_largest (gradients, n_parameters), is_plain, kernels->cpu == NN_CPU_AVX512_BF16);

            /* What is too small to be seen must not grow. */
            memcpy (nn_network_parameters (at_once.network), nn_network_parameters (in_turn.network), n_parameters * sizeof (NnReal));
          }
        run_clear (&at_once);
        run_clear (&in_turn);
      }
  nn_pool_free (pool);
}

/* The weights of an input that is zero in the whole batch have no gradient. They
 * stay as they are to the bit in a plain step; they only decay; they go on as fast
 * as before times the momentum. */
static void
test_left_out (gconstpointer name)
{
  enum { INPUTS = 150, UNITS = 70, LEFT_OUT = 77 };
  const NnLayerSpec specs[] = { DENSE (UNITS) };
  const NnKernels *kernels = find_kernels (name);

  for (gsize o = 0; kernels != NULL && o < G_N_ELEMENTS (optimizers); o++)
    {
      const double keep = 1 - RATE * optimizers[o].weight_decay;
      NnRng rng = nn_rng_new (53);
      g_autofree NnReal *input = draw_new (&rng, BATCH * INPUTS), *slopes = draw_new (&rng, BATCH * UNITS);
      NnReal first[UNITS], second[UNITS], *row;
      NnWorkspace *workspace;
      NnOptimizer *optimizer;
      NnNetwork *network;

      network = drawn_network_new ((NnShape){ 1, 1, INPUTS }, specs, 1, &rng);
      workspace = workspace_new (network, BATCH, NN_TRAINING, NULL, kernels);
      g_assert_cmpint (nn_optimizer_new (optimizers[o].kind, optimizers[o].momentum, optimizers[o].weight_decay,
                                         nn_network_n_parameters (network), kernels, &optimizer), ==, NN_OK);
      row = nn_network_parameters (network) + LEFT_OUT * UNITS;
      for (guint step = 0; step < 2; step++)
        {
          memcpy (step == 0 ? first : second, row, sizeof first);
          for (gsize sample = 0; step == 1 && sample < BATCH; sample++)
            input[sample * INPUTS + LEFT_OUT] = 0;
          run_forth (network, workspace, input, BATCH);
          set_slopes (network, workspace, slopes, BATCH);
          nn_optimizer_begin (optimizer, RATE);
          nn_backward_step (network, workspace, BATCH, optimizer);
        }
      for (gsize j = 0; j < UNITS; j++)
        {
          double moved = second[j] - first[j] * keep, expected = second[j] * keep + optimizers[o].momentum * moved;

          g_assert_cmpfloat (fabs (moved), >, 1e-5 * RATE);
          if (optimizers[o].kind == NN_ADAM) /* on and on */
            g_assert_true ((row[j] - second[j] * keep) / moved > 0.5 && (row[j] - second[j] * keep) / moved < 0.7);
          else if (expected == second[j])
            g_assert_true (same_bits (row[j], second[j]));
          else
            g_assert_cmpfloat (fabs (row[j] - expected), <=, 2e-7 * (fabs (expected) + 1));
        }
      nn_optimizer_free (optimizer);
      nn_workspace_free (workspace);
      nn_network_free (network);
    }
}

static double
norm_of (const NnReal *numbers, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += pow (numbers[i], 2);
  return sqrt (sum);
}

static void
test_clip (void)
{
  static const double shares[] = { 1.01, 0.9, 0.25 };
  NnRng rng = nn_rng_new (54);
  g_autofree NnReal *pictures = draw_pictures (&rng, cnn_shape, BATCH), *slopes = draw_new (&rng, BATCH * 4);
  g_autofree NnReal *before = NULL;
  const NnReal *gradients;
  double norm;
  gsize n;
  Run run;

  run_init (&run, 1, 0, NULL, NULL);
  run_begin (&run, pictures, slopes);
  gradients = nn_backward (run.network, run.workspace, BATCH);
  n = nn_network_n_parameters (run.network);
  norm = norm_of (gradients, n);
  before = g_memdup2 (gradients, n * sizeof (NnReal));

  for (gsize i = 0; i < G_N_ELEMENTS (shares); i++)
    {
      const double share = fmin (shares[i], 1);

      g_assert_cmpfloat_with_epsilon (nn_clip_gradients (run.network, run.workspace, shares[i] * norm), norm, 1e-12 * norm);
      g_assert_cmpfloat_with_epsilon (norm_of (gradients, n), share * norm, 1e-6 * norm);
      for (gsize j = 0; j < n; j++)
        g_assert_cmpfloat (fabs (gradients[j] - share * before[j]), <=, share < 1 ? 2e-7 * fabs (before[j]) : 0);

      run_begin (&run, pictures, slopes);
      nn_backward (run.network, run.workspace, BATCH);
    }
  run_clear (&run);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_kernel_tests ("descent/step", test_step);
  add_kernel_tests ("descent/left-out", test_left_out);
  g_test_add_func ("/descent/clip", test_clip);
  return g_test_run ();
}
