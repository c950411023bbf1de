/* SPDX-License-Identifier: MIT */
#include "lab-ink.h"
#include "lab-stroke.h"
#include "test-image.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* The style that the numbers below are worked out for, whatever the program
 * draws with. */
#define LINE_WIDTH 2.4
#define BOX_SIDE 20
static const LabInkStyle style = { LINE_WIDTH, BOX_SIDE, 0 };

/* Of a disc, or the two ends of a line. Its edge is soft, half a pixel to both
 * sides, and the outer half is the longer one. */
#define DOT_AREA (G_PI * (LINE_WIDTH * LINE_WIDTH / 4 + 1.0 / 12))

static void
draw (LabInk *ink, const double (*points)[2], gsize n_points, double scale, double dx, double dy)
{
  for (gsize i = 0; i < n_points; i++)
    {
      LabInkPoint point = { points[i][0] * scale + dx, points[i][1] * scale + dy, 1, i * 0.01 };

      if (i == 0)
        lab_ink_begin_stroke (ink, point);
      else
        lab_ink_add_point (ink, point);
    }
  lab_ink_end_stroke (ink);
}

static void
draw_line (LabInk *ink, double x0, double y0, double x1, double y1)
{
  const double points[][2] = { { x0, y0 }, { x1, y1 } };

  draw (ink, points, G_N_ELEMENTS (points), 1, 0, 0);
}

/* A seven with a bar, of two strokes; nothing about it is symmetrical. */
static void
draw_seven (LabInk *ink, double scale, double dx, double dy)
{
  const double hook[][2] = { { 0, 3 }, { 40, 0 }, { 80, 2 }, { 60, 40 }, { 47, 90 }, { 35, 140 } };
  const double bar[][2] = { { 20, 66 }, { 90, 60 } };

  draw (ink, hook, G_N_ELEMENTS (hook), scale, dx, dy);
  draw (ink, bar, G_N_ELEMENTS (bar), scale, dx, dy);
}

static double
mass (const guint8 *image)
{
  double sum = 0;

  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    sum += image[i];

  return sum / 255;
}

static guint
row_sum (const guint8 *image, guint row)
{
  guint sum = 0;

  for (guint i = 0; i < LAB_IMAGE_SIDE; i++)
    sum += image[row * LAB_IMAGE_SIDE + i];

  return sum;
}

static void
assert_centred (const guint8 *image)
{
  double x, y;

  test_image_find_centre (image, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, LAB_MASS_CENTRE, 0.05);
  g_assert_cmpfloat_with_epsilon (y, LAB_MASS_CENTRE, 0.05);
}

static void
test_empty (void)
{
  LabInk *ink = lab_ink_new ();
  guint8 image[LAB_IMAGE_SIZE];
  guint8 zeros[LAB_IMAGE_SIZE] = { 0 };

  memset (image, 0xaa, sizeof image);
  lab_ink_render_in_style (ink, &style, image);
  g_assert_cmpmem (image, sizeof image, zeros, sizeof zeros);

  draw_seven (ink, 1, 0, 0);
  lab_ink_render_in_style (ink, &style, image);
  g_assert_cmpfloat (mass (image), >, 40);

  lab_ink_clear (ink);
  lab_ink_render_in_style (ink, &style, image);
  g_assert_cmpmem (image, sizeof image, zeros, sizeof zeros);

  g_assert_finalize_object (ink);
}

static void
test_vertical_line (void)
{
  LabInk *ink = lab_ink_new ();
  guint8 image[LAB_IMAGE_SIZE];
  const double area = (BOX_SIDE - LINE_WIDTH) * LINE_WIDTH + DOT_AREA;

  draw_line (ink, 5, -20, 5, 30);
  lab_ink_render_in_style (ink, &style, image);

  /* The line goes from 4.5 to 24.5: half of it in row 4, half in row 24. */
  g_assert_cmpuint (row_sum (image, 3), ==, 0);
  g_assert_cmpuint (row_sum (image, 4), >, 100);
  g_assert_cmpuint (row_sum (image, 24), >, 100);
  g_assert_cmpuint (row_sum (image, 25), ==, 0);
  for (guint row = 6; row < 23; row++)
    g_assert_cmpfloat_with_epsilon (row_sum (image, row) / 255.0, LINE_WIDTH, 0.02);
  g_assert_cmpfloat_with_epsilon (mass (image), area, 0.3);
  assert_centred (image);

  g_assert_finalize_object (ink);
}

