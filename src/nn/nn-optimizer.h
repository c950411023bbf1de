/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "nn-kernels.h"
#include "nn-real.h"
#include "nn-status.h"

typedef enum
{
  NN_SGD,  /* stochastic gradient descent with momentum */
  NN_ADAM, /* Kingma and Ba, arXiv:1412.6980 */
} NnOptimizerKind;

typedef struct NnOptimizer NnOptimizer;

/* Creates an optimizer for @n_parameters numbers. @momentum in [0, 1) is for
 * NN_SGD; NN_ADAM uses its paper's β₁ 0.9, β₂ 0.999 and ε 1e-8. @weight_decay,
 * not below 0, takes learning rate × weight decay × weight from each weight in
 * each step, apart from its gradient (AdamW: Loshchilov and Hutter,
 * arXiv:1711.05101). NULL @kernels are nn_kernels(). */
NN_MUST_CHECK NnStatus nn_optimizer_new (NnOptimizerKind  kind,
                                         double           momentum,
                                         double           weight_decay,
                                         size_t           n_parameters,
                                         const NnKernels *kernels,
                                         NnOptimizer    **optimizer);

void nn_optimizer_free (NnOptimizer *optimizer);

/* Begins a step of size @learning_rate. */
void nn_optimizer_begin (NnOptimizer *optimizer, double learning_rate);

/* Moves a block of @rows × @columns parameters along @gradient, in the step that
 * has begun. The block's first parameter is @parameters[@first], its rows lie
 * @stride apart; @parameters is the whole array. The rows of the gradient lie
 * @gradient_stride apart; a NULL gradient is all zero. Weight decay is for the
 * blocks that @decay says: weights, not biases. Each parameter is moved once in
 * a step; different threads may move different ones at the same time. */
void nn_optimizer_update (const NnOptimizer *optimizer,
                          NnReal            *parameters,
                          size_t             first,
                          size_t             rows,
                          size_t             columns,
                          size_t             stride,
                          const NnReal      *gradient,
                          size_t             gradient_stride,
                          bool               decay);

/* Returns the rate of the step that has begun if all it does is to take the rate
 * times the gradient from each parameter; else 0. */
NnReal nn_optimizer_plain_rate (const NnOptimizer *optimizer, bool decay);
