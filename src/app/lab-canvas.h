/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

#include "lab-ink.h"

G_BEGIN_DECLS

/* A sheet of paper for mouse, touch and pen. Its drawing is a LabInk in units
 * of the sheet's shorter side, so that it keeps its place when the sheet is
 * resized. Properties: ink (LabInk, read-write, never NULL). */
#define LAB_TYPE_CANVAS (lab_canvas_get_type ())
G_DECLARE_FINAL_TYPE (LabCanvas, lab_canvas, LAB, CANVAS, GtkWidget)

GtkWidget *lab_canvas_new (void);

LabInk *lab_canvas_get_ink (LabCanvas *self); /* transfer none */
void    lab_canvas_set_ink (LabCanvas *self, LabInk *ink);

/* What every input device ends up calling. Points are in pixels of the widget;
 * a stroke that leaves it ends at its edge, and goes on as another one there
 * when it comes back. */
void lab_canvas_begin (LabCanvas *self, LabInkPoint point);
void lab_canvas_add   (LabCanvas *self, const LabInkPoint *points, gsize n_points);
void lab_canvas_end   (LabCanvas *self);

G_END_DECLS
