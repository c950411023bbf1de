/* SPDX-License-Identifier: MIT */

/* What the paper looks like. Its brightness changes slowly, by the light that
 * falls on it, so a smooth surface is fitted to it, which the ink, far off,
 * hardly pulls at. */

#include "lab-picture-private.h"

#include <math.h>
#include <string.h>

/* The surface is fitted to the medians of at most so many blocks a side. */
#define MAX_BLOCKS 32

/* What is left of a pixel is a number from −255 to 255. */
#define N_RESTS 511

/* Terms x^i y^k of the surface, i + k up to 4. */
#define MAX_TERMS 15

/* In smaller pictures the paper has one brightness, or changes simply: there the
 * surface might follow the digit. */
#define MIN_CURVED 24
#define MIN_WAVY 64

typedef struct
{
  guint n_terms;
  double c[MAX_TERMS];
} Surface;

/* The medians of square blocks of a picture. */
typedef struct
{
  int side; /* of a block, in pixels */
  int width;
  int height;
  gint16 medians[MAX_BLOCKS * MAX_BLOCKS]; /* [height][width] */
} Blocks;

guint
lab_picture_find_median (const guint *counts, guint n)
{
  guint total = 0;
  guint seen = 0;
  guint value = 0;

  for (guint i = 0; i < n; i++)
    total += counts[i];
  while (value + 1 < n && 2 * (seen += counts[value]) < total)
    value++;
  return value;
}

static void
find_blocks (const LabPicture *picture, const gint16 *values, Blocks *blocks)
{
  int width = picture->width;
  int height = picture->height;
  int side = (MAX (width, height) + MAX_BLOCKS - 1) / MAX_BLOCKS;

  blocks->side = side;
  blocks->width = (width + side - 1) / side;
  blocks->height = (height + side - 1) / side;
  for (int j = 0; j < blocks->height; j++)
    for (int i = 0; i < blocks->width; i++)
      {
        guint counts[N_RESTS] = { 0 };

        for (int y = j * side; y < MIN ((j + 1) * side, height); y++)
          for (int x = i * side; x < MIN ((i + 1) * side, width); x++)
            counts[255 + values[(gsize) y * width + x]]++;
        blocks->medians[j * blocks->width + i] = (int) lab_picture_find_median (counts, N_RESTS) - 255;
      }
}

/* The terms at @x, @y, which are between −1 and 1. */
static void
list_terms (double x, double y, guint n_terms, double *terms)
{
  guint n = 0;

  for (int degree = 0; n < n_terms; degree++)
    for (int k = 0; k <= degree; k++)
      {
        double term = 1;

        for (int i = 0; i < degree - k; i++)
          term *= x;
        for (int i = 0; i < k; i++)
          term *= y;
        terms[n++] = term;
      }
}

/* Solves the normal equations by Cholesky's method, in place. */
static void
solve (double m[MAX_TERMS][MAX_TERMS], double *b, guint n)
{
  for (guint j = 0; j < n; j++)
    {
      for (guint i = j; i < n; i++)
        {
          for (guint k = 0; k < j; k++)
            m[i][j] -= m[i][k] * m[j][k];
          m[i][j] = i == j ? sqrt (MAX (m[i][j], 1e-12)) : m[i][j] / m[j][j];
        }
    }
  for (guint i = 0; i < n; i++)
    {
      for (guint k = 0; k < i; k++)
        b[i] -= m[i][k] * b[k];
      b[i] /= m[i][i];
    }
  for (guint i = n; i-- > 0;)
    {
      for (guint k = i + 1; k < n; k++)
        b[i] -= m[k][i] * b[k];
      b[i] /= m[i][i];
    }
}

static double
evaluate (const Surface *surface, const double *terms)
{
  double value = 0;

  for (guint i = 0; i < surface->n_terms; i++)
    value += surface->c[i] * terms[i];
  return value;
}

/* Fits the surface to the blocks, starting at @value everywhere. What is farther
 * from it than a scale that shrinks counts less and less, and only as it shrinks
 * may the surface bend, lest it went half-way to the ink. */
