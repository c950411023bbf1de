/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-canvas.h"

G_BEGIN_DECLS

/* Makes strokes of what mouse, touch and pen do on a canvas. */
#define LAB_TYPE_CANVAS_INPUT (lab_canvas_input_get_type ())
G_DECLARE_FINAL_TYPE (LabCanvasInput, lab_canvas_input, LAB, CANVAS_INPUT, GObject)

/* Adds gestures to @canvas, which owns the result. */
LabCanvasInput *lab_canvas_input_new (LabCanvas *canvas);

/* Ends the stroke under way, whatever the device does next. */
void lab_canvas_input_end (LabCanvasInput *self);

G_END_DECLS
