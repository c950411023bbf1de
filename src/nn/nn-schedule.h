/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "nn-status.h"

/* How the learning rate moves in the course of a run. */
typedef enum
{
  NN_CONSTANT,
  NN_STEP,      /* is multiplied by the factor after every so many epochs */
  NN_COSINE,    /* falls to 0 along half a cosine, a step per mini-batch
                 * (Loshchilov and Hutter, arXiv:1608.03983, without restarts) */
  NN_ONE_CYCLE, /* rises from 1/25 of the rate along half a cosine for the warm-up's
                 * share of the run, then falls to 0 along another
                 * (Smith and Topin, arXiv:1708.07120) */
  NN_PLATEAU,   /* is multiplied by the factor when the validation loss (without
                 * held-out samples: the training loss) has not become smaller for
                 * so many epochs */
} NnScheduleKind;

typedef struct
{
  NnScheduleKind kind;
  double learning_rate; /* above 0; the largest of the run */
  double factor;        /* NN_STEP, NN_PLATEAU: in (0, 1) */
  size_t epochs;        /* NN_STEP, NN_PLATEAU: at least 1 */
  double warm_up;       /* NN_ONE_CYCLE: in [0, 1) */
} NnSchedule;

/* What NN_PLATEAU knows of a run; starts all zero. */
typedef struct
{
  size_t n_epochs;  /* seen so far */
  size_t waited;    /* of them, since the loss became smaller or the rate was reduced */
  size_t n_reduced; /* times the rate was reduced */
  double smallest;  /* loss */
} NnPlateau;

/* Answers NN_BAD_ARGUMENT if a member that the kind of @schedule looks at is
 * outside its range. */
NN_MUST_CHECK NnStatus nn_schedule_check (const NnSchedule *schedule);

/* Returns the learning rate of a step: @progress is the share of the run's steps
 * that have been taken before it, in [0, 1]; @epoch counts from 1; @plateau is
 * for NN_PLATEAU. */
double nn_schedule_rate (const NnSchedule *schedule,
                         double            progress,
                         size_t            epoch,
                         const NnPlateau  *plateau);

/* Tells @plateau the @loss of the epoch that has just ended. */
void nn_plateau_update (NnPlateau *plateau, const NnSchedule *schedule, double loss);
