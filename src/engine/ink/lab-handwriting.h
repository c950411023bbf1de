/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-ink.h"

G_BEGIN_DECLS

/* Handwriting that no one has written. Everything here depends on @seed and
 * @number alone: they name one piece of writing, and give the same points and
 * style on every computer. The ink that is given is emptied first. */

/* Writes @digit into @ink in one of the ways that people write it, and says in
 * @style how thick its line is and how it goes with the pressure. */
void lab_handwriting_write (guint digit, guint64 seed, guint64 number, LabInk *ink, LabInkStyle *style);

/* Writes @model, which somebody drew, into @ink as the same hand might at
 * another time, or a like hand: with another slant, proportion, curvature,
 * tremor and line. */
void lab_handwriting_vary (LabInk *model, guint64 seed, guint64 number, LabInk *ink, LabInkStyle *style);

/* Makes a drawn line look as pens, paper and scanners leave it: blurred or hard,
 * with rough edges. @image has LAB_IMAGE_SIZE bytes. Without this, a network
 * trained on drawn lines expects edges cleaner than those of real ink. */
void lab_handwriting_roughen (guint8 *image, guint64 seed, guint64 number);

G_END_DECLS
