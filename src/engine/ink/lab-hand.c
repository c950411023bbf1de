/* SPDX-License-Identifier: MIT */

/* How a hand carries out a planned path: knots are missed a little, corners are
 * cut, the line is a spline through the knots, and all of it leans, bends and
 * trembles. */

#include "lab-hand.h"

#include <math.h>

/* The line gets a point at least about so often. */
#define STEP 0.05

#define MAX_POINTS 1024

/* So many hands hold a mouse and no pen. */
#define MOUSE_SHARE 0.15

/* Two knots closer than this are one. */
#define NEAR 1e-4

/* The knots of one stroke as they are to be written, corners cut. */
typedef struct
{
  LabKnot knots[3 * LAB_PEN_MAX_KNOTS + 2];
  guint n;
} Stroke;

/* A number from the normal distribution, but never more than 2.5 standard
 * deviations from 0. As the order of such calls matters, no two of them are
 * operands of one expression: compilers compute those in any order. */
static double
spread (NnRng *rng, double deviation)
{
  double normal = nn_rng_normal (rng);

  return deviation * CLAMP (normal, -2.5, 2.5);
}

static double
up_to (NnRng *rng, double most)
{
  return most * nn_rng_uniform (rng);
}

static double
distance (const LabKnot *a, const LabKnot *b)
{
  return sqrt ((a->x - b->x) * (a->x - b->x) + (a->y - b->y) * (a->y - b->y));
}

static void
stroke_add (Stroke *stroke, double x, double y, LabKnotKind kind)
{
  LabKnot knot = { x, y, kind };

  if (stroke->n > 0 && distance (&stroke->knots[stroke->n - 1], &knot) < NEAR)
    return;
  stroke->knots[stroke->n++] = knot;
}

/* A tick is a short line by which the pen lands or leaves in another direction
 * than that of the stroke. */
static void
stroke_add_tick (Stroke *stroke, const LabHand *hand, NnRng *rng, const LabKnot *end)
{
  double x = end->x + spread (rng, hand->tick);
  double y = end->y + spread (rng, hand->tick);

  if (nn_rng_uniform (rng) < 0.25)
    stroke_add (stroke, x, y, LAB_KNOT_SMOOTH);
}

/* Copies @n knots, rounding the corners. */
static void
stroke_round (Stroke *stroke, const LabKnot *knots, guint n, const LabHand *hand, NnRng *rng)
{
  stroke->n = 0;
  if (n > 1)
    stroke_add_tick (stroke, hand, rng, &knots[0]);
  for (guint i = 0; i < n; i++)
    {
      const LabKnot *knot = &knots[i];
      double cut = hand->rounding * (0.5 + nn_rng_uniform (rng));

      if (knot->kind != LAB_KNOT_CORNER || i == 0 || i + 1 == n || cut < 0.04)
        stroke_add (stroke, knot->x, knot->y, knot->kind);
      else
        {
          double before = distance (knot, &knots[i - 1]);
          double after = distance (knot, &knots[i + 1]);
          double side = MIN (before, after) * MIN (cut, 0.45);
          double in_x = (knots[i - 1].x - knot->x) * side / MAX (before, NEAR);
          double in_y = (knots[i - 1].y - knot->y) * side / MAX (before, NEAR);
          double out_x = (knots[i + 1].x - knot->x) * side / MAX (after, NEAR);
          double out_y = (knots[i + 1].y - knot->y) * side / MAX (after, NEAR);

          stroke_add (stroke, knot->x + in_x, knot->y + in_y, LAB_KNOT_SMOOTH);
          stroke_add (stroke, knot->x + (in_x + out_x) / 4, knot->y + (in_y + out_y) / 4, LAB_KNOT_SMOOTH);
          stroke_add (stroke, knot->x + out_x, knot->y + out_y, LAB_KNOT_SMOOTH);
        }
    }
  if (n > 1)
    stroke_add_tick (stroke, hand, rng, &knots[n - 1]);
}

/* The slope of the spline at a knot between two others, with respect to the
 * length of the chords: that of the parabola through all three. */
