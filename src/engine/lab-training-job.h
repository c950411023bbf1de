/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-dataset.h"
#include "lab-network.h"
#include "lab-run.h"

G_BEGIN_DECLS

/* One training run on a thread of its own: the half of LabTrainer that the
 * thread sees. */
typedef struct _LabTrainingJob LabTrainingJob;

/* What a run has done since its last report. */
typedef struct
{
  double fraction;     /* of the whole run, 0 … 1 */
  GPtrArray *epochs;   /* the LabEpoch that ended */
  LabNetwork *network; /* after the newest of them, or NULL */
  gboolean finished;   /* this is the last report */
  gboolean stopped;    /* it ended because it was asked to */
  char *message;       /* why it failed, or NULL */
} LabTrainingReport;

typedef void (*LabTrainingFunc) (GObject *owner, const LabTrainingReport *report);

/* Starts training a copy of @run's settings on @dataset. Held out is @validation
 * or, where that is NULL, the run's share of @dataset. @func is called for every
 * report in @context, until it has been the last one, until
 * lab_training_job_release() or until @owner, which is not kept alive, is gone. */
LabTrainingJob *lab_training_job_start (LabRun         *run,
                                        LabDataset     *dataset,
                                        LabDataset     *validation,
                                        GObject        *owner,
                                        GMainContext   *context,
                                        LabTrainingFunc func,
                                        GError        **error);

/* Asks the thread to end after the mini-batch under way. */
void lab_training_job_stop (LabTrainingJob *self);

/* Lets the job go: it stops, if it has not ended, and reports no more. Does
 * not wait for the thread. */
void lab_training_job_release (LabTrainingJob *self);

G_END_DECLS
