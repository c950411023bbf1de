/* SPDX-License-Identifier: MIT */

/* What must not depend on how a network is run: on the batch that a sample is in,
 * the threads, the memory, the form of the parameters, or the kernels. */

#include "kernels.h"
#include "networks.h"
#include "nn-loss.h"
#include "nn-workspace-private.h"

#define CLASSES 4
#define N_PICTURES 40
#define LARGE_BATCH 256

static const NnLayerSpec plain_cnn_specs[] = {
  SAME (5, 6), RELU, POOL (2, 2), SAME (3, 5), CONV (3, 2, 8, NN_PADDING_VALID), LEAKY_RELU (0.2), FLATTEN, DENSE (CLASSES),
};

static const NnLayerSpec wide_cnn_specs[] = {
  SAME (3, 33), NORM, RELU, SAME (3, 40), AVERAGE (2, 2), VALID (1, 20), NORM, RELU, FLATTEN, DENSE (CLASSES),
};

static const struct
{
  NnShape shape;
  const NnLayerSpec *specs;
  gsize n;
  gboolean is_plain; /* runs the same in training, up to rounding */
} networks[] = {
  { { 20, 20, 1 }, mlp_specs, G_N_ELEMENTS (mlp_specs), TRUE },
  { { 9, 7, 1 }, plain_cnn_specs, G_N_ELEMENTS (plain_cnn_specs), TRUE },
  { { 6, 5, 2 }, wide_cnn_specs, G_N_ELEMENTS (wide_cnn_specs), FALSE },
  { { 9, 7, 1 }, cnn_specs, G_N_ELEMENTS (cnn_specs), FALSE },
};

static NnNetwork *
network_new (gsize which, NnRng *rng)
{
  return drawn_network_new (networks[which].shape, networks[which].specs, networks[which].n, rng);
}

static NnPool *
pool_new (gsize n_workers)
{
  NnPool *pool;

  g_assert_cmpint (nn_pool_new (n_workers, &pool), ==, NN_OK);
  return pool;
}

/* ‖a − b‖ / ‖b‖ */
static double
distance (const NnReal *a, const NnReal *b, gsize n)
{
  double sum = 0, size = 0;

  for (gsize i = 0; i < n; i++)
    {
      sum += pow (a[i] - b[i], 2);
      size += pow (b[i], 2);
    }
  return sqrt (sum / size);
}

/* Runs @n pictures through @workspace, @batch at a time. */
static NnReal *
dup_logits (const NnNetwork *network, NnWorkspace *workspace, const NnReal *pictures, gsize n, gsize batch)
{
  NnReal *logits = g_new (NnReal, n * CLASSES);

  for (gsize first = 0; first < n; first += batch)
    {
      gsize count = MIN (batch, n - first);

      memcpy (logits + first * CLASSES, run_forth (network, workspace, pictures + first * input_size (network), count),
              count * CLASSES * sizeof (NnReal));
    }
  return logits;
}

/* Sums in another order differ in their last bits; a number that falls on the
 * other side of what bfloat16 rounds up differs in its eighth. */
static double
tolerance_of (const NnKernels *kernels)
{
  return kernels->cpu == NN_CPU_AVX512_BF16 ? 1e-3 : 1e-6;
}

/* Checks that each sample's logits are the same in batches of @batch as
 * @expected, those of one large batch that ran in @large: to the bit, or nearly. */
static void
check_batch (const NnNetwork *network, NnPurpose purpose, NnWorkspace *large, const NnReal *pictures, const NnReal *expected, gsize batch, gboolean nearly)
{
  NnWorkspace *workspace = workspace_new (network, batch, purpose, large->pool, large->kernels);
  NnWorkspace *unthreaded = workspace_new (network, batch, purpose, NULL, large->kernels);
  g_autofree NnReal *logits = dup_logits (network, workspace, pictures, N_PICTURES, batch);
  g_autofree NnReal *in_large = dup_logits (network, large, pictures, N_PICTURES, batch);
  g_autofree NnReal *on_one_thread = dup_logits (network, unthreaded, pictures, N_PICTURES, batch);
  const gsize n = N_PICTURES * CLASSES, size = n * sizeof (NnReal);

  if (nearly)
    g_assert_cmpfloat (distance (logits, expected, n), <, tolerance_of (large->kernels));
  else
    g_assert_cmpmem (logits, size, expected, size);
  g_assert_cmpmem (in_large, size, logits, size);
  g_assert_cmpmem (on_one_thread, size, logits, size);
  nn_workspace_free (unthreaded);
  nn_workspace_free (workspace);
}

/* One case is left out: what bfloat16 products are made of are pairs of terms, and
 * which terms make a pair depends on the inputs that the first dense layer leaves
 * out, because they are zero in the whole batch. */
