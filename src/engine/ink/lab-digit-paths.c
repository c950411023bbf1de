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
  double rx = between (0.25, 0.6);
  double start = vary (-70, 35);
  double sweep = vary (365, 25);

  if (chance (0.45))
    {
      /* The line begins and ends in a tip, like a drop. */
      double tip = between (0.95, 1.3);
      double x = 0.5 + tip * rx * cos (start * (G_PI / 180));
      double y = 0.5 + tip * 0.5 * sin (start * (G_PI / 180));

      corner (x + vary (0, 0.08), y + vary (0, 0.05));
      arc (0.5, 0.5, rx, 0.5, start - 50, start - 310, vary (1, 0.05));
      corner (x + vary (0, 0.08), y + vary (0, 0.05));
    }
  else
    {
      if (chance (0.25))
        to (0.5 + rx * vary (0.2, 0.3), vary (0.15, 0.12)); /* coming from within */
      if (chance (0.1))
        arc (0.5, 0.5, rx, 0.5, start - 30, start - 30 + sweep, vary (1, 0.06));
      else
        arc (0.5, 0.5, rx, 0.5, start, start - sweep, vary (1, 0.06));
      if (chance (0.08))
        to (0.5 + rx * vary (0.9, 0.3), vary (-0.1, 0.08)); /* leaving over the top */
    }

  if (chance (0.06))
    {
      lift ();
      corner (0.5 + vary (1, 0.2) * rx, vary (0.1, 0.1));
      line (0.5 - vary (1, 0.2) * rx, vary (0.9, 0.1), vary (0, 0.04));
    }
}

/* A bar, with or without flag and foot. */
static void
plan_one (LabPenPath *p)
{
  double top = 0.5 + vary (0, 0.05);
  double bottom = 0.5 + vary (0, 0.05);
  gboolean has_foot = chance (0.16);

  if (chance (has_foot ? 0.7 : 0.2))
    {
      double length = chance (0.7) ? between (0.06, 0.35) : between (0.3, 0.6);
      double drop = has_foot ? length * between (0.1, 1) : MAX (length, 0.15) * between (0.75, 1.6);

      corner (top - length, drop);
      line (top, 0, vary (0, 0.05));
    }
  else
    corner (top, 0);
  line (bottom, 1, chance (0.2) ? vary (0, 0.08) : vary (0, 0.025));

  if (has_foot)
    {
      lift ();
      corner (bottom - between (0.1, 0.45), 1 + vary (0, 0.03));
      line (bottom + between (0.1, 0.45), 1 + vary (0, 0.04), vary (0, 0.04));
    }
}

/* A hook and a base, which meet in a corner, in a loop or roundly. */
static void
plan_two (LabPenPath *p)
{
  double rx = between (0.06, 0.42);
  double ry = between (0.15, 0.3);
  double x = vary (0.45, 0.06);
  double right = x + between (0.3, 0.85);
  double base = 1 + vary (-0.02, 0.05);

  arc (x, ry, rx, ry, vary (195, 38), vary (375, 18), vary (1, 0.06));
  if (chance (0.5))
    {
      double loop_x = between (0.06, 0.36);
      double loop_y = between (0.03, 0.2);
      guint first = p->n_knots;

      arc (x + vary (-0.28, 0.08) + loop_x / 2, base - loop_y, loop_x, loop_y, vary (50, 18), vary (310, 20), vary (1, 0.1));
      tilt (first, x, between (0, 0.4));
      if (chance (0.25))
        to (right, base - loop_y * between (0.5, 2.2)); /* rising */
      else if (chance (0.85))
        {
          if (chance (0.6))
            to (0.5 * (x + right), base + vary (-0.03, 0.04));
          to (right, base + vary (0.02, 0.09));
        }
    }
  else if (chance (0.75))
    {
      double left = x - between (0.1, 0.5);

      to (left + vary (0.35, 0.05), vary (0.68, 0.04));
      corner (left, base);
      if (chance (0.4))
        to (left + vary (0.3, 0.05), base - vary (0.05, 0.04));
      line (right, base + vary (0, 0.06), vary (0, 0.05));
    }
  else
    {
      /* The pen turns back at the bottom without a corner of its own. */
      to (x + vary (-0.2, 0.08), vary (0.85, 0.05));
      to (x + vary (-0.25, 0.08), base);
      to (x + vary (0.05, 0.08), base + vary (0, 0.03));
      to (right, base + vary (-0.05, 0.07));
    }
}

