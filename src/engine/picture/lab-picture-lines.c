/* SPDX-License-Identifier: MIT */

/* Finds the straight lines that go through the picture, as ruled paper and frames
 * have, and takes them away where they are thin. Where a digit's line crosses,
 * the ink is not thin, and stays. */

#include "lab-picture-hough.h"

#include <math.h>

/* In smaller pictures there is no telling lines from digits. */
#define MIN_SIDE 48

/* A line ends farther out than the rest of the ink by this fraction of the
 * picture; or there are so many of them that they are no digit's bars. */
#define OVERHANG 0.03
#define MAX_OUTSIDE 0.01
#define MANY_LINES 3

/* So much at each end of its way is looked at, and so much of it must be seen. */
#define LINE_END 0.12
#define LINE_END_SEEN 0.25

/* Of finely squared paper. */
#define MAX_LINES 100

/* Once a line is found, others may cut a corner of the picture. */
#define MIN_WAY 0.5
#define MIN_CORNER_WAY 0.05

/* What is of a line that is none. */
#define REJECTED (LAB_NO_LINE - 1)

static gsize
pixel_at (const LabLineVotes *self, const LabInkMap *map, guint along, guint across)
{
  return self->upright ? (gsize) along * map->width + across : (gsize) across * map->width + along;
}

/* Puts the line through the middles of its bits, by least squares. */
static void
adjust (const LabLineVotes *self, LabLine *line, double reach)
{
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;

  for (guint i = 0; i < self->bits->len; i++)
    {
      const LabLineBit *bit = &g_array_index (self->bits, LabLineBit, i);
      double along = bit->along - self->length / 2.0;
      double rest = lab_line_distance (self, line, bit);

      if (bit->line != LAB_NO_LINE || fabs (rest) > reach)
        continue;
      n += 1;
      x += along;
      y += rest;
      xx += along * along;
      xy += along * rest;
    }
  if (n * xx - x * x > 1)
    {
      double slope = (n * xy - x * y) / (n * xx - x * x);

      line->slope += slope;
      line->middle += (y - slope * x) / n;
    }
}

/* Returns the median thickness of the line's bits; 0 when there are none. */
static guint
find_thickness (const LabLineVotes *self, const LabLine *line, double reach)
{
  guint max = self->max_thickness;
  g_autofree guint *counts = g_new0 (guint, max + 1);

  for (guint i = 0; i < self->bits->len; i++)
    {
      const LabLineBit *bit = &g_array_index (self->bits, LabLineBit, i);

      if (bit->line == LAB_NO_LINE && fabs (lab_line_distance (self, line, bit)) <= reach)
        counts[bit->end - bit->start]++;
    }
  return lab_picture_find_median (counts, max + 1);
}

/* Gives the line its bits, which do not vote any more. Returns whether it is one
 * that goes through the picture: a digit's line ends well inside. */
static gboolean
take_bits (LabLineVotes *self, const LabLine *line, guint number)
{
  double reach = self->bin + 0.5;
  double max = 1.5 * find_thickness (self, line, reach) + 1;
  double start, end;
  double way = lab_line_way (self, line, &start, &end);
  guint n_start = 0;
  guint n_end = 0;

  for (guint i = 0; i < self->bits->len; i++)
    {
      LabLineBit *bit = &g_array_index (self->bits, LabLineBit, i);

      if (bit->line != LAB_NO_LINE || bit->end - bit->start > max
          || fabs (lab_line_distance (self, line, bit)) > reach)
        continue;
      bit->line = number;
      lab_line_votes_add (self, bit, -1);
      n_start += bit->along < start + LINE_END * way;
      n_end += bit->along > end - LINE_END * way;
    }
  return MIN (n_start, n_end) >= LINE_END_SEEN * LINE_END * way;
}

static void
reject_bits (LabLineVotes *self, guint number)
{
  for (guint i = 0; i < self->bits->len; i++)
    {
      LabLineBit *bit = &g_array_index (self->bits, LabLineBit, i);

      if (bit->line == number)
        bit->line = REJECTED;
    }
}

/* Finds lines and gives them their bits; returns how many there are now. */
static guint
find_lines (LabLineVotes *self, guint n_lines, double min_way, const LabLine *like, LabLine *first)
{
  LabLine line;

  for (guint i = 0; i < MAX_LINES && lab_line_votes_find (self, min_way, like, &line); i++)
    {
      adjust (self, &line, 1.5 * self->bin);
      adjust (self, &line, self->bin);
      if (!take_bits (self, &line, n_lines) && like == NULL)
        {
          reject_bits (self, n_lines);
          continue;
        }
      if (n_lines == 0)
        *first = line;
      n_lines++;
    }
  return n_lines;
}

/* Tells whether the lines are more than the bars of digits: there are many, or
 * what they leave does not reach as far as they do. */
static gboolean
are_paper (const LabLineVotes *self, const LabInkMap *map, guint n_lines)
{
  g_autofree guint *counts = g_new0 (guint, self->length);
  guint overhang = OVERHANG * self->length;
  guint total = 0;
  guint outside = 0;

  if (n_lines == 0 || n_lines >= MANY_LINES)
    return n_lines > 0;
  for (guint y = 0; y < map->height; y++)
    for (guint x = 0; x < map->width; x++)
      counts[self->upright ? y : x] += map->depth[(gsize) y * map->width + x] >= map->threshold;
  for (guint i = 0; i < self->bits->len; i++)
    {
      const LabLineBit *bit = &g_array_index (self->bits, LabLineBit, i);

      if (bit->line < n_lines)
        counts[bit->along] -= bit->end - bit->start;
    }
  for (guint i = 0; i < self->length; i++)
    {
      total += counts[i];
      if (i < overhang || i >= self->length - overhang)
        outside += counts[i];
    }
  return total > 0 && outside <= MAX_OUTSIDE * total;
}

static void
erase (const LabLineVotes *self, LabInkMap *map, guint n_lines)
{
  for (guint i = 0; i < self->bits->len; i++)
    {
      const LabLineBit *bit = &g_array_index (self->bits, LabLineBit, i);

      if (bit->line < n_lines)
        for (guint across = bit->start; across < bit->end; across++)
          map->depth[pixel_at (self, map, bit->along, across)] = 0;
    }
}

static void
remove_lines (LabInkMap *map, gboolean upright)
{
  LabLineVotes votes;
  guint n_lines;
  LabLine first;

  lab_line_votes_init (&votes, map, upright);
  n_lines = find_lines (&votes, 0, MIN_WAY * votes.length, NULL, &first);
  if (n_lines > 0)
    n_lines = find_lines (&votes, n_lines, MIN_CORNER_WAY * votes.length, &first, &first);
  if (are_paper (&votes, map, n_lines))
    erase (&votes, map, n_lines);
  lab_line_votes_clear (&votes);
}

void
lab_picture_remove_lines (LabInkMap *map)
{
  if (MIN (map->width, map->height) < MIN_SIDE)
    return;
  remove_lines (map, FALSE);
  remove_lines (map, TRUE);
}
