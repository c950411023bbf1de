/* SPDX-License-Identifier: MIT */
#include "lab-window.h"

#include "lab-draw-page.h"
#include "lab-epoch.h"
#include "lab-review-page.h"
#include "lab-run-strip.h"
#include "lab-train-page.h"

#include "lab-config.h"

#include <glib/gi18n.h>
#include <math.h>

/* What is longer than this does not fit into a toast. */
#define LONG_MESSAGE 70

/* Longer than other toasts, since a run may end while nobody looks. After that
 * the menu still offers it. */
#define UNDO_SECONDS 12

struct _LabWindow
{
  AdwApplicationWindow parent_instance;

  LabSession *session;
  GSettings  *settings;
  AdwToast   *undo_toast;
  AdwToast   *stop_toast; /* says that a run has changed nothing */
  gboolean    closing;   /* as soon as all is saved */
  gboolean    may_lose;  /* the user closes it knowing that the network is not kept */

  AdwToastOverlay *toasts;
  AdwViewStack    *stack;
  GtkWidget       *draw_page;
  GtkWidget       *train_page;
  LabReviewPage   *review_page;
};

G_DEFINE_FINAL_TYPE (LabWindow, lab_window, ADW_TYPE_APPLICATION_WINDOW)

enum
{
  PROP_0,
  PROP_NETWORK,
  PROP_TRAINER,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
update_actions (LabWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  LabTrainer *trainer = lab_session_get_trainer (self->session);
  gboolean running = lab_trainer_is_running (trainer);

  /* While a run is going the network is the trainer's, not ours to replace. */
  gtk_widget_action_set_enabled (widget, "win.open-model", !running);
  gtk_widget_action_set_enabled (widget, "win.use-built-in", !running);
  gtk_widget_action_set_enabled (widget, "win.save-model", lab_session_get_network (self->session) != NULL);
  gtk_widget_action_set_enabled (widget, "win.undo", lab_session_get_can_undo (self->session));
  gtk_widget_action_set_enabled (widget, "win.start-training", !running);
  gtk_widget_action_set_enabled (widget, "win.stop-training", lab_trainer_get_state (trainer) == LAB_TRAINER_RUNNING);

  /* The test set is read at the end of a run, not after each of its epochs. */
  if (!running)
    lab_review_page_set_network (self->review_page, lab_session_get_network (self->session));
}

/* Telling people things */

static void
show_toast (LabWindow  *self,
            const char *message)
{
  g_autofree char *markup = g_markup_escape_text (message, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (markup));
}

static void
problem_cb (LabWindow  *self,
            const char *heading,
            const char *message)
{
  GtkWidget *dialog;

  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);

  if (g_utf8_strlen (message, -1) <= LONG_MESSAGE)
    {
      show_toast (self, message);
      return;
    }

  dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, message);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
not_kept_response_cb (LabWindow  *self,
                      const char *response)
{
  if (g_str_equal (response, "save"))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.save-model", NULL);
  else if (g_str_equal (response, "lose"))
    {
      self->may_lose = TRUE;
      gtk_window_close (GTK_WINDOW (self));
    }
}

/* The network is nowhere but in this window: it stays until it is saved or the
 * user lets it go. @message may be NULL. */
