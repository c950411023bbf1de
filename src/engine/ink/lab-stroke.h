/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "lab-sample.h"

G_BEGIN_DECLS

/* Where a pen was and how much it covered, in pixels of a 28 × 28 image: the
 * middle of the first pixel is at 0.5. */
typedef struct
{
  float x;
  float y;
  float radius;
} LabDisc;

/* Draws what a disc sweeps on its straight way from @from to @to, growing or
 * shrinking evenly, into @coverage, LAB_IMAGE_SIZE numbers from 0 to 1. Where
 * something has been drawn already, the larger coverage stays, so that pieces
 * of a line join without a seam and in any order. What lies outside the image
 * is left out. Plain arithmetic only: the same numbers on every computer. */
void lab_stroke_draw (float *coverage, LabDisc from, LabDisc to);

G_END_DECLS
