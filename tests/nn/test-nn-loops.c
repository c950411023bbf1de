/* SPDX-License-Identifier: MIT */

/* The kernels that work element by element, of each table, against what they are
 * said to do, in double precision. */

#include <float.h>
#include <math.h>

#include "kernels.h"

static const gsize lengths[] = { 1, 3, 4, 7, 8, 15, 16, 17, 33, 100 };

/* Asserts that @number is @expected up to some roundings of numbers whose sizes
 * sum to @size. */
static void
assert_near (double number, double expected, double size)
{
  g_assert_cmpfloat (fabs (number - expected), <=, 4 * FLT_EPSILON * size);
}

static void
check_relu (const NnKernels *kernels, NnRng *rng, gsize n, float slope)
{
  g_autofree float *x = random_numbers (rng, n);
  float *y = guarded_new (rng, n), *dy = guarded_new (rng, n), *before = guarded_copy (dy, n);

  if (n > 2)
    x[1] = 0;
  memcpy (y, x, n * sizeof (float));
  kernels->relu (n, slope, y);
  kernels->relu_gradient (n, slope, y, dy);
  for (gsize i = 0; i < n; i++)
    {
      g_assert_cmpfloat (y[i], ==, x[i] > 0 ? x[i] : slope * x[i]);
      g_assert_cmpfloat (dy[i], ==, x[i] > 0 ? before[i] : slope * before[i]);
    }
  guarded_free (before, n);
  guarded_free (dy, n);
  guarded_free (y, n);
}

static void
test_relu (gconstpointer name)
{
  const NnKernels *kernels = find_kernels (name);
  NnRng rng = nn_rng_new (21);
  float numbers[20];

  if (kernels == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      check_relu (kernels, &rng, lengths[i], 0);
      check_relu (kernels, &rng, lengths[i], 0.125);
    }

  /* A network that has diverged must not look healthy. */
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    numbers[i] = NAN;
  kernels->relu (G_N_ELEMENTS (numbers), 0, numbers);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_assert_true (isnan (numbers[i]));
}

static void
test_dropout (gconstpointer name)
{
  const NnKernels *kernels = find_kernels (name);
  const gsize n = 10007, cut = 333;
  const guint32 quarter = 1u << 30;
  NnRng rng = nn_rng_new (22);
  g_autofree float *x = random_numbers (&rng, n);
  float *whole = guarded_new (&rng, n), *parts = guarded_new (&rng, n), *oracle = guarded_new (&rng, n);
  gsize n_dropped = 0, n_twice = 0;

  if (kernels != NULL)
    {
      memcpy (whole, x, n * sizeof (float));
      memcpy (parts, x, n * sizeof (float));
      memcpy (oracle, x, n * sizeof (float));
      kernels->dropout (n, 99, 5, quarter, 1.5, whole);
      kernels->dropout (cut, 99, 5, quarter, 1.5, parts);
      kernels->dropout (n - cut, 99, 5 + cut, quarter, 1.5, parts + cut);
      nn_kernels_find ("reference")->dropout (n, 99, 5, quarter, 1.5, oracle);
      g_assert_cmpmem (parts, n * sizeof (float), whole, n * sizeof (float));
      g_assert_cmpmem (oracle, n * sizeof (float), whole, n * sizeof (float));
      for (gsize i = 0; i < n; i++)
        {
          g_assert_true (whole[i] == 0 || whole[i] == x[i] * 1.5f);
          n_dropped += whole[i] == 0;
          n_twice += i > 0 && whole[i] == 0 && whole[i - 1] == 0;
        }
      /* Five standard deviations around a quarter, and around a sixteenth for
       * two that follow one another. */
      g_assert_cmpfloat_with_epsilon (n_dropped / (double) n, 0.25, 5 * sqrt (0.25 * 0.75 / n));
      g_assert_cmpfloat_with_epsilon (n_twice / (double) n, 0.0625, 5 * sqrt (0.0625 * 0.9375 / n) * 1.5);

      memcpy (parts, x, n * sizeof (float));
      kernels->dropout (n, 100, 5, quarter, 1.5, parts);
      g_assert_true (memcmp (parts, whole, n * sizeof (float)) != 0);
      memcpy (parts, x, n * sizeof (float));
      kernels->dropout (n, 99, 5, 0, 1, parts);
      g_assert_cmpmem (parts, n * sizeof (float), x, n * sizeof (float));
    }
  guarded_free (oracle, n);
  guarded_free (parts, n);
  guarded_free (whole, n);
}

