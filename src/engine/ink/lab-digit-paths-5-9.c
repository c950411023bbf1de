/* SPDX-License-Identifier: MIT */

/* The ways that people write the digits 5 to 9, see lab-digit-paths.c. */

#include "lab-digit-paths.h"

#include "lab-pen-words.h"

/* A top bar, a neck and a bowl; in one stroke from the bar's right end, or the
 * bar last, which may miss the rest, reach over it, or be forgotten. */
void
lab_digit_path_plan_five (LabPenPath *p)
{
  double neck = between (0.2, 0.62);
  double neck_x = vary (0.18, 0.06);
  double top_x = neck_x + vary (0.08, 0.06);
  double ry = (1 - neck) / 2 + vary (0.03, 0.03);
  double rx = between (0.22, 0.52);
  double bar = between (0.25, 1);
  gboolean one_stroke = chance (0.5);

  if (one_stroke)
    {
      corner (top_x + bar, vary (-0.01, 0.07));
      line (top_x, vary (0.02, 0.04), vary (0, 0.05));
    }
  else
    corner (top_x, 0);
  line (neck_x, neck, vary (0, 0.04));
  arc (vary (0.42, 0.05), 1 - ry, rx, ry, vary (-85, 25), vary (140, 30), vary (1, 0.08));
  if (!one_stroke && chance (0.92))
    {
      lift ();
      corner (top_x + (chance (0.8) ? vary (0.02, 0.06) : between (-0.35, 0)), vary (0, 0.05));
      line (top_x + bar, vary (-0.03, 0.07), vary (0, 0.06));
    }
}

/* A stem, straight or curled, that runs into a loop. */
void
lab_digit_path_plan_six (LabPenPath *p)
{
  double ry = between (0.13, 0.29);
  double rx = between (0.15, 0.42);
  double lean = between (-0.12, 0.6);
  double bend = lean * between (0, 0.3) + vary (0.01, 0.03);
  double end = chance (0.6) ? vary (-170, 30) : between (-170, -310);
  guint first;

  if (chance (0.16))
    to (0.5 - rx + lean + between (0.08, 0.35), between (0.02, 0.15)); /* a hook */
  to (0.5 - rx + lean, 0);
  to (0.5 - rx + 0.5 * lean - bend, 0.5 * (1 - ry));
  first = p->n_knots;
  if (chance (0.25))
    {
      /* The loop is narrower than the bowl that it ends. */
      double loop = rx * between (0.35, 0.75);

      arc (0.5, 1 - ry, rx, ry, 180, 30, 1);
      arc (0.5 + rx - loop, 1 - ry, loop, ry * between (0.7, 1.1), 0, end - vary (60, 40), vary (1, 0.1));
    }
  else
    arc (0.5, 1 - ry, rx, ry, 180, end, end > -190 ? vary (0.95, 0.1) : between (0.55, 1.05));
  if (chance (0.1))
    to (0.5 - rx - between (0.05, 0.3), 1 - ry * vary (1.1, 0.3)); /* on across the stem */
  tilt (first + 1, 0.5 - rx, between (-0.05, MIN (0.5, (1 - 2 * ry) / (3.5 * rx))));
  if (chance (0.12))
    to (0.5 + vary (0, 0.1), 1 + vary (0.06, 0.04)); /* leaving through the bottom */
}

/* A bar, and a stem that leaves it in a corner or in a curve; perhaps a serif
 * at the left, or a bar across the stem. */
void
lab_digit_path_plan_seven (LabPenPath *p)
{
  double left = vary (0.05, 0.07);
  double right = left + between (0.35, 0.95);
  double foot = right - between (0, 0.65);

  if (chance (0.3))
    {
      /* A serif, or the bar begins in an arch. */
      corner (left + vary (-0.02, 0.04), between (0.1, 0.35));
      if (chance (0.5))
        to (left, vary (0.06, 0.05));
      else
        corner (left, vary (0.06, 0.05));
    }
  else
    corner (left, chance (0.9) ? vary (0.08, 0.08) : between (0.15, 0.4));
  line (right, vary (0.02, 0.05), vary (0, 0.12));
  if (chance (0.3))
    to (right + vary (-0.02, 0.05), vary (0.12, 0.04));
  line (foot, 1, vary (0.03, 0.08));
  if (chance (0.06))
    to (foot + vary (0.03, 0.08), vary (1, 0.04)); /* a foot */

  if (chance (0.15))
    {
      double y = between (0.35, 0.72);
      double middle = right + (foot - right) * y;
      double side = between (0.12, 0.5);

      lift ();
      corner (middle - side, y + vary (0.02, 0.05));
      line (middle + side * vary (1, 0.2), y + vary (-0.02, 0.05), vary (0, 0.08));
    }
}

