/* SPDX-License-Identifier: MIT */
#include "nn-network.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "nn-layer-private.h"
#include "nn-plan.h"

struct NnNetwork
{
  size_t n_layers;
  NnLayer *layers;
  size_t n_parameters;
  size_t n_statistics;
  NnReal *parameters; /* followed by the statistics */
};

/* Puts @layer behind a layer with the output @input, its parameters and
 * statistics behind those of the layers before. */
static NnStatus
resolve_layer (NnNetwork *self, NnLayer *layer, NnShape input)
{
  const NnLayerType *type = nn_layer_type (layer->spec.kind);
  NnStatus status;

  if (type == NULL)
    return NN_BAD_ARGUMENT;
  layer->input = input;
  status = type->resolve (layer);
  if (status != NN_OK)
    return status;
  if (nn_shape_size (layer->output) == 0)
    return NN_TOO_LARGE;

  layer->weights = self->n_parameters;
  layer->biases = nn_size_add (layer->weights, layer->n_weights);
  self->n_parameters = nn_size_add (layer->biases, layer->n_biases);
  layer->statistics = self->n_statistics;
  self->n_statistics = nn_size_add (layer->statistics, layer->n_statistics);
  return nn_size_add (self->n_parameters, self->n_statistics) == SIZE_MAX ? NN_TOO_LARGE : NN_OK;
}

static NnStatus
allocate_parameters (NnNetwork *self)
{
  NnPlan plan = { 0 };
  void *block = NULL;
  NnStatus status;

  nn_plan_reserve (&plan, nn_size_add (self->n_parameters, self->n_statistics), sizeof (NnReal));
  status = nn_plan_allocate_zeroed (&plan, &block);
  self->parameters = block;
  return status;
}

NnStatus
nn_network_new (NnShape            input,
                const NnLayerSpec *specs,
                size_t             n_specs,
                size_t            *bad_layer,
                NnNetwork        **network)
{
  NnNetwork *self;
  NnStatus status = NN_OK;

  if (bad_layer != NULL)
    *bad_layer = 0;
  if (n_specs == 0 || nn_shape_size (input) == 0)
    return NN_BAD_ARGUMENT;

  self = calloc (1, sizeof *self);
  if (self == NULL)
    return NN_NO_MEMORY;
  self->layers = calloc (n_specs, sizeof *self->layers);
  if (self->layers == NULL)
    status = NN_NO_MEMORY;

  for (; status == NN_OK && self->n_layers < n_specs; self->n_layers++)
    {
      NnLayer *layer = &self->layers[self->n_layers];

      layer->spec = specs[self->n_layers];
      if (bad_layer != NULL)
        *bad_layer = self->n_layers;
      status = resolve_layer (self, layer, input);
      input = layer->output;
    }

  if (status == NN_OK)
    status = allocate_parameters (self);
  if (status != NN_OK)
    {
      nn_network_free (self);
      return status;
    }
  *network = self;
  return NN_OK;
}

NnStatus
nn_network_copy (const NnNetwork *network, NnNetwork **copy)
{
  NnNetwork *self = calloc (1, sizeof *self);
  NnStatus status;

  if (self == NULL)
    return NN_NO_MEMORY;
  self->n_parameters = network->n_parameters;
  self->n_statistics = network->n_statistics;
  status = allocate_parameters (self);
  self->layers = calloc (network->n_layers, sizeof *self->layers);
  if (status == NN_OK && self->layers == NULL)
    status = NN_NO_MEMORY;
  if (status != NN_OK)
    {
      nn_network_free (self);
      return status;
    }

  self->n_layers = network->n_layers;
  memcpy (self->layers, network->layers, self->n_layers * sizeof *self->layers);
  memcpy (self->parameters, network->parameters, (self->n_parameters + self->n_statistics) * sizeof *self->parameters);
  *copy = self;
  return NN_OK;
}

void
nn_network_assign (NnNetwork *network, const NnNetwork *source)
{
  memcpy (network->parameters, source->parameters, (network->n_parameters + network->n_statistics) * sizeof (NnReal));
}

void
nn_network_approach (NnNetwork *network, const NnNetwork *source, double share)
{
  size_t n = network->n_parameters + network->n_statistics;
  NnReal *restrict to = network->parameters;
  const NnReal *restrict from = source->parameters;
  NnReal factor = (NnReal) share;

  for (size_t i = 0; i < n; i++)
    to[i] += factor * (from[i] - to[i]);
}

void
nn_network_free (NnNetwork *network)
{
  if (network == NULL)
    return;

  free (network->layers);
  nn_plan_free (network->parameters);
  free (network);
}

static void
init_batch_norm (NnNetwork *network, const NnLayer *layer)
{
  NnReal *statistics = nn_network_statistics (network) + layer->statistics;
  size_t channels = layer->n_weights;

  for (size_t c = 0; c < channels; c++)
    {
      network->parameters[layer->weights + c] = 1;
      statistics[c] = 0;
      statistics[channels + c] = 1;
    }
}

void
nn_network_init (NnNetwork *network, NnRng *rng)
{
  memset (network->parameters, 0, network->n_parameters * sizeof (NnReal));
  for (size_t i = 0; i < network->n_layers; i++)
    {
      const NnLayer *layer = &network->layers[i];
      double fan_in, deviation;

      if (layer->spec.kind == NN_BATCH_NORM)
        init_batch_norm (network, layer);
      if (layer->spec.kind == NN_BATCH_NORM || layer->n_weights == 0)
        continue;
      fan_in = (double) (layer->n_weights / layer->spec.units);
      deviation = sqrt (2 / fan_in);
      for (size_t w = 0; w < layer->n_weights; w++)
        network->parameters[layer->weights + w] = (NnReal) (deviation * nn_rng_normal (rng));
    }
}

size_t
nn_network_n_layers (const NnNetwork *network)
{
  return network->n_layers;
}

const NnLayer *
nn_network_layer (const NnNetwork *network, size_t i)
{
  return &network->layers[i];
}

NnShape
nn_network_input (const NnNetwork *network)
{
  return network->layers[0].input;
}

NnShape
nn_network_output (const NnNetwork *network)
{
  return network->layers[network->n_layers - 1].output;
}

NnReal *
nn_network_parameters (NnNetwork *network)
{
  return network->parameters;
}

const NnReal *
nn_network_parameters_const (const NnNetwork *network)
{
  return network->parameters;
}

size_t
nn_network_n_parameters (const NnNetwork *network)
{
  return network->n_parameters;
}

NnReal *
nn_network_statistics (NnNetwork *network)
{
  return network->parameters + network->n_parameters;
}

const NnReal *
nn_network_statistics_const (const NnNetwork *network)
{
  return network->parameters + network->n_parameters;
}

size_t
nn_network_n_statistics (const NnNetwork *network)
{
  return network->n_statistics;
}

NnStatus
nn_network_scale_logits (NnNetwork *network, double factor)
{
  const NnLayer *last = &network->layers[network->n_layers - 1];

  if (last->spec.kind != NN_DENSE && last->spec.kind != NN_CONV2D)
    return NN_BAD_ARGUMENT;
  for (size_t i = last->weights; i < last->biases + last->n_biases; i++)
    network->parameters[i] *= (NnReal) factor;
  return NN_OK;
}

double
nn_network_flops (const NnNetwork *network)
{
  double flops = 0;

  for (size_t i = 0; i < network->n_layers; i++)
    {
      const NnLayerType *type = nn_layer_type (network->layers[i].spec.kind);

      if (type->flops != NULL)
        flops += type->flops (&network->layers[i]);
    }
  return flops;
}
