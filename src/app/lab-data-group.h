/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "lab-dataset.h"

G_BEGIN_DECLS

/* The rows in which one chooses what to train on: digits that the program writes
 * itself, or MNIST's images in the folder of lab-data-folder.h. The choice is kept
 * in the program's settings. Action: data.choose. Properties, read-only: dataset
 * (LabDataset, NULL until it is there), loading (boolean), message (string, what
 * went wrong, or NULL). */
#define LAB_TYPE_DATA_GROUP (lab_data_group_get_type ())
G_DECLARE_FINAL_TYPE (LabDataGroup, lab_data_group, LAB, DATA_GROUP, AdwPreferencesGroup)

GtkWidget *lab_data_group_new (void);

/* Makes or reads the data set in the background, if that is not going on. When
 * “loading” becomes FALSE again, there is a data set or a message. */
void lab_data_group_load (LabDataGroup *self);
void lab_data_group_cancel (LabDataGroup *self);

LabDataset *lab_data_group_get_dataset (LabDataGroup *self); /* transfer none, nullable */
gboolean    lab_data_group_is_loading (LabDataGroup *self);
gboolean    lab_data_group_is_built_in (LabDataGroup *self);
const char *lab_data_group_get_message (LabDataGroup *self); /* nullable */

G_END_DECLS