/* Two bowls, or a flat top and a bowl; a cusp, a curve or a loop between. */
static void
plan_three (LabPenPath *p)
{
  double waist = vary (0.46, 0.06);
  double waist_x = vary (0.38, 0.11);
  double rx = between (0.25, 0.48);
  double ry = (1 - waist) / 2;

  if (chance (0.15))
    {
      corner (vary (0.08, 0.07), vary (0.04, 0.04));
      line (vary (0.82, 0.08), vary (0.02, 0.03), vary (0, 0.04));
      line (waist_x, waist, vary (0, 0.05));
    }
  else
    {
      double upper = between (0.15, 0.42);

      arc (vary (0.42, 0.05), waist / 2, upper, waist / 2, vary (215, 25), vary (425, 15), vary (1, 0.06));
      if (chance (0.6))
        corner (waist_x, waist);
      else if (chance (0.5))
        to (waist_x, waist);
      else
        arc (waist_x - 0.05, waist, between (0.05, 0.12), between (0.03, 0.07), 80, 320, 1);
    }
  arc (vary (0.42, 0.05), waist + ry, rx, ry, vary (-65, 18), vary (142, 38), vary (1, 0.08));
  if (chance (0.1))
    {
      /* The line turns back, as at the base of a 2. */
      if (chance (0.5))
        corner (vary (0.05, 0.08), vary (0.97, 0.04));
      else
        to (vary (0, 0.06), vary (0.9, 0.04));
      to (vary (0.5, 0.1), vary (0.97, 0.04));
      to (vary (0.95, 0.12), vary (1, 0.05));
    }
  else if (chance (0.1))
    to (vary (-0.05, 0.06), vary (0.8, 0.08));
}

/* The open 4: an angle or a bowl, and a bar that crosses its arm or ends it. */
static void
plan_open_four (LabPenPath *p)
{
  double arm = vary (0.58, 0.08);
  double left = vary (0.08, 0.07);
  double top = vary (0.05, 0.06);
  double stem = vary (0.72, 0.07);
  double stem_top = chance (0.25) ? between (0.15, 0.55) : vary (0.03, 0.1);
  gboolean one_stroke = chance (0.35);
  double right = one_stroke ? stem : stem + between (-0.03, 0.4);

  corner (left + vary (0.08, 0.08), top);
  if (chance (0.6))
    {
      line (left, arm, vary (0, 0.05));
      line (right, arm + vary (-0.02, 0.06), vary (0, 0.06));
    }
  else
    {
      to (left, arm * 0.55);
      to (left + 0.12, arm * 0.95);
      to (left + 0.38, arm + vary (0.02, 0.03));
      corner (right, arm - vary (0.08, 0.08));
    }
  if (one_stroke)
    corner (stem + vary (0, 0.03), stem_top);
  else
    {
      lift ();
      corner (stem + vary (0.02, 0.05), stem_top);
    }
  line (stem - vary (0.05, 0.08), 1, vary (0, 0.04));
}

/* The closed 4: a triangle, and a bar through it. */
static void
plan_closed_four (LabPenPath *p)
{
  double arm = vary (0.66, 0.06);
  double stem = vary (0.68, 0.06);
  gboolean one_stroke = chance (0.4);

  if (one_stroke && chance (0.5))
    {
      /* Up from the left end of the arm at last. */
      corner (vary (1, 0.08), arm + vary (0, 0.04));
      line (vary (0.02, 0.05), arm, vary (0, 0.04));
      line (stem, vary (0, 0.03), vary (0, 0.04));
      line (stem + vary (-0.03, 0.05), 1, vary (0, 0.03));
      return;
    }
  corner (stem + vary (0, 0.05), vary (0, 0.03));
  line (vary (0.02, 0.05), arm, vary (0, 0.06));
  line (stem + between (0, 0.35), arm + vary (-0.01, 0.04), vary (0, 0.04));
  lift ();
  corner (stem + vary (0, 0.04), vary (0.05, 0.12));
  line (stem + vary (-0.04, 0.05), 1, vary (0, 0.03));
}

static void
plan_four (LabPenPath *p)
{
  if (chance (0.75))
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
