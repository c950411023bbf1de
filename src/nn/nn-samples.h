/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "nn-augment.h"
#include "nn-layer.h"
#include "nn-pool.h"
#include "nn-real.h"

/* The label of a picture of no class. A network learns to give all classes the
 * same probability there (outlier exposure, Hendrycks, Mazeika and Dietterich,
 * ICLR 2019, arXiv:1812.04606). Such samples count in the loss, not in the
 * accuracy. */
#define NN_NO_CLASS 255

/* Labelled pictures as bytes, borrowed. A byte b is the value b / 255. */
typedef struct
{
  size_t         count;
  NnShape        shape;
  const uint8_t *images; /* [count][height][width][channels] */
  const uint8_t *labels; /* [count], each below the network's outputs, or NN_NO_CLASS */
} NnSamples;

/* How samples are taken out for a network. */
typedef struct
{
  const uint32_t       *order;        /* the samples' numbers; NULL: as they lie */
  const NnAugmentation *augmentation; /* NULL: none */
  uint64_t              seed;         /* a sample is moved as these two and its number say */
  uint64_t              epoch;
} NnLoading;

/* Answers whether networks with inputs of shape @input can run on @samples:
 * NN_BAD_SHAPE if the pictures have another one, NN_BAD_ARGUMENT if there are
 * none or more than 2³² − 1. */
NN_MUST_CHECK NnStatus nn_samples_check (const NnSamples *samples, NnShape input);

/* Answers NN_BAD_ARGUMENT if a label is neither below @classes nor
 * NN_NO_CLASS. */
NN_MUST_CHECK NnStatus nn_samples_check_labels (const NnSamples *samples, size_t classes);

/* Writes the pictures from number @first of the order on to @input,
 * [count][height][width][channels]. */
void nn_samples_load (const NnSamples *samples,
                      const NnLoading *loading,
                      size_t           first,
                      size_t           count,
                      NnPool          *pool,
                      NnReal          *input);