static void
not_kept_cb (LabWindow  *self,
             const char *message)
{
  AdwMessageDialog *dialog;

  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);

  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (self), _("The Network Could Not Be Kept"), message));
  adw_message_dialog_add_responses (dialog,
                                    "cancel", _("_Cancel"),
                                    "lose", _("Close _Without It"),
                                    "save", _("_Save As…"),
                                    NULL);
  adw_message_dialog_set_response_appearance (dialog, "lose", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (dialog, "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "save");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (not_kept_response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
saved_cb (LabWindow *self)
{
  show_toast (self, _("Model saved"));
}

/* Following a run */

static char *
describe_end (LabTrainer *trainer)
{
  gboolean done = lab_trainer_get_state (trainer) == LAB_TRAINER_DONE;
  GListModel *history = lab_trainer_get_history (trainer);
  guint n_epochs = g_list_model_get_n_items (history);
  g_autoptr (LabEpoch) epoch = NULL;

  if (n_epochs == 0)
    return g_strdup (_("Training stopped"));

  epoch = g_list_model_get_item (history, n_epochs - 1);

  if (isnan (lab_epoch_get_val_accuracy (epoch)))
    return g_strdup_printf (done ? _("Training finished: %.1f\u00a0%% on the training images")
                                 : _("Training stopped: %.1f\u00a0%% on the training images"),
                            100.0 * lab_epoch_get_accuracy (epoch));

  return g_strdup_printf (done ? _("Training finished: %.1f\u00a0%% on validation")
                               : _("Training stopped: %.1f\u00a0%% on validation"),
                          100.0 * lab_epoch_get_val_accuracy (epoch));
}

static void
toast_dismissed_cb (LabWindow *self)
{
  g_clear_object (&self->undo_toast);
}

static void
show_undo_toast (LabWindow  *self,
                 const char *message)
{
  g_autofree char *markup = g_markup_escape_text (message, -1);

  if (self->undo_toast != NULL)
    adw_toast_dismiss (self->undo_toast);

  self->undo_toast = adw_toast_new (markup);
  adw_toast_set_button_label (self->undo_toast, _("_Undo"));
  adw_toast_set_action_name (self->undo_toast, "win.undo");
  adw_toast_set_timeout (self->undo_toast, UNDO_SECONDS);
  g_signal_connect_object (self->undo_toast, "dismissed", G_CALLBACK (toast_dismissed_cb), self, G_CONNECT_SWAPPED);

  adw_toast_overlay_add_toast (self->toasts, g_object_ref (self->undo_toast));
}

static void
trained_cb (LabWindow *self)
{
  g_autofree char *message = describe_end (lab_session_get_trainer (self->session));

  show_undo_toast (self, message);
}

static void
replaced_cb (LabWindow *self)
{
  LabNetwork *network = lab_session_get_network (self->session);
  /* Translators: the name of a network */
  g_autofree char *message = g_strdup_printf (_("“%s” is in use now"), lab_network_get_title (network));

  show_undo_toast (self, message);
}

static void
stop_toast_dismissed_cb (LabWindow *self)
{
  g_clear_object (&self->stop_toast);
}

static void
show_stop_toast (LabWindow *self)
{
  self->stop_toast = adw_toast_new (_("Stopped within the first epoch: the network is the former one"));
  g_signal_connect_object (self->stop_toast, "dismissed", G_CALLBACK (stop_toast_dismissed_cb), self, G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (self->toasts, g_object_ref (self->stop_toast));
}

static void
trainer_state_changed_cb (LabWindow *self)
{
  LabTrainer *trainer = lab_session_get_trainer (self->session);

  if (self->stop_toast != NULL)
    adw_toast_dismiss (self->stop_toast);
  if (lab_trainer_get_state (trainer) == LAB_TRAINER_STOPPED
      && g_list_model_get_n_items (lab_trainer_get_history (trainer)) == 0)
    show_stop_toast (self);

  update_actions (self);
}

static void
can_undo_changed_cb (LabWindow *self)
{
  if (self->undo_toast != NULL && !lab_session_get_can_undo (self->session))
    adw_toast_dismiss (self->undo_toast);

  update_actions (self);
}

/* Ends what lab_window_close_request() began, once nothing is left to do. */
static void
busy_changed_cb (LabWindow *self)
{
  if (!self->closing || lab_session_get_busy (self->session))
    return;

  /* It may be seen again, after a problem or because the program was started
   * once more in the meantime. */
  self->closing = FALSE;
  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
network_changed_cb (LabWindow *self)
{
  update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NETWORK]);
}

/* Choosing files */

static void
chooser_response_cb (GtkFileChooserNative *chooser,
                     int                   response,
                     LabWindow            *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

      if (gtk_file_chooser_get_action (GTK_FILE_CHOOSER (chooser)) == GTK_FILE_CHOOSER_ACTION_OPEN)
        lab_session_open (self->session, file);
      else
        lab_session_save_as (self->session, file);
    }

  g_object_unref (chooser);
}

static void
choose_model (LabWindow            *self,
              const char           *title,
              GtkFileChooserAction  action)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, NULL, NULL);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _("ONNX models"));
  gtk_file_filter_add_suffix (filter, "onnx");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);

  if (action == GTK_FILE_CHOOSER_ACTION_OPEN)
    {
      g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

      gtk_file_filter_set_name (all, _("All files"));
      gtk_file_filter_add_pattern (all, "*");
      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), all);
    }
  else
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), _("digits.onnx"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chooser_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* Actions */

static void
open_model_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  choose_model (LAB_WINDOW (widget), _("Open Model"), GTK_FILE_CHOOSER_ACTION_OPEN);
}

