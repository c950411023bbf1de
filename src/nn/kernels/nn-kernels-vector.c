/* SPDX-License-Identifier: MIT */

/* The matrix product for processors with vector registers, in GCC's vector
 * extensions: compiled once for each instruction set, which NN_ISA names. A tile
 * of c is held in registers while the sum runs over p; each step loads one row
 * of the tile's part of b and multiplies it with one value of a per row. See
 * Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication",
 * ACM TOMS 34 (2008). Our matrices are small enough to stay in the second-level
 * cache, so nothing is packed. */

#include "nn-kernels.h"

/* The largest tile is TILE_ROWS rows of two vectors of LANES floats. */
#if defined(__AVX512F__)
#define LANES 16
#define TILE_ROWS 14
#elif defined(__AVX2__)
#define LANES 8
#define TILE_ROWS 6
#else
#define LANES 4
#define TILE_ROWS 8
#endif

/* Vectors are loaded from any address that suits a float. */
typedef float Vector __attribute__ ((vector_size (LANES * sizeof (float)), aligned (sizeof (float)), may_alias));
#if LANES > 8
typedef float Vector8 __attribute__ ((vector_size (8 * sizeof (float)), aligned (sizeof (float)), may_alias));
#endif
typedef float Vector4 __attribute__ ((vector_size (4 * sizeof (float)), aligned (sizeof (float)), may_alias));

typedef struct
{
  size_t k;
  size_t a_row, a_column, b_row, start_row, c_row;
} Strides;

typedef void (*Tile) (const Strides *s, const float *a, const float *b, const float *start, float *c);

/* Defines a function for tiles of ROWS rows and VECTORS vectors of type Type. */
#define DEFINE_TILE(name, Type, VECTORS, ROWS)                                              \
  static void name (const Strides *s, const float *a, const float *b, const float *start, float *c) \
  {                                                                                         \
    const size_t a_row = s->a_row, a_column = s->a_column, b_row = s->b_row;                \
    Type sum[ROWS][VECTORS];                                                                \
                                                                                            \
    for (size_t i = 0; i < ROWS; i++)                                                       \
      for (size_t v = 0; v < VECTORS; v++)                                                  \
        sum[i][v] = start != NULL ? ((const Type *) (start + i * s->start_row))[v] : (Type){ 0 }; \
    for (size_t p = 0; p < s->k; p++, a += a_column, b += b_row)                            \
      {                                                                                     \
        Type row[VECTORS];                                                                  \
                                                                                            \
        for (size_t v = 0; v < VECTORS; v++)                                                \
          row[v] = ((const Type *) b)[v];                                                   \
        _Pragma ("GCC unroll 16") for (size_t i = 0; i < ROWS; i++)                         \
          for (size_t v = 0; v < VECTORS; v++)                                              \
            sum[i][v] += a[i * a_row] * row[v];                                             \
      }                                                                                     \
    for (size_t i = 0; i < ROWS; i++)                                                       \
      for (size_t v = 0; v < VECTORS; v++)                                                  \
        ((Type *) (c + i * s->c_row))[v] = sum[i][v];                                       \
  }

DEFINE_TILE (tile_wide, Vector, 2, TILE_ROWS)
DEFINE_TILE (tile_wide_4, Vector, 2, 4)
DEFINE_TILE (tile_wide_1, Vector, 2, 1)
DEFINE_TILE (tile_vector, Vector, 1, TILE_ROWS)
DEFINE_TILE (tile_vector_4, Vector, 1, 4)
DEFINE_TILE (tile_vector_1, Vector, 1, 1)
#if LANES > 8
DEFINE_TILE (tile_eight, Vector8, 1, TILE_ROWS)
DEFINE_TILE (tile_eight_4, Vector8, 1, 4)
DEFINE_TILE (tile_eight_1, Vector8, 1, 1)
#endif
DEFINE_TILE (tile_four, Vector4, 1, TILE_ROWS)
DEFINE_TILE (tile_four_4, Vector4, 1, 4)
DEFINE_TILE (tile_four_1, Vector4, 1, 1)
DEFINE_TILE (tile_scalar, float, 1, TILE_ROWS)
DEFINE_TILE (tile_scalar_4, float, 1, 4)
DEFINE_TILE (tile_scalar_1, float, 1, 1)

/* Tiles by falling width, and for each width by falling height. */
static const struct
{
  size_t columns;
  Tile tiles[3];
} widths[] = {
  { 2 * LANES, { tile_wide, tile_wide_4, tile_wide_1 } },
  { LANES, { tile_vector, tile_vector_4, tile_vector_1 } },
#if LANES > 8
  { 8, { tile_eight, tile_eight_4, tile_eight_1 } },
#endif
  { 4, { tile_four, tile_four_4, tile_four_1 } },
  { 1, { tile_scalar, tile_scalar_4, tile_scalar_1 } },
};
static const size_t heights[3] = { TILE_ROWS, 4, 1 };

#define PASTE(a, b) a##b
#define NAME(prefix, isa) PASTE (prefix, isa)

void NAME (nn_gemm_, NN_ISA) (size_t, size_t, size_t, const float *, size_t, size_t, const float *, size_t, const float *, size_t, float *, size_t);

void
NAME (nn_gemm_, NN_ISA) (size_t m, size_t n, size_t k,
                         const float *a, size_t a_row, size_t a_column,
                         const float *b, size_t b_row,
                         const float *start, size_t start_row,
                         float *c, size_t c_row)
{
  const Strides strides = { k, a_row, a_column, b_row, start_row, c_row };
  size_t j = 0;

  for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
    for (; n - j >= widths[w].columns; j += widths[w].columns)
      {
        size_t i = 0;

        for (size_t h = 0; h < 3; h++)
          for (; m - i >= heights[h]; i += heights[h])
            widths[w].tiles[h] (&strides, a + i * a_row, b + j,
                                start != NULL ? start + i * start_row + j : NULL,
                                c + i * c_row + j);
      }
}
