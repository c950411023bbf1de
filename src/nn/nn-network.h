/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "nn-layer.h"
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
  NN_INFERENCE, /* forward only */
  NN_TRAINING,  /* forward and backward */
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

/* NULL is allowed. */
void nn_network_free (NnNetwork *network);

/* Draws the weights from N(0, 2 / fan_in) and sets the biases to zero (He,
 * Zhang, Ren and Sun, "Delving Deep into Rectifiers", arXiv:1502.01852). */
void nn_network_init (NnNetwork *network, NnRng *rng);

size_t         nn_network_n_layers (const NnNetwork *network);
const NnLayer *nn_network_layer (const NnNetwork *network, size_t i);
NnShape        nn_network_input (const NnNetwork *network);
NnShape        nn_network_output (const NnNetwork *network);

/* Returns all parameters, layer by layer, in one array that the network owns. */
NnReal *nn_network_parameters (NnNetwork *network);
const NnReal *nn_network_parameters_const (const NnNetwork *network);
size_t  nn_network_n_parameters (const NnNetwork *network);

/* Returns the multiplications and additions of one sample's forward pass. */
double nn_network_flops (const NnNetwork *network);

/* Plans memory to run @network on up to @max_batch samples. @pool (may be
 * NULL) is borrowed and must outlive the workspace. */
NN_MUST_CHECK NnStatus nn_workspace_new (const NnNetwork *network,
                                         size_t           max_batch,
                                         NnPurpose        purpose,
                                         NnPool          *pool,
                                         NnWorkspace    **workspace);

void nn_workspace_free (NnWorkspace *workspace);

/* Returns where the caller writes the input, [max_batch][height][width][channels]. */
NnReal *nn_workspace_input (NnWorkspace *workspace);

/* Runs the first @batch samples of the input through @network and returns the
 * logits, [batch][outputs], valid until the next pass. @network must have the
 * layers of the network that @workspace was planned for. */
const NnReal *nn_forward (const NnNetwork *network, NnWorkspace *workspace, size_t batch);

/* Returns where the caller writes the gradient of the loss by the logits,
 * [max_batch][outputs]; overwritten by nn_backward(). For NN_TRAINING only. */
NnReal *nn_workspace_output_gradient (NnWorkspace *workspace);

/* Computes the gradient of the loss by every parameter from the last forward
 * pass over @batch samples and the output gradient, and returns it in the order
 * of nn_network_parameters(). The workspace owns it. */
const NnReal *nn_backward (const NnNetwork *network, NnWorkspace *workspace, size_t batch);
