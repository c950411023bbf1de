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
  NN_RELU,
  NN_MAX_POOL,
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
  size_t kernel_height; /* conv2d, max pooling */
  size_t kernel_width;
  NnPadding padding; /* conv2d; its stride is 1, that of pooling its kernel */
} NnLayerSpec;

/* A layer in its place in a network. Its parameters are a part of the
 * network's one array, see nn_network_parameters():
 *
 *   dense   weights [inputs][units]                        biases [units]
 *   conv2d  weights [kernel_height][kernel_width][inputs][units]  biases [units]
 */
typedef struct
{
  NnLayerSpec spec;
  NnShape input;
  NnShape output;
  size_t weights; /* offset of the first weight */
  size_t n_weights;
  size_t biases; /* offset of the first bias; there are n_biases */
  size_t n_biases;
} NnLayer;

/* Returns the number of values in @shape, or 0 if that is 0 or too large. */
size_t nn_shape_size (NnShape shape);
