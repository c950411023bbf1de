/* SPDX-License-Identifier: MIT */

/* PNG with libpng's low-level interface. libpng reports errors by longjmp():
 * everything that lives across its calls is in the Reader, which lab_png_read()
 * owns, and between setjmp() and the calls there are no other variables. */

#include "lab-png.h"

#include "lab-error.h"
#include "lab-file.h"

#include <glib/gi18n.h>
#include <png.h>
#include <setjmp.h>
#include <string.h>

/* What a file may hold beside its pixels: texts, profiles, previews. None of it
 * is unpacked. */
#define MAX_OTHER_DATA (16 * 1024 * 1024)

/* Packing makes pixels hardly ever longer; this much more, and it is a trick to
 * keep the reader busy. */
#define MAX_SURPLUS (64 * 1024)

#define BUFFER_SIZE (64 * 1024)

#define IDAT_CHUNK 0x49444154

typedef struct
{
  GFile *file;
  GInputStream *stream;
  const LabPngSink *sink;
  gpointer data;
  GCancellable *cancellable;
  GError **error;
  gboolean failed; /* and @error is set */

  png_structp png;
  png_infop info;
  LabPngHeader header;
  guint n_channels; /* as libpng gives them: grey or RGB, with alpha or without */
  gboolean interlaced;
  guint8 *row;      /* as libpng gives it */
  guint8 *last_row; /* the one before */
  guint8 *pixels;   /* without colour */
  gsize row_size;
  gsize pixel_budget; /* bytes that may still be read for this row */
  gsize other_budget; /* and for all that is no pixel */
} Reader;

static void
fail (Reader *self, const char *text)
{
  g_autofree char *name = lab_file_dup_name (self->file);

  if (!self->failed)
    g_set_error (self->error, LAB_ERROR, LAB_ERROR_FORMAT, "%s: %s", name, text);
  self->failed = TRUE;
}

static gboolean
fetch (Reader *self, guint8 *bytes, gsize size)
{
  gboolean pixels = png_get_io_chunk_type (self->png) == IDAT_CHUNK;
  gsize *budget = pixels ? &self->pixel_budget : &self->other_budget;
  GError *cause = NULL;
  gsize n_read = 0;

  if (size > *budget)
    {
      fail (self, _("the file holds far more data than its picture needs"));
      return FALSE;
    }
  *budget -= size;

  if (!g_input_stream_read_all (self->stream, bytes, size, &n_read, self->cancellable, &cause))
    {
      self->failed = TRUE;
      return lab_file_fail (self->file, cause, self->error);
    }
  if (n_read < size)
    {
      fail (self, _("the file ends too early"));
      return FALSE;
    }
  return TRUE;
}

static void
read_cb (png_structp png, png_bytep bytes, size_t size)
{
  if (!fetch (png_get_io_ptr (png), bytes, size))
    png_error (png, "read error");
}

static void
tell_error (Reader *self, const char *message)
{
  g_autofree char *text = g_strdup_printf (_("not a PNG picture that can be read (%s)"), message);

  fail (self, text);
}

static void
error_cb (png_structp png, png_const_charp message)
{
  tell_error (png_get_error_ptr (png), message);
  png_longjmp (png, 1);
}

static void
warning_cb (png_structp png, png_const_charp message)
{
}

static gboolean
is_stopped (Reader *self)
{
  GError *cause = NULL;

  if (!g_cancellable_set_error_if_cancelled (self->cancellable, &cause))
    return FALSE;
  self->failed = TRUE;
  lab_file_fail (self->file, cause, self->error);
  return TRUE;
}

/* Turns a row of RGB or RGBA into grey or grey and alpha. The weights are those
 * of BT.709 and add up to 256: grey stays what it is. */
static void
remove_colour (const guint8 *row, guint n_pixels, guint n_channels, guint8 *pixels)
{
  for (guint i = 0; i < n_pixels; i++, row += n_channels)
    {
      *pixels++ = (54 * row[0] + 183 * row[1] + 19 * row[2] + 128) >> 8;
      if (n_channels == 4)
        *pixels++ = row[3];
    }
}

/* Reads a row. One that repeats the last, as most do in large empty areas and all
 * in a picture that is made to keep the reader busy, costs little. */
static void
read_row (Reader *self, LabPngRow *row)
{
  guint8 *last = self->last_row;

  self->last_row = self->row;
  self->row = last;
  self->pixel_budget = 2 * self->row_size + MAX_SURPLUS;
  png_read_row (self->png, self->row, NULL);

  row->repeated = row->pixels != NULL && memcmp (self->row, self->last_row, self->row_size) == 0;
  row->pixels = self->n_channels >= 3 ? self->pixels : self->row;
  if (self->n_channels >= 3 && !row->repeated)
    remove_colour (self->row, row->n_pixels, self->n_channels, self->pixels);
}

