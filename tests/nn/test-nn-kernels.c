/* SPDX-License-Identifier: MIT */

/* Every kernel table of this processor against the reference. */

#include <float.h>
#include <glib.h>
#include <math.h>
#include <string.h>

#include "nn-kernels.h"
#include "nn-rng.h"

static const char *const names[] = { "reference", "avx2", "avx512", "neon" };
static const gsize sides[] = { 1, 2, 3, 4, 5, 7, 13, 14, 15, 16, 17, 31, 32, 33, 48, 100 };

static float *
random_matrix (NnRng *rng, gsize n)
{
  float *matrix = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    matrix[i] = (float) nn_rng_normal (rng);
  return matrix;
}

typedef enum
{
  FROM_ZERO,
  FROM_BIAS,
  ADD,
  N_STARTS
} Start;

/* Compares one product; rows are longer than they need be, and what lies
 * between them must stay as it was. */
static void
check_product (NnGemm gemm, NnRng *rng, gsize m, gsize n, gsize k, gboolean transposed, Start start)
{
  const gsize gap = 3;
  gsize a_size = (MAX (m, k) + gap) * MAX (m, k);
  gsize b_row = n + gap, c_row = n + gap;
  g_autofree float *a = random_matrix (rng, a_size);
  g_autofree float *b = random_matrix (rng, b_row * k);
  g_autofree float *bias = random_matrix (rng, n);
  g_autofree float *c = random_matrix (rng, c_row * m);
  g_autofree float *expected = g_memdup2 (c, c_row * m * sizeof (float));
  gsize a_row = transposed ? 1 : k + gap, a_column = transposed ? m + gap : 1;

  nn_gemm_reference (m, n, k, a, a_row, a_column, b, b_row,
                     start == ADD ? expected : start == FROM_BIAS ? bias : NULL,
                     start == ADD ? c_row : 0, expected, c_row);
  gemm (m, n, k, a, a_row, a_column, b, b_row,
        start == ADD ? c : start == FROM_BIAS ? bias : NULL,
        start == ADD ? c_row : 0, c, c_row);

  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < c_row; j++)
      {
        /* A sum of k products of unit variance in whichever rounding: the error
         * grows with k ε at worst, and each term is below 25 here. */
        double tolerance = j < n ? 25 * (k + 2) * FLT_EPSILON : 0;

        g_assert_cmpfloat (fabs ((double) c[i * c_row + j] - expected[i * c_row + j]), <=, tolerance);
      }
}

static void
test_gemm (gconstpointer data)
{
  const NnKernels *kernels = nn_kernels_find (data);
  NnRng rng = nn_rng_new (11);

  if (kernels == NULL)
    {
      g_test_skip ("this processor cannot run them");
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (sides); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (sides); j++)
      for (gsize p = 0; p < G_N_ELEMENTS (sides); p++)
        check_product (kernels->gemm, &rng, sides[i], sides[j], sides[p], (i + p) % 2, (i + j + p) % N_STARTS);
}

static void
test_empty_sum (void)
{
  float bias[2] = { 1, 2 }, c[4] = { 9, 9, 9, 9 };

  nn_kernels ()->gemm (2, 2, 0, NULL, 0, 1, NULL, 2, bias, 0, c, 2);
  g_assert_cmpfloat (c[0], ==, 1);
  g_assert_cmpfloat (c[3], ==, 2);
}

/* Cutting a product into blocks must not change a bit of it. */
static void
test_blocks (gconstpointer data)
{
  const NnKernels *kernels = nn_kernels_find (data);
  const gsize m = 50, n = 70, k = 90;
  NnRng rng = nn_rng_new (12);
  g_autofree float *a = random_matrix (&rng, m * k);
  g_autofree float *b = random_matrix (&rng, k * n);
  g_autofree float *whole = g_new0 (float, m * n);
  g_autofree float *parts = g_new0 (float, m * n);

  if (kernels == NULL)
    {
      g_test_skip ("this processor cannot run them");
      return;
    }
  kernels->gemm (m, n, k, a, k, 1, b, n, NULL, 0, whole, n);
  for (gsize i = 0; i < m; i += 11)
    for (gsize j = 0; j < n; j += 9)
      kernels->gemm (MIN (11, m - i), MIN (9, n - j), k, a + i * k, k, 1, b + j, n, NULL, 0, parts + i * n + j, n);
  g_assert_cmpmem (whole, m * n * sizeof (float), parts, m * n * sizeof (float));
}

static void
test_choice (void)
{
  g_assert_nonnull (nn_kernels ());
  g_assert_true (nn_cpu_supports (nn_kernels ()->cpu));
  g_assert_null (nn_kernels_find ("abacus"));
  g_assert_true (nn_kernels_find ("reference")->gemm == nn_gemm_reference);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/choice", test_choice);
  g_test_add_func ("/kernels/empty-sum", test_empty_sum);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *gemm = g_strdup_printf ("/kernels/%s/gemm", names[i]);
      g_autofree char *blocks = g_strdup_printf ("/kernels/%s/blocks", names[i]);

      g_test_add_data_func (gemm, names[i], test_gemm);
      g_test_add_data_func (blocks, names[i], test_blocks);
    }
  return g_test_run ();
}
