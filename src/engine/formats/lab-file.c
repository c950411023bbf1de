/* SPDX-License-Identifier: MIT */
#include "lab-file.h"

#include "lab-error.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#define FIRST_CAPACITY (64 * 1024)

/* Bytes that grow up to a limit. GByteArray would abort the program when the
 * system has no memory left, and how much is needed is up to the file. */
typedef struct
{
  guint8 *data;
  gsize size;
  gsize capacity;
  gsize max_size;
} Buffer;

static gboolean
fail (GError **error, GFile *file, LabError code, const char *text)
{
  g_autofree char *name = lab_file_dup_name (file);

  g_set_error (error, LAB_ERROR, code, "%s: %s", name, text);
  return FALSE;
}

/* Makes room for at least one byte more. A full buffer has room for one byte
 * above the limit, which is how a file that is too large is noticed. */
static gboolean
buffer_reserve (Buffer *buffer, GFile *file, GError **error)
{
  gsize capacity = MIN (MAX (FIRST_CAPACITY, 2 * buffer->capacity), buffer->max_size + 1);
  guint8 *data = NULL;

  if (buffer->size > buffer->max_size)
    {
      g_autofree char *limit = g_format_size_full (buffer->max_size, G_FORMAT_SIZE_IEC_UNITS);
      g_autofree char *text = g_strdup_printf (_("the file holds more than %s"), limit);

      return fail (error, file, LAB_ERROR_TOO_LARGE, text);
    }
  if (buffer->size < buffer->capacity)
    return TRUE;

  data = g_try_realloc (buffer->data, capacity);
  if (data == NULL)
    return fail (error, file, LAB_ERROR_FAILED, _("there is not enough memory"));
  buffer->data = data;
  buffer->capacity = capacity;
  return TRUE;
}

static gboolean
read_stream (GFile *file, Buffer *buffer, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, &cause);
  gssize n = 0;

  if (stream == NULL)
    return lab_file_fail (file, g_steal_pointer (&cause), error);
  do
    {
      if (!buffer_reserve (buffer, file, error))
        return FALSE;
      n = g_input_stream_read (G_INPUT_STREAM (stream),
                               buffer->data + buffer->size,
                               buffer->capacity - buffer->size,
                               cancellable,
                               &cause);
      if (n < 0)
        return lab_file_fail (file, g_steal_pointer (&cause), error);
      buffer->size += n;
    }
  while (n > 0);
  return TRUE;
}

/* zlib compares the check sum and the length at the end of the file with what
 * it has unpacked; reading to the very end is what makes it do so. */
static gboolean
unpack (GFile *file, const Buffer *packed, Buffer *buffer, GCancellable *cancellable, GError **error)
{
  g_autoptr (GConverter) zlib = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  g_autoptr (GError) cause = NULL;
  GConverterResult result = G_CONVERTER_CONVERTED;
  gsize used = 0;

  while (result != G_CONVERTER_FINISHED)
    {
      gsize n_read = 0;
      gsize n_written = 0;

      if (g_cancellable_set_error_if_cancelled (cancellable, &cause))
        return lab_file_fail (file, g_steal_pointer (&cause), error);
      if (!buffer_reserve (buffer, file, error))
        return FALSE;
      result = g_converter_convert (zlib,
                                    packed->data + used,
                                    packed->size - used,
                                    buffer->data + buffer->size,
                                    buffer->capacity - buffer->size,
                                    G_CONVERTER_INPUT_AT_END,
                                    &n_read,
                                    &n_written,
                                    &cause);
      if (result == G_CONVERTER_ERROR)
        {
          gboolean short_file = g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);

          return fail (error, file, LAB_ERROR_FORMAT,
                       short_file ? _("the compressed file ends too early")
                                  : _("the compressed data are damaged"));
        }
      used += n_read;
      buffer->size += n_written;
    }

  if (buffer->size > buffer->max_size)
    return buffer_reserve (buffer, file, error);
  if (used < packed->size)
    return fail (error, file, LAB_ERROR_FORMAT, _("something follows the end of the compressed data"));
  return TRUE;
}

