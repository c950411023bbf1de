/* SPDX-License-Identifier: MIT */

/* The ways forth and back through a network, step by step; see
 * nn-workspace-private.h for what a step is. */

#include <math.h>
#include <string.h>

#include "nn-workspace-private.h"

/* A step of layers in place that only touches so many numbers is not worth waking
 * the threads. */
#define SMALL_STEP 32768

typedef struct
{
  NnWorkspace *workspace;
  const NnStep *step;
  size_t batch;
  size_t n_parts;
} Job;

/* Some samples of the batch on a worker's way through a step. */
typedef struct
{
  NnWorkspace *workspace;
  const NnStep *step;
  NnReal *memory; /* the worker's own */
  size_t first;
  size_t count;
  size_t shard;
} Slice;

static NnReal *
activation (const Slice *slice, size_t i)
{
  const NnWorkspace *self = slice->workspace;

  if (self->kept[i] != NULL)
    return self->kept[i] + slice->first * self->sizes[i];
  return slice->memory + slice->step->offsets[i];
}

/* What layer @i reads and writes; it adds to the sums at @shard_memory. */
static NnSlice
layer_slice (const Slice *slice, size_t i, NnReal *shard_memory)
{
  NnWorkspace *self = slice->workspace;

  return (NnSlice){
    .first = slice->first,
    .count = slice->count,
    .shard = slice->shard,
    .input = activation (slice, i),
    .output = i < slice->step->top ? activation (slice, i + 1) : NULL,
    .scratch = slice->memory + self->layer_offset,
    .shard_memory = shard_memory,
  };
}

/* Runs the layers of the step whose outputs are not there yet. On the way forth
 * these are all, on the way back those that were not kept. */
static void
run_forth (const Slice *slice, bool again)
{
  NnWorkspace *self = slice->workspace;

  for (size_t i = nn_route_start (self, slice->step); i < slice->step->top; i++)
    if ((!again || self->kept[i + 1] == NULL) && !self->units[i].is_done_before)
      {
        NnSlice layer = layer_slice (slice, i, NULL);

        if (self->types[i]->in_place && layer.output != layer.input)
          memcpy (layer.output, layer.input, slice->count * self->sizes[i] * sizeof (NnReal));
        self->types[i]->forward (&self->units[i], &layer);
      }
}

static void
forward_slice (const Slice *slice)
{
  NnWorkspace *self = slice->workspace;

  run_forth (slice, false);
  if (slice->step->measure != NN_NONE)
    {
      NnSlice layer = layer_slice (slice, slice->step->measure, NULL);

      self->types[slice->step->measure]->measure (&self->units[slice->step->measure], &layer);
    }
}

/* Returns where layer @i of the step keeps its sums for the shard. */
static NnReal *
shard_memory_of (const Slice *slice, size_t i)
{
  NnReal *memory = slice->memory + slice->workspace->shard_offset;

  for (size_t j = slice->step->bottom; j < i; j++)
    if (slice->workspace->types[j]->shard_size != NULL)
      memory += nn_padded (slice->workspace->types[j]->shard_size (slice->workspace->units[j].layer));
  return memory;
}

/* Returns where layer @i leaves the gradient of its input, whose output's is
 * @gradient: in the same memory, if the layer works in place and nobody wants the
 * output's gradient again (@is_kept); where the step writes it down; or in the
 * one of the worker's two places where the output's is not. */
static NnReal *
next_gradient (const Slice *slice, size_t i, NnReal *gradient, bool is_kept)
{
  const NnWorkspace *self = slice->workspace;
  NnReal *places = slice->memory + self->gradient_offset;
  bool in_place = self->homes[i] == self->homes[i + 1];

  if (in_place && !is_kept)
    return gradient;
  if (!in_place && slice->step->store != NN_NONE && self->homes[slice->step->store] == self->homes[i])
    return self->gradients[slice->step->store] + slice->first * self->sizes[i];
  return gradient == places ? places + self->gradient_size : places;
}

static void
backward_slice (const Slice *slice)
{
  NnWorkspace *self = slice->workspace;
  const NnStep *step = slice->step;
  NnReal *gradient = self->gradients[step->top] + slice->first * self->sizes[step->top];
  bool is_kept = step->keep_top;

  run_forth (slice, true);
  for (size_t i = step->top; i-- > step->bottom;)
    {
      NnSlice layer = layer_slice (slice, i, shard_memory_of (slice, i));

      layer.output_gradient = gradient;
      gradient = next_gradient (slice, i, gradient, is_kept);
      if (self->types[i]->in_place && layer.output_gradient != gradient)
        {
          memcpy (gradient, layer.output_gradient, slice->count * self->sizes[i] * sizeof (NnReal));
          layer.output_gradient = gradient;
        }
      layer.input_gradient = i == step->bottom && step->store == NN_NONE && step->measure == NN_NONE ? NULL : gradient;
      self->types[i]->backward (&self->units[i], &layer);
      is_kept = i == step->store; /* a later step starts from it */
    }
  if (step->measure != NN_NONE)
    {
      NnSlice layer = layer_slice (slice, step->measure, NULL);

      layer.output_gradient = gradient;
      self->types[step->measure]->measure_gradient (&self->units[step->measure], &layer);
    }
}

