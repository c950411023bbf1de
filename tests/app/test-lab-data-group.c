/* SPDX-License-Identifier: MIT */
#include "lab-config.h"
#include "lab-data-folder.h"
#include "lab-data-group.h"
#include "lab-test-widgets.h"
#include "../engine/lab-test-data.h"

typedef struct
{
  GSettings    *settings;
  LabDataGroup *group;
  char         *folder; /* with 200 training images */
  char         *empty_folder;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (LabDataset) dataset = lab_test_dataset (200, 1);

  self->settings = g_settings_new (LAB_APP_ID);
  g_settings_reset (self->settings, "data-folder");
  g_settings_reset (self->settings, "built-in-digits");
  self->folder = g_dir_make_tmp ("digit-lab-XXXXXX", NULL);
  self->empty_folder = g_dir_make_tmp ("digit-lab-XXXXXX", NULL);
  lab_test_write_dataset (dataset, self->folder, "train");
  self->group = g_object_ref_sink (LAB_DATA_GROUP (lab_data_group_new ()));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->group != NULL)
    g_assert_finalize_object (self->group);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_settings_reset (self->settings, "data-folder");
  g_assert_finalize_object (self->settings);
  lab_test_remove_folder (self->folder);
  lab_test_remove_folder (self->empty_folder);
  g_free (self->folder);
  g_free (self->empty_folder);
}

static gpointer
get_child (Fixture *self, const char *name)
{
  GObject *child = gtk_widget_get_template_child (GTK_WIDGET (self->group), LAB_TYPE_DATA_GROUP, name);

  g_assert_nonnull (child);

  return child;
}

static gboolean
is_chosen (Fixture *self, const char *check)
{
  return gtk_check_button_get_active (get_child (self, check));
}

static void
wait_until_loaded (Fixture *self)
{
  while (lab_data_group_is_loading (self->group))
    g_main_context_iteration (NULL, TRUE);
}

/* Without a folder there is nothing to choose; a folder that is chosen is
 * wanted; built-in digits that are chosen beside it stay chosen. */
static void
test_choice (Fixture *self, gconstpointer data)
{
  g_assert_true (lab_data_group_is_built_in (self->group));
  g_assert_true (is_chosen (self, "built_in_check"));
  g_assert_false (gtk_widget_get_sensitive (get_child (self, "folder_check")));
  g_assert_false (lab_data_group_is_loading (self->group));

  g_settings_set_string (self->settings, "data-folder", self->folder);
  g_assert_false (lab_data_group_is_built_in (self->group));
  g_assert_true (is_chosen (self, "folder_check"));
  g_assert_true (gtk_widget_get_sensitive (get_child (self, "folder_check")));

  gtk_check_button_set_active (get_child (self, "built_in_check"), TRUE);
  g_assert_true (g_settings_get_boolean (self->settings, "built-in-digits"));
  g_assert_true (lab_data_group_is_built_in (self->group));
  g_assert_false (lab_data_group_is_loading (self->group));

  g_assert_finalize_object (self->group);
  self->group = g_object_ref_sink (LAB_DATA_GROUP (lab_data_group_new ()));
  g_assert_true (is_chosen (self, "built_in_check"));
  g_settings_set_string (self->settings, "data-folder", self->empty_folder);
  g_assert_false (g_settings_get_boolean (self->settings, "built-in-digits"));
  g_assert_true (is_chosen (self, "folder_check"));
}

/* A folder is read as soon as it is chosen, even when it is the same again. */
static void
test_folder (Fixture *self, gconstpointer data)
{
  g_autoptr (GFile) folder = g_file_new_for_path (self->folder);
  AdwActionRow *row = get_child (self, "folder_row");

  for (guint i = 0; i < 2; i++)
    {
      lab_data_folder_set (self->settings, folder);
      g_assert_true (g_str_has_suffix (adw_action_row_get_subtitle (row), "Reading…"));
      g_assert_null (lab_data_group_get_dataset (self->group));
      wait_until_loaded (self);
      g_assert_cmpuint (lab_dataset_get_size (lab_data_group_get_dataset (self->group)), ==, 200);
      g_assert_true (g_str_has_suffix (adw_action_row_get_subtitle (row), "200 images"));
    }
}

static void
test_message (Fixture *self, gconstpointer data)
{
  g_settings_set_string (self->settings, "data-folder", self->empty_folder);
  wait_until_loaded (self);
  g_assert_null (lab_data_group_get_dataset (self->group));
  g_assert_nonnull (strstr (lab_data_group_get_message (self->group), self->empty_folder));

  g_settings_set_string (self->settings, "data-folder", self->folder);
  g_assert_null (lab_data_group_get_message (self->group));
  wait_until_loaded (self);
  g_assert_null (lab_data_group_get_message (self->group));
}

/* What is no longer wanted leaves nothing behind. */
static void
test_cancel (Fixture *self, gconstpointer data)
{
  lab_data_group_load (self->group);
  g_assert_true (lab_data_group_is_loading (self->group));
  lab_data_group_cancel (self->group);
  g_assert_false (lab_data_group_is_loading (self->group));

  g_settings_set_string (self->settings, "data-folder", self->folder);
  wait_until_loaded (self);
  g_assert_cmpuint (lab_dataset_get_size (lab_data_group_get_dataset (self->group)), ==, 200);
  g_assert_null (lab_data_group_get_message (self->group));

  lab_data_group_load (self->group);
  g_assert_finalize_object (g_steal_pointer (&self->group));
}

static void
choose_empty_folder_cb (Fixture *self)
{
  if (lab_data_group_get_dataset (self->group) != NULL)
    g_settings_set_string (self->settings, "data-folder", self->empty_folder);
}

/* Another folder may be chosen by who is told that there are images. */
static void
test_change_when_loaded (Fixture *self, gconstpointer data)
{
  g_signal_connect_swapped (self->group, "notify::dataset", G_CALLBACK (choose_empty_folder_cb), self);
  g_settings_set_string (self->settings, "data-folder", self->folder);
  wait_until_loaded (self);
  g_assert_null (lab_data_group_get_dataset (self->group));
  g_assert_nonnull (strstr (lab_data_group_get_message (self->group), self->empty_folder));
}

#define add(name, function) \
  g_test_add ("/data-group/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  if (!lab_test_init (&argc, &argv))
    return 0;

  add ("choice", test_choice);
  add ("folder", test_folder);
  add ("message", test_message);
  add ("cancel", test_cancel);
  add ("change-when-loaded", test_change_when_loaded);

  return lab_test_run ();
}
