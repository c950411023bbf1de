/* SPDX-License-Identifier: MIT */
#include "lab-run-group.h"

#include <glib/gi18n.h>

#include "lab-config.h"
#include "lab-decade-scale.h"
#include "lab-preset.h"

struct _LabRunGroup
{
  AdwPreferencesGroup parent_instance;

  AdwComboRow        *preset_row;
  GtkSpinButton      *epochs_spin;
  GtkSpinButton      *batch_size_spin;
  GtkSpinButton      *learning_rate_spin;
  GtkAdjustment      *epochs;
  GtkAdjustment      *batch_size;
  GtkAdjustment      *learning_rate; /* positions on a decade scale */

  GSettings          *settings;
  LabRun             *run;
};

G_DEFINE_FINAL_TYPE (LabRunGroup, lab_run_group, ADW_TYPE_PREFERENCES_GROUP)

/* Returns how many presets the window offers: those before the ones of several
 * networks, as it shows one network at a time. */
static guint
count_presets (void)
{
  guint n = 0;

  while (n < lab_preset_count () && lab_preset_get (n)->members <= 1)
    n++;
  return n;
}

/* A preset that this version does not know gives way to the default. */
static gboolean
get_known_preset (GValue *value, GVariant *variant, gpointer user_data)
{
  const char *name = g_variant_get_string (variant, NULL);

  if (lab_preset_find (name) == NULL || lab_preset_find (name)->members > 1)
    return FALSE;

  g_value_set_string (value, name);

  return TRUE;
}

static gboolean
preset_to_index (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  const char *name = g_value_get_string (from);

  for (guint i = 0; i < count_presets (); i++)
    if (g_strcmp0 (lab_preset_get (i)->name, name) == 0)
      {
        g_value_set_uint (to, i);
        return TRUE;
      }

  return FALSE;
}

static gboolean
index_to_preset (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  guint i = g_value_get_uint (from);

  if (i >= count_presets ())
    return FALSE;

  g_value_set_string (to, lab_preset_get (i)->name);

  return TRUE;
}

static gboolean
preset_to_description (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  const LabPreset *preset = lab_preset_find (g_value_get_string (from));

  g_value_set_string (to, preset != NULL ? _(preset->description) : "");

  return TRUE;
}

static gboolean
rate_to_position (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  g_value_set_double (to, lab_decade_scale_get_position (g_value_get_double (from)));

  return TRUE;
}

static gboolean
position_to_rate (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  g_value_set_double (to, lab_decade_scale_get_value (g_value_get_double (from)));

  return TRUE;
}

static int
rate_input_cb (GtkSpinButton *spin, double *position, gpointer user_data)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (spin));
  char *end;
  double rate = g_strtod (text, &end);

  /* Text that makes no sense gives way to the value before it. GTK_INPUT_ERROR
   * would put 0 there, which is a rate of 1. */
  if (end == text || !(rate > 0 && rate < G_MAXDOUBLE))
    *position = gtk_spin_button_get_value (spin);
  else
    *position = lab_decade_scale_get_position (rate);

  return TRUE;
}

static gboolean
rate_output_cb (GtkSpinButton *spin, gpointer user_data)
{
  double rate = lab_decade_scale_get_value (gtk_spin_button_get_value (spin));
  g_autofree char *text = g_strdup_printf ("%.7g", rate);

  if (strcmp (text, gtk_editable_get_text (GTK_EDITABLE (spin))) != 0)
    gtk_editable_set_text (GTK_EDITABLE (spin), text);
  /* Otherwise a screen reader would say the position. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);

  return TRUE;
}

/* The run stands between the settings and the widgets: setting its preset
 * brings all the other values along. The preset comes first, or it would
 * overwrite the values that were kept. */
static void
bind_run (LabRunGroup *self)
{
  static const char *keys[] = { "epochs", "batch-size", "learning-rate", "validation-share" };
  const GBindingFlags both = G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE;

  g_settings_bind_with_mapping (self->settings, "preset", self->run, "preset", G_SETTINGS_BIND_DEFAULT,
                                get_known_preset, NULL, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_bind (self->settings, keys[i], self->run, keys[i], G_SETTINGS_BIND_DEFAULT);

  g_object_bind_property_full (self->run, "preset", self->preset_row, "selected", both,
                               preset_to_index, index_to_preset, NULL, NULL);
  g_object_bind_property_full (self->run, "preset", self, "description", G_BINDING_SYNC_CREATE,
                               preset_to_description, NULL, NULL, NULL);
  g_object_bind_property (self->run, "epochs", self->epochs, "value", both);
  g_object_bind_property (self->run, "batch-size", self->batch_size, "value", both);
  g_object_bind_property_full (self->run, "learning-rate", self->learning_rate, "value", both,
                               rate_to_position, position_to_rate, NULL, NULL);
  /* A rate of 1 is at position 0, where the adjustment is from the start. */
  rate_output_cb (self->learning_rate_spin, self);
}

static GListModel *
create_preset_titles (void)
{
  GtkStringList *titles = gtk_string_list_new (NULL);

  for (guint i = 0; i < count_presets (); i++)
    gtk_string_list_append (titles, _(lab_preset_get (i)->title));

  return G_LIST_MODEL (titles);
}

static void
lab_run_group_dispose (GObject *object)
{
  LabRunGroup *self = LAB_RUN_GROUP (object);

  g_clear_object (&self->run);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (lab_run_group_parent_class)->dispose (object);
}

static void
lab_run_group_class_init (LabRunGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_run_group_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, LAB_APP_PATH "/ui/lab-run-group.ui");
  gtk_widget_class_bind_template_child (widget_class, LabRunGroup, preset_row);
  gtk_widget_class_bind_template_child (widget_class, LabRunGroup, epochs_spin);
  gtk_widget_class_bind_template_child (widget_class, LabRunGroup, batch_size_spin);
  gtk_widget_class_bind_template_child (widget_class, LabRunGroup, learning_rate_spin);
  gtk_widget_class_bind_template_child (widget_class, LabRunGroup, epochs);
  gtk_widget_class_bind_template_child (widget_class, LabRunGroup, batch_size);
  gtk_widget_class_bind_template_child (widget_class, LabRunGroup, learning_rate);
  gtk_widget_class_bind_template_callback (widget_class, rate_input_cb);
  gtk_widget_class_bind_template_callback (widget_class, rate_output_cb);
}

static void
lab_run_group_init (LabRunGroup *self)
{
  g_autoptr (GListModel) titles = create_preset_titles ();

  gtk_widget_init_template (GTK_WIDGET (self));

  self->settings = g_settings_new (LAB_APP_ID);
  self->run = lab_run_new ();
  adw_combo_row_set_model (self->preset_row, titles);
  bind_run (self);
}

GtkWidget *
lab_run_group_new (void)
{
  return g_object_new (LAB_TYPE_RUN_GROUP, NULL);
}

LabRun *
lab_run_group_get_run (LabRunGroup *self)
{
  g_return_val_if_fail (LAB_IS_RUN_GROUP (self), NULL);

  return self->run;
}

void
lab_run_group_commit (LabRunGroup *self)
{
  g_return_if_fail (LAB_IS_RUN_GROUP (self));

  gtk_spin_button_update (self->epochs_spin);
  gtk_spin_button_update (self->batch_size_spin);
  gtk_spin_button_update (self->learning_rate_spin);
}
