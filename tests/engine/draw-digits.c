/* SPDX-License-Identifier: MIT */

/* Draws twelve digits of a file of pen strokes, 0 to 9 and two more, as they were
 * written and below as the network sees them: the picture in README.
 * usage: draw-digits STROKES.unp[.gz] WRITER OUT.png */

#include <cairo.h>
#include <stdlib.h>

#include "lab-file.h"
#include "lab-ink.h"
#include "lab-unipen.h"

#define N_DIGITS 12
#define SIDE 112 /* of the room for one digit, in pixels: four for each of the image */
#define GAP 8
#define PEN_WIDTH 5.0

typedef struct
{
  cairo_t *cr;
  guint writer;
  guint n; /* digits drawn */
} Sheet;

/* Draws the strokes, scaled to fill most of the room at (@left, @top). */
static void
draw_strokes (cairo_t *cr, LabInk *ink, double left, double top)
{
  LabInkBox box;
  double scale;

  lab_ink_get_box (ink, &box);
  scale = 0.75 * SIDE / MAX (box.right - box.left, box.bottom - box.top);
  left += SIDE / 2.0 - scale * (box.left + box.right) / 2;
  top += SIDE / 2.0 - scale * (box.top + box.bottom) / 2;

  for (guint i = 0; i < lab_ink_get_n_strokes (ink); i++)
    {
      gsize n_points;
      const LabInkPoint *points = lab_ink_get_stroke (ink, i, &n_points);

      for (gsize k = 0; k < n_points; k++)
        cairo_line_to (cr, left + scale * points[k].x, top + scale * points[k].y);
      cairo_stroke (cr);
    }
}

static void
draw_image (cairo_t *cr, LabInk *ink, double left, double top)
{
  const double pixel = (double) SIDE / LAB_IMAGE_SIDE;
  guint8 image[LAB_IMAGE_SIZE];

  lab_ink_render (ink, image);
  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    {
      double grey = image[i] / 255.0;

      cairo_set_source_rgb (cr, grey, grey, grey);
      cairo_rectangle (cr, left + i % LAB_IMAGE_SIDE * pixel, top + i / LAB_IMAGE_SIDE * pixel, pixel, pixel);
      cairo_fill (cr);
    }
  cairo_set_source_rgb (cr, 0.1, 0.1, 0.15);
}

/* Takes the digits 0 to 9, then 4 and 7 again, in this order. */
static gboolean
add_digit (LabInk *ink, guint label, guint writer, gpointer data)
{
  static const guint labels[N_DIGITS] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 4, 7 };
  Sheet *sheet = data;
  double left = GAP + sheet->n * (SIDE + GAP);

  if (writer < sheet->writer || label != labels[sheet->n])
    return TRUE;
  draw_strokes (sheet->cr, ink, left, GAP);
  draw_image (sheet->cr, ink, left, SIDE + 2 * GAP);
  return ++sheet->n < N_DIGITS;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GFile) file = argc == 4 ? g_file_new_for_commandline_arg (argv[1]) : NULL;
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GError) error = NULL;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, GAP + N_DIGITS * (SIDE + GAP), 2 * SIDE + 3 * GAP);
  Sheet sheet = { .cr = cairo_create (surface) };
  gboolean good;

  if (file == NULL)
    {
      g_printerr ("usage: %s STROKES.unp[.gz] WRITER OUT.png\n", argv[0]);
      return EXIT_FAILURE;
    }
  sheet.writer = (guint) atoi (argv[2]);
  cairo_set_source_rgb (sheet.cr, 0.97, 0.97, 0.96);
  cairo_paint (sheet.cr);
  cairo_set_source_rgb (sheet.cr, 0.1, 0.1, 0.15);
  cairo_set_line_width (sheet.cr, PEN_WIDTH);
  cairo_set_line_cap (sheet.cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (sheet.cr, CAIRO_LINE_JOIN_ROUND);

  text = lab_file_read (file, 256 * 1024 * 1024, NULL, &error);
  good = text != NULL && lab_unipen_parse (text, argv[1], add_digit, &sheet, &error);
  if (!good)
    g_printerr ("%s\n", error->message);
  good = good && cairo_surface_write_to_png (surface, argv[3]) == CAIRO_STATUS_SUCCESS;
  cairo_destroy (sheet.cr);
  cairo_surface_destroy (surface);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
