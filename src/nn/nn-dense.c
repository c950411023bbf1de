/* SPDX-License-Identifier: MIT */

/* y = x · W + b over a batch: x is [batch][inputs], W is [inputs][units]. */

#include <string.h>

#include "nn-layer-private.h"
#include "nn-plan.h"

static NnStatus
dense_resolve (NnLayer *layer)
{
  if (layer->input.height != 1 || layer->input.width != 1)
    return NN_BAD_SHAPE;
  if (layer->spec.units == 0)
    return NN_BAD_ARGUMENT;

  layer->output = (NnShape){ 1, 1, layer->spec.units };
  layer->n_weights = nn_size_mul (layer->input.channels, layer->spec.units);
  layer->n_biases = layer->spec.units;
  return NN_OK;
}

static double
dense_flops (const NnLayer *layer)
{
  return 2.0 * (double) layer->n_weights;
}

static void
dense_forward (const NnLayer *layer, const NnPass *pass)
{
  size_t inputs = layer->input.channels, units = layer->output.channels;

  nn_parallel_gemm (pass, pass->batch, units, inputs,
                    pass->input, inputs, 1,
                    pass->weights, units,
                    pass->biases, 0,
                    pass->output, units);
}

/* dW = xᵀ · dy, db = Σ dy, dx = dy · Wᵀ. */
static void
dense_backward (const NnLayer *layer, const NnPass *pass)
{
  size_t inputs = layer->input.channels, units = layer->output.channels;

  nn_parallel_gemm (pass, inputs, units, pass->batch,
                    pass->input, 1, inputs,
                    pass->output_gradient, units,
                    NULL, 0,
                    pass->weight_gradient, units);
  memset (pass->bias_gradient, 0, units * sizeof (NnReal));
  nn_add_rows (pass->output_gradient, pass->batch, units, pass->bias_gradient);

  if (pass->input_gradient == NULL)
    return;
  nn_transpose (pass->weights, inputs, units, pass->transposed);
  nn_parallel_gemm (pass, pass->batch, inputs, units,
                    pass->output_gradient, units, 1,
                    pass->transposed, inputs,
                    NULL, 0,
                    pass->input_gradient, inputs);
}

const NnLayerType nn_dense_type = {
  .transposes = true,
  .resolve = dense_resolve,
  .flops = dense_flops,
  .forward = dense_forward,
  .backward = dense_backward,
};
