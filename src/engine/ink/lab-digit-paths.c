/* SPDX-License-Identifier: MIT */

/* The ways that people write the digits 0 to 4, as pen paths upright in a box
 * about 1 high; for the others see lab-digit-paths-5-9.c. How often each way is
 * chosen is a guess, on the side of variety. */

#include "lab-digit-paths.h"

#include "lab-pen-words.h"

#include <math.h>

/* An oval that closes, or not quite, or too far, with a slash now and then. */
static void
plan_zero (LabPenPath *p)
{
  double rx = between ('a', 0.25, 0.6);
  double start = vary ('b', -70, 35);
  double sweep = vary ('c', 365, 25);

  if (chance ('d', 0.45))
    {
      /* The line begins and ends in a tip, like a drop. */
      double tip = between ('e', 0.95, 1.3);
      double x = 0.5 + tip * rx * cos (start * (G_PI / 180));
      double y = 0.5 + tip * 0.5 * sin (start * (G_PI / 180));

      corner (x + vary ('f', 0, 0.08), y + vary ('g', 0, 0.05));
      arc (0.5, 0.5, rx, 0.5, start - 50, start - 310, vary ('h', 1, 0.05));
      corner (x + vary ('i', 0, 0.08), y + vary ('j', 0, 0.05));
    }
  else
    {
      if (chance ('k', 0.25))
        to (0.5 + rx * vary ('l', 0.2, 0.3), vary ('m', 0.15, 0.12)); /* coming from within */
      if (chance ('n', 0.1))
        arc (0.5, 0.5, rx, 0.5, start - 30, start - 30 + sweep, vary ('o', 1, 0.06));
      else
        arc (0.5, 0.5, rx, 0.5, start, start - sweep, vary ('p', 1, 0.06));
      if (chance ('q', 0.08))
        to (0.5 + rx * vary ('r', 0.9, 0.3), vary ('s', -0.1, 0.08)); /* leaving over the top */
    }

  if (chance ('t', 0.1))
    {
      lift ();
      corner (0.5 + vary ('u', 1, 0.2) * rx, vary ('v', 0.1, 0.1));
      line (0.5 - vary ('w', 1, 0.2) * rx, vary ('x', 0.9, 0.1), vary ('y', 0, 0.04));
    }
}

/* A bar, with or without flag and foot. */
static void
plan_one (LabPenPath *p)
{
  double top = 0.5 + vary ('a', 0, 0.05);
  double bottom = 0.5 + vary ('b', 0, 0.05);
  gboolean has_foot = chance ('c', 0.16);

  if (chance ('d', has_foot ? 0.7 : 0.3))
    {
      double length = chance ('e', 0.65) ? between ('f', 0.06, 0.35) : between ('g', 0.3, 0.6);
      double drop = has_foot ? length * between ('h', 0.1, 1) : MAX (length, 0.15) * between ('i', 0.85, 1.6);

      corner (top - length, drop);
      line (top, 0, vary ('j', 0, 0.05));
    }
  else
    corner (top, 0);
  line (bottom, 1, chance ('k', 0.2) ? vary ('l', 0, 0.08) : vary ('m', 0, 0.025));

  if (has_foot)
    {
      lift ();
      corner (bottom - between ('n', 0.1, 0.45), 1 + vary ('o', 0, 0.03));
      line (bottom + between ('p', 0.1, 0.45), 1 + vary ('q', 0, 0.04), vary ('r', 0, 0.04));
    }
}

