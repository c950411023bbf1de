/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "nn-kernels.h"
#include "nn-layer.h"
#include "nn-optimizer.h"
#include "nn-plan.h"
#include "nn-pool.h"
#include "nn-real.h"

/* A training batch is cut into this many parts, one after another taken by
 * whichever thread is free. Sums over samples are made for each part and then
 * added in order. The number is fixed, so that the result does not depend on how
 * many threads there are. */
#define NN_SHARDS 8

/* Where the gradients of a network's parameters go: into @gradients, or, if that
 * is NULL, straight into a step of the optimizer. */
typedef struct
{
  NnReal *gradients;
  NnReal *parameters;
  const NnOptimizer *optimizer;
} NnDescent;

/* A layer of a network that runs: what it reads, and the memory it has. */
typedef struct
{
  const NnLayer *layer;
  const NnKernels *kernels;
  bool training;
  bool is_first; /* its input is the network's, where many values may be zero */
  uint32_t key;  /* dropout */

  /* Batch norm does the ReLU behind it, of this slope, on the way; 1 if there is
   * none. A ReLU that is done like that has nothing left to do forward. */
  NnReal slope_after;
  bool is_done_before;

  const NnReal *weights;
  const NnReal *biases;
  const NnReal *statistics;

  NnReal *own;      /* [own_size] */
  NnReal *prepared; /* [prepared_size] */
  NnReal *partial; /* [NN_SHARDS][partial_size] */
  size_t partial_size;
} NnUnit;

/* Some samples on their way through a layer, on one thread. */
typedef struct
{
  size_t first; /* the number of the first sample in the batch */
  size_t count;
  size_t shard;
  const NnReal *input;     /* [count][input shape] */
  NnReal *output;          /* [count][output shape] */
  NnReal *output_gradient; /* [count][output shape]; a layer that works in place overwrites it */
  NnReal *input_gradient;  /* [count][input shape]; NULL if nobody wants it */
  NnReal *scratch;         /* [scratch_size] */
  NnReal *shard_memory;    /* [shard_size], the same from the shard's first slice to its last */
  size_t worker_stride; /* whole batch: worker w's scratch is that many numbers × w further */
} NnSlice;

/* What a kind of layer can do; one constant table for each kind. All that is not
 * said to be required may be NULL. */
typedef struct
{
  /* The layer keeps the number of values and works in place: forward() finds its
   * input in the output, backward() the output gradient where it leaves the
   * input gradient. It needs no input to go back, but may read its output. */
  bool in_place;
  bool reads_output;

  /* Checks the specification against the input shape and fills in the output
   * shape and the numbers of parameters. Sizes stick at SIZE_MAX. Required. */
  NnStatus (*resolve) (NnLayer *layer);

  /* Return how many numbers of memory the layer needs: for itself; to prepare the
   * parameters in, for as long as a step lasts; for each shard, added up in
   * order; and for each worker. */
  size_t (*own_size) (const NnLayer *layer, size_t max_batch, bool training);
  size_t (*prepared_size) (const NnLayer *layer, bool training);
  size_t (*partial_size) (const NnLayer *layer);
  size_t (*shard_size) (const NnLayer *layer);
  size_t (*scratch_size) (const NnLayer *layer, bool training);

  /* Returns the multiplications and additions for one sample. */
  double (*flops) (const NnLayer *layer);

  /* Brings the parameters into the form that the pass needs. */
  void (*prepare_forward) (const NnUnit *unit, NnPool *pool);
  void (*prepare_backward) (const NnUnit *unit, NnPool *pool);

  /* The pass over a slice. backward() adds to the sums of the slice's shard; the
   * shard's partial sums start from zero, and finish_shard() comes after its
   * last slice. */
  void (*forward) (const NnUnit *unit, const NnSlice *slice);
  void (*backward) (const NnUnit *unit, const NnSlice *slice);
  void (*finish_shard) (const NnUnit *unit, const NnSlice *slice);

  /* forward() of a slice that all threads work on together, when there are fewer
   * slices than threads. The bits are the same. */
  void (*forward_together) (const NnUnit *unit, const NnSlice *slice, NnPool *pool);

  /* The pass over a whole batch, for layers that cut it up by themselves. They
   * have these in place of forward() and backward(). */
  void (*forward_batch) (const NnUnit *unit, const NnSlice *batch, NnPool *pool);
  void (*backward_batch) (const NnUnit *unit, const NnSlice *batch, const NnDescent *descent, NnPool *pool);

  /* For layers whose training needs sums over the whole batch first: measure()
   * reads the slice's input and adds to the shard's partial sums; settle() has
   * them all, of @batch samples, before the first forward(). The same for the
   * way back with the slice's output gradient. */
  void (*measure) (const NnUnit *unit, const NnSlice *slice);
  void (*settle) (const NnUnit *unit, size_t batch);
  void (*measure_gradient) (const NnUnit *unit, const NnSlice *slice);
  void (*settle_gradient) (const NnUnit *unit, size_t batch, const NnDescent *descent);
} NnLayerType;

/* Returns the table for @kind, or NULL for a number that is no kind. */
const NnLayerType *nn_layer_type (NnLayerKind kind);

extern const NnLayerType nn_average_pool_type;
extern const NnLayerType nn_batch_norm_type;
extern const NnLayerType nn_conv2d_type;
extern const NnLayerType nn_dense_type;
extern const NnLayerType nn_dropout_type;
extern const NnLayerType nn_flatten_type;
extern const NnLayerType nn_global_average_pool_type;
extern const NnLayerType nn_leaky_relu_type;
extern const NnLayerType nn_max_pool_type;
extern const NnLayerType nn_relu_type;
extern const NnLayerType nn_sigmoid_type;
extern const NnLayerType nn_tanh_type;

/* For the many layers that do not change the shape and have no parameters. */
NnStatus nn_resolve_same_shape (NnLayer *layer);

/* Adds the shards' partial sums up, in order, and hands them to @descent as the
 * gradients of the layer's weights and biases. */
void nn_collect_shards (const NnUnit *unit, const NnDescent *descent, NnPool *pool);

/* Hands the @n gradients at @gradient, of parameters from @first on, to @descent. */
void nn_descend (const NnDescent *descent, size_t first, size_t n, const NnReal *gradient, bool decay);

/* Batch norm for inference: multiplies the outputs' weights of the layer before
 * (rows of [units]) and its biases so that the layer does both. */
void nn_batch_norm_fold (const NnUnit *unit, size_t n_weights, NnReal *weights, NnReal *biases);

/* Moves the running @statistics towards those of the batch that was settled. */
void nn_batch_norm_track (const NnUnit *unit, NnReal *statistics);