static void
test_batches (gconstpointer name)
{
  static const gsize batches[] = { 1, 2, 7, N_PICTURES };
  const NnKernels *kernels = find_kernels (name);
  NnRng rng = nn_rng_new (41);
  NnPool *pool = pool_new (2);

  for (gsize i = 0; kernels != NULL && i < G_N_ELEMENTS (networks); i++)
    {
      const gboolean nearly = kernels->cpu == NN_CPU_AVX512_BF16 && networks[i].specs == mlp_specs;
      g_autofree NnReal *pictures = draw_pictures (&rng, networks[i].shape, LARGE_BATCH), *of_inference = NULL;
      NnNetwork *network = network_new (i, &rng);

      for (NnPurpose purpose = NN_INFERENCE; purpose <= (networks[i].is_plain ? NN_TRAINING : NN_INFERENCE); purpose++)
        {
          NnWorkspace *large = workspace_new (network, LARGE_BATCH, purpose, pool, kernels);
          g_autofree NnReal *expected = dup_logits (network, large, pictures, LARGE_BATCH, LARGE_BATCH);

          for (gsize b = 0; b < G_N_ELEMENTS (batches); b++)
            check_batch (network, purpose, large, pictures, expected, batches[b], nearly);
          if (of_inference != NULL)
            g_assert_cmpfloat (distance (expected, of_inference, LARGE_BATCH * CLASSES), <, tolerance_of (kernels));
          else
            of_inference = g_steal_pointer (&expected);
          nn_workspace_free (large);
        }
      nn_network_free (network);
    }
  nn_pool_free (pool);
}

/* Two steps of training, one by way of the gradients and one without, and what
 * they leave behind: logits, gradients, parameters, statistics. */
static GBytes *
dup_traces (const NnNetwork *network, const NnReal *pictures, gsize batch, gsize max_batch, NnPool *pool, const NnKernels *kernels)
{
  NnWorkspace *workspace = workspace_new (network, max_batch, NN_TRAINING, pool, kernels);
  const gsize n = nn_network_n_parameters (network), n_statistics = nn_network_n_statistics (network);
  GByteArray *traces = g_byte_array_new ();
  guint8 labels[LARGE_BATCH];
  NnOptimizer *optimizer;
  NnNetwork *copy;

  for (gsize i = 0; i < batch; i++)
    labels[i] = i % CLASSES;
  g_assert_cmpint (nn_network_copy (network, &copy), ==, NN_OK);
  g_assert_cmpint (nn_optimizer_new (NN_ADAM, 0, 0.1, n, kernels, &optimizer), ==, NN_OK);
  for (gsize step = 0; step < 2; step++)
    {
      const NnReal *logits;
      gsize correct = 0;

      nn_workspace_set_key (workspace, step);
      logits = run_forth (copy, workspace, pictures + step * batch * input_size (copy), batch);
      g_byte_array_append (traces, (const guint8 *) logits, batch * CLASSES * sizeof (NnReal));
      nn_softmax_cross_entropy (logits, labels, batch, CLASSES, 0, nn_workspace_output_gradient (workspace), &correct);
      nn_update_statistics (copy, workspace);
      nn_optimizer_begin (optimizer, 0.01);
      if (step == 1)
        {
          nn_backward_step (copy, workspace, batch, optimizer);
          continue;
        }
      g_byte_array_append (traces, (const guint8 *) nn_backward (copy, workspace, batch), n * sizeof (NnReal));
      nn_apply_gradients (copy, workspace, optimizer);
    }
  g_byte_array_append (traces, (const guint8 *) nn_network_parameters (copy), n * sizeof (NnReal));
  if (n_statistics > 0)
    g_byte_array_append (traces, (const guint8 *) nn_network_statistics (copy), n_statistics * sizeof (NnReal));
  nn_optimizer_free (optimizer);
  nn_network_free (copy);
  nn_workspace_free (workspace);
  return g_byte_array_free_to_bytes (traces);
}

/* Training leaves the same bits behind for every number of threads, and in memory
 * for more samples; also for fewer samples than there are shards, and for so many
 * that a shard is cut into slices. */
