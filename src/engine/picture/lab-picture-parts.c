/* SPDX-License-Identifier: MIT */

/* Finds the connected parts of the ink, row by row: the runs of ink in a row
 * are joined with those of the row above that they touch. */

#include "lab-picture-private.h"

/* More parts than this are not looked at; the largest are. */
#define MAX_PARTS 200

/* Ink this much stronger than the threshold must be in every part. */
#define SURE_INK 1.5

/* A part smaller than this fraction of the largest one is a speck. */
#define SPECK 0.06

typedef struct
{
  LabInkRun run;
  guint32 parent; /* the index of another run of the part; that of a root is its own */
  guint32 part;
} Run;

/* A part that may be a speck. */
typedef struct
{
  guint left, top, right, bottom;
  guint area;
  guint peak;
  LabInkPart *kept; /* NULL for a speck */
} Candidate;

static guint32
find_root (Run *runs, guint32 i)
{
  while (runs[i].parent != i)
    {
      runs[i].parent = runs[runs[i].parent].parent;
      i = runs[i].parent;
    }
  return i;
}

/* Joins the runs of a row, from @first on, with those of the row above, from
 * @above to before @first, where they touch, also at corners. */
static void
join_rows (GArray *array, guint above, guint first)
{
  Run *runs = (Run *) array->data;
  guint i = above;

  for (guint k = first; k < array->len; k++)
    {
      while (i < first && runs[i].run.end < runs[k].run.start)
        i++;
      for (guint j = i; j < first && runs[j].run.start <= runs[k].run.end; j++)
        {
          guint32 a = find_root (runs, j);
          guint32 b = find_root (runs, k);

          runs[MAX (a, b)].parent = MIN (a, b);
        }
    }
}

static GArray *
find_runs (const LabInkMap *map)
{
  GArray *runs = g_array_new (FALSE, FALSE, sizeof (Run));
  guint above = 0;

  for (guint y = 0; y < map->height; y++)
    {
      const guint8 *row = map->depth + (gsize) y * map->width;
      guint first = runs->len;
      guint x = 0;

      while (x < map->width)
        {
          Run run = { { y, x, x }, runs->len, 0 };

          while (x < map->width && row[x] >= map->threshold)
            x++;
          run.run.end = x;
          if (run.run.end > run.run.start)
            g_array_append_val (runs, run);
          else
            x++;
        }
      join_rows (runs, above, first);
      above = first;
    }
  return runs;
}

static guint
candidate_size (const Candidate *self)
{
  return MAX (self->right - self->left, self->bottom - self->top);
}

static void
add_to_candidate (Candidate *self, const LabInkMap *map, const LabInkRun *run)
{
  const guint8 *row = map->depth + (gsize) run->y * map->width;

  self->left = MIN (self->left, run->start);
  self->right = MAX (self->right, run->end);
  self->bottom = run->y + 1;
  self->area += run->end - run->start;
  for (guint x = run->start; x < run->end; x++)
    self->peak = MAX (self->peak, row[x]);
}

/* Weighs the parts, and notes in every run which it belongs to. The root of a
 * part is its first run. */
static GArray *
find_candidates (const LabInkMap *map, GArray *run_array)
{
  Run *runs = (Run *) run_array->data;
  GArray *candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));

  for (guint i = 0; i < run_array->len; i++)
    {
      guint32 root = find_root (runs, i);

      if (root == i)
        {
          Candidate candidate = { .left = runs[i].run.start, .top = runs[i].run.y };

          runs[i].part = candidates->len;
          g_array_append_val (candidates, candidate);
        }
      runs[i].part = runs[root].part;
      add_to_candidate (&g_array_index (candidates, Candidate, runs[i].part), map, &runs[i].run);
    }
  return candidates;
}

static void
free_part (gpointer data)
{
  LabInkPart *part = data;

  g_array_unref (part->runs);
  g_free (part);
}

static int
compare_sizes (gconstpointer a, gconstpointer b)
{
  const Candidate *first = *(const Candidate *const *) a;
  const Candidate *second = *(const Candidate *const *) b;
  guint size_a = candidate_size (first);
  guint size_b = candidate_size (second);

  if (size_a != size_b)
    return size_a > size_b ? -1 : 1;
  return first < second ? -1 : first > second;
}

/* Keeps the candidates that are no specks. */
static GPtrArray *
keep_parts (const LabInkMap *map, GArray *candidates)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (free_part);
  g_autoptr (GPtrArray) sure = g_ptr_array_new ();

  for (guint i = 0; i < candidates->len; i++)
    {
      Candidate *candidate = &g_array_index (candidates, Candidate, i);

      if (candidate->peak >= SURE_INK * map->threshold)
        g_ptr_array_add (sure, candidate);
    }
  g_ptr_array_sort (sure, compare_sizes);
  for (guint i = 0; i < MIN (sure->len, MAX_PARTS); i++)
    {
      Candidate *c = sure->pdata[i];

      if (candidate_size (c) < SPECK * candidate_size (sure->pdata[0]))
        break;
      c->kept = g_new (LabInkPart, 1);
      *c->kept = (LabInkPart) { c->left, c->top, c->right, c->bottom, c->area,
                                g_array_new (FALSE, FALSE, sizeof (LabInkRun)) };
      g_ptr_array_add (parts, c->kept);
    }
  return parts;
}

GPtrArray *
lab_picture_find_parts (const LabInkMap *map)
{
  g_autoptr (GArray) runs = find_runs (map);
  g_autoptr (GArray) candidates = find_candidates (map, runs);
  GPtrArray *parts = keep_parts (map, candidates);

  for (guint i = 0; i < runs->len; i++)
    {
      const Run *run = &g_array_index (runs, Run, i);
      LabInkPart *part = g_array_index (candidates, Candidate, run->part).kept;

      if (part != NULL)
        g_array_append_val (part->runs, run->run);
    }
  return parts;
}
