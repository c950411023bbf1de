/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "nn-layer-private.h"
#include "nn-network.h"

/* No layer, step or activation. It is the largest number, so that the smaller of
 * it and another is the other. */
#define NN_NONE SIZE_MAX

/* A pass through a network is a list of steps. A layer that runs on whole
 * batches (dense) is a step by itself. What lies between is done for a few
 * samples at a time: they go through all layers of a step while they are in the
 * cache, and only what a later step needs is written down for the whole batch.
 *
 * Activation i is the input of layer i and the output of layer i − 1. Few are
 * kept: those that are dear to compute. The way back computes the others once
 * more from the nearest kept one ("checkpointing": Chen, Xu, Zhang and Guestrin,
 * arXiv:1604.06174), which costs less than to write and read them.
 *
 * The layers convolution 0, batch norm 1, ReLU 2, convolution 3, flatten 4 and
 * dense 5, of which the second convolution and the dense layer are dear, go
 *
 *   forth  { bottom 0, top 1, measure 1 }          0 for all, so that 1 knows its mean
 *          { bottom 0, top 5 }                     0 again, 1 to 4; keeps activations 4 and 5
 *          { whole_batch, bottom 5 }
 *   back   { whole_batch, bottom 5, store 5 }
 *          { bottom 2, top 5, measure 1, store 3 }  3 trains; what comes out of 2 is measured
 *          { bottom 0, top 3 }                     from the gradient that was stored, 0 trains */
typedef struct
{
  bool whole_batch; /* the step is layer @bottom alone */
  size_t bottom;    /* the lowest layer of the step */
  size_t top;       /* the highest one is top − 1 */
  size_t measure;   /* forth: layer @top, back: layer @bottom − 1 measures what comes
                     * out, before it can run itself; else NN_NONE */

  /* Back only. */
  size_t store;  /* the activation whose gradient is written down for a later step,
                  * or NN_NONE; the step itself may go on below it */
  bool keep_top; /* a later step starts from the same gradient */

  size_t slice;    /* how many samples go through at a time */
  size_t *offsets; /* [n_layers + 1]: where activations that are not kept lie in a
                    * worker's memory */
} NnStep;

typedef struct
{
  NnStep *steps;
  size_t n_steps;
  size_t *offsets; /* those of all steps */
} NnRoute;

struct NnWorkspace
{
  NnPurpose purpose;
  NnPool *pool;
  const NnKernels *kernels;
  size_t max_batch;
  size_t n_layers;
  void *block;
  size_t block_size;
  void *own_block; /* NULL if the block is another workspace's */

  NnUnit *units;            /* [n_layers] */
  const NnLayerType **types; /* [n_layers]; that of a layer that has nothing to do is flatten's */
  bool *folded;             /* [n_layers]: a batch norm that the layer before does */
  NnRoute forth;
  NnRoute back;

  /* [n_layers + 1] each. kept[i] and gradients[i] are NULL if activation i and
   * its gradient only exist for a slice. */
  size_t *sizes; /* of a sample */
  size_t *homes; /* layers in place leave several activations in the same memory; this is
                  * the first of them */
  NnReal **kept;
  NnReal **gradients;

  NnReal *folded_parameters; /* as the parameters lie, of folded layers; inference only */
  NnReal *parameter_gradients;
  NnReal *partials;
  NnReal *prepared;

  /* Each worker's own memory: a slice's activations, its gradients in two places
   * by turns, the layers' scratch, and what the layers add up for a shard. */
  NnReal *workers;
  size_t worker_stride;
  size_t gradient_offset, gradient_size;
  size_t layer_offset;
  size_t shard_offset;
};

/* Sizes in the block are whole cache lines. */
static inline size_t
nn_padded (size_t size)
{
  return size > SIZE_MAX - 15 ? SIZE_MAX : (size + 15) / 16 * 16;
}

/* Plans the routes and finds out what is kept: kept[] and gradients[] then hold
 * a pointer that is not NULL, but leads nowhere yet. Wants units and types; fills
 * in sizes and homes. */
NN_MUST_CHECK NnStatus nn_route_plan (NnWorkspace *workspace);

/* Returns the last kept activation that is not above @i. */
size_t nn_route_kept_below (const NnWorkspace *workspace, size_t i);

/* Returns the activation from which @step runs forth, on its way back too. */
size_t nn_route_start (const NnWorkspace *workspace, const NnStep *step);

/* Lets every unit read the parameters of @network, or the folded copy of them. */
void nn_workspace_bind (NnWorkspace *workspace, const NnNetwork *network);

/* What the steps of a workspace need, in numbers; the most that any step does. */
typedef struct
{
  size_t activations; /* of a worker: of a slice */
  size_t gradient;    /* of a worker: of a slice, twice */
  size_t scratch;     /* of a worker */
  size_t shard;       /* of a worker */
  size_t partials;    /* of all shards */
  size_t prepared;
} NnNeeds;

/* Lays out what each step finds in a worker's memory, and returns the needs. */
NnNeeds nn_layout_needs (NnWorkspace *workspace);

/* Lays out the kept activations and gradients and writes the size of it all, in
 * numbers. offsets[i] is that of activation i, offsets[n_layers + 1 + i] of its
 * gradient. */
NN_MUST_CHECK NnStatus nn_layout_kept (const NnWorkspace *workspace, size_t *offsets, size_t *size);
