/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-sample.h"

/* Finds the centre of mass of an image of LAB_IMAGE_SIZE bytes, in pixels from
 * its left and top edge: the middle of the first pixel is at 0.5. */
static inline void
test_image_find_centre (const guint8 *image, double *x, double *y)
{
  double mass = 0;

  *x = *y = 0;
  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    {
      mass += image[i];
      *x += image[i] * (i % LAB_IMAGE_SIDE + 0.5);
      *y += image[i] * (i / LAB_IMAGE_SIDE + 0.5);
    }
  g_assert_cmpfloat (mass, >, 0);
  *x /= mass;
  *y /= mass;
}
