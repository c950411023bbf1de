/* SPDX-License-Identifier: MIT */
#include "../engine/lab-test-data.h"
#include "lab-application.h"
#include "lab-config.h"
#include "lab-draw-page.h"
#include "lab-run.h"
#include "lab-test-widgets.h"
#include "lab-window.h"

typedef struct
{
  LabWindow  *window;
  LabTrainer *trainer;
  LabDataset *dataset;
} Fixture;

static gboolean
has_network (gpointer window)
{
  return lab_window_get_network (window) != NULL;
}

static gboolean
has_epoch (gpointer trainer)
{
  return lab_trainer_get_network (trainer) != NULL;
}

static gboolean
is_idle (gpointer window)
{
  return !lab_session_get_busy (lab_window_get_session (window));
}

static gboolean
is_gone (gpointer window)
{
  return *(LabWindow **) window == NULL;
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr (GSettings) settings = g_settings_new (LAB_APP_ID);

  g_settings_reset (settings, "view");
  fixture->dataset = lab_test_dataset (100, 1);
  fixture->window = lab_window_new (NULL);
  fixture->trainer = lab_window_get_trainer (fixture->window);
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  gtk_window_present (GTK_WINDOW (fixture->window));
  lab_test_wait_until (has_network, fixture->window);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  if (fixture->window != NULL)
    gtk_window_close (GTK_WINDOW (fixture->window));
  lab_test_wait_until (is_gone, &fixture->window);
  lab_test_forget_models ();
  g_assert_finalize_object (fixture->dataset);
}

static void
start_training (Fixture *fixture,
                guint    epochs)
{
  g_autoptr (LabRun) run = lab_run_new ();
  g_autoptr (GError) error = NULL;

  g_object_set (run, "epochs", epochs, "batch-size", 20, "validation-share", 0.1, "threads", 1, NULL);
  lab_trainer_start (fixture->trainer, run, fixture->dataset, NULL, &error);
  g_assert_no_error (error);
}

/* Returns whether the window has a button, of the header bar, a menu or a toast,
 * that can be pressed for @action now. */
static gboolean
is_enabled (Fixture    *fixture,
            const char *action)
{
  GtkWidget *button = gtk_button_new ();
  gboolean enabled;

  /* A button is sensitive when its action can be found and is enabled. */
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_set_parent (button, gtk_widget_get_first_child (GTK_WIDGET (fixture->window)));
  enabled = gtk_widget_get_sensitive (button);
  gtk_widget_unparent (button);

  return enabled;
}

static void
test_settings (void)
{
  g_autoptr (GSettings) settings = g_settings_new (LAB_APP_ID);
  LabWindow *window;
  AdwViewStack *stack;
  int width, height;

  g_settings_set_int (settings, "window-width", 900);
  g_settings_set_int (settings, "window-height", 640);
  g_settings_set_string (settings, "view", "review");

  window = lab_window_new (NULL);
  stack = lab_test_find (GTK_WIDGET (window), ADW_TYPE_VIEW_STACK, NULL, NULL);
  gtk_window_get_default_size (GTK_WINDOW (window), &width, &height);
  g_assert_cmpint (width, ==, 900);
  g_assert_cmpint (height, ==, 640);
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (stack), ==, "review");

  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 700);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.view", "s", "train"));
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (stack), ==, "train");
  g_assert_cmpint (g_settings_get_int (settings, "window-width"), ==, 1000);
  g_assert_cmpint (g_settings_get_int (settings, "window-height"), ==, 700);

  adw_view_stack_set_visible_child_name (stack, "draw");
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (GTK_WINDOW (window));
  lab_test_wait_until (is_gone, &window);

  window = lab_window_new (NULL);
  stack = lab_test_find (GTK_WIDGET (window), ADW_TYPE_VIEW_STACK, NULL, NULL);
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (stack), ==, "draw");
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (GTK_WINDOW (window));
  lab_test_wait_until (is_gone, &window);

  g_settings_reset (settings, "window-width");
  g_settings_reset (settings, "window-height");
}

