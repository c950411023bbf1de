/* SPDX-License-Identifier: MIT */

/* The kernels for AVX-512 whose products round their factors to bfloat16, the
 * upper half of a float, and sum in single precision. The processor multiplies
 * pairs of terms, so both factors are first copied into pairs: the terms 2q and
 * 2q + 1 of the whole sum, side by side in 32 bits. A missing last one is zero. */
#include "nn-kernels-table.h"

#include <stdbool.h>

#include "nn-loops.h"
#include "nn-multiply-add.h"
#include "nn-part.h"
#include "nn-winograd.h"

/* A tile, as in nn-gemm.h, and what of both factors is copied at a time. The
 * number of terms is even, so that cutting a sum leaves its pairs together. */
#define TILE_ROWS 6
#define TILE_VECTORS 4
#define BLOCK_ROWS 48
#define BLOCK_TERMS 128
#define BLOCK_PAIRS (BLOCK_TERMS / 2)

/* The terms at hand: where they lie in the rows of a and in b, and which sixteen
 * of them lie side by side in a. */
typedef struct
{
  size_t n;
  size_t a[BLOCK_TERMS];
  size_t b[BLOCK_TERMS];
  bool adjacent[BLOCK_TERMS / 16];
} Terms;

/* A block of a in pairs, by rows or by terms, and one of b, each pair of terms
 * in vectors of columns. */
typedef struct
{
  uint32_t a[BLOCK_ROWS * BLOCK_PAIRS];
  size_t a_row, a_pair;
  __m512i b[BLOCK_PAIRS * TILE_VECTORS];
  size_t n_pairs;
} Pairs;

/* Rounds two vectors and puts the numbers at the same place side by side. */
INLINE __m512i
pair_up (__m512 first, __m512 second)
{
  const __m512i halves = (__m512i) _mm512_cvtne2ps_pbh (second, first);
  const __m512i low = _mm512_cvtepu16_epi32 (_mm512_castsi512_si256 (halves));
  const __m512i high = _mm512_cvtepu16_epi32 (_mm512_extracti64x4_epi64 (halves, 1));

  return _mm512_or_si512 (low, _mm512_slli_epi32 (high, 16));
}

/* Pairs of terms whose numbers lie in rows: those of b, and of a transposed a. */
static void
pair_rows (const float *from, size_t n_columns, size_t n_terms, const size_t *terms, __m512i *pairs)
{
  for (size_t p = 0; p < n_terms; p += 2)
    for (size_t j = 0; j < n_columns; j += 16)
      {
        const NnPart part = part_of (n_columns - j < 16 ? n_columns - j : 16);
        const __m512 first = (__m512) load_part (from + terms[p] + j, part);
        const __m512 second = p + 1 < n_terms ? (__m512) load_part (from + terms[p + 1] + j, part) : _mm512_setzero_ps ();

        _mm512_storeu_si512 (pairs++, pair_up (first, second));
      }
}

/* Sixteen terms of a row of a, from the one @p on; zero behind the last. */
INLINE __m512
gather (const float *row, const Terms *terms, size_t p)
{
  float values[16] = { 0 };

  if (terms->adjacent[p / 16])
    return _mm512_loadu_ps (row + terms->a[p]);
  for (size_t i = 0; i < 16 && p + i < terms->n; i++)
    values[i] = row[terms->a[p + i]];
  return _mm512_loadu_ps (values);
}

/* Pairs of terms that follow one another in @n_rows rows of a. */
static void
pair_columns (const NnProduct *product, const float *row, size_t n_rows, const Terms *terms, uint32_t *pairs)
{
  for (size_t i = 0; i < n_rows; i++, row += product->a_row, pairs += BLOCK_PAIRS)
    for (size_t p = 0; p < terms->n; p += 32)
      _mm512_storeu_si512 (pairs + p / 2, (__m512i) _mm512_cvtne2ps_pbh (gather (row, terms, p + 16), gather (row, terms, p)));
}

static void
pair_a (const NnProduct *product, size_t i, size_t n_rows, const Terms *terms, Pairs *pairs)
{
  const float *from = product->a + i * product->a_row;

  if (product->a_row == 1)
    {
      pair_rows (from, n_rows, terms->n, terms->a, (__m512i *) pairs->a);
      pairs->a_row = 1;
      pairs->a_pair = (n_rows + 15) / 16 * 16;
    }
  else
    {
      pair_columns (product, from, n_rows, terms, pairs->a);
      pairs->a_row = BLOCK_PAIRS;
      pairs->a_pair = 1;
    }
}

/* Where a tile starts: in the pairs, which lie in a block, and in the rows of
 * start and c. */
typedef struct
{
  const Pairs *pairs;
  const uint32_t *a;
  const float *start;
  size_t start_row;
  float *c;
  size_t c_row;
  NnPart part;
} Place;

