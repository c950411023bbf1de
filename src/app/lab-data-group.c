/* SPDX-License-Identifier: MIT */
#include "lab-data-group.h"

#include <glib/gi18n.h>

#include "lab-config.h"
#include "lab-data-folder.h"

/* Whether to train on built-in digits although there is a folder. */
#define BUILT_IN_KEY "built-in-digits"

/* As many as MNIST has, and those that the command line makes by default. */
#define BUILT_IN_SIZE 60000
#define BUILT_IN_SEED 1

struct _LabDataGroup
{
  AdwPreferencesGroup  parent_instance;

  AdwActionRow        *built_in_row;
  GtkCheckButton      *built_in_check;
  GtkSpinner          *built_in_spinner;
  AdwActionRow        *folder_row;
  GtkCheckButton      *folder_check;
  GtkSpinner          *folder_spinner;

  GSettings           *settings;
  LabDataset          *dataset; /* of the choice, once it is there */
  GCancellable        *loading; /* until then, if it is wanted */
  char                *message;
};

G_DEFINE_FINAL_TYPE (LabDataGroup, lab_data_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  PROP_DATASET = 1,
  PROP_LOADING,
  PROP_MESSAGE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

typedef LabDataset *(*FinishFunc) (GAsyncResult *result, GError **error);

/* Rows that go away, or want something else by now, must not be called back
 * into: the job says whom and which request it is for. */
typedef struct
{
  GWeakRef      group;
  GCancellable *cancellable;
  FinishFunc    finish;
} LoadJob;

static LoadJob *
load_job_new (LabDataGroup *self, GCancellable *cancellable, FinishFunc finish)
{
  LoadJob *job = g_new0 (LoadJob, 1);

  g_weak_ref_init (&job->group, self);
  job->cancellable = g_object_ref (cancellable);
  job->finish = finish;

  return job;
}

static void
load_job_free (LoadJob *job)
{
  g_weak_ref_clear (&job->group);
  g_clear_object (&job->cancellable);
  g_free (job);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LoadJob, load_job_free)

static void
update_folder_row (LabDataGroup *self, GFile *folder)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *full_name = NULL;

  if (folder != NULL)
    {
      g_autofree char *basename = g_file_get_basename (folder);
      g_autofree char *name = g_filename_display_name (basename);

      g_string_append (text, name);
      full_name = g_file_get_parse_name (folder);
    }
  else
    {
      g_string_append (text, _("No folder chosen yet"));
    }

  if (self->loading != NULL && !lab_data_group_is_built_in (self))
    {
      g_string_append_printf (text, " · %s", _("Reading…"));
    }
  else if (self->dataset != NULL && !lab_data_group_is_built_in (self))
    {
      guint size = lab_dataset_get_size (self->dataset);

      g_string_append (text, " · ");
      g_string_append_printf (text, ngettext ("%'u image", "%'u images", size), size);
    }

  adw_action_row_set_subtitle (self->folder_row, text->str);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->folder_row), full_name);
}

static void
update (LabDataGroup *self)
{
  g_autoptr (GFile) folder = lab_data_folder_dup (self->settings);
  gboolean built_in = lab_data_group_is_built_in (self);
  gboolean loading = self->loading != NULL;

  update_folder_row (self, folder);
  gtk_spinner_set_spinning (self->built_in_spinner, loading && built_in);
  gtk_spinner_set_spinning (self->folder_spinner, loading && !built_in);
  gtk_widget_set_sensitive (GTK_WIDGET (self->folder_check), folder != NULL);
  gtk_check_button_set_active (built_in ? self->built_in_check : self->folder_check, TRUE);
}

static void
set_loading (LabDataGroup *self, GCancellable *loading)
{
  if (self->loading == loading)
    return;

  g_set_object (&self->loading, loading);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static void
set_dataset (LabDataGroup *self, LabDataset *dataset)
{
  if (!g_set_object (&self->dataset, dataset))
    return;

  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DATASET]);
}

static void
set_message (LabDataGroup *self, const char *message)
{
  if (g_strcmp0 (self->message, message) == 0)
    return;

  g_free (self->message);
  self->message = g_strdup (message);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
}

static void
load_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LoadJob) job = user_data;
  g_autoptr (LabDataGroup) self = g_weak_ref_get (&job->group);
  g_autoptr (GError) error = NULL;
  g_autoptr (LabDataset) dataset = job->finish (result, &error);

  if (self == NULL || job->cancellable != self->loading)
    return;

  /* Who is told may at once want something else. */
  g_object_freeze_notify (G_OBJECT (self));
  set_dataset (self, dataset);
  set_message (self, error != NULL ? error->message : NULL);
  set_loading (self, NULL);
  g_object_thaw_notify (G_OBJECT (self));
}

/* What was there is no longer what is wanted. The images of a folder are read at
 * once, which shows whether they are all right. */
static void
source_changed_cb (LabDataGroup *self)
{
  lab_data_group_cancel (self);
  set_dataset (self, NULL);
  set_message (self, NULL);
  if (!lab_data_group_is_built_in (self))
    lab_data_group_load (self);
  update (self);
}

/* Who chooses a folder wants to train on what is in it. */
static void
folder_changed_cb (LabDataGroup *self)
{
  g_settings_reset (self->settings, BUILT_IN_KEY);
  source_changed_cb (self);
}

