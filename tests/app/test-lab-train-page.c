/* SPDX-License-Identifier: MIT */
#include "lab-train-page.h"

#include <glib/gstdio.h>

#include "../lab-test-display.h"
#include "app-resources.h"
#include "lab-config.h"
#include "lab-data-group.h"
#include "lab-run-group.h"

#define N_IMAGES 200

typedef struct
{
  GSettings    *settings;
  LabTrainer   *trainer;
  GtkWidget    *window;
  LabTrainPage *page;
  char         *folder; /* with training images */
  char         *empty_folder;
} Fixture;

static void
write_idx (const char *folder, const char *name, const guint32 *header, gsize header_size, gsize n_bytes)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < header_size; i++)
    {
      guint32 field = GUINT32_TO_BE (header[i]);

      g_byte_array_append (bytes, (const guint8 *) &field, sizeof field);
    }
  for (gsize i = 0; i < n_bytes; i++)
    g_byte_array_append (bytes, &(guint8) { (guint8) (i % 10) }, 1);

  g_file_set_contents (path, (const char *) bytes->data, bytes->len, &error);
  g_assert_no_error (error);
}

static char *
create_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("digit-lab-test-XXXXXX", &error);

  g_assert_no_error (error);

  return folder;
}

static void
create_page (Fixture *self)
{
  self->page = g_object_ref_sink (LAB_TRAIN_PAGE (lab_train_page_new ()));
  lab_train_page_set_trainer (self->page, self->trainer);
  /* Buttons find the actions of the page from inside a window only. */
  self->window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (self->window), GTK_WIDGET (self->page));
}

static void
destroy_page (Fixture *self)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_assert_finalize_object (self->page);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  static const char *keys[] = { "data-folder", "built-in-digits", "preset", "epochs", "batch-size", "learning-rate" };

  self->settings = g_settings_new (LAB_APP_ID);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_reset (self->settings, keys[i]);

  self->empty_folder = create_folder ();
  self->folder = create_folder ();
  write_idx (self->folder, "train-images-idx3-ubyte",
             (const guint32[]) { 0x803, N_IMAGES, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE }, 4, N_IMAGES * LAB_IMAGE_SIZE);
  write_idx (self->folder, "train-labels-idx1-ubyte", (const guint32[]) { 0x801, N_IMAGES }, 2, N_IMAGES);

  self->trainer = lab_trainer_new ();
  create_page (self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autofree char *images = g_build_filename (self->folder, "train-images-idx3-ubyte", NULL);
  g_autofree char *labels = g_build_filename (self->folder, "train-labels-idx1-ubyte", NULL);

  destroy_page (self);
  g_assert_finalize_object (self->trainer);
  g_clear_object (&self->settings);

  g_unlink (images);
  g_unlink (labels);
  g_rmdir (self->folder);
  g_rmdir (self->empty_folder);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->empty_folder, g_free);
}

static gpointer
get_child (Fixture *self, const char *name)
{
  GObject *child = gtk_widget_get_template_child (GTK_WIDGET (self->page), LAB_TYPE_TRAIN_PAGE, name);

  g_assert_nonnull (child);

  return child;
}

/* Returns a child of the rows in which the images are chosen. */
static gpointer
get_data_child (Fixture *self, const char *name)
{
  GObject *child = gtk_widget_get_template_child (get_child (self, "data_group"), LAB_TYPE_DATA_GROUP, name);

  g_assert_nonnull (child);

  return child;
}

static void
assert_button (Fixture *self, const char *label, gboolean sensitive)
{
  GtkButton *button = get_child (self, "train_button");

  g_assert_cmpstr (gtk_button_get_label (button), ==, label);
  g_assert_cmpint (gtk_widget_is_sensitive (GTK_WIDGET (button)), ==, sensitive);
}

/* Presses the button, if it can be pressed. */
static void
press_button (Fixture *self)
{
  g_signal_emit_by_name (get_child (self, "train_button"), "clicked");
}

static void
wait_for_state (Fixture *self, LabTrainerState state)
{
  while (lab_trainer_get_state (self->trainer) != state)
    {
      g_assert_cmpint (lab_trainer_get_state (self->trainer), !=, LAB_TRAINER_FAILED);
      g_main_context_iteration (NULL, TRUE);
    }
}

static const char *
get_status (Fixture *self)
{
  return gtk_label_get_text (get_child (self, "status_label"));
}

/* Without a folder, the program's own digits are trained on. */
static void
test_no_folder (Fixture *self, gconstpointer data)
{
  assert_button (self, "Train", TRUE);
  g_assert_cmpstr (get_status (self), ==, "");

  lab_train_page_set_trainer (self->page, NULL);
  assert_button (self, "Train", FALSE);
}

/* The digits are written in the background; then they are trained on. */
static void
test_built_in (Fixture *self, gconstpointer data)
{
  LabDataGroup *group = get_child (self, "data_group");

  press_button (self);
  assert_button (self, "Stop", TRUE);
  g_assert_true (lab_data_group_is_loading (group));
  g_assert_cmpstr (get_status (self), ==, "Writing the digits…");

  wait_for_state (self, LAB_TRAINER_RUNNING);
  g_assert_false (lab_data_group_is_loading (group));
  g_assert_cmpuint (lab_dataset_get_size (lab_data_group_get_dataset (group)), ==, 60000);
  press_button (self);
  wait_for_state (self, LAB_TRAINER_STOPPED);
}

