/* SPDX-License-Identifier: MIT */

/* What is ink: that which differs from the paper by clearly more than the noise,
 * on the side where there is more of it. */

#include "lab-picture-private.h"

#include <math.h>

/* Ink that differs less than this from the paper is none. */
#define MIN_CONTRAST 20

/* Of the picture. Is there more ink than this, it is rather the paper. */
#define MUCH_INK 0.3
#define TOO_MUCH_INK 0.6

/* In smaller pictures noise cannot be told from a digit by its grain, … */
#define MIN_GRAINY_SIDE 64

/* … nor shadows from thick lines. */
#define MIN_SHADOW_SIDE 64

/* Ink this much deeper than the rest of it is the real one, and the rest is a
 * shadow or lines of the paper; where it is a part of the picture like this. */
#define DEEPER 1.4
#define DEEPER_PART 0.002

/* Figures about what is left when the paper is taken away. */
typedef struct
{
  guint counts[511]; /* of 255 + rest */
  guint n;
  double noise;      /* standard deviation of the paper */
  gboolean dark;     /* the ink is darker than the paper */
  double contrast;   /* how far the ink is from it */
  double ink;        /* the part of the picture that is ink */
} Figures;

static guint
count_depth (const Figures *self, int depth)
{
  return self->counts[self->dark ? 255 - depth : 255 + depth];
}

/* Only what exceeds the noise clearly counts as ink. */
static int
noise_limit (const Figures *self)
{
  return MAX (8, (int) ceil (4 * self->noise));
}

/* The contrast is that of the deepest quarter of the ink. */
static void
find_contrast (Figures *self)
{
  int limit = noise_limit (self);
  guint total = 0;
  guint seen = 0;

  for (int d = limit; d <= 255; d++)
    total += count_depth (self, d);
  self->contrast = 0;
  for (int d = 255; d >= limit && self->contrast == 0; d--)
    {
      seen += count_depth (self, d);
      if (seen > 0 && 4 * seen >= total)
        self->contrast = d;
    }
  self->ink = 0;
  for (int d = MAX (limit, self->contrast / 2); d <= 255; d++)
    self->ink += count_depth (self, d);
  self->ink /= self->n;
}

/* Returns the standard deviation of the noise, from the quarter of the pixels
 * that are nearest to the surface: that is paper, however much ink there is. A
 * quarter of a normal distribution is within 0.3186 deviations. */
static double
find_noise (const Figures *self)
{
  double seen = 0;

  for (int d = 0; d <= 255; d++)
    {
      double n = self->counts[255 + d] + (d > 0 ? self->counts[255 - d] : 0);
      double start = MAX (d - 0.5, 0); /* of what was rounded to d */

      if (seen + n >= self->n / 4.0)
        return (start + (d + 0.5 - start) * (self->n / 4.0 - seen) / n) / 0.3186;
      seen += n;
    }
  return 255;
}

/* Returns the standard deviation of the noise as it shows between neighbours,
 * where the paper is so light that the noise is cut off at white. In small
 * pictures the digit itself is as grainy. */
static double
find_grain (const LabPicture *picture)
{
  guint counts[511] = { 0 };

  if (MIN (picture->width, picture->height) < MIN_GRAINY_SIDE)
    return 0;
  for (guint y = 0; y < picture->height; y += 2)
    for (guint x = 1; x + 1 < picture->width; x++)
      {
        const guint8 *pixel = picture->pixels + (gsize) y * picture->width + x;

        counts[ABS (2 * pixel[0] - pixel[-1] - pixel[1])]++;
      }
  return lab_picture_find_median (counts, G_N_ELEMENTS (counts)) / 1.652; /* of 2 a − b − c in a normal distribution */
}

static void
find_figures (const gint16 *rest, gsize n, double grain, Figures *self)
{
  double below = 0;
  double above = 0;

  *self = (Figures) { .n = n };
  for (gsize i = 0; i < n; i++)
    self->counts[255 + rest[i]]++;
  self->noise = MAX (find_noise (self), grain);
  for (int d = noise_limit (self); d <= 255; d++)
    {
      below += (double) d * self->counts[255 - d];
      above += (double) d * self->counts[255 + d];
    }
  self->dark = below >= above;
  find_contrast (self);
}

