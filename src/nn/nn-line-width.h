/* SPDX-License-Identifier: MIT */
#pragma once

#include "nn-layer.h"
#include "nn-real.h"

/* The longest row that lines can be changed in, (width + 2) × channels, and the
 * most that they become wider or narrower, in pixels. */
#define NN_LINE_WIDTH_ROW 256
#define NN_LINE_WIDTH_MOST 2

/* Makes the bright lines of @picture, values of 0 … 1, wider by @amount pixels,
 * or narrower if that is negative; around the picture it is dark. What is measured
 * as a line's width is twice the area over the length of the outline. Wider lines
 * grow into their surroundings; narrower ones keep their brightness, and so lose
 * less than was asked for once they are hardly wider than a pixel. */
void nn_line_width_change (double amount, NnShape shape, NnReal *picture);