char *
lab_file_dup_name (GFile *file)
{
  return g_file_get_parse_name (file);
}

gboolean
lab_file_fail (GFile *file, GError *cause, GError **error)
{
  g_autofree char *name = lab_file_dup_name (file);
  const char *text = cause->message; /* may repeat the name, so the common ones are ours */
  int code = cause->domain == G_IO_ERROR ? cause->code : G_IO_ERROR_FAILED;

  if (cause->domain == G_FILE_ERROR)
    code = g_io_error_from_file_error (cause->code);
  switch (code)
    {
    case G_IO_ERROR_NOT_FOUND:
      text = _("there is no such file");
      break;
    case G_IO_ERROR_PERMISSION_DENIED:
      text = _("access was denied");
      break;
    case G_IO_ERROR_IS_DIRECTORY:
      text = _("this is a folder, not a file");
      break;
    case G_IO_ERROR_NOT_DIRECTORY:
      text = _("a part of the path is not a folder");
      break;
    case G_IO_ERROR_NO_SPACE:
      text = _("the disk is full");
      break;
    case G_IO_ERROR_READ_ONLY:
      text = _("the disk is read-only");
      break;
    case G_IO_ERROR_CANCELLED:
      text = _("it was stopped");
      break;
    default:
      break;
    }

  g_set_error (error, G_IO_ERROR, code, "%s: %s", name, text);
  g_error_free (cause);
  return FALSE;
}

GBytes *
lab_file_read (GFile *file, gsize max_size, GCancellable *cancellable, GError **error)
{
  Buffer raw = { .max_size = max_size };
  Buffer unpacked = { .max_size = max_size };
  gboolean ok = FALSE;

  g_return_val_if_fail (G_IS_FILE (file), NULL);
  g_return_val_if_fail (max_size < G_MAXSIZE / 2, NULL);

  ok = read_stream (file, &raw, cancellable, error);
  if (ok && raw.size >= 2 && raw.data[0] == 0x1f && raw.data[1] == 0x8b)
    {
      ok = unpack (file, &raw, &unpacked, cancellable, error);
      g_free (raw.data);
      raw = unpacked;
    }
  if (!ok)
    {
      g_free (raw.data);
      return NULL;
    }
  return g_bytes_new_take (raw.data, raw.size);
}

gboolean
lab_file_write (GFile *file, GBytes *data, GCancellable *cancellable, GError **error)
{
  const char *path = NULL;
  g_autofree char *folder = NULL;
  g_autoptr (GError) cause = NULL;

  g_return_val_if_fail (G_IS_FILE (file), FALSE);
  g_return_val_if_fail (data != NULL, FALSE);

  path = g_file_peek_path (file);
  if (path == NULL)
    return fail (error, file, LAB_ERROR_UNSUPPORTED, _("only files on this computer can be written"));
  if (g_cancellable_set_error_if_cancelled (cancellable, &cause))
    return lab_file_fail (file, g_steal_pointer (&cause), error);
  /* A folder is refused below; a device or a pipe would be replaced. */
  if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_SPECIAL)
    return fail (error, file, LAB_ERROR_UNSUPPORTED, _("this is no ordinary file"));

  folder = g_path_get_dirname (path);
  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      int reason = errno;

      cause = g_error_new_literal (G_IO_ERROR, g_io_error_from_errno (reason), g_strerror (reason));
      return lab_file_fail (file, g_steal_pointer (&cause), error);
    }
  if (!g_file_set_contents_full (path,
                                 g_bytes_get_data (data, NULL),
                                 g_bytes_get_size (data),
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                 0644,
                                 &cause))
    return lab_file_fail (file, g_steal_pointer (&cause), error);
  return TRUE;
}
