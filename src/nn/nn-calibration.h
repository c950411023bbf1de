/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "nn-real.h"
#include "nn-status.h"

/* How far the probabilities that a network gives can be believed (Guo, Pleiss,
 * Sun and Weinberger, ICML 2017, arXiv:1706.04599). @logits: [count][classes],
 * all finite; samples labelled NN_NO_CLASS are passed over. */

/* Returns the largest probability that the @classes @logits stand for when they
 * are divided by @temperature. */
double nn_confidence (const NnReal *logits, size_t classes, double temperature);

/* Returns the number by which to divide the logits so that the mean
 * cross-entropy becomes smallest, within 0.05 … 20; above 1 the network was too
 * sure. 1 when there is nothing to learn from. The labels are smoothed by one
 * sample in n + 2, as Platt (1999) does, lest a few that are all right speak for
 * certainty. */
double nn_fit_temperature (const NnReal *logits, const uint8_t *labels, size_t count, size_t classes);

/* Returns the expected calibration error: the mean distance, weighted by their
 * samples, of the accuracy and the mean confidence in 15 bins of equal width.
 * 0 … 1; NAN without samples. The logits are divided by @temperature first. */
double nn_calibration_error (const NnReal *logits, const uint8_t *labels, size_t count, size_t classes, double temperature);

typedef struct
{
  double temperature;  /* nn_fit_temperature() */
  double error_before; /* nn_calibration_error(), at temperature 1 */
  double error_after;
  double threshold;    /* the confidence, the largest probability, that 99.2 % of the samples reach, calibrated */
} NnCalibration;

/* Answers NN_BAD_ARGUMENT without labelled samples. */
NN_MUST_CHECK NnStatus nn_calibrate (const NnReal  *logits,
                                     const uint8_t *labels,
                                     size_t         count,
                                     size_t         classes,
                                     NnCalibration *calibration);
