/* SPDX-License-Identifier: MIT */

/* What is found in pictures that are drawn here, and how it looks then. */

#include "lab-ink.h"
#include "lab-picture.h"
#include "test-image.h"

#include <cairo.h>
#include <math.h>
#include <string.h>

/* A picture to draw on, dark on light. */
typedef struct
{
  cairo_surface_t *surface;
  cairo_t *cr;
} Sheet;

static Sheet
sheet_new (int width, int height, double line)
{
  Sheet sheet = { .surface = cairo_image_surface_create (CAIRO_FORMAT_A8, width, height) };

  sheet.cr = cairo_create (sheet.surface);
  cairo_set_line_width (sheet.cr, line);
  cairo_set_line_cap (sheet.cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (sheet.cr, CAIRO_LINE_JOIN_ROUND);
  return sheet;
}

/* Finds the digits on the sheet, on @paper and with @ink, and takes it. */
static GArray *
sheet_find (Sheet sheet, int paper, int ink)
{
  guint width = cairo_image_surface_get_width (sheet.surface);
  guint height = cairo_image_surface_get_height (sheet.surface);
  g_autofree guint8 *pixels = g_malloc (width * height);
  LabPicture picture = { width, height, pixels, width, height };

  cairo_surface_flush (sheet.surface);
  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      {
        guint stride = cairo_image_surface_get_stride (sheet.surface);
        int part = cairo_image_surface_get_data (sheet.surface)[y * stride + x];

        pixels[y * width + x] = paper + (ink - paper) * part / 255;
      }
  cairo_destroy (sheet.cr);
  cairo_surface_destroy (sheet.surface);
  return lab_picture_find_digits (&picture);
}

static const LabFoundDigit *
only_digit (GArray *digits)
{
  g_assert_cmpuint (digits->len, ==, 1);
  return &g_array_index (digits, LabFoundDigit, 0);
}

static double
mass_of (const guint8 *image)
{
  double mass = 0;

  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    mass += image[i] / 255.0;
  return mass;
}

static void
draw_two (cairo_t *cr, double x, double y, double scale)
{
  cairo_move_to (cr, x + 5 * scale, y + 26 * scale);
  cairo_curve_to (cr, x + 5 * scale, y - 10 * scale, x + 66 * scale, y - 10 * scale, x + 62 * scale, y + 28 * scale);
  cairo_curve_to (cr, x + 60 * scale, y + 55 * scale, x + 15 * scale, y + 75 * scale, x + 3 * scale, y + 100 * scale);
  cairo_line_to (cr, x + 68 * scale, y + 97 * scale);
  cairo_stroke (cr);
}

/* Dark on light and light on dark, strong and weak: the same image. */
static void
test_polarity (void)
{
  const int tones[][2] = { { 255, 0 }, { 0, 255 }, { 30, 200 }, { 220, 160 }, { 100, 60 } };
  guint8 first[LAB_IMAGE_SIZE] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (tones); i++)
    {
      Sheet sheet = sheet_new (200, 180, 9);
      g_autoptr (GArray) digits = NULL;
      const LabFoundDigit *digit;

      draw_two (sheet.cr, 60, 40, 1);
      digits = sheet_find (sheet, tones[i][0], tones[i][1]);
      digit = only_digit (digits);
      g_assert_cmpint (ABS ((int) digit->left - 58), <=, 2);
      g_assert_cmpint (ABS ((int) digit->top - 34), <=, 2);
      g_assert_cmpint (ABS ((int) digit->height - 111), <=, 3);
      if (i == 0)
        memcpy (first, digit->image, LAB_IMAGE_SIZE);
      for (guint k = 0; k < LAB_IMAGE_SIZE; k++)
        g_assert_cmpint (ABS (first[k] - digit->image[k]), <=, 32);
    }
}

/* Lines of any width come as wide as those of drawings, and as long. */
static void
test_line_width (void)
{
  const double widths[] = { 1, 2, 4, 8, 16, 24, 32, 44 };
  const double side = lab_ink_style.box_side;
  const double line = lab_ink_style.line_width;

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      Sheet sheet = sheet_new (300, 300, widths[i]);
      g_autoptr (GArray) digits = NULL;
      const guint8 *image;
      double x, y;

      cairo_move_to (sheet.cr, 140, 70);
      cairo_line_to (sheet.cr, 150, 230);
      cairo_stroke (sheet.cr);
      digits = sheet_find (sheet, 255, 0);
      image = only_digit (digits)->image;
      g_test_message ("%g: mass %g", widths[i], mass_of (image));
      g_assert_cmpfloat_with_epsilon (mass_of (image), side * line, 0.12 * side * line);
      test_image_find_centre (image, &x, &y);
      g_assert_cmpfloat_with_epsilon (x, LAB_MASS_CENTRE, 0.3);
      g_assert_cmpfloat_with_epsilon (y, LAB_MASS_CENTRE, 0.3);
    }
}

