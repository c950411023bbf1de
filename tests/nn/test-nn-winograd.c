/* SPDX-License-Identifier: MIT */

/* Winograd's transforms of each table: together they are a convolution, and each
 * gradient is the transpose of its transform. */

#include <float.h>
#include <math.h>

#include "kernels.h"

#define SIDE NN_WINOGRAD_SIDE
#define POSITIONS NN_WINOGRAD_POSITIONS

static const gsize channel_counts[] = { 1, 3, 8, 16, 17, 33 };
static const gsize output_counts[] = { 4, 2 };

/* Returns the part of the pixels from @origin to @origin + @side − 1 that lies
 * between 0 and @length − 1. */
static void
clip (gssize origin, gsize side, gsize length, gsize *first, gsize *end)
{
  *first = origin < 0 ? (gsize) -origin : 0;
  *end = MIN ((gssize) side, (gssize) length - origin);
}

/* A convolution with padding, so that the output is as large as the picture. */
typedef struct
{
  gsize height, width, channels, units, kernel;
} Shape;

/* The output of one pixel. */
static double
convolve (const Shape *shape, const float *x, const float *w, gsize row, gsize column, gsize unit)
{
  const gssize padding = (gssize) shape->kernel / 2;
  double sum = 0;

  for (gsize ky = 0; ky < shape->kernel; ky++)
    for (gsize kx = 0; kx < shape->kernel; kx++)
      {
        gssize y = (gssize) (row + ky) - padding, z = (gssize) (column + kx) - padding;

        if (y < 0 || z < 0 || y >= (gssize) shape->height || z >= (gssize) shape->width)
          continue;
        for (gsize c = 0; c < shape->channels; c++)
          sum += (double) x[((gsize) y * shape->width + (gsize) z) * shape->channels + c] *
                 w[((ky * shape->kernel + kx) * shape->channels + c) * shape->units + unit];
      }
  return sum;
}

/* The outputs of the tile whose first one is at @row, @column. */
static void
convolve_tile (const NnKernels *kernels, const Shape *shape, const float *x, const float *kernel_positions,
               const float *biases, gsize row, gsize column, float *y)
{
  const gsize outputs = SIDE + 1 - shape->kernel, stride = shape->channels + 2;
  const gssize top = (gssize) row - (gssize) shape->kernel / 2, left = (gssize) column - (gssize) shape->kernel / 2;
  const float *pixels;
  NnTile input = { .row_stride = shape->width * shape->channels, .channels = shape->channels };
  NnTile output = { .row_stride = shape->width * shape->units, .channels = shape->units };
  NnRng rng = nn_rng_new (31);
  float *positions = guarded_new (&rng, POSITIONS * stride), *before = guarded_copy (positions, POSITIONS * stride);
  g_autofree float *products = g_new0 (float, POSITIONS * shape->units);

  clip (top, SIDE, shape->height, &input.top, &input.bottom);
  clip (left, SIDE, shape->width, &input.left, &input.right);
  clip ((gssize) row, outputs, shape->height, &output.top, &output.bottom);
  clip ((gssize) column, outputs, shape->width, &output.left, &output.right);

  pixels = x + (top + (gssize) input.top) * (gssize) input.row_stride + (left + (gssize) input.left) * (gssize) input.channels;
  kernels->winograd_input (&input, pixels, positions, stride);
  for (gsize p = 0; p < POSITIONS; p++)
    {
      for (gsize c = 0; c < shape->channels; c++)
        for (gsize u = 0; u < shape->units; u++)
          products[p * shape->units + u] += positions[p * stride + c] * kernel_positions[(p * shape->channels + c) * shape->units + u];
      for (gsize c = shape->channels; c < stride; c++)
        g_assert_true (same_bits (positions[p * stride + c], before[p * stride + c]));
    }
  kernels->winograd_output (outputs, &output, products, shape->units, biases, y + (row * shape->width + column) * shape->units);
  guarded_free (before, POSITIONS * stride);
  guarded_free (positions, POSITIONS * stride);
}

static double
largest (const float *numbers, gsize n)
{
  double size = 0;

  for (gsize i = 0; i < n; i++)
    size = MAX (size, fabs (numbers[i]));
  return size;
}

