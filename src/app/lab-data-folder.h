/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The folder with MNIST's files: one for the whole program, kept in the
 * setting LAB_DATA_FOLDER_KEY. */
#define LAB_DATA_FOLDER_KEY "data-folder"

/* Returns the folder, transfer full, or NULL when none was chosen. */
GFile *lab_data_folder_dup (GSettings *settings);

/* Stores @folder. Even when it is the same as before, “changed” is emitted: its
 * files may be others by now. On the way it is emitted for no folder, too. */
void lab_data_folder_set (GSettings *settings, GFile *folder);

/* Asks for a folder in a dialog above @widget and stores the answer. Does
 * nothing while such a dialog of @widget is open. */
void lab_data_folder_choose (GtkWidget *widget);

G_END_DECLS
