/* SPDX-License-Identifier: MIT */
#include "lab-error.h"
#include "lab-file.h"
#include "test-files.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define SIZE 5000

static guint8 contents[SIZE];

static void
assert_reads (GFile *file, gsize max_size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = lab_file_read (file, max_size, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), contents, SIZE);
}

static void
assert_fails (GFile *file, gsize max_size, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lab_file_read (file, max_size, NULL, &error));
  g_assert_error (error, domain, code);
  test_assert_names_file (error, domain, file);
}

static void
test_read (void)
{
  g_autoptr (GBytes) packed = test_gzip (contents, SIZE);
  g_autoptr (GFile) plain = test_file_write ("plain", contents, SIZE);
  g_autoptr (GFile) gzip = test_file_write ("gzip", g_bytes_get_data (packed, NULL), g_bytes_get_size (packed));

  /* The limit is the last size that is read, of either kind. */
  assert_reads (plain, 1 << 20);
  assert_reads (plain, SIZE);
  assert_fails (plain, SIZE - 1, LAB_ERROR, LAB_ERROR_TOO_LARGE);
  assert_reads (gzip, 1 << 20);
  assert_reads (gzip, SIZE);
  assert_fails (gzip, SIZE - 1, LAB_ERROR, LAB_ERROR_TOO_LARGE);
}