/* Returns the median of the picture's outermost pixels. */
static guint8
find_edge_value (const LabPicture *picture)
{
  guint counts[256] = { 0 };
  const guint8 *last = picture->pixels + (gsize) (picture->height - 1) * picture->width;

  for (guint x = 0; x < picture->width; x++)
    {
      counts[picture->pixels[x]]++;
      counts[last[x]]++;
    }
  for (guint y = 0; y < picture->height; y++)
    {
      const guint8 *row = picture->pixels + (gsize) y * picture->width;

      counts[row[0]]++;
      counts[row[picture->width - 1]]++;
    }
  return lab_picture_find_median (counts, G_N_ELEMENTS (counts));
}

static guint8
find_middle_value (const LabPicture *picture)
{
  gsize n = (gsize) picture->width * picture->height;
  guint counts[256] = { 0 };

  for (gsize i = 0; i < n; i++)
    counts[picture->pixels[i]]++;
  return lab_picture_find_median (counts, G_N_ELEMENTS (counts));
}

/* Averages 3 × 3 pixels. */
static void
smooth (gint16 *rest, guint width, guint height)
{
  gsize n = (gsize) width * height;
  g_autofree gint16 *sums = g_new (gint16, n);

  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      {
        const gint16 *row = rest + (gsize) y * width;

        sums[(gsize) y * width + x] = row[x > 0 ? x - 1 : x] + row[x] + row[x + 1 < width ? x + 1 : x];
      }
  for (guint y = 0; y < height; y++)
    {
      const gint16 *row = sums + (gsize) y * width;
      const gint16 *above = y > 0 ? row - width : row;
      const gint16 *below = y + 1 < height ? row + width : row;

      for (guint x = 0; x < width; x++)
        rest[(gsize) y * width + x] = (above[x] + row[x] + below[x]) / 9;
    }
}

/* Tells whether what was found is a shadow, or light: some ink is much deeper
 * than most, or on the other side of the paper. */
static gboolean
has_shadow (const Figures *self)
{
  guint total = 0;
  guint seen = 0;
  guint deeper = 0;
  int median = noise_limit (self);

  for (int d = median; d <= 255; d++)
    total += count_depth (self, d);
  while (median < 255 && 2 * (seen += count_depth (self, median)) < total)
    median++;
  for (int d = DEEPER * median; d <= 255; d++)
    deeper += count_depth (self, d);
  for (int d = MAX (noise_limit (self), self->contrast / 2); d <= 255; d++)
    deeper += count_depth (self, -d);
  return deeper > DEEPER_PART * self->n;
}

static void
take_paper (const LabPicture *picture, double grain, gint16 *rest, Figures *figures)
{
  gsize n = (gsize) picture->width * picture->height;

  lab_picture_take_paper (picture, find_middle_value (picture), rest);
  find_figures (rest, n, grain, figures);

  /* A thick digit that fills its picture may cover more of it than the paper
   * does, but not more of the edge; unless there is a thick frame. */
  if (figures->ink > MUCH_INK)
    {
      lab_picture_take_paper (picture, find_edge_value (picture), rest);
      find_figures (rest, n, grain, figures);
      if (figures->ink > TOO_MUCH_INK)
        {
          lab_picture_take_paper (picture, find_middle_value (picture), rest);
          find_figures (rest, n, grain, figures);
        }
    }
  if (MIN (picture->width, picture->height) >= MIN_SHADOW_SIDE && has_shadow (figures))
    {
      lab_picture_take_shadows (picture, rest);
      find_figures (rest, n, grain, figures);
    }
}

gboolean
lab_picture_find_ink (const LabPicture *picture, LabInkMap *map)
{
  gsize n = (gsize) picture->width * picture->height;
  g_autofree gint16 *rest = g_new (gint16, n);
  double grain = find_grain (picture);
  Figures figures;

  take_paper (picture, grain, rest, &figures);
  for (guint round = 0; round < 3 && 16 * figures.noise > figures.contrast && figures.noise > 3; round++)
    {
      gboolean dark = figures.dark;

      smooth (rest, picture->width, picture->height);
      grain /= 3;
      find_figures (rest, n, grain, &figures);
      figures.dark = dark;
      find_contrast (&figures);
    }
  if (figures.contrast < MIN_CONTRAST)
    return FALSE;

  *map = (LabInkMap) {
    .width = picture->width,
    .height = picture->height,
    .depth = g_new (guint8, n),
    .threshold = MAX (figures.contrast / 4, noise_limit (&figures)),
    .dark = figures.dark,
  };
  for (gsize i = 0; i < n; i++)
    map->depth[i] = CLAMP (figures.dark ? -rest[i] : rest[i], 0, 255);
  return TRUE;
}
