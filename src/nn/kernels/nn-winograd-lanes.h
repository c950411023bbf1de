/* SPDX-License-Identifier: MIT */

/* One tile of Winograd's transforms for as many channels as fit in LANES, a
 * number or a vector of them; nn-winograd.h includes this once for each width
 * and says what NAME appends. No #pragma once. */

/* Six values of an input → the input's values at the six points. */
static inline void
NAME (input_line) (const LANES d[6], LANES t[6])
{
  const LANES even = d[4] - 4 * d[2], odd = d[3] - 4 * d[1];
  const LANES even2 = d[4] - d[2], odd2 = 2 * (d[3] - d[1]);

  t[0] = 4 * d[0] - 5 * d[2] + d[4];
  t[1] = even + odd;
  t[2] = even - odd;
  t[3] = even2 + odd2;
  t[4] = even2 - odd2;
  t[5] = 4 * d[1] - 5 * d[3] + d[5];
}

/* The transpose of input_line(). */
static inline void
NAME (input_gradient_line) (const LANES t[6], LANES d[6])
{
  const LANES sum = t[1] + t[2], difference = t[1] - t[2];
  const LANES sum2 = t[3] + t[4], difference2 = t[3] - t[4];

  d[0] = 4 * t[0];
  d[1] = 4 * (t[5] - difference) - 2 * difference2;
  d[2] = -5 * t[0] - 4 * sum - sum2;
  d[3] = difference + 2 * difference2 - 5 * t[5];
  d[4] = t[0] + sum + sum2;
  d[5] = t[5];
}

/* Six products → the outputs, four or two of them. */
static inline void
NAME (output_line) (size_t outputs, const LANES m[6], LANES y[4])
{
  const LANES sum = m[1] + m[2], difference = m[1] - m[2];
  const LANES sum2 = m[3] + m[4], difference2 = m[3] - m[4];

  y[0] = m[0] + sum + sum2;
  if (outputs == 2)
    y[1] = difference + 2 * difference2 + m[5];
  else
    {
      y[1] = difference + 2 * difference2;
      y[2] = sum + 4 * sum2;
      y[3] = difference + 8 * difference2 + m[5];
    }
}

/* The transpose of output_line(). */
static inline void
NAME (output_gradient_line) (size_t outputs, const LANES y[4], LANES m[6])
{
  LANES even = y[0], odd = y[1], even2 = y[0], odd2 = 2 * y[1];

  if (outputs == 4)
    {
      even += y[2];
      odd += y[3];
      even2 += 4 * y[2];
      odd2 += 8 * y[3];
    }
  m[0] = y[0];
  m[1] = even + odd;
  m[2] = even - odd;
  m[3] = even2 + odd2;
  m[4] = even2 - odd2;
  m[5] = outputs == 4 ? y[3] : y[1];
}

/* A line of a kernel, of three or five weights → its values at the six points. */
static inline void
NAME (kernel_line) (size_t outputs, const LANES g[5], LANES u[6])
{
  const NnReal sixth = (NnReal) 1 / 6, twelfth = (NnReal) 1 / 12, twentyfourth = (NnReal) 1 / 24;
  LANES even = -sixth * (g[0] + g[2]), odd = sixth * g[1];
  LANES even2 = twentyfourth * g[0] + sixth * g[2], odd2 = twelfth * g[1];

  if (outputs == 2)
    {
      even -= sixth * g[4];
      odd += sixth * g[3];
      even2 += 4 * sixth * g[4];
      odd2 += 2 * sixth * g[3];
    }
  u[0] = (NnReal) 0.25 * g[0];
  u[1] = even - odd;
  u[2] = even + odd;
  u[3] = even2 + odd2;
  u[4] = even2 - odd2;
  u[5] = outputs == 2 ? g[4] : g[2];
}

/* The transpose of kernel_line(). */
static inline void
NAME (kernel_gradient_line) (size_t outputs, const LANES u[6], LANES g[5])
{
  const NnReal sixth = (NnReal) 1 / 6;
  const LANES sum = sixth * (u[1] + u[2]), difference = sixth * (u[2] - u[1]);
  const LANES sum2 = sixth * (u[3] + u[4]), difference2 = sixth * (u[3] - u[4]);

  g[0] = (NnReal) 0.25 * (u[0] + sum2) - sum;
  g[1] = difference + (NnReal) 0.5 * difference2;
  g[2] = sum2 - sum;
  if (outputs == 4)
    g[2] += u[5];
  else
    {
      g[3] = difference + 2 * difference2;
      g[4] = 4 * sum2 - sum + u[5];
    }
}

static inline LANES *
NAME (at) (const NnReal *values)
{
  return (LANES *) values;
}

static inline void
NAME (input) (const NnTile *tile, const NnReal *pixels, NnReal *positions, size_t position_stride)
{
  LANES d[6][6] = { 0 }, lines[6][6], column[6], t[6];

  if (tile->top == 0 && tile->bottom == 6 && tile->left == 0 && tile->right == 6)
    {
      for (size_t y = 0; y < 6; y++)
        for (size_t x = 0; x < 6; x++)
          d[y][x] = *NAME (at) (pixels + y * tile->row_stride + x * tile->channels);
    }
  else
    for (size_t y = tile->top; y < tile->bottom; y++)
      for (size_t x = tile->left; x < tile->right; x++)
        d[y][x] = *NAME (at) (pixels + (y - tile->top) * tile->row_stride + (x - tile->left) * tile->channels);

  for (size_t y = 0; y < 6; y++)
    NAME (input_line) (d[y], lines[y]);
  for (size_t x = 0; x < 6; x++)
    {
      for (size_t y = 0; y < 6; y++)
        column[y] = lines[y][x];
      NAME (input_line) (column, t);
      for (size_t y = 0; y < 6; y++)
        *NAME (at) (positions + (y * 6 + x) * position_stride) = t[y];
    }
}

