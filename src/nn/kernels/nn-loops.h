/* SPDX-License-Identifier: MIT */

/* What is done value by value, in loops that the compiler turns into vector
 * instructions: included once for each instruction set. */
#pragma once

#include <math.h>

#include "nn-vector.h"

static void
relu (size_t n, NnReal slope, NnReal *values)
{
  /* NaN is kept, so that it is noticed. */
  if (slope == 0)
    for (size_t i = 0; i < n; i++)
      values[i] = values[i] < 0 ? 0 : values[i];
  else
    for (size_t i = 0; i < n; i++)
      values[i] = values[i] < 0 ? slope * values[i] : values[i];
}

static void
relu_gradient (size_t n, NnReal slope, const NnReal *restrict values, NnReal *restrict gradient)
{
  if (slope == 0)
    for (size_t i = 0; i < n; i++)
      gradient[i] = values[i] > 0 ? gradient[i] : 0;
  else
    for (size_t i = 0; i < n; i++)
      gradient[i] = values[i] > 0 ? gradient[i] : slope * gradient[i];
}

/* Mixes the bits of a counter. The constants are those of Wellons' search for
 * 32-bit hash functions of low bias ("lowbias32", hash-prospector, 2018). */
static inline uint32_t
mix_bits (uint32_t x)
{
  x ^= x >> 16;
  x *= UINT32_C (0x7feb352d);
  x ^= x >> 15;
  x *= UINT32_C (0x846ca68b);
  x ^= x >> 16;
  return x;
}

/* Random numbers from counters (Salmon et al., "Parallel random numbers: as easy
 * as 1, 2, 3", SC 2011): a pass back drops the same values without a mask. */
static void
dropout (size_t n, uint32_t key, uint32_t first, uint32_t threshold, NnReal scale, NnReal *values)
{
  /* Compared as signed numbers, which more processors have an instruction for. */
  const uint32_t sign = UINT32_C (1) << 31;
  const int32_t limit = (int32_t) (threshold ^ sign);

  for (size_t i = 0; i < n; i++)
    {
      uint32_t bits = mix_bits (mix_bits (first + (uint32_t) i) ^ key);

      values[i] *= (int32_t) (bits ^ sign) < limit ? 0 : scale;
    }
}

static void
add_rows (size_t n_rows, size_t n, const NnReal *restrict rows, NnReal *restrict sum)
{
  for (size_t i = 0; i < n_rows; i++)
    for (size_t j = 0; j < n; j++)
      sum[j] += rows[i * n + j];
}

static void
scale_rows (size_t n_rows, size_t n, const NnReal *restrict x, const NnReal *restrict scale, const NnReal *restrict shift,
            NnReal slope, NnReal *restrict y)
{
  /* Apart, because not every compiler makes vector instructions of both at once. */
  for (size_t i = 0; i < n_rows; i++, x += n, y += n)
    {
      for (size_t j = 0; j < n; j++)
        y[j] = x[j] * scale[j] + shift[j];
      if (slope != 1)
        relu (n, slope, y);
    }
}

static void
combine_rows (size_t n_rows, size_t n, const NnReal *restrict x, const NnReal *restrict dy, const NnReal *restrict a,
              const NnReal *restrict b, const NnReal *restrict c, NnReal *restrict dx)
{
  for (size_t i = 0; i < n_rows; i++)
    for (size_t j = 0; j < n; j++)
      dx[i * n + j] = dy[i * n + j] * a[j] + (x[i * n + j] * b[j] + c[j]);
}

/* Sums over rows, for some columns at a time, which stay in registers. Four rows
 * are summed apart, because an addition waits for the one before it. */
