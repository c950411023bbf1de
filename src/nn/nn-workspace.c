/* SPDX-License-Identifier: MIT */
#include "nn-network.h"

#include <stdint.h>
#include <stdlib.h>

#include "nn-layer-private.h"
#include "nn-plan.h"

struct NnWorkspace
{
  NnPurpose purpose;
  NnPool *pool;
  const NnKernels *kernels;
  size_t n_layers;
  void *block;

  /* [n_layers + 1]: the input, then each layer's output. A layer that works in
   * place has the same address twice. */
  NnReal **activations;

  /* Two gradients by activations, each large enough for any layer: backward()
   * reads one and writes the other, then they change places. */
  NnReal *gradients[2];
  NnReal *output_gradient; /* the one that backward() starts from */

  NnReal *parameter_gradients; /* in the order of the parameters */
  NnReal *partial_gradients;
  NnReal *transposed;
  NnReal *scratch;
  size_t scratch_size; /* of one worker */
};

/* The largest needs of all layers. */
typedef struct
{
  size_t activation;
  size_t partial;
  size_t transposed;
  size_t scratch;
} Needs;

static size_t
larger (size_t a, size_t b)
{
  return a > b ? a : b;
}

static Needs
find_needs (const NnNetwork *network)
{
  Needs needs = { .activation = nn_shape_size (nn_network_input (network)) };

  for (size_t i = 0; i < nn_network_n_layers (network); i++)
    {
      const NnLayer *layer = nn_network_layer (network, i);
      const NnLayerType *type = nn_layer_type (layer->spec.kind);

      needs.activation = larger (needs.activation, nn_shape_size (layer->output));
      if (type->sharded)
        needs.partial = larger (needs.partial, nn_size_add (layer->n_weights, layer->n_biases));
      if (type->transposes)
        needs.transposed = larger (needs.transposed, layer->n_weights);
      if (type->scratch_size != NULL)
        needs.scratch = larger (needs.scratch, type->scratch_size (layer));
    }
  return needs;
}

static bool
works_in_place (const NnNetwork *network, size_t i)
{
  return nn_layer_type (nn_network_layer (network, i)->spec.kind)->in_place;
}

/* Reserves the activations and writes their offsets. Training needs all of
 * them on the way back; inference only ever two, so there they take turns. */
static void
plan_activations (NnPlan *plan, const NnNetwork *network, size_t batch, NnPurpose purpose, size_t largest, size_t *offsets)
{
  size_t turns[2] = { 0, 0 };
  size_t turn = 0;

  if (purpose == NN_INFERENCE)
    for (size_t i = 0; i < 2; i++)
      turns[i] = nn_plan_reserve (plan, nn_size_mul (batch, largest), sizeof (NnReal));
  else
    turns[0] = nn_plan_reserve (plan, nn_size_mul (batch, nn_shape_size (nn_network_input (network))), sizeof (NnReal));

  offsets[0] = turns[0];
  for (size_t i = 0; i < nn_network_n_layers (network); i++)
    if (works_in_place (network, i))
      offsets[i + 1] = offsets[i];
    else if (purpose == NN_INFERENCE)
      offsets[i + 1] = turns[turn ^= 1];
    else
      offsets[i + 1] = nn_plan_reserve (plan,
                                        nn_size_mul (batch, nn_shape_size (nn_network_layer (network, i)->output)),
                                        sizeof (NnReal));
}

/* Lays all arrays out in one block and allocates it. */
static NnStatus
allocate (NnWorkspace *self, const NnNetwork *network, size_t batch, size_t *offsets)
{
  size_t training = self->purpose == NN_TRAINING; /* 0 or 1 times an array */
  Needs needs = find_needs (network);
  NnPlan plan = { 0 };
  size_t gradients[2], parameters, partial, transposed, scratch;
  NnStatus status;
  char *block;

  plan_activations (&plan, network, batch, self->purpose, needs.activation, offsets);
  for (size_t i = 0; i < 2; i++)
    gradients[i] = nn_plan_reserve (&plan, nn_size_mul (batch, needs.activation) * training, sizeof (NnReal));
  parameters = nn_plan_reserve (&plan, nn_network_n_parameters (network) * training, sizeof (NnReal));
  partial = nn_plan_reserve (&plan, nn_size_mul (NN_GRADIENT_SHARDS, needs.partial) * training, sizeof (NnReal));
  transposed = nn_plan_reserve (&plan, needs.transposed * training, sizeof (NnReal));
  scratch = nn_plan_reserve (&plan, nn_size_mul (nn_pool_workers (self->pool), needs.scratch), sizeof (NnReal));

  status = nn_plan_allocate (&plan, &self->block);
  if (status != NN_OK)
    return status;

  block = self->block;
  for (size_t i = 0; i <= self->n_layers; i++)
    self->activations[i] = (NnReal *) (block + offsets[i]);
  for (size_t i = 0; i < 2; i++)
    self->gradients[i] = (NnReal *) (block + gradients[i]);
  self->output_gradient = self->gradients[0];
  self->parameter_gradients = (NnReal *) (block + parameters);
  self->partial_gradients = (NnReal *) (block + partial);
  self->transposed = (NnReal *) (block + transposed);
  self->scratch = (NnReal *) (block + scratch);
  self->scratch_size = needs.scratch;
  return NN_OK;
}

