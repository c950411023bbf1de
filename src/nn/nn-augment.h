/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "nn-layer.h"
#include "nn-real.h"
#include "nn-rng.h"
#include "nn-status.h"

/* How far a training picture may be changed, each time it is shown by another
 * amount. Each amount is drawn evenly from − … + the number given; 0 is not at
 * all. The picture is bent, turned, sheared and zoomed about its middle, then
 * shifted, and at last its lines are made wider or narrower. */
typedef struct
{
  double rotation; /* degrees */
  double shift;    /* pixels, across and down each */
  double zoom;     /* share of the size, in [0, 1): 0.1 is 0.9 … 1.1 times */
  double shear;    /* degrees */
  double elastic;  /* pixels: standard deviation of how far each point is moved, in random directions
                    * that neighbours have in common (Simard, Steinkraus and Platt, ICDAR 2003) */
  double elastic_radius; /* pixels: standard deviation of the Gaussian that says how near a neighbour is */
  double line_width; /* pixels that lines become wider or narrower */
} NnAugmentation;

/* Answers NN_BAD_ARGUMENT if an amount is outside its range: the rotation up to
 * 180, the shear up to 60, the zoom up to 0.9, and the shift, like the sides of
 * @shape if anything is to be moved, up to a million; the elastic deformation up
 * to 100 on sides up to NN_ELASTIC_SIDE, its radius at least 1; the line width up
 * to 2 on rows up to NN_LINE_WIDTH_ROW. */
NN_MUST_CHECK NnStatus nn_augmentation_check (const NnAugmentation *augmentation, NnShape shape);

/* Writes a picture of bytes to @output, 255 as 1, changed as @rng says; what comes
 * from outside the picture is 0. No amount has a part in the numbers that are
 * drawn for another. Without an amount, or with a NULL @augmentation, every byte b
 * is just b / 255. */
void nn_augment (const NnAugmentation *augmentation,
                 NnRng                 rng,
                 NnShape               shape,
                 const uint8_t        *picture,
                 NnReal               *output);