/* However thick the line, the loop of a 6 stays open, and its stem is not cut
 * where it is thinner. */
static void
test_thick (void)
{
  for (double line = 2; line <= 30; line += 4)
    {
      Sheet sheet = sheet_new (200, 240, line);
      g_autoptr (GArray) digits = NULL;
      const guint8 *image;
      guint darkest = 255;

      cairo_arc (sheet.cr, 100, 160, 32, 0, 2 * G_PI);
      cairo_stroke (sheet.cr);
      cairo_set_line_width (sheet.cr, MAX (line / 3, 2));
      cairo_move_to (sheet.cr, 68, 160);
      cairo_curve_to (sheet.cr, 70, 110, 90, 70, 120, 50);
      cairo_stroke (sheet.cr);
      digits = sheet_find (sheet, 255, 0);
      image = only_digit (digits)->image;
      for (guint y = 15; y < 24; y++) /* the middle of the loop */
        for (guint x = 12; x < 19; x++)
          darkest = MIN (darkest, image[y * LAB_IMAGE_SIDE + x]);
      g_assert_cmpuint (darkest, <=, 60);
      for (guint y = 6; y < 22; y++) /* the stem */
        {
          guint brightest = 0;

          for (guint x = 0; x < LAB_IMAGE_SIDE; x++)
            brightest = MAX (brightest, image[y * LAB_IMAGE_SIDE + x]);
          g_assert_cmpuint (brightest, >=, 128);
        }
    }
}

/* A drawing is one image, whether it comes as strokes or as a picture. */
static void
test_agrees_with_ink (void)
{
  const double points[][2] = { { 50, 60 }, { 150, 40 }, { 180, 90 }, { 60, 214 }, { 170, 216 } };

  for (double line = 4; line <= 28; line += 8)
    {
      Sheet sheet = sheet_new (256, 256, line);
      LabInk *ink = lab_ink_new ();
      g_autoptr (GArray) digits = NULL;
      guint8 image[LAB_IMAGE_SIZE];
      double difference = 0;

      for (gsize i = 0; i < G_N_ELEMENTS (points); i++)
        {
          LabInkPoint point = { points[i][0], points[i][1], 1, 0 };

          cairo_line_to (sheet.cr, point.x, point.y);
          if (i == 0)
            lab_ink_begin_stroke (ink, point);
          else
            lab_ink_add_point (ink, point);
        }
      cairo_stroke (sheet.cr);
      lab_ink_render (ink, image);
      digits = sheet_find (sheet, 255, 0);
      for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
        difference += abs (image[i] - only_digit (digits)->image[i]) / 255.0;
      g_test_message ("line %g: difference %.1f of %.1f", line, difference, mass_of (image));
      g_assert_cmpfloat (difference, <=, 0.25 * mass_of (image));
      g_assert_finalize_object (ink);
    }
}

/* A picture of 28 × 28 keeps every value. */
static void
test_native_size (void)
{
  guint8 pixels[LAB_IMAGE_SIZE] = { 0 };
  guint8 inverted[LAB_IMAGE_SIZE];
  LabPicture light = { LAB_IMAGE_SIDE, LAB_IMAGE_SIDE, pixels, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE };
  LabPicture dark = { LAB_IMAGE_SIDE, LAB_IMAGE_SIDE, inverted, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE };
  g_autoptr (GArray) from_light = NULL;
  g_autoptr (GArray) from_dark = NULL;

  for (guint i = 0; i < 256; i++)
    pixels[(6 + i / 16) * LAB_IMAGE_SIDE + 6 + i % 16] = i;
  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    inverted[i] = 255 - pixels[i];
  from_light = lab_picture_find_digits (&light);
  from_dark = lab_picture_find_digits (&dark);
  g_assert_cmpmem (only_digit (from_light)->image, LAB_IMAGE_SIZE, pixels, LAB_IMAGE_SIZE);
  g_assert_cmpmem (only_digit (from_dark)->image, LAB_IMAGE_SIZE, pixels, LAB_IMAGE_SIZE);
}

