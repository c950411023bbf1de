/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Shows one LabSample of a list in full, and leads to the ones before and after
 * it by buttons and arrow keys. Modal; Escape closes it. */
#define LAB_TYPE_SAMPLE_WINDOW (lab_sample_window_get_type ())
G_DECLARE_FINAL_TYPE (LabSampleWindow, lab_sample_window, LAB, SAMPLE_WINDOW, AdwWindow)

/* @samples: a GListModel of LabSample that never changes, not empty; @position:
 * which of them to show first. */
GtkWidget *lab_sample_window_new (GtkWindow *parent, GListModel *samples, guint position);

guint lab_sample_window_get_position (LabSampleWindow *self);

G_END_DECLS
