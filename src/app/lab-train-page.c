/* SPDX-License-Identifier: MIT */
#include "lab-train-page.h"

#include <glib/gi18n.h>

#include "lab-chart.h"
#include "lab-config.h"
#include "lab-data-group.h"
#include "lab-epoch.h"
#include "lab-run-group.h"
#include "lab-train-status.h"

struct _LabTrainPage
{
  AdwBin                parent_instance;

  GtkWidget            *settings_box;
  LabDataGroup         *data_group;
  LabRunGroup          *run_group;
  GtkWidget            *message_box;
  GtkLabel             *message_label;
  GtkButton            *train_button;
  GtkProgressBar       *progress_bar;
  GtkLabel             *status_label;

  LabTrainer           *trainer;
  GSignalGroup         *trainer_signals;

  gboolean              start_when_loaded;
  char                 *error; /* why a run did not start */
};

G_DEFINE_FINAL_TYPE (LabTrainPage, lab_train_page, ADW_TYPE_BIN)

enum
{
  PROP_TRAINER = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
is_running (LabTrainPage *self)
{
  return self->trainer != NULL && lab_trainer_is_running (self->trainer);
}

/* Whether Stop is what can be done next. */
static gboolean
is_busy (LabTrainPage *self)
{
  return is_running (self) || self->start_when_loaded;
}

static void
update_actions (LabTrainPage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean stopping = self->trainer != NULL && lab_trainer_get_state (self->trainer) == LAB_TRAINER_STOPPING;
  gboolean busy = is_busy (self);

  gtk_widget_action_set_enabled (widget, "train.start", self->trainer != NULL && !busy);
  gtk_widget_action_set_enabled (widget, "train.stop", busy && !stopping);
}

static void
update_button (LabTrainPage *self)
{
  GtkWidget *button = GTK_WIDGET (self->train_button);

  if (is_busy (self))
    {
      gtk_button_set_label (self->train_button, _("Stop"));
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "train.stop");
      gtk_widget_remove_css_class (button, "suggested-action");
      gtk_widget_add_css_class (button, "destructive-action");
    }
  else
    {
      gtk_button_set_label (self->train_button, _("Train"));
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "train.start");
      gtk_widget_remove_css_class (button, "destructive-action");
      gtk_widget_add_css_class (button, "suggested-action");
    }
}

static void
update_status (LabTrainPage *self)
{
  g_autofree char *text = NULL;

  if (self->start_when_loaded)
    text = g_strdup (lab_data_group_is_built_in (self->data_group) ? _("Writing the digits…") : _("Reading the images…"));
  else if (self->trainer != NULL)
    text = lab_train_status_dup_text (self->trainer);

  gtk_label_set_text (self->status_label, text != NULL ? text : "");
  gtk_progress_bar_set_fraction (self->progress_bar, is_running (self) ? lab_trainer_get_fraction (self->trainer) : 0);
  /* It keeps its place, so that in a low window the button does not move away
   * from the pointer. */
  gtk_widget_set_opacity (GTK_WIDGET (self->progress_bar), is_running (self) ? 1 : 0);
}

static void
update_message (LabTrainPage *self)
{
  const char *message = self->error;

  if (message == NULL)
    message = lab_data_group_get_message (self->data_group);
  if (message == NULL && self->trainer != NULL && !is_busy (self))
    message = lab_trainer_get_message (self->trainer);
  gtk_label_set_text (self->message_label, message != NULL ? message : "");
  gtk_widget_set_visible (self->message_box, message != NULL);
}

static void
update (LabTrainPage *self)
{
  update_actions (self);
  update_button (self);
  update_status (self);
  update_message (self);
  gtk_widget_set_sensitive (self->settings_box, !is_busy (self));
}

static void
set_error (LabTrainPage *self, const char *message)
{
  g_free (self->error);
  self->error = g_strdup (message);
}

static void
start (LabTrainPage *self)
{
  g_autoptr (GError) error = NULL;

  if (!lab_trainer_start (self->trainer, lab_run_group_get_run (self->run_group),
                          lab_data_group_get_dataset (self->data_group), NULL, &error))
    set_error (self, error->message);
}

/* Does not start a run once there are images. */
static void
cancel_start (LabTrainPage *self)
{
  if (!self->start_when_loaded)
    return;

  self->start_when_loaded = FALSE;
  lab_data_group_cancel (self->data_group);
}

static void
data_changed_cb (LabTrainPage *self)
{
  if (self->start_when_loaded && !lab_data_group_is_loading (self->data_group))
    {
      self->start_when_loaded = FALSE;
      if (lab_data_group_get_dataset (self->data_group) != NULL)
        start (self);
    }
  update (self);
}

