/* SPDX-License-Identifier: MIT */
#include "lab-ink.h"

#include <math.h>
#include <stdlib.h>

/* Strokes are compared by at most so many of their points. */
#define MAX_SAMPLES 32

/* A drawing of more strokes than this is a scribble, and stays one. */
#define MAX_STROKES 128

/* The lengths that follow are parts of the usual height of a digit. They were
 * chosen with pen strokes of 30 writers. Of their 7,494 digits, of which 1,930
 * have several strokes, 11 are taken apart. Of digits of one writer put side by
 * side, so many percent come apart as they should (see the test):
 *
 *   gap, percent of the height  −5    0     10    20    35    60
 *   two digits                  88.1  94.9  98.5  99.4  99.4  99.4
 *   three digits                81.7  89.4  97.5  99.8  99.8  99.8
 *
 * Strokes of which one is over, under or in the other, so that they have at
 * least COMMON of the narrower one's width in common, belong to the same digit
 * when they come as near as this to each other. */
#define COMMON 0.5
#define NEAR 0.25

/* So do strokes side by side when they make no more than a digit together, not
 * wider than WIDEST of its height, and nearly touch, … */
#define WIDEST 0.8
#define TOUCH 0.03
/* … or end at different heights, as those of a 4 do, and are this near. */
#define UNEVEN 0.2
#define BESIDE 0.15

/* What is lower than this is a bar or a dot, and belongs to the nearest digit
 * that is so near. */
#define LOW 0.45
#define AWAY 0.4

/* The width of a line, which strokes that go straight down have, too. */
#define LINE 0.03

typedef struct
{
  LabInkBox box;
  guint n_samples;
  const LabInkPoint *samples[MAX_SAMPLES + 1]; /* of its points; the last one twice, so that each starts a piece */
} Stroke;

static LabInkBox
unite (LabInkBox a, LabInkBox b)
{
  return (LabInkBox) { MIN (a.left, b.left), MIN (a.top, b.top), MAX (a.right, b.right), MAX (a.bottom, b.bottom) };
}

static Stroke
get_stroke (LabInk *ink, guint i)
{
  gsize n_points;
  const LabInkPoint *points = lab_ink_get_stroke (ink, i, &n_points);
  Stroke stroke = { .box = { points->x, points->y, points->x, points->y }, .n_samples = MIN (n_points, MAX_SAMPLES) };

  for (gsize k = 1; k < n_points; k++)
    stroke.box = unite (stroke.box, (LabInkBox) { points[k].x, points[k].y, points[k].x, points[k].y });
  for (guint k = 0; k < stroke.n_samples; k++)
    stroke.samples[k] = &points[k > 0 ? k * (n_points - 1) / (stroke.n_samples - 1) : 0];
  stroke.samples[stroke.n_samples] = &points[n_points - 1];
  return stroke;
}

static int
compare_heights (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a;
  double second = *(const double *) b;

  return (first > second) - (first < second);
}

/* Returns how high the digits are, roughly: the median of the strokes that are
 * not much lower than the highest. */
static double
find_size (const Stroke *strokes, guint n_strokes)
{
  double heights[MAX_STROKES];
  double widest = 0;
  guint first = 0;

  for (guint i = 0; i < n_strokes; i++)
    {
      heights[i] = strokes[i].box.bottom - strokes[i].box.top;
      widest = MAX (widest, strokes[i].box.right - strokes[i].box.left);
    }
  qsort (heights, n_strokes, sizeof *heights, compare_heights);
  while (heights[first] < heights[n_strokes - 1] / 2)
    first++;

  /* Bars and dots alone have no height to speak of. */
  return MAX (heights[(first + n_strokes) / 2], widest / 4);
}

static double
cross (const LabInkPoint *origin, const LabInkPoint *a, const LabInkPoint *b)
{
  return (a->x - origin->x) * (b->y - origin->y) - (a->y - origin->y) * (b->x - origin->x);
}

static gboolean
pieces_cross (const LabInkPoint *a, const LabInkPoint *b, const LabInkPoint *c, const LabInkPoint *d)
{
  return cross (a, b, c) * cross (a, b, d) < 0 && cross (c, d, a) * cross (c, d, b) < 0;
}

/* Returns the square of how far @point is from the straight piece @a to @b. */
static double
square_to_piece (const LabInkPoint *point, const LabInkPoint *a, const LabInkPoint *b)
{
  double dx = b->x - a->x;
  double dy = b->y - a->y;
  double square = dx * dx + dy * dy;
  double along = (point->x - a->x) * dx + (point->y - a->y) * dy;
  double t = square > 0 ? CLAMP (along / square, 0, 1) : 0;
  double x = point->x - a->x - t * dx;
  double y = point->y - a->y - t * dy;

  return x * x + y * y;
}

/* Returns how far the range between @a and @b is from that between @c and @d;
 * less than 0 when they overlap. */
static double
find_gap (double a, double b, double c, double d)
{
  return MAX (MIN (a, b), MIN (c, d)) - MIN (MAX (a, b), MAX (c, d));
}

/* Tells whether two strokes come as near to each other as @reach, and if so,
 * makes @reach how near they come: 0 when they cross. */
