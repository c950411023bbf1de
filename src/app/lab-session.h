/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "lab-network.h"
#include "lab-trainer.h"

G_BEGIN_DECLS

/* The network in use and its life: it is loaded at the start, follows the
 * trainer while a run is going, and is kept on the disk when that ends, when
 * another network is chosen, and when either is undone. A run that is stopped
 * before its first epoch is complete changes nothing. Properties:
 *
 *   network   LabNetwork, read-write; NULL until the first one is loaded
 *   trainer   LabTrainer, read-only
 *   can-undo  boolean, read-only: the former network can come back
 *   busy      boolean, read-only: a run is going or a file is being written,
 *             so that ending now would lose something
 *
 * Signals:
 *
 *   trained   (void)     a run has ended with a network, which is in use and kept
 *   replaced  (void)     the user's choice of another network is in use and kept
 *   saved     (void)     lab_session_save_as() is done
 *   not-kept  (message)  the network in use is not on the disk
 *   problem   (heading, message)  something else went wrong
 */
#define LAB_TYPE_SESSION (lab_session_get_type ())
G_DECLARE_FINAL_TYPE (LabSession, lab_session, LAB, SESSION, GObject)

/* Starts to load the network that was kept in @folder. */
LabSession *lab_session_new (GFile *folder);

LabNetwork *lab_session_get_network (LabSession *self); /* transfer none, nullable */
void        lab_session_set_network (LabSession *self, LabNetwork *network);
LabTrainer *lab_session_get_trainer (LabSession *self); /* transfer none */
gboolean    lab_session_get_can_undo (LabSession *self);
gboolean    lab_session_get_busy (LabSession *self);

/* Returns FALSE when the network in use is lost at the end of the program,
 * because it could be written neither where it is kept nor anywhere else. */
gboolean lab_session_get_kept (LabSession *self);

/* Goes back to the network from before the last run or choice. */
void lab_session_undo (LabSession *self);

/* Goes back to the network that comes with the program. */
void lab_session_use_built_in (LabSession *self);

/* Reads a model file and makes its network the one in use. */
void lab_session_open (LabSession *self, GFile *file);

/* Writes the network in use to a model file. */
void lab_session_save_as (LabSession *self, GFile *file);

G_END_DECLS