/* An empty slice at the beginning of part number @part of the batch. */
static Slice
begin_part (const Job *job, size_t part, size_t worker)
{
  return (Slice){
    .workspace = job->workspace,
    .step = job->step,
    .memory = job->workspace->workers + worker * job->workspace->worker_stride,
    .shard = part,
  };
}

/* Takes a part of the batch through the step, slice by slice. */
static void
run_part (const Job *job, Slice *slice, void (*run) (const Slice *slice))
{
  size_t begin = job->batch * slice->shard / job->n_parts, end = job->batch * (slice->shard + 1) / job->n_parts;
  size_t n_slices = (end - begin + job->step->slice - 1) / job->step->slice;

  for (size_t i = 0; i < n_slices; i++)
    {
      slice->first = begin + (end - begin) * i / n_slices;
      slice->count = begin + (end - begin) * (i + 1) / n_slices - slice->first;
      run (slice);
    }
}

static void
clear_partial (const NnUnit *unit, size_t shard)
{
  memset (unit->partial + shard * unit->partial_size, 0, unit->partial_size * sizeof (NnReal));
}

static void
forward_part (void *data, size_t part, size_t worker)
{
  const Job *job = data;
  Slice slice = begin_part (job, part, worker);

  if (job->step->measure != NN_NONE)
    clear_partial (&job->workspace->units[job->step->measure], part);
  run_part (job, &slice, forward_slice);
}

static void
backward_part (void *data, size_t part, size_t worker)
{
  const Job *job = data;
  NnWorkspace *self = job->workspace;
  const NnStep *step = job->step;
  Slice slice = begin_part (job, part, worker);
  NnReal *sums = shard_memory_of (&slice, step->bottom);

  memset (sums, 0, (size_t) (shard_memory_of (&slice, step->top) - sums) * sizeof (NnReal));
  for (size_t i = step->bottom; i < step->top; i++)
    clear_partial (&self->units[i], part);
  if (step->measure != NN_NONE)
    clear_partial (&self->units[step->measure], part);

  run_part (job, &slice, backward_slice);
  for (size_t i = step->bottom; i < step->top; i++)
    if (self->types[i]->finish_shard != NULL)
      {
        NnSlice layer = { .shard = part, .shard_memory = shard_memory_of (&slice, i) };

        self->types[i]->finish_shard (&self->units[i], &layer);
      }
}

/* Runs all layers of a step for inference over the whole batch, with all threads
 * at one layer after the other. */
static void
forward_together (NnWorkspace *self, const NnStep *step, size_t batch)
{
  const Slice slice = { .workspace = self, .step = step, .memory = self->workers, .count = batch };

  for (size_t i = step->bottom; i < step->top; i++)
    {
      const NnSlice layer = layer_slice (&slice, i, NULL);

      if (self->units[i].is_done_before)
        continue;
      if (self->types[i]->forward_together != NULL)
        self->types[i]->forward_together (&self->units[i], &layer, self->pool);
      else
        self->types[i]->forward (&self->units[i], &layer);
    }
}

/* Gives the layers of a training @step their parts of the memory that all steps
 * use, and lets them prepare. */
static void
prepare_step (NnWorkspace *self, const NnStep *step, bool forth)
{
  NnReal *partial = self->partials, *prepared = self->prepared;

  for (size_t i = nn_route_start (self, step); i < self->n_layers; i++)
    if (i == step->measure || (i >= step->bottom && i < step->top))
      {
        NnUnit *unit = &self->units[i];
        void (*prepare) (const NnUnit *, NnPool *) = forth ? self->types[i]->prepare_forward : self->types[i]->prepare_backward;

        unit->partial = partial;
        unit->prepared = prepared;
        partial += NN_SHARDS * unit->partial_size;
        if (self->types[i]->prepared_size != NULL)
          prepared += nn_padded (self->types[i]->prepared_size (unit->layer, true));
        if (prepare != NULL)
          prepare (unit, self->pool);
      }
}

static void
run_parts (NnWorkspace *self, const NnStep *step, size_t batch, NnTask task)
{
  Job job = { self, step, batch, self->purpose == NN_TRAINING ? NN_SHARDS : (batch + step->slice - 1) / step->slice };
  bool is_small = batch * self->sizes[step->top] <= SMALL_STEP && self->homes[step->bottom] == self->homes[step->top];

  nn_pool_run (is_small ? NULL : self->pool, task, &job, job.n_parts);
}

