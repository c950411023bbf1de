/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "nn-status.h"

/* The shape of one sample. Values lie in memory as height × width × channels,
 * the channel running fastest, so that vector instructions run along channels
 * in every layer. A flat vector of n values is 1 × 1 × n. */
typedef struct
{
  size_t height;
  size_t width;
  size_t channels;
} NnShape;

typedef enum
{
  NN_DENSE,
  NN_CONV2D,
  NN_BATCH_NORM, /* Ioffe and Szegedy, arXiv:1502.03167; by channel */
  NN_RELU,
  NN_LEAKY_RELU,
  NN_SIGMOID,
  NN_TANH,
  NN_MAX_POOL,
  NN_AVERAGE_POOL,
  NN_GLOBAL_AVERAGE_POOL, /* each channel's mean: the shape becomes 1 × 1 × channels */
  NN_DROPOUT,             /* Srivastava et al., JMLR 15 (2014); what stays is scaled by 1 / (1 − rate) */
  NN_FLATTEN,
} NnLayerKind;

typedef enum
{
  NN_PADDING_VALID, /* no padding: the picture shrinks by kernel − 1 */
  NN_PADDING_SAME,  /* zeros around the picture, the odd one below and right */
} NnPadding;

/* What somebody who builds a network says of a layer. */
typedef struct
{
  NnLayerKind kind;
  size_t units;         /* dense: outputs; conv2d: output channels */
  size_t kernel_height; /* conv2d, max and average pooling */
  size_t kernel_width;
  NnPadding padding; /* conv2d; its stride is 1, that of pooling its kernel */
  double rate;       /* dropout: the probability that a value becomes 0, in [0, 1) */
  double slope;      /* leaky ReLU: what a negative value is multiplied by, in [0, 1) */
  double epsilon;    /* batch norm: added to the variance, above 0 */
  double momentum;   /* batch norm: what the running statistics keep at each step, in [0, 1) */
} NnLayerSpec;

/* A layer in its place in a network. Its parameters are a part of the
 * network's one array, see nn_network_parameters():
 *
 *   dense       weights [inputs][units]                               biases [units]
 *   conv2d      weights [kernel_height][kernel_width][inputs][units]  biases [units]
 *   batch norm  weights (gamma) [channels]                            biases (beta) [channels]
 *
 * What a batch norm layer knows of the training data is not trained and lies in
 * another array, see nn_network_statistics(): running means [channels], followed
 * by running variances [channels].
 */
typedef struct
{
  NnLayerSpec spec;
  NnShape input;
  NnShape output;
  size_t weights; /* offset of the first weight */
  size_t n_weights;
  size_t biases; /* offset of the first bias, right behind the weights */
  size_t n_biases;
  size_t statistics; /* offset of the first running mean; batch norm only */
  size_t n_statistics;
} NnLayer;

/* Returns the number of values in @shape, or 0 if that is 0 or too large. */
size_t nn_shape_size (NnShape shape);
