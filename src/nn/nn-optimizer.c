/* SPDX-License-Identifier: MIT */
#include "nn-optimizer.h"

#include <math.h>
#include <stdlib.h>

#include "nn-plan.h"

static const double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;

struct NnOptimizer
{
  NnOptimizerKind kind;
  double momentum;
  double weight_decay;
  const NnKernels *kernels;
  size_t n_steps;  /* that have begun */
  NnStepSize step; /* of the one under way, for the blocks that decay */
  void *block;
  NnReal *velocity; /* SGD; NULL without momentum */
  NnReal *first;    /* Adam: mean of the gradient, */
  NnReal *second;   /* and of its square */
};

/* Allocates what the optimizer remembers of the steps before. */
static NnStatus
allocate (NnOptimizer *self, size_t n_parameters)
{
  NnPlan plan = { 0 };
  size_t first, second;
  NnStatus status;

  if (self->kind == NN_SGD && self->momentum == 0)
    return NN_OK;

  first = nn_plan_reserve (&plan, n_parameters, sizeof (NnReal));
  second = nn_plan_reserve (&plan, self->kind == NN_ADAM ? n_parameters : 0, sizeof (NnReal));
  status = nn_plan_allocate_zeroed (&plan, &self->block);
  if (status != NN_OK)
    return status;

  if (self->kind == NN_SGD)
    {
      self->velocity = (NnReal *) ((char *) self->block + first);
    }
  else
    {
      self->first = (NnReal *) ((char *) self->block + first);
      self->second = (NnReal *) ((char *) self->block + second);
    }
  return NN_OK;
}

NnStatus
nn_optimizer_new (NnOptimizerKind  kind,
                  double           momentum,
                  double           weight_decay,
                  size_t           n_parameters,
                  const NnKernels *kernels,
                  NnOptimizer    **optimizer)
{
  NnOptimizer *self;
  NnStatus status;

  if (kind != NN_SGD && kind != NN_ADAM)
    return NN_BAD_ARGUMENT;
  if (!(momentum >= 0 && momentum < 1))
    return NN_BAD_ARGUMENT;
  if (!(weight_decay >= 0) || !isfinite (weight_decay))
    return NN_BAD_ARGUMENT;

  self = calloc (1, sizeof *self);
  if (self == NULL)
    return NN_NO_MEMORY;
  self->kind = kind;
  self->momentum = momentum;
  self->weight_decay = weight_decay;
  self->kernels = kernels != NULL ? kernels : nn_kernels ();

  status = allocate (self, n_parameters);
  if (status != NN_OK)
    {
      nn_optimizer_free (self);
      return status;
    }
  *optimizer = self;
  return NN_OK;
}

void
nn_optimizer_free (NnOptimizer *optimizer)
{
  if (optimizer == NULL)
    return;

  nn_plan_free (optimizer->block);
  free (optimizer);
}

void
nn_optimizer_begin (NnOptimizer *optimizer, double learning_rate)
{
  optimizer->n_steps++;
  optimizer->step = (NnStepSize){
    .rate = (NnReal) learning_rate,
    .momentum = (NnReal) optimizer->momentum,
    .decay = (NnReal) (learning_rate * optimizer->weight_decay),
  };

  /* Algorithm 1 of the paper, with the two bias corrections drawn into the rate
   * and into ε as its section 2 proposes. */
  if (optimizer->kind == NN_ADAM)
    {
      double n = (double) optimizer->n_steps;
      double correction = sqrt (1 - pow (beta2, n));

      optimizer->step.rate = (NnReal) (learning_rate * correction / (1 - pow (beta1, n)));
      optimizer->step.epsilon = (NnReal) (epsilon * correction);
      optimizer->step.keep1 = (NnReal) beta1;
      optimizer->step.keep2 = (NnReal) beta2;
    }
}

void
nn_optimizer_update (const NnOptimizer *optimizer,
                     NnReal            *parameters,
                     size_t             first,
                     size_t             rows,
                     size_t             columns,
                     size_t             stride,
                     const NnReal      *gradient,
                     size_t             gradient_stride,
                     bool               decay)
{
  const NnKernels *kernels = optimizer->kernels;
  NnStepSize step = optimizer->step;

  if (!decay)
    step.decay = 0;
  if (stride == columns && (gradient == NULL || gradient_stride == columns)) /* one long row */
    {
      columns *= rows;
      rows = 1;
    }

  for (size_t row = 0, at = first; row < rows; row++, at += stride)
    {
      if (optimizer->kind == NN_ADAM)
        kernels->adam (&step, columns, gradient, optimizer->first + at, optimizer->second + at, parameters + at);
      else
        kernels->sgd (&step, columns, gradient, optimizer->velocity != NULL ? optimizer->velocity + at : NULL, parameters + at);
      if (gradient != NULL)
        gradient += gradient_stride;
    }
}

NnReal
nn_optimizer_plain_rate (const NnOptimizer *optimizer, bool decay)
{
  bool plain = optimizer->kind == NN_SGD && optimizer->velocity == NULL && !(decay && optimizer->weight_decay > 0);

  return plain ? optimizer->step.rate : 0;
}
