/* SPDX-License-Identifier: MIT */
#include "lab-sample-window.h"

#include <glib/gi18n.h>

#include "lab-config.h"
#include "lab-digit-view.h"
#include "lab-probability-bars.h"
#include "lab-sample.h"

struct _LabSampleWindow
{
  AdwWindow parent_instance;

  GListModel *samples;
  guint position;

  AdwWindowTitle *title;
  LabDigitView *picture;
  LabProbabilityBars *bars;
};

G_DEFINE_FINAL_TYPE (LabSampleWindow, lab_sample_window, ADW_TYPE_WINDOW)

static void
show_position (LabSampleWindow *self,
               guint            position)
{
  g_autoptr (LabSample) sample = g_list_model_get_item (self->samples, position);
  guint n = g_list_model_get_n_items (self->samples);
  g_autofree char *title = g_strdup_printf (_("Labelled %u, read as %u"),
                                            lab_sample_get_label (sample),
                                            lab_sample_get_predicted (sample));
  /* Translators: the number of a picture in its file, then which of the
   * mistakes in the list it is. */
  g_autofree char *subtitle = g_strdup_printf (_("Test image %'u · mistake %'u of %'u"),
                                               lab_sample_get_index (sample), position + 1, n);

  self->position = position;

  gtk_window_set_title (GTK_WINDOW (self), title);
  adw_window_title_set_title (self->title, title);
  adw_window_title_set_subtitle (self->title, subtitle);
  lab_digit_view_set_image (self->picture, lab_sample_get_image (sample));
  lab_probability_bars_set_probabilities (self->bars, lab_sample_get_probabilities (sample));

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sample.previous", position > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sample.next", position + 1 < n);
}

static void
previous_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  LabSampleWindow *self = LAB_SAMPLE_WINDOW (widget);

  show_position (self, self->position - 1);
}

static void
next_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  LabSampleWindow *self = LAB_SAMPLE_WINDOW (widget);

  show_position (self, self->position + 1);
}

/* The arrow keys would otherwise move the focus between the buttons. */
static void
add_arrow_keys (LabSampleWindow *self)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Left, 0),
                                                          gtk_named_action_new (rtl ? "sample.next" : "sample.previous")));
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Right, 0),
                                                          gtk_named_action_new (rtl ? "sample.previous" : "sample.next")));
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
lab_sample_window_dispose (GObject *object)
{
  LabSampleWindow *self = LAB_SAMPLE_WINDOW (object);

  g_clear_object (&self->samples);

  G_OBJECT_CLASS (lab_sample_window_parent_class)->dispose (object);
}

static void
lab_sample_window_class_init (LabSampleWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_sample_window_dispose;

  gtk_widget_class_install_action (widget_class, "sample.previous", NULL, previous_action);
  gtk_widget_class_install_action (widget_class, "sample.next", NULL, next_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);

  g_type_ensure (LAB_TYPE_DIGIT_VIEW);
  g_type_ensure (LAB_TYPE_PROBABILITY_BARS);
  gtk_widget_class_set_template_from_resource (widget_class, LAB_APP_PATH "/ui/lab-sample-window.ui");
  gtk_widget_class_bind_template_child (widget_class, LabSampleWindow, title);
  gtk_widget_class_bind_template_child (widget_class, LabSampleWindow, picture);
  gtk_widget_class_bind_template_child (widget_class, LabSampleWindow, bars);
}

static void
lab_sample_window_init (LabSampleWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_arrow_keys (self);
}

GtkWidget *
lab_sample_window_new (GtkWindow  *parent,
                       GListModel *samples,
                       guint       position)
{
  LabSampleWindow *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (G_IS_LIST_MODEL (samples), NULL);
  g_return_val_if_fail (position < g_list_model_get_n_items (samples), NULL);

  self = g_object_new (LAB_TYPE_SAMPLE_WINDOW, "transient-for", parent, NULL);
  self->samples = g_object_ref (samples);
  show_position (self, position);

  return GTK_WIDGET (self);
}

guint
lab_sample_window_get_position (LabSampleWindow *self)
{
  g_return_val_if_fail (LAB_IS_SAMPLE_WINDOW (self), 0);

  return self->position;
}
