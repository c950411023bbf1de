/* SPDX-License-Identifier: MIT */
#include "lab-pen-path.h"

#include <math.h>

/* An ellipse has a knot at least every so many degrees. */
#define ARC_STEP 45

/* Returns the random numbers that answer a question. */
static NnRng
ask (LabPenPath *path, char question)
{
  guint64 bit = G_GUINT64_CONSTANT (1) << (question - 'A');

  g_warn_if_fail ((path->asked & bit) == 0);
  path->asked |= bit;
  return nn_rng_for (path->seed, question, 2 * path->n_knots + (path->lifted ? 1 : 0));
}

void
lab_pen_path_begin (LabPenPath *path, NnRng rng)
{
  path->rng = rng;
  path->seed = nn_rng_next (&path->rng);
  path->asked = 0;
  path->n_knots = 0;
  path->lifted = TRUE;
}

double
lab_pen_path_vary (LabPenPath *path, char question, double mean, double deviation)
{
  NnRng rng = ask (path, question);
  double normal = nn_rng_normal (&rng);

  return mean + CLAMP (normal, -2.5, 2.5) * deviation;
}

double
lab_pen_path_between (LabPenPath *path, char question, double least, double most)
{
  NnRng rng = ask (path, question);

  return least + nn_rng_uniform (&rng) * (most - least);
}

guint
lab_pen_path_count (LabPenPath *path, char question, guint least, guint most)
{
  NnRng rng = ask (path, question);

  return least + nn_rng_below (&rng, most - least + 1);
}

gboolean
lab_pen_path_chance (LabPenPath *path, char question, double probability)
{
  NnRng rng = ask (path, question);

  return nn_rng_uniform (&rng) < probability;
}

static void
add_knot (LabPenPath *path, double x, double y, LabKnotKind kind)
{
  path->asked = 0;
  if (path->n_knots == LAB_PEN_MAX_KNOTS)
    return;
  path->knots[path->n_knots++] = (LabKnot){ x, y, path->lifted ? LAB_KNOT_START : kind };
  path->lifted = FALSE;
}

void
lab_pen_path_lift (LabPenPath *path)
{
  if (!path->lifted)
    path->asked = 0;
  path->lifted = TRUE;
}

void
lab_pen_path_to (LabPenPath *path, double x, double y)
{
  add_knot (path, x, y, LAB_KNOT_SMOOTH);
}

void
lab_pen_path_corner (LabPenPath *path, double x, double y)
{
  add_knot (path, x, y, LAB_KNOT_CORNER);
}

void
lab_pen_path_line (LabPenPath *path, double x, double y, double bend)
{
  if (!path->lifted && path->n_knots > 0)
    {
      const LabKnot *last = &path->knots[path->n_knots - 1];
      double dx = x - last->x;
      double dy = y - last->y;

      add_knot (path, last->x + dx / 2 - dy * bend, last->y + dy / 2 + dx * bend, LAB_KNOT_SMOOTH);
    }
  add_knot (path, x, y, LAB_KNOT_CORNER);
}

void
lab_pen_path_arc (LabPenPath *path, double x, double y, double radius_x, double radius_y,
                  double from, double to, double growth)
{
  guint n_steps = MAX (1, ceil (fabs (to - from) / ARC_STEP));

  for (guint i = 0; i <= n_steps; i++)
    {
      double t = (double) i / n_steps;
      double angle = (from + t * (to - from)) * (G_PI / 180);
      double grown = 1 + t * (growth - 1);

      add_knot (path, x + grown * radius_x * cos (angle), y + grown * radius_y * sin (angle), LAB_KNOT_SMOOTH);
    }
}

void
lab_pen_path_tilt (LabPenPath *path, guint first, double x, double rise)
{
  for (guint i = first; i < path->n_knots; i++)
    path->knots[i].y -= rise * (path->knots[i].x - x);
}
