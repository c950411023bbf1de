/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "lab-sample.h"

G_BEGIN_DECLS

/* The largest picture that is read, in pixels of width and of height; it needs
 * 128 MiB. */
#define LAB_PNG_MAX_SIDE 8192

/* Reads a PNG picture of any kind as grey and makes it a 28 × 28 image, see
 * lab_raster_normalise(). Transparent parts are taken as white; a picture that
 * is mostly transparent and drawn in a light colour is put on black, because
 * white ink would vanish. @image has LAB_IMAGE_SIZE bytes. The error names the
 * file. */
gboolean lab_png_read_digit (GFile *file, guint8 *image, GCancellable *cancellable, GError **error);

G_END_DECLS
