/* SPDX-License-Identifier: MIT */
#include "lab-data-folder.h"

#include <glib/gi18n.h>

#include "lab-config.h"

/* The dialog is kept with the widget, and goes with it. */
#define CHOOSER_KEY "lab-data-folder-chooser"

static void
chooser_response_cb (GtkFileChooserNative *chooser, int response, gpointer user_data)
{
  GtkWidget *widget = user_data;
  g_autoptr (GFile) folder = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

  if (response == GTK_RESPONSE_ACCEPT && folder != NULL)
    {
      g_autoptr (GSettings) settings = g_settings_new (LAB_APP_ID);

      lab_data_folder_set (settings, folder);
    }
  g_object_set_data (G_OBJECT (widget), CHOOSER_KEY, NULL);
}

GFile *
lab_data_folder_dup (GSettings *settings)
{
  g_autofree char *name = g_settings_get_string (settings, LAB_DATA_FOLDER_KEY);

  return name[0] != '\0' ? g_file_parse_name (name) : NULL;
}

void
lab_data_folder_set (GSettings *settings, GFile *folder)
{
  g_autofree char *name = g_file_get_parse_name (folder);

  /* Only a value that differs reaches those who listen. */
  g_settings_set_string (settings, LAB_DATA_FOLDER_KEY, "");
  g_settings_set_string (settings, LAB_DATA_FOLDER_KEY, name);
}

void
lab_data_folder_choose (GtkWidget *widget)
{
  g_autoptr (GSettings) settings = g_settings_new (LAB_APP_ID);
  g_autoptr (GFile) folder = lab_data_folder_dup (settings);
  GtkFileChooserNative *chooser;

  if (g_object_get_data (G_OBJECT (widget), CHOOSER_KEY) != NULL)
    return;

  chooser = gtk_file_chooser_native_new (_("Choose the Folder with the MNIST Files"),
                                         GTK_WINDOW (gtk_widget_get_root (widget)),
                                         GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                         _("_Choose"), NULL);
  g_object_set_data_full (G_OBJECT (widget), CHOOSER_KEY, chooser, g_object_unref);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  if (folder != NULL)
    gtk_file_chooser_set_file (GTK_FILE_CHOOSER (chooser), folder, NULL);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chooser_response_cb), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
