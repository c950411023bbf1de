/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  guint    width;
  guint    height;
  gboolean transparent; /* the pixels are pairs of grey and alpha; else grey alone */
} LabPngHeader;

/* Pixels of one row: the first is in column @x, the others each @step further.
 * In an interlaced file a row comes in several parts, and not in order. */
typedef struct
{
  guint         x;
  guint         y;
  guint         step;
  guint         n_pixels;
  const guint8 *pixels;
  gboolean      repeated; /* they are those of the call before */
} LabPngRow;

/* Where the pixels go. */
typedef struct
{
  /* Called before the first row. Returns FALSE to refuse the picture, with an error. */
  gboolean (*begin) (const LabPngHeader *header, gpointer data, GError **error);
  void     (*row)   (const LabPngRow *row, gpointer data);
} LabPngSink;

/* Reads a PNG picture of any kind and gives it to @sink as 8 bits of grey, row
 * by row, never holding more than three rows. Values are taken as they are,
 * without regard to gamma or colour profiles, so that grey keeps its exact
 * value. A file that is damaged anywhere is refused, as is one that holds much
 * more data than its picture can need. The error names the file. */
gboolean lab_png_read (GFile *file, const LabPngSink *sink, gpointer data, GCancellable *cancellable, GError **error);

G_END_DECLS
