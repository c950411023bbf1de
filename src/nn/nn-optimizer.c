/* SPDX-License-Identifier: MIT */
#include "nn-optimizer.h"

#include <math.h>
#include <stdlib.h>

#include "nn-plan.h"

/* How many parameters one task moves. */
#define CHUNK 8192

static const double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;

struct NnOptimizer
{
  NnOptimizerKind kind;
  double momentum;
  size_t n_parameters;
  unsigned long step; /* how many steps were taken */
  void *block;
  NnReal *first;  /* SGD: velocity; Adam: mean of the gradient */
  NnReal *second; /* Adam: mean of its square */
};

NnStatus
nn_optimizer_new (NnOptimizerKind kind,
                  double          momentum,
                  size_t          n_parameters,
                  NnOptimizer   **optimizer)
{
  NnOptimizer *self;
  NnPlan plan = { 0 };
  size_t first, second;
  NnStatus status;

  if (kind != NN_SGD && kind != NN_ADAM)
    return NN_BAD_ARGUMENT;
  if (!(momentum >= 0 && momentum < 1))
    return NN_BAD_ARGUMENT;

  self = calloc (1, sizeof *self);
  if (self == NULL)
    return NN_NO_MEMORY;
  self->kind = kind;
  self->momentum = momentum;
  self->n_parameters = n_parameters;

  first = nn_plan_reserve (&plan, n_parameters, sizeof (NnReal));
  second = nn_plan_reserve (&plan, kind == NN_ADAM ? n_parameters : 0, sizeof (NnReal));
  status = nn_plan_allocate (&plan, &self->block);
  if (status != NN_OK)
    {
      free (self);
      return status;
    }
  self->first = (NnReal *) ((char *) self->block + first);
  self->second = (NnReal *) ((char *) self->block + second);

  *optimizer = self;
  return NN_OK;
}

void
nn_optimizer_free (NnOptimizer *optimizer)
{
  if (optimizer == NULL)
    return;

  free (optimizer->block);
  free (optimizer);
}

typedef struct
{
  NnOptimizer *optimizer;
  double learning_rate;
  NnReal *parameters;
  const NnReal *gradients;
} Job;

static void
sgd_range (const Job *job, size_t begin, size_t end)
{
  NnReal momentum = (NnReal) job->optimizer->momentum, rate = (NnReal) job->learning_rate;
  NnReal *velocity = job->optimizer->first;

  for (size_t i = begin; i < end; i++)
    {
      velocity[i] = momentum * velocity[i] + job->gradients[i];
      job->parameters[i] -= rate * velocity[i];
    }
}

/* Algorithm 1 of the paper, with the two bias corrections drawn into the rate
 * and into ε as its section 2 proposes. */
static void
adam_range (const Job *job, size_t begin, size_t end)
{
  double step = (double) job->optimizer->step;
  double correction = sqrt (1 - pow (beta2, step));
  NnReal rate = (NnReal) (job->learning_rate * correction / (1 - pow (beta1, step)));
  NnReal small = (NnReal) (epsilon * correction);
  NnReal keep1 = (NnReal) beta1, keep2 = (NnReal) beta2;
  NnReal *first = job->optimizer->first, *second = job->optimizer->second;

  for (size_t i = begin; i < end; i++)
    {
      NnReal gradient = job->gradients[i];

      first[i] = keep1 * first[i] + (1 - keep1) * gradient;
      second[i] = keep2 * second[i] + (1 - keep2) * gradient * gradient;
      job->parameters[i] -= rate * first[i] / ((NnReal) sqrt (second[i]) + small);
    }
}

static void
step_chunk (void *data, size_t chunk, size_t worker)
{
  const Job *job = data;
  size_t begin = chunk * CHUNK;
  size_t end = begin + CHUNK < job->optimizer->n_parameters ? begin + CHUNK : job->optimizer->n_parameters;

  if (job->optimizer->kind == NN_ADAM)
    adam_range (job, begin, end);
  else
    sgd_range (job, begin, end);
}

void
nn_optimizer_step (NnOptimizer  *optimizer,
                   double        learning_rate,
                   NnPool       *pool,
                   NnReal       *parameters,
                   const NnReal *gradients)
{
  Job job = { optimizer, learning_rate, parameters, gradients };

  optimizer->step++;
  nn_pool_run (pool, step_chunk, &job, (optimizer->n_parameters + CHUNK - 1) / CHUNK);
}
