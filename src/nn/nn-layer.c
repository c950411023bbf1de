/* SPDX-License-Identifier: MIT */
#include "nn-layer-private.h"

#include <stdint.h>
#include <string.h>

#include "nn-plan.h"

/* How many parameters one task moves. */
#define CHUNK 2048

size_t
nn_shape_size (NnShape shape)
{
  size_t size = nn_size_mul (nn_size_mul (shape.height, shape.width), shape.channels);

  return size == SIZE_MAX ? 0 : size;
}

const NnLayerType *
nn_layer_type (NnLayerKind kind)
{
  switch (kind)
    {
    case NN_DENSE:
      return &nn_dense_type;
    case NN_CONV2D:
      return &nn_conv2d_type;
    case NN_BATCH_NORM:
      return &nn_batch_norm_type;
    case NN_RELU:
      return &nn_relu_type;
    case NN_LEAKY_RELU:
      return &nn_leaky_relu_type;
    case NN_SIGMOID:
      return &nn_sigmoid_type;
    case NN_TANH:
      return &nn_tanh_type;
    case NN_MAX_POOL:
      return &nn_max_pool_type;
    case NN_AVERAGE_POOL:
      return &nn_average_pool_type;
    case NN_GLOBAL_AVERAGE_POOL:
      return &nn_global_average_pool_type;
    case NN_DROPOUT:
      return &nn_dropout_type;
    case NN_FLATTEN:
      return &nn_flatten_type;
    }
  return NULL;
}

void
nn_descend (const NnDescent *descent, size_t first, size_t n, const NnReal *gradient, bool decay)
{
  if (descent->gradients == NULL)
    nn_optimizer_update (descent->optimizer, descent->parameters, first, 1, n, n, gradient, n, decay);
  else if (descent->gradients + first != gradient)
    memcpy (descent->gradients + first, gradient, n * sizeof (NnReal));
}

typedef struct
{
  const NnUnit *unit;
  const NnDescent *descent;
  size_t n_weight_chunks;
} CollectJob;

/* A chunk of the weights or, behind them, of the biases. */
static void
collect_chunk (void *data, size_t chunk, size_t worker)
{
  const CollectJob *job = data;
  const NnLayer *layer = job->unit->layer;
  bool is_weights = chunk < job->n_weight_chunks;
  size_t begin = is_weights ? chunk * CHUNK : layer->n_weights + (chunk - job->n_weight_chunks) * CHUNK;
  size_t end = is_weights ? layer->n_weights : layer->n_weights + layer->n_biases;
  size_t n = nn_smaller (CHUNK, end - begin);
  NnReal sum[CHUNK];

  memcpy (sum, job->unit->partial + begin, n * sizeof (NnReal));
  for (size_t shard = 1; shard < NN_SHARDS; shard++)
    job->unit->kernels->add_rows (1, n, job->unit->partial + shard * job->unit->partial_size + begin, sum);
  nn_descend (job->descent, layer->weights + begin, n, sum, is_weights);
}

void
nn_collect_shards (const NnUnit *unit, const NnDescent *descent, NnPool *pool)
{
  CollectJob job = { unit, descent, (unit->layer->n_weights + CHUNK - 1) / CHUNK };

  nn_pool_run (pool, collect_chunk, &job, job.n_weight_chunks + (unit->layer->n_biases + CHUNK - 1) / CHUNK);
}
