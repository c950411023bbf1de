/* SPDX-License-Identifier: MIT */
#include "lab-doodle.h"

#include "lab-drawing-paths.h"
#include "lab-scribble-paths.h"

#include <math.h>
#include <string.h>

static const LabDoodleKinds kinds[] = {
  LAB_DOODLE_SCRIBBLES, LAB_DOODLE_LETTERS, LAB_DOODLE_SHAPES, LAB_DOODLE_ALL,
};

static void
render (LabDoodleKinds kind, LabDoodlePart part, guint64 seed, guint64 number, LabInk *ink, guint8 *image)
{
  LabInkStyle style;

  lab_doodle_draw (kind, part, seed, number, ink, &style);
  g_assert_false (lab_ink_is_empty (ink));
  for (guint i = 0; i < lab_ink_get_n_strokes (ink); i++)
    {
      gsize n;
      const LabInkPoint *points = lab_ink_get_stroke (ink, i, &n);

      for (gsize k = 0; k < n; k++)
        g_assert_true (fabs (points[k].x) < 5 && fabs (points[k].y) < 5);
    }
  g_assert_true (style.line_width >= 1.2 && style.line_width <= 7);
  lab_ink_render_in_style (ink, &style, image);
}

static void
test_draw (void)
{
  LabInk *ink = lab_ink_new ();

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (LabDoodlePart part = LAB_DOODLE_LEARN; part <= LAB_DOODLE_TEST; part++)
      for (guint number = 0; number < 300; number++)
        {
          guint8 image[LAB_IMAGE_SIZE], again[LAB_IMAGE_SIZE];

          render (kinds[i], part, 1, number, ink, image);
          render (kinds[i], part, 1, number, ink, again);
          g_assert_cmpmem (image, sizeof image, again, sizeof again);
          if (kinds[i] != LAB_DOODLE_SCRIBBLES) /* where dots are alike */
            {
              render (kinds[i], part, 2, number, ink, again);
              g_assert_cmpint (memcmp (image, again, sizeof image), !=, 0);
            }
        }

  g_assert_finalize_object (ink);
}

static const struct
{
  guint (*count) (gboolean second_set);
  void (*plan) (LabPenPath *path, gboolean second_set, guint i);
} sets[] = {
  { lab_letter_path_count, lab_letter_path_plan },
  { lab_shape_path_count, lab_shape_path_plan },
  { lab_scribble_path_count, lab_scribble_path_plan },
};

/* Nothing is in both sets, and all of it fits into a path. */
static void
test_disjoint (void)
{
  LabPenPath *path = g_new (LabPenPath, 1);
  LabPenPath *other = g_new (LabPenPath, 1);

  for (guint set = 0; set < G_N_ELEMENTS (sets); set++)
    for (guint i = 0; i < sets[set].count (FALSE); i++)
      for (guint k = 0; k < sets[set].count (TRUE); k++)
        {
          lab_pen_path_begin (path, nn_rng_new (i));
          sets[set].plan (path, FALSE, i);
          lab_pen_path_begin (other, nn_rng_new (i));
          sets[set].plan (other, TRUE, k);

          g_assert_cmpuint (path->n_knots, <, LAB_PEN_MAX_KNOTS);
          g_assert_cmpuint (other->n_knots, <, LAB_PEN_MAX_KNOTS);
          g_assert_true (path->n_knots != other->n_knots
                         || memcmp (path->knots, other->knots, path->n_knots * sizeof *path->knots) != 0);
        }

  g_free (path);
  g_free (other);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doodle/draw", test_draw);
  g_test_add_func ("/doodle/disjoint", test_disjoint);

  return g_test_run ();
}
