/* SPDX-License-Identifier: MIT */

/* Reading a picture: each row is added to sums from which the picture, averaged
 * down to at most AVERAGED_SIDE pixels, is made at the end. */

#include "lab-picture.h"

#include "lab-error.h"
#include "lab-file.h"
#include "lab-png.h"

#include <glib/gi18n.h>
#include <string.h>

/* Digits are some 20 pixels high in the end: even twenty in a row need no more
 * than this. */
#define AVERAGED_SIDE 1024

typedef struct
{
  guint full_width;
  guint full_height;
  guint factor; /* pixels of the file per pixel, in each direction */
  guint width;
  guint height;
  guint32 *grey;  /* [height][width], sums of grey, times alpha where there is any */
  guint32 *alpha; /* the same of alpha, or NULL */
  guint32 row_grey[AVERAGED_SIDE]; /* of one row */
  guint32 row_alpha[AVERAGED_SIDE];
} Sums;

/* The largest sum must fit: a square of pixels, each grey times alpha. */
G_STATIC_ASSERT ((LAB_PICTURE_MAX_SIDE / AVERAGED_SIDE) * (LAB_PICTURE_MAX_SIDE / AVERAGED_SIDE) * 255ull * 255
                 <= G_MAXUINT32);
/* And so must both sums and the picture, with 2 MiB for libpng, zlib and rows. */
G_STATIC_ASSERT (AVERAGED_SIDE * AVERAGED_SIDE * 9 + 2 * 1024 * 1024 <= LAB_PICTURE_MAX_MEMORY);

static gboolean
begin (const LabPngHeader *header, gpointer data, GError **error)
{
  Sums *self = data;
  gsize n_pixels;

  if (header->width > LAB_PICTURE_MAX_SIDE || header->height > LAB_PICTURE_MAX_SIDE)
    {
      g_set_error (error, LAB_ERROR, LAB_ERROR_TOO_LARGE,
                   _("the picture has %u × %u pixels; %u × %u is the most that is read"),
                   header->width, header->height, LAB_PICTURE_MAX_SIDE, LAB_PICTURE_MAX_SIDE);
      return FALSE;
    }

  self->full_width = header->width;
  self->full_height = header->height;
  self->factor = (MAX (header->width, header->height) + AVERAGED_SIDE - 1) / AVERAGED_SIDE;
  self->width = (header->width + self->factor - 1) / self->factor;
  self->height = (header->height + self->factor - 1) / self->factor;
  n_pixels = (gsize) self->width * self->height;
  self->grey = g_try_new0 (guint32, n_pixels);
  if (header->transparent)
    self->alpha = g_try_new0 (guint32, n_pixels);
  if (self->grey == NULL || (header->transparent && self->alpha == NULL))
    {
      g_set_error_literal (error, LAB_ERROR, LAB_ERROR_FAILED, _("there is not enough memory"));
      return FALSE;
    }
  return TRUE;
}

/* Adds up the pixels of a row that go to the same pixel of the picture. */
static void
sum_row (Sums *self, const LabPngRow *row)
{
  gboolean transparent = self->alpha != NULL;
  guint cell = row->x / self->factor;
  guint in_cell = row->x % self->factor;

  memset (self->row_grey, 0, self->width * sizeof (guint32));
  memset (self->row_alpha, 0, self->width * sizeof (guint32));
  for (guint i = 0; i < row->n_pixels; i++)
    {
      if (transparent)
        {
          self->row_grey[cell] += row->pixels[2 * i] * row->pixels[2 * i + 1];
          self->row_alpha[cell] += row->pixels[2 * i + 1];
        }
      else
        {
          self->row_grey[cell] += row->pixels[i];
        }
      for (in_cell += row->step; in_cell >= self->factor; in_cell -= self->factor)
        cell++;
    }
}

static void
add_row (const LabPngRow *row, gpointer data)
{
  Sums *self = data;
  gsize start = (gsize) (row->y / self->factor) * self->width;

  if (!row->repeated)
    sum_row (self, row);
  for (guint i = 0; i < self->width; i++)
    {
      self->grey[start + i] += self->row_grey[i];
      if (self->alpha != NULL)
        self->alpha[start + i] += self->row_alpha[i];
    }
}

/* Returns what to put behind transparent parts: white, as paper is, unless the
 * drawing is light on nothing. */
static guint
choose_background (const Sums *self)
{
  gsize n_pixels = (gsize) self->width * self->height;
  guint64 grey = 0;
  guint64 alpha = 0;

  if (self->alpha == NULL)
    return 255;
  for (gsize i = 0; i < n_pixels; i++)
    {
      grey += self->grey[i];
      alpha += self->alpha[i];
    }
  return alpha < (guint64) self->full_width * self->full_height * 255 / 2 && grey >= alpha * 128 ? 0 : 255;
}

/* Makes the picture. Where one pixel of the file is one of the picture, it keeps
 * its value exactly. */
static void
average (const Sums *self, guint8 *pixels)
{
  guint background = choose_background (self);

  for (guint y = 0; y < self->height; y++)
    for (guint x = 0; x < self->width; x++)
      {
        gsize i = (gsize) y * self->width + x;
        guint columns = MIN (self->factor, self->full_width - x * self->factor);
        guint rows = MIN (self->factor, self->full_height - y * self->factor);
        guint n = columns * rows;

        if (self->alpha == NULL)
          pixels[i] = (self->grey[i] + n / 2) / n;
        else
          pixels[i] = (self->grey[i] + background * (255 * n - self->alpha[i]) + 255 * n / 2) / (255 * n);
      }
}

LabPicture *
lab_picture_read (GFile *file, GCancellable *cancellable, GError **error)
{
  const LabPngSink sink = { begin, add_row };
  Sums sums = { 0 };
  LabPicture *self = NULL;
  guint8 *pixels = NULL;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  if (lab_png_read (file, &sink, &sums, cancellable, error))
    {
      pixels = g_try_malloc ((gsize) sums.width * sums.height);
      if (pixels == NULL)
        {
          g_autofree char *name = lab_file_dup_name (file);

          g_set_error (error, LAB_ERROR, LAB_ERROR_FAILED, _("%s: there is not enough memory"), name);
        }
    }
  if (pixels != NULL)
    {
      average (&sums, pixels);
      self = g_new (LabPicture, 1);
      *self = (LabPicture) { sums.width, sums.height, pixels, sums.full_width, sums.full_height };
    }
  g_free (sums.grey);
  g_free (sums.alpha);
  return self;
}

void
lab_picture_free (LabPicture *self)
{
  if (self == NULL)
    return;
  g_free (self->pixels);
  g_free (self);
}