/* Lines of any width are as wide as they should be, and as wide as the pen was
 * pressed. */
static void
test_width (void)
{
  LabInk *ink = lab_ink_new ();
  guint8 image[LAB_IMAGE_SIZE];

  for (double width = 0.3; width < 6; width += 0.3)
    {
      lab_ink_clear (ink);
      draw_line (ink, 0, 0, 0, 50);
      lab_ink_render_in_style (ink, &(LabInkStyle) { width, BOX_SIDE, 0 }, image);
      g_assert_cmpfloat_with_epsilon (row_sum (image, 14) / 255.0, width, 0.02);
    }

  lab_ink_clear (ink);
  lab_ink_begin_stroke (ink, (LabInkPoint) { 0, 0, 0, 0 });
  lab_ink_add_point (ink, (LabInkPoint) { 0, 100, 1, 0 });
  lab_ink_end_stroke (ink);
  lab_ink_render_in_style (ink, &(LabInkStyle) { 4, 20, 1 }, image);
  for (guint row = 8; row < 17; row++)
    {
      double slope = row_sum (image, row) / 255.0 - row_sum (image, row - 1) / 255.0;

      g_assert_cmpfloat_with_epsilon (slope, 4.0 / 16, 0.03);
    }
  lab_ink_render_in_style (ink, &(LabInkStyle) { 4, 20, 0.5 }, image);
  g_assert_cmpfloat_with_epsilon (row_sum (image, 16) / 255.0 - row_sum (image, 8) / 255.0, 1, 0.1);

  g_assert_finalize_object (ink);
}

/* Compares with the plain formula, worked out for every pixel. */
static void
test_pieces (void)
{
  GRand *rand = g_rand_new_with_seed (1);

  for (guint round = 0; round < 2000; round++)
    {
      float coverage[LAB_IMAGE_SIZE] = { 0 };
      LabDisc ends[2];
      double dx, dy;

      for (guint i = 0; i < 2; i++)
        ends[i] = (LabDisc) { g_rand_double_range (rand, -5, 33),
                              round % 5 == 0 && i > 0 ? ends[0].y : g_rand_double_range (rand, -5, 33),
                              g_rand_double_range (rand, 0, 4) };
      if (round % 7 == 0)
        ends[1].x = ends[0].x;
      lab_stroke_draw (coverage, ends[0], ends[1]);

      dx = ends[1].x - ends[0].x;
      dy = ends[1].y - ends[0].y;
      for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
        {
          double x = i % LAB_IMAGE_SIDE + 0.5 - ends[0].x;
          double y = i / LAB_IMAGE_SIDE + 0.5 - ends[0].y;
          double square = dx * dx + dy * dy;
          double t = square > 0 ? CLAMP ((x * dx + y * dy) / square, 0, 1) : 0;
          double radius = ends[0].radius + t * (ends[1].radius - ends[0].radius);
          double cover = radius + 0.5 - hypot (x - t * dx, y - t * dy);

          g_assert_cmpfloat_with_epsilon (coverage[i], CLAMP (cover, 0, MIN (2 * radius, 1)), 1e-4);
        }
    }

  g_rand_free (rand);
}

/* These very bytes, on every computer. */
static void
test_bytes (void)
{
  LabInk *ink = lab_ink_new ();
  guint8 image[LAB_IMAGE_SIZE];
  g_autofree char *sum = NULL;

  draw_seven (ink, 1, 0, 0);
  lab_ink_render_in_style (ink, &style, image);
  sum = g_compute_checksum_for_data (G_CHECKSUM_MD5, image, sizeof image);
  g_assert_cmpstr (sum, ==, "74e76b32d20d74a45b7dbf46e99fa1b6");

  g_assert_finalize_object (ink);
}

static void
test_box (void)
{
  LabInk *ink = lab_ink_new ();
  LabInkBox box = { 1, 2, 3, 4 };

  g_assert_false (lab_ink_get_box (ink, &box));
  draw_seven (ink, 2, 10, -1000);
  g_assert_true (lab_ink_get_box (ink, &box));
  g_assert_cmpfloat (box.left, ==, 10);
  g_assert_cmpfloat (box.top, ==, -1000);
  g_assert_cmpfloat (box.right, ==, 190);
  g_assert_cmpfloat (box.bottom, ==, -720);

  g_assert_finalize_object (ink);
}

