/* SPDX-License-Identifier: MIT */
#include "lab-handwriting.h"

#include "lab-dataset.h"
#include "lab-network.h"
#include "lab-pen-path.h"

#include <math.h>
#include <nn-rng.h>
#include <string.h>

static void
assert_same_ink (LabInk *a, LabInk *b)
{
  g_assert_cmpuint (lab_ink_get_n_strokes (a), ==, lab_ink_get_n_strokes (b));
  for (guint i = 0; i < lab_ink_get_n_strokes (a); i++)
    {
      gsize n_a, n_b;
      const LabInkPoint *points_a = lab_ink_get_stroke (a, i, &n_a);
      const LabInkPoint *points_b = lab_ink_get_stroke (b, i, &n_b);

      g_assert_cmpmem (points_a, n_a * sizeof *points_a, points_b, n_b * sizeof *points_b);
    }
}

/* Checks that @ink is fit to be drawn, in a box not much larger than 1. */
static void
assert_sane (LabInk *ink, const LabInkStyle *style)
{
  double time = -1;

  g_assert_false (lab_ink_is_empty (ink));
  g_assert_cmpuint (lab_ink_get_n_points (ink), <, 1000);
  for (guint i = 0; i < lab_ink_get_n_strokes (ink); i++)
    {
      gsize n;
      const LabInkPoint *points = lab_ink_get_stroke (ink, i, &n);

      for (gsize k = 0; k < n; k++)
        {
          g_assert_true (fabs (points[k].x) < 4 && fabs (points[k].y) < 4);
          g_assert_true (points[k].pressure >= 0.2 && points[k].pressure <= 1);
          g_assert_true (points[k].time >= time);
          time = points[k].time;
        }
    }

  g_assert_true (style->line_width >= 1.2 && style->line_width <= 7);
  g_assert_true (style->box_side >= 16 && style->box_side <= 20);
  g_assert_true (style->pressure >= 0 && style->pressure <= 1);
}

static void
test_write (void)
{
  LabInk *ink = lab_ink_new ();
  LabInk *again = lab_ink_new ();
  LabInkStyle style, style_again;

  for (guint digit = 0; digit < LAB_N_CLASSES; digit++)
    for (guint number = 0; number < 500; number++)
      {
        lab_handwriting_write (digit, 1, number, ink, &style);
        assert_sane (ink, &style);
        g_assert_cmpuint (lab_ink_get_n_strokes (ink), <=, 3);

        lab_handwriting_write (digit, 1, number, again, &style_again);
        assert_same_ink (ink, again);
        g_assert_cmpfloat (style.line_width, ==, style_again.line_width);
        g_assert_cmpfloat (style.pressure, ==, style_again.pressure);
      }

  g_assert_finalize_object (ink);
  g_assert_finalize_object (again);
}

/* A plan's random numbers depend on the place in the path and on the letter of the
 * question alone, and stay the same from one version to the next. */
static void
test_questions (void)
{
  LabPenPath *path = g_new (LabPenPath, 1);
  LabPenPath *other = g_new (LabPenPath, 1);
  double a, b;

  lab_pen_path_begin (path, nn_rng_new (1));
  a = lab_pen_path_between (path, 'a', 0, 1);
  b = lab_pen_path_between (path, 'b', 0, 1);
  g_assert_cmpfloat (a, !=, b);

  lab_pen_path_begin (other, nn_rng_new (1));
  lab_pen_path_vary (other, 'Z', 0, 1);
  g_assert_cmpfloat (lab_pen_path_between (other, 'b', 0, 1), ==, b);
  g_assert_cmpfloat (lab_pen_path_between (other, 'a', 0, 1), ==, a);

  /* The next place, be it with the pen on the paper or off it, is another one. */
  lab_pen_path_corner (path, 0, 0);
  b = lab_pen_path_between (path, 'a', 0, 1);
  g_assert_cmpfloat (a, !=, b);
  lab_pen_path_lift (path);
  g_assert_cmpfloat (lab_pen_path_between (path, 'a', 0, 1), !=, b);

  g_test_expect_message ("digit-lab", G_LOG_LEVEL_WARNING, "*asked*");
  lab_pen_path_between (path, 'a', 0, 1);
  g_test_assert_expected_messages ();

  lab_pen_path_begin (path, nn_rng_new (1));
  g_assert_cmpfloat_with_epsilon (lab_pen_path_between (path, 'a', 0, 1), 0.3936459111184, 1e-12);
  g_assert_cmpfloat_with_epsilon (lab_pen_path_vary (path, 'b', 0, 1), 1.7569254936600, 1e-12);
  g_assert_cmpuint (lab_pen_path_count (path, 'c', 0, 1000), ==, 590);

  g_free (path);
  g_free (other);
}