static void
check_rows (const NnKernels *kernels, NnRng *rng, gsize n_rows, gsize n)
{
  const float negative = n % 2 == 0 ? 1 : 0.25;
  g_autofree float *x = random_numbers (rng, n_rows * n), *g = random_numbers (rng, n_rows * n);
  g_autofree float *a = random_numbers (rng, n), *b = random_numbers (rng, n), *c = random_numbers (rng, n);
  float *y = guarded_new (rng, n_rows * n), *dx = guarded_new (rng, n_rows * n);
  float *sum = guarded_new (rng, n), *moments = guarded_new (rng, 2 * n), *sums = guarded_new (rng, 2 * n);
  float *sum_before = guarded_copy (sum, n), *moments_before = guarded_copy (moments, 2 * n);
  float *sums_before = guarded_copy (sums, 2 * n);

  kernels->add_rows (n_rows, n, x, sum);
  kernels->scale_rows (n_rows, n, x, a, b, negative, y);
  kernels->sum_moments (n_rows, n, x, a, moments);
  kernels->sum_gradients (n_rows, n, x, a, g, sums);
  kernels->combine_rows (n_rows, n, x, g, a, b, c, dx);
  for (gsize j = 0; j < n; j++)
    {
      double total = sum_before[j], first = moments_before[j], second = moments_before[n + j];
      double gradient = sums_before[j], covariance = sums_before[n + j], size = 2;

      for (gsize i = 0; i < n_rows; i++)
        {
          double value = x[i * n + j], deviation = value - a[j], dy = g[i * n + j], scaled = value * a[j] + b[j];

          total += value;
          first += deviation;
          second += deviation * deviation;
          gradient += dy;
          covariance += dy * deviation;
          size += 1 + deviation * deviation + value * value + dy * dy;
          assert_near (y[i * n + j], scaled < 0 ? negative * scaled : scaled, fabs (value * a[j]) + fabs (b[j]));
          assert_near (dx[i * n + j], dy * a[j] + value * b[j] + c[j], fabs (dy * a[j]) + fabs (value * b[j]) + fabs (c[j]));
        }
      assert_near (sum[j], total, size * (n_rows + 1));
      assert_near (moments[j], first, size * (n_rows + 1));
      assert_near (moments[n + j], second, size * (n_rows + 1));
      assert_near (sums[j], gradient, size * (n_rows + 1));
      assert_near (sums[n + j], covariance, size * (n_rows + 1));
    }
  guarded_free (sums_before, 2 * n);
  guarded_free (moments_before, 2 * n);
  guarded_free (sum_before, n);
  guarded_free (sums, 2 * n);
  guarded_free (moments, 2 * n);
  guarded_free (sum, n);
  guarded_free (dx, n_rows * n);
  guarded_free (y, n_rows * n);
}

static void
test_rows (gconstpointer name)
{
  const NnKernels *kernels = find_kernels (name);
  NnRng rng = nn_rng_new (23);

  for (gsize i = 0; kernels != NULL && i < G_N_ELEMENTS (lengths); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (lengths); j++)
      check_rows (kernels, &rng, lengths[i], lengths[j]);
}

/* Pools a row of windows in a picture with a gap at the end of each of its rows.
 * Few different values, so that many are equal. */
static void
check_pool (const NnKernels *kernels, NnRng *rng, gsize n, gsize height, gsize width, gsize channels)
{
  const gsize row_stride = (n * width + 1) * channels, size = (height - 1) * row_stride + n * width * channels;
  g_autofree float *x = random_numbers (rng, size), *dy = random_numbers (rng, n * channels);
  float *y = guarded_new (rng, n * channels), *dx = guarded_new (rng, size), *before = guarded_copy (dx, size);

  for (gsize i = 0; i < size; i++)
    x[i] = roundf (x[i]);
  kernels->max_pool (n, height, width, row_stride, channels, x, y);
  kernels->max_pool_gradient (n, height, width, row_stride, channels, x, dy, dx);
  for (gsize at = 0; at < size; at++)
    {
      gsize column = at % row_stride / channels, window = column / width, c = at % channels;
      gsize first = window * width * channels + c, largest = first;

      if (window >= n)
        {
          g_assert_true (same_bits (dx[at], before[at]));
          continue;
        }
      for (gsize i = 0; i < height; i++)
        for (gsize j = 0; j < width; j++)
          if (x[first + i * row_stride + j * channels] > x[largest])
            largest = first + i * row_stride + j * channels;
      g_assert_cmpfloat (y[window * channels + c], ==, x[largest]);
      g_assert_cmpfloat (dx[at], ==, at == largest ? dy[window * channels + c] : 0);
    }
  guarded_free (before, size);
  guarded_free (dx, size);
  guarded_free (y, n * channels);
}