static void
test_frame (void)
{
  const double corners[][2] = { { 0, 0 }, { 100, 0 }, { 100, 60 }, { 0, 60 }, { 0, 0 } };
  LabInk *ink = lab_ink_new ();
  guint8 image[LAB_IMAGE_SIZE];
  const guint8 *row = image + 14 * LAB_IMAGE_SIDE;

  draw (ink, corners, G_N_ELEMENTS (corners), 1, 0, 0);
  lab_ink_render_in_style (ink, &style, image);

  /* From 4.5 to 24.5 across, the line on either side 2.4 wide. */
  g_assert_cmpuint (row[3], ==, 0);
  g_assert_cmpint (ABS (row[4] - 128), <=, 3);
  g_assert_cmpuint (row[5], ==, 255);
  g_assert_cmpint (ABS (row[6] - 230), <=, 3);
  g_assert_cmpuint (row[7], ==, 0);
  g_assert_cmpuint (row[23], ==, 255);
  g_assert_cmpint (ABS (row[24] - 128), <=, 3);
  g_assert_cmpuint (row[25], ==, 0);
  assert_centred (image);

  g_assert_finalize_object (ink);
}

/* As many points as a mouse gives: those that are left out must not be missed. */
static void
test_circle (void)
{
  LabInk *ink = lab_ink_new ();
  guint8 image[LAB_IMAGE_SIZE];

  lab_ink_begin_stroke (ink, (LabInkPoint) { 100, 0, 1, 0 });
  for (guint i = 1; i <= 720; i++)
    lab_ink_add_point (ink, (LabInkPoint) { 100 * cos (i * G_PI / 360), 100 * sin (i * G_PI / 360), 1, 0 });
  lab_ink_render_in_style (ink, &style, image);

  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    {
      double radius = hypot (i % LAB_IMAGE_SIDE + 0.5 - 14.5, i / LAB_IMAGE_SIDE + 0.5 - 14.5);
      double distance = fabs (radius - (BOX_SIDE - LINE_WIDTH) / 2);

      g_assert_cmpfloat_with_epsilon (image[i] / 255.0, CLAMP (LINE_WIDTH / 2 + 0.5 - distance, 0, 1), 0.12);
    }

  g_assert_finalize_object (ink);
}

static void
test_centred (void)
{
  const double two[][2] = { { 0, 10 }, { 20, 0 }, { 40, 12 }, { 30, 40 }, { 0, 70 }, { 20, 68 }, { 60, 72 } };
  const double hook[][2] = { { 0, 0 }, { 0, 100 }, { 50, 100 } };
  LabInk *ink = lab_ink_new ();
  guint8 image[LAB_IMAGE_SIZE];

  draw_seven (ink, 1, 0, 0);
  lab_ink_render_in_style (ink, &style, image);
  assert_centred (image);

  lab_ink_clear (ink);
  draw (ink, two, G_N_ELEMENTS (two), 1, 0, 0);
  lab_ink_render_in_style (ink, &style, image);
  assert_centred (image);

  lab_ink_clear (ink);
  draw (ink, hook, G_N_ELEMENTS (hook), 1, 0, 0);
  lab_ink_render_in_style (ink, &style, image);
  assert_centred (image);

  for (double angle = 0; angle < 3.1; angle += 0.1)
    {
      lab_ink_clear (ink);
      draw_line (ink, 0, 0, cos (angle), sin (angle));
      lab_ink_render_in_style (ink, &style, image);
      assert_centred (image);
    }

  g_assert_finalize_object (ink);
}

static void
test_scale_invariance (void)
{
  const double placements[][3] = { { 0.1, 0, 0 }, { 37, -5000, 812 }, { 1e-4, 3, 3 }, { 1e6, 0, 1e7 } };
  LabInk *ink = lab_ink_new ();
  guint8 expected[LAB_IMAGE_SIZE];
  guint8 image[LAB_IMAGE_SIZE];

  draw_seven (ink, 1, 0, 0);
  lab_ink_render_in_style (ink, &style, expected);

  for (gsize i = 0; i < G_N_ELEMENTS (placements); i++)
    {
      lab_ink_clear (ink);
      draw_seven (ink, placements[i][0], placements[i][1], placements[i][2]);
      lab_ink_render_in_style (ink, &style, image);
      for (guint k = 0; k < LAB_IMAGE_SIZE; k++)
        g_assert_cmpint (ABS (image[k] - expected[k]), <=, 1);
    }

  g_assert_finalize_object (ink);
}