/* No two digits are the same, nor those of two seeds. */
static void
test_variety (void)
{
  LabInk *ink = lab_ink_new ();
  GHashTable *seen = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);

  for (guint seed = 1; seed <= 2; seed++)
    for (guint number = 0; number < 1000; number++)
      {
        guint8 image[LAB_IMAGE_SIZE];
        LabInkStyle style;

        lab_handwriting_write (number % LAB_N_CLASSES, seed, number, ink, &style);
        lab_ink_render_in_style (ink, &style, image);
        g_assert_true (g_hash_table_add (seen, g_bytes_new (image, sizeof image)));
      }

  g_hash_table_unref (seen);
  g_assert_finalize_object (ink);
}

/* A 1 with a flag, in the unit of a large drawing. */
static LabInk *
draw_model (double scale)
{
  LabInk *model = lab_ink_new ();

  lab_ink_begin_stroke (model, (LabInkPoint){ 100 * scale, 300 * scale, 1, 0 });
  for (guint i = 1; i <= 50; i++)
    lab_ink_add_point (model, (LabInkPoint){ (100 + 4 * i) * scale, (300 - 5 * i) * scale, 1, 0 });
  for (guint i = 1; i <= 200; i++)
    lab_ink_add_point (model, (LabInkPoint){ 300 * scale, (50 + 5 * i) * scale, 1, 0 });
  lab_ink_end_stroke (model);
  lab_ink_set_pen_width (model, 20 * scale);

  return model;
}

static void
test_vary (void)
{
  static const double scales[] = { 1, 1e-6, 1e5 };
  LabInk *ink = lab_ink_new ();
  LabInk *again = lab_ink_new ();
  LabInkStyle style;

  for (guint i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      LabInk *model = draw_model (scales[i]);
      LabInk *copy = draw_model (scales[i]);

      for (guint number = 0; number < 200; number++)
        {
          lab_handwriting_vary (model, 1, number, ink, &style);
          assert_sane (ink, &style);
          g_assert_cmpuint (lab_ink_get_n_strokes (ink), ==, 1);
          g_assert_cmpfloat_with_epsilon (lab_ink_get_pen_width (ink), 0.02, 1e-3);
          lab_handwriting_vary (model, 1, number, again, &style);
          assert_same_ink (ink, again);
        }
      assert_same_ink (model, copy);
      g_assert_finalize_object (model);
      g_assert_finalize_object (copy);
    }

  g_assert_finalize_object (ink);
  g_assert_finalize_object (again);
}

/* What is no proper drawing is varied all the same. */
static void
test_vary_odd (void)
{
  LabInk *model = lab_ink_new ();
  LabInk *ink = lab_ink_new ();
  LabInkStyle style;
  NnRng rng = nn_rng_new (1);
  guint8 image[LAB_IMAGE_SIZE];
  guint lit = 0;

  lab_handwriting_vary (model, 1, 0, ink, &style);
  g_assert_true (lab_ink_is_empty (ink));

  /* A dot stays one. */
  lab_ink_begin_stroke (model, (LabInkPoint){ LAB_INK_MAX_COORDINATE, -LAB_INK_MAX_COORDINATE, 1, 0 });
  lab_ink_set_pen_width (model, 3);
  lab_handwriting_vary (model, 1, 0, ink, &style);
  g_assert_cmpuint (lab_ink_get_n_points (ink), ==, 1);
  lab_ink_render_in_style (ink, &style, image);
  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    lit += image[i] > 0;
  g_assert_cmpuint (lit, >, 0);
  g_assert_cmpuint (lit, <, 50);

  /* Far more strokes and points than a path has room for. */
  for (guint i = 0; i < 1000; i++)
    {
      lab_ink_begin_stroke (model, (LabInkPoint){ nn_rng_uniform (&rng), nn_rng_uniform (&rng), 1, 0 });
      for (guint k = 0; k < 20; k++)
        lab_ink_add_point (model, (LabInkPoint){ nn_rng_uniform (&rng) * 1e9, nn_rng_uniform (&rng), 1, 0 });
    }
  lab_handwriting_vary (model, 1, 0, ink, &style);
  g_assert_cmpuint (lab_ink_get_n_points (ink), >, 0);

  g_assert_finalize_object (model);
  g_assert_finalize_object (ink);
}

/* Only edges change, and each time in another way. */
static void
test_roughen (void)
{
  guint8 clean[LAB_IMAGE_SIZE] = { 0 };
  guint8 image[LAB_IMAGE_SIZE], again[LAB_IMAGE_SIZE];

  for (guint y = 8; y < 20; y++)
    for (guint x = 10; x < 18; x++)
      clean[y * LAB_IMAGE_SIDE + x] = x == 10 ? 128 : 255;
  clean[LAB_IMAGE_SIZE - 1] = 255;

  for (guint number = 0; number < 200; number++)
    {
      memcpy (image, clean, sizeof image);
      lab_handwriting_roughen (image, 1, number);
      for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
        {
          guint x = i % LAB_IMAGE_SIDE;
          guint y = i / LAB_IMAGE_SIDE;

          if (x >= 12 && x < 17 && y >= 9 && y < 19)
            g_assert_cmpuint (image[i], ==, 255);
          else if (x < 9 || (x >= 19 && x < 26) || y < 7 || (y >= 21 && y < 26))
            g_assert_cmpuint (image[i], ==, 0);
        }

      memcpy (again, clean, sizeof again);
      lab_handwriting_roughen (again, 1, number);
      g_assert_cmpmem (image, sizeof image, again, sizeof again);
      lab_handwriting_roughen (again, 1, number + 1);
      g_assert_cmpint (memcmp (image, again, sizeof image), !=, 0);
    }
}

