/* SPDX-License-Identifier: MIT */
#include "nn-schedule.h"

#include <math.h>

/* One cycle starts from this share of its largest rate. */
#define ONE_CYCLE_START (1 / 25.0)

NnStatus
nn_schedule_check (const NnSchedule *schedule)
{
  if (!(schedule->learning_rate > 0) || !isfinite (schedule->learning_rate))
    return NN_BAD_ARGUMENT;

  switch (schedule->kind)
    {
    case NN_CONSTANT:
    case NN_COSINE:
      return NN_OK;

    case NN_STEP:
    case NN_PLATEAU:
      return schedule->factor > 0 && schedule->factor < 1 && schedule->epochs > 0 ? NN_OK : NN_BAD_ARGUMENT;

    case NN_ONE_CYCLE:
      return schedule->warm_up >= 0 && schedule->warm_up < 1 ? NN_OK : NN_BAD_ARGUMENT;
    }
  return NN_BAD_ARGUMENT;
}

/* Goes from 1 to 0 along half a cosine while @progress goes from 0 to 1. */
static double
half_cosine (double progress)
{
  return (1 + cos (3.14159265358979323846 * progress)) / 2;
}

static double
one_cycle (double progress, double warm_up)
{
  if (progress < warm_up)
    return 1 - (1 - ONE_CYCLE_START) * half_cosine (progress / warm_up);
  return half_cosine ((progress - warm_up) / (1 - warm_up));
}

double
nn_schedule_rate (const NnSchedule *schedule,
                  double            progress,
                  size_t            epoch,
                  const NnPlateau  *plateau)
{
  double rate = schedule->learning_rate;

  switch (schedule->kind)
    {
    case NN_STEP:
      return rate * pow (schedule->factor, (double) ((epoch - 1) / schedule->epochs));

    case NN_COSINE:
      return rate * half_cosine (progress);

    case NN_ONE_CYCLE:
      return rate * one_cycle (progress, schedule->warm_up);

    case NN_PLATEAU:
      return rate * pow (schedule->factor, (double) plateau->n_reduced);

    case NN_CONSTANT:
    default:
      return rate;
    }
}

void
nn_plateau_update (NnPlateau *plateau, const NnSchedule *schedule, double loss)
{
  if (plateau->n_epochs++ == 0 || loss < plateau->smallest)
    {
      plateau->smallest = loss;
      plateau->waited = 0;
    }
  else if (++plateau->waited == schedule->epochs)
    {
      plateau->n_reduced++;
      plateau->waited = 0;
    }
}