static double
slope (double a, double b, double c, double before, double after)
{
  return ((b - a) / before * after + (c - b) / after * before) / (before + after);
}

/* One piece of the line between two knots: a cubic with these slopes. */
typedef struct
{
  double from, to, slope_from, slope_to;
} Piece;

static double
piece_at (const Piece *piece, double length, double t)
{
  double u = 1 - t;

  return u * u * (1 + 2 * t) * piece->from + t * t * (1 + 2 * u) * piece->to
         + t * u * length * (u * piece->slope_from - t * piece->slope_to);
}

/* At the end of a stroke and at corners the line keeps bending as it did,
 * though less: a natural spline. An angular hand straightens it. */
static void
piece_end (Piece *piece, double length, gboolean free_from, gboolean free_to, double angular)
{
  double chord = (piece->to - piece->from) / length;

  if (free_from && free_to)
    piece->slope_from = piece->slope_to = chord;
  else if (free_from)
    piece->slope_from = 1.5 * chord - 0.5 * piece->slope_to;
  else if (free_to)
    piece->slope_to = 1.5 * chord - 0.5 * piece->slope_from;
  piece->slope_from += angular * (chord - piece->slope_from);
  piece->slope_to += angular * (chord - piece->slope_to);
}

/* Writes the spline through the knots into @points; returns how many. */
static guint
stroke_flatten (const Stroke *stroke, double angular, LabInkPoint *points, guint max)
{
  const LabKnot *k = stroke->knots;
  guint n_points = 0;
  double slope_x = 0, slope_y = 0; /* at the last knot */

  points[n_points++] = (LabInkPoint){ k[0].x, k[0].y, 1, 0 };
  for (guint i = 0; i + 1 < stroke->n; i++)
    {
      double length = distance (&k[i], &k[i + 1]);
      gboolean free_from = i == 0 || k[i].kind == LAB_KNOT_CORNER;
      gboolean free_to = i + 2 == stroke->n || k[i + 1].kind == LAB_KNOT_CORNER;
      guint n_steps = MIN (ceil (length / STEP), 64);
      Piece x = { k[i].x, k[i + 1].x, slope_x, 0 };
      Piece y = { k[i].y, k[i + 1].y, slope_y, 0 };

      if (!free_to)
        {
          double next = distance (&k[i + 1], &k[i + 2]);

          x.slope_to = slope_x = slope (k[i].x, k[i + 1].x, k[i + 2].x, length, next);
          y.slope_to = slope_y = slope (k[i].y, k[i + 1].y, k[i + 2].y, length, next);
        }
      piece_end (&x, length, free_from, free_to, angular);
      piece_end (&y, length, free_from, free_to, angular);
      for (guint step = 1; step <= n_steps && n_points < max; step++)
        {
          double t = (double) step / n_steps;

          points[n_points++] = (LabInkPoint){ piece_at (&x, length, t), piece_at (&y, length, t), 1, 0 };
        }
    }
  return n_points;
}

/* Bends, leans and turns the points about the middle of a digit. */
static void
warp (const LabHand *hand, LabInkPoint *points, guint n)
{
  double c = cos (hand->turn);
  double s = sin (hand->turn);

  for (guint i = 0; i < n; i++)
    {
      double u = CLAMP (points[i].x - 0.5, -1, 1);
      double v = CLAMP (points[i].y - 0.5, -1, 1);
      double x = points[i].x - 0.5 + hand->bend[0] * v * v + hand->bend[1] * u * v + hand->bend[2] * u * u;
      double y = points[i].y - 0.5 + hand->bend[3] * u * u + hand->bend[4] * u * v + hand->bend[5] * v * v;

      x = x * hand->width - y * hand->slant;
      points[i].x = c * x - s * y;
      points[i].y = s * x + c * y;
    }
}

/* A tremble that neighbouring points have in common, and the pressure and the
 * time of a pen that slows down where its way bends. */
