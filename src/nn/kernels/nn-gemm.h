/* SPDX-License-Identifier: MIT */

/* The matrix product for processors with vector registers. A tile of c, some
 * rows high and some vectors wide, is held in registers while the sum runs; each
 * term loads one row of b and, for each row of the tile, multiplies it with one
 * value of a. The sum is cut so that the part of b that all the tiles above one
 * another read stays in the first-level cache. See Goto and van de Geijn,
 * "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34 (2008). Our
 * matrices stay in the second-level cache, so copying them into another order
 * first, as is done there, takes more time than it saves. */
#pragma once

#include <stdbool.h>

#include "nn-part.h"

/* The widest tile in vectors, and how high one may be, by its width: so that it,
 * a row of b and values of a fit into the registers. NN_PANEL is how many numbers
 * of b are to stay in the cache. */
#if NN_LANES == 16
#define NN_TILE_VECTORS 4
#define NN_TILE_ROWS 14
#define NN_TILE_HEIGHTS { 14, 14, 9, 6 }
#define NN_PANEL 10240
#elif NN_LANES == 8
#define NN_TILE_VECTORS 3
#define NN_TILE_ROWS 6
#define NN_TILE_HEIGHTS { 6, 6, 4 }
#define NN_PANEL 6144
#else
#define NN_TILE_VECTORS 4
#define NN_TILE_ROWS 9
#define NN_TILE_HEIGHTS { 9, 9, 6, 4 }
#define NN_PANEL 6144
#endif

/* Numbers in a cache line. */
#define NN_LINE 16

/* How many runs, or pieces of them, one part of a cut sum may have. */
#define NN_PIECES 64

/* Keeps the compiler from working with what it knows of a value: from keeping
 * its multiples, which x86 computes as it loads, in registers of their own; and
 * from loading a row of b anew for each multiplication. */
#if defined(__x86_64__)
#define FORGET(number) __asm__ ("" : "+r"(number))
#define FORGET_VECTOR(vector) __asm__ ("" : "+v"(vector))
#else
#define FORGET(number) ((void) 0)
#define FORGET_VECTOR(vector) ((void) 0)
#endif

/* The columns of one tile's width; a, start and c move down from tile to tile. */
typedef struct
{
  const float *a;
  size_t a_row, a_column;
  const float *b;
  size_t b_row;
  const NnRun *runs;
  size_t n_runs;
  const float *start;
  size_t start_row;
  float *c;
  size_t c_row;
  NnPart part;
} NnColumns;

/* The value of a in row @r. An address on x86 is a register and another times 1,
 * 2, 4 or 8: @steps, the width of 1, 3 and 5 rows in bytes, lead from row 0 to
 * all rows up to 12 but four, and these are 0, 2, 4 and 6 rows below row 7. */
INLINE float
value_in_row (const char *row0, const char *row7, const size_t steps[3], size_t r)
{
  const bool from7 = r == 7 || r == 9 || r == 11 || r == 13;
  const char *row = from7 ? row7 : row0;

  if (from7)
    r -= 7;
  if (r > 0)
    row += steps[(r >> __builtin_ctzl (r)) / 2] << __builtin_ctzl (r);
  return *(const float *) row;
}

/* Adds all terms to the sums of a tile. */
INLINE void
add_terms (size_t rows, size_t vectors, bool whole, const NnColumns *columns, NnVector sum[NN_TILE_ROWS][NN_TILE_VECTORS])
{
  const size_t a_row = columns->a_row * sizeof (float), a_column = columns->a_column * sizeof (float);
  const size_t b_row = columns->b_row * sizeof (float);
  size_t steps[3] = { a_row, 3 * a_row, 5 * a_row };

  for (const NnRun *run = columns->runs, *end = run + columns->n_runs; run < end; run++)
    {
      const char *row0 = (const char *) (columns->a + run->a), *row7 = row0 + steps[2] + 2 * steps[0];
      const char *b = (const char *) (columns->b + run->b);

      for (size_t p = run->length; p > 0; p--)
        {
          NnVector terms[NN_TILE_VECTORS];

          UNROLL for (size_t v = 0; v < vectors; v++)
            {
              const float *from = (const float *) b + v * NN_LANES;

              terms[v] = whole || v + 1 < vectors ? *(const NnVector *) from : load_part (from, columns->part);
              FORGET_VECTOR (terms[v]);
            }
          FORGET (steps[0]);
          if (rows > 3)
            FORGET (steps[1]);
          if (rows > 5)
            FORGET (steps[2]);
          UNROLL for (size_t r = 0; r < rows; r++)
            {
              const float value = value_in_row (row0, row7, steps, r);

              UNROLL for (size_t v = 0; v < vectors; v++)
                sum[r][v] += terms[v] * value;
            }

          row0 += a_column;
          b += b_row;
          if (rows > 7)
            {
              row7 += a_column;
              FORGET (row7);
            }
        }
    }
}

