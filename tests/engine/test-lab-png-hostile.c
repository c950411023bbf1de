/* SPDX-License-Identifier: MIT */

/* PNG files that are broken or made to do harm: each must give an error that
 * names it, or a picture, within a second and 64 MiB. */

#include "lab-error.h"
#include "lab-picture.h"
#include "test-files.h"

#include <sys/resource.h>

#define MAX_TIME G_USEC_PER_SEC
#define MAX_MEMORY (64 * 1024) /* KiB more than before */

static const guint8 signature[] = { 137, 'P', 'N', 'G', 13, 10, 26, 10 };

static guint32
checksum (const guint8 *bytes, gsize size)
{
  guint32 crc = 0xffffffff;

  for (gsize i = 0; i < size; i++)
    {
      crc ^= bytes[i];
      for (int k = 0; k < 8; k++)
        crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
  return ~crc;
}

static void
put_number (GByteArray *file, guint32 number)
{
  guint32 big_endian = GUINT32_TO_BE (number);

  g_byte_array_append (file, (const guint8 *) &big_endian, 4);
}

/* Adds a chunk that claims to have @length bytes. */
static void
put_lying_chunk (GByteArray *file, const char *type, gconstpointer data, gsize size, guint32 length)
{
  gsize start;

  put_number (file, length);
  start = file->len;
  g_byte_array_append (file, (const guint8 *) type, 4);
  g_byte_array_append (file, data, size);
  put_number (file, checksum (file->data + start, file->len - start));
}

static void
put_chunk (GByteArray *file, const char *type, gconstpointer data, gsize size)
{
  put_lying_chunk (file, type, data, size, size);
}

/* Starts a file. */
static GByteArray *
start (guint32 width, guint32 height, guint8 depth, guint8 color_type, gboolean interlaced)
{
  GByteArray *file = g_byte_array_new ();
  guint8 header[13] = { 0 };
  guint32 sizes[2] = { GUINT32_TO_BE (width), GUINT32_TO_BE (height) };

  memcpy (header, sizes, 8);
  header[8] = depth;
  header[9] = color_type;
  header[12] = interlaced;
  g_byte_array_append (file, signature, sizeof signature);
  put_chunk (file, "IHDR", header, sizeof header);
  return file;
}

/* Returns @size zeros as zlib packs them, behind @prefix; transfer full. */
static GByteArray *
pack_zeros (gsize size, gconstpointer prefix, gsize prefix_size)
{
  static const guint8 zeros[65536] = { 0 };
  g_autoptr (GConverter) zlib = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 1));
  GByteArray *packed = g_byte_array_new ();
  gsize left = size;
  GConverterResult result = G_CONVERTER_CONVERTED;

  g_byte_array_append (packed, prefix, prefix_size);
  while (result != G_CONVERTER_FINISHED)
    {
      guint8 buffer[65536];
      gsize n = MIN (left, sizeof zeros);
      gsize n_read, n_written;

      result = g_converter_convert (zlib, zeros, n, buffer, sizeof buffer,
                                    left == n ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS,
                                    &n_read, &n_written, NULL);
      g_assert_cmpint (result, !=, G_CONVERTER_ERROR);
      left -= n_read;
      g_byte_array_append (packed, buffer, n_written);
    }
  return packed;
}

static void
put_zeros (GByteArray *file, const char *type, gsize size, gconstpointer prefix, gsize prefix_size)
{
  g_autoptr (GByteArray) packed = pack_zeros (size, prefix, prefix_size);

  put_chunk (file, type, packed->data, packed->len);
}

/* Returns a whole file of 8 × 8 black pixels. */
static GByteArray *
small_file (void)
{
  GByteArray *file = start (8, 8, 8, 0, FALSE);

  put_zeros (file, "IDAT", 8 * 9, "", 0);
  put_chunk (file, "IEND", "", 0);
  return file;
}

/* Reads the file, takes it, and watches what that costs. Returns the picture, or
 * NULL when it was refused, with an error that names it. */
static LabPicture *
read_hostile (const char *what, GByteArray *bytes)
{
  g_autoptr (GFile) file = test_file_write ("hostile.png", bytes->data, bytes->len);
  g_autoptr (GError) error = NULL;
  struct rusage before, after;
  LabPicture *picture;
  gint64 time;

  g_byte_array_unref (bytes);
  getrusage (RUSAGE_SELF, &before);
  picture = lab_picture_read (file, NULL, &error);
  getrusage (RUSAGE_SELF, &after);

  /* The processor's time, so that a busy computer does no harm. */
  time = (after.ru_utime.tv_sec - before.ru_utime.tv_sec + after.ru_stime.tv_sec - before.ru_stime.tv_sec) * G_USEC_PER_SEC
         + after.ru_utime.tv_usec - before.ru_utime.tv_usec + after.ru_stime.tv_usec - before.ru_stime.tv_usec;
  g_test_message ("%s: %.3f s, %ld KiB, %s", what, (double) time / G_USEC_PER_SEC,
                  after.ru_maxrss - before.ru_maxrss, picture != NULL ? "read" : error->message);
  g_assert_cmpint (time, <=, MAX_TIME);
  g_assert_cmpint (after.ru_maxrss - before.ru_maxrss, <=, MAX_MEMORY);
  if (picture == NULL)
    test_assert_names_file (error, LAB_ERROR, file);
  else
    g_assert_no_error (error);
  return picture;
}