static void
test_same_again (void)
{
  LabInk *ink = lab_ink_new ();
  LabInk *other = lab_ink_new ();
  guint8 first[LAB_IMAGE_SIZE];
  guint8 image[LAB_IMAGE_SIZE];

  draw_seven (ink, 1, 0, 0);
  lab_ink_render_in_style (ink, &style, first);
  lab_ink_render_in_style (ink, &style, image);
  g_assert_cmpmem (image, sizeof image, first, sizeof first);

  draw_line (other, 0, 0, 9, 1);
  lab_ink_render_in_style (other, &style, image);
  lab_ink_clear (other);
  draw_seven (other, 1, 0, 0);
  lab_ink_render_in_style (other, &style, image);
  g_assert_cmpmem (image, sizeof image, first, sizeof first);

  g_assert_finalize_object (other);
  g_assert_finalize_object (ink);
}

/* Counts the rows that have ink. */
static guint
count_rows (const guint8 *image)
{
  guint rows = 0;

  for (guint row = 0; row < LAB_IMAGE_SIDE; row++)
    rows += row_sum (image, row) > 0;

  return rows;
}

static void
test_dot (void)
{
  LabInk *ink = lab_ink_new ();
  guint8 image[LAB_IMAGE_SIZE];

  lab_ink_begin_stroke (ink, (LabInkPoint) { 300, 200, 1, 0 });
  lab_ink_end_stroke (ink);
  lab_ink_render_in_style (ink, &style, image);
  g_assert_cmpfloat_with_epsilon (mass (image), DOT_AREA, 0.2);
  g_assert_cmpuint (count_rows (image), <=, 4);
  assert_centred (image);

  /* The pen was 10 wide, so that 19.9 is a smudge and 20.1 a small digit. */
  lab_ink_set_pen_width (ink, 10);
  lab_ink_clear (ink);
  draw_line (ink, 0, 0, 0, 19.9);
  lab_ink_render_in_style (ink, &style, image);
  g_assert_cmpfloat_with_epsilon (mass (image), DOT_AREA + 1.99 * LINE_WIDTH * LINE_WIDTH, 0.2);
  assert_centred (image);

  lab_ink_clear (ink);
  draw_line (ink, 0, 0, 0, 20.1);
  lab_ink_render_in_style (ink, &style, image);
  g_assert_cmpuint (count_rows (image), ==, BOX_SIDE + 1);
  assert_centred (image);

  g_assert_finalize_object (ink);
}

/* Nearly all the ink is at the top, so that centring it by mass would push the
 * tail over the lower edge. */
static void
test_stays_inside (void)
{
  LabInk *ink = lab_ink_new ();
  guint8 image[LAB_IMAGE_SIZE];

  for (guint y = 0; y <= 40; y += 4)
    draw_line (ink, 0, y, 100, y);
  draw_line (ink, 50, 0, 50, 100);
  lab_ink_render_in_style (ink, &style, image);

  g_assert_cmpuint (row_sum (image, 7), ==, 0);
  g_assert_cmpuint (row_sum (image, 8), >, 18 * 255);
  g_assert_cmpuint (row_sum (image, 27), >, 255);
  g_assert_cmpfloat_with_epsilon (row_sum (image, 24) / 255.0, LINE_WIDTH, 0.02);

  g_assert_finalize_object (ink);
}

