/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "nn-layer.h"
#include "nn-real.h"
#include "nn-rng.h"
#include "nn-status.h"

/* How far a training picture may be moved, each time it is shown by another
 * amount. Each amount is drawn evenly from − … + the number given; 0 is not at
 * all. The picture is turned, sheared and zoomed about its middle, then shifted. */
typedef struct
{
  double rotation; /* degrees */
  double shift;    /* pixels, across and down each */
  double zoom;     /* share of the size, in [0, 1): 0.1 is 0.9 … 1.1 times */
  double shear;    /* degrees */
} NnAugmentation;

/* Answers NN_BAD_ARGUMENT if an amount is outside its range: the rotation up to
 * 180, the shear up to 60, the zoom up to 0.9, and the shift, like the sides of
 * @shape if anything is to be moved, up to a million. */
NN_MUST_CHECK NnStatus nn_augmentation_check (const NnAugmentation *augmentation, NnShape shape);

/* Writes a picture of bytes to @output, 255 as 1, moved as @rng says; what comes
 * from outside the picture is 0. As many numbers are drawn whatever the amounts
 * are. Without an amount, or with a NULL @augmentation, every byte b is just
 * b / 255. */
void nn_augment (const NnAugmentation *augmentation,
                 NnRng                 rng,
                 NnShape               shape,
                 const uint8_t        *picture,
                 NnReal               *output);
