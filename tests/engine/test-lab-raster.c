/* SPDX-License-Identifier: MIT */
#include "lab-ink.h"
#include "lab-raster.h"

#include <string.h>

/* Fills a rectangle of a picture that is @stride wide. */
static void
fill (guint8 *pixels, gsize stride, guint left, guint top, guint width, guint height, guint8 value)
{
  for (guint y = top; y < top + height; y++)
    memset (pixels + y * stride + left, value, width);
}

/* A thick L with a dot, so that it has no symmetry. */
static guint8 *
make_picture (guint width, guint height, guint8 paper, guint8 ink)
{
  guint8 *pixels = g_malloc (width * height);

  memset (pixels, paper, width * height);
  fill (pixels, width, width / 4, height / 8, width / 10, height / 2, ink);
  fill (pixels, width, width / 4, height / 2, width / 3, height / 8, ink);
  fill (pixels, width, width / 2, height / 5, 3, 3, ink);

  return pixels;
}

static void
assert_blank (const guint8 *image)
{
  const guint8 zeros[LAB_IMAGE_SIZE] = { 0 };

  g_assert_cmpmem (image, LAB_IMAGE_SIZE, zeros, sizeof zeros);
}

static void
assert_centred (const guint8 *image)
{
  double x, y;

  g_assert_true (lab_raster_centroid (image, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE, &x, &y));
  g_assert_cmpfloat_with_epsilon (x, LAB_MASS_CENTRE, 0.05);
  g_assert_cmpfloat_with_epsilon (y, LAB_MASS_CENTRE, 0.05);
}

static void
test_centroid (void)
{
  guint8 pixels[6 * 8] = { 0 };
  double x = -1;
  double y = -1;

  g_assert_false (lab_raster_centroid (pixels, 7, 6, 8, &x, &y));

  pixels[5 * 8 + 3] = 200;
  g_assert_true (lab_raster_centroid (pixels, 7, 6, 8, &x, &y));
  g_assert_cmpfloat (x, ==, 3.5);
  g_assert_cmpfloat (y, ==, 5.5);

  pixels[1 * 8 + 5] = 50;
  g_assert_true (lab_raster_centroid (pixels, 7, 6, 8, &x, &y));
  g_assert_cmpfloat (x, ==, 3.9);
  g_assert_cmpfloat (y, ==, 4.7);

  /* What lies between the width and the stride is not part of the image. */
  pixels[7] = 255;
  g_assert_true (lab_raster_centroid (pixels, 7, 6, 8, &x, &y));
  g_assert_cmpfloat (x, ==, 3.9);
}

static void
test_native_size (void)
{
  guint8 pixels[LAB_IMAGE_SIDE * 40] = { 0 };
  guint8 inverted[LAB_IMAGE_SIDE * 40];
  guint8 expected[LAB_IMAGE_SIZE];
  guint8 image[LAB_IMAGE_SIZE];
  GRand *rand = g_rand_new_with_seed (1);

  /* Every value, off centre and with faint ink: nothing may be changed. */
  for (guint y = 1; y < 20; y++)
    for (guint x = 2; x < 15; x++)
      pixels[y * 40 + x] = g_rand_int (rand);
  for (guint y = 0; y < LAB_IMAGE_SIDE; y++)
    memcpy (expected + y * LAB_IMAGE_SIDE, pixels + y * 40, LAB_IMAGE_SIDE);
  for (guint i = 0; i < sizeof pixels; i++)
    inverted[i] = 255 - pixels[i];

  lab_raster_normalise (pixels, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE, 40, image);
  g_assert_cmpmem (image, sizeof image, expected, sizeof expected);
  lab_raster_normalise (inverted, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE, 40, image);
  g_assert_cmpmem (image, sizeof image, expected, sizeof expected);

  g_rand_free (rand);
}

static void
test_either_polarity (void)
{
  g_autofree guint8 *light = make_picture (200, 120, 0, 255);
  g_autofree guint8 *dark = make_picture (200, 120, 255, 0);
  g_autofree guint8 *pencil = make_picture (200, 120, 225, 100);
  guint8 expected[LAB_IMAGE_SIZE];
  guint8 image[LAB_IMAGE_SIZE];

  lab_raster_normalise (light, 200, 120, 200, expected);
  assert_centred (expected);

  lab_raster_normalise (dark, 200, 120, 200, image);
  g_assert_cmpmem (image, sizeof image, expected, sizeof expected);

  /* Specks beside the digit are no part of it. */
  fill (light, 200, 180, 10, 2, 2, 50);
  lab_raster_normalise (light, 200, 120, 200, image);
  g_assert_cmpmem (image, sizeof image, expected, sizeof expected);

  /* Grey on grey has less contrast and gives the same all the same. */
  lab_raster_normalise (pencil, 200, 120, 200, image);
  g_assert_cmpmem (image, sizeof image, expected, sizeof expected);
}

static void
test_scaled (void)
{
  static const guint sizes[][3] = { { 60, 100, 4 }, { 60, 100, 1 }, { 500, 400, 16 }, { 30, 30, 3 } };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      guint width = sizes[i][0];
      guint height = sizes[i][1];
      guint unit = sizes[i][2];
      g_autofree guint8 *pixels = g_malloc0 (width * height);
      guint8 image[LAB_IMAGE_SIZE];
      guint sum = 0;

      /* 4 × 8 units become 10 × 20 pixels, from 9.5 to 19.5 and 4.5 to 24.5. */
      fill (pixels, width, 5, 3, 4 * unit, 8 * unit, 255);
      lab_raster_normalise (pixels, width, height, width, image);

      for (guint k = 0; k < LAB_IMAGE_SIZE; k++)
        sum += image[k];
      g_assert_cmpfloat_with_epsilon (sum / 255.0, 10 * LAB_BOX_SIDE, 0.5);
      g_assert_cmpuint (image[14 * LAB_IMAGE_SIDE + 8], ==, 0);
      g_assert_cmpint (ABS (image[14 * LAB_IMAGE_SIDE + 9] - 128), <=, 1);
      g_assert_cmpuint (image[14 * LAB_IMAGE_SIDE + 10], ==, 255);
      g_assert_cmpuint (image[3 * LAB_IMAGE_SIDE + 14], ==, 0);
      g_assert_cmpint (ABS (image[24 * LAB_IMAGE_SIDE + 14] - 128), <=, 1);
      assert_centred (image);
    }
}

