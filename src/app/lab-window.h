/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "lab-session.h"

G_BEGIN_DECLS

/* The window with its three views, which all use the network of one LabSession.
 * Properties: network (LabNetwork, read-write, NULL until it is loaded), trainer
 * (LabTrainer, read-only). */
#define LAB_TYPE_WINDOW (lab_window_get_type ())
G_DECLARE_FINAL_TYPE (LabWindow, lab_window, LAB, WINDOW, AdwApplicationWindow)

LabWindow *lab_window_new (AdwApplication *application);

LabNetwork *lab_window_get_network (LabWindow *self); /* transfer none, nullable */
void        lab_window_set_network (LabWindow *self, LabNetwork *network);
LabTrainer *lab_window_get_trainer (LabWindow *self); /* transfer none */
LabSession *lab_window_get_session (LabWindow *self); /* transfer none */

G_END_DECLS
