/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "nn-real.h"

/* Writes softmax of the @classes @logits to @probabilities; may be in place.
 * Where the logits overflowed, nothing is known: all are 1 / @classes. */
void nn_softmax (const NnReal *logits, size_t classes, NnReal *probabilities);

/* Returns the cross-entropy −log softmax(@logits)[@label] in nats. */
double nn_cross_entropy (const NnReal *logits, size_t classes, size_t label);

/* Returns the index of the largest of @n @values, the first of equal ones. */
size_t nn_argmax (const NnReal *values, size_t n);

/* Returns the summed cross-entropy of @batch rows of @logits [batch][classes],
 * adds the rows whose largest logit is at the label to *@correct, and writes
 * the gradient of the mean loss by the logits to @gradient [batch][classes]
 * (may be NULL). With @smoothing in [0, 1), the target is not 1 for the label
 * and 0 for the others, but that share of 1 is spread over all classes alike
 * (Szegedy et al., arXiv:1512.00567, section 7); for the label NN_NO_CLASS, all
 * of it. */
double nn_softmax_cross_entropy (const NnReal  *logits,
                                 const uint8_t *labels,
                                 size_t         batch,
                                 size_t         classes,
                                 double         smoothing,
                                 NnReal        *gradient,
                                 size_t        *correct);

/* Returns the cross-entropy of a row whose probabilities are just the target: no
 * network has a smaller one. It is the target's entropy; 0 for a label that is
 * not smoothed. */
double nn_smallest_cross_entropy (uint8_t label, size_t classes, double smoothing);
