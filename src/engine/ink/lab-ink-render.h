/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-ink.h"

G_BEGIN_DECLS

/* Does what lab_ink_render() promises. @surface, of 28 × 28 pixels in
 * CAIRO_FORMAT_A8, is scratch paper. */
void lab_ink_render_on (LabInk *ink, cairo_surface_t *surface, guint8 *image);

G_END_DECLS