#define SUM_COLUMNS(Type, j, FIRST, SECOND)                                \
  {                                                                        \
    Type first[4] = { 0 }, second[4] = { 0 };                              \
    const Type m = *(const Type *) (mean + (j));                           \
    size_t i = 0;                                                          \
                                                                           \
    for (; i + 4 <= n_rows; i += 4)                                        \
      for (size_t r = 0; r < 4; r++)                                       \
        {                                                                  \
          const size_t at = (i + r) * n + (j);                             \
                                                                           \
          first[r] += FIRST (Type, at);                                    \
          second[r] += SECOND (Type, at);                                  \
        }                                                                  \
    for (; i < n_rows; i++)                                                \
      {                                                                    \
        const size_t at = i * n + (j);                                     \
                                                                           \
        first[0] += FIRST (Type, at);                                      \
        second[0] += SECOND (Type, at);                                    \
      }                                                                    \
    *(Type *) (sums + (j)) += (first[0] + first[1]) + (first[2] + first[3]); \
    *(Type *) (sums + n + (j)) += (second[0] + second[1]) + (second[2] + second[3]); \
  }

#define AT(Type, array, at) (*(const Type *) ((array) + (at)))
#define DEVIATION(Type, at) (AT (Type, x, at) - m)
#define SQUARE(Type, at) (DEVIATION (Type, at) * DEVIATION (Type, at))
#define GRADIENT(Type, at) AT (Type, dy, at)
#define COVARIANCE(Type, at) (AT (Type, dy, at) * DEVIATION (Type, at))

static void
sum_moments (size_t n_rows, size_t n, const NnReal *x, const NnReal *mean, NnReal *sums)
{
  size_t j = 0;

  for (; j + NN_LANES <= n; j += NN_LANES)
    SUM_COLUMNS (NnVector, j, DEVIATION, SQUARE)
  for (; j < n; j++)
    SUM_COLUMNS (NnReal, j, DEVIATION, SQUARE)
}

static void
sum_gradients (size_t n_rows, size_t n, const NnReal *x, const NnReal *mean, const NnReal *dy, NnReal *sums)
{
  size_t j = 0;

  for (; j + NN_LANES <= n; j += NN_LANES)
    SUM_COLUMNS (NnVector, j, GRADIENT, COVARIANCE)
  for (; j < n; j++)
    SUM_COLUMNS (NnReal, j, GRADIENT, COVARIANCE)
}

#undef COVARIANCE
#undef GRADIENT
#undef SQUARE
#undef DEVIATION
#undef AT
#undef SUM_COLUMNS

/* Keeps NaN, so that it is noticed. */
static inline NnReal
larger (NnReal a, NnReal b)
{
  return a >= b || a != a ? a : b;
}

/* The commonest window, 2 × 2, in a form that becomes vector instructions. */
static void
max_pool_2x2 (size_t row_stride, size_t channels, const NnReal *restrict window, NnReal *restrict output)
{
  const NnReal *below = window + row_stride;

  for (size_t c = 0; c < channels; c++)
    output[c] = larger (larger (window[c], window[channels + c]), larger (below[c], below[channels + c]));
}

static void
max_pool_window (size_t height, size_t width, size_t row_stride, size_t channels, const NnReal *restrict window,
                 NnReal *restrict output)
{
  for (size_t c = 0; c < channels; c++)
    output[c] = window[c];
  for (size_t y = 0; y < height; y++)
    for (size_t x = 0; x < width; x++)
      {
        const NnReal *pixel = window + y * row_stride + x * channels;

        for (size_t c = 0; c < channels; c++)
          output[c] = larger (output[c], pixel[c]);
      }
}

static void
max_pool (size_t n, size_t height, size_t width, size_t row_stride, size_t channels, const NnReal *restrict input,
          NnReal *restrict output)
{
  for (size_t window = 0; window < n; window++, input += width * channels, output += channels)
    if (height == 2 && width == 2)
      max_pool_2x2 (row_stride, channels, input, output);
    else
      max_pool_window (height, width, row_stride, channels, input, output);
}

