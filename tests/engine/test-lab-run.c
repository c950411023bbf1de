/* SPDX-License-Identifier: MIT */
#include <glib.h>

#include "lab-preset.h"
#include "lab-run.h"

static void
count_cb (GObject *object, GParamSpec *pspec, gpointer count)
{
  ++*(guint *) count;
}

/* Sets every property to a value it has not, and reads it back. */
static void
test_properties (void)
{
  LabRun *run = lab_run_new ();
  guint n_props;
  g_autofree GParamSpec **props = g_object_class_list_properties (G_OBJECT_GET_CLASS (run), &n_props);

  g_assert_cmpuint (n_props, ==, 28);
  for (guint i = 0; i < n_props; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT, back = G_VALUE_INIT;
      g_autofree char *signal = g_strconcat ("notify::", props[i]->name, NULL);
      guint count = 0;
      gulong handler = g_signal_connect (run, signal, G_CALLBACK (count_cb), &count);

      g_object_get_property (G_OBJECT (run), props[i]->name, &value);
      if (G_VALUE_HOLDS_STRING (&value))
        g_value_set_static_string (&value, "accurate");
      else if (G_VALUE_HOLDS_UINT (&value))
        g_value_set_uint (&value, 77 + i);
      else if (G_VALUE_HOLDS_UINT64 (&value))
        g_value_set_uint64 (&value, G_MAXUINT64 - i);
      else if (G_VALUE_HOLDS_BOOLEAN (&value))
        g_value_set_boolean (&value, !g_value_get_boolean (&value));
      else if (G_VALUE_HOLDS_ENUM (&value))
        g_value_set_enum (&value, g_value_get_enum (&value) == 0);
      else
        g_value_set_double (&value, G_PARAM_SPEC_DOUBLE (props[i])->minimum + 0.25 + i / 1024.0);

      g_object_set_property (G_OBJECT (run), props[i]->name, &value);
      g_object_get_property (G_OBJECT (run), props[i]->name, &back);
      g_assert_cmpint (g_param_values_cmp (props[i], &value, &back), ==, 0);
      g_assert_cmpuint (count, ==, 1);
      g_object_set_property (G_OBJECT (run), props[i]->name, &value);
      g_assert_cmpuint (count, ==, 1);
      g_signal_handler_disconnect (run, handler);
    }
  g_assert_finalize_object (run);
}

static void
assert_trains_alike (LabRun *run, const LabSettings *expected)
{
  const LabSettings *settings = lab_run_get_settings (run);

  g_assert_cmpuint (settings->epochs, ==, expected->epochs);
  g_assert_cmpuint (settings->batch_size, ==, expected->batch_size);
  g_assert_cmpint (settings->optimizer, ==, expected->optimizer);
  g_assert_cmpfloat (settings->learning_rate, ==, expected->learning_rate);
  g_assert_cmpint (settings->schedule, ==, expected->schedule);
  g_assert_cmpfloat (settings->average, ==, expected->average);
  g_assert_cmpfloat (settings->rotation, ==, expected->rotation);
  g_assert_cmpfloat (settings->shear, ==, expected->shear);
  g_assert_cmpfloat (settings->elastic, ==, expected->elastic);
  g_assert_cmpfloat (settings->elastic_radius, ==, expected->elastic_radius);
  g_assert_cmpfloat (settings->line_width, ==, expected->line_width);
  g_assert_cmpfloat (settings->doodles, ==, expected->doodles);
  g_assert_cmpfloat (settings->validation_share, ==, expected->validation_share);
  g_assert_cmpuint (settings->patience, ==, expected->patience);
  g_assert_cmpint (settings->restore_best, ==, expected->restore_best);
}

/* A new run, and one that is given a preset, have its settings; each that is
 * another than before is notified once. */
