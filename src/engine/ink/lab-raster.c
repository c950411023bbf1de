/* SPDX-License-Identifier: MIT */
#include "lab-raster.h"

#include <math.h>
#include <string.h>

/* A picture whose lightest and darkest values are closer than this is blank:
 * what differs is noise of the paper or the camera. */
#define MIN_CONTRAST 32

/* Ink weaker than this, of 255, is noise too and does not count as a part of
 * the digit's outline. */
#define MIN_INK 64

typedef struct
{
  const guint8 *pixels;
  guint width;
  guint height;
  gsize stride;
} Picture;

/* The rectangle of a picture that holds all of its ink. */
typedef struct
{
  guint left;
  guint top;
  guint width;
  guint height;
} Box;

static void
count_border (const Picture *picture, guint counts[256])
{
  const guint8 *bottom = picture->pixels + (picture->height - 1) * picture->stride;

  for (guint x = 0; x < picture->width; x++)
    {
      counts[picture->pixels[x]]++;
      counts[bottom[x]]++;
    }
  for (guint y = 0; y < picture->height; y++)
    {
      const guint8 *row = picture->pixels + y * picture->stride;

      counts[row[0]]++;
      counts[row[picture->width - 1]]++;
    }
}

static guint8
find_background (const Picture *picture)
{
  guint counts[256] = { 0 };
  guint half = picture->width + picture->height;
  guint seen = 0;
  guint value = 0;

  count_border (picture, counts);
  while (value < 255 && (seen += counts[value]) < half)
    value++;

  return value;
}

/* How @picture tells ink from paper. */
typedef struct
{
  int background;
  int contrast; /* of the ink to the background */
  gboolean dark_on_light;
} Tone;

/* The ink is what differs most from the background. */
static Tone
find_tone (const Picture *picture)
{
  Tone tone = { .background = find_background (picture) };
  int darkest = 255;
  int lightest = 0;

  for (guint y = 0; y < picture->height; y++)
    {
      const guint8 *row = picture->pixels + y * picture->stride;

      for (guint x = 0; x < picture->width; x++)
        {
          darkest = MIN (darkest, row[x]);
          lightest = MAX (lightest, row[x]);
        }
    }

  tone.dark_on_light = tone.background - darkest > lightest - tone.background;
  tone.contrast = MAX (tone.background - darkest, lightest - tone.background);
  return tone;
}

/* Fills the table that turns a value of @picture into ink, light on dark: the
 * background and all beyond it become 0, what differs most from it 255.
 * Returns FALSE when nothing differs enough. */
static gboolean
find_ink (const Picture *picture, guint8 ink[256])
{
  Tone tone = find_tone (picture);

  if (tone.contrast < MIN_CONTRAST)
    return FALSE;

  for (int value = 0; value < 256; value++)
    {
      int difference = tone.dark_on_light ? tone.background - value : value - tone.background;

      ink[value] = CLAMP (difference, 0, tone.contrast) * 255 / tone.contrast;
    }

  return TRUE;
}

static Box
find_box (const Picture *picture, const guint8 ink[256])
{
  guint left = G_MAXUINT;
  guint right = 0;
  guint top = G_MAXUINT;
  guint bottom = 0;

  for (guint y = 0; y < picture->height; y++)
    {
      const guint8 *row = picture->pixels + y * picture->stride;

      for (guint x = 0; x < picture->width; x++)
        if (ink[row[x]] >= MIN_INK)
          {
            left = MIN (left, x);
            right = MAX (right, x);
            top = MIN (top, y);
            bottom = y;
          }
    }

  return (Box) { left, top, right - left + 1, bottom - top + 1 };
}

/* Adds @value to the image's pixels that lie under start … start + length, to
 * each as much as it is covered. @stride is from one of them to the next. */
static void
spread (double *pixels, gsize stride, double start, double length, double value)
{
  double end = MIN (start + length, LAB_IMAGE_SIDE);

  for (guint i = start; i < end; i++)
    pixels[i * stride] += value * (MIN (end, i + 1.0) - MAX (start, i));
}

/* Draws the @box of @picture into @image with its corner at @x, @y. */
static void
draw_scaled (const Picture *picture, const guint8 ink[256], const Box *box, double scale, double x, double y, guint8 *image)
{
  double sums[LAB_IMAGE_SIZE] = { 0 };
  double most = 0;

  for (guint j = 0; j < box->height; j++)
    {
      const guint8 *row = picture->pixels + (box->top + j) * picture->stride + box->left;
      double line[LAB_IMAGE_SIDE] = { 0 };

      for (guint i = 0; i < box->width; i++)
        spread (line, 1, x + i * scale, scale, ink[row[i]]);
      for (guint i = 0; i < LAB_IMAGE_SIDE; i++)
        spread (sums + i, LAB_IMAGE_SIDE, y + j * scale, scale, line[i]);
    }

  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    most = MAX (most, sums[i]);
  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    image[i] = lrint (sums[i] / most * 255);
}

gboolean
lab_raster_centroid (const guint8 *pixels, guint width, guint height, gsize stride, double *x, double *y)
{
  double mass = 0;
  double moment_x = 0;
  double moment_y = 0;

  for (guint j = 0; j < height; j++)
    {
      const guint8 *row = pixels + j * stride;
      guint64 row_mass = 0;
      guint64 row_moment = 0;

      for (guint i = 0; i < width; i++)
        {
          row_mass += row[i];
          row_moment += (guint64) row[i] * i;
        }
      mass += row_mass;
      moment_x += row_moment;
      moment_y += (double) row_mass * j;
    }

  if (mass == 0)
    return FALSE;

  *x = moment_x / mass + 0.5;
  *y = moment_y / mass + 0.5;

  return TRUE;
}

void
lab_raster_normalise (const guint8 *pixels, guint width, guint height, gsize stride, guint8 *image)
{
  Picture picture = { pixels, width, height, stride };
  guint8 ink[256];
  Box box;
  double scale;
  double x, y, centre_x, centre_y;

  memset (image, 0, LAB_IMAGE_SIZE);
  if (width == 0 || height == 0)
    return;

  if (width == LAB_IMAGE_SIDE && height == LAB_IMAGE_SIDE)
    {
      guint8 invert = find_tone (&picture).dark_on_light ? 0xff : 0;

      for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
        image[i] = pixels[i / LAB_IMAGE_SIDE * stride + i % LAB_IMAGE_SIDE] ^ invert;
      return;
    }

  if (!find_ink (&picture, ink))
    return;

  box = find_box (&picture, ink);
  scale = (double) LAB_BOX_SIDE / MAX (box.width, box.height);
  x = LAB_MASS_CENTRE - box.width * scale / 2;
  y = LAB_MASS_CENTRE - box.height * scale / 2;

  /* The centre of mass is that of the pixels, which is not quite that of the
   * picture, so it is measured where it counts. */
  draw_scaled (&picture, ink, &box, scale, x, y, image);
  if (!lab_raster_centroid (image, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE, &centre_x, &centre_y))
    return;

  x = CLAMP (x + LAB_MASS_CENTRE - centre_x, 0, LAB_IMAGE_SIDE - box.width * scale);
  y = CLAMP (y + LAB_MASS_CENTRE - centre_y, 0, LAB_IMAGE_SIDE - box.height * scale);
  draw_scaled (&picture, ink, &box, scale, x, y, image);
}