static void
assert_refused (const char *what, GByteArray *bytes)
{
  g_assert_null (read_hostile (what, bytes));
}

static void
assert_plain (const char *what, GByteArray *bytes, guint full_width, guint8 value)
{
  g_autoptr (LabPicture) picture = read_hostile (what, bytes);

  g_assert_nonnull (picture);
  g_assert_cmpuint (picture->full_width, ==, full_width);
  for (guint i = 0; i < picture->width * picture->height; i++)
    g_assert_cmpuint (picture->pixels[i], ==, value);
}

static void
assert_black (const char *what, GByteArray *bytes, guint full_width)
{
  assert_plain (what, bytes, full_width, 0);
}

static void
test_sizes (void)
{
  const guint32 sizes[][2] = {
    { 0x80000000, 8 }, { 0x7fffffff, 8 }, { 8, 0x7fffffff }, { 0x7fffffff, 0x7fffffff }, { 0xffffffff, 1 },
    { 0, 8 }, { 8, 0 }, { LAB_PICTURE_MAX_SIDE + 1, 1 }, { 1, LAB_PICTURE_MAX_SIDE + 1 }, { 1000001, 1000001 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *what = g_strdup_printf ("%u × %u", sizes[i][0], sizes[i][1]);
      GByteArray *file = start (sizes[i][0], sizes[i][1], 16, 6, i % 2);

      put_zeros (file, "IDAT", 100000, "", 0);
      put_chunk (file, "IEND", "", 0);
      assert_refused (what, file);
    }
}

/* The largest pictures there are, in some kilobytes: they are valid. */
static void
test_zeros (void)
{
  const struct
  {
    const char *what;
    guint8 depth, color_type;
    guint bits;
    gboolean interlaced;
  } kinds[] = {
    { "8000 × 8000, 1 bit", 1, 0, 1, FALSE },
    { "8000 × 8000, grey", 8, 0, 8, FALSE },
    { "8000 × 8000, RGB", 8, 2, 24, FALSE },
    { "8000 × 8000, grey, interlaced", 8, 0, 8, TRUE },
    { "8000 × 8000, RGB and alpha, 16 bits", 16, 6, 64, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      GByteArray *file = start (8000, 8000, kinds[i].depth, kinds[i].color_type, kinds[i].interlaced);
      gsize row = 8000 * kinds[i].bits / 8 + 1;

      put_zeros (file, "IDAT", row * 8000 + (kinds[i].interlaced ? 7000 : 0), "", 0);
      put_chunk (file, "IEND", "", 0);
      assert_plain (kinds[i].what, file, 8000, 0);
    }
}

/* Far more than the picture needs, packed small. */
static void
test_bombs (void)
{
  const char *const types[] = { "zTXt", "iCCP", "iTXt" };
  const char prefixes[][11] = { "Comment\0\0", "profile\0\0", "Text\0\1\0\0\0" };
  GByteArray *file = start (8, 8, 8, 0, FALSE);

  put_zeros (file, "IDAT", 100 * 1024 * 1024, "", 0);
  put_chunk (file, "IEND", "", 0);
  assert_refused ("IDAT of 100 MiB for 8 × 8", file);

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      file = start (8, 8, 8, 0, FALSE);
      put_zeros (file, types[i], 100 * 1024 * 1024, prefixes[i], 9);
      put_zeros (file, "IDAT", 8 * 9, "", 0);
      put_chunk (file, "IEND", "", 0);
      assert_black (types[i], file, 8);
    }
}

static void
test_other_data (void)
{
  g_autofree guint8 *text = g_malloc0 (20 * 1024 * 1024);
  GByteArray *file = start (8, 8, 8, 0, FALSE);

  put_chunk (file, "tEXt", text, 20 * 1024 * 1024);
  put_zeros (file, "IDAT", 8 * 9, "", 0);
  put_chunk (file, "IEND", "", 0);
  assert_refused ("20 MiB of text", file);

  file = start (8, 8, 8, 0, FALSE);
  for (guint i = 0; i < 200000; i++)
    put_chunk (file, "tEXt", "a\0b", 3);
  put_zeros (file, "IDAT", 8 * 9, "", 0);
  put_chunk (file, "IEND", "", 0);
  assert_black ("200,000 texts", file, 8);

  file = start (8, 8, 8, 0, FALSE);
  for (guint i = 0; i < 200000; i++)
    put_chunk (file, "IDAT", "", 0);
  put_zeros (file, "IDAT", 8 * 9, "", 0);
  put_chunk (file, "IEND", "", 0);
  assert_refused ("200,000 empty IDAT", file);
}

/* Lengths that are not those of the data, in every chunk. */
static void
test_lengths (void)
{
  const guint32 lengths[] = { 0, 1, 12, 14, 72, 1000, 0x7fffffff, 0x80000000, 0xffffffff };
  const char *const types[] = { "IHDR", "PLTE", "tEXt", "iCCP", "IDAT", "IEND" };

  for (guint t = 0; t < G_N_ELEMENTS (types); t++)
    for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
      {
        GByteArray *file = start (8, 8, 8, 2, FALSE);
        g_autofree char *what = g_strdup_printf ("%s of %u bytes", types[t], lengths[i]);

        put_lying_chunk (file, types[t], "123456", 6, lengths[i]);
        put_zeros (file, "IDAT", 8 * 25, "", 0);
        put_chunk (file, "IEND", "", 0);
        assert_refused (what, file);
      }
}

/* Chunks that are missing, in the wrong order or wrong. */
static void
test_structure (void)
{
  GByteArray *file = start (8, 8, 8, 3, FALSE);

  put_zeros (file, "IDAT", 8 * 9, "", 0);
  put_chunk (file, "IEND", "", 0);
  assert_refused ("no palette", file);

  file = start (8, 8, 3, 0, FALSE);
  put_zeros (file, "IDAT", 8 * 9, "", 0);
  assert_refused ("3 bits", file);

  file = start (8, 8, 8, 0, FALSE);
  put_chunk (file, "IEND", "", 0);
  assert_refused ("no pixels", file);

  file = start (8, 8, 8, 0, FALSE);
  put_zeros (file, "IDAT", 8 * 8, "", 0);
  put_chunk (file, "IEND", "", 0);
  assert_refused ("too few pixels", file);

  file = start (8, 8, 8, 0, FALSE);
  put_chunk (file, "IDAT", "nonsense", 8);
  put_chunk (file, "IEND", "", 0);
  assert_refused ("not packed", file);

  file = start (8, 8, 8, 0, FALSE);
  put_chunk (file, "VERY", "important", 9);
  put_zeros (file, "IDAT", 8 * 9, "", 0);
  put_chunk (file, "IEND", "", 0);
  assert_refused ("an unknown chunk that matters", file);

  /* Pixels beyond the palette are black in libpng. */
  file = start (8, 8, 8, 3, FALSE);
  put_chunk (file, "PLTE", "\0\0\0", 3);
  put_chunk (file, "tRNS", "\xff", 1);
  put_zeros (file, "IDAT", 8 * 9, "", 0);
  put_chunk (file, "IEND", "", 0);
  assert_black ("a palette of one colour", file, 8);
}

/* Cut short anywhere, a file is refused. */
static void
test_truncated (void)
{
  g_autoptr (GByteArray) whole = small_file ();

  for (guint n = 0; n < whole->len; n++)
    {
      GByteArray *file = g_byte_array_new ();

      g_byte_array_append (file, whole->data, n);
      assert_refused ("cut short", file);
    }
}

/* With any bit of it flipped, too: every chunk has a check sum. */
static void
test_flipped (void)
{
  g_autoptr (GByteArray) whole = small_file ();

  for (guint i = 0; i < 8 * whole->len; i++)
    {
      GByteArray *file = g_byte_array_new ();

      g_byte_array_append (file, whole->data, whole->len);
      file->data[i / 8] ^= 1 << i % 8;
      assert_refused ("flipped", file);
    }
}

/* With any byte changed and the check sums right, it is read or refused. */
static void
test_changed (void)
{
  g_autoptr (GByteArray) pixels = pack_zeros (8 * 9, "", 0);

  for (guint i = 0; i < 13 + pixels->len; i++)
    for (guint value = 0; value < 256; value += 5)
      {
        GByteArray *file = start (8, 8, 8, 0, FALSE);
        g_autoptr (LabPicture) picture = NULL;
        guint8 header[13];

        memcpy (header, file->data + 16, 13);
        g_byte_array_set_size (file, sizeof signature);
        pixels->data[0] = 0x78;
        if (i < 13)
          header[i] = value;
        put_chunk (file, "IHDR", header, 13);
        if (i >= 13)
          {
            g_autofree guint8 *changed = g_memdup2 (pixels->data, pixels->len);

            changed[i - 13] = value;
            put_chunk (file, "IDAT", changed, pixels->len);
          }
        else
          {
            put_chunk (file, "IDAT", pixels->data, pixels->len);
          }
        put_chunk (file, "IEND", "", 0);
        picture = read_hostile ("changed", file);
      }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  test_folder_make ();

  g_test_add_func ("/png-hostile/sizes", test_sizes);
  g_test_add_func ("/png-hostile/zeros", test_zeros);
  g_test_add_func ("/png-hostile/bombs", test_bombs);
  g_test_add_func ("/png-hostile/other-data", test_other_data);
  g_test_add_func ("/png-hostile/lengths", test_lengths);
  g_test_add_func ("/png-hostile/structure", test_structure);
  g_test_add_func ("/png-hostile/truncated", test_truncated);
  g_test_add_func ("/png-hostile/flipped", test_flipped);
  g_test_add_func ("/png-hostile/changed", test_changed);

  status = g_test_run ();
  test_folder_remove ();
  return status;
}
