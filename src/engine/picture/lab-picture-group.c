/* SPDX-License-Identifier: MIT */

/* From parts to digits. What is too small or a frame goes; what lies as the
 * parts of one digit do, the bar of a 5, the stem of a 4, is joined. */

#include "lab-picture-private.h"

/* All fractions are of the size of the largest part, unless another is named. */

/* A part smaller than this is no digit, though it may be a piece of one. */
#define MIN_DIGIT 0.3

/* How far the pieces of a digit may be apart in height, and side by side. */
#define PIECE_GAP 0.25
#define PIECE_ASIDE 0.06

/* A piece is smaller than this, of what it belongs to; else both are digits. */
#define PIECE 0.7

/* How far two ranges overlap; negative when there is a gap between them. */
static int
overlap (guint start_a, guint end_a, guint start_b, guint end_b)
{
  return (int) MIN (end_a, end_b) - (int) MAX (start_a, start_b);
}

static guint
largest_size (GPtrArray *parts)
{
  guint size = 0;

  for (guint i = 0; i < parts->len; i++)
    size = MAX (size, lab_ink_part_size (parts->pdata[i]));
  return size;
}

/* Returns how much of a part's ink lies close to its box. */
static double
ink_at_box (const LabInkPart *part)
{
  guint margin = 1 + MIN (lab_ink_part_width (part), lab_ink_part_height (part)) * 0.06;
  guint inside = 0;

  for (guint i = 0; i < part->runs->len; i++)
    {
      const LabInkRun *run = &g_array_index (part->runs, LabInkRun, i);
      int n = overlap (run->start, run->end, part->left + margin, part->right - margin);

      if (run->y >= part->top + margin && run->y < part->bottom - margin && n > 0)
        inside += n;
    }
  return 1 - (double) inside / part->area;
}

static gboolean
contains (const LabInkPart *part, const LabInkPart *other)
{
  return part->left < other->left && part->right > other->right
         && part->top < other->top && part->bottom > other->bottom;
}

/* Returns how much of the picture's edge the part touches, of the longest edge
 * that it does: 1 is all of it. */
static double
edge_contact (const LabInkMap *map, const LabInkPart *part)
{
  guint top = 0, bottom = 0, left = 0, right = 0;

  for (guint i = 0; i < part->runs->len; i++)
    {
      const LabInkRun *run = &g_array_index (part->runs, LabInkRun, i);

      top += run->y == 0 ? run->end - run->start : 0;
      bottom += run->y + 1u == map->height ? run->end - run->start : 0;
      left += run->start == 0;
      right += run->end == map->width;
    }
  return MAX ((double) MAX (top, bottom) / map->width, (double) MAX (left, right) / map->height);
}

/* A frame is a box of ink around something else; a dark strip along an edge of
 * the picture, where other ink is farther inside, is clutter, too. */
