/* SPDX-License-Identifier: MIT */

/* The choice of the kernels, and the matrix product of each table. */

#include <float.h>
#include <math.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernels.h"

static const gsize sides[] = { 1, 2, 3, 7, 10, 13, 16, 17, 31, 33, 49, 64, 100 };

typedef enum
{
  FROM_ZERO,
  FROM_BIAS,
  ADD,
  N_STARTS
} Start;

typedef enum
{
  ROWS,        /* a is [m][k] */
  TRANSPOSED,  /* a is [k][m] */
  OVERLAPPING, /* each row of a starts one number behind the last */
  APART,       /* neither rows nor columns are neighbours */
  N_LAYOUTS
} Layout;

/* A product with all its memory, gaps between the rows included. */
typedef struct
{
  NnProduct product;
  NnRun runs[12];
  float *a, *b, *bias, *c;
  gsize c_size;
} Case;

/* Cuts k terms into @n_runs runs with gaps of up to three terms before them,
 * some of them empty; returns how many terms the matrices have with the gaps. */
static gsize
cut_into_runs (NnRng *rng, gsize k, gsize n_runs, NnRun *runs)
{
  gsize end = 0;

  for (gsize r = 0; r < n_runs; r++)
    {
      gsize length = r + 1 < n_runs ? nn_rng_below (rng, k + 1) : k;
      gsize first = end + nn_rng_below (rng, 4);

      runs[r] = (NnRun){ first, first, length };
      k -= length;
      end = first + length;
    }
  return end;
}

static void
case_init (Case *self, NnRng *rng, gsize m, gsize n, gsize k, gsize n_runs, Layout layout, Start start)
{
  const gsize gap = nn_rng_below (rng, 4);
  gsize depth = cut_into_runs (rng, k, n_runs, self->runs);
  gsize a_row = layout == TRANSPOSED || layout == OVERLAPPING ? 1 : layout == ROWS ? depth + gap : 2 * depth + 1;
  gsize a_column = layout == TRANSPOSED ? m + gap : layout == APART ? 2 : 1;
  gsize b_row = n + gap;

  for (gsize r = 0; r < n_runs; r++)
    {
      self->runs[r].a *= a_column;
      self->runs[r].b *= b_row;
    }
  self->c_size = (m - 1) * (n + gap) + n;
  self->a = random_numbers (rng, depth > 0 ? (m - 1) * a_row + (depth - 1) * a_column + 1 : 0);
  self->b = random_numbers (rng, depth > 0 ? (depth - 1) * b_row + n : 0);
  self->bias = random_numbers (rng, n);
  self->c = guarded_new (rng, self->c_size);
  self->product = (NnProduct){
    .m = m,
    .n = n,
    .a = self->a,
    .a_row = a_row,
    .a_column = a_column,
    .b = self->b,
    .b_row = b_row,
    .runs = self->runs,
    .n_runs = n_runs,
    .start = start == ADD ? self->c : start == FROM_BIAS ? self->bias : NULL,
    .start_row = start == ADD ? n + gap : 0,
    .c = self->c,
    .c_row = n + gap,
  };
}

static void
case_clear (Case *self)
{
  guarded_free (self->c, self->c_size);
  g_free (self->a);
  g_free (self->b);
  g_free (self->bias);
}

/* Computes the product with @kernels, checks each number against the definition
 * in double precision, and that the gaps are as before. */
static void
check_case (const NnKernels *kernels, Case *self)
{
  const NnProduct *product = &self->product;
  const gboolean bf16 = kernels->cpu == NN_CPU_AVX512_BF16;
  float *before = guarded_copy (self->c, self->c_size);

  kernels->gemm (product);
  for (gsize at = 0; at < self->c_size; at++)
    {
      gsize i = at / product->c_row, j = at % product->c_row, n_terms = 0;
      double sum, size;

      if (j >= product->n)
        {
          g_assert_true (same_bits (self->c[at], before[at]));
          continue;
        }
      sum = product->start == NULL ? 0 : product->start == self->c ? before[at] : product->start[j];
      size = fabs (sum);
      for (gsize r = 0; r < product->n_runs; r++)
        for (gsize p = 0; p < product->runs[r].length; p++, n_terms++)
          {
            double a = product->a[i * product->a_row + product->runs[r].a + p * product->a_column];
            double b = product->b[product->runs[r].b + p * product->b_row + j];
            double term = bf16 ? round_to_bf16 (a) * round_to_bf16 (b) : a * b;

            sum += term;
            size += fabs (term);
          }
      /* A rounding for each term, and one for its product at most. */
      g_assert_cmpfloat (fabs (self->c[at] - sum), <=, (n_terms + 2) * FLT_EPSILON / 2 * size);
    }
  guarded_free (before, self->c_size);
}

static void
test_sizes (gconstpointer name)
{
  const NnKernels *kernels = find_kernels (name);
  NnRng rng = nn_rng_new (11);
  gsize turn = 0;

  for (gsize i = 0; kernels != NULL && i < G_N_ELEMENTS (sides); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (sides); j++)
      for (gsize p = 0; p < G_N_ELEMENTS (sides); p++, turn++)
        {
          Case one;

          case_init (&one, &rng, sides[i], sides[j], sides[p], 1 + turn % 5, turn % N_LAYOUTS, turn / 4 % N_STARTS);
          check_case (kernels, &one);
          case_clear (&one);
        }
}

