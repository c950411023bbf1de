/* SPDX-License-Identifier: MIT */

/* The ways that people write the digits 5 to 9, see lab-digit-paths.c. */

#include "lab-digit-paths.h"

#include "lab-pen-words.h"

/* A top bar, a neck and a bowl; in one stroke from the bar's right end, or the
 * bar last, which may miss the rest, reach over it, or be forgotten. */
void
lab_digit_path_plan_five (LabPenPath *p)
{
  double neck = between ('a', 0.2, 0.62);
  double neck_x = vary ('b', 0.18, 0.06);
  double top_x = neck_x + vary ('c', 0.08, 0.06);
  double ry = (1 - neck) / 2 + vary ('d', 0.03, 0.03);
  double rx = between ('e', 0.22, 0.52);
  double bar = between ('f', 0.25, 1);
  gboolean one_stroke = chance ('g', 0.5);

  if (one_stroke)
    {
      corner (top_x + bar, vary ('h', -0.01, 0.07));
      line (top_x, vary ('i', 0.02, 0.04), vary ('j', 0, 0.05));
    }
  else
    corner (top_x, 0);
  line (neck_x, neck, vary ('k', 0, 0.04));
  arc (vary ('l', 0.42, 0.05), 1 - ry, rx, ry, vary ('m', -85, 25), vary ('n', 140, 30), vary ('o', 1, 0.08));
  if (!one_stroke && chance ('p', 0.92))
    {
      lift ();
      corner (top_x + (chance ('q', 0.8) ? vary ('r', 0.02, 0.06) : between ('s', -0.35, 0)), vary ('t', 0, 0.05));
      line (top_x + bar, vary ('u', -0.03, 0.07), vary ('v', 0, 0.06));
    }
}

/* A stem, straight or curled, that runs into a loop. */
void
lab_digit_path_plan_six (LabPenPath *p)
{
  double ry = between ('a', 0.13, 0.29);
  double rx = between ('b', 0.15, 0.42);
  double lean = between ('c', -0.12, 0.6);
  double bend = lean * between ('d', 0, 0.3) + vary ('e', 0.01, 0.03);
  double end = chance ('f', 0.6) ? vary ('g', -170, 30) : between ('h', -170, -310);
  guint first;

  if (chance ('i', 0.16))
    to (0.5 - rx + lean + between ('j', 0.08, 0.35), between ('k', 0.02, 0.15)); /* a hook */
  to (0.5 - rx + lean, 0);
  to (0.5 - rx + 0.5 * lean - bend, 0.5 * (1 - ry));
  first = p->n_knots;
  if (chance ('l', 0.25))
    {
      /* The loop is narrower than the bowl that it ends. */
      double loop = rx * between ('m', 0.35, 0.75);

      arc (0.5, 1 - ry, rx, ry, 180, 30, 1);
      arc (0.5 + rx - loop, 1 - ry, loop, ry * between ('n', 0.7, 1.1), 0,
           end - vary ('o', 60, 40), vary ('p', 1, 0.1));
    }
  else
    arc (0.5, 1 - ry, rx, ry, 180, end, end > -190 ? vary ('q', 0.95, 0.1) : between ('r', 0.55, 1.05));
  if (chance ('s', 0.1))
    to (0.5 - rx - between ('t', 0.05, 0.3), 1 - ry * vary ('u', 1.1, 0.3)); /* on across the stem */
  tilt (first + 1, 0.5 - rx, between ('v', -0.05, MIN (0.5, (1 - 2 * ry) / (3.5 * rx))));
  if (chance ('w', 0.12))
    to (0.5 + vary ('x', 0, 0.1), 1 + vary ('y', 0.06, 0.04)); /* leaving through the bottom */
}

/* A bar, and a stem that leaves it in a corner or in a curve; perhaps a serif
 * at the left, or a bar across the stem. */
void
lab_digit_path_plan_seven (LabPenPath *p)
{
  double left = vary ('a', 0.05, 0.07);
  double right = left + between ('b', 0.42, 0.95);
  double foot = right - between ('c', 0, 0.65);

  if (chance ('d', 0.3))
    {
      /* A serif, or the bar begins in an arch. */
      corner (left + vary ('e', -0.02, 0.04), between ('f', 0.1, 0.35));
      if (chance ('g', 0.5))
        to (left, vary ('h', 0.06, 0.05));
      else
        corner (left, vary ('i', 0.06, 0.05));
    }
  else
    corner (left, chance ('j', 0.85) ? vary ('k', 0.08, 0.08) : (right - left) * between ('l', 0.15, 0.45));
  line (right, vary ('m', 0.02, 0.05), vary ('n', 0, 0.12));
  if (chance ('o', 0.3))
    to (right + vary ('p', -0.02, 0.05), vary ('q', 0.12, 0.04));
  line (foot, 1, vary ('r', 0.03, 0.08));
  if (chance ('s', 0.06))
    to (foot + vary ('t', 0.03, 0.08), vary ('u', 1, 0.04)); /* a foot */

  if (chance ('v', 0.22))
    {
      double y = between ('w', 0.35, 0.72);
      double middle = right + (foot - right) * y;
      double side = between ('x', 0.12, 0.5);

      lift ();
      corner (middle - side, y + vary ('y', 0.02, 0.05));
      line (middle + side * vary ('z', 1, 0.2), y + vary ('A', -0.02, 0.05), vary ('B', 0, 0.08));
    }
}