static void
test_max_pool (gconstpointer name)
{
  const NnKernels *kernels = find_kernels (name);
  NnRng rng = nn_rng_new (24);
  float window[4 * 17], output[17];

  if (kernels == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    for (gsize n = 1; n < 4; n++)
      {
        check_pool (kernels, &rng, n, 2, 2, lengths[i]);
        check_pool (kernels, &rng, n, 1, 3, lengths[i]);
        check_pool (kernels, &rng, n, 3, 2, lengths[i]);
        check_pool (kernels, &rng, n, 1, 1, lengths[i]);
      }

  for (gsize nan = 0; nan < 4; nan++)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (window); i++)
        window[i] = i / 17 == nan ? NAN : 1;
      kernels->max_pool (1, 2, 2, 2 * 17, 17, window, output);
      for (gsize i = 0; i < G_N_ELEMENTS (output); i++)
        g_assert_true (isnan (output[i]));
    }
}

typedef struct
{
  gboolean has_gradient;
  gboolean has_velocity;
  float decay;
} Step;

static void
check_sgd (const NnKernels *kernels, NnRng *rng, gsize n, const Step *step)
{
  const NnStepSize size = { .rate = 0.1f, .momentum = 0.9f, .decay = step->decay };
  g_autofree float *gradient = random_numbers (rng, n);
  float *velocity = guarded_new (rng, n), *w = guarded_new (rng, n);
  float *velocity_before = guarded_copy (velocity, n), *before = guarded_copy (w, n);

  kernels->sgd (&size, n, step->has_gradient ? gradient : NULL, step->has_velocity ? velocity : NULL, w);
  for (gsize i = 0; i < n; i++)
    {
      double g = step->has_gradient ? gradient[i] : 0;
      double v = step->has_velocity ? 0.9f * velocity_before[i] + g : g;

      if (step->has_velocity)
        assert_near (velocity[i], v, fabs (velocity_before[i]) + fabs (g));
      else
        g_assert_cmpfloat (velocity[i], ==, velocity_before[i]);
      assert_near (w[i], before[i] * (1 - step->decay) - 0.1f * v, fabs (before[i]) + fabs (velocity_before[i]) + fabs (g));
    }
  guarded_free (before, n);
  guarded_free (velocity_before, n);
  guarded_free (w, n);
  guarded_free (velocity, n);
}

static void
check_adam (const NnKernels *kernels, NnRng *rng, gsize n, const Step *step)
{
  const NnStepSize size = { .rate = 0.01f, .keep1 = 0.9f, .keep2 = 0.99f, .epsilon = 1e-4f, .decay = step->decay };
  g_autofree float *gradient = random_numbers (rng, n);
  float *first = guarded_new (rng, n), *second = guarded_new (rng, n), *w = guarded_new (rng, n);
  float *first_before = guarded_copy (first, n), *second_before, *before = guarded_copy (w, n);

  for (gsize i = 0; i < n; i++)
    second[i] = fabsf (second[i]);
  second_before = guarded_copy (second, n);
  kernels->adam (&size, n, step->has_gradient ? gradient : NULL, first, second, w);
  for (gsize i = 0; i < n; i++)
    {
      double g = step->has_gradient ? gradient[i] : 0;
      double m = 0.9f * first_before[i] + (1 - 0.9f) * g, v = 0.99f * second_before[i] + (1 - 0.99f) * g * g;
      double update = 0.01f * m / (sqrt (v) + 1e-4f);

      assert_near (first[i], m, fabs (first_before[i]) + fabs (g));
      assert_near (second[i], v, second_before[i] + g * g);
      /* The relative error of m may be large where its parts cancel. */
      assert_near (w[i], before[i] * (1 - step->decay) - update,
                   fabs (before[i]) + fabs (update) + 0.01 * (fabs (first_before[i]) + fabs (g)) / sqrt (v));
    }
  guarded_free (before, n);
  guarded_free (second_before, n);
  guarded_free (first_before, n);
  guarded_free (w, n);
  guarded_free (second, n);
  guarded_free (first, n);
}

static void
test_steps (gconstpointer name)
{
  const NnKernels *kernels = find_kernels (name);
  NnRng rng = nn_rng_new (25);

  for (gsize i = 0; kernels != NULL && i < G_N_ELEMENTS (lengths); i++)
    for (gsize turn = 0; turn < 8; turn++)
      {
        const Step step = { turn & 1, turn & 2, turn & 4 ? 0.25f : 0 };

        check_sgd (kernels, &rng, lengths[i], &step);
        check_adam (kernels, &rng, lengths[i], &step);
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_kernel_tests ("relu", test_relu);
  add_kernel_tests ("dropout", test_dropout);
  add_kernel_tests ("rows", test_rows);
  add_kernel_tests ("max-pool", test_max_pool);
  add_kernel_tests ("steps", test_steps);
  return g_test_run ();
}