static gboolean
are_near (const Stroke *a, const Stroke *b, double *reach)
{
  double nearest = G_MAXDOUBLE;

  /* No need to look closer at strokes, or at their pieces, that are far apart. */
  if (find_gap (a->box.left, a->box.right, b->box.left, b->box.right) > *reach
      || find_gap (a->box.top, a->box.bottom, b->box.top, b->box.bottom) > *reach)
    return FALSE;

  for (guint i = 0; i < a->n_samples; i++)
    for (guint k = 0; k < b->n_samples; k++)
      {
        const LabInkPoint *p = a->samples[i], *p_next = a->samples[i + 1];
        const LabInkPoint *q = b->samples[k], *q_next = b->samples[k + 1];

        if (find_gap (p->x, p_next->x, q->x, q_next->x) > *reach
            || find_gap (p->y, p_next->y, q->y, q_next->y) > *reach)
          continue;
        if (pieces_cross (p, p_next, q, q_next))
          nearest = 0;
        nearest = MIN (nearest, square_to_piece (p, q, q_next));
        nearest = MIN (nearest, square_to_piece (q, p, p_next));
      }
  if (sqrt (nearest) > *reach)
    return FALSE;
  *reach = sqrt (nearest);
  return TRUE;
}

static gboolean
have_common_columns (const LabInkBox *a, const LabInkBox *b, double line)
{
  double common = MIN (a->right, b->right) - MAX (a->left, b->left) + line;
  double narrower = MIN (a->right - a->left, b->right - b->left) + line;

  return common >= COMMON * narrower;
}

/* Returns how near two strokes must come to belong to the same digit, or −1 when
 * they cannot. */
static double
find_reach (const LabInkBox *a, const LabInkBox *b, double size)
{
  LabInkBox both = unite (*a, *b);

  if (have_common_columns (a, b, LINE * size))
    return NEAR * size;
  if (both.right - both.left > WIDEST * (both.bottom - both.top))
    return -1;
  return (fabs (a->bottom - b->bottom) > UNEVEN * size ? BESIDE : TOUCH) * size;
}

static void
join_groups (guint *groups, guint n_strokes, guint a, guint b)
{
  for (guint i = 0; i < n_strokes; i++)
    if (groups[i] == MAX (a, b))
      groups[i] = MIN (a, b);
}

static double
find_group_height (const Stroke *strokes, const guint *groups, guint n_strokes, guint group)
{
  LabInkBox box = strokes[group].box;

  for (guint i = group + 1; i < n_strokes; i++)
    if (groups[i] == group)
      box = unite (box, strokes[i].box);
  return box.bottom - box.top;
}

/* Gives what is too low for a digit to the nearest digit. */
static void
adopt_orphans (const Stroke *strokes, guint *groups, guint n_strokes, double size)
{
  for (guint i = 0; i < n_strokes; i++)
    {
      double reach = AWAY * size;
      guint nearest = i;

      if (groups[i] != i || find_group_height (strokes, groups, n_strokes, i) > LOW * size)
        continue;
      for (guint k = 0; k < n_strokes; k++)
        if (groups[k] != i && are_near (&strokes[i], &strokes[k], &reach))
          nearest = groups[k];
      join_groups (groups, n_strokes, i, nearest);
    }
}

/* Writes for each stroke the number of the first one of its digit. */
static void
group_strokes (LabInk *ink, guint *groups, guint n_strokes)
{
  Stroke strokes[MAX_STROKES];
  double size;

  for (guint i = 0; i < n_strokes; i++)
    {
      strokes[i] = get_stroke (ink, i);
      groups[i] = i;
    }

  size = find_size (strokes, n_strokes);
  /* The strokes drawn just before are the likeliest to be of the same digit; what
   * is once joined is not compared again. */
  for (guint i = 1; i < n_strokes; i++)
    for (guint k = i; k-- > 0;)
      {
        double reach = find_reach (&strokes[i].box, &strokes[k].box, size);

        if (groups[i] != groups[k] && are_near (&strokes[i], &strokes[k], &reach))
          join_groups (groups, n_strokes, groups[i], groups[k]);
      }
  adopt_orphans (strokes, groups, n_strokes, size);
}

static LabInk *
copy_group (LabInk *ink, const guint *groups, guint n_strokes, guint group)
{
  LabInk *copy = lab_ink_new ();

  lab_ink_set_pen_width (copy, lab_ink_get_pen_width (ink));
  for (guint i = group; i < n_strokes; i++)
    if (groups[i] == group)
      {
        gsize n_points;
        const LabInkPoint *points = lab_ink_get_stroke (ink, i, &n_points);

        lab_ink_begin_stroke (copy, points[0]);
        lab_ink_add_points (copy, points + 1, n_points - 1);
        lab_ink_end_stroke (copy);
      }
  return copy;
}

static int
compare_middles (gconstpointer a, gconstpointer b)
{
  LabInkBox first = { 0, 0, 0, 0 };
  LabInkBox second = { 0, 0, 0, 0 };
  double difference;

  lab_ink_get_box (*(LabInk *const *) a, &first);
  lab_ink_get_box (*(LabInk *const *) b, &second);
  difference = first.left + first.right - second.left - second.right;
  return (difference > 0) - (difference < 0);
}

GPtrArray *
lab_ink_split (LabInk *self)
{
  GPtrArray *digits;
  g_autofree guint *groups = NULL;
  guint n_strokes;

  g_return_val_if_fail (LAB_IS_INK (self), NULL);

  digits = g_ptr_array_new_with_free_func (g_object_unref);
  n_strokes = lab_ink_get_n_strokes (self);
  groups = g_new0 (guint, n_strokes);
  if (n_strokes > 0 && n_strokes <= MAX_STROKES)
    group_strokes (self, groups, n_strokes);
  for (guint i = 0; i < n_strokes; i++)
    if (groups[i] == i)
      g_ptr_array_add (digits, copy_group (self, groups, n_strokes, i));
  g_ptr_array_sort (digits, compare_middles);
  return digits;
}
