/* SPDX-License-Identifier: MIT */

/* Scribbles to measure with, of which the same holds as of such letters and
 * shapes, see lab-drawing-paths.c. */

#include "lab-scribble-paths.h"

#include "lab-pen-words.h"

#include <math.h>

/* Circles around one middle. */
static void
plan_rings (LabPenPath *p)
{
  guint n = count ('a', 3, 5);
  double height = between ('b', 0.3, 0.5);

  for (guint i = 0; i < n; i++)
    {
      double size = (i + 1.0) / n;

      lift ();
      arc (0.5, 0.5, 0.5 * size, height * size, vary ('c', -90, 30), vary ('d', 270, 20), vary ('e', 1, 0.05));
    }
}

/* Small circles in a row that rises or falls. */
static void
plan_beads (LabPenPath *p)
{
  guint n = count ('a', 4, 7);
  double rise = between ('b', -0.4, 0.4);
  double radius = 0.45 / n;

  for (guint i = 0; i < n; i++)
    {
      double x = (i + 0.5) / n;

      lift ();
      arc (x, 0.5 + rise * (x - 0.5) + vary ('c', 0, 0.02), radius, radius, 0, vary ('d', 360, 20), 1);
    }
}

/* Lines that spread from one point. */
static void
plan_fan (LabPenPath *p)
{
  guint n = count ('a', 5, 9);
  double spread = between ('b', 90, 200);

  for (guint i = 0; i < n; i++)
    {
      double angle = (-90 + spread * (i / (n - 1.0) - 0.5) + vary ('c', 0, 2)) * (G_PI / 180);
      double length = vary ('d', 0.9, 0.05);

      lift ();
      corner (0.5 + vary ('e', 0, 0.01), 1);
      corner (0.5 + length * cos (angle), 1 + length * sin (angle));
    }
}

/* Needles that grow out of a line and sink back into it, as on a seismograph. */
static void
plan_quake (LabPenPath *p)
{
  guint n = count ('a', 12, 20);
  double middle = between ('b', 0.3, 0.7);

  for (guint i = 0; i <= n; i++)
    {
      double t = (double) i / n;
      double height = 0.6 * exp (-12 * (t - middle) * (t - middle)) * between ('c', 0.5, 1);

      corner (1.2 * t, 0.5 + (i % 2 ? height : -height));
    }
}

/* A patch filled aslant, without taking the pen off. */
static void
plan_patch (LabPenPath *p)
{
  guint n = count ('a', 10, 18);
  double lean = between ('b', 0.2, 0.6);

  for (guint i = 0; i <= n; i++)
    {
      double t = (double) i / n;
      double half = 0.5 * sqrt (MAX (1 - (2 * t - 1) * (2 * t - 1), 0.04));
      double side = i % 2 ? half : -half;

      to (0.5 + side + vary ('c', 0, 0.03), t - lean * side + vary ('d', 0, 0.02));
    }
}

/* A line that curls now this way and now that. */
static void
plan_curls (LabPenPath *p)
{
  guint n = count ('a', 60, 100);
  double angle = between ('b', 0, 2 * G_PI);
  double turn = 0;
  double x = 0.5, y = 0.5;

  for (guint i = 0; i < n; i++)
    {
      turn = 0.85 * turn + vary ('c', 0, 0.35);
      angle += turn;
      x += 0.09 * cos (angle);
      y += 0.09 * sin (angle);
      to (x, y);
    }
}

/* Arches, each inside the next. */
static void
plan_rainbow (LabPenPath *p)
{
  guint n = count ('a', 3, 5);
  double height = between ('b', 0.5, 1);

  for (guint i = 0; i < n; i++)
    {
      double radius = 0.5 * (1 - i / (n + 1.0));

      lift ();
      arc (0.5, 0.7, radius, height * radius, vary ('c', 180, 8), vary ('d', 360, 8), 1);
    }
}

/* Four strokes, and one through them, once or twice. */
static void
plan_tally (LabPenPath *p)
{
  guint n = count ('a', 1, 2);

  for (guint group = 0; group < n; group++)
    {
      double left = 1.1 * group;

      for (guint i = 0; i < 4; i++)
        {
          lift ();
          corner (left + 0.25 * i + vary ('b', 0, 0.03), vary ('c', 0, 0.05));
          corner (left + 0.25 * i + vary ('d', 0, 0.03), vary ('e', 1, 0.05));
        }
      lift ();
      corner (left + vary ('f', -0.12, 0.04), vary ('g', 0.75, 0.08));
      corner (left + vary ('h', 0.87, 0.04), vary ('i', 0.25, 0.08));
    }
}

/* A zigzag down, and over it one across. */
static void
plan_woven (LabPenPath *p)
{
  guint n = count ('a', 5, 9);

  for (guint i = 0; i <= n; i++)
    corner (i % 2 ? vary ('b', 1, 0.04) : vary ('c', 0, 0.04), (double) i / n);
  lift ();
  for (guint i = 0; i <= n; i++)
    corner ((double) i / n, i % 2 ? vary ('b', 1, 0.04) : vary ('c', 0, 0.04));
}

static void (*const scribbles[]) (LabPenPath *) = {
  plan_rings, plan_beads, plan_fan, plan_quake, plan_patch, plan_curls, plan_rainbow, plan_tally, plan_woven,
};

guint
lab_scribble_path_count_test (void)
{
  return G_N_ELEMENTS (scribbles);
}

void
lab_scribble_path_plan_test (LabPenPath *path, guint i)
{
  scribbles[i] (path);
}
