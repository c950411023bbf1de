/* SPDX-License-Identifier: MIT */

/* y = max (x, 0), in place. The gradient at 0 is taken to be 0. */

#include "nn-layer-private.h"

static NnStatus
relu_resolve (NnLayer *layer)
{
  layer->output = layer->input;
  return NN_OK;
}

typedef struct
{
  const NnPass *pass;
  size_t sample_size;
} Job;

static void
forward_sample (void *data, size_t sample, size_t worker)
{
  const Job *job = data;
  NnReal *values = job->pass->output + sample * job->sample_size;

  for (size_t i = 0; i < job->sample_size; i++)
    values[i] = values[i] < 0 ? 0 : values[i]; /* keeps NaN, so that it is noticed */
}

static void
backward_sample (void *data, size_t sample, size_t worker)
{
  const Job *job = data;
  const NnReal *values = job->pass->output + sample * job->sample_size;
  NnReal *gradient = job->pass->output_gradient + sample * job->sample_size;

  for (size_t i = 0; i < job->sample_size; i++)
    gradient[i] = values[i] > 0 ? gradient[i] : 0;
}

static void
relu_forward (const NnLayer *layer, const NnPass *pass)
{
  Job job = { pass, nn_shape_size (layer->output) };

  nn_pool_run (pass->pool, forward_sample, &job, pass->batch);
}

static void
relu_backward (const NnLayer *layer, const NnPass *pass)
{
  Job job = { pass, nn_shape_size (layer->output) };

  nn_pool_run (pass->pool, backward_sample, &job, pass->batch);
}

const NnLayerType nn_relu_type = {
  .in_place = true,
  .resolve = relu_resolve,
  .forward = relu_forward,
  .backward = relu_backward,
};