NnStatus
nn_workspace_new (const NnNetwork *network,
                  size_t           max_batch,
                  NnPurpose        purpose,
                  NnPool          *pool,
                  NnWorkspace    **workspace)
{
  NnWorkspace *self;
  size_t *offsets;
  NnStatus status = NN_NO_MEMORY;

  if (max_batch == 0)
    return NN_BAD_ARGUMENT;

  self = calloc (1, sizeof *self);
  if (self == NULL)
    return NN_NO_MEMORY;
  self->purpose = purpose;
  self->pool = pool;
  self->kernels = nn_kernels ();
  self->n_layers = nn_network_n_layers (network);
  self->activations = calloc (self->n_layers + 1, sizeof *self->activations);
  offsets = calloc (self->n_layers + 1, sizeof *offsets);
  if (self->activations != NULL && offsets != NULL)
    status = allocate (self, network, max_batch, offsets);
  free (offsets);
  if (status != NN_OK)
    {
      nn_workspace_free (self);
      return status;
    }
  *workspace = self;
  return NN_OK;
}

void
nn_workspace_free (NnWorkspace *workspace)
{
  if (workspace == NULL)
    return;

  free (workspace->activations);
  free (workspace->block);
  free (workspace);
}

NnReal *
nn_workspace_input (NnWorkspace *workspace)
{
  return workspace->activations[0];
}

NnReal *
nn_workspace_output_gradient (NnWorkspace *workspace)
{
  return workspace->output_gradient;
}

static NnPass
pass_through (const NnNetwork *network, NnWorkspace *workspace, size_t i, size_t batch)
{
  const NnLayer *layer = nn_network_layer (network, i);
  const NnReal *parameters = nn_network_parameters_const (network);

  return (NnPass){
    .batch = batch,
    .weights = parameters + layer->weights,
    .biases = parameters + layer->biases,
    .input = workspace->activations[i],
    .output = workspace->activations[i + 1],
    .scratch = workspace->scratch,
    .scratch_size = workspace->scratch_size,
    .pool = workspace->pool,
    .kernels = workspace->kernels,
  };
}

const NnReal *
nn_forward (const NnNetwork *network, NnWorkspace *workspace, size_t batch)
{
  for (size_t i = 0; i < workspace->n_layers; i++)
    {
      const NnLayer *layer = nn_network_layer (network, i);
      NnPass pass = pass_through (network, workspace, i, batch);

      nn_layer_type (layer->spec.kind)->forward (layer, &pass);
    }
  return workspace->activations[workspace->n_layers];
}

const NnReal *
nn_backward (const NnNetwork *network, NnWorkspace *workspace, size_t batch)
{
  size_t turn = 0;

  for (size_t i = workspace->n_layers; i-- > 0;)
    {
      const NnLayer *layer = nn_network_layer (network, i);
      const NnLayerType *type = nn_layer_type (layer->spec.kind);
      NnPass pass = pass_through (network, workspace, i, batch);

      pass.output_gradient = workspace->gradients[turn];
      if (!type->in_place)
        turn ^= 1;
      if (i > 0)
        pass.input_gradient = workspace->gradients[turn];
      pass.weight_gradient = workspace->parameter_gradients + layer->weights;
      pass.bias_gradient = workspace->parameter_gradients + layer->biases;
      pass.partial_gradients = workspace->partial_gradients;
      pass.transposed = workspace->transposed;
      type->backward (layer, &pass);
    }
  return workspace->parameter_gradients;
}