static void
test_preset (void)
{
  LabRun *run = lab_run_new ();
  guint epochs = 0, optimizer = 0;

  g_assert_cmpstr (lab_run_get_preset (run), ==, "quick");
  assert_trains_alike (run, &lab_preset_find ("quick")->settings);
  g_assert_cmpuint (lab_run_get_settings (run)->seed, ==, 1);
  for (guint i = lab_preset_count (); i-- > 0;)
    {
      const LabPreset *preset = lab_preset_get (i);

      g_assert_true (lab_preset_find (preset->name) == preset);
      g_object_set (run, "epochs", 999, "rotation", 3.0, "patience", 5, "seed", G_GUINT64_CONSTANT (4), "threads", 2, NULL);
      lab_run_set_preset (run, preset->name);
      assert_trains_alike (run, &preset->settings);
      g_assert_cmpuint (lab_run_get_settings (run)->seed, ==, 4);
      g_assert_cmpuint (lab_run_get_settings (run)->threads, ==, 2);
    }
  g_assert_null (lab_preset_find ("no such preset"));
  g_assert_null (lab_preset_find (NULL));

  g_signal_connect (run, "notify::epochs", G_CALLBACK (count_cb), &epochs);
  g_signal_connect (run, "notify::optimizer", G_CALLBACK (count_cb), &optimizer);
  lab_run_set_preset (run, "mlp-300-100");
  lab_run_set_preset (run, "mlp-500-500");
  g_assert_cmpuint (epochs, ==, 1);
  g_assert_cmpuint (optimizer, ==, 1);
  g_assert_finalize_object (run);
}

static void
test_copy (void)
{
  LabRun *run = lab_run_new ();
  LabRun *copy;
  LabSettings settings;

  g_object_set (run, "preset", "mlp-128-128", "epochs", 9, "learning-rate", 0.5, "schedule", LAB_SCHEDULE_ONE_CYCLE,
                "restore-best", TRUE, "seed", G_GUINT64_CONSTANT (1) << 40, "threads", 3, NULL);
  settings = *lab_run_get_settings (run);
  copy = lab_run_copy (run);
  g_assert_finalize_object (run);
  g_assert_cmpstr (lab_run_get_preset (copy), ==, "mlp-128-128");
  assert_trains_alike (copy, &settings);
  g_assert_cmpuint (lab_run_get_settings (copy)->seed, ==, G_GUINT64_CONSTANT (1) << 40);
  g_assert_cmpuint (lab_run_get_settings (copy)->threads, ==, 3);
  g_assert_finalize_object (copy);
}

static void
test_text (void)
{
  static const char *expected[][2] = {
    { "preset", "mlp-128-128" }, { "epochs", "12" },        { "learning-rate", "0.0125" }, { "schedule", "one-cycle" },
    { "restore-best", "on" },    { "optimizer", "adam" },   { "precision", "fp32" },       { "seed", "18446744073709551615" },
  };
  LabRun *run = lab_run_new ();

  g_object_set (run, "preset", "mlp-128-128", "epochs", 12, "learning-rate", 0.0125, "schedule", LAB_SCHEDULE_ONE_CYCLE,
                "restore-best", TRUE, "seed", G_MAXUINT64, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *text = lab_run_dup_text (run, expected[i][0]);

      g_assert_cmpstr (text, ==, expected[i][1]);
    }
  g_assert_finalize_object (run);
}

static void
test_effective (void)
{
  LabRun *run = lab_run_new ();
  g_autofree const char **names = NULL;
  g_autofree char *list = NULL;

  lab_run_set_preset (run, "mlp-300-100");
  g_object_set (run, "warm-up", 0.5, "clip-norm", 2.0, "threads", 2, "validation-share", 0.0, NULL);
  names = lab_run_list_effective (run);
  list = g_strjoinv (" ", (char **) names);
  g_assert_cmpstr (list, ==, "preset epochs batch-size optimizer learning-rate schedule clip-norm validation-share precision seed");

  g_assert_null (lab_run_find_obstacle (run, "momentum"));
  g_assert_cmpstr (lab_run_find_obstacle (run, "warm-up"), ==, "schedule");
  g_object_set (run, "optimizer", LAB_OPTIMIZER_ADAM, "schedule", LAB_SCHEDULE_ONE_CYCLE, NULL);
  g_assert_cmpstr (lab_run_find_obstacle (run, "momentum"), ==, "optimizer");
  g_assert_null (lab_run_find_obstacle (run, "warm-up"));
  g_assert_cmpstr (lab_run_find_obstacle (run, "schedule-factor"), ==, "schedule");
  g_object_set (run, "schedule", LAB_SCHEDULE_STEP, NULL);
  g_assert_null (lab_run_find_obstacle (run, "schedule-epochs"));
  g_assert_cmpstr (lab_run_find_obstacle (run, "elastic-radius"), ==, "elastic");
  g_object_set (run, "elastic", 1.0, NULL);
  g_assert_null (lab_run_find_obstacle (run, "elastic-radius"));
  g_assert_finalize_object (run);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/properties", test_properties);
  g_test_add_func ("/run/preset", test_preset);
  g_test_add_func ("/run/copy", test_copy);
  g_test_add_func ("/run/text", test_text);
  g_test_add_func ("/run/effective", test_effective);
  return g_test_run ();
}
