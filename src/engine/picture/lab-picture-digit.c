/* SPDX-License-Identifier: MIT */

/* Draws the ink of a digit as MNIST's digits look: its line made as wide as
 * theirs, its size and place theirs. That is done on an enlarged or reduced
 * copy where every pixel knows how far the outline is. */

#include "lab-picture-private.h"

#include "lab-ink.h"

#include <math.h>
#include <string.h>

/* The longer side of the copy is between the half of this and this. */
#define COPY_SIDE 144

/* Where the outline runs, of the depth of the digit's ink. */
#define OUTLINE 0.55

/* Ink no longer than so many of its line's widths is a dot. */
#define DOT 2

/* A plane of numbers with a margin around the digit. */
typedef struct
{
  guint width;
  guint height;
  guint margin;
  float *values;
} Field;

/* The outline is told by what the deepest quarter of the ink reaches, lest specks
 * of dirt in it do. */
static double
find_outline (const LabInkMap *map, const LabInkPart *digit)
{
  guint counts[256] = { 0 };
  guint seen = 0;

  for (guint i = 0; i < digit->runs->len; i++)
    {
      const LabInkRun *run = &g_array_index (digit->runs, LabInkRun, i);

      for (guint x = run->start; x < run->end; x++)
        counts[map->depth[(gsize) run->y * map->width + x]]++;
    }
  for (guint depth = 256; depth-- > 0;)
    if (4 * (seen += counts[depth]) >= digit->area)
      return MAX (OUTLINE * depth, map->threshold);
  return map->threshold;
}

/* Cuts the digit out, without what else lies in its box. There is a margin of a
 * pixel all around. */
static guint8 *
cut_out (const LabInkMap *map, const LabInkPart *digit, guint *width, guint *height)
{
  guint8 *pixels;

  *width = lab_ink_part_width (digit) + 2;
  *height = lab_ink_part_height (digit) + 2;
  pixels = g_malloc0 ((gsize) *width * *height);
  for (guint j = 0; j < *height; j++)
    for (guint i = 0; i < *width; i++)
      {
        guint x = digit->left + i;
        guint y = digit->top + j;

        /* Too weak to be ink, but the outline is the smoother for it. */
        if (x > 0 && y > 0 && x <= map->width && y <= map->height)
          {
            guint8 depth = map->depth[(gsize) (y - 1) * map->width + x - 1];

            pixels[(gsize) j * *width + i] = depth < map->threshold ? depth : 0;
          }
      }
  for (guint i = 0; i < digit->runs->len; i++)
    {
      const LabInkRun *run = &g_array_index (digit->runs, LabInkRun, i);

      memcpy (pixels + (gsize) (run->y - digit->top + 1) * *width + run->start - digit->left + 1,
              map->depth + (gsize) run->y * map->width + run->start, run->end - run->start);
    }
  return pixels;
}

static float
sample (const guint8 *pixels, guint width, guint height, double x, double y)
{
  int left = floor (x);
  int top = floor (y);
  double sum = 0;

  for (int k = 0; k < 4; k++)
    {
      int i = left + k % 2;
      int j = top + k / 2;

      if (i >= 0 && j >= 0 && i < (int) width && j < (int) height)
        sum += pixels[(gsize) j * width + i] * (1 - fabs (x - i)) * (1 - fabs (y - j));
    }
  return sum;
}

/* Copies the digit at the size that it is worked on in. Enlarged, it is smooth;
 * reduced, each pixel is the deepest of those it stands for, so that no line
 * fades: it only gets wider, which is put right later. */
static Field
make_copy (const LabInkMap *map, const LabInkPart *digit)
{
  guint width, height;
  g_autofree guint8 *pixels = cut_out (map, digit, &width, &height);
  guint side = MAX (width, height);
  guint larger = MAX (1, COPY_SIDE / side);
  guint smaller = (side + COPY_SIDE - 1) / COPY_SIDE;
  guint inner_width = (width * larger + smaller - 1) / smaller;
  guint inner_height = (height * larger + smaller - 1) / smaller;
  guint margin = 4 + MAX (inner_width, inner_height) / 8;
  Field copy = { inner_width + 2 * margin, inner_height + 2 * margin, margin, NULL };

  copy.values = g_new0 (float, (gsize) copy.width * copy.height);
  for (guint j = 0; j < inner_height; j++)
    for (guint i = 0; i < inner_width; i++)
      {
        float *value = copy.values + (gsize) (j + margin) * copy.width + i + margin;

        if (smaller == 1)
          *value = sample (pixels, width, height, (i + 0.5) / larger - 0.5, (j + 0.5) / larger - 0.5);
        else
          for (guint y = j * smaller; y < MIN ((j + 1) * smaller, height); y++)
            for (guint x = i * smaller; x < MIN ((i + 1) * smaller, width); x++)
              *value = MAX (*value, pixels[(gsize) y * width + x]);
      }
  return copy;
}

/* Makes every value of @field the distance to the outline, positive inside. */
static void
find_outline_distances (Field *field, double outline)
{
  gsize n = (gsize) field->width * field->height;
  g_autofree float *inside = g_new (float, n);
  g_autofree float *outside = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    {
      gboolean ink = field->values[i] >= outline;

      inside[i] = ink ? LAB_FAR : 0;
      outside[i] = ink ? 0 : LAB_FAR;
    }
  lab_picture_find_distances (inside, field->width, field->height);
  lab_picture_find_distances (outside, field->width, field->height);
  for (gsize i = 0; i < n; i++)
    field->values[i] = inside[i] > 0 ? inside[i] - 0.5f : 0.5f - outside[i];
}

