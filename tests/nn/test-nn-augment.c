/* SPDX-License-Identifier: MIT */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "nn-augment.h"
#include "nn-elastic.h"
#include "nn-line-width.h"

/* Where the middle of what is bright in a channel lies, and how bright it is. */
typedef struct
{
  double x, y;
  double sum;
} Centre;

static Centre
find_centre (NnShape shape, const NnReal *values, gsize channel)
{
  Centre centre = { 0 };

  for (gsize y = 0; y < shape.height; y++)
    for (gsize x = 0; x < shape.width; x++)
      {
        double value = values[(y * shape.width + x) * shape.channels + channel];

        centre.sum += value;
        centre.x += value * x;
        centre.y += value * y;
      }
  centre.x /= centre.sum;
  centre.y /= centre.sum;
  return centre;
}

/* A smooth blob with its middle at (@x, @y). */
static void
draw_blob (NnShape shape, guint8 *picture, double x, double y, gsize channel)
{
  for (gsize row = 0; row < shape.height; row++)
    for (gsize column = 0; column < shape.width; column++)
      {
        double dx = column - x, dy = row - y;

        picture[(row * shape.width + column) * shape.channels + channel] = (guint8) (255 * exp (-(dx * dx + dy * dy) / 8) + 0.5);
      }
}

static void
test_bytes (void)
{
  static const NnAugmentation none = { 0 };
  NnShape shape = { 16, 8, 2 };
  guint8 bytes[256];
  NnReal values[256], again[256];

  for (gsize i = 0; i < 256; i++)
    bytes[i] = i;
  nn_augment (NULL, nn_rng_new (1), shape, bytes, values);
  nn_augment (&none, nn_rng_new (1), shape, bytes, again);
  for (gsize i = 0; i < 256; i++)
    {
      g_assert_cmpfloat (values[i], ==, (NnReal) i / 255);
      g_assert_cmpfloat (again[i], ==, values[i]);
    }
}

/* What lay at a distance from the middle lies, after a turn, at the same one,
 * and the angle is within the amount on both sides. */
static void
test_rotation (void)
{
  const NnAugmentation augmentation = { .rotation = 40 };
  NnShape shape = { 41, 51, 1 };
  guint8 picture[41 * 51];
  NnReal values[41 * 51];
  double least = 90, most = -90;

  draw_blob (shape, picture, 25 + 10, 20, 0);
  for (guint i = 0; i < 200; i++)
    {
      Centre centre;
      double angle;

      nn_augment (&augmentation, nn_rng_for (1, 1, i), shape, picture, values);
      centre = find_centre (shape, values, 0);
      g_assert_cmpfloat_with_epsilon (hypot (centre.x - 25, centre.y - 20), 10, 0.02);
      angle = atan2 (centre.y - 20, centre.x - 25) * 180 / G_PI;
      least = MIN (least, angle);
      most = MAX (most, angle);
    }
  g_assert_true (least > -40.1 && least < -38 && most < 40.1 && most > 38);
}

static void
test_shift (void)
{
  const NnAugmentation augmentation = { .shift = 5 };
  NnShape shape = { 40, 40, 1 };
  guint8 picture[40 * 40];
  NnReal values[40 * 40];
  double least[2] = { 9, 9 }, most[2] = { -9, -9 }, covariance = 0;

  draw_blob (shape, picture, 18, 22, 0);
  for (guint i = 0; i < 400; i++)
    {
      double moved[2];
      Centre centre;

      nn_augment (&augmentation, nn_rng_for (1, 1, i), shape, picture, values);
      centre = find_centre (shape, values, 0);
      moved[0] = centre.x - 18;
      moved[1] = centre.y - 22;
      covariance += moved[0] * moved[1] / 400;
      for (guint d = 0; d < 2; d++)
        {
          least[d] = MIN (least[d], moved[d]);
          most[d] = MAX (most[d], moved[d]);
        }
    }
  for (guint d = 0; d < 2; d++)
    g_assert_true (least[d] > -5.01 && least[d] < -4.8 && most[d] < 5.01 && most[d] > 4.8);
  /* Across and down are drawn apart: each has the variance 25 / 3. */
  g_assert_cmpfloat_with_epsilon (covariance, 0, 5 * 25 / 3.0 / sqrt (400));
}