static void
test_threads (gconstpointer name)
{
  static const gsize batches[] = { 1, 5, 140 };
  const NnKernels *kernels = find_kernels (name);
  NnPool *pools[] = { pool_new (2), pool_new (3), pool_new (8) };
  NnRng rng = nn_rng_new (42);

  for (gsize i = 0; kernels != NULL && i < G_N_ELEMENTS (networks); i++)
    for (gsize b = 0; b < G_N_ELEMENTS (batches); b++)
      {
        g_autofree NnReal *pictures = draw_pictures (&rng, networks[i].shape, 2 * batches[b]);
        NnNetwork *network = network_new (i, &rng);
        g_autoptr (GBytes) expected = dup_traces (network, pictures, batches[b], batches[b], NULL, kernels);

        for (gsize p = 0; p < G_N_ELEMENTS (pools); p++)
          {
            g_autoptr (GBytes) traces = dup_traces (network, pictures, batches[b], batches[b] + 3 * p, pools[p], kernels);

            g_assert_true (g_bytes_equal (traces, expected));
          }
        nn_network_free (network);
      }
  for (gsize p = 0; p < G_N_ELEMENTS (pools); p++)
    nn_pool_free (pools[p]);
}

static NnReal *
dup_gradients (const NnNetwork *network, NnWorkspace *workspace, const NnReal *pictures, const NnReal *slopes, gsize batch)
{
  run_forth (network, workspace, pictures, batch);
  set_slopes (network, workspace, slopes, batch);
  return g_memdup2 (nn_backward (network, workspace, batch), nn_network_n_parameters (network) * sizeof (NnReal));
}

/* All tables find the gradients that the reference finds. With the eight bits of
 * bfloat16 they are off by a few per cent after so many layers, a tenth at most
 * in what was seen. */
static void
test_gradients (gconstpointer name)
{
  enum { BATCH = 33 };
  const NnKernels *kernels = find_kernels (name);
  NnRng rng = nn_rng_new (43);
  g_autofree NnReal *slopes = draw_new (&rng, BATCH * CLASSES);

  for (gsize i = 0; kernels != NULL && i < G_N_ELEMENTS (networks); i++)
    {
      g_autofree NnReal *pictures = draw_pictures (&rng, networks[i].shape, BATCH);
      NnNetwork *network = network_new (i, &rng);
      NnWorkspace *reference = workspace_new (network, BATCH, NN_TRAINING, NULL, nn_kernels_find ("reference"));
      NnWorkspace *workspace = workspace_new (network, BATCH, NN_TRAINING, NULL, kernels);
      g_autofree NnReal *expected = dup_gradients (network, reference, pictures, slopes, BATCH);
      g_autofree NnReal *gradients = dup_gradients (network, workspace, pictures, slopes, BATCH);

      g_assert_cmpfloat (distance (gradients, expected, nn_network_n_parameters (network)), <=,
                         kernels->cpu == NN_CPU_AVX512_BF16 ? 0.25 : 1e-5);
      nn_workspace_free (workspace);
      nn_workspace_free (reference);
      nn_network_free (network);
    }
}

/* A guest finds what it would find in memory of its own, and so does its host
 * after it. */
static void
test_guest (gconstpointer name)
{
  enum { BATCH = 24, SMALL = 9 };
  const NnKernels *kernels = find_kernels (name);
  NnRng rng = nn_rng_new (44);
  g_autofree NnReal *slopes = draw_new (&rng, BATCH * CLASSES);
  NnPool *pool = pool_new (2);

  for (gsize i = 0; kernels != NULL && i < G_N_ELEMENTS (networks); i++)
    {
      g_autofree NnReal *pictures = draw_pictures (&rng, networks[i].shape, N_PICTURES);
      NnNetwork *network = network_new (i, &rng);
      const gsize size = nn_network_n_parameters (network) * sizeof (NnReal);
      NnWorkspace *host = workspace_new (network, BATCH, NN_TRAINING, pool, kernels);
      NnWorkspace *alone = workspace_new (network, SMALL, NN_INFERENCE, NULL, kernels), *guest, *large;
      g_autofree NnReal *gradients = dup_gradients (network, host, pictures, slopes, BATCH);
      g_autofree NnReal *logits = dup_logits (network, alone, pictures, N_PICTURES, SMALL);

      g_assert_cmpint (nn_workspace_new_guest (network, SMALL, NN_INFERENCE, host, &guest), ==, NN_OK);
      g_assert_cmpint (nn_workspace_new_guest (network, 4000, NN_INFERENCE, host, &large), ==, NN_OK);
      g_assert_null (guest->own_block);
      g_assert_nonnull (large->own_block); /* it does not fit */
      for (guint turn = 0; turn < 3; turn++)
        {
          g_autofree NnReal *own = dup_gradients (network, host, pictures, slopes, BATCH);
          g_autofree NnReal *others = NULL;

          g_assert_cmpmem (own, size, gradients, size);
          nn_workspace_refresh (guest, network);
          others = dup_logits (network, guest, pictures, N_PICTURES, SMALL);
          g_assert_cmpmem (others, N_PICTURES * CLASSES * sizeof (NnReal), logits, N_PICTURES * CLASSES * sizeof (NnReal));
        }
      nn_workspace_free (large);
      nn_workspace_free (guest);
      nn_workspace_free (alone);
      nn_workspace_free (host);
      nn_network_free (network);
    }
  nn_pool_free (pool);
}