/* Reads one part of the picture: all of it, or one pass of an interlaced one. */
static gboolean
read_pass (Reader *self, int pass)
{
  gboolean interlaced = self->interlaced;
  guint n_rows = interlaced ? PNG_PASS_ROWS (self->header.height, pass) : self->header.height;
  guint first = interlaced ? PNG_PASS_START_ROW (pass) : 0;
  guint distance = interlaced ? 1 << PNG_PASS_ROW_SHIFT (pass) : 1;
  LabPngRow row = {
    .x = interlaced ? PNG_PASS_START_COL (pass) : 0,
    .step = interlaced ? 1 << PNG_PASS_COL_SHIFT (pass) : 1,
    .n_pixels = interlaced ? PNG_PASS_COLS (self->header.width, pass) : self->header.width,
  };

  if (row.n_pixels == 0)
    return TRUE;
  for (guint i = 0; i < n_rows; i++)
    {
      if (is_stopped (self))
        return FALSE;
      read_row (self, &row);
      row.y = first + i * distance;
      self->sink->row (&row, self->data);
    }
  return TRUE;
}

/* Lets the sink see the header before libpng makes room for a row, then asks
 * for 8 bits of grey or RGB, with alpha where there is any. */
static gboolean
begin (Reader *self)
{
  g_autofree char *name = NULL;
  GError *cause = NULL;

  if (!self->sink->begin (&self->header, self->data, &cause))
    {
      name = lab_file_dup_name (self->file);
      g_propagate_prefixed_error (self->error, cause, "%s: ", name);
      self->failed = TRUE;
      return FALSE;
    }

  png_set_expand (self->png);
  png_set_scale_16 (self->png);
  png_read_update_info (self->png, self->info);
  self->n_channels = png_get_channels (self->png, self->info);
  self->row_size = png_get_rowbytes (self->png, self->info);
  self->row = g_try_malloc0 (self->row_size);
  self->last_row = g_try_malloc0 (self->row_size);
  self->pixels = g_try_malloc (self->row_size);
  if (self->row != NULL && self->last_row != NULL && self->pixels != NULL)
    return TRUE;
  fail (self, _("there is not enough memory"));
  return FALSE;
}

static gboolean
decode (Reader *self)
{
  if (setjmp (png_jmpbuf (self->png)) != 0)
    return FALSE;

  png_read_info (self->png, self->info);
  self->header.width = png_get_image_width (self->png, self->info);
  self->header.height = png_get_image_height (self->png, self->info);
  self->header.transparent = (png_get_color_type (self->png, self->info) & PNG_COLOR_MASK_ALPHA) != 0
                             || png_get_valid (self->png, self->info, PNG_INFO_tRNS) != 0;
  self->interlaced = png_get_interlace_type (self->png, self->info) != PNG_INTERLACE_NONE;
  if (!begin (self))
    return FALSE;
  for (int pass = 0; pass < (self->interlaced ? PNG_INTERLACE_ADAM7_PASSES : 1); pass++)
    if (!read_pass (self, pass))
      return FALSE;
  png_read_end (self->png, NULL);
  return TRUE;
}

static gboolean
set_up (Reader *self)
{
  self->png = png_create_read_struct (PNG_LIBPNG_VER_STRING, self, error_cb, warning_cb);
  if (self->png != NULL)
    self->info = png_create_info_struct (self->png);
  if (self->info == NULL)
    {
      fail (self, _("there is not enough memory"));
      return FALSE;
    }

  /* The sink judges the size. All chunks that the pixels do not need are passed
   * over, packed as they are; what is wrong with any of them is an error. */
  png_set_read_fn (self->png, self, read_cb);
  png_set_user_limits (self->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_keep_unknown_chunks (self->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_chunk_malloc_max (self->png, MAX_OTHER_DATA);
  png_set_crc_action (self->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_benign_errors (self->png, FALSE);
  return TRUE;
}

gboolean
lab_png_read (GFile *file, const LabPngSink *sink, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, &cause);
  g_autoptr (GInputStream) buffered = NULL;
  Reader reader = {
    .file = file, .sink = sink, .data = data, .cancellable = cancellable, .error = error, .other_budget = MAX_OTHER_DATA
  };
  gboolean ok = FALSE;

  if (stream == NULL)
    return lab_file_fail (file, g_steal_pointer (&cause), error);
  buffered = g_buffered_input_stream_new_sized (G_INPUT_STREAM (stream), BUFFER_SIZE);
  reader.stream = buffered;

  ok = set_up (&reader) && decode (&reader);
  png_destroy_read_struct (&reader.png, &reader.info, NULL);
  g_free (reader.row);
  g_free (reader.last_row);
  g_free (reader.pixels);
  return ok;
}