static void
fit_surface (const Blocks *blocks, guint max_terms, double value, Surface *surface)
{
  static const struct
  {
    double scale;
    guint n_terms;
  } rounds[] = {
    { 64, 1 }, { 64, 6 }, { 48, 6 }, { 32, 6 }, { 24, 15 }, { 16, 15 }, { 12, 15 }, { 10, 15 }, { 10, 15 },
  };

  *surface = (Surface) { 1, { value } };
  for (guint round = 0; round < G_N_ELEMENTS (rounds); round++)
    {
      guint n_terms = MIN (rounds[round].n_terms, max_terms);
      double m[MAX_TERMS][MAX_TERMS] = { { 0 } };
      double b[MAX_TERMS] = { 0 };

      for (int j = 0; j < blocks->height; j++)
        for (int i = 0; i < blocks->width; i++)
          {
            double terms[MAX_TERMS];
            double target = blocks->medians[j * blocks->width + i];
            double distance, weight;

            list_terms ((2.0 * i + 1) / blocks->width - 1, (2.0 * j + 1) / blocks->height - 1, n_terms, terms);
            distance = (target - evaluate (surface, terms)) / rounds[round].scale;
            weight = 1 / ((1 + distance * distance) * (1 + distance * distance));
            for (guint p = 0; p < n_terms; p++)
              {
                for (guint q = 0; q <= p; q++)
                  m[p][q] += weight * terms[p] * terms[q];
                b[p] += weight * terms[p] * target;
              }
          }
      for (guint p = 0; p < n_terms; p++)
        m[p][p] += 1e-6 * (m[0][0] + 1);
      solve (m, b, n_terms);
      memcpy (surface->c, b, sizeof b);
      surface->n_terms = n_terms;
    }
}

/* Writes picture − surface, −255 … 255. */
static void
subtract (const LabPicture *picture, const Surface *surface, gint16 *rest)
{
  for (guint y = 0; y < picture->height; y++)
    {
      double v = (2.0 * y + 1) / picture->height - 1;
      float c[5] = { 0 }; /* of the polynomial in x that this row is */
      guint n = 0;

      for (int degree = 0; n < surface->n_terms; degree++)
        for (int k = 0; k <= degree; k++)
          c[degree - k] += surface->c[n++] * pow (v, k);

      for (guint x = 0; x < picture->width; x++)
        {
          float u = (2.0f * x + 1) / picture->width - 1;
          float value = c[0] + u * (c[1] + u * (c[2] + u * (c[3] + u * c[4])));
          gsize i = (gsize) y * picture->width + x;

          rest[i] = picture->pixels[i] - (int) (CLAMP (value, 0, 255) + 0.5f);
        }
    }
}

void
lab_picture_take_paper (const LabPicture *picture, guint8 value, gint16 *rest)
{
  guint side = MAX (picture->width, picture->height);
  gsize n = (gsize) picture->width * picture->height;
  Blocks blocks;
  Surface surface;

  for (gsize i = 0; i < n; i++)
    rest[i] = picture->pixels[i];
  find_blocks (picture, rest, &blocks);
  fit_surface (&blocks, side < MIN_CURVED ? 1 : side < MIN_WAVY ? 6 : MAX_TERMS, value, &surface);
  subtract (picture, &surface, rest);
}

/* Replaces every block's median by that of the blocks around it, over a quarter of
 * the picture: what is narrower vanishes, and wider areas keep their edges. */
static void
filter_blocks (Blocks *blocks)
{
  Blocks old = *blocks;
  int reach = MAX (old.width, old.height) / 8;

  for (int j = 0; j < old.height; j++)
    for (int i = 0; i < old.width; i++)
      {
        guint counts[N_RESTS] = { 0 };

        for (int y = MAX (j - reach, 0); y < MIN (j + reach + 1, old.height); y++)
          for (int x = MAX (i - reach, 0); x < MIN (i + reach + 1, old.width); x++)
            counts[255 + old.medians[y * old.width + x]]++;
        blocks->medians[j * old.width + i] = (int) lab_picture_find_median (counts, N_RESTS) - 255;
      }
}

/* Paper in block @i, @j may be anything between what it is in the blocks around. */
static void
take_block (const LabPicture *picture, const Blocks *blocks, int i, int j, gint16 *rest)
{
  int least = 255;
  int most = -255;

  for (int y = MAX (j - 1, 0); y < MIN (j + 2, blocks->height); y++)
    for (int x = MAX (i - 1, 0); x < MIN (i + 2, blocks->width); x++)
      {
        least = MIN (least, blocks->medians[y * blocks->width + x]);
        most = MAX (most, blocks->medians[y * blocks->width + x]);
      }
  for (int y = j * blocks->side; y < MIN ((j + 1) * blocks->side, (int) picture->height); y++)
    for (int x = i * blocks->side; x < MIN ((i + 1) * blocks->side, (int) picture->width); x++)
      {
        gint16 *value = rest + (gsize) y * picture->width + x;

        *value = CLAMP (*value < least ? *value - least : *value > most ? *value - most : 0, -255, 255);
      }
}

void
lab_picture_take_shadows (const LabPicture *picture, gint16 *rest)
{
  Blocks blocks;

  for (int round = 0; round < 2; round++)
    {
      find_blocks (picture, rest, &blocks);
      filter_blocks (&blocks);
      for (int j = 0; j < blocks.height; j++)
        for (int i = 0; i < blocks.width; i++)
          take_block (picture, &blocks, i, j, rest);
    }
}
