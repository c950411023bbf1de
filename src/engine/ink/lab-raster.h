/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "lab-sample.h"

G_BEGIN_DECLS

/* The side of the box that MNIST's digits were scaled into, in pixels. */
#define LAB_BOX_SIDE 20

/* Where the centre of mass of MNIST's digits lies, in pixels from the left and
 * from the top edge. They were moved by whole pixels, and in the 60,000 training
 * images the centre lies evenly between 14.0 and 15.0: mean 14.507 across and
 * 14.496 down, standard deviation 0.29. */
#define LAB_MASS_CENTRE 14.5

/* Finds the centre of mass of a grey image of @width × @height bytes, in pixels
 * from its left and top edge: the middle of the first pixel is at 0.5. Returns
 * FALSE when all of it is 0. */
gboolean lab_raster_centroid (const guint8 *pixels, guint width, guint height, gsize stride, double *x, double *y);

/* Makes a 28 × 28 image as the network knows it from a grey picture of any
 * size. Its border says what the background is and whether the picture is dark
 * on light. The ink is cut out, its longer side is scaled to LAB_BOX_SIDE by
 * averaging areas, its strongest pixel becomes 255, and it is centred by mass,
 * though never moved out of the image. A picture that is 28 × 28 already is
 * only turned light on dark. A picture without contrast has no ink and gives
 * all 0. */
void lab_raster_normalise (const guint8 *pixels, guint width, guint height, gsize stride, guint8 *image);

G_END_DECLS