/* A hook and a base, which meet in a corner, in a loop or roundly. */
static void
plan_two (LabPenPath *p)
{
  double rx = between ('a', 0.06, 0.42);
  double ry = between ('b', 0.15, 0.3);
  double x = vary ('c', 0.45, 0.06);
  double right = x + between ('d', 0.3, 0.85);
  double base = 1 + vary ('e', -0.02, 0.05);

  arc (x, ry, rx, ry, vary ('f', 195, 38), vary ('g', 375, 18), vary ('h', 1, 0.06));
  if (chance ('i', 0.5))
    {
      double loop_x = between ('j', 0.06, 0.36);
      double loop_y = between ('k', 0.03, 0.2);
      guint first = p->n_knots;

      arc (x + vary ('l', -0.28, 0.08) + loop_x / 2, base - loop_y, loop_x, loop_y,
           vary ('m', 50, 18), vary ('n', 310, 20), vary ('o', 1, 0.1));
      tilt (first, x, between ('p', 0, 0.4));
      if (chance ('q', 0.25))
        to (right, base - loop_y * between ('r', 0.5, 2.2)); /* rising */
      else if (chance ('s', 0.85))
        {
          if (chance ('t', 0.6))
            to (0.5 * (x + right), base + vary ('u', -0.03, 0.04));
          to (right, base + vary ('v', 0.02, 0.09));
        }
    }
  else if (chance ('w', 0.75))
    {
      double left = x - between ('x', 0.1, 0.5);

      to (left + vary ('y', 0.35, 0.05), vary ('z', 0.68, 0.04));
      corner (left, base);
      if (chance ('A', 0.4))
        to (left + vary ('B', 0.3, 0.05), base - vary ('C', 0.05, 0.04));
      line (right, base + vary ('D', 0, 0.06), vary ('E', 0, 0.05));
    }
  else
    {
      /* The pen turns back at the bottom without a corner of its own. */
      to (x + vary ('F', -0.2, 0.08), vary ('G', 0.85, 0.05));
      to (x + vary ('H', -0.25, 0.08), base);
      to (x + vary ('I', 0.05, 0.08), base + vary ('J', 0, 0.03));
      to (right, base + vary ('K', -0.05, 0.07));
    }
}

/* Two bowls, or a flat top and a bowl; a cusp, a curve or a loop between. */
static void
plan_three (LabPenPath *p)
{
  double waist = vary ('a', 0.46, 0.06);
  double waist_x = vary ('b', 0.38, 0.11);
  double rx = between ('c', 0.25, 0.48);
  double ry = (1 - waist) / 2;

  if (chance ('d', 0.22))
    {
      corner (vary ('e', 0.08, 0.07), vary ('f', 0.04, 0.04));
      line (vary ('g', 0.82, 0.08), vary ('h', 0.02, 0.03), vary ('i', 0, 0.04));
      line (waist_x, waist, vary ('j', 0, 0.05));
    }
  else
    {
      double upper = between ('k', 0.15, 0.42);

      arc (vary ('l', 0.42, 0.05), waist / 2, upper, waist / 2,
           vary ('m', 215, 25), vary ('n', 425, 15), vary ('o', 1, 0.06));
      if (chance ('p', 0.6))
        corner (waist_x, waist);
      else if (chance ('q', 0.5))
        to (waist_x, waist);
      else
        arc (waist_x - 0.05, waist, between ('r', 0.05, 0.12), between ('s', 0.03, 0.07), 80, 320, 1);
    }
  arc (vary ('t', 0.42, 0.05), waist + ry, rx, ry, vary ('u', -65, 18), vary ('v', 142, 38), vary ('w', 1, 0.08));
  if (chance ('x', 0.1))
    {
      /* The line turns back, as at the base of a 2. */
      if (chance ('y', 0.5))
        corner (vary ('z', 0.05, 0.08), vary ('A', 0.97, 0.04));
      else
        to (vary ('B', 0, 0.06), vary ('C', 0.9, 0.04));
      to (vary ('D', 0.5, 0.1), vary ('E', 0.97, 0.04));
      to (vary ('F', 0.95, 0.12), vary ('G', 1, 0.05));
    }
  else if (chance ('H', 0.1))
    to (vary ('I', -0.05, 0.06), vary ('J', 0.8, 0.08));
}

/* The open 4: a left arm that turns in a corner or like a u, and a bar that
 * crosses the stem, ends there or turns into it. Where the arm leans to the stem,
 * the corner alone tells it from a 9; a u therefore stays open. */
