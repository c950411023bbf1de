/* SPDX-License-Identifier: MIT */
#include "nn-line-width.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* The mean of the extreme values of a square of 3 × 3 pixels and of the cross
 * within it is nearly that of a disc: averaged over all directions its radius is
 * (4 / π + 2 √2 / π) / 2. A line has an edge on either side. */
#define REACH (2 * 1.0868)

/* What a line has to lose of the contrast about it to become narrower by a pixel,
 * the most for one pass: found between the digits of MNIST, for which it is 1, and
 * lines with edges as smooth as a pixel makes them, for which it is 0.7. */
#define CONTRAST 0.85

/* Keeps 0 / 0 away where all is dark. */
#define TINY ((NnReal) 1e-30)

static inline NnReal
extreme (bool largest, NnReal a, NnReal b)
{
  return (a > b) == largest ? a : b;
}

/* Some rows of a picture, with darkness at both ends of those whose neighbours
 * are looked at. */
typedef struct
{
  NnReal rows[6][NN_LINE_WIDTH_ROW];
  size_t n; /* in a row, from number @channels on */
  size_t channels;
  NnReal *above, *here; /* as they were */
  const NnReal *below;
} Rows;

/* Writes the mean of the extreme values of the square and the cross about each
 * pixel of the row. */
static inline __attribute__ ((always_inline)) void
find_extremes (bool largest, Rows *rows, NnReal *restrict result)
{
  const NnReal *here = rows->here;
  NnReal *column = rows->rows[2] + rows->channels;
  size_t channels = rows->channels;

  for (size_t i = 0; i < rows->n; i++)
    column[i] = extreme (largest, extreme (largest, rows->above[i], rows->below[i]), here[i]);
  for (size_t i = 0; i < rows->n; i++)
    {
      NnReal square = extreme (largest, extreme (largest, column[i - channels], column[i + channels]), column[i]);
      NnReal cross = extreme (largest, extreme (largest, here[i - channels], here[i + channels]), column[i]);

      result[i] = (square + cross) / 2;
    }
}

/* Moves every value towards the largest ones around it: edges move outwards by a
 * part of the disc's radius. */
static void
widen_row (NnReal share, Rows *rows, NnReal *restrict output)
{
  NnReal *restrict most = rows->rows[3];

  find_extremes (true, rows, most);
  for (size_t i = 0; i < rows->n; i++)
    output[i] = rows->here[i] + share * (most[i] - rows->here[i]);
}

/* The other way round, a line of two pixels would become pale all over. So what is
 * taken from each value, in proportion to the contrast around it, is made up for
 * by stretching what is left to the largest value there, which a ridge keeps. */
static void
narrow_row (NnReal share, Rows *rows, NnReal *restrict output)
{
  NnReal *restrict most = rows->rows[3], *restrict least = rows->rows[4];

  find_extremes (true, rows, most);
  find_extremes (false, rows, least);
  for (size_t i = 0; i < rows->n; i++)
    {
      NnReal taken = share * (most[i] - least[i]);
      NnReal left = rows->here[i] > taken ? rows->here[i] - taken : 0;

      output[i] = left * most[i] / (most[i] - taken + TINY);
    }
}

static void
change_rows (void (*change) (NnReal share, Rows *rows, NnReal *restrict output), double share, NnShape shape, NnReal *picture)
{
  Rows rows = { .n = shape.width * shape.channels, .channels = shape.channels };

  rows.above = rows.rows[0] + rows.channels;
  rows.here = rows.rows[1] + rows.channels;
  for (size_t y = 0; y < shape.height; y++, picture += rows.n)
    {
      NnReal *kept = rows.above;

      rows.above = rows.here;
      rows.here = kept;
      memcpy (rows.here, picture, rows.n * sizeof *picture);
      rows.below = y + 1 < shape.height ? picture + rows.n : rows.rows[5];
      change ((NnReal) share, &rows, picture);
    }
}

void
nn_line_width_change (double amount, NnShape shape, NnReal *picture)
{
  if (amount > 0)
    change_rows (widen_row, amount / REACH, shape, picture);
  for (; amount < 0; amount += 1)
    change_rows (narrow_row, CONTRAST * fmin (-amount, 1), shape, picture);
}
