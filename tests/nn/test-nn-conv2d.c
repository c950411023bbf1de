/* SPDX-License-Identifier: MIT */

/* Convolutions of every size against plain loops, with each table of kernels. */

#include <float.h>

#include "kernels.h"
#include "networks.h"
#include "nn-conv2d-private.h"

#define MAX_SIDE 14
#define ROUNDING (FLT_EPSILON / 2) /* the largest relative error of one operation */

static const gsize channel_counts[] = { 1, 3, 4, 5, 8, 17, 33 };

/* The sum over the taps that lie in the picture, in double precision, and the sum
 * of their sizes. */
static double
correlate (const NnLayer *layer, const NnReal *parameters, const NnReal *picture, gsize y, gsize x, gsize unit, gboolean bf16, double *size)
{
  const NnLayerSpec *spec = &layer->spec;
  const gsize above = nn_conv2d_padding (layer, spec->kernel_height), left = nn_conv2d_padding (layer, spec->kernel_width);
  double sum = parameters[layer->biases + unit];

  *size = fabs (sum);
  for (gsize ky = 0; ky < spec->kernel_height; ky++)
    for (gsize kx = 0; kx < spec->kernel_width; kx++)
      for (gsize c = 0; c < layer->input.channels; c++)
        {
          const gsize row = y + ky - above, column = x + kx - left; /* huge if before the first */
          double value, weight;

          if (row >= layer->input.height || column >= layer->input.width)
            continue;
          value = picture[(row * layer->input.width + column) * layer->input.channels + c];
          weight = parameters[((ky * spec->kernel_width + kx) * layer->input.channels + c) * spec->units + unit];
          if (bf16)
            value = round_to_bf16 (value), weight = round_to_bf16 (weight);
          sum += value * weight;
          *size += fabs (value * weight);
        }
  return sum;
}

/* A plain sum of k terms is off by k roundings of it all at most. (The products
 * of bfloat16 are exact, once their factors have been rounded.)
 *
 * Winograd's transforms enlarge roundings. Let A, G and B be their matrices: if
 * each of a tile's positions is off by a random amount of relative size r, then an
 * output is by r · (Σ_p A_p² |G_p|² |B_p|²) in the mean square of both factors, in
 * the worst row of A, against √taps of the plain sum; that is 31 times as much for
 * 3 × 3 kernels and 20 times for 5 × 5. A position is the sum of as many products as there
 * are channels, whose roundings add up to √(channels / 2), and some ten roundings
 * come from the transforms. Inputs and weights have the variance 1. Six times such
 * a deviation is never met by chance; a wrong tap is off by a hundred times more. */
static double
error_bound (const NnLayer *layer, gboolean uses_winograd, double size)
{
  const double channels = layer->input.channels, taps = layer->spec.kernel_height * layer->spec.kernel_width;

  if (uses_winograd)
    return 6 * (taps == 9 ? 31 : 20) * ROUNDING * sqrt (channels / 2 + 10) * sqrt (taps * channels);
  return (taps * channels + 2) * ROUNDING * size;
}

static void
check_conv2d (const NnKernels *kernels, NnRng *rng, NnShape input, NnLayerSpec spec, gsize batch)
{
  const gboolean bf16 = kernels->cpu == NN_CPU_AVX512_BF16;
  g_autofree NnReal *pictures = draw_new (rng, batch * nn_shape_size (input));
  NnNetwork *network;
  NnWorkspace *workspace;
  const NnLayer *layer;
  const NnReal *output;

  g_assert_cmpint (nn_network_new (input, &spec, 1, NULL, &network), ==, NN_OK);
  draw_numbers (rng, nn_network_n_parameters (network), nn_network_parameters (network));
  workspace = workspace_new (network, batch, NN_INFERENCE, NULL, kernels);
  layer = nn_network_layer (network, 0);
  output = run_forth (network, workspace, pictures, batch);
  for (gsize sample = 0; sample < batch; sample++)
    for (gsize y = 0; y < layer->output.height; y++)
      for (gsize x = 0; x < layer->output.width; x++)
        for (gsize unit = 0; unit < spec.units; unit++)
          {
            double size, expected = correlate (layer, nn_network_parameters (network), pictures + sample * nn_shape_size (input),
                                               y, x, unit, bf16, &size);

            g_assert_cmpfloat (fabs (*output++ - expected), <=, error_bound (layer, nn_winograd_suits (layer) && !bf16, size));
          }
  nn_workspace_free (workspace);
  nn_network_free (network);
}

/* Every kernel with every pair of numbers of channels, on pictures of any size
 * that it fits. */
static void
test_channels (gconstpointer name)
{
  static const gsize sizes[][2] = { { 1, 1 }, { 2, 3 }, { 3, 3 }, { 5, 5 }, { 7, 7 } };
  const NnKernels *kernels = find_kernels (name);
  NnRng rng = nn_rng_new (31);

  for (gsize k = 0; kernels != NULL && k < G_N_ELEMENTS (sizes); k++)
    for (NnPadding padding = NN_PADDING_VALID; padding <= NN_PADDING_SAME; padding++)
      for (gsize i = 0; i < G_N_ELEMENTS (channel_counts); i++)
        for (gsize j = 0; j < G_N_ELEMENTS (channel_counts); j++)
          {
            const gsize height = padding == NN_PADDING_SAME ? 1 : sizes[k][0], width = padding == NN_PADDING_SAME ? 1 : sizes[k][1];
            const NnShape input = { height + nn_rng_below (&rng, MAX_SIDE + 1 - height),
                                    width + nn_rng_below (&rng, MAX_SIDE + 1 - width), channel_counts[i] };

            check_conv2d (kernels, &rng, input, (NnLayerSpec) CONV (sizes[k][0], sizes[k][1], channel_counts[j], padding),
                          1 + nn_rng_below (&rng, 3));
          }
}

/* Every size of picture, so that Winograd's tiles end at its rim in every way. */
static void
test_pictures (gconstpointer name)
{
  const NnKernels *kernels = find_kernels (name);
  NnRng rng = nn_rng_new (32);

  for (gsize side = 3; kernels != NULL && side <= 5; side += 2)
    for (NnPadding padding = NN_PADDING_VALID; padding <= NN_PADDING_SAME; padding++)
      for (gsize height = padding == NN_PADDING_SAME ? 1 : side; height <= MAX_SIDE; height++)
        for (gsize width = padding == NN_PADDING_SAME ? 1 : side; width <= MAX_SIDE; width++)
          check_conv2d (kernels, &rng, (NnShape){ height, width, 4 + (height + width) % 2 }, (NnLayerSpec) CONV (side, side, 4, padding), 2);
}

/* A picture with its rim takes more memory than the tiles that are done at once. */
static void
test_large (gconstpointer name)
{
  const NnKernels *kernels = find_kernels (name);
  NnRng rng = nn_rng_new (33);

  if (kernels == NULL)
    return;
  check_conv2d (kernels, &rng, (NnShape){ 200, 210, 4 }, (NnLayerSpec) SAME (3, 4), 1);
  check_conv2d (kernels, &rng, (NnShape){ 30, 200, 1 }, (NnLayerSpec) SAME (5, 4), 1);
  check_conv2d (kernels, &rng, (NnShape){ 90, 3, 2 }, (NnLayerSpec) CONV (70, 2, 3, NN_PADDING_SAME), 1); /* more rows than one product takes */
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_kernel_tests ("conv2d/channels", test_channels);
  add_kernel_tests ("conv2d/pictures", test_pictures);
  add_kernel_tests ("conv2d/large", test_large);
  return g_test_run ();
}
