/* SPDX-License-Identifier: MIT */

/* The memory of a network that runs: all of it in one block, laid out once. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "nn-plan.h"
#include "nn-workspace-private.h"

static bool
folds_any (const NnWorkspace *self)
{
  for (size_t i = 0; i < self->n_layers; i++)
    if (self->folded[i])
      return true;
  return false;
}

/* Lays all memory out in one block, that of @host if it is large enough, or one
 * that is allocated. */
static NnStatus
allocate (NnWorkspace *self, const NnNetwork *network, const NnWorkspace *host, size_t *kept_offsets, size_t *own_offsets)
{
  bool training = self->purpose == NN_TRAINING;
  size_t n_parameters = nn_network_n_parameters (network);
  NnNeeds needs = nn_layout_needs (self);
  size_t kept_size, kept, parameters, folded, partials, prepared, workers;
  NnPlan plan = { 0 };
  NnStatus status = nn_layout_kept (self, kept_offsets, &kept_size);
  char *block;

  if (status != NN_OK)
    return status;
  self->gradient_offset = needs.activations;
  self->gradient_size = needs.gradient;
  self->layer_offset = nn_size_add (self->gradient_offset, nn_size_mul (2, needs.gradient));
  self->shard_offset = nn_size_add (self->layer_offset, needs.scratch);
  self->worker_stride = nn_size_add (self->shard_offset, needs.shard);

  kept = nn_plan_reserve (&plan, kept_size, sizeof (NnReal));
  parameters = nn_plan_reserve (&plan, training ? n_parameters : 0, sizeof (NnReal));
  folded = nn_plan_reserve (&plan, folds_any (self) ? n_parameters : 0, sizeof (NnReal));
  partials = nn_plan_reserve (&plan, needs.partials, sizeof (NnReal));
  prepared = nn_plan_reserve (&plan, needs.prepared, sizeof (NnReal));
  workers = nn_plan_reserve (&plan, nn_size_mul (nn_pool_workers (self->pool), self->worker_stride), sizeof (NnReal));
  for (size_t i = 0; i < self->n_layers; i++)
    {
      const NnLayer *layer = self->units[i].layer;
      const NnLayerType *type = nn_layer_type (layer->spec.kind);

      if (type->own_size != NULL)
        own_offsets[i] = nn_plan_reserve (&plan, type->own_size (layer, self->max_batch, training), sizeof (NnReal));
    }
  if (host != NULL && plan.size <= host->block_size)
    block = host->block;
  else
    {
      status = nn_plan_allocate (&plan, &self->own_block);
      if (status != NN_OK)
        return status;
      block = self->own_block;
    }
  self->block = block;
  self->block_size = plan.size;

  for (size_t i = 0; i <= self->n_layers; i++)
    {
      if (self->kept[i] != NULL)
        self->kept[i] = (NnReal *) (block + kept) + kept_offsets[i];
      if (self->gradients[i] != NULL)
        self->gradients[i] = (NnReal *) (block + kept) + kept_offsets[self->n_layers + 1 + i];
    }
  for (size_t i = 0; i < self->n_layers; i++)
    self->units[i].own = (NnReal *) (block + own_offsets[i]);
  self->parameter_gradients = (NnReal *) (block + parameters);
  self->folded_parameters = (NnReal *) (block + folded);
  self->partials = (NnReal *) (block + partials);
  self->prepared = (NnReal *) (block + prepared);
  self->workers = (NnReal *) (block + workers);
  return NN_OK;
}

/* In inference, dropout does nothing, and the dense layer or convolution before
 * a batch norm does its work: both then pass values on, as flatten does. */
static void
find_types (NnWorkspace *self, const NnNetwork *network)
{
  bool training = self->purpose == NN_TRAINING;

  for (size_t i = 0; i < self->n_layers; i++)
    {
      const NnLayer *layer = nn_network_layer (network, i);
      NnUnit *unit = &self->units[i];

      self->types[i] = nn_layer_type (layer->spec.kind);
      self->folded[i] = !training && i > 0 && layer->spec.kind == NN_BATCH_NORM
                        && self->units[i - 1].layer->n_weights > 0 && self->types[i - 1] != &nn_batch_norm_type;
      *unit = (NnUnit){
        .layer = layer,
        .kernels = self->kernels,
        .training = training,
        .slope_after = 1,
        .partial_size = training && self->types[i]->partial_size != NULL ? self->types[i]->partial_size (layer) : 0,
      };
      if (!training && layer->spec.kind == NN_DROPOUT)
        self->types[i] = &nn_flatten_type;
    }
}

/* A batch norm that is folded passes values on; any other does the ReLU behind it. */
static void
join_relus (NnWorkspace *self)
{
  for (size_t i = 0; i < self->n_layers; i++)
    if (self->folded[i])
      self->types[i] = &nn_flatten_type;
    else if (self->types[i] == &nn_batch_norm_type && i + 1 < self->n_layers
             && (self->types[i + 1] == &nn_relu_type || self->types[i + 1] == &nn_leaky_relu_type))
      {
        self->units[i].slope_after = self->types[i + 1] == &nn_relu_type ? 0 : (NnReal) self->units[i + 1].layer->spec.slope;
        self->units[i + 1].is_done_before = true;
      }
}