/* A line much thinner than a pixel must not fade away. */
static void
test_thin_line (void)
{
  g_autofree guint8 *pixels = g_malloc0 (1000 * 1000);
  guint8 image[LAB_IMAGE_SIZE];
  guint8 most = 0;

  fill (pixels, 1000, 300, 100, 2, 800, 255);
  fill (pixels, 1000, 300, 100, 300, 2, 255);
  lab_raster_normalise (pixels, 1000, 1000, 1000, image);
  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    most = MAX (most, image[i]);

  g_assert_cmpuint (most, ==, 255);
}

static void
test_blank (void)
{
  g_autofree guint8 *pixels = g_malloc (50 * 50);
  guint8 image[LAB_IMAGE_SIZE];

  for (guint value = 0; value < 256; value += 51)
    {
      memset (pixels, value, 50 * 50);
      lab_raster_normalise (pixels, 50, 50, 50, image);
      assert_blank (image);
    }

  /* Noise of the paper is no ink. */
  for (guint i = 0; i < 50 * 50; i++)
    pixels[i] = 235 + i * 7919 % 20;
  lab_raster_normalise (pixels, 50, 50, 50, image);
  assert_blank (image);

  lab_raster_normalise (pixels, 0, 0, 0, image);
  assert_blank (image);
  lab_raster_normalise (pixels, 1, 1, 1, image);
  assert_blank (image);
}

/* Nearly all the ink is on the left, so that centring it by mass would push
 * the tail over the right edge. */
static void
test_stays_inside (void)
{
  g_autofree guint8 *pixels = g_malloc0 (400 * 400);
  guint8 image[LAB_IMAGE_SIZE];

  fill (pixels, 400, 100, 100, 80, 200, 255);
  fill (pixels, 400, 100, 190, 200, 20, 255);
  lab_raster_normalise (pixels, 400, 400, 400, image);

  /* The tail, 2 pixels thick, ends at the edge. */
  g_assert_cmpuint (image[14 * LAB_IMAGE_SIDE + 27], >=, 127);
  g_assert_cmpuint (image[14 * LAB_IMAGE_SIDE + 8], ==, 255);
  g_assert_cmpuint (image[14 * LAB_IMAGE_SIDE + 7], ==, 0);
}

/* One drawing gives one image, whether it comes as strokes or as a picture. */
static void
test_agrees_with_ink (void)
{
  const double points[][2] = { { 50, 60 }, { 150, 40 }, { 180, 90 }, { 60, 214 }, { 170, 216 } };
  LabInk *ink = lab_ink_new ();
  guint8 from_ink[LAB_IMAGE_SIZE];
  guint8 from_picture[LAB_IMAGE_SIZE];
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 256, 256);
  cairo_t *cr = cairo_create (surface);

  /* 176 units high and a line of 24: ten times the image's box and line. */
  cairo_set_line_width (cr, 10 * LAB_LINE_WIDTH);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (gsize i = 0; i < G_N_ELEMENTS (points); i++)
    {
      LabInkPoint point = { points[i][0], points[i][1], 1, 0 };

      cairo_line_to (cr, point.x, point.y);
      if (i == 0)
        lab_ink_begin_stroke (ink, point);
      else
        lab_ink_add_point (ink, point);
    }
  cairo_stroke (cr);
  cairo_surface_flush (surface);

  lab_ink_render (ink, from_ink);
  lab_raster_normalise (cairo_image_surface_get_data (surface), 256, 256, cairo_image_surface_get_stride (surface), from_picture);
  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    g_assert_cmpint (ABS (from_ink[i] - from_picture[i]), <=, 12);

  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  g_assert_finalize_object (ink);
}

/* Sizes from one pixel up, ink anywhere: for the sanitizers. */
static void
test_any_size (void)
{
  GRand *rand = g_rand_new_with_seed (2);
  guint8 image[LAB_IMAGE_SIZE];

  for (guint i = 0; i < 500; i++)
    {
      guint width = g_rand_int_range (rand, 1, 90);
      guint height = g_rand_int_range (rand, 1, 90);
      g_autofree guint8 *pixels = g_malloc (width * height);
      guint light = g_rand_int_range (rand, 2, 40);

      for (guint k = 0; k < width * height; k++)
        pixels[k] = g_rand_int_range (rand, 0, light) == 0 ? 255 : g_rand_int_range (rand, 0, 20);
      lab_raster_normalise (pixels, width, height, width, image);
    }

  g_rand_free (rand);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/raster/centroid", test_centroid);
  g_test_add_func ("/raster/native-size", test_native_size);
  g_test_add_func ("/raster/either-polarity", test_either_polarity);
  g_test_add_func ("/raster/scaled", test_scaled);
  g_test_add_func ("/raster/thin-line", test_thin_line);
  g_test_add_func ("/raster/blank", test_blank);
  g_test_add_func ("/raster/stays-inside", test_stays_inside);
  g_test_add_func ("/raster/agrees-with-ink", test_agrees_with_ink);
  g_test_add_func ("/raster/any-size", test_any_size);

  return g_test_run ();
}
