/* SPDX-License-Identifier: MIT */
#include "lab-idx.h"

#include "lab-error.h"
#include "lab-file.h"

#include <glib/gi18n.h>
#include <string.h>

/* Two zero bytes, the type of the elements, the number of dimensions. */
#define MAGIC_SIZE 4
#define TYPE_BYTE 0x08

static guint32
read_big_endian (const guint8 *bytes)
{
  return (guint32) bytes[0] << 24 | (guint32) bytes[1] << 16 | (guint32) bytes[2] << 8 | bytes[3];
}

static gboolean
check_magic (const char *name, const guint8 *bytes, guint n_dimensions, GError **error)
{
  if (bytes[0] != 0 || bytes[1] != 0 || bytes[2] != TYPE_BYTE)
    {
      g_set_error (error, LAB_ERROR, LAB_ERROR_FORMAT,
                   _("%s: not an IDX file of bytes (it starts with %02x %02x %02x %02x)"),
                   name, bytes[0], bytes[1], bytes[2], bytes[3]);
      return FALSE;
    }
  if (bytes[3] != n_dimensions)
    {
      g_set_error (error, LAB_ERROR, LAB_ERROR_FORMAT,
                   _("%s: an IDX file of %u dimensions was expected, and this has %u"),
                   name, n_dimensions, bytes[3]);
      return FALSE;
    }
  return TRUE;
}

/* Reads the dimensions, which start after the magic number, and sets *@total to
 * their product. */
static gboolean
read_dimensions (const char *name, const guint8 *bytes, LabIdx *idx, gsize *total, GError **error)
{
  *total = 1;
  for (guint i = 0; i < idx->n_dimensions; i++)
    {
      guint32 n = read_big_endian (bytes + MAGIC_SIZE + 4 * i);

      if (n == 0)
        {
          g_set_error (error, LAB_ERROR, LAB_ERROR_FORMAT,
                       _("%s: its header says that dimension %u is 0"), name, i + 1);
          return FALSE;
        }
      if (n > LAB_IDX_MAX_SIZE / *total)
        {
          g_autofree char *limit = g_format_size_full (LAB_IDX_MAX_SIZE, G_FORMAT_SIZE_IEC_UNITS);

          g_set_error (error, LAB_ERROR, LAB_ERROR_TOO_LARGE,
                       _("%s: its header asks for more than %s"), name, limit);
          return FALSE;
        }
      *total *= n;
      idx->dimensions[i] = n;
    }
  return TRUE;
}

static gboolean
check_size (const char *name, gsize size, gsize expected, GError **error)
{
  g_autofree char *is = g_strdup_printf ("%'" G_GSIZE_FORMAT, size);
  g_autofree char *should_be = g_strdup_printf ("%'" G_GSIZE_FORMAT, expected);

  if (size == expected)
    return TRUE;

  if (size == 0)
    g_set_error (error, LAB_ERROR, LAB_ERROR_FORMAT, _("%s: the file is empty"), name);
  else if (size < expected)
    g_set_error (error, LAB_ERROR, LAB_ERROR_FORMAT,
                 _("%s: the file ends after %s of %s bytes"), name, is, should_be);
  else
    g_set_error (error, LAB_ERROR, LAB_ERROR_FORMAT,
                 _("%s: the file has %s bytes where its header asks for %s"), name, is, should_be);
  return FALSE;
}

gboolean
lab_idx_read (GFile *file, guint n_dimensions, LabIdx *idx, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) contents = NULL;
  g_autofree char *name = NULL;
  const guint8 *bytes = NULL;
  gsize header = MAGIC_SIZE + 4 * (gsize) n_dimensions;
  gsize size = 0;
  gsize total = 0;

  g_return_val_if_fail (n_dimensions >= 1 && n_dimensions <= LAB_IDX_MAX_DIMENSIONS, FALSE);
  g_return_val_if_fail (idx != NULL, FALSE);

  memset (idx, 0, sizeof *idx);
  idx->n_dimensions = n_dimensions;
  contents = lab_file_read (file, header + LAB_IDX_MAX_SIZE, cancellable, error);
  if (contents == NULL)
    return FALSE;

  name = lab_file_dup_name (file);
  bytes = g_bytes_get_data (contents, &size);
  if (size < MAGIC_SIZE)
    return check_size (name, size, MAGIC_SIZE, error);
  if (!check_magic (name, bytes, n_dimensions, error))
    return FALSE;
  if (size < header)
    return check_size (name, size, header, error);
  if (!read_dimensions (name, bytes, idx, &total, error) || !check_size (name, size, header + total, error))
    return FALSE;

  idx->data = g_bytes_new_from_bytes (contents, header, total);
  return TRUE;
}

void
lab_idx_clear (LabIdx *idx)
{
  g_clear_pointer (&idx->data, g_bytes_unref);
}
