/* SPDX-License-Identifier: MIT */
#include "lab-error.h"
#include "lab-idx.h"
#include "test-files.h"

#include <string.h>

#define N_TRUNCATIONS 20

/* Three pictures of 2 × 5. */
static const guint8 images[] = {
  0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 5,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
  10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
  20, 21, 22, 23, 24, 25, 26, 27, 28, 255,
};
static const guint8 labels[] = { 0, 0, 8, 1, 0, 0, 0, 4, 7, 2, 1, 0 };

static void
assert_message (const guint8 *data, gsize size, int code, const char *text)
{
  g_autoptr (GFile) file = test_file_write ("wrong", data, size);
  g_autoptr (GError) error = NULL;
  g_autofree char *message = g_strdup_printf ("%s: %s", g_file_peek_path (file), text);
  LabIdx idx;

  g_assert_false (lab_idx_read (file, 3, &idx, NULL, &error));
  g_assert_error (error, LAB_ERROR, code);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_read (void)
{
  g_autoptr (GBytes) packed = test_gzip (images, sizeof images);
  g_autoptr (GFile) plain = test_file_write ("images", images, sizeof images);
  g_autoptr (GFile) gzip = test_file_write ("images.gz", g_bytes_get_data (packed, NULL), g_bytes_get_size (packed));
  g_autoptr (GFile) label_file = test_file_write ("labels", labels, sizeof labels);
  GFile *both[] = { plain, gzip };
  g_autoptr (GError) error = NULL;
  LabIdx idx;

  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (lab_idx_read (both[i], 3, &idx, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (idx.n_dimensions, ==, 3);
      g_assert_cmpuint (idx.dimensions[0], ==, 3);
      g_assert_cmpuint (idx.dimensions[1], ==, 2);
      g_assert_cmpuint (idx.dimensions[2], ==, 5);
      g_assert_cmpmem (g_bytes_get_data (idx.data, NULL), g_bytes_get_size (idx.data), images + 16, 30);
      lab_idx_clear (&idx);
      g_assert_null (idx.data);
    }

  g_assert_true (lab_idx_read (label_file, 1, &idx, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (idx.dimensions[0], ==, 4);
  g_assert_cmpmem (g_bytes_get_data (idx.data, NULL), g_bytes_get_size (idx.data), labels + 8, 4);
  lab_idx_clear (&idx);
}

static void
test_messages (void)
{
  guint8 data[sizeof images + 1] = { 0 };

  memcpy (data, images, sizeof images);
  assert_message (data, 0, LAB_ERROR_FORMAT, "the file is empty");
  assert_message (data, 3, LAB_ERROR_FORMAT, "the file ends after 3 of 4 bytes");
  assert_message (data, 9, LAB_ERROR_FORMAT, "the file ends after 9 of 16 bytes");
  assert_message (data, 45, LAB_ERROR_FORMAT, "the file ends after 45 of 46 bytes");
  assert_message (data, 47, LAB_ERROR_FORMAT, "the file has 47 bytes where its header asks for 46");
  assert_message (labels, sizeof labels, LAB_ERROR_FORMAT, "an IDX file of 3 dimensions was expected, and this has 1");

  data[2] = 9;
  assert_message (data, 46, LAB_ERROR_FORMAT, "not an IDX file of bytes (it starts with 00 00 09 03)");
  assert_message ((const guint8 *) "PK\3\4", 4, LAB_ERROR_FORMAT,
                  "not an IDX file of bytes (it starts with 50 4b 03 04)");

  memcpy (data, images, sizeof images);
  data[7] = 0;
  assert_message (data, 16, LAB_ERROR_FORMAT, "its header says that dimension 1 is 0");
  memcpy (data, images, sizeof images);
  data[15] = 0;
  assert_message (data, 16, LAB_ERROR_FORMAT, "its header says that dimension 3 is 0");

  /* 2²⁰ × 2⁵ × 2⁵ is 1 GiB, which is allowed; one column more is not. */
  memcpy (data, images, sizeof images);
  data[5] = 16, data[7] = 0, data[11] = 32, data[15] = 32;
  assert_message (data, 46, LAB_ERROR_FORMAT, "the file ends after 46 of 1073741840 bytes");
  data[15] = 33;
  assert_message (data, 46, LAB_ERROR_TOO_LARGE, "its header asks for more than 1.0\u00a0GiB");
  /* The product of these is 0 in 64 bits. */
  data[4] = data[8] = data[12] = 128;
  data[5] = data[7] = data[11] = data[15] = 0;
  assert_message (data, 46, LAB_ERROR_TOO_LARGE, "its header asks for more than 1.0\u00a0GiB");
  memset (data + 4, 255, 12);
  assert_message (data, 46, LAB_ERROR_TOO_LARGE, "its header asks for more than 1.0\u00a0GiB");
}

/* That @file is refused, naming it. */
static void
assert_refused (GFile *file, guint n_dimensions)
{
  g_autoptr (GError) error = NULL;
  LabIdx idx;

  g_assert_false (lab_idx_read (file, n_dimensions, &idx, NULL, &error));
  test_assert_names_file (error, LAB_ERROR, file);
}

/* That @file is refused, naming it, or holds @data. */
static void
assert_refused_or_same (GFile *file, guint n_dimensions, GBytes *data)
{
  g_autoptr (GError) error = NULL;
  LabIdx idx;

  if (!lab_idx_read (file, n_dimensions, &idx, NULL, &error))
    {
      test_assert_names_file (error, LAB_ERROR, file);
      return;
    }
  g_assert_true (g_bytes_equal (idx.data, data));
  lab_idx_clear (&idx);
}

/* Cuts @contents short at N_TRUNCATIONS places: near its end, all along, and
 * around the end of the header. */
static void
check_truncations (GBytes *contents, guint n_dimensions)
{
  gsize size = g_bytes_get_size (contents);
  gsize header = 4 + 4 * n_dimensions;
  gsize places[N_TRUNCATIONS] = { size - 1, size - 8 };
  const gsize last[] = { header + 1, header, header - 1, 4, 3, 1, 0 };
  guint n_inner = N_TRUNCATIONS - 2 - G_N_ELEMENTS (last);
  g_autoptr (GFile) file = test_file_write ("short", g_bytes_get_data (contents, NULL), size);

  for (guint i = 0; i < n_inner; i++)
    places[2 + i] = size / (n_inner + 1) * (n_inner - i);
  memcpy (places + 2 + n_inner, last, sizeof last);

  for (guint i = 0; i < N_TRUNCATIONS; i++)
    {
      g_assert_true (i == 0 || places[i] < places[i - 1]);
      g_assert_cmpint (truncate (g_file_peek_path (file), places[i]), ==, 0);
      assert_refused (file, n_dimensions);
    }
}

/* Flips bits of every byte of an IDX header, those of the masks 1, 1 + @step …
 * 255. There is no byte in it that may change without being noticed. */
static void
check_header_flips (GBytes *contents, guint n_dimensions, guint step)
{
  g_autoptr (GFile) file = test_file_write ("flip", g_bytes_get_data (contents, NULL), g_bytes_get_size (contents));

  for (gsize i = 0; i < 4 + 4 * n_dimensions; i++)
    for (guint mask = 1; mask <= 255; mask += step)
      {
        test_file_flip (file, i, mask);
        assert_refused (file, n_dimensions);
        test_file_flip (file, i, mask);
      }
}

/* The same with the header of the gzip file around it. Its time, its name and
 * the like only inform, so the contents may also come out as they were. */
static void
check_gzip_header_flips (GBytes *packed, guint n_dimensions, guint step)
{
  gsize size = g_bytes_get_size (packed);
  const guint8 *bytes = g_bytes_get_data (packed, NULL);
  g_autoptr (GFile) file = test_file_write ("flip.gz", bytes, size);
  g_autoptr (GError) error = NULL;
  LabIdx original;

  g_assert_true (lab_idx_read (file, n_dimensions, &original, NULL, &error));
  g_assert_no_error (error);
  for (gsize i = 0; i < test_gzip_header (bytes, size); i++)
    for (guint mask = 1; mask <= 255; mask += step)
      {
        test_file_flip (file, i, mask);
        assert_refused_or_same (file, n_dimensions, original.data);
        test_file_flip (file, i, mask);
      }
  lab_idx_clear (&original);
}

static void
test_truncated (void)
{
  g_autoptr (GBytes) packed = test_gzip (images, sizeof images);

  for (gsize size = 0; size < sizeof images; size++)
    {
      g_autoptr (GFile) file = test_file_write ("short", images, size);

      assert_refused (file, 3);
    }
  for (gsize size = 0; size < g_bytes_get_size (packed); size++)
    {
      g_autoptr (GFile) file = test_file_write ("short.gz", g_bytes_get_data (packed, NULL), size);

      assert_refused (file, 3);
    }
}

static void
test_flipped (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (images, sizeof images);
  g_autoptr (GBytes) packed = test_gzip (images, sizeof images);

  check_header_flips (bytes, 3, 1);
  check_gzip_header_flips (packed, 3, 1);
}

/* Reads a file of the real MNIST as it is and unpacked. */
static void
load_mnist (const char *name, guint n_dimensions, GBytes **packed, GBytes **contents)
{
  g_autofree char *path = g_build_filename (g_getenv ("DIGIT_LAB_DATA"), "mnist", name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  LabIdx idx;

  *packed = g_file_load_bytes (file, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (lab_idx_read (file, n_dimensions, &idx, NULL, &error));
  g_assert_no_error (error);

  g_byte_array_append (all, (const guint8[]){ 0, 0, 8, n_dimensions }, 4);
  for (guint i = 0; i < n_dimensions; i++)
    {
      guint32 n = GUINT32_TO_BE (idx.dimensions[i]);

      g_byte_array_append (all, (const guint8 *) &n, 4);
    }
  g_byte_array_append (all, g_bytes_get_data (idx.data, NULL), g_bytes_get_size (idx.data));
  lab_idx_clear (&idx);
  *contents = g_byte_array_free_to_bytes (g_steal_pointer (&all));
}

static void
test_mnist (gconstpointer data)
{
  const char *name = data;
  guint n_dimensions = strstr (name, "idx3") != NULL ? 3 : 1;
  g_autoptr (GBytes) packed = NULL;
  g_autoptr (GBytes) contents = NULL;

  if (g_getenv ("DIGIT_LAB_DATA") == NULL)
    {
      g_test_skip ("DIGIT_LAB_DATA does not name a folder with the real MNIST");
      return;
    }

  load_mnist (name, n_dimensions, &packed, &contents);
  check_truncations (packed, n_dimensions);
  check_truncations (contents, n_dimensions);
  /* One bit and all bits: every combination was tried on the small file. */
  check_header_flips (contents, n_dimensions, 254);
  check_gzip_header_flips (packed, n_dimensions, 254);
}

int
main (int argc, char **argv)
{
  int status = 0;

  g_test_init (&argc, &argv, NULL);
  test_folder_make ();

  g_test_add_func ("/idx/read", test_read);
  g_test_add_func ("/idx/messages", test_messages);
  g_test_add_func ("/idx/truncated", test_truncated);
  g_test_add_func ("/idx/flipped", test_flipped);
  g_test_add_data_func ("/idx/mnist/test-labels", "t10k-labels-idx1-ubyte.gz", test_mnist);
  g_test_add_data_func ("/idx/mnist/test-images", "t10k-images-idx3-ubyte.gz", test_mnist);
  g_test_add_data_func ("/idx/mnist/train-labels", "train-labels-idx1-ubyte.gz", test_mnist);
  g_test_add_data_func ("/idx/mnist/train-images", "train-images-idx3-ubyte.gz", test_mnist);

  status = g_test_run ();
  test_folder_remove ();
  return status;
}
