/* SPDX-License-Identifier: MIT */

/* Where the arrays of a workspace lie: for how long each is in use, which can
 * take each other's place, and how much a slice needs. */

#include <stdint.h>
#include <stdlib.h>

#include "nn-plan.h"
#include "nn-workspace-private.h"

static bool
uses_activation (const NnWorkspace *self, const NnStep *step, size_t home)
{
  for (size_t i = nn_route_start (self, step); i <= step->top; i++)
    if (self->homes[i] == home)
      return true;
  return false;
}

/* The caller writes the input before the first step and reads the output after
 * the way forth. */
static NnSpan
activation_span (const NnWorkspace *self, size_t home)
{
  NnSpan span = { nn_padded (nn_size_mul (self->max_batch, self->sizes[home])), SIZE_MAX, 0, false, 0 };

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
static NnSpan
gradient_span (const NnWorkspace *self, size_t home)
{
  NnSpan span = { nn_padded (nn_size_mul (self->max_batch, self->sizes[home])), SIZE_MAX, self->forth.n_steps, false, 0 };

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
find_replaced (const NnWorkspace *self, size_t home, const NnSpan *gradient)
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
extend_span (NnSpan *span, const NnSpan *by)
{
  span->birth = nn_smaller (span->birth, by->birth);
  span->death = nn_larger (span->death, by->death);
}

NnStatus
nn_layout_kept (const NnWorkspace *self, size_t *offsets, size_t *size)
{
  size_t n = self->n_layers + 1;
  NnSpan *spans = calloc (2 * n, sizeof *spans);   /* those of activations, then of gradients */
  size_t *owners = calloc (2 * n, sizeof *owners); /* of the span that each lies in */
  NnStatus status = spans != NULL && owners != NULL ? NN_OK : NN_NO_MEMORY;

  for (size_t i = 0; i < 2 * n && status == NN_OK; i++)
    {
      bool is_gradient = i >= n;
      size_t home = self->homes[i % n], replaced = NN_NONE;

      owners[i] = i;
      if ((is_gradient ? self->gradients : self->kept)[i % n] == NULL)
        continue;
      if (home < i % n)
        {
          owners[i] = owners[home + (is_gradient ? n : 0)];
          continue;
        }
      spans[i] = is_gradient ? gradient_span (self, home) : activation_span (self, home);
      if (is_gradient)
        replaced = find_replaced (self, home, &spans[i]);
      if (replaced != NN_NONE)
        {
          extend_span (&spans[replaced], &spans[i]);
          spans[i] = (NnSpan){ 0 };
          owners[i] = replaced;
        }
    }

  *size = status == NN_OK ? nn_plan_place (spans, 2 * n) : 0;
  for (size_t i = 0; i < 2 * n && status == NN_OK; i++)
    offsets[i] = spans[owners[i]].offset;
  free (spans);
  free (owners);
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

static void
add_needs (NnWorkspace *self, NnRoute *route, NnNeeds *needs)
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

NnNeeds
nn_layout_needs (NnWorkspace *self)
{
  bool training = self->purpose == NN_TRAINING;
  NnNeeds needs = { 0 };

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
