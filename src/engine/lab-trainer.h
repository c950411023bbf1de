/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "lab-dataset.h"
#include "lab-network.h"
#include "lab-run.h"

G_BEGIN_DECLS

typedef enum
{
  LAB_TRAINER_IDLE,     /* nothing has run yet */
  LAB_TRAINER_RUNNING,
  LAB_TRAINER_STOPPING, /* stop was asked for; the batch under way ends first */
  LAB_TRAINER_DONE,     /* all epochs were trained, or early stopping saw no need for more */
  LAB_TRAINER_STOPPED,  /* ended early; the network keeps what it has learned */
  LAB_TRAINER_FAILED,   /* see message */
} LabTrainerState;

#define LAB_TYPE_TRAINER_STATE (lab_trainer_state_get_type ())
GType lab_trainer_state_get_type (void);

/* Trains one network at a time on a thread of its own. All of it is used from
 * the thread whose main context is the default when it is made; properties
 * change and signals come there only. Properties, read-only:
 *
 *   state         LabTrainerState
 *   epoch         uint     the epoch under way, counting from 1; 0 before
 *   epochs        uint     how many the run has
 *   fraction      double   of the whole run, 0 … 1
 *   seconds-left  double   an estimate; negative while there is none
 *   history       GListModel of LabEpoch, the same object for ever, emptied
 *                 when a run starts
 *   network       LabNetwork after the last whole epoch, or of what was learned
 *                 when the run is stopped before the first; else NULL. When a
 *                 run that restores the best has ended, that of its best epoch
 *   message       string, why it failed, or NULL
 */
#define LAB_TYPE_TRAINER (lab_trainer_get_type ())
G_DECLARE_FINAL_TYPE (LabTrainer, lab_trainer, LAB, TRAINER, GObject)

LabTrainer *lab_trainer_new (void);

/* Starts a run with a copy of @run on @dataset. What is held out is @validation,
 * or, where that is NULL, the run's share of @dataset. Returns FALSE and sets @error
 * when one is going already or the system gives no thread; what goes wrong later
 * makes the state LAB_TRAINER_FAILED. */
gboolean lab_trainer_start (LabTrainer *self, LabRun *run, LabDataset *dataset, LabDataset *validation, GError **error);

/* Asks the run to end after the mini-batch under way. Does nothing when none runs. */
void lab_trainer_stop (LabTrainer *self);

gboolean        lab_trainer_is_running (LabTrainer *self); /* RUNNING or STOPPING */
LabTrainerState lab_trainer_get_state (LabTrainer *self);
guint           lab_trainer_get_epoch (LabTrainer *self);
guint           lab_trainer_get_epochs (LabTrainer *self);
double          lab_trainer_get_fraction (LabTrainer *self);
double          lab_trainer_get_seconds_left (LabTrainer *self);
GListModel     *lab_trainer_get_history (LabTrainer *self); /* transfer none */
LabNetwork     *lab_trainer_get_network (LabTrainer *self); /* transfer none, nullable */
const char     *lab_trainer_get_message (LabTrainer *self); /* nullable */

G_END_DECLS