static void
check_convolution (const NnKernels *kernels, NnRng *rng, const Shape *shape)
{
  const gsize outputs = SIDE + 1 - shape->kernel, n = shape->channels * shape->units;
  const gsize size = shape->height * shape->width * shape->units;
  g_autofree float *x = random_numbers (rng, shape->height * shape->width * shape->channels);
  g_autofree float *w = random_numbers (rng, shape->kernel * shape->kernel * n);
  g_autofree float *biases = random_numbers (rng, shape->units);
  float *positions = guarded_new (rng, POSITIONS * n), *y = guarded_new (rng, size);

  /* The transforms multiply by up to 8 and cancel most of it again, which costs
   * digits wherever the result is small, so the error is one of the largest sum
   * that there might be. Measured, it is 5 ε of that at most. */
  const double tolerance = 20 * FLT_EPSILON * shape->kernel * shape->kernel * shape->channels *
                           largest (x, shape->height * shape->width * shape->channels) *
                           largest (w, shape->kernel * shape->kernel * n);

  kernels->winograd_kernel (outputs, n, n, w, positions);
  for (gsize row = 0; row < shape->height; row += outputs)
    for (gsize column = 0; column < shape->width; column += outputs)
      convolve_tile (kernels, shape, x, positions, biases, row, column, y);

  for (gsize row = 0; row < shape->height; row++)
    for (gsize column = 0; column < shape->width; column++)
      for (gsize u = 0; u < shape->units; u++)
        {
          double expected = biases[u] + convolve (shape, x, w, row, column, u);

          g_assert_cmpfloat (fabs (y[(row * shape->width + column) * shape->units + u] - expected), <=, tolerance);
        }
  guarded_free (y, size);
  guarded_free (positions, POSITIONS * n);
}

static void
test_convolution (gconstpointer name)
{
  static const gsize sides[] = { 1, 2, 3, 4, 5, 7, 8, 9 };
  const NnKernels *kernels = find_kernels (name);
  NnRng rng = nn_rng_new (32);
  gsize turn = 0;

  for (gsize i = 0; kernels != NULL && i < G_N_ELEMENTS (sides); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (sides); j++)
      for (gsize k = 3; k <= 5; k += 2, turn++)
        {
          const Shape shape = { sides[i], sides[j], channel_counts[turn % 6], channel_counts[turn / 6 % 6], k };

          check_convolution (kernels, &rng, &shape);
        }
}

static double
dot (const float *a, const float *b, gsize n, double *size)
{
  double sum = 0;

  *size = 0;
  for (gsize i = 0; i < n; i++)
    {
      sum += (double) a[i] * b[i];
      *size += fabs ((double) a[i] * b[i]);
    }
  return sum;
}

/* Asserts that ⟨A x, y⟩ = ⟨x, Aᵀ y⟩, up to rounding. */
static void
assert_transposed (const float *ax, const float *y, gsize n, const float *x, const float *aty, gsize m)
{
  double size, other_size;
  double left = dot (ax, y, n, &size), right = dot (x, aty, m, &other_size);

  g_assert_cmpfloat (fabs (left - right), <=, 8 * FLT_EPSILON * (size + other_size));
}

static void
clear (float *numbers, gsize n)
{
  memset (numbers, 0, n * sizeof (float));
}

/* A picture is as large as a tile with a rim of one pixel all around, so that
 * what is written outside of the tile's pixels is seen. */
static void
check_input (const NnKernels *kernels, NnRng *rng, const NnTile *tile)
{
  const gsize stride = tile->channels + 3, size = 8 * tile->row_stride, n = POSITIONS * stride;
  const gsize first = (1 + tile->top) * tile->row_stride + (1 + tile->left) * tile->channels;
  g_autofree float *x = random_numbers (rng, size), *y = random_numbers (rng, n);
  float *ax = guarded_new (rng, n), *aty = guarded_new (rng, size), *before = guarded_copy (aty, size);

  clear (ax, n);
  kernels->winograd_input (tile, x + first, ax, stride);
  kernels->winograd_input_gradient (tile, y, stride, aty + first);
  for (gsize i = 0; i < size; i++)
    {
      gsize row = i / tile->row_stride - 1, column = i % tile->row_stride / tile->channels - 1;

      /* The gradient is added. */
      if (row >= tile->top && row < tile->bottom && column >= tile->left && column < tile->right)
        aty[i] -= before[i];
      else
        {
          g_assert_true (same_bits (aty[i], before[i]));
          aty[i] = 0;
        }
    }
  assert_transposed (ax, y, n, x, aty, size);
  guarded_free (before, size);
  guarded_free (aty, size);
  guarded_free (ax, n);
}