static NnStatus
plan_all (NnWorkspace *self, const NnNetwork *network, const NnWorkspace *host)
{
  size_t *offsets = calloc (3 * (self->n_layers + 1), sizeof *offsets);
  NnStatus status = NN_NO_MEMORY;

  self->units = calloc (self->n_layers, sizeof *self->units);
  self->types = calloc (self->n_layers, sizeof *self->types);
  self->folded = calloc (self->n_layers, sizeof *self->folded);
  self->sizes = calloc (self->n_layers + 1, sizeof *self->sizes);
  self->homes = calloc (self->n_layers + 1, sizeof *self->homes);
  self->kept = calloc (self->n_layers + 1, sizeof *self->kept);
  self->gradients = calloc (self->n_layers + 1, sizeof *self->gradients);
  if (offsets != NULL && self->units != NULL && self->types != NULL && self->folded != NULL && self->sizes != NULL
      && self->homes != NULL && self->kept != NULL && self->gradients != NULL)
    {
      find_types (self, network);
      join_relus (self);
      status = nn_route_plan (self);
    }
  for (size_t i = 0; i < self->n_layers && status == NN_OK; i++)
    self->units[i].is_first = self->homes[i] == self->homes[0];
  if (status == NN_OK)
    status = allocate (self, network, host, offsets, offsets + 2 * (self->n_layers + 1));
  free (offsets);
  return status;
}

static NnStatus
new_workspace (const NnNetwork   *network,
               size_t             max_batch,
               NnPurpose          purpose,
               NnPool            *pool,
               const NnKernels   *kernels,
               const NnWorkspace *host,
               NnWorkspace      **workspace)
{
  NnWorkspace *self;
  NnStatus status;

  if (max_batch == 0)
    return NN_BAD_ARGUMENT;

  self = calloc (1, sizeof *self);
  if (self == NULL)
    return NN_NO_MEMORY;
  self->purpose = purpose;
  self->pool = pool;
  self->kernels = kernels != NULL ? kernels : nn_kernels ();
  self->max_batch = max_batch;
  self->n_layers = nn_network_n_layers (network);
  status = plan_all (self, network, host);
  if (status != NN_OK)
    {
      nn_workspace_free (self);
      return status;
    }
  nn_workspace_set_key (self, 0);
  nn_workspace_refresh (self, network);
  *workspace = self;
  return NN_OK;
}

NnStatus
nn_workspace_new (const NnNetwork *network,
                  size_t           max_batch,
                  NnPurpose        purpose,
                  NnPool          *pool,
                  const NnKernels *kernels,
                  NnWorkspace    **workspace)
{
  return new_workspace (network, max_batch, purpose, pool, kernels, NULL, workspace);
}

NnStatus
nn_workspace_new_guest (const NnNetwork *network,
                        size_t           max_batch,
                        NnPurpose        purpose,
                        NnWorkspace     *host,
                        NnWorkspace    **workspace)
{
  return new_workspace (network, max_batch, purpose, host->pool, host->kernels, host, workspace);
}

static void
free_route (NnRoute *route)
{
  free (route->steps);
  free (route->offsets);
}

void
nn_workspace_free (NnWorkspace *workspace)
{
  if (workspace == NULL)
    return;

  free_route (&workspace->forth);
  free_route (&workspace->back);
  free (workspace->units);
  free (workspace->types);
  free (workspace->folded);
  free (workspace->sizes);
  free (workspace->homes);
  free (workspace->kept);
  free (workspace->gradients);
  nn_plan_free (workspace->own_block);
  free (workspace);
}

NnReal *
nn_workspace_input (NnWorkspace *workspace)
{
  return workspace->kept[0];
}

NnReal *
nn_workspace_output_gradient (NnWorkspace *workspace)
{
  return workspace->gradients[workspace->n_layers];
}

void
nn_workspace_set_key (NnWorkspace *workspace, uint64_t key)
{
  NnRng rng = nn_rng_new (key);

  for (size_t i = 0; i < workspace->n_layers; i++)
    workspace->units[i].key = (uint32_t) nn_rng_next (&rng);
}

void
nn_workspace_bind (NnWorkspace *self, const NnNetwork *network)
{
  const NnReal *parameters = nn_network_parameters_const (network);

  for (size_t i = 0; i < self->n_layers; i++)
    {
      NnUnit *unit = &self->units[i];
      bool has_copy = i + 1 < self->n_layers && self->folded[i + 1];
      const NnReal *source = has_copy ? self->folded_parameters : parameters;

      unit->weights = source + unit->layer->weights;
      unit->biases = source + unit->layer->biases;
      unit->statistics = nn_network_statistics_const (network) + unit->layer->statistics;
    }
}

void
nn_workspace_refresh (NnWorkspace *workspace, const NnNetwork *network)
{
  NnReal *prepared = workspace->prepared;

  if (workspace->purpose != NN_INFERENCE)
    return;

  if (folds_any (workspace))
    memcpy (workspace->folded_parameters, nn_network_parameters_const (network),
            nn_network_n_parameters (network) * sizeof (NnReal));
  nn_workspace_bind (workspace, network);
  for (size_t i = 0; i < workspace->n_layers; i++)
    {
      const NnLayerType *type = nn_layer_type (workspace->units[i].layer->spec.kind);

      if (workspace->folded[i])
        {
          const NnLayer *before = workspace->units[i - 1].layer;

          type->prepare_forward (&workspace->units[i], workspace->pool);
          nn_batch_norm_fold (&workspace->units[i], before->n_weights,
                              workspace->folded_parameters + before->weights, workspace->folded_parameters + before->biases);
        }
    }
  for (size_t i = 0; i < workspace->n_layers; i++)
    {
      NnUnit *unit = &workspace->units[i];

      unit->prepared = prepared;
      if (workspace->types[i]->prepared_size != NULL)
        prepared += nn_padded (workspace->types[i]->prepared_size (unit->layer, false));
      if (workspace->types[i]->prepare_forward != NULL)
        workspace->types[i]->prepare_forward (unit, workspace->pool);
    }
}