static void
test_read_nothing (void)
{
  g_autoptr (GFile) folder = g_file_new_for_path (test_folder);
  g_autoptr (GFile) missing = test_file ("missing");
  g_autoptr (GFile) empty = test_file_write ("empty", "", 0);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  assert_fails (missing, SIZE, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_fails (folder, SIZE, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);

  bytes = lab_file_read (empty, SIZE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 0);

  g_cancellable_cancel (cancellable);
  g_assert_null (lab_file_read (empty, SIZE, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_gzip_bomb (void)
{
  g_autofree guint8 *zeros = g_malloc0 (10 << 20);
  g_autoptr (GBytes) packed = test_gzip (zeros, 10 << 20);
  g_autoptr (GFile) file = test_file_write ("bomb", g_bytes_get_data (packed, NULL), g_bytes_get_size (packed));

  g_assert_cmpuint (g_bytes_get_size (packed), <, 1 << 20);
  assert_fails (file, 1 << 20, LAB_ERROR, LAB_ERROR_TOO_LARGE);
}

/* Every length but the whole; below two bytes it is no longer a gzip file. */
static void
test_gzip_truncated (void)
{
  g_autoptr (GBytes) packed = test_gzip (contents, SIZE);

  for (gsize size = 2; size < g_bytes_get_size (packed); size++)
    {
      g_autoptr (GFile) file = test_file_write ("short.gz", g_bytes_get_data (packed, NULL), size);

      assert_fails (file, 1 << 20, LAB_ERROR, LAB_ERROR_FORMAT);
    }
}

static void
test_gzip_trailing (void)
{
  g_autoptr (GBytes) packed = test_gzip (contents, SIZE);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GFile) file = NULL;

  g_byte_array_append (bytes, g_bytes_get_data (packed, NULL), g_bytes_get_size (packed));
  g_byte_array_append (bytes, (const guint8 *) "", 1);
  file = test_file_write ("long.gz", bytes->data, bytes->len);
  assert_fails (file, 1 << 20, LAB_ERROR, LAB_ERROR_FORMAT);
}

/* Every bit of the whole file. Bits that only inform (time, system, whether it
 * is text) may give the same contents; nothing may give others. */
static void
test_gzip_flips (void)
{
  g_autoptr (GBytes) packed = test_gzip (contents, SIZE);
  gsize size = g_bytes_get_size (packed);
  g_autoptr (GFile) file = test_file_write ("flip.gz", g_bytes_get_data (packed, NULL), size);

  for (gsize i = 2; i < size; i++)
    for (guint bit = 0; bit < 8; bit++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (GBytes) bytes = NULL;

        test_file_flip (file, i, 1 << bit);
        bytes = lab_file_read (file, 1 << 20, NULL, &error);
        if (bytes == NULL)
          test_assert_names_file (error, LAB_ERROR, file);
        else
          g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), contents, SIZE);
        /* The check sum and the length, the last eight bytes, are always looked at. */
        g_assert_true (i < size - 8 || bytes == NULL);
        test_file_flip (file, i, 1 << bit);
      }
}

static guint
count_files (void)
{
  g_autoptr (GDir) folder = g_dir_open (test_folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

static void
test_write (void)
{
  g_autoptr (GFile) file = test_file ("written");
  g_autoptr (GBytes) bytes = g_bytes_new_static (contents, SIZE);
  g_autoptr (GBytes) other = g_bytes_new_static ("x", 1);
  g_autoptr (GError) error = NULL;
  guint n_files = count_files ();
  mode_t mask = umask (027);
  GStatBuf status;

  g_assert_true (lab_file_write (file, other, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (lab_file_write (file, bytes, NULL, &error));
  g_assert_no_error (error);
  umask (mask);

  assert_reads (file, SIZE);
  g_assert_cmpuint (count_files (), ==, n_files + 1);
  g_assert_cmpint (g_stat (g_file_peek_path (file), &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0640);
}

static void
test_write_folders (void)
{
  g_autoptr (GFile) outer = test_file ("outer");
  g_autoptr (GFile) inner = g_file_get_child (outer, "inner");
  g_autoptr (GFile) file = g_file_get_child (inner, "written");
  g_autoptr (GFile) below_file = g_file_get_child (file, "impossible");
  g_autoptr (GBytes) bytes = g_bytes_new_static (contents, SIZE);
  g_autoptr (GError) error = NULL;

  g_assert_true (lab_file_write (file, bytes, NULL, &error));
  g_assert_no_error (error);
  assert_reads (file, SIZE);

  g_assert_false (lab_file_write (below_file, bytes, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
  test_assert_names_file (error, G_IO_ERROR, below_file);

  g_assert_cmpint (g_unlink (g_file_peek_path (file)), ==, 0);
  g_assert_cmpint (g_rmdir (g_file_peek_path (inner)), ==, 0);
  g_assert_cmpint (g_rmdir (g_file_peek_path (outer)), ==, 0);
}

/* The old file stays and the temporary one goes, whatever goes wrong. */
static void
test_write_fails (void)
{
  g_autoptr (GFile) file = test_file_write ("kept", contents, SIZE);
  g_autoptr (GFile) folder = g_file_new_for_path (test_folder);
  g_autoptr (GFile) remote = g_file_new_for_uri ("http://example.org/model.onnx");
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (100000), 100000);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  guint n_files = count_files ();
  struct rlimit old;
  struct rlimit small;

  /* A limit on the size of files is a full disk that a test can have. */
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  small = old;
  small.rlim_cur = 50000;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_assert_false (lab_file_write (file, bytes, NULL, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  test_assert_names_file (error, G_IO_ERROR, file);
  g_clear_error (&error);

  g_assert_false (lab_file_write (folder, bytes, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_clear_error (&error);

  g_assert_false (lab_file_write (remote, bytes, NULL, &error));
  g_assert_error (error, LAB_ERROR, LAB_ERROR_UNSUPPORTED);
  g_clear_error (&error);

  g_cancellable_cancel (cancellable);
  g_assert_false (lab_file_write (file, bytes, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  assert_reads (file, SIZE);
  g_assert_cmpuint (count_files (), ==, n_files);
}

int
main (int argc, char **argv)
{
  int status = 0;

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < SIZE; i++)
    contents[i] = i * i / 7;
  test_folder_make ();

  g_test_add_func ("/file/read", test_read);
  g_test_add_func ("/file/read-nothing", test_read_nothing);
  g_test_add_func ("/file/gzip-bomb", test_gzip_bomb);
  g_test_add_func ("/file/gzip-truncated", test_gzip_truncated);
  g_test_add_func ("/file/gzip-trailing", test_gzip_trailing);
  g_test_add_func ("/file/gzip-flips", test_gzip_flips);
  g_test_add_func ("/file/write", test_write);
  g_test_add_func ("/file/write-folders", test_write_folders);
  g_test_add_func ("/file/write-fails", test_write_fails);

  status = g_test_run ();
  test_folder_remove ();
  return status;
}