/* The only slice of a layer that runs on the whole batch. */
static NnSlice
whole_batch (const NnWorkspace *self, size_t i, size_t batch)
{
  return (NnSlice){
    .count = batch,
    .input = self->kept[i],
    .output = self->kept[i + 1],
    .output_gradient = self->gradients[i + 1],
    .scratch = self->workers + self->layer_offset,
    .worker_stride = self->worker_stride,
  };
}

const NnReal *
nn_forward (const NnNetwork *network, NnWorkspace *workspace, size_t batch)
{
  nn_workspace_bind (workspace, network);
  for (size_t s = 0; s < workspace->forth.n_steps; s++)
    {
      const NnStep *step = &workspace->forth.steps[s];
      const NnUnit *unit = &workspace->units[step->bottom];

      if (step->whole_batch)
        {
          NnSlice slice = whole_batch (workspace, step->bottom, batch);

          workspace->types[step->bottom]->forward_batch (unit, &slice, workspace->pool);
          continue;
        }
      if (workspace->purpose == NN_TRAINING)
        prepare_step (workspace, step, true);
      if (workspace->purpose == NN_INFERENCE && batch <= step->slice && nn_pool_workers (workspace->pool) > 1)
        forward_together (workspace, step, batch);
      else
        run_parts (workspace, step, batch, forward_part);
      if (step->measure != NN_NONE)
        workspace->types[step->measure]->settle (&workspace->units[step->measure], batch);
    }
  return workspace->kept[workspace->n_layers];
}

static void
run_back (NnWorkspace *self, size_t batch, const NnDescent *descent)
{
  for (size_t s = 0; s < self->back.n_steps; s++)
    {
      const NnStep *step = &self->back.steps[s];

      if (step->whole_batch)
        {
          NnSlice slice = whole_batch (self, step->bottom, batch);

          slice.input_gradient = step->store != NN_NONE ? self->gradients[step->store] : NULL;
          self->types[step->bottom]->backward_batch (&self->units[step->bottom], &slice, descent, self->pool);
          continue;
        }
      prepare_step (self, step, false);
      run_parts (self, step, batch, backward_part);
      for (size_t i = step->bottom; i < step->top; i++)
        if (self->types[i]->finish_shard != NULL)
          nn_collect_shards (&self->units[i], descent, self->pool);
      if (step->measure != NN_NONE)
        self->types[step->measure]->settle_gradient (&self->units[step->measure], batch, descent);
    }
}

const NnReal *
nn_backward (const NnNetwork *network, NnWorkspace *workspace, size_t batch)
{
  const NnDescent descent = { .gradients = workspace->parameter_gradients };

  nn_workspace_bind (workspace, network);
  run_back (workspace, batch, &descent);
  return workspace->parameter_gradients;
}

void
nn_backward_step (NnNetwork *network, NnWorkspace *workspace, size_t batch, NnOptimizer *optimizer)
{
  const NnDescent descent = { .parameters = nn_network_parameters (network), .optimizer = optimizer };

  nn_workspace_bind (workspace, network);
  run_back (workspace, batch, &descent);
}

double
nn_clip_gradients (const NnNetwork *network, NnWorkspace *workspace, double max_norm)
{
  NnReal *gradients = workspace->parameter_gradients;
  size_t n = nn_network_n_parameters (network);
  double sum = 0, norm;

  for (size_t i = 0; i < n; i++)
    sum += (double) gradients[i] * (double) gradients[i];
  norm = sqrt (sum);
  if (norm > max_norm)
    for (size_t i = 0; i < n; i++)
      gradients[i] *= (NnReal) (max_norm / norm);
  return norm;
}

void
nn_apply_gradients (NnNetwork *network, NnWorkspace *workspace, NnOptimizer *optimizer)
{
  const NnDescent descent = { .parameters = nn_network_parameters (network), .optimizer = optimizer };

  for (size_t i = 0; i < workspace->n_layers; i++)
    {
      const NnLayer *layer = workspace->units[i].layer;
      bool decay = layer->spec.kind != NN_BATCH_NORM;

      nn_descend (&descent, layer->weights, layer->n_weights, workspace->parameter_gradients + layer->weights, decay);
      nn_descend (&descent, layer->biases, layer->n_biases, workspace->parameter_gradients + layer->biases, false);
    }
}

void
nn_update_statistics (NnNetwork *network, const NnWorkspace *workspace)
{
  for (size_t i = 0; i < workspace->n_layers; i++)
    if (workspace->types[i] == &nn_batch_norm_type)
      nn_batch_norm_track (&workspace->units[i], nn_network_statistics (network) + workspace->units[i].layer->statistics);
}