/* One line that first goes like an S, then straight back up to the right, where
 * it meets its beginning, crosses it or not; one that begins and ends at the
 * bottom; or two ovals. */
void
lab_digit_path_plan_eight (LabPenPath *p)
{
  double waist = vary (0.47, 0.06);
  double upper = between (0.12, 0.45);
  double lower = between (0.1, 0.42);
  double lean = vary (0, 0.05); /* of the upper loop against the lower */
  double side = chance (0.15) ? -1 : 1;
  double start = between (-100, -5);

  if (chance (0.2))
    {
      double overlap = vary (0, 0.03);

      arc (0.5 + lean, waist / 2, upper + 0.08, waist / 2 + overlap, vary (-80, 40), vary (-440, 30), vary (1, 0.08));
      lift ();
      arc (0.5, (1 + waist) / 2, lower + 0.08, (1 - waist) / 2 + overlap, vary (-80, 40), vary (-440, 20), 1);
      return;
    }
  if (chance (0.13))
    {
      lower *= between (0.2, 1);
      to (0.5 - lower * vary (0.4, 0.3), vary (1, 0.03));
      to (0.5 - lower, vary (0.8, 0.05));
      to (0.5 + vary (0, 0.04), waist + vary (0, 0.03));
      arc (0.5 + lean, waist / 2, upper, waist / 2, 20, -200, 1);
      to (0.5 + vary (0, 0.04), waist + vary (0, 0.03));
      to (0.5 + lower, vary (0.8, 0.05));
      to (0.5 + lower * vary (0.2, 0.4), vary (1, 0.03));
      return;
    }

  /* Mirrored, the angles go the other way around, as the radius is negative. */
  if (chance (0.85))
    arc (0.5 + side * lean, 0.48 * waist, side * upper, 0.48 * waist, start, -165, 1);
  else
    {
      corner (0.5 + side * (lean + upper), waist * vary (0.05, 0.12));
      line (0.5 + side * (lean - upper), waist * vary (0.6, 0.1), vary (-0.05, 0.05));
    }
  to (0.5 + side * vary (0, 0.05), waist + vary (0, 0.03));
  to (0.5 + side * lower, waist + (1 - waist) * vary (0.52, 0.07));
  to (0.5 + side * vary (-0.02, 0.04), 1);
  to (0.5 - side * lower, waist + (1 - waist) * vary (0.58, 0.07));
  to (0.5 + side * vary (0, 0.05), waist + vary (0, 0.04));
  if (chance (0.6))
    arc (0.5 + side * lean, 0.48 * waist, side * upper, 0.48 * waist, 20, start + vary (10, 25), vary (1.05, 0.1));
  else if (chance (0.1))
    to (0.5 + side * (lean + upper * vary (0.7, 0.2)), waist * vary (0.6, 0.1));
  else
    to (0.5 + side * (lean + upper * between (0.9, 1.7)), waist * vary (0.1, 0.2));
}

/* A loop, and a stem, straight or curled, in the same stroke or in another. */
void
lab_digit_path_plan_nine (LabPenPath *p)
{
  double ry = between (0.12, 0.33);
  double rx = between (0.12, 0.42);
  double x = vary (0.45, 0.04);
  double start = chance (0.85) ? vary (-25, 25) : between (-60, -110);
  double right = x + rx * vary (1, 0.12);
  double foot = right - between (-0.2, 0.45);
  gboolean is_open = chance (0.2); /* the stem begins below the end of the loop */
  guint first = p->n_knots;

  if (!is_open && chance (0.2))
    {
      /* The line begins over the stem, or right of it. */
      to (right + vary (0.05, 0.08), vary (0.06, 0.05));
      start = -80;
    }
  arc (x, ry, rx, ry, start, is_open ? between (-230, -290) : vary (-345, 22), vary (1, 0.08));
  tilt (first, x, between (-0.1, 0.4));
  if (chance (0.12))
    lift ();
  corner (right, ry * (is_open ? between (0.7, 1.5) : between (0, 0.9)));
  if (chance (0.7))
    line (foot, 1, vary (0.02, 0.06));
  else
    {
      to (right + vary (-0.02, 0.04), vary (0.65, 0.08));
      to (foot, vary (0.95, 0.03));
      to (foot - between (0.1, 0.6), vary (0.9, 0.08));
    }
}