typedef double Mean[LAB_IMAGE_SIZE];

/* Returns which class has the mean that @image is nearest to. */
static guint
nearest (const Mean *means, const guint8 *image)
{
  double least = G_MAXDOUBLE;
  guint found = 0;

  for (guint k = 0; k < LAB_N_CLASSES; k++)
    {
      double sum = 0;

      for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
        sum += (image[i] - means[k][i]) * (image[i] - means[k][i]);
      if (sum < least)
        {
          least = sum;
          found = k;
        }
    }
  return found;
}

/* They can be told apart by the means of the classes, though not as well as
 * MNIST's, of which 82 % are nearest to the right one: they vary more. */
static void
test_nearest_mean (void)
{
  g_autoptr (LabDataset) train = lab_dataset_new_handwriting (5000, 1, 0, NULL, NULL);
  g_autoptr (LabDataset) test = lab_dataset_new_handwriting (2000, 2, 0, NULL, NULL);
  Mean *means = g_new0 (Mean, LAB_N_CLASSES);
  guint right = 0;

  for (guint i = 0; i < 5000; i++)
    for (guint k = 0; k < LAB_IMAGE_SIZE; k++)
      means[lab_dataset_get_label (train, i)][k] += lab_dataset_get_image (train, i)[k] / 500.0;
  for (guint i = 0; i < 2000; i++)
    right += nearest (means, lab_dataset_get_image (test, i)) == lab_dataset_get_label (test, i);

  g_test_message ("%u of 2000", right);
  g_assert_cmpuint (right, >, 1200);
  g_assert_cmpuint (right, <, 1600);
  g_free (means);
}

/* A network that knows real digits reads them. */
static void
test_bundled (void)
{
  g_autoptr (LabDataset) test = lab_dataset_new_handwriting (2000, 3, 0, NULL, NULL);
  LabNetwork *network = lab_network_new_bundled ();
  guint right = 0;

  for (guint i = 0; i < 2000; i++)
    {
      float probabilities[LAB_N_CLASSES];
      guint best = 0;

      lab_network_predict (network, lab_dataset_get_image (test, i), probabilities);
      for (guint k = 1; k < LAB_N_CLASSES; k++)
        if (probabilities[k] > probabilities[best])
          best = k;
      right += best == lab_dataset_get_label (test, i);
    }

  g_test_message ("%u of 2000", right);
  g_assert_cmpuint (right, >, 1800);
  g_assert_finalize_object (network);
}

/* Draws the open 4 of a pocket calculator, in two strokes. */
static void
draw_open_four (LabInk *ink, double width, double bar, double left_top)
{
  lab_ink_clear (ink);
  lab_ink_begin_stroke (ink, (LabInkPoint){ 0, left_top, 1, 0 });
  lab_ink_add_point (ink, (LabInkPoint){ 0, bar, 1, 0 });
  lab_ink_add_point (ink, (LabInkPoint){ width, bar, 1, 0 });
  lab_ink_begin_stroke (ink, (LabInkPoint){ width, 0, 1, 0 });
  lab_ink_add_point (ink, (LabInkPoint){ width, 1, 1, 0 });
  lab_ink_end_stroke (ink);
}

/* The built-in network does not take it for a 9. */
static void
test_open_four (void)
{
  LabNetwork *network = lab_network_new_bundled ();
  LabInk *ink = lab_ink_new ();

  for (double width = 0.3; width < 0.95; width += 0.1)
    for (double bar = 0.4; bar < 0.75; bar += 0.1)
      for (double left_top = 0; left_top < 0.25; left_top += 0.1)
        {
          guint8 image[LAB_IMAGE_SIZE];
          float probabilities[LAB_N_CLASSES];

          draw_open_four (ink, width, bar, left_top);
          lab_ink_render (ink, image);
          lab_network_predict (network, image, probabilities);
          g_assert_cmpfloat (probabilities[4], >, 0.5);
        }

  g_assert_finalize_object (ink);
  g_assert_finalize_object (network);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/handwriting/write", test_write);
  g_test_add_func ("/handwriting/questions", test_questions);
  g_test_add_func ("/handwriting/variety", test_variety);
  g_test_add_func ("/handwriting/vary", test_vary);
  g_test_add_func ("/handwriting/vary-odd", test_vary_odd);
  g_test_add_func ("/handwriting/roughen", test_roughen);
  g_test_add_func ("/handwriting/nearest-mean", test_nearest_mean);
  g_test_add_func ("/handwriting/bundled", test_bundled);
  g_test_add_func ("/handwriting/open-four", test_open_four);

  return g_test_run ();
}