static void
test_hostile_points (void)
{
  const double bad[] = { NAN, INFINITY, -INFINITY, DBL_MAX, -1.1 * LAB_INK_MAX_COORDINATE };
  LabInk *ink = lab_ink_new ();
  guint8 image[LAB_IMAGE_SIZE];
  guint8 expected[LAB_IMAGE_SIZE];
  gsize n_points;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      lab_ink_begin_stroke (ink, (LabInkPoint) { bad[i], 0, 1, 0 });
      lab_ink_add_point (ink, (LabInkPoint) { 0, bad[i], 1, 0 });
      lab_ink_end_stroke (ink);
    }
  g_assert_true (lab_ink_is_empty (ink));
  g_assert_cmpuint (lab_ink_get_n_strokes (ink), ==, 0);

  /* A stroke whose first point is bad begins with the first good one. */
  lab_ink_begin_stroke (ink, (LabInkPoint) { NAN, 0, 1, 0 });
  lab_ink_add_point (ink, (LabInkPoint) { 1, 2, NAN, INFINITY });
  lab_ink_add_point (ink, (LabInkPoint) { 1, 5, -3, 7 });
  g_assert_cmpuint (lab_ink_get_n_strokes (ink), ==, 1);
  g_assert_cmpfloat (lab_ink_get_stroke (ink, 0, &n_points)[0].pressure, ==, 1);
  g_assert_cmpfloat (lab_ink_get_stroke (ink, 0, &n_points)[0].time, ==, 0);
  g_assert_cmpfloat (lab_ink_get_stroke (ink, 0, &n_points)[1].pressure, ==, 0);
  g_assert_cmpuint (n_points, ==, 2);
  lab_ink_render_in_style (ink, &style, expected);

  /* As large as it may be, and so small that it has no size. */
  lab_ink_clear (ink);
  draw_line (ink, 0, -LAB_INK_MAX_COORDINATE, 0, LAB_INK_MAX_COORDINATE);
  lab_ink_render_in_style (ink, &style, image);
  g_assert_cmpmem (image, sizeof image, expected, sizeof expected);

  lab_ink_clear (ink);
  draw_line (ink, 0, 0, 0, DBL_TRUE_MIN);
  lab_ink_render_in_style (ink, &style, image);
  g_assert_cmpuint (count_rows (image), <=, 4);
  assert_centred (image);

  lab_ink_set_pen_width (ink, DBL_TRUE_MIN);
  lab_ink_render_in_style (ink, &style, image);
  g_assert_cmpuint (count_rows (image), <=, 4);

  g_assert_finalize_object (ink);
}

/* Scribbles that no hand can make take no longer than a frame or two. */
static void
test_many_points (void)
{
  LabInk *ink = lab_ink_new ();
  GRand *rand = g_rand_new_with_seed (1);
  guint8 image[LAB_IMAGE_SIZE];
  gint64 start;

  lab_ink_begin_stroke (ink, (LabInkPoint) { 0, 0, 1, 0 });
  for (guint i = 1; i < 1000000; i++)
    lab_ink_add_point (ink, (LabInkPoint) { g_rand_double (rand), g_rand_double (rand), 1, 0 });
  g_assert_cmpuint (lab_ink_get_n_points (ink), ==, 1000000);

  start = g_get_monotonic_time ();
  lab_ink_render_in_style (ink, &style, image);
  g_test_message ("a million points: %.1f ms", (g_get_monotonic_time () - start) / 1000.0);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
  g_assert_cmpfloat (mass (image), >, 350);
  assert_centred (image);

  g_rand_free (rand);
  g_assert_finalize_object (ink);
}

/* A digit of as many points as a tablet gives. The best of many times is what it
 * takes, whatever else the computer does. */
