/* SPDX-License-Identifier: MIT */

/* What the tests of networks share: short names for layers, and networks and
 * workspaces that must come about. */
#pragma once

#include <glib.h>
#include <math.h>
#include <string.h>

#include "nn-network.h"

#define DENSE(n) { .kind = NN_DENSE, .units = n }
#define CONV(h, w, n, p) { .kind = NN_CONV2D, .units = n, .kernel_height = h, .kernel_width = w, .padding = p }
#define SAME(side, n) CONV (side, side, n, NN_PADDING_SAME)
#define VALID(side, n) CONV (side, side, n, NN_PADDING_VALID)
#define NORM { .kind = NN_BATCH_NORM, .epsilon = 1e-3, .momentum = 0.9 }
#define RELU { .kind = NN_RELU }
#define LEAKY_RELU(s) { .kind = NN_LEAKY_RELU, .slope = s }
#define SIGMOID { .kind = NN_SIGMOID }
#define TANH { .kind = NN_TANH }
#define POOL(h, w) { .kind = NN_MAX_POOL, .kernel_height = h, .kernel_width = w }
#define AVERAGE(h, w) { .kind = NN_AVERAGE_POOL, .kernel_height = h, .kernel_width = w }
#define GLOBAL_AVERAGE { .kind = NN_GLOBAL_AVERAGE_POOL }
#define DROPOUT(r) { .kind = NN_DROPOUT, .rate = r }
#define FLATTEN { .kind = NN_FLATTEN }

/* All that an image classifier is made of, for pictures of @cnn_shape; and dense
 * layers alone, so large that the kernels cut their sums. */
static const NnShape cnn_shape = { 9, 7, 1 };
static const NnLayerSpec cnn_specs[] = {
  SAME (3, 5), NORM, RELU, SAME (5, 6), NORM, LEAKY_RELU (0.1), POOL (2, 2), DROPOUT (0.25),
  CONV (2, 3, 8, NN_PADDING_SAME), TANH, VALID (3, 9), NORM, RELU, GLOBAL_AVERAGE, FLATTEN,
  DENSE (11), NORM, RELU, DROPOUT (0.5), DENSE (4),
};

static const NnShape mlp_shape = { 20, 20, 1 };
static const NnLayerSpec mlp_specs[] = { FLATTEN, DENSE (150), RELU, DENSE (70), SIGMOID, DENSE (4) };

static inline void
draw_numbers (NnRng *rng, gsize n, NnReal *numbers)
{
  for (gsize i = 0; i < n; i++)
    numbers[i] = (NnReal) nn_rng_normal (rng);
}

static inline NnReal *
draw_new (NnRng *rng, gsize n)
{
  NnReal *numbers = g_new (NnReal, n);

  draw_numbers (rng, n, numbers);
  return numbers;
}

/* Pictures of zeros above and at the left; a quarter of the other pixels is zero,
 * here these and there those. */
static inline NnReal *
draw_pictures (NnRng *rng, NnShape shape, gsize n)
{
  NnReal *pictures = draw_new (rng, n * nn_shape_size (shape));

  for (gsize i = 0; i < n * nn_shape_size (shape); i++)
    if (i % shape.width == 0 || i / shape.width % shape.height == 0 || nn_rng_below (rng, 4) == 0)
      pictures[i] = 0;
  return pictures;
}

/* Gives the network parameters and running statistics none of which is what it
 * starts with. */
static inline void
draw_parameters (NnNetwork *network, NnRng *rng)
{
  NnReal *parameters = nn_network_parameters (network), *statistics = nn_network_statistics (network);

  nn_network_init (network, rng);
  for (gsize i = 0; i < nn_network_n_parameters (network); i++)
    parameters[i] += (NnReal) (0.1 * nn_rng_normal (rng));
  for (gsize i = 0; i < nn_network_n_statistics (network); i++)
    statistics[i] += (NnReal) (0.5 * nn_rng_uniform (rng));
}

static inline NnNetwork *
drawn_network_new (NnShape input, const NnLayerSpec *specs, gsize n_specs, NnRng *rng)
{
  NnNetwork *network;

  g_assert_cmpint (nn_network_new (input, specs, n_specs, NULL, &network), ==, NN_OK);
  draw_parameters (network, rng);
  return network;
}

static inline NnWorkspace *
workspace_new (const NnNetwork *network, gsize max_batch, NnPurpose purpose, NnPool *pool, const NnKernels *kernels)
{
  NnWorkspace *workspace;

  g_assert_cmpint (nn_workspace_new (network, max_batch, purpose, pool, kernels, &workspace), ==, NN_OK);
  return workspace;
}

static inline gsize
input_size (const NnNetwork *network)
{
  return nn_shape_size (nn_network_input (network));
}

static inline gsize
output_size (const NnNetwork *network)
{
  return nn_shape_size (nn_network_output (network));
}

/* Writes the input, which a pass may overwrite, and runs forth. */
static inline const NnReal *
run_forth (const NnNetwork *network, NnWorkspace *workspace, const NnReal *input, gsize batch)
{
  memcpy (nn_workspace_input (workspace), input, batch * input_size (network) * sizeof (NnReal));
  return nn_forward (network, workspace, batch);
}

/* Sets the gradient of the loss by the logits: the loss is Σ slope · logit. */
static inline void
set_slopes (const NnNetwork *network, NnWorkspace *workspace, const NnReal *slopes, gsize batch)
{
  memcpy (nn_workspace_output_gradient (workspace), slopes, batch * output_size (network) * sizeof (NnReal));
}
