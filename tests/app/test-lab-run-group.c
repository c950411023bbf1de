/* SPDX-License-Identifier: MIT */
#include "lab-run-group.h"

#include "../lab-test-display.h"
#include "app-resources.h"
#include "lab-config.h"
#include "lab-preset.h"

typedef struct
{
  GSettings   *settings;
  LabRunGroup *group;
} Fixture;

static void
create_group (Fixture *self)
{
  self->group = g_object_ref_sink (LAB_RUN_GROUP (lab_run_group_new ()));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  static const char *keys[] = { "preset", "epochs", "batch-size", "learning-rate", "validation-share" };

  self->settings = g_settings_new (LAB_APP_ID);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_reset (self->settings, keys[i]);
  create_group (self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->group);
  g_clear_object (&self->settings);
}

static gpointer
get_child (Fixture *self, const char *name)
{
  GObject *child = gtk_widget_get_template_child (GTK_WIDGET (self->group), LAB_TYPE_RUN_GROUP, name);

  g_assert_nonnull (child);

  return child;
}

static double
get_value (Fixture *self, const char *adjustment)
{
  return gtk_adjustment_get_value (get_child (self, adjustment));
}

/* Without settings of the user's, a run is that of the default preset. */
static void
test_defaults (Fixture *self, gconstpointer data)
{
  g_autoptr (LabRun) fresh = lab_run_new ();
  g_autofree const char **names = lab_run_list_effective (fresh);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *text = lab_run_dup_text (fresh, names[i]);
      g_autofree char *ours = lab_run_dup_text (lab_run_group_get_run (self->group), names[i]);

      g_assert_cmpstr (ours, ==, text);
    }
}

static void
test_presets (Fixture *self, gconstpointer data)
{
  AdwComboRow *row = get_child (self, "preset_row");

  guint n = g_list_model_get_n_items (adw_combo_row_get_model (row));

  /* All but “ensemble”, which is not one network. */
  g_assert_cmpuint (n, ==, lab_preset_count () - 1);

  for (guint i = n; i-- > 0;)
    {
      const LabPreset *preset = lab_preset_get (i);
      g_autofree char *name = NULL;

      adw_combo_row_set_selected (row, i);
      g_assert_cmpfloat (get_value (self, "epochs"), ==, preset->settings.epochs);
      g_assert_cmpfloat (get_value (self, "batch_size"), ==, preset->settings.batch_size);
      g_assert_cmpstr (adw_preferences_group_get_description (ADW_PREFERENCES_GROUP (self->group)), ==, preset->description);

      name = g_settings_get_string (self->settings, "preset");
      g_assert_cmpstr (name, ==, preset->name);
      g_assert_cmpuint (g_settings_get_uint (self->settings, "epochs"), ==, preset->settings.epochs);
      g_assert_cmpuint (g_settings_get_uint (self->settings, "batch-size"), ==, preset->settings.batch_size);
      g_assert_cmpfloat (g_settings_get_double (self->settings, "learning-rate"), ==, preset->settings.learning_rate);
      g_assert_cmpfloat (g_settings_get_double (self->settings, "validation-share"), ==, preset->settings.validation_share);
    }
}

static void
test_settings (Fixture *self, gconstpointer data)
{
  /* What was kept comes back, although a preset would say otherwise. */
  g_assert_finalize_object (self->group);
  g_settings_set_string (self->settings, "preset", "accurate");
  g_settings_set_uint (self->settings, "epochs", 7);
  g_settings_set_uint (self->settings, "batch-size", 33);
  g_settings_set_double (self->settings, "learning-rate", 0.25);
  create_group (self);
  g_assert_cmpuint (adw_combo_row_get_selected (get_child (self, "preset_row")), ==, 1);
  g_assert_cmpfloat (get_value (self, "epochs"), ==, 7);
  g_assert_cmpfloat (get_value (self, "batch_size"), ==, 33);
  g_assert_cmpuint (g_settings_get_uint (self->settings, "epochs"), ==, 7);
  g_assert_cmpfloat (g_settings_get_double (self->settings, "learning-rate"), ==, 0.25);

  /* What is entered is kept. */
  gtk_adjustment_set_value (get_child (self, "epochs"), 12);
  gtk_adjustment_set_value (get_child (self, "batch_size"), 128);
  g_assert_cmpuint (g_settings_get_uint (self->settings, "epochs"), ==, 12);
  g_assert_cmpuint (g_settings_get_uint (self->settings, "batch-size"), ==, 128);
}

