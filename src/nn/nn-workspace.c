/* SPDX-License-Identifier: MIT */

/* The memory of a network that runs: all of it in one block, laid out once. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "nn-plan.h"
#include "nn-workspace-private.h"

/* An array that is in use from the beginning of step @birth to the end of step
 * @death; steps count on from the way forth to the way back. */
typedef struct
{
  size_t size;
  size_t birth, death;
  bool is_placed;
  size_t offset;
} Span;

static bool
meet (const Span *a, const Span *b)
{
  return a->is_placed && a->birth <= b->death && b->birth <= a->death
         && a->offset < nn_size_add (b->offset, b->size) && b->offset < nn_size_add (a->offset, a->size);
}

/* Puts @span at the front, or right behind one of the placed ones: as far in
 * front as it meets none that is in use at the same time. */
static void
place_span (const Span *spans, size_t n, Span *span)
{
  size_t best = SIZE_MAX;

  for (size_t candidate = 0; candidate <= n; candidate++)
    {
      bool is_free = candidate == n || spans[candidate].is_placed;

      span->offset = candidate == n ? 0 : nn_size_add (spans[candidate].offset, spans[candidate].size);
      for (size_t i = 0; is_free && i < n; i++)
        is_free = !meet (&spans[i], span);
      if (is_free)
        best = nn_smaller (best, span->offset);
    }
  span->offset = best;
  span->is_placed = true;
}

static bool
uses_activation (const NnWorkspace *self, const NnStep *step, size_t home)
{
  for (size_t i = nn_route_start (self, step); i <= step->top; i++)
    if (self->homes[i] == home)
      return true;
  return step->measure != NN_NONE && self->homes[step->measure] == home;
}

/* The caller writes the input before the first step and reads the output after
 * the way forth. */
static Span
activation_span (const NnWorkspace *self, size_t home)
{
  Span span = { nn_padded (nn_size_mul (self->max_batch, self->sizes[home])), SIZE_MAX, 0, false, 0 };

  for (size_t s = 0; s < self->forth.n_steps + self->back.n_steps; s++)
    {
      bool forth = s < self->forth.n_steps;
      const NnStep *step = forth ? &self->forth.steps[s] : &self->back.steps[s - self->forth.n_steps];

      if (!uses_activation (self, step, home))
        continue;
      span.birth = nn_smaller (span.birth, s);
      span.death = s;
    }
  if (home == self->homes[0])
    span.birth = 0;
  if (home == self->homes[self->n_layers])
    span.death = nn_larger (span.death, self->forth.n_steps);
  return span;
}

/* The caller writes the output's gradient between the two ways. */
static Span
gradient_span (const NnWorkspace *self, size_t home)
{
  Span span = { nn_padded (nn_size_mul (self->max_batch, self->sizes[home])), SIZE_MAX, self->forth.n_steps, false, 0 };

  for (size_t s = 0; s < self->back.n_steps; s++)
    {
      const NnStep *step = &self->back.steps[s];

      if (self->homes[step->top] != home && (step->store == NN_NONE || self->homes[step->store] != home))
        continue;
      span.birth = nn_smaller (span.birth, self->forth.n_steps + s);
      span.death = self->forth.n_steps + s;
    }
  if (home == self->homes[self->n_layers])
    span.birth = self->forth.n_steps;
  return span;
}

/* Where a step writes a gradient down and reads for the last time an activation
 * of the same size, namely the output of the layer whose input's gradient it is,
 * the one takes the place of the other: a layer has read a sample's activation
 * before it writes that sample's gradient. Returns that activation's home. */
static size_t
find_heir (const NnWorkspace *self, size_t home, const Span *gradient)
{
  for (size_t s = 0; s < self->back.n_steps; s++)
    {
      const NnStep *step = &self->back.steps[s];
      size_t from = step->store == NN_NONE ? NN_NONE : self->homes[step->store];

      if (step->whole_batch || from != home || gradient->birth != self->forth.n_steps + s)
        continue;
      for (size_t i = step->store + 1; i <= step->top; i++)
        if (self->kept[i] != NULL && self->homes[i] != home && self->sizes[i] == self->sizes[home]
            && !self->types[self->homes[i] - 1]->reads_output
            && activation_span (self, self->homes[i]).death == gradient->birth)
          return self->homes[i];
    }
  return NN_NONE;
}

static void
extend_span (Span *span, const Span *by)
{
  span->birth = nn_smaller (span->birth, by->birth);
  span->death = nn_larger (span->death, by->death);
}

static size_t
find_unplaced (const Span *spans, size_t n)
{
  size_t largest = NN_NONE;

  for (size_t i = 0; i < n; i++)
    if (spans[i].size > 0 && !spans[i].is_placed && (largest == NN_NONE || spans[i].size > spans[largest].size))
      largest = i;
  return largest;
}

/* Lays out the kept activations and gradients, the largest first, and returns the
 * size of it all. offsets[i] is that of activation i, offsets[n_layers + 1 + i]
 * of its gradient. */
