/* SPDX-License-Identifier: MIT */

/* Scribbles: what a pen leaves behind that means nothing, digits that were
 * crossed out, and several digits in one picture. Those to test with are in
 * lab-scribble-paths-test.c. */

#include "lab-scribble-paths.h"

#include "lab-digit-paths.h"
#include "lab-pen-words.h"

#include <math.h>

/* A digit that is @x and @y away from its usual place. Those who ask about
 * digits, too, use the letters from S on, which the digits leave. */
static void
plan_digit_at (LabPenPath *p, guint digit, double x, double y)
{
  guint first = p->n_knots;

  lift ();
  lab_digit_path_plan (p, digit);
  for (guint i = first; i < p->n_knots; i++)
    {
      p->knots[i].x += x;
      p->knots[i].y += y;
    }
}

/* Loops in a row, like a telephone wire. */
static void
plan_loops (LabPenPath *p)
{
  guint n = count ('a', 3, 7);
  double radius = between ('b', 0.15, 0.5);

  for (guint i = 0; i < 6 * n; i++)
    to ((double) i / (6 * n) + radius * cos (i * G_PI / 3), 0.5 + vary ('c', 1, 0.1) * radius * sin (i * G_PI / 3));
}

static void
plan_zigzag (LabPenPath *p)
{
  guint n = count ('a', 5, 12);
  double top = between ('b', 0, 0.4);

  for (guint i = 0; i <= n; i++)
    corner ((double) i / n + vary ('c', 0, 0.03), i % 2 ? top + vary ('d', 0, 0.05) : 1 - top + vary ('e', 0, 0.05));
}

static void
plan_hatching (LabPenPath *p)
{
  guint n = count ('a', 4, 9);
  double lean = vary ('b', 0, 0.4);

  for (guint i = 0; i < n; i++)
    {
      lift ();
      corner ((double) i / n + lean + vary ('c', 0, 0.02), vary ('d', 0, 0.05));
      corner ((double) i / n - lean + vary ('e', 0, 0.02), vary ('f', 1, 0.05));
    }
}

static void
plan_wandering (LabPenPath *p)
{
  guint n = count ('a', 8, 20);

  for (guint i = 0; i < n; i++)
    to (between ('b', 0, 1), between ('c', 0, 1));
}

static void
plan_dot (LabPenPath *p)
{
  corner (0.5, 0.5);
}

/* A line that lies flat: an upright one is a 1. */
static void
plan_dash (LabPenPath *p)
{
  double angle = between ('a', -15, 25) * (G_PI / 180);

  corner (0, 0);
  line (cos (angle), sin (angle), vary ('b', 0, 0.04));
}

static void
plan_spiral (LabPenPath *p)
{
  arc (0.5, 0.5, 0.5, 0.5, 0, 360 * between ('a', 2.5, 4.5), between ('b', 0, 0.2));
}

static void
plan_two_digits (LabPenPath *p)
{
  plan_digit_at (p, count ('S', 0, 9), 0, 0);
  plan_digit_at (p, count ('T', 0, 9), between ('U', 0.7, 1.2), vary ('V', 0, 0.1));
}

/* One over a part of the other; a 1 would get lost. */
static void
plan_overlaid_digits (LabPenPath *p)
{
  guint digit = count ('S', 2, 9);

  plan_digit_at (p, digit, 0, 0);
  plan_digit_at (p, 2 + (digit - 2 + count ('T', 1, 7)) % 8, between ('U', 0.25, 0.5), vary ('V', 0, 0.15));
}

/* One that lies on its side: not 0 and 1, which are an oval and a dash. */
static void
plan_toppled_digit (LabPenPath *p)
{
  gboolean to_left = chance ('S', 0.5);
  guint first = p->n_knots;

  lab_digit_path_plan (p, count ('T', 2, 9));
  for (guint i = first; i < p->n_knots; i++)
    {
      LabKnot *knot = &p->knots[i];
      double x = knot->x;

      knot->x = to_left ? knot->y : 1 - knot->y;
      knot->y = to_left ? 1 - x : x;
    }
}

/* One as in a mirror: only those that are no other digit then, as a 6 is a 2. */
static void
plan_mirrored_digit (LabPenPath *p)
{
  static const guint8 digits[] = { 3, 4, 7, 9 };
  guint first = p->n_knots;

  lab_digit_path_plan (p, digits[count ('S', 0, G_N_ELEMENTS (digits) - 1)]);
  for (guint i = first; i < p->n_knots; i++)
    p->knots[i].x = 1 - p->knots[i].x;
}

static void
plan_broken_line (LabPenPath *p)
{
  guint n = count ('a', 6, 10);

  for (guint i = 0; i < n; i++)
    corner (between ('b', 0, 1), between ('c', 0, 1));
}

static void
plan_burst (LabPenPath *p)
{
  guint n = count ('a', 5, 9);
  double inner = between ('b', 0.1, 0.3);

  for (guint i = 0; i <= 2 * n; i++)
    {
      double radius = i % 2 ? inner : 0.5 + vary ('c', 0, 0.05);

      corner (0.5 + radius * cos (i * G_PI / n), 0.5 + radius * sin (i * G_PI / n));
    }
}

