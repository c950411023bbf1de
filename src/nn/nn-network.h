/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "nn-kernels.h"
#include "nn-layer.h"
#include "nn-optimizer.h"
#include "nn-pool.h"
#include "nn-real.h"
#include "nn-rng.h"
#include "nn-status.h"

/* A chain of layers and their parameters. It holds no activations: those are
 * in a workspace, so that many threads can read one network at the same time. */
typedef struct NnNetwork NnNetwork;

/* Memory for running a network: every activation, gradient and scratch value
 * for a number of samples, laid out once. Nothing is allocated in a pass. */
typedef struct NnWorkspace NnWorkspace;

typedef enum
{
  NN_INFERENCE, /* forward only; batch norm uses its running statistics, nothing is dropped */
  NN_TRAINING,  /* forward and backward; batch norm uses those of the batch */
} NnPurpose;

/* Builds a network of @n_specs layers for samples of shape @input, with all
 * parameters zero. Answers NN_BAD_SHAPE if a layer does not fit the one before
 * it; *@bad_layer (may be NULL) then says which. Free with nn_network_free(). */
NN_MUST_CHECK NnStatus nn_network_new (NnShape            input,
                                       const NnLayerSpec *specs,
                                       size_t             n_specs,
                                       size_t            *bad_layer,
                                       NnNetwork        **network);

/* Copies @network with its parameters. */
NN_MUST_CHECK NnStatus nn_network_copy (const NnNetwork *network, NnNetwork **copy);

/* Takes over the parameters and statistics of @source, of which @network is a
 * copy or the other way round. */
void nn_network_assign (NnNetwork *network, const NnNetwork *source);

/* The same, but goes only @share of the way there. */
void nn_network_approach (NnNetwork *network, const NnNetwork *source, double share);

/* NULL is allowed. */
void nn_network_free (NnNetwork *network);

/* Draws the weights from N(0, 2 / fan_in) and sets the biases to zero (He,
 * Zhang, Ren and Sun, "Delving Deep into Rectifiers", arXiv:1502.01852). Batch
 * norm starts with gamma 1, beta 0, running mean 0 and running variance 1. */
void nn_network_init (NnNetwork *network, NnRng *rng);

size_t         nn_network_n_layers (const NnNetwork *network);
const NnLayer *nn_network_layer (const NnNetwork *network, size_t i);
NnShape        nn_network_input (const NnNetwork *network);
NnShape        nn_network_output (const NnNetwork *network);

/* Returns all parameters, layer by layer, in one array that the network owns. */
NnReal *nn_network_parameters (NnNetwork *network);
const NnReal *nn_network_parameters_const (const NnNetwork *network);
size_t  nn_network_n_parameters (const NnNetwork *network);

/* Returns the running statistics of all batch norm layers, in one array that the
 * network owns. They belong to a network as its parameters do, but are no
 * parameters: no gradient moves them. */
NnReal *nn_network_statistics (NnNetwork *network);
const NnReal *nn_network_statistics_const (const NnNetwork *network);
size_t  nn_network_n_statistics (const NnNetwork *network);

/* Multiplies all logits by @factor, within the parameters of the last layer.
 * Answers NN_BAD_ARGUMENT if that is neither dense nor a convolution. */
NN_MUST_CHECK NnStatus nn_network_scale_logits (NnNetwork *network, double factor);

/* Returns the multiplications and additions in the products of one sample's
 * forward pass, as if no convolution went by Winograd's algorithm. */
double nn_network_flops (const NnNetwork *network);

/* Plans memory to run @network on up to @max_batch samples. @network and @pool
 * (may be NULL) are borrowed and must outlive the workspace. @kernels say how to compute;
 * NULL is nn_kernels(). A workspace for inference holds the parameters in the
 * form that runs fastest, see nn_workspace_refresh(). */
NN_MUST_CHECK NnStatus nn_workspace_new (const NnNetwork *network,
                                         size_t           max_batch,
                                         NnPurpose        purpose,
                                         NnPool          *pool,
                                         const NnKernels *kernels,
                                         NnWorkspace    **workspace);

/* The same in the memory of @host, if that is large enough: the two take turns,
 * and what a pass of the one left behind is lost when the other runs, or when a
 * guest is made. A guest for inference is refreshed at each turn. @host must outlive its guest. */
NN_MUST_CHECK NnStatus nn_workspace_new_guest (const NnNetwork *network,
                                               size_t           max_batch,
                                               NnPurpose        purpose,
                                               NnWorkspace     *host,
                                               NnWorkspace    **workspace);

void nn_workspace_free (NnWorkspace *workspace);

/* Returns where the caller writes the input, [max_batch][height][width][channels],
 * before each pass: a pass may overwrite it. */
NnReal *nn_workspace_input (NnWorkspace *workspace);

/* Takes over the parameters and statistics that @network has now. Call it after
 * they have changed and before the next pass of a workspace for inference. */
void nn_workspace_refresh (NnWorkspace *workspace, const NnNetwork *network);

/* Sets what dropout draws from now on: equal keys drop equal values. A training
 * step sets another key each time. */
void nn_workspace_set_key (NnWorkspace *workspace, uint64_t key);

/* Runs the first @batch samples of the input through @network and returns the
 * logits, [batch][outputs], valid until the next pass. @network is the one that
 * @workspace was planned for, or a copy of it. */
const NnReal *nn_forward (const NnNetwork *network, NnWorkspace *workspace, size_t batch);

/* Returns where the caller writes the gradient of the loss by the logits,
 * [max_batch][outputs]; overwritten by nn_backward(). For NN_TRAINING only. */
NnReal *nn_workspace_output_gradient (NnWorkspace *workspace);

/* Computes the gradient of the loss by every parameter from the last forward
 * pass over @batch samples and the output gradient, and returns it in the order
 * of nn_network_parameters(). The workspace owns it. Once for each forward pass:
 * gradients take the place of what that pass had kept. */
const NnReal *nn_backward (const NnNetwork *network, NnWorkspace *workspace, size_t batch);

/* Returns the Euclidean norm of all gradients of the last nn_backward(), and
 * scales them down to @max_norm if it is larger (Pascanu, Mikolov and Bengio,
 * arXiv:1211.5063). */
double nn_clip_gradients (const NnNetwork *network, NnWorkspace *workspace, double max_norm);

/* Moves the parameters of @network along the gradients of the last
 * nn_backward(). Call nn_optimizer_begin() before. */
void nn_apply_gradients (NnNetwork *network, NnWorkspace *workspace, NnOptimizer *optimizer);

/* Does what nn_backward() and nn_apply_gradients() do one after the other, up to
 * rounding, but moves each weight while its gradient is still in a register or in
 * the cache, and never writes the gradients down. */
void nn_backward_step (NnNetwork *network, NnWorkspace *workspace, size_t batch, NnOptimizer *optimizer);

/* Moves the running statistics of @network towards those of the batch that the
 * last nn_forward() of the training @workspace saw. */
void nn_update_statistics (NnNetwork *network, const NnWorkspace *workspace);
