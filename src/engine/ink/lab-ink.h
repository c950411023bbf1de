/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

#include "lab-sample.h"

G_BEGIN_DECLS

/* Points farther from 0 than this are ignored, as are those that are not finite. */
#define LAB_INK_MAX_COORDINATE 1e9

/* One sample of a pen. The unit of length is the caller's own; y grows down. */
typedef struct
{
  double x;
  double y;
  double pressure; /* 0 … 1; 1 where the device has none */
  double time;     /* seconds from any origin */
} LabInkPoint;

/* A drawing, kept as strokes. Emits "changed" after every change. Properties:
 * pen-width (double, read-write, in the unit of the points, 0 when unknown),
 * empty (boolean, read-only, notified). */
#define LAB_TYPE_INK (lab_ink_get_type ())
G_DECLARE_FINAL_TYPE (LabInk, lab_ink, LAB, INK, GObject)

LabInk *lab_ink_new (void);

/* Starts a stroke with its first point; one that is under way ends first.
 * A stroke of one point is a dot. Points that are not finite are ignored. */
void lab_ink_begin_stroke (LabInk *self, LabInkPoint point);

/* Adds points to the stroke under way; does nothing without one. */
void lab_ink_add_points (LabInk *self, const LabInkPoint *points, gsize n_points);
void lab_ink_add_point (LabInk *self, LabInkPoint point);

/* Ends the stroke under way, keeping it. */
void lab_ink_end_stroke (LabInk *self);

void lab_ink_clear (LabInk *self);

gboolean lab_ink_is_empty (LabInk *self);
guint    lab_ink_get_n_strokes (LabInk *self);
guint    lab_ink_get_n_points (LabInk *self); /* of all strokes */

/* Returns the points of stroke @i, owned by @self until its next change. */
const LabInkPoint *lab_ink_get_stroke (LabInk *self, guint i, gsize *n_points);

double lab_ink_get_pen_width (LabInk *self);
void   lab_ink_set_pen_width (LabInk *self, double width);

/* A rectangle in the unit of the points. */
typedef struct
{
  double left;
  double top;
  double right;
  double bottom;
} LabInkBox;

/* Finds what the points cover, without the width of the line. Returns FALSE
 * when there are none. */
gboolean lab_ink_get_box (LabInk *self, LabInkBox *box);

/* Where the centre of mass of MNIST's digits lies, in pixels from the left and
 * from the top edge. They were moved by whole pixels, and in the 60,000 training
 * images the centre lies evenly between 14.0 and 15.0: mean 14.507 across and
 * 14.496 down, standard deviation 0.29. */
#define LAB_MASS_CENTRE 14.5

/* How ink becomes pixels. All lengths are pixels of the 28 × 28 image. */
typedef struct
{
  double line_width;
  double box_side; /* of the box that the longer side is scaled into, line and all */
  double pressure; /* 0: the line is as wide everywhere; 1: where the pressure is p, it is p times as wide */
} LabInkStyle;

/* The style that drawings are read in; see lab-ink-render.c for how it was chosen. */
extern const LabInkStyle lab_ink_style;

/* Draws the strokes into @image, LAB_IMAGE_SIZE bytes, ink 255 on 0, the way
 * that MNIST's images were made (LeCun, Bottou, Bengio and Haffner 1998): the
 * longer side scaled to the box, line and all, anti-aliased, and centred by
 * mass, though never moved out of the image. The line has the same width
 * whatever the size of the drawing. A drawing no larger than two pen widths is
 * a dot and stays small. An empty drawing is all 0. The same points give the
 * same bytes on every computer. */
void lab_ink_render (LabInk *self, guint8 *image);
void lab_ink_render_in_style (LabInk *self, const LabInkStyle *style, guint8 *image);

/* Takes a drawing of several digits side by side apart: returns an array of
 * LabInk, one per digit, with free function; empty when there is nothing drawn.
 * They are sorted by their middles from left to right, even if they were written
 * in several lines. The order of the strokes does not matter, so that a bar may
 * be added later. Strokes are never cut: digits that one stroke writes together
 * stay one, and so may digits that touch. Transfer full. */
GPtrArray *lab_ink_split (LabInk *self);

G_END_DECLS
