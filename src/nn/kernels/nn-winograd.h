/* SPDX-License-Identifier: MIT */

/* The transforms of Winograd's minimal filtering (Lavin and Gray, "Fast
 * algorithms for convolutional neural networks", arXiv:1509.09308) at the points
 * 0, 1, −1, 2, −2 and ∞: F(4×4, 3×3), and with the same input transform
 * F(2×2, 5×5). The transforms back are their transposes, so the gradients are
 * exactly those of the forward pass. */
#pragma once

#include "nn-vector.h"

#define NAME(function) function##_vector
#define LANES NnVector
#include "nn-winograd-lanes.h"
#undef NAME
#undef LANES

#if NN_LANES > 8
typedef float NnVector8 __attribute__ ((vector_size (8 * sizeof (float)), aligned (sizeof (float)), may_alias));

#define NAME(function) function##_eight
#define LANES NnVector8
#include "nn-winograd-lanes.h"
#undef NAME
#undef LANES
#define EACH_EIGHT(n, function, ...)                                                \
  for (; c + 8 <= (n); c += 8)                                                      \
    function##_eight (__VA_ARGS__);
#else
#define EACH_EIGHT(n, function, ...)
#endif

#if NN_LANES > 1
#define NAME(function) function##_number
#define LANES NnReal
#include "nn-winograd-lanes.h"
#undef NAME
#undef LANES
#define EACH_NUMBER(n, function, ...)                                               \
  for (; c < (n); c++)                                                              \
    function##_number (__VA_ARGS__);
#else
#define EACH_NUMBER(n, function, ...)
#endif

/* Calls @function for all of @n channels, c counting them, with the widest
 * vectors that are left. */
#define EACH_LANE(n, function, ...)                                                 \
  size_t c = 0;                                                                     \
                                                                                    \
  for (; c + NN_LANES <= (n); c += NN_LANES)                                        \
    function##_vector (__VA_ARGS__);                                                \
  EACH_EIGHT (n, function, __VA_ARGS__)                                             \
  EACH_NUMBER (n, function, __VA_ARGS__)

static void
winograd_input (const NnTile *tile, const NnReal *pixels, NnReal *positions, size_t position_stride)
{
  EACH_LANE (tile->channels, input, tile, pixels + c, positions + c, position_stride)
}

static void
winograd_input_gradient (const NnTile *tile, const NnReal *positions, size_t position_stride, NnReal *pixels)
{
  EACH_LANE (tile->channels, input_gradient, tile, positions + c, position_stride, pixels + c)
}

/* The size of the output is known to the compiler in each branch. */
static void
winograd_output (size_t outputs, const NnTile *tile, const NnReal *positions, size_t position_stride, const NnReal *biases,
                 NnReal *pixels)
{
  if (outputs == 4)
    {
      EACH_LANE (tile->channels, output, 4, tile, positions + c, position_stride, biases + c, pixels + c)
    }
  else
    {
      EACH_LANE (tile->channels, output, 2, tile, positions + c, position_stride, biases + c, pixels + c)
    }
}

static void
winograd_output_gradient (size_t outputs, const NnTile *tile, const NnReal *pixels, NnReal *positions, size_t position_stride)
{
  if (outputs == 4)
    {
      EACH_LANE (tile->channels, output_gradient, 4, tile, pixels + c, positions + c, position_stride)
    }
  else
    {
      EACH_LANE (tile->channels, output_gradient, 2, tile, pixels + c, positions + c, position_stride)
    }
}

static void
winograd_kernel (size_t outputs, size_t n, size_t stride, const NnReal *weights, NnReal *positions)
{
  if (outputs == 4)
    {
      EACH_LANE (n, kernel, 4, stride, weights + c, positions + c)
    }
  else
    {
      EACH_LANE (n, kernel, 2, stride, weights + c, positions + c)
    }
}

static void
winograd_kernel_gradient (size_t outputs, size_t n, size_t stride, const NnReal *positions, NnReal *weights)
{
  if (outputs == 4)
    {
      EACH_LANE (n, kernel_gradient, 4, stride, positions + c, weights + c)
    }
  else
    {
      EACH_LANE (n, kernel_gradient, 2, stride, positions + c, weights + c)
    }
}