static void
test_blank (void)
{
  g_autofree guint8 *pixels = g_malloc (100 * 100);
  GRand *rand = g_rand_new_with_seed (5);

  for (guint side = 1; side <= 100; side += 9)
    {
      LabPicture picture = { side, side, pixels, side, side };

      for (guint tone = 0; tone < 256; tone += 51)
        for (int noise = 0; noise <= 16; noise += 8)
          {
            g_autoptr (GArray) digits = NULL;

            for (guint i = 0; i < side * side; i++)
              {
                int value = tone + g_rand_int_range (rand, -noise, noise + 1);

                pixels[i] = CLAMP (value, 0, 255);
              }
            digits = lab_picture_find_digits (&picture);
            g_assert_cmpuint (digits->len, ==, 0);
          }
    }
  g_rand_free (rand);
}

/* A dot stays small, as in a drawing, and is not blown up to a digit. */
static void
test_dot (void)
{
  Sheet sheet = sheet_new (200, 200, 20);
  g_autoptr (GArray) digits = NULL;

  cairo_arc (sheet.cr, 100, 100, 10, 0, 2 * G_PI);
  cairo_fill (sheet.cr);
  digits = sheet_find (sheet, 255, 0);
  g_assert_cmpfloat (mass_of (only_digit (digits)->image), <=, 8);
  g_assert_cmpfloat (mass_of (only_digit (digits)->image), >=, 2);
}

/* Nearly all of the ink is on the left, so that centring it by mass would push
 * the rest over the right edge. */
static void
test_stays_inside (void)
{
  Sheet sheet = sheet_new (400, 400, 10);
  g_autoptr (GArray) digits = NULL;
  const guint8 *image;

  for (int i = 0; i < 9; i++)
    {
      cairo_move_to (sheet.cr, 100 + i % 2 * 40, 100 + i * 22);
      cairo_line_to (sheet.cr, 140 - i % 2 * 40, 122 + i * 22);
    }
  cairo_move_to (sheet.cr, 100, 200);
  cairo_line_to (sheet.cr, 300, 200);
  cairo_stroke (sheet.cr);
  digits = sheet_find (sheet, 255, 0);
  image = only_digit (digits)->image;
  for (guint y = 0; y < LAB_IMAGE_SIDE; y++)
    g_assert_cmpuint (image[y * LAB_IMAGE_SIDE], ==, 0);
  g_assert_cmpfloat (mass_of (image), >=, 60);
}

/* The bar of this 5 hangs in the air, and stays with it; the 1 beside it is on
 * its own, the speck goes, and the second line comes after the first. */
static void
test_parts (void)
{
  const guint left[] = { 50, 180, 60, 170 };
  Sheet sheet = sheet_new (300, 300, 6);
  cairo_t *cr = sheet.cr;
  g_autoptr (GArray) digits = NULL;

  cairo_move_to (cr, 55, 40);
  cairo_line_to (cr, 53, 60);
  cairo_curve_to (cr, 90, 50, 100, 90, 50, 100);
  cairo_move_to (cr, 62, 30);
  cairo_line_to (cr, 95, 28);
  cairo_move_to (cr, 180, 32);
  cairo_line_to (cr, 180, 100);
  cairo_move_to (cr, 130, 60);
  cairo_line_to (cr, 131, 60);
  cairo_stroke (cr);
  draw_two (cr, 60, 180, 0.8);
  draw_two (cr, 170, 186, 0.8);
  digits = sheet_find (sheet, 240, 20);
  g_assert_cmpuint (digits->len, ==, 4);
  for (guint i = 0; i < digits->len; i++)
    g_assert_cmpint (ABS ((int) g_array_index (digits, LabFoundDigit, i).left - (int) left[i]), <=, 5);
  g_assert_cmpuint (g_array_index (digits, LabFoundDigit, 0).top, <=, 27);
}

/* A frame around the digit, and one around each of two. */
static void
test_frames (void)
{
  for (guint n = 1; n <= 2; n++)
    {
      Sheet sheet = sheet_new (320, 200, 3);
      g_autoptr (GArray) digits = NULL;

      for (guint i = 0; i < n; i++)
        {
          cairo_rectangle (sheet.cr, 30 + 140 * i, 20, 120, 160);
          cairo_stroke (sheet.cr);
          draw_two (sheet.cr, 60 + 140 * i, 55, 0.8);
        }
      digits = sheet_find (sheet, 255, 0);
      g_assert_cmpuint (digits->len, ==, n);
      for (guint i = 0; i < n; i++)
        g_assert_cmpint (ABS ((int) g_array_index (digits, LabFoundDigit, i).height - 88), <=, 5);
    }
}