/* Made inline with constants for @rows and @vectors. */
INLINE void
multiply_tile (size_t rows, size_t vectors, const Place *place)
{
  const Pairs *pairs = place->pairs;
  __m512 sum[TILE_ROWS][TILE_VECTORS];

  UNROLL for (size_t r = 0; r < rows; r++)
    UNROLL for (size_t v = 0; v < vectors; v++)
      {
        const NnPart part = v + 1 < vectors ? 0xffff : place->part;

        sum[r][v] = place->start == NULL ? _mm512_setzero_ps ()
                                         : (__m512) load_part (place->start + r * place->start_row + v * 16, part);
      }

  for (size_t q = 0; q < pairs->n_pairs; q++)
    UNROLL for (size_t r = 0; r < rows; r++)
      {
        const __m512i a = _mm512_set1_epi32 ((int) place->a[r * pairs->a_row + q * pairs->a_pair]);

        UNROLL for (size_t v = 0; v < vectors; v++)
          sum[r][v] = _mm512_dpbf16_ps (sum[r][v], (__m512bh) a, (__m512bh) pairs->b[q * vectors + v]);
      }

  UNROLL for (size_t r = 0; r < rows; r++)
    UNROLL for (size_t v = 0; v < vectors; v++)
      store_part (place->c + r * place->c_row + v * 16, v + 1 < vectors ? 0xffff : place->part, (NnVector) sum[r][v]);
}

#define TILE(VECTORS, ROWS) \
  static void tile_##VECTORS##x##ROWS (const Place *place) { multiply_tile (ROWS, VECTORS, place); }
#define TILES(VECTORS) \
  TILE (VECTORS, 1) TILE (VECTORS, 2) TILE (VECTORS, 3) TILE (VECTORS, 4) TILE (VECTORS, 5) TILE (VECTORS, 6)
#define TILE_NAMES(VECTORS) \
  { tile_##VECTORS##x1, tile_##VECTORS##x2, tile_##VECTORS##x3, tile_##VECTORS##x4, tile_##VECTORS##x5, tile_##VECTORS##x6 }

TILES (1)
TILES (2)
TILES (3)
TILES (4)

static void (*const tiles[TILE_VECTORS][TILE_ROWS]) (const Place *) = { TILE_NAMES (1), TILE_NAMES (2), TILE_NAMES (3), TILE_NAMES (4) };

/* Multiplies the block of a in @pairs, the rows from @i on, with all columns. */
static void
multiply_rows (const NnProduct *product, size_t i, size_t n_rows, const Terms *terms, Pairs *pairs)
{
  const size_t n_tiles = (n_rows + TILE_ROWS - 1) / TILE_ROWS;

  for (size_t j = 0; j < product->n; j += TILE_VECTORS * 16)
    {
      const size_t n_columns = product->n - j < TILE_VECTORS * 16 ? product->n - j : TILE_VECTORS * 16;
      const size_t vectors = (n_columns + 15) / 16;
      Place place = {
        .pairs = pairs,
        .a = pairs->a,
        .start = product->start != NULL ? product->start + i * product->start_row + j : NULL,
        .start_row = product->start_row,
        .c = product->c + i * product->c_row + j,
        .c_row = product->c_row,
        .part = part_of (n_columns - (vectors - 1) * 16),
      };

      pair_rows (product->b + j, n_columns, terms->n, terms->b, pairs->b);
      for (size_t t = 0; t < n_tiles; t++)
        {
          const size_t rows = n_rows / n_tiles + (t < n_rows % n_tiles);

          tiles[vectors - 1][rows - 1](&place);
          place.a += rows * pairs->a_row;
          place.c += rows * place.c_row;
          if (place.start != NULL)
            place.start += rows * place.start_row;
        }
    }
}

/* Collects the next terms of the sum: from the one @done in @run on. */
static void
next_terms (const NnProduct *product, size_t *run, size_t *done, Terms *terms)
{
  terms->n = 0;
  while (*run < product->n_runs && terms->n < BLOCK_TERMS)
    if (*done == product->runs[*run].length)
      {
        ++*run;
        *done = 0;
      }
    else
      {
        terms->a[terms->n] = product->runs[*run].a + *done * product->a_column;
        terms->b[terms->n] = product->runs[*run].b + *done * product->b_row;
        terms->n++;
        ++*done;
      }
  for (; *run < product->n_runs && *done == product->runs[*run].length; ++*run)
    *done = 0;

  for (size_t p = 0; p < BLOCK_TERMS; p += 16)
    {
      terms->adjacent[p / 16] = p + 16 <= terms->n;
      for (size_t i = p; i < p + 16 && i < terms->n; i++)
        if (terms->a[i] != terms->a[p] + (i - p))
          terms->adjacent[p / 16] = false;
    }
}

static void
gemm (const NnProduct *product)
{
  NnProduct rest = *product;
  size_t run = 0, done = 0;
  Terms terms;
  Pairs pairs;

  do
    {
      next_terms (product, &run, &done, &terms);
      pairs.n_pairs = (terms.n + 1) / 2;
      for (size_t i = 0; i < product->m; i += BLOCK_ROWS)
        {
          const size_t n_rows = product->m - i < BLOCK_ROWS ? product->m - i : BLOCK_ROWS;

          pair_a (product, i, n_rows, &terms, &pairs);
          multiply_rows (&rest, i, n_rows, &terms, &pairs);
        }
      rest.start = rest.c;
      rest.start_row = rest.c_row;
    }
  while (run < product->n_runs);
}

NN_DEFINE_KERNELS (avx512_bf16, "avx512-bf16", NN_CPU_AVX512_BF16)