static void
test_zoom (void)
{
  const NnAugmentation augmentation = { .zoom = 0.25 };
  NnShape shape = { 40, 40, 1 };
  guint8 picture[40 * 40];
  NnReal values[40 * 40];
  double least = 9, most = 0, sum;

  draw_blob (shape, picture, 19.5 + 8, 19.5 - 4, 0);
  nn_augment (NULL, nn_rng_new (0), shape, picture, values);
  sum = find_centre (shape, values, 0).sum;
  for (guint i = 0; i < 200; i++)
    {
      Centre centre;
      double zoom;

      nn_augment (&augmentation, nn_rng_for (1, 1, i), shape, picture, values);
      centre = find_centre (shape, values, 0);
      zoom = (centre.x - 19.5) / 8;
      g_assert_cmpfloat_with_epsilon (19.5 - centre.y, 4 * zoom, 0.04);
      g_assert_cmpfloat_with_epsilon (centre.sum / sum, zoom * zoom, 0.02);
      least = MIN (least, zoom);
      most = MAX (most, zoom);
    }
  g_assert_true (least > 0.748 && least < 0.77 && most < 1.252 && most > 1.23);
}

static void
test_shear (void)
{
  const NnAugmentation augmentation = { .shear = 30 };
  NnShape shape = { 40, 40, 1 };
  guint8 picture[40 * 40];
  NnReal values[40 * 40];
  double most = 0;

  draw_blob (shape, picture, 19.5, 19.5 + 8, 0);
  for (guint i = 0; i < 200; i++)
    {
      Centre centre;

      nn_augment (&augmentation, nn_rng_for (1, 1, i), shape, picture, values);
      centre = find_centre (shape, values, 0);
      g_assert_cmpfloat_with_epsilon (centre.y, 19.5 + 8, 0.02);
      most = MAX (most, fabs (centre.x - 19.5) / 8);
    }
  g_assert_true (most < tan (30.1 * G_PI / 180) && most > tan (29 * G_PI / 180));
}

/* First turned, then sheared, then zoomed, then shifted. The five numbers are
 * drawn in the order: turn, shift across, shift down, zoom, shear. */
static void
test_order (void)
{
  const NnAugmentation augmentation = { .rotation = 50, .shift = 6, .zoom = 0.3, .shear = 30 };
  NnShape shape = { 60, 70, 1 };
  guint8 picture[60 * 70];
  NnReal values[60 * 70];

  draw_blob (shape, picture, 34.5 + 7, 29.5 - 9, 0);
  for (guint i = 0; i < 50; i++)
    {
      NnRng rng = nn_rng_for (3, 4, i);
      double drawn[5], x, y, angle, slant, zoom;
      Centre centre;

      nn_augment (&augmentation, rng, shape, picture, values);
      centre = find_centre (shape, values, 0);
      for (guint d = 0; d < 5; d++)
        drawn[d] = 2 * nn_rng_uniform (&rng) - 1;
      angle = drawn[0] * 50 * G_PI / 180;
      zoom = 1 + drawn[3] * 0.3;
      slant = tan (drawn[4] * 30 * G_PI / 180);
      x = 7 * cos (angle) + 9 * sin (angle);
      y = 7 * sin (angle) - 9 * cos (angle);
      x += slant * y;
      g_assert_cmpfloat_with_epsilon (centre.x, 34.5 + zoom * x + drawn[1] * 6, 0.03);
      g_assert_cmpfloat_with_epsilon (centre.y, 29.5 + zoom * y + drawn[2] * 6, 0.03);
    }
}

/* Straight from the definition of bilinear interpolation, in double precision. */
static double
value_at (NnShape shape, const guint8 *picture, double x, double y, gsize channel)
{
  double value = 0;

  for (gsize row = 0; row < shape.height; row++)
    for (gsize column = 0; column < shape.width; column++)
      value += MAX (0, 1 - fabs (x - column)) * MAX (0, 1 - fabs (y - row))
               * picture[(row * shape.width + column) * shape.channels + channel] / 255;
  return value;
}

static void
check_shape (gsize height, gsize width, gsize channels)
{
  const NnAugmentation augmentation = { .rotation = 180, .shift = 3, .zoom = 0.9, .shear = 60 };
  NnShape shape = { height, width, channels };
  gsize size = nn_shape_size (shape);
  g_autofree guint8 *picture = g_malloc (size);
  g_autofree NnReal *values = g_new (NnReal, size);
  NnRng noise = nn_rng_new (size);

  for (gsize i = 0; i < size; i++)
    picture[i] = nn_rng_below (&noise, 256);
  for (guint i = 0; i < 20; i++)
    {
      NnRng rng = nn_rng_for (5, 6, i);
      double drawn[5], angle, slant, zoom;

      nn_augment (&augmentation, rng, shape, picture, values);
      for (guint d = 0; d < 5; d++)
        drawn[d] = 2 * nn_rng_uniform (&rng) - 1;
      angle = drawn[0] * G_PI;
      zoom = 1 + drawn[3] * 0.9;
      slant = tan (drawn[4] * G_PI / 3);
      for (gsize p = 0; p < size; p++)
        {
          /* Shift, zoom, shear and turn undone, one after the other. */
          double x = ((p / channels) % width - (width - 1) / 2.0 - drawn[1] * 3) / zoom;
          double y = ((p / channels) / width - (height - 1) / 2.0 - drawn[2] * 3) / zoom;
          double from_x, from_y;

          x -= slant * y;
          from_x = x * cos (angle) + y * sin (angle) + (width - 1) / 2.0;
          from_y = y * cos (angle) - x * sin (angle) + (height - 1) / 2.0;
          /* The weights have twelve bits. */
          g_assert_cmpfloat_with_epsilon (values[p], value_at (shape, picture, from_x, from_y, p % channels), 2.0 / 4096);
        }
    }
}