static void
max_pool_gradient_2x2 (size_t row_stride, size_t channels, const NnReal *restrict window, const NnReal *restrict output_gradient,
                       NnReal *restrict gradient)
{
  const NnReal *below = window + row_stride;
  NnReal *gradient_below = gradient + row_stride;

  for (size_t c = 0; c < channels; c++)
    {
      NnReal a = window[c], b = window[channels + c], d = below[c], e = below[channels + c];
      NnReal g = output_gradient[c];
      NnReal top = b > a ? b : a, bottom = e > d ? e : d;
      NnReal g_top = bottom > top ? 0 : g, g_bottom = bottom > top ? g : 0;

      gradient[c] = b > a ? 0 : g_top;
      gradient[channels + c] = b > a ? g_top : 0;
      gradient_below[c] = e > d ? 0 : g_bottom;
      gradient_below[channels + c] = e > d ? g_bottom : 0;
    }
}

static void
max_pool_gradient_window (size_t height, size_t width, size_t row_stride, size_t channels, const NnReal *window,
                          const NnReal *output_gradient, NnReal *gradient)
{
  for (size_t c = 0; c < channels; c++)
    {
      size_t largest = c;

      for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
          {
            size_t at = y * row_stride + x * channels + c;

            if (window[at] > window[largest])
              largest = at;
            gradient[at] = 0;
          }
      gradient[largest] = output_gradient[c];
    }
}

static void
max_pool_gradient (size_t n, size_t height, size_t width, size_t row_stride, size_t channels, const NnReal *input,
                   const NnReal *output_gradient, NnReal *input_gradient)
{
  for (size_t window = 0; window < n; window++)
    {
      if (height == 2 && width == 2)
        max_pool_gradient_2x2 (row_stride, channels, input, output_gradient, input_gradient);
      else
        max_pool_gradient_window (height, width, row_stride, channels, input, output_gradient, input_gradient);
      input += width * channels;
      input_gradient += width * channels;
      output_gradient += channels;
    }
}

/* a × b + c, rounded once where the processor can. In a sum of two products the
 * compiler may round either once, and chooses otherwise for vectors than for the
 * numbers left over; then the same number would come out in two ways. */
static inline NnReal
fuse (NnReal a, NnReal b, NnReal c)
{
#if NN_LANES == 1
  return a * b + c;
#else
  return __builtin_fmaf (a, b, c);
#endif
}

static void
sgd (const NnStepSize *step, size_t n, const NnReal *restrict gradient, NnReal *restrict velocity, NnReal *restrict parameters)
{
  const NnReal rate = step->rate, momentum = step->momentum, keep = 1 - step->decay;

  if (velocity == NULL && gradient == NULL)
    for (size_t i = 0; i < n; i++)
      parameters[i] *= keep;
  else if (velocity == NULL)
    for (size_t i = 0; i < n; i++)
      parameters[i] = fuse (-rate, gradient[i], parameters[i] * keep);
  else
    for (size_t i = 0; i < n; i++)
      {
        velocity[i] = momentum * velocity[i] + (gradient != NULL ? gradient[i] : 0);
        parameters[i] = fuse (-rate, velocity[i], parameters[i] * keep);
      }
}

static void
adam (const NnStepSize *step, size_t n, const NnReal *restrict gradient, NnReal *restrict first, NnReal *restrict second,
      NnReal *restrict parameters)
{
  const NnReal rate = step->rate, keep1 = step->keep1, keep2 = step->keep2, epsilon = step->epsilon, keep = 1 - step->decay;

  if (gradient == NULL)
    for (size_t i = 0; i < n; i++)
      {
        first[i] = first[i] * keep1;
        second[i] = second[i] * keep2;
        parameters[i] = parameters[i] * keep - rate * first[i] / ((NnReal) sqrt (second[i]) + epsilon);
      }
  else
    for (size_t i = 0; i < n; i++)
      {
        const NnReal g = gradient[i];

        first[i] = fuse (keep1, first[i], (1 - keep1) * g);
        second[i] = fuse (keep2, second[i], (1 - keep2) * g * g);
        parameters[i] = parameters[i] * keep - rate * first[i] / ((NnReal) sqrt (second[i]) + epsilon);
      }
}
