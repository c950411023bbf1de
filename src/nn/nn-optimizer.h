/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "nn-pool.h"
#include "nn-real.h"
#include "nn-status.h"

typedef enum
{
  NN_SGD,  /* stochastic gradient descent with momentum */
  NN_ADAM, /* Kingma and Ba, arXiv:1412.6980 */
} NnOptimizerKind;

typedef struct NnOptimizer NnOptimizer;

/* Creates an optimizer for @n_parameters numbers. @momentum in [0, 1) is for
 * NN_SGD; NN_ADAM uses its paper's β₁ 0.9, β₂ 0.999 and ε 1e-8. */
NN_MUST_CHECK NnStatus nn_optimizer_new (NnOptimizerKind kind,
                                         double          momentum,
                                         size_t          n_parameters,
                                         NnOptimizer   **optimizer);

void nn_optimizer_free (NnOptimizer *optimizer);

/* Moves @parameters one step of size @learning_rate along @gradients. */
void nn_optimizer_step (NnOptimizer  *optimizer,
                        double        learning_rate,
                        NnPool       *pool,
                        NnReal       *parameters,
                        const NnReal *gradients);
