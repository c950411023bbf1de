/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "nn-real.h"
#include "nn-rng.h"

/* A picture is bent by moving each of its points a little, in random directions
 * that neighbouring points have nearly in common: random numbers smoothed by a
 * Gaussian (Simard, Steinkraus and Platt, "Best practices for convolutional
 * neural networks applied to visual document analysis", ICDAR 2003).
 *
 * The smoothed field holds nothing finer than the Gaussian, so its random numbers
 * need not lie closer than one every standard deviation, the radius: the variance
 * of the field is then the same everywhere but for 2 exp(−π²), a hundredth of a
 * percent. On a picture of 28 × 28 with a radius of 5 that is 13 × 13 numbers for
 * each direction. */

/* The longest side of a picture that can be bent, and the smallest radius. */
#define NN_ELASTIC_SIDE 64
#define NN_ELASTIC_RADIUS 1

/* The Gaussian ends after as many knots, the places of random numbers, on either
 * side of the nearest one. */
#define NN_ELASTIC_REACH 3
#define NN_ELASTIC_KNOTS (NN_ELASTIC_SIDE + 2 * NN_ELASTIC_REACH)

/* Moves are fixed-point numbers of pixels with this many bits behind the point. */
#define NN_ELASTIC_POINT 16

typedef struct
{
  size_t width;
  size_t first[NN_ELASTIC_SIDE]; /* the first knot that reaches each place */
  NnReal weights[NN_ELASTIC_KNOTS][NN_ELASTIC_SIDE]; /* of the knots at each place along a side */
  NnReal across[NN_ELASTIC_KNOTS][NN_ELASTIC_SIDE];  /* the moves, smoothed along the rows of knots */
  NnReal down[NN_ELASTIC_KNOTS][NN_ELASTIC_SIDE];
} NnElasticField;

/* Draws a field for pictures of @height × @width, neither above NN_ELASTIC_SIDE.
 * @amount: the standard deviation of each point's move in each direction;
 * @radius, at least NN_ELASTIC_RADIUS: that of the Gaussian; both in pixels. */
void nn_elastic_draw (NnElasticField *field, double amount, double radius, size_t height, size_t width, NnRng *rng);

/* Writes how the points of row @y are moved, [width] each. */
void nn_elastic_row (const NnElasticField *field, size_t y, int32_t *across, int32_t *down);
