/* SPDX-License-Identifier: MIT */
#pragma once

/* A folder for the files of a test, and what several tests do with files. */

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static char *test_folder;

static inline void
test_folder_make (void)
{
  g_autoptr (GError) error = NULL;

  test_folder = g_dir_make_tmp ("digit-lab-files-XXXXXX", &error);
  g_assert_no_error (error);
}

/* Removes the folder, which must hold files only. */
static inline void
test_folder_remove (void)
{
  g_autoptr (GDir) folder = g_dir_open (test_folder, 0, NULL);
  const char *name = NULL;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (test_folder, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (test_folder), ==, 0);
  g_clear_pointer (&test_folder, g_free);
}

/* Returns the file called @name in the folder; transfer full. */
static inline GFile *
test_file (const char *name)
{
  return g_file_new_build_filename (test_folder, name, NULL);
}

/* Writes a file of @size bytes and returns it; transfer full. */
static inline GFile *
test_file_write (const char *name, gconstpointer data, gsize size)
{
  GFile *file = test_file (name);
  int fd = g_open (g_file_peek_path (file), O_WRONLY | O_CREAT | O_TRUNC, 0600);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, data, size), ==, size);
  close (fd);
  return file;
}

/* Returns @data as gzip packs it; transfer full. */
static inline GBytes *
test_gzip (gconstpointer data, gsize size)
{
  g_autoptr (GConverter) zlib = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, zlib);
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (stream, data, size, NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_close (stream, NULL, &error);
  g_assert_no_error (error);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

/* The length of the header of a gzip file: ten bytes, and a name if its flags say so. */
static inline gsize
test_gzip_header (const guint8 *data, gsize size)
{
  gsize length = 10;

  if (data[3] & 8)
    while (length < size && data[length++] != 0)
      ;
  return length;
}

/* Flips the bits of @mask in byte @offset of @file, in place. */
static inline void
test_file_flip (GFile *file, gsize offset, guint8 mask)
{
  int fd = g_open (g_file_peek_path (file), O_RDWR, 0);
  guint8 byte = 0;

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (pread (fd, &byte, 1, offset), ==, 1);
  byte ^= mask;
  g_assert_cmpint (pwrite (fd, &byte, 1, offset), ==, 1);
  close (fd);
}

/* That @error has @domain and a message that starts with the name of @file and a colon. */
static inline void
test_assert_names_file (const GError *error, GQuark domain, GFile *file)
{
  g_autofree char *start = g_strconcat (g_file_peek_path (file), ": ", NULL);

  g_assert_nonnull (error);
  g_assert_cmpstr (g_quark_to_string (error->domain), ==, g_quark_to_string (domain));
  g_assert_true (g_str_has_prefix (error->message, start));
  g_assert_cmpuint (strlen (error->message), >, strlen (start));
}