static void
check_output (const NnKernels *kernels, NnRng *rng, gsize outputs, const NnTile *tile)
{
  const gsize stride = tile->channels + 3, size = 6 * tile->row_stride, n = POSITIONS * stride;
  const gsize first = tile->row_stride + tile->channels;
  g_autofree float *x = random_numbers (rng, n), *y = random_numbers (rng, size), *biases = g_new0 (float, tile->channels);
  float *ax = guarded_new (rng, size), *aty = guarded_new (rng, n), *before = guarded_copy (ax, size);

  clear (aty, n);
  kernels->winograd_output (outputs, tile, x, stride, biases, ax + first);
  kernels->winograd_output_gradient (outputs, tile, y + first, aty, stride);
  for (gsize i = 0; i < size; i++)
    {
      gsize row = i / tile->row_stride - 1, column = i % tile->row_stride / tile->channels - 1;

      if (row < tile->bottom && column < tile->right)
        continue;
      g_assert_true (same_bits (ax[i], before[i]));
      ax[i] = 0;
    }
  assert_transposed (ax, y, size, x, aty, n);
  guarded_free (before, size);
  guarded_free (aty, n);
  guarded_free (ax, size);
}

static void
check_kernel (const NnKernels *kernels, NnRng *rng, gsize outputs, gsize n)
{
  const gsize taps = (7 - outputs) * (7 - outputs), stride = n + 2;
  g_autofree float *x = random_numbers (rng, taps * stride), *y = random_numbers (rng, POSITIONS * stride);
  float *ax = guarded_new (rng, POSITIONS * stride), *aty = guarded_new (rng, taps * stride);
  float *ax_before = guarded_copy (ax, POSITIONS * stride), *aty_before = guarded_copy (aty, taps * stride);

  kernels->winograd_kernel (outputs, n, stride, x, ax);
  kernels->winograd_kernel_gradient (outputs, n, stride, y, aty);
  for (gsize i = 0; i < POSITIONS * stride; i++)
    if (i % stride >= n)
      {
        g_assert_true (same_bits (ax[i], ax_before[i]));
        ax[i] = 0;
        if (i < taps * stride)
          {
            g_assert_true (same_bits (aty[i], aty_before[i]));
            aty[i] = 0;
          }
      }
  assert_transposed (ax, y, POSITIONS * stride, x, aty, taps * stride);
  guarded_free (aty_before, taps * stride);
  guarded_free (ax_before, POSITIONS * stride);
  guarded_free (aty, taps * stride);
  guarded_free (ax, POSITIONS * stride);
}

/* All parts of a tile that may be there, and of its outputs; with most numbers of
 * channels some of them, among which is the whole. */
static void
test_transposes (gconstpointer name)
{
  const NnKernels *kernels = find_kernels (name);
  NnRng rng = nn_rng_new (33);

  for (gsize i = 0; kernels != NULL && i < G_N_ELEMENTS (channel_counts); i++)
    {
      const gsize channels = channel_counts[i];
      NnTile tile = { .row_stride = 8 * channels, .channels = channels };

      for (tile.top = 0; tile.top < SIDE; tile.top++)
        for (tile.bottom = tile.top + 1; tile.bottom <= SIDE; tile.bottom++)
          for (tile.left = 0; tile.left < SIDE; tile.left++)
            for (tile.right = tile.left + 1; tile.right <= SIDE; tile.right++)
              if (channels == 17 || (tile.top + tile.bottom + tile.left + tile.right) % 6 == 0)
                check_input (kernels, &rng, &tile);

      tile = (NnTile){ .row_stride = 6 * channels, .channels = channels };
      for (gsize j = 0; j < G_N_ELEMENTS (output_counts); j++)
        {
          for (tile.bottom = 1; tile.bottom <= output_counts[j]; tile.bottom++)
            for (tile.right = 1; tile.right <= output_counts[j]; tile.right++)
              check_output (kernels, &rng, output_counts[j], &tile);
          check_kernel (kernels, &rng, output_counts[j], channels);
        }
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_kernel_tests ("winograd/convolution", test_convolution);
  add_kernel_tests ("winograd/transposes", test_transposes);
  return g_test_run ();
}