static void
tremble (const LabHand *hand, NnRng *rng, double *time, LabInkPoint *points, guint n)
{
  double off_x = 0, off_y = 0;
  double drift = spread (rng, 0.15);
  double grain = 0;
  double speed = 0;
  double before_x = 0, before_y = 0; /* the last step */

  for (guint i = 0; i < n; i++)
    {
      double x = i + 1 < n ? points[i + 1].x - points[i].x : before_x;
      double y = i + 1 < n ? points[i + 1].y - points[i].y : before_y;
      double squares = (x * x + y * y) * (before_x * before_x + before_y * before_y);
      double along = squares > 0 ? (x * before_x + y * before_y) / sqrt (squares) : 0;
      double from_end = n > 1 ? (double) i / (n - 1) : 0;

      /* The speed follows what the way allows with a delay. */
      speed += 0.4 * (MAX (along, 0) - speed);
      points[i].pressure = 1 - hand->lightness * speed - hand->taper * from_end * from_end * from_end
                           + drift * (from_end - 0.5);
      grain = 0.5 * grain + spread (rng, hand->grain);
      points[i].pressure = CLAMP (points[i].pressure + grain, 0.2, 1);
      points[i].time = *time;
      *time += sqrt (x * x + y * y) / (1 + 4 * speed);

      off_x = 0.7 * (off_x + spread (rng, hand->tremor));
      off_y = 0.7 * (off_y + spread (rng, hand->tremor));
      points[i].x += off_x;
      points[i].y += off_y;
      before_x = x;
      before_y = y;
    }
}

/* A mouse is led slowly and by the whole arm: the line is as thick everywhere, but
 * uneven and in pieces. */
static void
hold_mouse (LabHand *hand, NnRng *rng)
{
  hand->careless *= 1.5;
  hand->tremor = up_to (rng, 0.016);
  hand->angular = up_to (rng, 1);
  hand->lightness = 0;
  hand->taper = 0;
  hand->grain = 0;
}

void
lab_hand_choose (LabHand *hand, NnRng *rng, double variety)
{
  hand->slant = spread (rng, 0.22 * variety);
  hand->turn = spread (rng, 0.1 * variety);
  hand->width = exp (spread (rng, 0.23 * variety));
  for (guint i = 0; i < G_N_ELEMENTS (hand->bend); i++)
    hand->bend[i] = spread (rng, 0.12 * variety);
  hand->careless = up_to (rng, 0.04 * variety);
  hand->rounding = up_to (rng, 0.4);
  hand->tremor = up_to (rng, up_to (rng, 0.008)); /* mostly small */
  hand->lightness = up_to (rng, 0.5);
  hand->taper = up_to (rng, 0.9) - 0.3;
  hand->grain = up_to (rng, 0.15);
  hand->angular = 0;
  hand->tick = up_to (rng, 0.08);
  if (nn_rng_uniform (rng) < MOUSE_SHARE)
    hold_mouse (hand, rng);
}

void
lab_hand_choose_style (LabInkStyle *style, NnRng *rng)
{
  double width = 2.7 * exp (spread (rng, 0.28));

  style->line_width = CLAMP (width, 1.2, 5.5);
  style->box_side = 20;
  style->pressure = up_to (rng, 1);
}

void
lab_hand_write (const LabHand *hand, LabPenPath *path, LabInk *ink)
{
  LabInkPoint points[MAX_POINTS];
  Stroke stroke;
  double time = 0;
  guint start = 0;

  lab_ink_clear (ink);
  lab_ink_set_pen_width (ink, 0);
  for (guint i = 0; i < path->n_knots; i++)
    {
      path->knots[i].x += spread (&path->rng, hand->careless);
      path->knots[i].y += spread (&path->rng, hand->careless);
    }

  for (guint end = 1; end <= path->n_knots; end++)
    if (end == path->n_knots || path->knots[end].kind == LAB_KNOT_START)
      {
        guint n;

        stroke_round (&stroke, path->knots + start, end - start, hand, &path->rng);
        n = stroke_flatten (&stroke, hand->angular, points, MAX_POINTS);
        warp (hand, points, n);
        tremble (hand, &path->rng, &time, points, n);
        lab_ink_begin_stroke (ink, points[0]);
        lab_ink_add_points (ink, points + 1, n - 1);
        lab_ink_end_stroke (ink);
        time += 0.2;
        start = end;
      }
}
