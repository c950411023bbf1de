/* SPDX-License-Identifier: MIT */
#include "lab-error.h"
#include "lab-png.h"
#include "lab-raster.h"
#include "test-files.h"

#include <png.h>

/* How a picture for a test is kept in its file. */
typedef struct
{
  int color_type;
  int depth;
  int interlace;
  gboolean srgb;
} Kind;

static const Kind grey = { PNG_COLOR_TYPE_GRAY, 8, PNG_INTERLACE_NONE, FALSE };

static void
append_cb (png_structp png, png_bytep data, size_t size)
{
  g_byte_array_append (png_get_io_ptr (png), data, size);
}

/* Packs @height rows of @row_size bytes with libpng's full interface, which can
 * write every kind of PNG; transfer full. */
static GBytes *
pack (const Kind *kind, const guint8 *rows, guint width, guint height, gsize row_size)
{
  GByteArray *bytes = g_byte_array_new ();
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct (png);
  g_autofree png_bytep *pointers = g_new (png_bytep, height);

  for (guint y = 0; y < height; y++)
    pointers[y] = (png_bytep) rows + y * row_size;
  png_set_write_fn (png, bytes, append_cb, NULL);
  png_set_IHDR (png, info, width, height, kind->depth, kind->color_type, kind->interlace,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (kind->srgb)
    png_set_sRGB_gAMA_and_cHRM (png, info, PNG_sRGB_INTENT_PERCEPTUAL);
  if (kind->color_type == PNG_COLOR_TYPE_PALETTE)
    {
      png_color palette[256];

      for (guint i = 0; i < 256; i++)
        palette[i] = (png_color){ 255 - i, 255 - i, 255 - i };
      png_set_PLTE (png, info, palette, 256);
    }
  png_write_info (png, info);
  png_write_image (png, pointers);
  png_write_end (png, NULL);
  png_destroy_write_struct (&png, &info);
  return g_byte_array_free_to_bytes (bytes);
}

static void
assert_reads (GBytes *bytes, const guint8 *expected)
{
  g_autoptr (GFile) file = test_file_write ("digit.png", g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr (GError) error = NULL;
  guint8 image[LAB_IMAGE_SIZE] = { 0 };

  g_assert_true (lab_png_read_digit (file, image, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (image, sizeof image, expected, LAB_IMAGE_SIZE);
}

/* An image as MNIST's are, light on dark, that has all 256 values. */
static void
make_image (guint8 *image)
{
  memset (image, 0, LAB_IMAGE_SIZE);
  for (guint i = 0; i < 256; i++)
    image[(6 + i / 16) * LAB_IMAGE_SIDE + 6 + i % 16] = i;
}

/* A 28 × 28 image comes out of every kind of file with the values it has. */
static void
test_exact (void)
{
  const Kind kinds[] = {
    { PNG_COLOR_TYPE_GRAY, 8, PNG_INTERLACE_NONE, FALSE },
    { PNG_COLOR_TYPE_GRAY, 8, PNG_INTERLACE_NONE, TRUE },
    { PNG_COLOR_TYPE_GRAY, 8, PNG_INTERLACE_ADAM7, FALSE },
    { PNG_COLOR_TYPE_GRAY, 16, PNG_INTERLACE_NONE, FALSE },
    { PNG_COLOR_TYPE_GRAY, 16, PNG_INTERLACE_NONE, TRUE },
    { PNG_COLOR_TYPE_GRAY_ALPHA, 8, PNG_INTERLACE_NONE, FALSE },
    { PNG_COLOR_TYPE_GRAY_ALPHA, 16, PNG_INTERLACE_NONE, FALSE },
    { PNG_COLOR_TYPE_RGB, 8, PNG_INTERLACE_NONE, FALSE },
    { PNG_COLOR_TYPE_RGB, 8, PNG_INTERLACE_NONE, TRUE },
    { PNG_COLOR_TYPE_RGB_ALPHA, 8, PNG_INTERLACE_ADAM7, TRUE },
    { PNG_COLOR_TYPE_RGB_ALPHA, 16, PNG_INTERLACE_NONE, FALSE },
    { PNG_COLOR_TYPE_PALETTE, 8, PNG_INTERLACE_NONE, FALSE },
  };
  guint8 image[LAB_IMAGE_SIZE];

  make_image (image);
  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      const Kind *kind = &kinds[k];
      gboolean color = (kind->color_type & PNG_COLOR_MASK_COLOR) && kind->color_type != PNG_COLOR_TYPE_PALETTE;
      guint channels = (color ? 3 : 1) + (kind->color_type & PNG_COLOR_MASK_ALPHA ? 1 : 0);
      g_autoptr (GByteArray) rows = g_byte_array_new ();
      g_autoptr (GBytes) bytes = NULL;

      for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
        for (guint c = 0; c < channels; c++)
          {
            gboolean alpha = (kind->color_type & PNG_COLOR_MASK_ALPHA) && c + 1 == channels;
            guint8 value = alpha ? 255 : image[i];

            if (kind->color_type == PNG_COLOR_TYPE_PALETTE)
              value = 255 - value;
            for (int byte = 0; byte < kind->depth / 8; byte++)
              g_byte_array_append (rows, &value, 1);
          }
      bytes = pack (kind, rows->data, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE, rows->len / LAB_IMAGE_SIDE);
      assert_reads (bytes, image);
    }
}

/* One bit a pixel, dark on light: turned light on dark. */
static void
test_one_bit (void)
{
  const Kind kind = { PNG_COLOR_TYPE_GRAY, 1, PNG_INTERLACE_NONE, FALSE };
  guint8 rows[LAB_IMAGE_SIDE][4];
  guint8 image[LAB_IMAGE_SIZE] = { 0 };
  g_autoptr (GBytes) bytes = NULL;

  memset (rows, 255, sizeof rows);
  for (guint y = 8; y < 20; y++)
    {
      rows[y][1] = 0;
      memset (image + y * LAB_IMAGE_SIDE + 8, 255, 8);
    }
  bytes = pack (&kind, rows[0], LAB_IMAGE_SIDE, LAB_IMAGE_SIDE, sizeof rows[0]);
  assert_reads (bytes, image);
}

/* Makes a 28 × 28 picture of a bar with @ink on transparent ground whose hidden
 * colour is @ground, and reads it. */
static void
read_bar (guint8 ink, guint8 ground, guint8 alpha, guint8 *image)
{
  const Kind kind = { PNG_COLOR_TYPE_GRAY_ALPHA, 8, PNG_INTERLACE_NONE, FALSE };
  guint8 rows[LAB_IMAGE_SIZE][2];
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    {
      gboolean in_bar = i % LAB_IMAGE_SIDE == 14 && i / LAB_IMAGE_SIDE >= 4 && i / LAB_IMAGE_SIDE < 24;

      rows[i][0] = in_bar ? ink : ground;
      rows[i][1] = in_bar ? alpha : 0;
    }
  bytes = pack (&kind, rows[0], LAB_IMAGE_SIDE, LAB_IMAGE_SIDE, 2 * LAB_IMAGE_SIDE);
  file = test_file_write ("bar.png", g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_true (lab_png_read_digit (file, image, NULL, &error));
  g_assert_no_error (error);
}

/* Black and white ink on nothing are the same digit, whatever colour the
 * transparent pixels hide. */
static void
test_transparent (void)
{
  guint8 expected[LAB_IMAGE_SIZE] = { 0 };
  guint8 image[LAB_IMAGE_SIZE];

  for (guint y = 4; y < 24; y++)
    expected[y * LAB_IMAGE_SIDE + 14] = 255;
  for (guint ground = 0; ground <= 255; ground += 255)
    {
      read_bar (0, ground, 255, image);
      g_assert_cmpmem (image, sizeof image, expected, sizeof expected);
      read_bar (255, ground, 255, image);
      g_assert_cmpmem (image, sizeof image, expected, sizeof expected);
    }

  /* Everything transparent is a blank picture, not an error. */
  read_bar (0, 0, 0, image);
  memset (expected, 0, sizeof expected);
  g_assert_cmpmem (image, sizeof image, expected, sizeof expected);
}

/* Another size goes through lab_raster_normalise(), row by row as it should. */
static void
test_size (void)
{
  guint8 pixels[60][40];
  guint8 expected[LAB_IMAGE_SIZE];
  g_autoptr (GBytes) bytes = NULL;

  memset (pixels, 250, sizeof pixels);
  for (guint y = 10; y < 50; y++)
    for (guint x = 18; x < 24; x++)
      pixels[y][x] = y;
  lab_raster_normalise (pixels[0], 40, 60, 40, expected);
  bytes = pack (&grey, pixels[0], 40, 60, 40);
  assert_reads (bytes, expected);
}

static void
test_too_large (void)
{
  g_autofree guint8 *row = g_malloc0 (LAB_PNG_MAX_SIDE + 1);
  g_autoptr (GBytes) fits = pack (&grey, row, LAB_PNG_MAX_SIDE, 1, LAB_PNG_MAX_SIDE);
  g_autoptr (GBytes) wide = pack (&grey, row, LAB_PNG_MAX_SIDE + 1, 1, LAB_PNG_MAX_SIDE + 1);
  g_autoptr (GFile) file = test_file_write ("wide.png", g_bytes_get_data (wide, NULL), g_bytes_get_size (wide));
  g_autoptr (GError) error = NULL;
  guint8 image[LAB_IMAGE_SIZE] = { 0 };

  assert_reads (fits, image);
  g_assert_false (lab_png_read_digit (file, image, NULL, &error));
  g_assert_error (error, LAB_ERROR, LAB_ERROR_TOO_LARGE);
  test_assert_names_file (error, LAB_ERROR, file);
}

/* Cut short or with a bit flipped, a file is refused, or it was a part that
 * does not matter; then the picture is whole. */
static void
test_damaged (void)
{
  guint8 image[LAB_IMAGE_SIZE];
  guint8 other[LAB_IMAGE_SIZE];
  g_autoptr (GBytes) bytes = NULL;
  const guint8 *data = NULL;
  gsize size = 0;
  guint n_read = 0;

  make_image (image);
  bytes = pack (&grey, image, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE);
  data = g_bytes_get_data (bytes, &size);
  for (gsize n = 0; n < size; n++)
    {
      g_autoptr (GFile) file = test_file_write ("short.png", data, n);
      g_autoptr (GError) error = NULL;

      if (lab_png_read_digit (file, other, NULL, &error))
        {
          n_read++;
          g_assert_cmpmem (other, sizeof other, image, sizeof image);
        }
      else
        test_assert_names_file (error, LAB_ERROR, file);
    }
  /* Only the check sums and the end mark behind the pixels may be missing. */
  g_assert_cmpuint (n_read, <=, 20);

  for (gsize i = 0; i < 8 * size; i++)
    {
      g_autofree guint8 *flipped = g_memdup2 (data, size);
      g_autoptr (GFile) file = NULL;
      g_autoptr (GError) error = NULL;

      flipped[i / 8] ^= 1 << i % 8;
      file = test_file_write ("flip.png", flipped, size);
      if (!lab_png_read_digit (file, other, NULL, &error))
        test_assert_names_file (error, LAB_ERROR, file);
    }
}

static void
test_missing (void)
{
  g_autoptr (GFile) file = test_file ("missing.png");
  g_autoptr (GError) error = NULL;
  guint8 image[LAB_IMAGE_SIZE];

  g_assert_false (lab_png_read_digit (file, image, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  test_assert_names_file (error, G_IO_ERROR, file);
}

int
main (int argc, char **argv)
{
  int status = 0;

  g_test_init (&argc, &argv, NULL);
  test_folder_make ();

  g_test_add_func ("/png/exact", test_exact);
  g_test_add_func ("/png/one-bit", test_one_bit);
  g_test_add_func ("/png/transparent", test_transparent);
  g_test_add_func ("/png/size", test_size);
  g_test_add_func ("/png/too-large", test_too_large);
  g_test_add_func ("/png/damaged", test_damaged);
  g_test_add_func ("/png/missing", test_missing);

  status = g_test_run ();
  test_folder_remove ();
  return status;
}