static void
save_model_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  choose_model (LAB_WINDOW (widget), _("Save Model As"), GTK_FILE_CHOOSER_ACTION_SAVE);
}

static void
use_built_in_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  lab_session_use_built_in (LAB_WINDOW (widget)->session);
}

static void
undo_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  lab_session_undo (LAB_WINDOW (widget)->session);
}

static void
start_training_action (GtkWidget  *widget,
                       const char *name,
                       GVariant   *parameter)
{
  LabWindow *self = LAB_WINDOW (widget);

  adw_view_stack_set_visible_child_name (self->stack, "train");
  gtk_widget_activate_action (self->train_page, "train.start", NULL);
}

static void
stop_training_action (GtkWidget  *widget,
                      const char *name,
                      GVariant   *parameter)
{
  lab_trainer_stop (lab_session_get_trainer (LAB_WINDOW (widget)->session));
}

/* A key binding of the window gets what the focused widget has no use for, so
 * that Delete still deletes text in an entry. */
static gboolean
delete_cb (GtkWidget *widget,
           GVariant  *arguments,
           gpointer   unused)
{
  LabWindow *self = LAB_WINDOW (widget);

  if (adw_view_stack_get_visible_child (self->stack) != self->draw_page)
    return GDK_EVENT_PROPAGATE;

  return gtk_widget_activate_action (self->draw_page, "draw.clear", NULL);
}

static gboolean
lab_window_close_request (GtkWindow *window)
{
  LabWindow *self = LAB_WINDOW (window);

  if (GTK_WINDOW_CLASS (lab_window_parent_class)->close_request (window))
    return GDK_EVENT_STOP;

  if (!lab_session_get_busy (self->session))
    {
      if (lab_session_get_kept (self->session) || self->may_lose)
        return GDK_EVENT_PROPAGATE;

      not_kept_cb (self, _("It is lost when the program ends, unless it is saved somewhere else."));
      return GDK_EVENT_STOP;
    }

  /* The window is gone for its user at once; what was learned is saved first. */
  self->closing = TRUE;
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  lab_trainer_stop (lab_session_get_trainer (self->session));

  return GDK_EVENT_STOP;
}

