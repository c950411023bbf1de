/* SPDX-License-Identifier: MIT */
#include "lab-canvas.h"
#include "lab-config.h"
#include "lab-data-group.h"
#include "lab-digit-view.h"
#include "lab-draw-page.h"
#include "lab-mistake-tile.h"
#include "lab-probability-bars.h"
#include "lab-review-page.h"
#include "lab-run-group.h"
#include "lab-run-strip.h"
#include "lab-sample-window.h"
#include "lab-test-widgets.h"
#include "lab-train-page.h"
#include "lab-window.h"

/* Every widget of the program that is made without arguments. */
static GType
get_type (guint i)
{
  const GType types[] = {
    LAB_TYPE_CANVAS,
    LAB_TYPE_DATA_GROUP,
    LAB_TYPE_DIGIT_VIEW,
    LAB_TYPE_DRAW_PAGE,
    LAB_TYPE_MISTAKE_TILE,
    LAB_TYPE_PROBABILITY_BARS,
    LAB_TYPE_REVIEW_PAGE,
    LAB_TYPE_RUN_GROUP,
    LAB_TYPE_RUN_STRIP,
    LAB_TYPE_SAMPLE_WINDOW,
    LAB_TYPE_TRAIN_PAGE,
    LAB_TYPE_WINDOW,
  };

  return i < G_N_ELEMENTS (types) ? types[i] : G_TYPE_INVALID;
}

static void
destroy (GtkWidget *widget)
{
  g_object_add_weak_pointer (G_OBJECT (widget), (gpointer *) &widget);

  if (GTK_IS_WINDOW (widget))
    gtk_window_destroy (GTK_WINDOW (widget));
  else
    g_object_unref (g_object_ref_sink (widget));

  for (guint i = 0; widget != NULL && i < 1000; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_assert_null (widget);
}

static void
test_make (void)
{
  for (guint i = 0; get_type (i) != G_TYPE_INVALID; i++)
    {
      g_test_message ("%s", g_type_name (get_type (i)));
      destroy (g_object_new (get_type (i), NULL));
    }
}

/* Makes "LabDrawPage" of "lab-draw-page.ui". */
static char *
make_type_name (const char *file)
{
  GString *name = g_string_new (NULL);
  gboolean upper = TRUE;

  for (const char *c = file; *c != '.' && *c != '\0'; c++)
    {
      if (*c != '-')
        g_string_append_c (name, upper ? g_ascii_toupper (*c) : *c);
      upper = *c == '-';
    }

  return g_string_free (name, FALSE);
}

/* No template is left out of the test above. */
static void
test_all (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) files = g_resources_enumerate_children (LAB_APP_PATH "/ui", G_RESOURCE_LOOKUP_FLAGS_NONE, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (files), >, 0);

  for (guint i = 0; files[i] != NULL; i++)
    {
      g_autofree char *name = make_type_name (files[i]);
      gboolean found = FALSE;

      g_test_message ("%s", name);
      for (guint j = 0; get_type (j) != G_TYPE_INVALID; j++)
        found |= g_str_equal (g_type_name (get_type (j)), name);
      g_assert_true (found);
    }
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* Sets a property twice: it has the value then, and is notified once. */
static void
check_property (GtkWidget  *widget,
                const char *name,
                GObject    *value)
{
  g_autofree char *signal = g_strconcat ("notify::", name, NULL);
  g_autoptr (GObject) result = NULL;
  guint n_notifies = 0;

  g_test_message ("%s:%s", G_OBJECT_TYPE_NAME (widget), name);
  g_signal_connect_swapped (widget, signal, G_CALLBACK (count_cb), &n_notifies);
  g_object_set (widget, name, value, NULL);
  g_object_set (widget, name, value, NULL);
  g_object_get (widget, name, &result, NULL);
  g_assert_true (result == value);
  g_assert_cmpuint (n_notifies, ==, 1);
}

static void
test_properties (void)
{
  g_autoptr (LabNetwork) network = lab_network_new_bundled ();
  g_autoptr (LabTrainer) trainer = lab_trainer_new ();
  g_autoptr (LabInk) ink = lab_ink_new ();

  for (guint i = 0; get_type (i) != G_TYPE_INVALID; i++)
    {
      GtkWidget *widget = g_object_new (get_type (i), NULL);
      GObjectClass *klass = G_OBJECT_GET_CLASS (widget);
      g_autofree GParamSpec **pspecs = NULL;
      guint n_pspecs;

      pspecs = g_object_class_list_properties (klass, &n_pspecs);
      for (guint j = 0; j < n_pspecs; j++)
        {
          if (!(pspecs[j]->flags & G_PARAM_WRITABLE))
            continue;
          else if (pspecs[j]->value_type == LAB_TYPE_NETWORK)
            check_property (widget, pspecs[j]->name, G_OBJECT (network));
          else if (pspecs[j]->value_type == LAB_TYPE_TRAINER)
            check_property (widget, pspecs[j]->name, G_OBJECT (trainer));
          else if (pspecs[j]->value_type == LAB_TYPE_INK)
            check_property (widget, pspecs[j]->name, G_OBJECT (ink));
        }

      destroy (widget);
    }
}

static void
test_help_overlay (void)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource (LAB_APP_PATH "/gtk/help-overlay.ui");
  GObject *overlay = gtk_builder_get_object (builder, "help_overlay");

  g_assert_true (GTK_IS_SHORTCUTS_WINDOW (overlay));
  gtk_window_destroy (GTK_WINDOW (overlay));
}

static void
test_icons (void)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gdk_display_get_default ());
  const char *names[] = { "lab-draw-symbolic", "lab-train-symbolic", "lab-review-symbolic" };

  gtk_icon_theme_add_resource_path (theme, LAB_APP_PATH "/icons");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_true (gtk_icon_theme_has_icon (theme, names[i]));
}

int
main (int   argc,
      char *argv[])
{
  if (!lab_test_init (&argc, &argv))
    return 0;

  g_test_add_func ("/templates/make", test_make);
  g_test_add_func ("/templates/all", test_all);
  g_test_add_func ("/templates/properties", test_properties);
  g_test_add_func ("/templates/help-overlay", test_help_overlay);
  g_test_add_func ("/templates/icons", test_icons);

  return lab_test_run ();
}
