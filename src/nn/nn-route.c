/* SPDX-License-Identifier: MIT */

/* Which layers run together, and what is kept; see nn-workspace-private.h. */

#include <stdint.h>
#include <stdlib.h>

#include "nn-plan.h"
#include "nn-workspace-private.h"

/* A convolution that takes no more operations per output than this is done again
 * rather than kept: reading the output back takes about as long. */
#define CHEAP_FLOPS 64

/* As many samples go through a step at a time as have about this many values at
 * its widest place: several such arrays then fit in a second-level cache. */
#define SLICE_VALUES ((size_t) 3 << 15)
#define MAX_SLICE 16

static NnReal to_be_kept;

static bool
is_dear (const NnWorkspace *self, size_t i)
{
  const NnLayerType *type = self->types[i];
  const NnLayer *layer = self->units[i].layer;

  if (type->flops == NULL)
    return false;
  /* What a Winograd convolution prepared for the way back cannot run forth. */
  return type->flops (layer) > CHEAP_FLOPS * (double) self->sizes[i + 1]
         || (type->shard_size != NULL && type->shard_size (layer) > 0);
}

/* Marks activation @i, and all that lie in the same memory. */
static void
keep (NnWorkspace *self, NnReal **array, size_t i)
{
  for (size_t j = 0; j <= self->n_layers; j++)
    if (self->homes[j] == self->homes[i])
      array[j] = &to_be_kept;
}

static void
find_kept (NnWorkspace *self)
{
  keep (self, self->kept, 0);
  keep (self, self->kept, self->n_layers);
  for (size_t i = 0; i < self->n_layers; i++)
    {
      bool whole_batch = self->types[i]->forward_batch != NULL;

      if (whole_batch)
        keep (self, self->kept, i);
      if (whole_batch || (self->purpose == NN_TRAINING && is_dear (self, i)))
        keep (self, self->kept, i + 1);
    }
}

static bool
measures (const NnWorkspace *self, size_t i)
{
  return self->purpose == NN_TRAINING && i < self->n_layers && self->types[i]->measure != NULL;
}

size_t
nn_route_kept_below (const NnWorkspace *self, size_t i)
{
  while (self->kept[i] == NULL)
    i--;
  return i;
}

size_t
nn_route_start (const NnWorkspace *self, const NnStep *step)
{
  return nn_route_kept_below (self, nn_smaller (step->bottom, step->measure));
}

/* Returns how many samples go through a step at a time whose widest place is
 * among the activations from @start to @top. */
static size_t
find_slice (const NnWorkspace *self, size_t start, size_t top)
{
  size_t largest = 1;

  for (size_t i = start; i <= top; i++)
    largest = nn_larger (largest, self->sizes[i]);
  return nn_larger (1, nn_smaller (SLICE_VALUES / largest, MAX_SLICE));
}

static void
add_step (NnWorkspace *self, NnRoute *route, NnStep step)
{
  step.slice = find_slice (self, nn_route_start (self, &step), step.top);
  step.offsets = route->offsets + route->n_steps * (self->n_layers + 1);
  route->steps[route->n_steps++] = step;
}

static void
plan_forth (NnWorkspace *self)
{
  size_t from = 0; /* a kept activation */

  for (size_t i = 0; i <= self->n_layers; i++)
    {
      bool whole_batch = i < self->n_layers && self->types[i]->forward_batch != NULL;
      bool norm = measures (self, i);

      if (i < self->n_layers && !whole_batch && !norm)
        continue;
      if (i > from || norm)
        add_step (self, &self->forth, (NnStep){ .bottom = from, .top = i, .measure = norm ? i : NN_NONE });
      if (whole_batch)
        add_step (self, &self->forth, (NnStep){ .whole_batch = true, .bottom = i, .top = i + 1, .measure = NN_NONE });
      from = whole_batch ? i + 1 : nn_route_kept_below (self, i);
    }
}

/* A layer whose gradient is made while samples go through it. A batch norm's is
 * made when it has measured. */