/* Sums so long that the kernels cut them, also where a run is. */
static void
test_long_sums (gconstpointer name)
{
  const NnKernels *kernels = find_kernels (name);
  NnRng rng = nn_rng_new (12);

  for (gsize turn = 0; kernels != NULL && turn < 48; turn++)
    {
      Case one;

      case_init (&one, &rng, 1 + turn, 1 + nn_rng_below (&rng, 130), 200 + nn_rng_below (&rng, 600), 1 + turn % 12,
                 turn % N_LAYOUTS, turn / 4 % N_STARTS);
      check_case (kernels, &one);
      case_clear (&one);
    }
}

/* More runs than the kernels take at once, in any order, each a term or two. */
static void
test_many_runs (gconstpointer name)
{
  const NnKernels *kernels = find_kernels (name);
  NnRng rng = nn_rng_new (13);
  NnRun runs[333];
  Case one;

  if (kernels == NULL)
    return;
  case_init (&one, &rng, 30, 70, 400, 1, ROWS, ADD);
  for (gsize r = 0; r < G_N_ELEMENTS (runs); r++)
    {
      gsize first = one.runs[0].a + nn_rng_below (&rng, 399);

      runs[r] = (NnRun){ first, first * one.product.b_row, nn_rng_below (&rng, 3) };
    }
  one.product.runs = runs;
  one.product.n_runs = G_N_ELEMENTS (runs);
  check_case (kernels, &one);
  case_clear (&one);
}

static void
test_empty_sum (gconstpointer name)
{
  const NnKernels *kernels = find_kernels (name);
  NnRng rng = nn_rng_new (14);

  for (gsize turn = 0; kernels != NULL && turn < 5 * N_STARTS; turn++)
    {
      Case one;

      case_init (&one, &rng, 9, 37, 0, turn / N_STARTS, ROWS, turn % N_STARTS);
      check_case (kernels, &one);
      case_clear (&one);
    }
}

/* Cutting a product into blocks must not change a bit of it. */
static void
test_blocks (gconstpointer name)
{
  const NnKernels *kernels = find_kernels (name);
  NnRng rng = nn_rng_new (15);

  for (gsize turn = 0; kernels != NULL && turn < 60; turn++)
    {
      gsize m = 1 + nn_rng_below (&rng, 70), n = 1 + nn_rng_below (&rng, 140);
      gsize height = 1 + nn_rng_below (&rng, m), width = 1 + nn_rng_below (&rng, n);
      Case one;
      NnProduct block;
      float *parts;

      case_init (&one, &rng, m, n, nn_rng_below (&rng, 400), 1 + turn % 12, turn % N_LAYOUTS, turn % N_STARTS);
      parts = guarded_copy (one.c, one.c_size);
      for (gsize i = 0; i < m; i += height)
        for (gsize j = 0; j < n; j += width)
          {
            block = one.product;
            block.m = MIN (height, m - i);
            block.n = MIN (width, n - j);
            block.a += i * block.a_row;
            block.b += j;
            block.c = parts + i * block.c_row + j;
            if (block.start == one.c)
              block.start = block.c;
            else if (block.start != NULL)
              block.start += j;
            kernels->gemm (&block);
          }
      kernels->gemm (&one.product);
      g_assert_cmpmem (one.c, one.c_size * sizeof (float), parts, one.c_size * sizeof (float));
      guarded_free (parts, one.c_size);
      case_clear (&one);
    }
}

static void
test_multiply_add (gconstpointer name)
{
  const NnKernels *kernels = find_kernels (name);

  if (kernels == NULL)
    return;
  g_assert_cmpfloat (kernels->multiply_add (1), >=, 1);
  g_assert_cmpfloat (kernels->multiply_add (1e5), >=, 1e5);
  g_assert_cmpfloat (kernels->multiply_add (1e5), <=, 2e5);
}

static void
test_choice (void)
{
  const NnKernels *chosen = nn_kernels ();

  g_assert_nonnull (chosen);
  g_assert_true (nn_cpu_supports (chosen->cpu));
  g_assert_true (chosen->cpu != NN_CPU_AVX512_BF16 || g_strcmp0 (g_getenv ("NN_ISA"), "avx512-bf16") == 0);
  g_assert_true (nn_kernels_find (chosen->name) == chosen);
  g_assert_null (nn_kernels_find ("abacus"));
  g_assert_nonnull (nn_kernels_find ("reference"));
  for (gsize i = 0; i < G_N_ELEMENTS (kernel_names); i++)
    {
      const NnKernels *kernels = nn_kernels_find (kernel_names[i]);

      g_assert_true (kernels == NULL || (g_str_equal (kernels->name, kernel_names[i]) && nn_cpu_supports (kernels->cpu)));
    }
}

/* The choice is made once, so each is asked for in a process of its own, and
 * before this one makes it. */
static void
test_choice_by_name (gconstpointer name)
{
  const NnKernels *kernels = find_kernels (name);
  pid_t child;
  int status;

  if (kernels == NULL)
    return;
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      g_setenv ("NN_ISA", name, TRUE);
      _exit (nn_kernels () == kernels ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_kernel_tests ("choice", test_choice_by_name);
  add_kernel_tests ("gemm/sizes", test_sizes);
  add_kernel_tests ("gemm/long-sums", test_long_sums);
  add_kernel_tests ("gemm/many-runs", test_many_runs);
  add_kernel_tests ("gemm/empty-sum", test_empty_sum);
  add_kernel_tests ("gemm/blocks", test_blocks);
  add_kernel_tests ("multiply-add", test_multiply_add);
  g_test_add_func ("/kernels/choice/default", test_choice);
  return g_test_run ();
}
