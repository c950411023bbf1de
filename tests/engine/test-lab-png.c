/* SPDX-License-Identifier: MIT */
#include "lab-error.h"
#include "lab-picture.h"
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

/* That the file is read and its pixels, @width × @height, have these values. */
static void
assert_reads (GBytes *bytes, const guint8 *expected, guint width, guint height)
{
  g_autoptr (GFile) file = test_file_write ("digit.png", g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr (GError) error = NULL;
  g_autoptr (LabPicture) picture = lab_picture_read (file, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (picture);
  g_assert_cmpuint (picture->width, ==, width);
  g_assert_cmpuint (picture->height, ==, height);
  g_assert_cmpuint (picture->full_width, ==, width);
  g_assert_cmpuint (picture->full_height, ==, height);
  g_assert_cmpmem (picture->pixels, width * height, expected, width * height);
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
      assert_reads (bytes, image, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE);
    }
}

/* One bit a pixel, plain and interlaced, of an odd size. */
static void
test_one_bit (void)
{
  for (int interlace = PNG_INTERLACE_NONE; interlace <= PNG_INTERLACE_ADAM7; interlace++)
    {
      const Kind kind = { PNG_COLOR_TYPE_GRAY, 1, interlace, FALSE };
      guint8 rows[13][3] = { 0 };
      guint8 image[13 * 19];
      g_autoptr (GBytes) bytes = NULL;

      for (guint i = 0; i < sizeof image; i++)
        {
          gboolean light = i * 7 % 11 < 5;

          image[i] = light ? 255 : 0;
          rows[i / 19][i % 19 / 8] |= light << (7 - i % 19 % 8);
        }
      bytes = pack (&kind, rows[0], 19, 13, sizeof rows[0]);
      assert_reads (bytes, image, 19, 13);
    }
}

/* Reads a picture of a bar with @ink on transparent ground whose hidden colour is
 * @ground; it must come as @expected_ink on @expected_ground. */
static void
check_bar (guint8 ink, guint8 ground, guint8 alpha, guint8 expected_ink, guint8 expected_ground)
{
  const Kind kind = { PNG_COLOR_TYPE_GRAY_ALPHA, 8, PNG_INTERLACE_NONE, FALSE };
  guint8 rows[LAB_IMAGE_SIZE][2];
  guint8 expected[LAB_IMAGE_SIZE];
  g_autoptr (GBytes) bytes = NULL;

  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    {
      gboolean in_bar = i % LAB_IMAGE_SIDE == 14 && i / LAB_IMAGE_SIDE >= 4 && i / LAB_IMAGE_SIDE < 24;

      rows[i][0] = in_bar ? ink : ground;
      rows[i][1] = in_bar ? alpha : 0;
      expected[i] = in_bar ? expected_ink : expected_ground;
    }
  bytes = pack (&kind, rows[0], LAB_IMAGE_SIDE, LAB_IMAGE_SIDE, 2 * LAB_IMAGE_SIDE);
  assert_reads (bytes, expected, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE);
}

/* Light ink on nothing is put on black, any other on white, whatever colour the
 * transparent pixels hide. */
static void
test_transparent (void)
{
  for (guint ground = 0; ground <= 255; ground += 255)
    {
      check_bar (0, ground, 255, 0, 255);
      check_bar (255, ground, 255, 255, 0);
      check_bar (0, ground, 128, 127, 255);
      check_bar (200, ground, 51, 40, 0);
    }
  check_bar (0, 0, 0, 0, 0); /* nothing at all */
}

/* One colour of a palette may be transparent. */
static void
test_palette_alpha (void)
{
  GByteArray *array = g_byte_array_new ();
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct (png);
  const png_color palette[] = { { 0, 0, 0 }, { 250, 250, 250 }, { 9, 9, 9 } };
  const png_byte alpha[] = { 0 };
  const guint8 row[] = { 0x06, 0x00 }; /* 0 0 1 2, 0 0 0 0, at two bits */
  const guint8 expected[] = { 0, 0, 250, 9, 0, 0, 0, 0 };
  g_autoptr (GBytes) bytes = NULL;

  png_set_write_fn (png, array, append_cb, NULL);
  png_set_IHDR (png, info, 8, 1, 2, PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_NONE,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_PLTE (png, info, palette, G_N_ELEMENTS (palette));
  png_set_tRNS (png, info, alpha, 1, NULL);
  png_write_info (png, info);
  png_write_row (png, row);
  png_write_end (png, NULL);
  png_destroy_write_struct (&png, &info);
  bytes = g_byte_array_free_to_bytes (array);
  assert_reads (bytes, expected, 8, 1);
}

/* A large picture comes averaged, whether it is interlaced or not. */
static void
test_large (void)
{
  const guint width = 2501, height = 1700;
  g_autofree guint8 *rows = g_malloc (width * height);

  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      rows[y * width + x] = x / 3 * 5 + y / 3;
  for (int interlace = PNG_INTERLACE_NONE; interlace <= PNG_INTERLACE_ADAM7; interlace++)
    {
      const Kind kind = { PNG_COLOR_TYPE_GRAY, 8, interlace, FALSE };
      g_autoptr (GBytes) bytes = pack (&kind, rows, width, height, width);
      g_autoptr (GFile) file = test_file_write ("large.png", g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      g_autoptr (LabPicture) picture = lab_picture_read (file, NULL, NULL);

      g_assert_nonnull (picture);
      g_assert_cmpuint (picture->width, ==, (width + 2) / 3);
      g_assert_cmpuint (picture->height, ==, (height + 2) / 3);
      g_assert_cmpuint (picture->full_width, ==, width);
      for (guint y = 0; y < picture->height; y++)
        for (guint x = 0; x < picture->width; x++)
          g_assert_cmpuint (picture->pixels[y * picture->width + x], ==, (x * 5 + y) % 256);
    }
}

static void
test_stopped (void)
{
  guint8 image[LAB_IMAGE_SIZE] = { 0 };
  g_autoptr (GBytes) bytes = pack (&grey, image, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE);
  g_autoptr (GFile) file = test_file_write ("stop.png", g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (lab_picture_read (file, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_missing (void)
{
  g_autoptr (GFile) file = test_file ("missing.png");
  g_autoptr (GError) error = NULL;

  g_assert_null (lab_picture_read (file, NULL, &error));
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
  g_test_add_func ("/png/palette-alpha", test_palette_alpha);
  g_test_add_func ("/png/large", test_large);
  g_test_add_func ("/png/stopped", test_stopped);
  g_test_add_func ("/png/missing", test_missing);

  status = g_test_run ();
  test_folder_remove ();
  return status;
}