static bool
trains_by_slices (const NnWorkspace *self, size_t i)
{
  return self->types[i]->backward != NULL && self->types[i]->measure == NULL && self->units[i].layer->n_weights > 0;
}

/* Returns the first layer from bottom … top − 1 that trains by slices, or top. */
static size_t
first_trained (const NnWorkspace *self, size_t bottom, size_t top)
{
  while (bottom < top && !trains_by_slices (self, bottom))
    bottom++;
  return bottom;
}

/* Plans the way back through the layers bottom … top − 1, none of which runs on
 * whole batches, from the gradient of activation @top; if @below, to that of
 * activation @bottom. */
static void
plan_back_run (NnWorkspace *self, size_t bottom, size_t top, bool below)
{
  for (size_t norm = top; norm-- > bottom;)
    if (measures (self, norm))
      {
        /* What comes after starts again below the layers that have summed up
         * their gradients by then. */
        size_t trained = first_trained (self, norm + 1, top);
        bool again = trained == top;

        add_step (self, &self->back, (NnStep){ .bottom = norm + 1, .top = top, .measure = norm,
                                               .store = again ? NN_NONE : trained, .keep_top = again });
        top = trained;
      }
  if (below)
    add_step (self, &self->back, (NnStep){ .bottom = bottom, .top = top, .measure = NN_NONE, .store = bottom });
  else if (first_trained (self, bottom, top) < top)
    add_step (self, &self->back, (NnStep){ .bottom = first_trained (self, bottom, top), .top = top,
                                           .measure = NN_NONE, .store = NN_NONE });
}

static void
plan_back (NnWorkspace *self)
{
  size_t lowest = 0;

  while (lowest < self->n_layers && self->units[lowest].layer->n_weights == 0)
    lowest++;
  for (size_t top = self->n_layers, bottom; top > lowest; top = bottom)
    {
      bottom = top - 1;
      if (self->types[bottom]->backward_batch != NULL)
        {
          add_step (self, &self->back, (NnStep){ .whole_batch = true, .bottom = bottom, .top = top, .measure = NN_NONE,
                                                 .store = bottom > lowest ? bottom : NN_NONE });
          continue;
        }
      while (bottom > 0 && self->types[bottom - 1]->backward_batch == NULL)
        bottom--;
      plan_back_run (self, bottom, top, bottom > lowest);
    }

  keep (self, self->gradients, self->n_layers);
  for (size_t i = 0; i < self->back.n_steps; i++)
    if (self->back.steps[i].store != NN_NONE)
      keep (self, self->gradients, self->back.steps[i].store);
}

static NnStatus
allocate_route (const NnWorkspace *self, NnRoute *route)
{
  size_t most = 2 * self->n_layers + 1; /* at every layer two, and one in the end */

  route->steps = calloc (most, sizeof *route->steps);
  route->offsets = calloc (nn_size_mul (most, self->n_layers + 1), sizeof *route->offsets);
  return route->steps != NULL && route->offsets != NULL ? NN_OK : NN_NO_MEMORY;
}

/* A layer that works in place does it in the memory of its input, unless a layer
 * before it will want to read there what it had written. */
static void
find_homes (NnWorkspace *self)
{
  bool is_read = false;

  for (size_t i = 0; i < self->n_layers; i++)
    {
      const NnLayerType *type = self->types[i];
      bool shares = type->in_place && (!is_read || type == &nn_flatten_type);

      self->sizes[i] = nn_shape_size (self->units[i].layer->input);
      self->homes[i + 1] = shares ? self->homes[i] : i + 1;
      is_read = self->purpose == NN_TRAINING && ((shares && is_read) || type->reads_output);
    }
  self->sizes[self->n_layers] = nn_shape_size (self->units[self->n_layers - 1].layer->output);
}

NnStatus
nn_route_plan (NnWorkspace *self)
{
  NnStatus status = allocate_route (self, &self->forth);

  if (status == NN_OK)
    status = allocate_route (self, &self->back);
  if (status != NN_OK)
    return status;

  find_homes (self);
  find_kept (self);
  plan_forth (self);
  if (self->purpose == NN_TRAINING)
    plan_back (self);
  return NN_OK;
}