static void
test_first_start (Fixture      *fixture,
                  gconstpointer data)
{
  LabDrawPage *page = lab_test_find (GTK_WIDGET (fixture->window), LAB_TYPE_DRAW_PAGE, NULL, NULL);

  g_assert_true (lab_draw_page_get_network (page) == lab_window_get_network (fixture->window));
  g_assert_nonnull (lab_test_find (GTK_WIDGET (fixture->window), GTK_TYPE_LABEL, "label", "Built-in network"));
  g_assert_true (is_enabled (fixture, "win.open-model"));
  g_assert_true (is_enabled (fixture, "win.save-model"));
  g_assert_true (is_enabled (fixture, "win.start-training"));
  g_assert_false (is_enabled (fixture, "win.stop-training"));
  g_assert_false (is_enabled (fixture, "win.undo"));
}

/* A toast with Undo ends a run, and Undo brings the former network back. */
static void
test_undo (Fixture      *fixture,
           gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);
  LabDrawPage *page = lab_test_find (window, LAB_TYPE_DRAW_PAGE, NULL, NULL);
  LabNetwork *former = lab_window_get_network (fixture->window);
  GtkWidget *undo;

  start_training (fixture, 2);
  g_assert_false (is_enabled (fixture, "win.open-model"));
  g_assert_false (is_enabled (fixture, "win.use-built-in"));
  g_assert_false (is_enabled (fixture, "win.undo"));
  g_assert_true (is_enabled (fixture, "win.stop-training"));

  lab_test_wait_until (has_epoch, fixture->trainer);
  g_assert_true (lab_draw_page_get_network (page) == lab_trainer_get_network (fixture->trainer));
  lab_test_wait_until (is_idle, fixture->window);
  lab_test_wait_for_frame (window);

  undo = lab_test_find (window, GTK_TYPE_BUTTON, "action-name", "win.undo");
  g_assert_nonnull (undo);
  g_assert_true (gtk_widget_is_sensitive (undo));
  g_signal_emit_by_name (undo, "clicked");
  g_assert_true (lab_window_get_network (fixture->window) == former);
  g_assert_true (lab_draw_page_get_network (page) == former);
  g_assert_false (is_enabled (fixture, "win.undo"));
  lab_test_wait_until (is_idle, fixture->window);
}

/* The strip says how far a run is, and only while one is going. */
static void
test_strip (Fixture      *fixture,
            gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);
  GtkWidget *button = lab_test_find (window, GTK_TYPE_BUTTON, "action-name", "win.stop-training");
  GtkWidget *revealer = gtk_widget_get_ancestor (button, GTK_TYPE_REVEALER);
  const char *text;

  g_assert_false (gtk_revealer_get_reveal_child (GTK_REVEALER (revealer)));
  start_training (fixture, 1000);
  g_assert_true (gtk_revealer_get_reveal_child (GTK_REVEALER (revealer)));
  lab_test_wait_until (has_epoch, fixture->trainer);

  text = gtk_label_get_label (lab_test_find (revealer, GTK_TYPE_LABEL, NULL, NULL));
  g_assert_true (g_regex_match_simple ("^Epoch [1-9][0-9]* of 1000"
                                       "( · [0-9.]+\u00a0%)?"
                                       "( · about [0-9]+ (s|min) left)?$",
                                       text, 0, 0));

  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpstr (gtk_label_get_label (lab_test_find (revealer, GTK_TYPE_LABEL, NULL, NULL)), ==, "Stopping…");
  g_assert_false (is_enabled (fixture, "win.stop-training"));
  lab_test_wait_until (is_idle, fixture->window);
  g_assert_false (gtk_revealer_get_reveal_child (GTK_REVEALER (revealer)));
}