/* One tile, whose last vector is @whole or a part. Made inline with constants
 * for the first three, so that the sums live in registers. */
INLINE void
multiply_tile (size_t rows, size_t vectors, bool whole, const NnColumns *columns)
{
  const float *start = columns->start;
  NnVector sum[NN_TILE_ROWS][NN_TILE_VECTORS];

  if (start == NULL)
    {
      UNROLL for (size_t r = 0; r < rows; r++)
        UNROLL for (size_t v = 0; v < vectors; v++)
          sum[r][v] = (NnVector){ 0 };
    }
  else
    {
      UNROLL for (size_t r = 0; r < rows; r++, start += columns->start_row)
        UNROLL for (size_t v = 0; v < vectors; v++)
          {
            const float *from = start + v * NN_LANES;

            sum[r][v] = whole || v + 1 < vectors ? *(const NnVector *) from : load_part (from, columns->part);
          }
    }

  add_terms (rows, vectors, whole, columns, sum);

  float *c = columns->c;
  UNROLL for (size_t r = 0; r < rows; r++, c += columns->c_row)
    UNROLL for (size_t v = 0; v < vectors; v++)
      if (whole || v + 1 < vectors)
        *(NnVector *) (c + v * NN_LANES) = sum[r][v];
      else
        store_part (c + v * NN_LANES, columns->part, sum[r][v]);
}

typedef void (*NnTileFunc) (const NnColumns *columns);

#define TILE(VECTORS, ROWS)                                                                               \
  static void part_##VECTORS##x##ROWS (const NnColumns *columns) { multiply_tile (ROWS, VECTORS, false, columns); } \
  static void whole_##VECTORS##x##ROWS (const NnColumns *columns) { multiply_tile (ROWS, VECTORS, true, columns); }
#define TILES_4(VECTORS) TILE (VECTORS, 1) TILE (VECTORS, 2) TILE (VECTORS, 3) TILE (VECTORS, 4)
#define TILES_6(VECTORS) TILES_4 (VECTORS) TILE (VECTORS, 5) TILE (VECTORS, 6)
#define TILES_9(VECTORS) TILES_6 (VECTORS) TILE (VECTORS, 7) TILE (VECTORS, 8) TILE (VECTORS, 9)
#define TILES_14(VECTORS) TILES_9 (VECTORS) TILE (VECTORS, 10) TILE (VECTORS, 11) TILE (VECTORS, 12) TILE (VECTORS, 13) TILE (VECTORS, 14)

#define PAIR(VECTORS, ROWS) { part_##VECTORS##x##ROWS, whole_##VECTORS##x##ROWS },
#define PAIRS_4(VECTORS) PAIR (VECTORS, 1) PAIR (VECTORS, 2) PAIR (VECTORS, 3) PAIR (VECTORS, 4)
#define PAIRS_6(VECTORS) PAIRS_4 (VECTORS) PAIR (VECTORS, 5) PAIR (VECTORS, 6)
#define PAIRS_9(VECTORS) PAIRS_6 (VECTORS) PAIR (VECTORS, 7) PAIR (VECTORS, 8) PAIR (VECTORS, 9)
#define PAIRS_14(VECTORS) PAIRS_9 (VECTORS) PAIR (VECTORS, 10) PAIR (VECTORS, 11) PAIR (VECTORS, 12) PAIR (VECTORS, 13) PAIR (VECTORS, 14)