static void
plan_open_four (LabPenPath *p)
{
  double bar = chance ('a', 0.65) ? vary ('b', 0.58, 0.06) : between ('c', 0.38, 0.8);
  double top = chance ('d', 0.75) ? vary ('e', 0.04, 0.05) : between ('f', 0, bar - 0.28);
  double stem_top = chance ('g', 0.75) ? vary ('h', 0.03, 0.08) : between ('i', 0, bar - 0.15);
  double width = chance ('j', 0.6) ? vary ('k', 0.62, 0.08) : between ('l', 0.3, 0.95);
  gboolean is_round = width > 0.4 && chance ('r', 0.45);
  double left = 0.5 - 0.6 * width;
  double stem = left + width;
  double foot = stem - vary ('m', 0.05, 0.08);
  gboolean one_stroke = chance ('n', 0.35);
  double right = one_stroke ? stem : stem + (chance ('o', 0.3) ? between ('p', -0.05, 0.03) : between ('q', 0, 0.4));

  if (!is_round)
    {
      double lean = vary ('s', 0.1, 0.1);

      corner (left + MIN (lean, 0.7 * width), top);
      line (left, bar, vary ('t', 0, 0.05));
      line (right, bar + vary ('u', -0.02, 0.06), vary ('v', 0, 0.06));
    }
  else
    {
      double depth = bar - top;
      double rise = between ('x', -0.05, 0.3);

      corner (left + width * between ('s', -0.1, 0.15), top);
      to (left, bar - depth * between ('t', 0.25, 0.55));
      to (left + width * between ('u', 0.1, 0.25), bar - 0.05 * depth);
      to (left + width * between ('v', 0.45, 0.65), bar + vary ('w', 0.02, 0.03));
      corner (right, bar - MIN (rise, depth / 2));
    }
  if (!one_stroke)
    lift ();
  corner (stem + vary ('y', 0.02, one_stroke ? 0.03 : 0.05), stem_top);
  line (foot, 1, vary ('z', 0, 0.04));
}

/* The closed 4: a triangle, and a bar through it. */
static void
plan_closed_four (LabPenPath *p)
{
  double arm = vary ('a', 0.66, 0.06);
  double stem = vary ('b', 0.68, 0.06);
  gboolean one_stroke = chance ('c', 0.4);

  if (one_stroke && chance ('d', 0.5))
    {
      /* Up from the left end of the arm at last. */
      corner (vary ('e', 1, 0.08), arm + vary ('f', 0, 0.04));
      line (vary ('g', 0.02, 0.05), arm, vary ('h', 0, 0.04));
      line (stem, vary ('i', 0, 0.03), vary ('j', 0, 0.04));
      line (stem + vary ('k', -0.03, 0.05), 1, vary ('l', 0, 0.03));
      return;
    }
  corner (stem + vary ('m', 0, 0.05), vary ('n', 0, 0.03));
  line (vary ('o', 0.02, 0.05), arm, vary ('p', 0, 0.06));
  line (stem + between ('q', 0, 0.35), arm + vary ('r', -0.01, 0.04), vary ('s', 0, 0.04));
  lift ();
  corner (stem + vary ('t', 0, 0.04), vary ('u', 0.05, 0.12));
  line (stem + vary ('v', -0.04, 0.05), 1, vary ('w', 0, 0.03));
}

static void
plan_four (LabPenPath *p)
{
  if (chance ('R', 0.75))
    plan_open_four (p);
  else
    plan_closed_four (p);
}

void
lab_digit_path_plan (LabPenPath *path, guint digit)
{
  static void (*const plans[]) (LabPenPath *) = {
    plan_zero,
    plan_one,
    plan_two,
    plan_three,
    plan_four,
    lab_digit_path_plan_five,
    lab_digit_path_plan_six,
    lab_digit_path_plan_seven,
    lab_digit_path_plan_eight,
    lab_digit_path_plan_nine,
  };

  plans[digit] (path);
}