static NnStatus
place_kept (const NnWorkspace *self, size_t *offsets, size_t *size)
{
  size_t n = self->n_layers + 1;
  Span *spans = calloc (2 * n, sizeof *spans);        /* those of activations, then of gradients */
  size_t *heirs = calloc (2 * n, sizeof *heirs);      /* whose span it is */
  NnStatus status = spans != NULL && heirs != NULL ? NN_OK : NN_NO_MEMORY;

  for (size_t i = 0; i < 2 * n && status == NN_OK; i++)
    {
      bool is_gradient = i >= n;
      size_t home = self->homes[i % n], heir = NN_NONE;

      heirs[i] = home + (is_gradient ? n : 0);
      if ((is_gradient ? self->gradients : self->kept)[i % n] == NULL || heirs[i] < i)
        continue;
      spans[i] = is_gradient ? gradient_span (self, home) : activation_span (self, home);
      if (is_gradient)
        heir = find_heir (self, home, &spans[i]);
      if (heir != NN_NONE)
        {
          extend_span (&spans[heir], &spans[i]);
          spans[i] = (Span){ 0 };
          heirs[i] = heir;
        }
    }

  *size = 0;
  for (size_t i; status == NN_OK && (i = find_unplaced (spans, 2 * n)) != NN_NONE;)
    {
      place_span (spans, 2 * n, &spans[i]);
      *size = nn_larger (*size, nn_size_add (spans[i].offset, spans[i].size));
    }
  for (size_t i = 0; i < 2 * n && status == NN_OK; i++)
    offsets[i] = spans[heirs[heirs[i]]].offset;
  free (spans);
  free (heirs);
  return status;
}

/* Lays out what a step's slice does not find among the kept activations and
 * returns the size. On the way forth each activation is only needed for the next
 * one, and two places are used by turns. */
static size_t
place_slice (const NnWorkspace *self, NnStep *step, bool forth)
{
  size_t largest = 0, end = 0, turn = 0;

  for (size_t i = nn_route_start (self, step); i <= step->top; i++)
    if (self->kept[i] == NULL)
      largest = nn_larger (largest, nn_padded (nn_size_mul (step->slice, self->sizes[i])));
  for (size_t i = nn_route_start (self, step); i <= step->top; i++)
    {
      if (self->kept[i] != NULL)
        continue;
      if (self->homes[i] < i)
        {
          step->offsets[i] = step->offsets[self->homes[i]];
          continue;
        }
      step->offsets[i] = forth ? turn * largest : end;
      turn ^= 1;
      end = nn_size_add (end, nn_padded (nn_size_mul (step->slice, self->sizes[i])));
    }
  return forth ? nn_size_mul (2, largest) : end;
}

/* The largest needs of any step, in numbers. */
typedef struct
{
  size_t activations; /* of a worker: of a slice */
  size_t gradient;
  size_t scratch;
  size_t shard;
  size_t partials; /* of all shards */
  size_t prepared;
} Needs;

static void
add_needs (NnWorkspace *self, NnRoute *route, Needs *needs)
{
  for (size_t s = 0; s < route->n_steps; s++)
    {
      NnStep *step = &route->steps[s];
      size_t shard = 0, partials = 0, prepared = 0;

      needs->activations = nn_larger (needs->activations, place_slice (self, step, route == &self->forth));
      for (size_t i = 0; i < self->n_layers; i++)
        if (i == step->measure || (i >= step->bottom && i < step->top))
          {
            const NnUnit *unit = &self->units[i];

            if (self->types[i]->shard_size != NULL)
              shard = nn_size_add (shard, nn_padded (self->types[i]->shard_size (unit->layer)));
            if (self->types[i]->prepared_size != NULL)
              prepared = nn_size_add (prepared, nn_padded (self->types[i]->prepared_size (unit->layer, true)));
            partials = nn_size_add (partials, nn_size_mul (NN_SHARDS, unit->partial_size));
          }
      for (size_t i = step->bottom; i <= step->top; i++)
        needs->gradient = nn_larger (needs->gradient, nn_padded (nn_size_mul (step->slice, self->sizes[i])));
      needs->shard = nn_larger (needs->shard, shard);
      needs->partials = nn_larger (needs->partials, partials);
      needs->prepared = nn_larger (needs->prepared, prepared);
    }
}

static Needs
find_needs (NnWorkspace *self)
{
  bool training = self->purpose == NN_TRAINING;
  Needs needs = { 0 };

  add_needs (self, &self->forth, &needs);
  add_needs (self, &self->back, &needs);
  for (size_t i = 0; i < self->n_layers; i++)
    if (self->types[i]->scratch_size != NULL)
      needs.scratch = nn_larger (needs.scratch, nn_padded (self->types[i]->scratch_size (self->units[i].layer, training)));
  if (training)
    return needs;

  /* In inference, all layers are prepared once for all steps. */
  needs.gradient = needs.shard = needs.partials = needs.prepared = 0;
  for (size_t i = 0; i < self->n_layers; i++)
    if (self->types[i]->prepared_size != NULL)
      needs.prepared = nn_size_add (needs.prepared, nn_padded (self->types[i]->prepared_size (self->units[i].layer, false)));
  return needs;
}

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
  Needs needs = find_needs (self);
  size_t kept_size, kept, parameters, folded, partials, prepared, workers;
  NnPlan plan = { 0 };
  NnStatus status = place_kept (self, kept_offsets, &kept_size);
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
        .partial_size = training && self->types[i]->partial_size != NULL ? self->types[i]->partial_size (layer) : 0,
      };
      if (!training && layer->spec.kind == NN_DROPOUT)
        self->types[i] = &nn_flatten_type;
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
      for (size_t i = 0; i < self->n_layers; i++)
        if (self->folded[i])
          self->types[i] = &nn_flatten_type;
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
  free (workspace->own_block);
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