#if NN_LANES == 16
TILES_14 (1) TILES_14 (2) TILES_9 (3) TILES_6 (4)
#define TILES { { PAIRS_14 (1) }, { PAIRS_14 (2) }, { PAIRS_9 (3) }, { PAIRS_6 (4) } }
#elif NN_LANES == 8
TILES_6 (1) TILES_6 (2) TILES_4 (3)
#define TILES { { PAIRS_6 (1) }, { PAIRS_6 (2) }, { PAIRS_4 (3) } }
#else
TILES_9 (1) TILES_9 (2) TILES_6 (3) TILES_4 (4)
#define TILES { { PAIRS_9 (1) }, { PAIRS_9 (2) }, { PAIRS_6 (3) }, { PAIRS_4 (4) } }
#endif

static const NnTileFunc tiles[NN_TILE_VECTORS][NN_TILE_ROWS][2] = TILES;
static const size_t tile_heights[NN_TILE_VECTORS] = NN_TILE_HEIGHTS;

/* Goes down the columns from @j on, in tiles of heights that differ by one at
 * most: a flat last tile would be slow. */
static void
multiply_columns (const NnProduct *product, size_t j, size_t n_columns)
{
  const size_t vectors = (n_columns + NN_LANES - 1) / NN_LANES, last = n_columns - (vectors - 1) * NN_LANES;
  const size_t height = tile_heights[vectors - 1], n_tiles = (product->m + height - 1) / height;
  const size_t low = product->m / n_tiles, n_higher = product->m % n_tiles;
  NnColumns columns = {
    .a = product->a,
    .a_row = product->a_row,
    .a_column = product->a_column,
    .b = product->b + j,
    .b_row = product->b_row,
    .runs = product->runs,
    .n_runs = product->n_runs,
    .start = product->start != NULL ? product->start + j : NULL,
    .start_row = product->start_row,
    .c = product->c + j,
    .c_row = product->c_row,
    .part = part_of (last),
  };

  for (size_t t = 0; t < n_tiles; t++)
    {
      const size_t rows = low + (t < n_higher);

      tiles[vectors - 1][rows - 1][last == NN_LANES](&columns);
      columns.a += rows * columns.a_row;
      columns.c += rows * columns.c_row;
      if (columns.start != NULL)
        columns.start += rows * columns.start_row;
    }
}

/* The same for widths that differ by one vector at most. */
static void
multiply (const NnProduct *product)
{
  size_t j = 0, left = (product->n + NN_LANES - 1) / NN_LANES;

  for (size_t n = (left + NN_TILE_VECTORS - 1) / NN_TILE_VECTORS; n > 0; n--)
    {
      const size_t vectors = (left + n - 1) / n;

      multiply_columns (product, j, n > 1 ? vectors * NN_LANES : product->n - j);
      j += vectors * NN_LANES;
      left -= vectors;
    }
}

/* Cuts the sum into parts of @length terms; c carries it from one to the next. */
static void
multiply_parts (const NnProduct *product, size_t length)
{
  NnRun pieces[NN_PIECES];
  NnProduct part = *product;
  const NnRun *run = product->runs, *end = run + product->n_runs;
  size_t done = 0; /* of the run */

  part.runs = pieces;
  while (run < end)
    {
      size_t left = length;

      for (part.n_runs = 0; run < end && left > 0 && part.n_runs < NN_PIECES; part.n_runs++)
        {
          const size_t rest = run->length - done, taken = rest < left ? rest : left;

          pieces[part.n_runs].a = run->a + done * product->a_column;
          pieces[part.n_runs].b = run->b + done * product->b_row;
          pieces[part.n_runs].length = taken;
          left -= taken;
          done += taken;
          if (taken == rest)
            {
              run++;
              done = 0;
            }
        }
      multiply (&part);
      part.start = part.c;
      part.start_row = part.c_row;
    }
}

static void
gemm (const NnProduct *product)
{
  const size_t widest = NN_TILE_VECTORS * NN_LANES;
  /* A row that does not start where a cache line does ends in one more. */
  const size_t width = (product->n < widest ? product->n : widest) + NN_LINE;
  size_t k = 0;

  for (size_t r = 0; r < product->n_runs; r++)
    k += product->runs[r].length;
  if (k * width <= NN_PANEL || product->m <= tile_heights[NN_TILE_VECTORS - 1])
    multiply (product);
  else
    {
      const size_t n_parts = (k * width + NN_PANEL - 1) / NN_PANEL;

      multiply_parts (product, (k + n_parts - 1) / n_parts);
    }
}