static void
test_shapes (void)
{
  check_shape (1, 1, 1);
  check_shape (1, 17, 1);
  check_shape (17, 1, 2);
  check_shape (28, 28, 1);
  check_shape (9, 14, 3);
  check_shape (6, 5, 17);
}

/* The most that is allowed moves everything out of the picture, and no further
 * than the numbers reach. */
static void
test_far (void)
{
  const NnAugmentation augmentation = { .rotation = 180, .shift = 1e6, .zoom = 0.9, .shear = 60 };
  const NnShape shape = { 3, 3, 1 };
  guint8 picture[9];
  guint n_black = 0;

  memset (picture, 255, sizeof picture);
  for (guint i = 0; i < 1000; i++)
    {
      NnReal values[9];
      gboolean black = TRUE;

      nn_augment (&augmentation, nn_rng_for (1, 1, i), shape, picture, values);
      for (gsize p = 0; p < 9; p++)
        black = black && values[p] == 0;
      n_black += black;
    }
  g_assert_cmpuint (n_black, >=, 999);
}

static void
test_check (void)
{
  const NnShape shape = { 28, 28, 1 };
  static const NnAugmentation bad[] = {
    { .rotation = -1 }, { .rotation = 181 }, { .rotation = NAN }, { .shift = -1 }, { .shift = 2e6 },
    { .shift = NAN }, { .zoom = -0.1 }, { .zoom = 0.91 }, { .zoom = NAN }, { .shear = -1 }, { .shear = 61 }, { .shear = NAN },
    { .elastic = -1, .elastic_radius = 5 }, { .elastic = 101, .elastic_radius = 5 }, { .elastic = NAN, .elastic_radius = 5 },
    { .elastic = 1 }, { .elastic = 1, .elastic_radius = 0.9 }, { .elastic = 1, .elastic_radius = NAN },
    { .line_width = -0.1 }, { .line_width = 2.1 }, { .line_width = NAN },
  };
  static const NnAugmentation most = { .rotation = 180, .shift = 1e6, .zoom = 0.9, .shear = 60 }, none = { 0 };
  static const NnAugmentation bent = { .elastic = 100, .elastic_radius = 1 }, wider = { .line_width = 2 };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_cmpint (nn_augmentation_check (&bad[i], shape), ==, NN_BAD_ARGUMENT);
  g_assert_cmpint (nn_augmentation_check (&most, shape), ==, NN_OK);
  g_assert_cmpint (nn_augmentation_check (&none, shape), ==, NN_OK);
  g_assert_cmpint (nn_augmentation_check (&most, (NnShape){ 1, 2000000, 1 }), ==, NN_BAD_ARGUMENT);
  g_assert_cmpint (nn_augmentation_check (&none, (NnShape){ 1, 2000000, 1 }), ==, NN_OK);
  g_assert_cmpint (nn_augmentation_check (&bent, (NnShape){ NN_ELASTIC_SIDE, NN_ELASTIC_SIDE, 9 }), ==, NN_OK);
  g_assert_cmpint (nn_augmentation_check (&bent, (NnShape){ NN_ELASTIC_SIDE + 1, 1, 1 }), ==, NN_BAD_ARGUMENT);
  g_assert_cmpint (nn_augmentation_check (&bent, (NnShape){ 1, NN_ELASTIC_SIDE + 1, 1 }), ==, NN_BAD_ARGUMENT);
  g_assert_cmpint (nn_augmentation_check (&wider, (NnShape){ 999, NN_LINE_WIDTH_ROW / 2 - 2, 2 }), ==, NN_OK);
  g_assert_cmpint (nn_augmentation_check (&wider, (NnShape){ 1, NN_LINE_WIDTH_ROW / 2 - 1, 2 }), ==, NN_BAD_ARGUMENT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/augment/bytes", test_bytes);
  g_test_add_func ("/augment/rotation", test_rotation);
  g_test_add_func ("/augment/shift", test_shift);
  g_test_add_func ("/augment/zoom", test_zoom);
  g_test_add_func ("/augment/shear", test_shear);
  g_test_add_func ("/augment/order", test_order);
  g_test_add_func ("/augment/shapes", test_shapes);
  g_test_add_func ("/augment/far", test_far);
  g_test_add_func ("/augment/check", test_check);
  return g_test_run ();
}