/* One line that first goes like an S, then straight back up to the right, where
 * it meets its beginning, crosses it or not; one that begins and ends at the
 * bottom; or two ovals. */
void
lab_digit_path_plan_eight (LabPenPath *p)
{
  double waist = vary ('a', 0.47, 0.06);
  double upper = between ('b', 0.12, 0.45);
  double lower = between ('c', 0.1, 0.42);
  double lean = vary ('d', 0, 0.05); /* of the upper loop against the lower */
  double side = chance ('e', 0.15) ? -1 : 1;
  double start = between ('f', -100, -5);

  if (chance ('g', 0.2))
    {
      double overlap = vary ('h', 0, 0.03);
      double above = vary ('i', -80, 40);
      double below = vary ('j', -80, 40);

      arc (0.5 + lean, waist / 2, upper + 0.08, waist / 2 + overlap, above,
           above - vary ('k', 360, 22), vary ('l', 1, 0.08));
      lift ();
      arc (0.5, (1 + waist) / 2, lower + 0.08, (1 - waist) / 2 + overlap, below,
           below - vary ('m', 365, 18), 1);
      return;
    }
  if (chance ('n', 0.13))
    {
      lower *= between ('o', 0.2, 1);
      to (0.5 - lower * vary ('p', 0.4, 0.3), vary ('q', 1, 0.03));
      to (0.5 - lower, vary ('r', 0.8, 0.05));
      to (0.5 + vary ('s', 0, 0.04), waist + vary ('t', 0, 0.03));
      arc (0.5 + lean, waist / 2, upper, waist / 2, 20, -200, 1);
      to (0.5 + vary ('u', 0, 0.04), waist + vary ('v', 0, 0.03));
      to (0.5 + lower, vary ('w', 0.8, 0.05));
      to (0.5 + lower * vary ('x', 0.2, 0.4), vary ('y', 1, 0.03));
      return;
    }

  /* Mirrored, the angles go the other way around, as the radius is negative. */
  if (chance ('z', 0.85))
    arc (0.5 + side * lean, 0.48 * waist, side * upper, 0.48 * waist, start, -165, 1);
  else
    {
      corner (0.5 + side * (lean + upper), waist * vary ('A', 0.05, 0.12));
      line (0.5 + side * (lean - upper), waist * vary ('B', 0.6, 0.1), vary ('C', -0.05, 0.05));
    }
  to (0.5 + side * vary ('D', 0, 0.05), waist + vary ('E', 0, 0.03));
  to (0.5 + side * lower, waist + (1 - waist) * vary ('F', 0.52, 0.07));
  to (0.5 + side * vary ('G', -0.02, 0.04), 1);
  to (0.5 - side * lower, waist + (1 - waist) * vary ('H', 0.58, 0.07));
  to (0.5 + side * vary ('I', 0, 0.05), waist + vary ('J', 0, 0.04));
  if (chance ('K', 0.6))
    arc (0.5 + side * lean, 0.48 * waist, side * upper, 0.48 * waist, 20,
         start + vary ('L', 10, 25), vary ('M', 1.05, 0.1));
  else if (chance ('N', 0.1))
    to (0.5 + side * (lean + upper * vary ('O', 0.7, 0.2)), waist * vary ('P', 0.6, 0.1));
  else
    to (0.5 + side * (lean + upper * between ('Q', 0.9, 1.7)), waist * vary ('R', 0.1, 0.2));
}

/* A loop, and a stem, straight or curled, in the same stroke or in another. The
 * loop may stay open, but by less than would make a 4 of it at the top or a 5 at
 * the bottom. */
void
lab_digit_path_plan_nine (LabPenPath *p)
{
  double ry = between ('a', 0.15, 0.33);
  double rx = between ('b', 0.15, 0.42);
  double x = vary ('c', 0.45, 0.04);
  double start = vary ('d', -20, 18);
  double right = x + rx * vary ('g', 1, 0.09);
  double foot = right - between ('h', -0.2, 0.45);
  gboolean is_open = chance ('i', 0.12); /* the loop ends below the top of the stem */
  guint first = p->n_knots;

  if (!is_open && chance ('j', 0.2))
    {
      /* The line begins over the stem, or right of it. */
      to (right + vary ('k', 0.05, 0.08), vary ('l', 0.06, 0.05));
      start = -80;
    }
  arc (x, ry, rx, ry, start, is_open ? between ('m', -265, -310) : vary ('n', -345, 22), vary ('o', 1, 0.08));
  tilt (first, x, between ('p', -0.1, 0.4));
  if (chance ('q', 0.12))
    lift ();
  corner (right, ry * (is_open ? between ('r', 0.3, 1) : between ('s', 0, 0.9)));
  if (chance ('t', 0.7))
    line (foot, 1, vary ('u', 0.02, 0.06));
  else
    {
      to (right + vary ('v', -0.02, 0.04), vary ('w', 0.65, 0.08));
      to (foot, vary ('x', 0.95, 0.03));
      to (foot - between ('y', 0.1, 0.6), vary ('z', 0.9, 0.08));
    }
}
