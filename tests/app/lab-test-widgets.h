/* SPDX-License-Identifier: MIT */
#pragma once

/* What tests of widgets need: a window, frames, and things to look for. */

#include <adwaita.h>
#include <glib/gstdio.h>

#include "../lab-test-display.h"

/* Starts GTK and the test framework; without a display all tests are skipped and
 * the caller returns 0. The program's own data goes to a new folder. (The test
 * framework's isolation would also hide the system's icons and MIME types.) */
static inline gboolean
lab_test_init (int   *argc,
               char **argv[])
{
  g_autofree char *folder = g_dir_make_tmp ("digit-lab-XXXXXX", NULL);

  g_setenv ("XDG_DATA_HOME", folder, TRUE);
  if (!lab_test_open_display ())
    {
      g_rmdir (folder);
      return FALSE;
    }

  g_test_init (argc, argv, NULL);
  adw_init ();

  return TRUE;
}

/* Removes the models that were kept. */
static inline void
lab_test_forget_models (void)
{
  const char *names[] = { "model.onnx", "model-previous.onnx", "" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (g_get_user_data_dir (), "digit-lab", names[i], NULL);

      g_remove (path);
    }
}

/* Runs the tests and cleans up. */
static inline int
lab_test_run (void)
{
  int status = g_test_run ();

  lab_test_forget_models ();
  g_rmdir (g_get_user_data_dir ());

  return status;
}

/* Returns the first descendant of @widget, or itself, that is a @type and whose
 * property @property (may be NULL) is the text @value. */
static inline gpointer
lab_test_find (GtkWidget  *widget,
               GType       type,
               const char *property,
               const char *value)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    {
      g_autofree char *text = NULL;

      if (property != NULL)
        g_object_get (widget, property, &text, NULL);
      if (property == NULL || g_strcmp0 (text, value) == 0)
        return widget;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      gpointer found = lab_test_find (child, type, property, value);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* Returns the gesture of @type that @widget has. */
static inline GtkGesture *
lab_test_find_gesture (GtkWidget *widget,
                       GType      type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (G_OBJECT_TYPE (controller) == type)
        return GTK_GESTURE (controller);
    }

  return NULL;
}

static inline gboolean
lab_test_expire_cb (gpointer expired)
{
  *(gboolean *) expired = TRUE;

  return G_SOURCE_REMOVE;
}

/* Runs the main loop until @done, at most 20 seconds. */
static inline void
lab_test_wait_until (gboolean (*done) (gpointer data),
                     gpointer   data)
{
  gboolean expired = FALSE;
  guint timer = g_timeout_add_seconds (20, lab_test_expire_cb, &expired);

  while (!done (data))
    {
      g_main_context_iteration (NULL, TRUE);
      g_assert_false (expired);
    }

  g_source_remove (timer);
}

/* Waits until @widget, which is in a window that is shown, was drawn twice: the
 * second time surely after everything that was asked for before. */
static inline void
lab_test_wait_for_frame (GtkWidget *widget)
{
  for (int i = 0; i < 2; i++)
    {
      GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
      gint64 frame = gdk_frame_clock_get_frame_counter (clock);

      gtk_widget_queue_draw (widget);
      while (gdk_frame_clock_get_frame_counter (clock) == frame)
        g_main_context_iteration (NULL, TRUE);
    }
}

/* Shows @child in a window of @width × @height. */
static inline GtkWindow *
lab_test_show (GtkWidget *child,
               int        width,
               int        height)
{
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());

  gtk_window_set_decorated (window, FALSE);
  gtk_window_set_default_size (window, width, height);
  gtk_window_set_child (window, child);
  gtk_window_present (window);
  lab_test_wait_for_frame (GTK_WIDGET (window));

  return window;
}

/* Destroys @window and makes sure that all of it is gone. */
static inline void
lab_test_close (GtkWindow *window)
{
  GtkWidget *child = gtk_window_get_child (window);

  g_object_add_weak_pointer (G_OBJECT (child), (gpointer *) &child);
  gtk_window_destroy (window);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (child);
}
