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

  g_assert_cmpuint (n_props, ==, 7);
  for (guint i = 0; i < n_props; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT, back = G_VALUE_INIT;
      g_autofree char *signal = g_strconcat ("notify::", props[i]->name, NULL);
      guint count = 0;
      gulong handler = g_signal_connect (run, signal, G_CALLBACK (count_cb), &count);

      g_value_init (&value, props[i]->value_type);
      if (G_VALUE_HOLDS_STRING (&value))
        g_value_set_static_string (&value, "accurate");
      else if (G_VALUE_HOLDS_UINT (&value))
        g_value_set_uint (&value, 77 + i);
      else if (G_VALUE_HOLDS_UINT64 (&value))
        g_value_set_uint64 (&value, G_MAXUINT64 - i);
      else
        g_value_set_double (&value, 0.25 + i / 1024.0);

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
test_preset (void)
{
  LabRun *run = lab_run_new ();

  g_assert_cmpuint (lab_preset_count (), >=, 3);
  g_assert_cmpstr (lab_run_get_preset (run), ==, "quick");
  for (guint i = lab_preset_count (); i-- > 0;)
    {
      const LabPreset *preset = lab_preset_get (i);

      g_assert_true (lab_preset_find (preset->name) == preset);
      lab_run_set_epochs (run, 999);
      lab_run_set_preset (run, preset->name);
      g_assert_cmpuint (lab_run_get_epochs (run), ==, preset->epochs);
      g_assert_cmpuint (lab_run_get_batch_size (run), ==, preset->batch_size);
      g_assert_cmpfloat (lab_run_get_learning_rate (run), ==, preset->learning_rate);
    }
  g_assert_null (lab_preset_find ("no such preset"));
  g_assert_null (lab_preset_find (NULL));
  g_assert_finalize_object (run);
}

static void
test_copy (void)
{
  LabRun *run = lab_run_new ();
  LabRun *copy;

  g_object_set (run, "preset", "mlp-128-128", "epochs", 9, "batch-size", 8, "learning-rate", 0.5,
                "validation-share", 0.2, "seed", G_GUINT64_CONSTANT (1) << 40, "threads", 3, NULL);
  copy = lab_run_copy (run);
  g_assert_finalize_object (run);
  g_assert_cmpstr (lab_run_get_preset (copy), ==, "mlp-128-128");
  g_assert_cmpuint (lab_run_get_epochs (copy), ==, 9);
  g_assert_cmpuint (lab_run_get_batch_size (copy), ==, 8);
  g_assert_cmpfloat (lab_run_get_learning_rate (copy), ==, 0.5);
  g_assert_cmpfloat (lab_run_get_validation_share (copy), ==, 0.2);
  g_assert_cmpuint (lab_run_get_seed (copy), ==, G_GUINT64_CONSTANT (1) << 40);
  g_assert_cmpuint (lab_run_get_threads (copy), ==, 3);
  g_assert_finalize_object (copy);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/properties", test_properties);
  g_test_add_func ("/run/preset", test_preset);
  g_test_add_func ("/run/copy", test_copy);
  return g_test_run ();
}