static void
lab_window_get_property (GObject    *object,
                         guint       id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  LabWindow *self = LAB_WINDOW (object);

  switch (id)
    {
    case PROP_NETWORK:
      g_value_set_object (value, lab_window_get_network (self));
      break;

    case PROP_TRAINER:
      g_value_set_object (value, lab_window_get_trainer (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lab_window_set_property (GObject      *object,
                         guint         id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_NETWORK:
      lab_window_set_network (LAB_WINDOW (object), g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lab_window_finalize (GObject *object)
{
  LabWindow *self = LAB_WINDOW (object);

  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  g_clear_object (&self->undo_toast);
  g_clear_object (&self->stop_toast);

  G_OBJECT_CLASS (lab_window_parent_class)->finalize (object);
}

static void
lab_window_class_init (LabWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GtkWindowClass *window_class = GTK_WINDOW_CLASS (klass);

  object_class->finalize = lab_window_finalize;
  object_class->get_property = lab_window_get_property;
  object_class->set_property = lab_window_set_property;
  window_class->close_request = lab_window_close_request;

  properties[PROP_NETWORK] =
      g_param_spec_object ("network", NULL, NULL, LAB_TYPE_NETWORK,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_TRAINER] =
      g_param_spec_object ("trainer", NULL, NULL, LAB_TYPE_TRAINER,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (LAB_TYPE_RUN_STRIP);
  g_type_ensure (LAB_TYPE_DRAW_PAGE);
  g_type_ensure (LAB_TYPE_TRAIN_PAGE);
  g_type_ensure (LAB_TYPE_REVIEW_PAGE);

  gtk_widget_class_set_template_from_resource (widget_class, LAB_APP_PATH "/ui/lab-window.ui");
  gtk_widget_class_bind_template_child (widget_class, LabWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, draw_page);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, train_page);
  gtk_widget_class_bind_template_child (widget_class, LabWindow, review_page);

  gtk_widget_class_install_action (widget_class, "win.open-model", NULL, open_model_action);
  gtk_widget_class_install_action (widget_class, "win.save-model", NULL, save_model_action);
  gtk_widget_class_install_action (widget_class, "win.use-built-in", NULL, use_built_in_action);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "win.start-training", NULL, start_training_action);
  gtk_widget_class_install_action (widget_class, "win.stop-training", NULL, stop_training_action);

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Delete, 0, delete_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Delete, 0, delete_cb, NULL);
}

static void
bind_settings (LabWindow *self)
{
  g_autoptr (GAction) view = NULL;

  /* Settings that cannot be written are no reason to make the window insensitive. */
  const GSettingsBindFlags flags = G_SETTINGS_BIND_DEFAULT | G_SETTINGS_BIND_NO_SENSITIVITY;

  self->settings = g_settings_new (LAB_APP_ID);
  g_settings_bind (self->settings, "window-width", self, "default-width", flags);
  g_settings_bind (self->settings, "window-height", self, "default-height", flags);
  g_settings_bind (self->settings, "window-maximized", self, "maximized", flags);
  g_settings_bind (self->settings, "view", self->stack, "visible-child-name", flags);

  view = g_settings_create_action (self->settings, "view");
  g_action_map_add_action (G_ACTION_MAP (self), view);
}

static void
connect_session (LabWindow *self)
{
  const struct
  {
    const char *signal;
    GCallback   callback;
  } connections[] = {
    { "notify::network",  G_CALLBACK (network_changed_cb) },
    { "notify::can-undo", G_CALLBACK (can_undo_changed_cb) },
    { "notify::busy",     G_CALLBACK (busy_changed_cb) },
    { "trained",          G_CALLBACK (trained_cb) },
    { "replaced",         G_CALLBACK (replaced_cb) },
    { "not-kept",         G_CALLBACK (not_kept_cb) },
    { "saved",            G_CALLBACK (saved_cb) },
    { "problem",          G_CALLBACK (problem_cb) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (connections); i++)
    g_signal_connect_object (self->session, connections[i].signal, connections[i].callback, self, G_CONNECT_SWAPPED);

  g_signal_connect_object (lab_session_get_trainer (self->session), "notify::state",
                           G_CALLBACK (trainer_state_changed_cb), self, G_CONNECT_SWAPPED);
}

static void
lab_window_init (LabWindow *self)
{
  g_autoptr (GFile) folder = g_file_new_build_filename (g_get_user_data_dir (), LAB_GETTEXT_PACKAGE, NULL);

  /* The template binds to it. */
  self->session = lab_session_new (folder);

  gtk_widget_init_template (GTK_WIDGET (self));
  bind_settings (self);

  connect_session (self);
  update_actions (self);
}

LabWindow *
lab_window_new (AdwApplication *application)
{
  return g_object_new (LAB_TYPE_WINDOW, "application", application, NULL);
}

LabNetwork *
lab_window_get_network (LabWindow *self)
{
  g_return_val_if_fail (LAB_IS_WINDOW (self), NULL);

  return lab_session_get_network (self->session);
}

void
lab_window_set_network (LabWindow  *self,
                        LabNetwork *network)
{
  g_return_if_fail (LAB_IS_WINDOW (self));

  lab_session_set_network (self->session, network);
}

LabTrainer *
lab_window_get_trainer (LabWindow *self)
{
  g_return_val_if_fail (LAB_IS_WINDOW (self), NULL);

  return lab_session_get_trainer (self->session);
}

LabSession *
lab_window_get_session (LabWindow *self)
{
  g_return_val_if_fail (LAB_IS_WINDOW (self), NULL);

  return self->session;
}