/* Settings of another version name a preset that is not there. */
static void
test_unknown_preset (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->group);
  g_settings_set_string (self->settings, "preset", "no-such-preset");
  create_group (self);
  g_assert_cmpstr (lab_run_get_preset (lab_run_group_get_run (self->group)), ==, "quick");

  g_assert_finalize_object (self->group);
  g_settings_set_string (self->settings, "preset", "ensemble");
  create_group (self);
  g_assert_cmpstr (lab_run_get_preset (lab_run_group_get_run (self->group)), ==, "quick");
  g_assert_cmpuint (adw_combo_row_get_selected (get_child (self, "preset_row")), ==, 0);
}

static void
test_learning_rate (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *entered;
    const char *shown;
    double      rate;
  } cases[] = {
    { "3e-4", "0.0003", 0.0003 },
    { "0.0125", "0.0125", 0.0125 },
    { "100", "10", 10 },
    { "nonsense", "10", 10 },
    { "-1", "10", 10 },
    { "1e-6", "1e-06", 1e-6 },
    { "1e-9", "1e-06", 1e-6 },
  };
  GtkSpinButton *spin = get_child (self, "learning_rate_spin");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gtk_editable_set_text (GTK_EDITABLE (spin), cases[i].entered);
      gtk_spin_button_update (spin);
      g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, cases[i].shown);
      g_assert_cmpfloat (g_settings_get_double (self->settings, "learning-rate"), ==, cases[i].rate);
    }

  g_settings_set_double (self->settings, "learning-rate", 0.009);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "0.009");
  gtk_spin_button_spin (spin, GTK_SPIN_STEP_FORWARD, 1);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "0.01");
  gtk_spin_button_spin (spin, GTK_SPIN_STEP_FORWARD, 1);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "0.02");

  /* It is shown from the start, even where its position is 0. */
  g_assert_finalize_object (self->group);
  g_settings_set_double (self->settings, "learning-rate", 1);
  create_group (self);
  spin = get_child (self, "learning_rate_spin");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "1");
}

/* What was typed counts without Enter. */
static void
test_commit (Fixture *self, gconstpointer data)
{
  const LabSettings *settings = lab_run_get_settings (lab_run_group_get_run (self->group));

  gtk_editable_set_text (get_child (self, "epochs_spin"), "17");
  gtk_editable_set_text (get_child (self, "batch_size_spin"), "48");
  gtk_editable_set_text (get_child (self, "learning_rate_spin"), "0.03");
  g_assert_cmpuint (settings->epochs, !=, 17);

  lab_run_group_commit (self->group);
  g_assert_cmpuint (settings->epochs, ==, 17);
  g_assert_cmpuint (settings->batch_size, ==, 48);
  g_assert_cmpfloat (settings->learning_rate, ==, 0.03);
}

#define add(name, function) \
  g_test_add ("/run-group/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  if (!lab_test_open_display ())
    return 0;

  g_test_init (&argc, &argv, NULL);
  adw_init ();
  /* Makes the linker keep the resources. */
  g_assert_nonnull (lab_app_get_resource ());

  add ("defaults", test_defaults);
  add ("presets", test_presets);
  add ("settings", test_settings);
  add ("unknown-preset", test_unknown_preset);
  add ("learning-rate", test_learning_rate);
  add ("commit", test_commit);

  return g_test_run ();
}