static gboolean
is_clutter (const LabInkMap *map, GPtrArray *parts, guint index)
{
  const LabInkPart *part = parts->pdata[index];
  gboolean strip = edge_contact (map, part) > 0.9;
  gboolean box = ink_at_box (part) > 0.85;

  if (!strip && !box)
    return FALSE;
  for (guint i = 0; i < parts->len; i++)
    {
      const LabInkPart *other = parts->pdata[i];
      guint size = lab_ink_part_size (other);

      if (i == index || size < 0.1 * lab_ink_part_size (part))
        continue;
      if (box && contains (part, other) && lab_ink_part_height (other) >= 0.25 * lab_ink_part_height (part))
        return TRUE;
      if (strip && size < 0.85 * lab_ink_part_size (part) && edge_contact (map, other) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
remove_clutter (const LabInkMap *map, GPtrArray *parts)
{
  for (guint i = 0; i < parts->len;)
    if (is_clutter (map, parts, i))
      g_ptr_array_remove_index (parts, i);
    else
      i++;
}

static gboolean
belong_together (const LabInkPart *a, const LabInkPart *b, guint largest)
{
  int across = overlap (a->left, a->right, b->left, b->right);
  int down = overlap (a->top, a->bottom, b->top, b->bottom);
  guint narrower = MIN (lab_ink_part_width (a), lab_ink_part_width (b));
  guint lower = MIN (lab_ink_part_height (a), lab_ink_part_height (b));
  guint size_a = lab_ink_part_size (a);
  guint size_b = lab_ink_part_size (b);
  gboolean piece = MIN (size_a, size_b) < PIECE * MAX (size_a, size_b);
  gboolean both_tall = lower >= PIECE * largest;

  if (across > 0 && down > 0)
    {
      double common = (double) across * down / ((double) MIN (lab_ink_part_width (a) * lab_ink_part_height (a),
                                                              lab_ink_part_width (b) * lab_ink_part_height (b)));

      if (common > (both_tall ? 0.8 : 0.4))
        return TRUE;
    }
  if (across >= 0.5 * narrower)
    return !both_tall && -down <= (piece ? PIECE_GAP : PIECE_ASIDE) * MAX (size_a, size_b);
  return piece && down >= 0.5 * lower && -across <= PIECE_ASIDE * MAX (size_a, size_b);
}

static void
join (LabInkPart *part, const LabInkPart *other)
{
  part->left = MIN (part->left, other->left);
  part->top = MIN (part->top, other->top);
  part->right = MAX (part->right, other->right);
  part->bottom = MAX (part->bottom, other->bottom);
  part->area += other->area;
  g_array_append_vals (part->runs, other->runs->data, other->runs->len);
}

static gboolean
join_next (GPtrArray *parts, guint largest)
{
  for (guint i = 0; i < parts->len; i++)
    for (guint k = i + 1; k < parts->len; k++)
      if (belong_together (parts->pdata[i], parts->pdata[k], largest))
        {
          join (parts->pdata[i], parts->pdata[k]);
          g_ptr_array_remove_index (parts, k);
          return TRUE;
        }
  return FALSE;
}

/* Specks are not joined to anything, unless they lie within a digit. */
static void
remove_specks (GPtrArray *parts, double min_size)
{
  for (guint i = 0; i < parts->len;)
    {
      const LabInkPart *part = parts->pdata[i];
      gboolean speck = lab_ink_part_size (part) < min_size;

      for (guint k = 0; speck && k < parts->len; k++)
        speck = k == i || !contains (parts->pdata[k], part);
      if (speck)
        g_ptr_array_remove_index (parts, i);
      else
        i++;
    }
}

static void
remove_small (GPtrArray *parts, double min_size)
{
  for (guint i = 0; i < parts->len;)
    if (lab_ink_part_size (parts->pdata[i]) < min_size)
      g_ptr_array_remove_index (parts, i);
    else
      i++;
}

static int
compare_left (gconstpointer a, gconstpointer b)
{
  const LabInkPart *first = *(const LabInkPart *const *) a;
  const LabInkPart *second = *(const LabInkPart *const *) b;

  return first->left < second->left ? -1 : first->left > second->left;
}

/* Lines of writing, from top to bottom. */
static int
compare_lines (gconstpointer a, gconstpointer b)
{
  const LabInkPart *first = (*(GPtrArray *const *) a)->pdata[0];
  const LabInkPart *second = (*(GPtrArray *const *) b)->pdata[0];
  guint y_a = first->top + first->bottom;
  guint y_b = second->top + second->bottom;

  return y_a < y_b ? -1 : y_a > y_b;
}

/* From left to right, each digit goes to the line whose last digit it stands
 * beside, so that a line may slope. */
static GPtrArray *
sort_lines (GPtrArray *digits)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  GPtrArray *sorted = g_ptr_array_new ();

  g_ptr_array_sort (digits, compare_left);
  for (guint i = 0; i < digits->len; i++)
    {
      LabInkPart *digit = digits->pdata[i];
      GPtrArray *best = NULL;
      double most = 0.4;

      for (guint k = 0; k < lines->len; k++)
        {
          GPtrArray *line = lines->pdata[k];
          const LabInkPart *last = line->pdata[line->len - 1];
          double beside = (double) overlap (last->top, last->bottom, digit->top, digit->bottom)
                          / MIN (lab_ink_part_height (last), lab_ink_part_height (digit));

          if (beside > most)
            {
              most = beside;
              best = line;
            }
        }
      if (best == NULL)
        {
          best = g_ptr_array_new ();
          g_ptr_array_add (lines, best);
        }
      g_ptr_array_add (best, digit);
    }
  g_ptr_array_sort (lines, compare_lines);
  for (guint k = 0; k < lines->len; k++)
    g_ptr_array_extend (sorted, lines->pdata[k], NULL, NULL);
  return sorted;
}

GPtrArray *
lab_picture_group_parts (const LabInkMap *map, GPtrArray *parts)
{
  guint largest;

  remove_clutter (map, parts);
  largest = largest_size (parts);
  remove_specks (parts, 0.2 * largest);
  while (join_next (parts, largest))
    ;
  remove_small (parts, MIN_DIGIT * largest_size (parts));
  return sort_lines (parts);
}