static void
plan_crossed_out (LabPenPath *p)
{
  guint n = count ('S', 3, 5);

  plan_digit_at (p, count ('T', 0, 9), 0, 0);
  for (guint i = 0; i < n; i++)
    {
      lift ();
      corner (vary ('U', -0.1, 0.06), (i + 0.7) / n + vary ('V', 0, 0.05));
      corner (vary ('W', 1.1, 0.06), (i + 0.2) / n + vary ('X', 0, 0.05));
    }
}

/* Lines and curves put together like those of letters, but of none that exists. */
static void
plan_nonsense (LabPenPath *p)
{
  guint n = count ('a', 3, 5);

  for (guint i = 0; i < n; i++)
    {
      lift ();
      corner (between ('b', 0, 1), between ('c', 0, 1));
      if (chance ('d', 0.5))
        line (between ('e', 0, 1), between ('f', 0, 1), vary ('g', 0, 0.05));
      else
        {
          to (between ('h', 0, 1), between ('i', 0, 1));
          to (between ('j', 0, 1), between ('k', 0, 1));
        }
    }
}

static void
plan_lattice (LabPenPath *p)
{
  guint n = count ('a', 2, 4);

  for (guint i = 0; i < 2 * n; i++)
    {
      double at = (i / 2 + 0.5) / n + vary ('b', 0, 0.03);

      lift ();
      corner (i % 2 ? at : vary ('c', 0, 0.05), i % 2 ? vary ('d', 0, 0.05) : at);
      corner (i % 2 ? at : vary ('e', 1, 0.05), i % 2 ? vary ('f', 1, 0.05) : at);
    }
}

/* A point that swings across and down at different rates. */
static void
plan_swinging (LabPenPath *p)
{
  guint across = 3 + 2 * count ('a', 0, 2);
  double phase = between ('b', 0.4, 1.2);

  for (guint i = 0; i <= 60; i++)
    to (0.5 + 0.5 * cos (across * i * (G_PI / 30)), 0.5 + 0.5 * sin (4 * i * (G_PI / 30) + phase));
}

static void
plan_needles (LabPenPath *p)
{
  guint n = count ('a', 5, 9);

  for (guint i = 0; i < n; i++)
    {
      lift ();
      corner (between ('b', 0, 1), between ('c', 0, 1));
      corner (between ('d', 0, 1), between ('e', 0, 1));
    }
}

static void
plan_wave (LabPenPath *p)
{
  guint n = count ('a', 2, 5);
  double height = between ('b', 0.1, 0.4);

  for (guint i = 0; i <= 4 * n; i++)
    to (i / (4.0 * n), 0.5 + height * sin (i * G_PI / 2));
}

static void
plan_square_spiral (LabPenPath *p)
{
  guint n = count ('a', 7, 11);

  for (guint i = 0; i < n; i++)
    {
      double side = 0.5 * (1 - i / (n + 1.0));

      corner (0.5 + (i % 4 == 1 || i % 4 == 2 ? side : -side), 0.5 + (i % 4 < 2 ? -side : side));
    }
}

static void
plan_dots (LabPenPath *p)
{
  guint n = count ('a', 2, 6);

  for (guint i = 0; i < n; i++)
    {
      lift ();
      corner (between ('b', 0, 1), between ('c', 0, 1));
    }
}

/* Petals around a middle, again and again. */
static void
plan_rosette (LabPenPath *p)
{
  guint n_petals = count ('a', 3, 5);
  double inner = between ('b', 0, 0.2);

  for (guint i = 0; i <= 12 * n_petals; i++)
    {
      double angle = i * (G_PI / 6) / n_petals;
      double radius = inner + (0.5 - inner) * fabs (cos (n_petals * angle)) + vary ('c', 0, 0.02);

      to (0.5 + radius * cos (angle), 0.5 + radius * sin (angle));
    }
}

/* 0 over 0 is an 8 and 1 over 1 a 1, so neither is taken. */
static void
plan_stacked_digits (LabPenPath *p)
{
  plan_digit_at (p, count ('S', 2, 7), 0, 0);
  plan_digit_at (p, count ('T', 2, 7), vary ('U', 0, 0.15), between ('V', 0.85, 1.3));
}

static void
plan_blotted_out (LabPenPath *p)
{
  guint n = count ('S', 7, 11);

  plan_digit_at (p, count ('T', 0, 9), 0, 0);
  lift ();
  for (guint i = 0; i <= n; i++)
    corner (i % 2 ? vary ('U', 1.1, 0.08) : vary ('V', -0.1, 0.08), i / (double) n);
}

typedef void (*Plan) (LabPenPath *);

static const Plan scribbles[] = {
  plan_loops, plan_zigzag, plan_hatching, plan_wandering, plan_dot, plan_dash, plan_spiral, plan_broken_line,
  plan_burst, plan_nonsense, plan_lattice, plan_swinging, plan_needles, plan_wave, plan_square_spiral, plan_dots,
  plan_rosette, plan_two_digits, plan_overlaid_digits, plan_stacked_digits, plan_toppled_digit,
  plan_mirrored_digit, plan_crossed_out, plan_blotted_out,
};

guint
lab_scribble_path_count (gboolean test)
{
  return test ? lab_scribble_path_count_test () : G_N_ELEMENTS (scribbles);
}

void
lab_scribble_path_plan (LabPenPath *path, gboolean test, guint i)
{
  if (test)
    lab_scribble_path_plan_test (path, i);
  else
    scribbles[i] (path);
}