/* A window that is closed during a run hides at once and saves before it ends. */
static void
test_close (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_build_filename (g_get_user_data_dir (), "digit-lab", "model.onnx", NULL);
  g_autoptr (LabNetwork) network = NULL;
  g_autoptr (GError) error = NULL;

  start_training (fixture, 1000);
  lab_test_wait_until (has_epoch, fixture->trainer);
  gtk_window_close (GTK_WINDOW (fixture->window));
  g_assert_nonnull (fixture->window);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (fixture->window)));
  g_assert_false (g_file_query_exists (file, NULL));

  lab_test_wait_until (is_gone, &fixture->window);
  network = lab_network_load (file, NULL, &error);
  g_assert_no_error (error);
}

/* Whoever starts the program again meanwhile gets the window back. */
static void
test_close_and_return (Fixture      *fixture,
                       gconstpointer data)
{
  start_training (fixture, 1000);
  lab_test_wait_until (has_epoch, fixture->trainer);
  gtk_window_close (GTK_WINDOW (fixture->window));
  gtk_window_present (GTK_WINDOW (fixture->window));
  lab_test_wait_until (is_idle, fixture->window);
  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_assert_nonnull (fixture->window);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (fixture->window)));
  g_assert_false (lab_trainer_is_running (fixture->trainer));
}

static void
activated_cb (GtkApplication *application)
{
  const struct
  {
    const char *accelerator;
    const char *action;
  } expected[] = {
    { "<Alt>1", "win.view::draw" },
    { "<Alt>2", "win.view::train" },
    { "<Alt>3", "win.view::review" },
    { "<Control>q", "app.quit" },
    { "<Control>o", "win.open-model" },
    { "<Control>s", "win.save-model" },
    { "<Control>r", "win.start-training" },
    { "<Control>period", "win.stop-training" },
    { "<Control>question", "win.show-help-overlay" },
  };
  GtkWindow *window = gtk_application_get_active_window (application);

  g_signal_handlers_disconnect_by_func (application, activated_cb, NULL);
  g_assert_true (LAB_IS_WINDOW (window));
  g_assert_nonnull (gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (window)));

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_auto (GStrv) actions = gtk_application_get_actions_for_accel (application, expected[i].accelerator);

      g_assert_cmpstr (actions[0], ==, expected[i].action);
      g_assert_null (actions[1]);
    }

  /* There is one window, however often the program is started. */
  g_application_activate (G_APPLICATION (application));
  g_assert_cmpuint (g_list_length (gtk_application_get_windows (application)), ==, 1);

  lab_test_wait_until (has_network, window);
  g_action_group_activate_action (G_ACTION_GROUP (application), "quit", NULL);
}

static void
test_application (void)
{
  LabApplication *application = lab_application_new ();

  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE);
  g_signal_connect_after (application, "activate", G_CALLBACK (activated_cb), NULL);
  g_assert_cmpint (g_application_run (G_APPLICATION (application), 0, NULL), ==, 0);
  g_assert_null (gtk_application_get_windows (GTK_APPLICATION (application)));

  g_assert_finalize_object (application);
}

static void
test_version (void)
{
  char *arguments[] = { (char *) "digit-lab", (char *) "--version", NULL };

  if (g_test_subprocess ())
    {
      g_autoptr (LabApplication) application = lab_application_new ();
      int status = g_application_run (G_APPLICATION (application), 2, arguments);

      g_rmdir (g_get_user_data_dir ());
      exit (status);
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*Digit Lab " LAB_VERSION "*");
}

int
main (int   argc,
      char *argv[])
{
  if (!lab_test_init (&argc, &argv))
    return 0;

  g_test_add_func ("/window/settings", test_settings);
  g_test_add ("/window/first-start", Fixture, NULL, set_up, test_first_start, tear_down);
  g_test_add ("/window/undo", Fixture, NULL, set_up, test_undo, tear_down);
  g_test_add ("/window/strip", Fixture, NULL, set_up, test_strip, tear_down);
  g_test_add ("/window/close", Fixture, NULL, set_up, test_close, tear_down);
  g_test_add ("/window/close-and-return", Fixture, NULL, set_up, test_close_and_return, tear_down);
  g_test_add_func ("/window/application", test_application);
  g_test_add_func ("/window/version", test_version);

  return lab_test_run ();
}