/* A batch norm behind a dense layer or a convolution is folded into it; one
 * behind a dropout, which does nothing in inference, is not. */
static void
test_folding (gconstpointer name)
{
  const NnLayerSpec folded_specs[] = { SAME (3, 5), NORM, RELU, CONV (2, 2, 7, NN_PADDING_VALID), NORM, FLATTEN,
                                       DENSE (9), NORM, NORM, TANH, DENSE (CLASSES), NORM };
  const NnLayerSpec plain_specs[] = { SAME (3, 5), DROPOUT (0), NORM, RELU, CONV (2, 2, 7, NN_PADDING_VALID), DROPOUT (0), NORM, FLATTEN,
                                      DENSE (9), DROPOUT (0), NORM, NORM, TANH, DENSE (CLASSES), DROPOUT (0), NORM };
  const NnKernels *kernels = find_kernels (name);
  NnRng rng = nn_rng_new (45), same_rng = rng;
  NnNetwork *folded = drawn_network_new (cnn_shape, folded_specs, G_N_ELEMENTS (folded_specs), &rng);
  NnNetwork *plain = drawn_network_new (cnn_shape, plain_specs, G_N_ELEMENTS (plain_specs), &same_rng);
  g_autofree NnReal *pictures = draw_pictures (&rng, cnn_shape, N_PICTURES);

  g_assert_cmpmem (nn_network_parameters (folded), nn_network_n_parameters (folded) * sizeof (NnReal),
                   nn_network_parameters (plain), nn_network_n_parameters (plain) * sizeof (NnReal));
  if (kernels != NULL)
    {
      NnWorkspace *workspace = workspace_new (folded, 16, NN_INFERENCE, NULL, kernels);
      NnWorkspace *other = workspace_new (plain, 16, NN_INFERENCE, NULL, kernels);
      g_autofree NnReal *logits = dup_logits (folded, workspace, pictures, N_PICTURES, 16), *expected = dup_logits (plain, other, pictures, N_PICTURES, 16);

      for (gsize i = 0; i < G_N_ELEMENTS (folded_specs); i++)
        g_assert_true (workspace->folded[i] == (i == 1 || i == 4 || i == 7 || i == 11));
      for (gsize i = 0; i < G_N_ELEMENTS (plain_specs); i++)
        g_assert_false (other->folded[i]);
      g_assert_cmpfloat (distance (logits, expected, N_PICTURES * CLASSES), <=, kernels->cpu == NN_CPU_AVX512_BF16 ? 0.02 : 2e-6);
      nn_workspace_free (workspace);
      nn_workspace_free (other);
    }
  nn_network_free (folded);
  nn_network_free (plain);
}

/* A workspace for inference keeps to the parameters that it was given, in
 * whatever form, until it is given others. */
static void
test_refresh (gconstpointer name)
{
  const NnKernels *kernels = find_kernels (name);
  NnRng rng = nn_rng_new (46);
  const gsize size = N_PICTURES * CLASSES * sizeof (NnReal);

  for (gsize i = 0; kernels != NULL && i < G_N_ELEMENTS (networks); i++)
    {
      g_autofree NnReal *pictures = draw_pictures (&rng, networks[i].shape, N_PICTURES);
      NnNetwork *network = network_new (i, &rng);
      NnWorkspace *workspace = workspace_new (network, 32, NN_INFERENCE, NULL, kernels), *other;
      g_autofree NnReal *before = dup_logits (network, workspace, pictures, N_PICTURES, 32), *after = NULL, *expected = NULL;

      draw_parameters (network, &rng);
      nn_workspace_refresh (workspace, network);
      after = dup_logits (network, workspace, pictures, N_PICTURES, 32);
      other = workspace_new (network, 32, NN_INFERENCE, NULL, kernels);
      expected = dup_logits (network, other, pictures, N_PICTURES, 32);
      g_assert_cmpmem (after, size, expected, size);
      g_assert_cmpfloat (distance (before, after, N_PICTURES * CLASSES), >, 0.1);
      nn_workspace_free (other);
      nn_workspace_free (workspace);
      nn_network_free (network);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_kernel_tests ("workspace/batches", test_batches);
  add_kernel_tests ("workspace/threads", test_threads);
  add_kernel_tests ("workspace/gradients", test_gradients);
  add_kernel_tests ("workspace/guest", test_guest);
  add_kernel_tests ("workspace/folding", test_folding);
  add_kernel_tests ("workspace/refresh", test_refresh);
  return g_test_run ();
}