static inline void
NAME (input_gradient) (const NnTile *tile, const NnReal *positions, size_t position_stride, NnReal *pixels)
{
  LANES d[6][6], t[6], column[6];

  for (size_t x = 0; x < 6; x++)
    {
      for (size_t y = 0; y < 6; y++)
        t[y] = *NAME (at) (positions + (y * 6 + x) * position_stride);
      NAME (input_gradient_line) (t, column);
      for (size_t y = 0; y < 6; y++)
        d[y][x] = column[y];
    }
  for (size_t y = 0; y < 6; y++)
    {
      for (size_t x = 0; x < 6; x++)
        t[x] = d[y][x];
      NAME (input_gradient_line) (t, d[y]);
    }

  if (tile->top == 0 && tile->bottom == 6 && tile->left == 0 && tile->right == 6)
    {
      for (size_t y = 0; y < 6; y++)
        for (size_t x = 0; x < 6; x++)
          *NAME (at) (pixels + y * tile->row_stride + x * tile->channels) += d[y][x];
    }
  else
    for (size_t y = tile->top; y < tile->bottom; y++)
      for (size_t x = tile->left; x < tile->right; x++)
        *NAME (at) (pixels + (y - tile->top) * tile->row_stride + (x - tile->left) * tile->channels) += d[y][x];
}

static inline void
NAME (output) (size_t outputs, const NnTile *tile, const NnReal *positions, size_t position_stride, const NnReal *biases,
               NnReal *pixels)
{
  LANES lines[4][6], m[6], y4[4] = { 0 };
  const LANES bias = *NAME (at) (biases);

  for (size_t x = 0; x < 6; x++)
    {
      for (size_t y = 0; y < 6; y++)
        m[y] = *NAME (at) (positions + (y * 6 + x) * position_stride);
      NAME (output_line) (outputs, m, y4);
      for (size_t y = 0; y < outputs; y++)
        lines[y][x] = y4[y];
    }
  if (tile->bottom == outputs && tile->right == outputs)
    for (size_t y = 0; y < outputs; y++)
      {
        NAME (output_line) (outputs, lines[y], y4);
        for (size_t x = 0; x < outputs; x++)
          *NAME (at) (pixels + y * tile->row_stride + x * tile->channels) = y4[x] + bias;
      }
  else
    for (size_t y = 0; y < tile->bottom; y++)
      {
        NAME (output_line) (outputs, lines[y], y4);
        for (size_t x = 0; x < tile->right; x++)
          *NAME (at) (pixels + y * tile->row_stride + x * tile->channels) = y4[x] + bias;
      }
}

static inline void
NAME (output_gradient) (size_t outputs, const NnTile *tile, const NnReal *pixels, NnReal *positions, size_t position_stride)
{
  LANES d[4][4] = { 0 }, lines[4][6], column[4] = { 0 }, m[6];

  if (tile->bottom == outputs && tile->right == outputs)
    {
      for (size_t y = 0; y < outputs; y++)
        for (size_t x = 0; x < outputs; x++)
          d[y][x] = *NAME (at) (pixels + y * tile->row_stride + x * tile->channels);
    }
  else
    for (size_t y = 0; y < tile->bottom; y++)
      for (size_t x = 0; x < tile->right; x++)
        d[y][x] = *NAME (at) (pixels + y * tile->row_stride + x * tile->channels);

  for (size_t y = 0; y < outputs; y++)
    NAME (output_gradient_line) (outputs, d[y], lines[y]);
  for (size_t x = 0; x < 6; x++)
    {
      for (size_t y = 0; y < outputs; y++)
        column[y] = lines[y][x];
      NAME (output_gradient_line) (outputs, column, m);
      for (size_t y = 0; y < 6; y++)
        *NAME (at) (positions + (y * 6 + x) * position_stride) = m[y];
    }
}

static inline void
NAME (kernel) (size_t outputs, size_t stride, const NnReal *weights, NnReal *positions)
{
  const size_t side = 7 - outputs;
  LANES lines[5][6], g[5], u[6];

  for (size_t y = 0; y < side; y++)
    {
      for (size_t x = 0; x < side; x++)
        g[x] = *NAME (at) (weights + (y * side + x) * stride);
      NAME (kernel_line) (outputs, g, lines[y]);
    }
  for (size_t x = 0; x < 6; x++)
    {
      for (size_t y = 0; y < side; y++)
        g[y] = lines[y][x];
      NAME (kernel_line) (outputs, g, u);
      for (size_t y = 0; y < 6; y++)
        *NAME (at) (positions + (y * 6 + x) * stride) = u[y];
    }
}

static inline void
NAME (kernel_gradient) (size_t outputs, size_t stride, const NnReal *positions, NnReal *weights)
{
  const size_t side = 7 - outputs;
  LANES lines[6][5], u[6], g[5];

  for (size_t y = 0; y < 6; y++)
    {
      for (size_t x = 0; x < 6; x++)
        u[x] = *NAME (at) (positions + (y * 6 + x) * stride);
      NAME (kernel_gradient_line) (outputs, u, lines[y]);
    }
  for (size_t x = 0; x < side; x++)
    {
      for (size_t y = 0; y < 6; y++)
        u[y] = lines[y][x];
      NAME (kernel_gradient_line) (outputs, u, g);
      for (size_t y = 0; y < side; y++)
        *NAME (at) (weights + (y * side + x) * stride) = g[y];
    }
}
