/* SPDX-License-Identifier: MIT */
#include "lab-application.h"

#include "lab-window.h"

#include "lab-config.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

struct _LabApplication
{
  AdwApplication parent_instance;

  guint interrupt_source;
  guint terminate_source;
};

G_DEFINE_FINAL_TYPE (LabApplication, lab_application, ADW_TYPE_APPLICATION)

static const struct
{
  const char *action;
  const char *accelerator;
} shortcuts[] = {
  { "app.quit",           "<Control>q" },
  { "window.close",       "<Control>w" },
  { "win.view::draw",     "<Alt>1" },
  { "win.view::train",    "<Alt>2" },
  { "win.view::review",   "<Alt>3" },
  { "win.open-model",     "<Control>o" },
  { "win.save-model",     "<Control>s" },
  { "win.start-training", "<Control>r" },
  { "win.stop-training",  "<Control>period" },
};

/* Closes the windows instead of ending at once, so that a window whose network
 * is being trained can save it first. */
static void
quit_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (user_data)));

  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (GTK_WINDOW (l->data));
}

static void
about_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (user_data)),
                         "application-name", _("Digit Lab"),
                         "application-icon", LAB_APP_ID,
                         "version", LAB_VERSION,
                         "comments", _("Draw a digit and watch a neural network read it. "
                                       "Train it yourself, and see what it gets wrong."),
                         "developer-name", _("The Digit Lab authors"),
                         "copyright", "© 2026 The Digit Lab authors",
                         "license-type", GTK_LICENSE_MIT_X11,
                         /* Translators: put your names here, one per line. */
                         "translator-credits", _("translator-credits"),
                         NULL);
}

static gboolean
signal_cb (gpointer user_data)
{
  g_action_group_activate_action (G_ACTION_GROUP (user_data), "quit", NULL);

  return G_SOURCE_CONTINUE;
}

static gboolean
has_settings_schema (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, LAB_APP_ID, TRUE);

  return schema != NULL;
}

static int
lab_application_handle_local_options (GApplication *application,
                                      GVariantDict *options)
{
  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("Digit Lab %s\n", LAB_VERSION);
      return 0;
    }

  /* GSettings aborts the program over this, with a core dump and no advice. */
  if (!has_settings_schema ())
    {
      g_printerr (_("The settings of Digit Lab (%s.gschema.xml) are not installed.\n"
                    "Start it with build-aux/run, install it, or set GSETTINGS_SCHEMA_DIR.\n"),
                  LAB_APP_ID);
      return 1;
    }

  return -1;
}

static void
lab_application_startup (GApplication *application)
{
  static const GActionEntry actions[] = {
    { .name = "quit", .activate = quit_action },
    { .name = "about", .activate = about_action },
  };
  LabApplication *self = LAB_APPLICATION (application);

  G_APPLICATION_CLASS (lab_application_parent_class)->startup (application);

  gtk_window_set_default_icon_name (LAB_APP_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), application);

  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), shortcuts[i].action,
                                           (const char *[]) { shortcuts[i].accelerator, NULL });

  self->interrupt_source = g_unix_signal_add (SIGINT, signal_cb, application);
  self->terminate_source = g_unix_signal_add (SIGTERM, signal_cb, application);
}

static void
lab_application_shutdown (GApplication *application)
{
  LabApplication *self = LAB_APPLICATION (application);

  g_clear_handle_id (&self->interrupt_source, g_source_remove);
  g_clear_handle_id (&self->terminate_source, g_source_remove);

  G_APPLICATION_CLASS (lab_application_parent_class)->shutdown (application);
}

static void
lab_application_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL)
    window = GTK_WINDOW (lab_window_new (ADW_APPLICATION (application)));

  gtk_window_present (window);
}

static void
lab_application_class_init (LabApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->handle_local_options = lab_application_handle_local_options;
  application_class->startup = lab_application_startup;
  application_class->shutdown = lab_application_shutdown;
  application_class->activate = lab_application_activate;
}

static void
lab_application_init (LabApplication *self)
{
  static const GOptionEntry options[] = {
    { "version", 'v', G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, NULL, N_("Show the version and end"), NULL },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

LabApplication *
lab_application_new (void)
{
  return g_object_new (LAB_TYPE_APPLICATION,
                       "application-id", LAB_APP_ID,
                       "resource-base-path", LAB_APP_PATH,
                       NULL);
}