static void
test_speed (void)
{
  LabInk *ink = lab_ink_new ();
  guint8 image[LAB_IMAGE_SIZE];
  double best = G_MAXDOUBLE;

  lab_ink_begin_stroke (ink, (LabInkPoint) { 0, 0, 1, 0 });
  for (guint i = 1; i < 40; i++)
    lab_ink_add_point (ink, (LabInkPoint) { 100 * fabs (sin (i * 2 * G_PI / 39)), i * 8, 1, 0 });

  for (guint round = 0; round < 50; round++)
    {
      gint64 start = g_get_monotonic_time ();

      for (guint i = 0; i < 20; i++)
        lab_ink_render (ink, image);
      best = MIN (best, (g_get_monotonic_time () - start) / 20.0);
    }
  g_test_message ("40 points: %.1f µs", best);
  g_assert_cmpfloat (best, <, 100);

  g_assert_finalize_object (ink);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_signals (void)
{
  LabInk *ink = lab_ink_new ();
  guint n_changed = 0;
  guint n_empty = 0;
  guint n_pen_width = 0;
  const LabInkPoint points[] = { { 1, 1, 1, 0 }, { NAN, 1, 1, 0 }, { 2, 2, 1, 0 } };

  g_signal_connect_swapped (ink, "changed", G_CALLBACK (count_cb), &n_changed);
  g_signal_connect_swapped (ink, "notify::empty", G_CALLBACK (count_cb), &n_empty);
  g_signal_connect_swapped (ink, "notify::pen-width", G_CALLBACK (count_cb), &n_pen_width);

  /* Nothing happens without a stroke, and clearing nothing is no change. */
  lab_ink_add_points (ink, points, G_N_ELEMENTS (points));
  lab_ink_clear (ink);
  g_assert_cmpuint (n_changed, ==, 0);

  lab_ink_begin_stroke (ink, points[0]);
  g_assert_cmpuint (n_changed, ==, 1);
  g_assert_cmpuint (n_empty, ==, 1);
  lab_ink_add_points (ink, points, G_N_ELEMENTS (points));
  lab_ink_add_points (ink, points + 1, 1);
  lab_ink_end_stroke (ink);
  lab_ink_add_point (ink, points[0]);
  g_assert_cmpuint (n_changed, ==, 2);
  g_assert_cmpuint (n_empty, ==, 1);
  g_assert_cmpuint (lab_ink_get_n_points (ink), ==, 3);

  lab_ink_set_pen_width (ink, 4);
  lab_ink_set_pen_width (ink, 4);
  g_assert_cmpuint (n_pen_width, ==, 1);
  g_assert_cmpuint (n_changed, ==, 3);

  lab_ink_clear (ink);
  g_assert_cmpuint (n_changed, ==, 4);
  g_assert_cmpuint (n_empty, ==, 2);
  g_assert_cmpuint (lab_ink_get_n_strokes (ink), ==, 0);

  g_assert_finalize_object (ink);
}

static void
test_properties (void)
{
  LabInk *ink = g_object_new (LAB_TYPE_INK, "pen-width", 2.5, NULL);
  double width;
  gboolean empty;

  g_object_get (ink, "pen-width", &width, "empty", &empty, NULL);
  g_assert_cmpfloat (width, ==, 2.5);
  g_assert_true (empty);

  g_object_set (ink, "pen-width", 7.25, NULL);
  draw_line (ink, 0, 0, 1, 1);
  g_object_get (ink, "pen-width", &width, "empty", &empty, NULL);
  g_assert_cmpfloat (width, ==, 7.25);
  g_assert_cmpfloat (lab_ink_get_pen_width (ink), ==, 7.25);
  g_assert_false (empty);

  g_assert_finalize_object (ink);
}

static void
test_strokes (void)
{
  LabInk *ink = lab_ink_new ();
  const LabInkPoint *points;
  gsize n_points;

  draw_seven (ink, 2, 1, 0);
  g_assert_cmpuint (lab_ink_get_n_strokes (ink), ==, 2);
  g_assert_cmpuint (lab_ink_get_n_points (ink), ==, 8);

  points = lab_ink_get_stroke (ink, 0, &n_points);
  g_assert_cmpuint (n_points, ==, 6);
  g_assert_cmpfloat (points[5].x, ==, 71);
  points = lab_ink_get_stroke (ink, 1, &n_points);
  g_assert_cmpuint (n_points, ==, 2);
  g_assert_cmpfloat (points[1].y, ==, 120);
  g_assert_cmpfloat (points[1].time, ==, 0.01);

  g_assert_finalize_object (ink);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ink/empty", test_empty);
  g_test_add_func ("/ink/strokes", test_strokes);
  g_test_add_func ("/ink/properties", test_properties);
  g_test_add_func ("/ink/signals", test_signals);
  g_test_add_func ("/ink/vertical-line", test_vertical_line);
  g_test_add_func ("/ink/box", test_box);
  g_test_add_func ("/ink/width", test_width);
  g_test_add_func ("/ink/pieces", test_pieces);
  g_test_add_func ("/ink/bytes", test_bytes);
  g_test_add_func ("/ink/frame", test_frame);
  g_test_add_func ("/ink/circle", test_circle);
  g_test_add_func ("/ink/centred", test_centred);
  g_test_add_func ("/ink/scale-invariance", test_scale_invariance);
  g_test_add_func ("/ink/same-again", test_same_again);
  g_test_add_func ("/ink/dot", test_dot);
  g_test_add_func ("/ink/stays-inside", test_stays_inside);
  g_test_add_func ("/ink/hostile-points", test_hostile_points);
  g_test_add_func ("/ink/many-points", test_many_points);
  g_test_add_func ("/ink/speed", test_speed);

  return g_test_run ();
}