typedef struct
{
  double left, top, width, height;
} Box;

/* Finds the box of all values of 0.5 and more: of what is inside the outline, as
 * of what is covered at least by half. All is 0 when there are none. */
static Box
find_box (const Field *field)
{
  guint left = G_MAXUINT, top = G_MAXUINT, right = 0, bottom = 0;

  for (guint y = 0; y < field->height; y++)
    for (guint x = 0; x < field->width; x++)
      {
        if (field->values[(gsize) y * field->width + x] < 0.5f)
          continue;
        left = MIN (left, x);
        right = MAX (right, x + 1);
        top = MIN (top, y);
        bottom = y + 1;
      }
  return right > 0 ? (Box) { left, top, right - left, bottom - top } : (Box) { 0 };
}

/* Finds the width of the digit's line: there, the mean distance to the outline is
 * a quarter of it. */
static double
find_line (const Field *field)
{
  gsize size = (gsize) field->width * field->height;
  double sum = 0;
  guint n = 0;

  for (gsize i = 0; i < size; i++)
    if (field->values[i] > 0)
      {
        sum += field->values[i];
        n++;
      }
  return n > 0 ? 4 * sum / n : 0;
}

/* Turns distances into how much each pixel is covered when the outline is moved
 * outward by @growth. Where the line is thinner than it is on the whole, it would
 * fade away or be cut: there it is drawn as wide as it is to be everywhere. */
static void
cover (Field *field, double line, double growth)
{
  gsize n = (gsize) field->width * field->height;
  g_autofree float *bones = g_new (float, n);
  gboolean uneven = lab_picture_find_bones (field->values, field->width, field->height, line / 2, bones);

  for (gsize i = 0; i < n; i++)
    {
      double value = field->values[i] + growth;

      if (uneven)
        value = MAX (value, line / 2 + growth - bones[i]);
      field->values[i] = CLAMP (value + 0.5, 0, 1);
    }
}

/* Adds @value to the image's pixels that lie under start … start + length, to
 * each as much as it is covered. @stride is from one of them to the next. */
static void
spread (double *pixels, gsize stride, double start, double length, double value)
{
  double end = MIN (start + length, LAB_IMAGE_SIDE);

  for (guint i = MAX (start, 0); i < end; i++)
    pixels[i * stride] += value * (MIN (end, i + 1.0) - MAX (start, i));
}

/* Draws what @field covers into the image: by @scale, its corner at @x, @y. */
static void
average (const Field *field, double scale, double x, double y, guint8 *image)
{
  double sums[LAB_IMAGE_SIZE] = { 0 };
  double most = 1e-6;

  for (guint j = 0; j < field->height; j++)
    {
      const float *row = field->values + (gsize) j * field->width;
      double line[LAB_IMAGE_SIDE] = { 0 };

      for (guint i = 0; i < field->width; i++)
        if (row[i] > 0)
          spread (line, 1, x + i * scale, scale, row[i]);
      for (guint i = 0; i < LAB_IMAGE_SIDE; i++)
        if (line[i] > 0)
          spread (sums + i, LAB_IMAGE_SIDE, y + j * scale, scale, line[i]);
    }
  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    most = MAX (most, sums[i]);
  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    image[i] = lrint (sums[i] / most * 255);
}

/* Finds the centre of mass of what @field covers. */
static void
find_centre (const Field *field, double *x, double *y)
{
  double mass = 1e-6, moment_x = 0, moment_y = 0;

  for (guint j = 0; j < field->height; j++)
    for (guint i = 0; i < field->width; i++)
      {
        float value = field->values[(gsize) j * field->width + i];

        mass += value;
        moment_x += value * (i + 0.5);
        moment_y += value * (j + 0.5);
      }
  *x = moment_x / mass;
  *y = moment_y / mass;
}

/* Draws the digit that @field covers, @box, so large that its longer side is @side. */
static void
place (const Field *field, const Box *box, double side, guint8 *image)
{
  double scale = side / MAX (box->width, box->height);
  double x, y, left, top;

  find_centre (field, &x, &y);
  left = CLAMP (LAB_MASS_CENTRE - x * scale, -box->left * scale, LAB_IMAGE_SIDE - (box->left + box->width) * scale);
  top = CLAMP (LAB_MASS_CENTRE - y * scale, -box->top * scale, LAB_IMAGE_SIDE - (box->top + box->height) * scale);
  average (field, scale, left, top, image);
}

void
lab_picture_draw_digit (const LabInkMap *map, const LabInkPart *digit, guint8 *image)
{
  Field field = make_copy (map, digit);
  double wanted_line = lab_ink_style.line_width;
  double wanted_side = lab_ink_style.box_side;
  double side, line;
  Box box;

  memset (image, 0, LAB_IMAGE_SIZE);
  find_outline_distances (&field, find_outline (map, digit));
  box = find_box (&field);
  side = MAX (box.width, box.height);
  line = find_line (&field);
  if (side < DOT * line)
    {
      /* Its line being as wide as it is long, it stays small. */
      cover (&field, line, 0);
      wanted_side = wanted_line;
    }
  else
    {
      /* The outline moves, and with it the size: both are as wanted then. */
      double growth = (wanted_line * side / wanted_side - line) / (1 - wanted_line / wanted_side) / 2;

      cover (&field, line, growth);
    }

  box = find_box (&field);
  if (box.width > 0)
    place (&field, &box, wanted_side, image);
  g_free (field.values);
}
