/* SPDX-License-Identifier: MIT */

/* ReLU, leaky ReLU (Maas, Hannun and Ng 2013), sigmoid and tanh, in place. The
 * gradient of the first two at 0 is taken to be that of the negative side. Each
 * gradient follows from the output alone. */

#include <math.h>

#include "nn-layer-private.h"

NnStatus
nn_resolve_same_shape (NnLayer *layer)
{
  layer->output = layer->input;
  return NN_OK;
}

static NnStatus
leaky_relu_resolve (NnLayer *layer)
{
  /* With a slope of 0 or above, the output's sign is that of the input. */
  if (!(layer->spec.slope >= 0 && layer->spec.slope < 1))
    return NN_BAD_ARGUMENT;
  return nn_resolve_same_shape (layer);
}

static size_t
n_values (const NnUnit *unit, const NnSlice *slice)
{
  return slice->count * nn_shape_size (unit->layer->output);
}

/* spec.slope of a plain ReLU is not looked at. */
static NnReal
slope (const NnUnit *unit)
{
  return unit->layer->spec.kind == NN_LEAKY_RELU ? (NnReal) unit->layer->spec.slope : 0;
}

static void
relu_forward (const NnUnit *unit, const NnSlice *slice)
{
  unit->kernels->relu (n_values (unit, slice), slope (unit), slice->output);
}

static void
relu_backward (const NnUnit *unit, const NnSlice *slice)
{
  unit->kernels->relu_gradient (n_values (unit, slice), slope (unit), slice->output, slice->output_gradient);
}

static void
sigmoid_forward (const NnUnit *unit, const NnSlice *slice)
{
  size_t n = n_values (unit, slice);

  for (size_t i = 0; i < n; i++)
    slice->output[i] = (NnReal) (1 / (1 + exp (-(double) slice->output[i])));
}

static void
sigmoid_backward (const NnUnit *unit, const NnSlice *slice)
{
  size_t n = n_values (unit, slice);

  for (size_t i = 0; i < n; i++)
    slice->output_gradient[i] *= slice->output[i] * (1 - slice->output[i]);
}

static void
tanh_forward (const NnUnit *unit, const NnSlice *slice)
{
  size_t n = n_values (unit, slice);

  for (size_t i = 0; i < n; i++)
    slice->output[i] = (NnReal) tanh ((double) slice->output[i]);
}

static void
tanh_backward (const NnUnit *unit, const NnSlice *slice)
{
  size_t n = n_values (unit, slice);

  for (size_t i = 0; i < n; i++)
    slice->output_gradient[i] *= 1 - slice->output[i] * slice->output[i];
}

const NnLayerType nn_relu_type = {
  .in_place = true,
  .reads_output = true,
  .resolve = nn_resolve_same_shape,
  .forward = relu_forward,
  .backward = relu_backward,
};

const NnLayerType nn_leaky_relu_type = {
  .in_place = true,
  .reads_output = true,
  .resolve = leaky_relu_resolve,
  .forward = relu_forward,
  .backward = relu_backward,
};

const NnLayerType nn_sigmoid_type = {
  .in_place = true,
  .reads_output = true,
  .resolve = nn_resolve_same_shape,
  .forward = sigmoid_forward,
  .backward = sigmoid_backward,
};

const NnLayerType nn_tanh_type = {
  .in_place = true,
  .reads_output = true,
  .resolve = nn_resolve_same_shape,
  .forward = tanh_forward,
  .backward = tanh_backward,
};