/* A tall 1 alone, and a 7 with a straight bar, fill their pictures: they are not
 * taken for lines of the paper. */
static void
test_no_paper (void)
{
  Sheet one = sheet_new (100, 200, 2);
  Sheet seven = sheet_new (120, 200, 2);
  g_autoptr (GArray) ones = NULL;
  g_autoptr (GArray) sevens = NULL;

  cairo_move_to (one.cr, 50, 2);
  cairo_line_to (one.cr, 50, 198);
  cairo_stroke (one.cr);
  ones = sheet_find (one, 255, 0);
  g_assert_cmpuint (only_digit (ones)->height, >=, 190);

  cairo_move_to (seven.cr, 2, 3);
  cairo_line_to (seven.cr, 118, 3);
  cairo_line_to (seven.cr, 40, 197);
  cairo_stroke (seven.cr);
  sevens = sheet_find (seven, 255, 0);
  g_assert_cmpuint (only_digit (sevens)->width, >=, 112);
}

/* Boxes are in pixels of the file. */
static void
test_averaged (void)
{
  g_autofree guint8 *pixels = g_malloc (500 * 400);
  LabPicture picture = { 500, 400, pixels, 3998, 3195 };
  g_autoptr (GArray) digits = NULL;

  memset (pixels, 255, 500 * 400);
  for (guint y = 100; y < 300; y++)
    memset (pixels + y * 500 + 240, 0, 12);
  digits = lab_picture_find_digits (&picture);
  g_assert_cmpuint (only_digit (digits)->left, ==, 1920);
  g_assert_cmpuint (only_digit (digits)->top, ==, 800);
  g_assert_cmpuint (only_digit (digits)->width, ==, 96);
  g_assert_cmpuint (only_digit (digits)->height, ==, 1600);
}

/* Any size, any ink: for the sanitizers. */
static void
test_any (void)
{
  GRand *rand = g_rand_new_with_seed (2);

  for (guint i = 0; i < 400; i++)
    {
      guint width = g_rand_int_range (rand, 1, i % 20 == 0 ? 400 : 90);
      guint height = g_rand_int_range (rand, 1, i % 20 == 10 ? 400 : 90);
      g_autofree guint8 *pixels = g_malloc (width * height);
      LabPicture picture = { width, height, pixels, width, height };
      g_autoptr (GArray) digits = NULL;
      guint light = g_rand_int_range (rand, 2, 60);
      guint run = g_rand_int_range (rand, 1, 60);
      guint8 value = 0;

      for (guint k = 0; k < width * height; k++)
        {
          if (k % run == 0)
            value = g_rand_int_range (rand, 0, light) == 0 ? 255 : g_rand_int_range (rand, 0, 20);
          pixels[k] = value;
        }
      digits = lab_picture_find_digits (&picture);
      for (guint k = 0; k < digits->len; k++)
        {
          const LabFoundDigit *digit = &g_array_index (digits, LabFoundDigit, k);

          g_assert_cmpuint (digit->left + digit->width, <=, width);
          g_assert_cmpuint (digit->top + digit->height, <=, height);
          g_assert_cmpfloat (mass_of (digit->image), >, 0);
        }
    }
  g_rand_free (rand);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/picture/polarity", test_polarity);
  g_test_add_func ("/picture/line-width", test_line_width);
  g_test_add_func ("/picture/thick", test_thick);
  g_test_add_func ("/picture/agrees-with-ink", test_agrees_with_ink);
  g_test_add_func ("/picture/native-size", test_native_size);
  g_test_add_func ("/picture/blank", test_blank);
  g_test_add_func ("/picture/dot", test_dot);
  g_test_add_func ("/picture/stays-inside", test_stays_inside);
  g_test_add_func ("/picture/parts", test_parts);
  g_test_add_func ("/picture/frames", test_frames);
  g_test_add_func ("/picture/no-paper", test_no_paper);
  g_test_add_func ("/picture/averaged", test_averaged);
  g_test_add_func ("/picture/any", test_any);

  return g_test_run ();
}