static void
test_bad_folder (Fixture *self, gconstpointer data)
{
  GtkWidget *box = get_child (self, "message_box");
  GtkLabel *label = get_child (self, "message_label");
  g_autoptr (GFile) folder = g_file_new_for_path (self->empty_folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (LabDataset) dataset = lab_dataset_load (folder, LAB_PART_TRAIN, NULL, &error);

  g_assert_null (dataset);
  g_settings_set_string (self->settings, "data-folder", self->empty_folder);
  g_assert_false (gtk_widget_get_visible (box));

  press_button (self);
  assert_button (self, "Stop", TRUE);
  while (!gtk_widget_get_visible (box))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (gtk_label_get_text (label), ==, error->message);
  assert_button (self, "Train", TRUE);
  g_assert_cmpint (lab_trainer_get_state (self->trainer), ==, LAB_TRAINER_IDLE);

  g_settings_set_string (self->settings, "data-folder", self->folder);
  g_assert_false (gtk_widget_get_visible (box));
}

static void
test_run (Fixture *self, gconstpointer data)
{
  GtkWidget *settings_box = get_child (self, "settings_box");
  GObject *epochs = gtk_widget_get_template_child (get_child (self, "run_group"), LAB_TYPE_RUN_GROUP, "epochs_spin");

  g_settings_set_string (self->settings, "data-folder", self->folder);
  gtk_editable_set_text (GTK_EDITABLE (epochs), "2"); /* typed without Enter */

  press_button (self);
  assert_button (self, "Stop", TRUE);
  g_assert_false (gtk_widget_is_sensitive (settings_box));
  wait_for_state (self, LAB_TRAINER_RUNNING);
  assert_button (self, "Stop", TRUE);
  g_assert_false (gtk_widget_is_sensitive (settings_box));
  g_assert_cmpstr (get_status (self), ==, "Epoch 1 of 2");

  wait_for_state (self, LAB_TRAINER_DONE);
  assert_button (self, "Train", TRUE);
  g_assert_true (gtk_widget_is_sensitive (settings_box));
  g_assert_true (g_str_has_prefix (get_status (self), "Trained for 2 epochs · "));
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (get_data_child (self, "folder_row")), "200 images"));
}

static void
test_stop (Fixture *self, gconstpointer data)
{
  g_settings_set_string (self->settings, "data-folder", self->folder);
  g_settings_set_uint (self->settings, "epochs", 1000);

  /* While the images are being read … */
  press_button (self);
  press_button (self);
  assert_button (self, "Train", TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (lab_trainer_get_state (self->trainer), ==, LAB_TRAINER_IDLE);

  /* … and while the network is being trained, twice: the images are known then. */
  for (guint i = 0; i < 2; i++)
    {
      press_button (self);
      wait_for_state (self, LAB_TRAINER_RUNNING);
      press_button (self);
      g_assert_cmpint (lab_trainer_get_state (self->trainer), ==, LAB_TRAINER_STOPPING);
      assert_button (self, "Stop", FALSE);
      wait_for_state (self, LAB_TRAINER_STOPPED);
      assert_button (self, "Train", TRUE);
      g_assert_true (g_str_has_prefix (get_status (self), "Stopped after "));
    }
}

/* With text twice as large, the page still fits a small screen. */
static void
test_large_text (Fixture *self, gconstpointer data)
{
  GtkSettings *settings = gtk_widget_get_settings (GTK_WIDGET (self->page));
  int width, height, dpi;

  g_object_get (settings, "gtk-xft-dpi", &dpi, NULL);
  g_object_set (settings, "gtk-xft-dpi", 2 * 96 * 1024, NULL);
  gtk_widget_measure (GTK_WIDGET (self->page), GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  gtk_widget_measure (GTK_WIDGET (self->page), GTK_ORIENTATION_VERTICAL, 800, &height, NULL, NULL, NULL);
  g_test_message ("needs %d × %d", width, height);
  g_assert_cmpint (width, <=, 800);
  g_assert_cmpint (height, <=, 600 - 80); /* the header bar is above it */
  g_object_set (settings, "gtk-xft-dpi", dpi, NULL);
}

/* A page that goes away while it reads is not called back into. */
static void
test_goes_away (Fixture *self, gconstpointer data)
{
  g_settings_set_string (self->settings, "data-folder", self->folder);
  press_button (self);
  destroy_page (self);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (lab_trainer_get_state (self->trainer), ==, LAB_TRAINER_IDLE);
  create_page (self);
}

#define add(name, function) \
  g_test_add ("/train-page/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  if (!lab_test_open_display ())
    return 0;

  g_test_init (&argc, &argv, NULL);
  adw_init ();
  /* Makes the linker keep the resources. */
  g_assert_nonnull (lab_app_get_resource ());

  add ("no-folder", test_no_folder);
  add ("built-in", test_built_in);
  add ("bad-folder", test_bad_folder);
  add ("run", test_run);
  add ("stop", test_stop);
  add ("large-text", test_large_text);
  add ("goes-away", test_goes_away);

  return g_test_run ();
}