static void
built_in_toggled_cb (LabDataGroup *self)
{
  g_autoptr (GFile) folder = lab_data_folder_dup (self->settings);
  gboolean active = gtk_check_button_get_active (self->built_in_check);

  /* Not when update() brings the buttons to what the settings say. */
  if (folder != NULL && active != lab_data_group_is_built_in (self))
    g_settings_set_boolean (self->settings, BUILT_IN_KEY, active);
}

static void
choose_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lab_data_folder_choose (widget);
}

static void
lab_data_group_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  LabDataGroup *self = LAB_DATA_GROUP (object);

  switch (prop_id)
    {
    case PROP_DATASET:
      g_value_set_object (value, self->dataset);
      break;
    case PROP_LOADING:
      g_value_set_boolean (value, lab_data_group_is_loading (self));
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, self->message);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lab_data_group_dispose (GObject *object)
{
  LabDataGroup *self = LAB_DATA_GROUP (object);

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_object (&self->dataset);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (lab_data_group_parent_class)->dispose (object);
}

static void
lab_data_group_finalize (GObject *object)
{
  LabDataGroup *self = LAB_DATA_GROUP (object);

  g_clear_pointer (&self->message, g_free);

  G_OBJECT_CLASS (lab_data_group_parent_class)->finalize (object);
}

static void
lab_data_group_class_init (LabDataGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = lab_data_group_get_property;
  object_class->dispose = lab_data_group_dispose;
  object_class->finalize = lab_data_group_finalize;

  properties[PROP_DATASET] = g_param_spec_object ("dataset", NULL, NULL, LAB_TYPE_DATASET, flags);
  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "data.choose", NULL, choose_action);

  gtk_widget_class_set_template_from_resource (widget_class, LAB_APP_PATH "/ui/lab-data-group.ui");
  gtk_widget_class_bind_template_child (widget_class, LabDataGroup, built_in_row);
  gtk_widget_class_bind_template_child (widget_class, LabDataGroup, built_in_check);
  gtk_widget_class_bind_template_child (widget_class, LabDataGroup, built_in_spinner);
  gtk_widget_class_bind_template_child (widget_class, LabDataGroup, folder_row);
  gtk_widget_class_bind_template_child (widget_class, LabDataGroup, folder_check);
  gtk_widget_class_bind_template_child (widget_class, LabDataGroup, folder_spinner);
  gtk_widget_class_bind_template_callback (widget_class, built_in_toggled_cb);
}

static void
lab_data_group_init (LabDataGroup *self)
{
  g_autofree char *subtitle = NULL;

  self->settings = g_settings_new (LAB_APP_ID);
  gtk_widget_init_template (GTK_WIDGET (self));

  subtitle = g_strdup_printf (ngettext ("%'u image, written by the program",
                                        "%'u images, written by the program", BUILT_IN_SIZE),
                              BUILT_IN_SIZE);
  adw_action_row_set_subtitle (self->built_in_row, subtitle);
  g_signal_connect_object (self->settings, "changed::" LAB_DATA_FOLDER_KEY,
                           G_CALLBACK (folder_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed::" BUILT_IN_KEY,
                           G_CALLBACK (source_changed_cb), self, G_CONNECT_SWAPPED);
  update (self);
}

GtkWidget *
lab_data_group_new (void)
{
  return g_object_new (LAB_TYPE_DATA_GROUP, NULL);
}

void
lab_data_group_load (LabDataGroup *self)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GFile) folder = NULL;

  g_return_if_fail (LAB_IS_DATA_GROUP (self));

  if (self->loading != NULL)
    return;

  set_message (self, NULL);
  set_loading (self, cancellable);
  folder = lab_data_folder_dup (self->settings);
  if (lab_data_group_is_built_in (self))
    lab_dataset_new_handwriting_async (BUILT_IN_SIZE, BUILT_IN_SEED, cancellable, load_cb,
                                       load_job_new (self, cancellable, lab_dataset_new_handwriting_finish));
  else
    lab_dataset_load_async (folder, LAB_PART_TRAIN, cancellable, load_cb,
                            load_job_new (self, cancellable, lab_dataset_load_finish));
}

void
lab_data_group_cancel (LabDataGroup *self)
{
  g_return_if_fail (LAB_IS_DATA_GROUP (self));

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  set_loading (self, NULL);
}

LabDataset *
lab_data_group_get_dataset (LabDataGroup *self)
{
  g_return_val_if_fail (LAB_IS_DATA_GROUP (self), NULL);

  return self->dataset;
}

gboolean
lab_data_group_is_loading (LabDataGroup *self)
{
  g_return_val_if_fail (LAB_IS_DATA_GROUP (self), FALSE);

  return self->loading != NULL;
}

gboolean
lab_data_group_is_built_in (LabDataGroup *self)
{
  g_autoptr (GFile) folder = NULL;

  g_return_val_if_fail (LAB_IS_DATA_GROUP (self), TRUE);

  folder = lab_data_folder_dup (self->settings);

  return folder == NULL || g_settings_get_boolean (self->settings, BUILT_IN_KEY);
}

const char *
lab_data_group_get_message (LabDataGroup *self)
{
  g_return_val_if_fail (LAB_IS_DATA_GROUP (self), NULL);

  return self->message;
}
