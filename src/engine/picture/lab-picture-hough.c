/* SPDX-License-Identifier: MIT */

/* A Hough transform (Duda and Hart 1972) of the places where the ink is thin. */

#include "lab-picture-hough.h"

#include <math.h>

/* The steepest line: some six degrees. */
#define MAX_SLOPE 0.1

/* With more bits than so many lines through all of the picture have, there is no
 * telling lines at all. */
#define MAX_BITS 200

static void
add_bit (LabLineVotes *self, guint along, guint start, guint end)
{
  LabLineBit bit = { along, start, end, LAB_NO_LINE };

  if (end > start && end - start <= self->max_thickness)
    g_array_append_val (self->bits, bit);
}

/* Goes through the pixels in the order that they lie in memory, so for level
 * lines all columns are followed at once. */
static void
find_bits (LabLineVotes *self, const LabInkMap *map)
{
  g_autofree guint16 *starts = g_new0 (guint16, map->width);

  for (guint y = 0; y < map->height; y++)
    {
      const guint8 *row = map->depth + (gsize) y * map->width;
      guint start = 0;

      for (guint x = 0; x < map->width; x++)
        if (row[x] < map->threshold)
          {
            if (self->upright)
              add_bit (self, y, start, x);
            else
              add_bit (self, x, starts[x], y);
            start = x + 1;
            starts[x] = y + 1;
          }
      if (self->upright)
        add_bit (self, y, start, map->width);
    }
  if (!self->upright)
    for (guint x = 0; x < map->width; x++)
      add_bit (self, x, starts[x], map->height);
}

static double
bit_middle (const LabLineBit *bit)
{
  return (bit->start + bit->end) / 2.0;
}

static double
slope_of (const LabLineVotes *self, guint index)
{
  return self->n_slopes > 1 ? MAX_SLOPE * (2.0 * index / (self->n_slopes - 1) - 1) : 0;
}

void
lab_line_votes_init (LabLineVotes *self, const LabInkMap *map, gboolean upright)
{
  guint side = MIN (map->width, map->height);

  *self = (LabLineVotes) {
    .upright = upright,
    .length = upright ? map->height : map->width,
    .breadth = upright ? map->width : map->height,
    .max_thickness = 2 + side / 60,
    .bin = 2 + side / 400,
    .bits = g_array_new (FALSE, FALSE, sizeof (LabLineBit)),
  };
  self->n_slopes = 1 + 2 * (guint) ceil (MAX_SLOPE * self->length / self->bin / 2);
  self->n_bins = 2 + (guint) ceil ((self->breadth + MAX_SLOPE * self->length) / self->bin);
  self->votes = g_new0 (guint32, (gsize) self->n_slopes * self->n_bins);

  find_bits (self, map);
  if (self->bits->len > MAX_BITS * self->length)
    g_array_set_size (self->bits, 0);
  for (guint i = 0; i < self->bits->len; i++)
    lab_line_votes_add (self, &g_array_index (self->bits, LabLineBit, i), 1);
}

void
lab_line_votes_clear (LabLineVotes *self)
{
  g_clear_pointer (&self->bits, g_array_unref);
  g_clear_pointer (&self->votes, g_free);
}

/* A line is named by where it crosses the middle of the picture. */
void
lab_line_votes_add (LabLineVotes *self, const LabLineBit *bit, int weight)
{
  double along = bit->along - self->length / 2.0;

  for (guint i = 0; i < self->n_slopes; i++)
    {
      double offset = bit_middle (bit) - slope_of (self, i) * along + MAX_SLOPE * self->length / 2;
      guint index = offset / self->bin;

      self->votes[i * self->n_bins + MIN (index, self->n_bins - 1)] += weight;
    }
}

double
lab_line_way (const LabLineVotes *self, const LabLine *line, double *start, double *end)
{
  double half = self->length / 2.0;

  *start = 0;
  *end = self->length;
  if (fabs (line->slope) > 1e-6)
    {
      double a = half - line->middle / line->slope;
      double b = half + (self->breadth - line->middle) / line->slope;

      *start = MAX (*start, MIN (a, b));
      *end = MIN (*end, MAX (a, b));
    }
  else if (line->middle < 0 || line->middle > self->breadth)
    {
      *end = 0;
    }
  return MAX (*end - *start, 0);
}

gboolean
lab_line_votes_find (const LabLineVotes *self, double min_way, const LabLine *like, LabLine *best)
{
  double most = LAB_LINE_MIN_SEEN;

  for (guint i = 0; i < self->n_slopes; i++)
    for (guint k = 0; k + 1 < self->n_bins; k++)
      {
        const guint32 *votes = self->votes + i * self->n_bins + k;
        LabLine line = { slope_of (self, i), (k + 1.0) * self->bin - MAX_SLOPE * self->length / 2 };
        double way, start, end;

        if (votes[0] + votes[1] < LAB_LINE_MIN_SEEN * min_way
            || (like != NULL && fabs (like->slope - line.slope) * self->length > 3 * self->bin))
          continue;
        way = MAX (lab_line_way (self, &line, &start, &end), min_way);
        if (votes[0] + votes[1] > most * way)
          {
            most = (votes[0] + votes[1]) / way;
            *best = line;
          }
      }
  return most > LAB_LINE_MIN_SEEN;
}

double
lab_line_distance (const LabLineVotes *self, const LabLine *line, const LabLineBit *bit)
{
  return bit_middle (bit) - line->middle - line->slope * (bit->along - self->length / 2.0);
}
