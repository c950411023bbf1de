/* SPDX-License-Identifier: MIT */
#pragma once

#include <cairo.h>

#include "lab-ink.h"

G_BEGIN_DECLS

/* Draws a LabInk as smooth round strokes whose width follows the pressure. What
 * is drawn once is kept, so that a new point costs the same however large the
 * drawing has become. */
typedef struct _LabInkPainter LabInkPainter;

LabInkPainter *lab_ink_painter_new  (void);
void           lab_ink_painter_free (LabInkPainter *self);

/* Starts over. To be called when the ink was cleared or is another one; added
 * points are found without a call. */
void lab_ink_painter_reset (LabInkPainter *self);

/* Draws @ink with the source of @cr on a sheet of @width × @height units, each
 * of @scale device pixels. */
void lab_ink_painter_draw (LabInkPainter *self, LabInk *ink, cairo_t *cr, double width, double height, int scale);

/* Finds the square in the middle of a sheet that the ink's unit square lies on. */
void lab_ink_painter_get_square (double width, double height, double *x, double *y, double *side);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LabInkPainter, lab_ink_painter_free)

G_END_DECLS