static void
start_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LabTrainPage *self = LAB_TRAIN_PAGE (widget);

  /* A shortcut takes no focus away from the number that is being typed. */
  lab_run_group_commit (self->run_group);
  set_error (self, NULL);
  if (lab_data_group_get_dataset (self->data_group) != NULL)
    {
      start (self);
    }
  else
    {
      self->start_when_loaded = TRUE;
      lab_data_group_load (self->data_group);
    }
  update (self);
}

static void
stop_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LabTrainPage *self = LAB_TRAIN_PAGE (widget);

  cancel_start (self);
  lab_trainer_stop (self->trainer);
  update (self);
}

static void
lab_train_page_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  LabTrainPage *self = LAB_TRAIN_PAGE (object);

  switch (prop_id)
    {
    case PROP_TRAINER:
      g_value_set_object (value, self->trainer);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lab_train_page_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  LabTrainPage *self = LAB_TRAIN_PAGE (object);

  switch (prop_id)
    {
    case PROP_TRAINER:
      lab_train_page_set_trainer (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lab_train_page_dispose (GObject *object)
{
  LabTrainPage *self = LAB_TRAIN_PAGE (object);

  g_clear_object (&self->trainer_signals);
  g_clear_object (&self->trainer);

  G_OBJECT_CLASS (lab_train_page_parent_class)->dispose (object);
}

static void
lab_train_page_finalize (GObject *object)
{
  LabTrainPage *self = LAB_TRAIN_PAGE (object);

  g_clear_pointer (&self->error, g_free);

  G_OBJECT_CLASS (lab_train_page_parent_class)->finalize (object);
}

static void
lab_train_page_class_init (LabTrainPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lab_train_page_get_property;
  object_class->set_property = lab_train_page_set_property;
  object_class->dispose = lab_train_page_dispose;
  object_class->finalize = lab_train_page_finalize;

  properties[PROP_TRAINER] = g_param_spec_object ("trainer", NULL, NULL, LAB_TYPE_TRAINER,
                                                  G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "train.start", NULL, start_action);
  gtk_widget_class_install_action (widget_class, "train.stop", NULL, stop_action);

  g_type_ensure (LAB_TYPE_CHART);
  g_type_ensure (LAB_TYPE_SERIES);
  g_type_ensure (LAB_TYPE_EPOCH);
  g_type_ensure (LAB_TYPE_TRAINER);
  g_type_ensure (LAB_TYPE_DATA_GROUP);
  g_type_ensure (LAB_TYPE_RUN_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, LAB_APP_PATH "/ui/lab-train-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTrainPage, settings_box);
  gtk_widget_class_bind_template_child (widget_class, LabTrainPage, data_group);
  gtk_widget_class_bind_template_child (widget_class, LabTrainPage, run_group);
  gtk_widget_class_bind_template_child (widget_class, LabTrainPage, message_box);
  gtk_widget_class_bind_template_child (widget_class, LabTrainPage, message_label);
  gtk_widget_class_bind_template_child (widget_class, LabTrainPage, train_button);
  gtk_widget_class_bind_template_child (widget_class, LabTrainPage, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, LabTrainPage, status_label);
}

static void
lab_train_page_init (LabTrainPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->trainer_signals = g_signal_group_new (LAB_TYPE_TRAINER);

  g_signal_connect_object (self->data_group, "notify::loading", G_CALLBACK (data_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->data_group, "notify::message", G_CALLBACK (update_message), self, G_CONNECT_SWAPPED);
  g_signal_group_connect_swapped (self->trainer_signals, "notify", G_CALLBACK (update_status), self);
  g_signal_group_connect_swapped (self->trainer_signals, "notify::state", G_CALLBACK (update), self);
  update (self);
}

GtkWidget *
lab_train_page_new (void)
{
  return g_object_new (LAB_TYPE_TRAIN_PAGE, NULL);
}

LabTrainer *
lab_train_page_get_trainer (LabTrainPage *self)
{
  g_return_val_if_fail (LAB_IS_TRAIN_PAGE (self), NULL);

  return self->trainer;
}

void
lab_train_page_set_trainer (LabTrainPage *self, LabTrainer *trainer)
{
  g_return_if_fail (LAB_IS_TRAIN_PAGE (self));
  g_return_if_fail (trainer == NULL || LAB_IS_TRAINER (trainer));

  if (!g_set_object (&self->trainer, trainer))
    return;

  cancel_start (self);
  g_signal_group_set_target (self->trainer_signals, trainer);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TRAINER]);
}
