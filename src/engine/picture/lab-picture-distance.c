/* SPDX-License-Identifier: MIT */

/* How far everything is from the outline of a shape, and its bones: what is left
 * of it when as much is taken off all around as can be without cutting it. */

#include "lab-picture-private.h"

#include <math.h>

/* Makes each of @n numbers the least of number[k] + (i − k)², in place: the
 * lower envelope of parabolas (Felzenszwalb and Huttenlocher 2012). */
static void
spread_squares (float *numbers, guint n, gsize stride, float *source, int *place, float *border)
{
  int k = 0;

  for (guint i = 0; i < n; i++)
    source[i] = numbers[i * stride];
  place[0] = 0;
  border[0] = -G_MAXFLOAT;
  border[1] = G_MAXFLOAT;
  for (int i = 1; i < (int) n; i++)
    {
      float meet;

      do
        {
          int p = place[k];

          meet = ((source[i] + i * i) - (source[p] + p * p)) / (2 * (i - p));
        }
      while (meet <= border[k] && k-- > 0);
      k++;
      place[k] = i;
      border[k] = meet;
      border[k + 1] = G_MAXFLOAT;
    }
  k = 0;
  for (int i = 0; i < (int) n; i++)
    {
      while (border[k + 1] < i)
        k++;
      numbers[i * stride] = (i - place[k]) * (i - place[k]) + source[place[k]];
    }
}

void
lab_picture_find_distances (float *values, guint width, guint height)
{
  guint side = MAX (width, height);
  g_autofree float *source = g_new (float, side);
  g_autofree float *border = g_new (float, side + 1);
  g_autofree int *place = g_new (int, side);

  for (guint x = 0; x < width; x++)
    spread_squares (values + x, height, width, source, place, border);
  for (guint y = 0; y < height; y++)
    spread_squares (values + (gsize) y * width, width, 1, source, place, border);
  for (gsize i = 0; i < (gsize) width * height; i++)
    values[i] = sqrtf (values[i]);
}

/* Tells whether removing a pixel leaves the shape around it connected as it is;
 * @ink are its neighbours, in a circle from the right (Yokoi, Toriwaki and
 * Fukumura 1975). */
static gboolean
is_simple (const gboolean ink[8])
{
  int n = 0;

  for (int k = 0; k < 8; k += 2)
    n += !ink[k] && (ink[k + 1] || ink[(k + 2) % 8]);
  return n == 1;
}

/* Removes @pixel of the shape unless it holds it together. The tip of a line that
 * is not much shallower than what is taken off is kept, too. */
#define TIP 0.3

static void
peel (guint8 *shape, const float *distances, gsize pixel, guint width, double depth)
{
  const gsize around[8] = { pixel + 1, pixel + 1 - width, pixel - width, pixel - width - 1,
                            pixel - 1, pixel - 1 + width, pixel + width, pixel + width + 1 };
  gboolean ink[8];
  int n = 0;

  for (int k = 0; k < 8; k++)
    {
      ink[k] = shape[around[k]];
      n += ink[k];
    }
  if (is_simple (ink) && (n > 1 || distances[pixel] < TIP * depth))
    shape[pixel] = FALSE;
}

gboolean
lab_picture_find_bones (const float *distances, guint width, guint height, double depth, float *bones)
{
  gsize n = (gsize) width * height;
  g_autofree guint8 *shape = g_new (guint8, n);
  gboolean found = FALSE;

  for (gsize i = 0; i < n; i++)
    shape[i] = distances[i] > 0;

  /* From the outline inward, a layer at a time. */
  for (double layer = 0.5; layer <= depth + 0.5; layer += 0.5)
    for (gsize i = width + 1; i + width + 1 < n; i++)
      if (shape[i] && distances[i] <= MIN (layer, depth))
        peel (shape, distances, i, width, depth);

  for (gsize i = 0; i < n; i++)
    {
      gboolean bone = shape[i] && distances[i] <= depth;

      bones[i] = bone ? 0 : LAB_FAR;
      found |= bone;
    }
  if (found)
    lab_picture_find_distances (bones, width, height);
  return found;
}
