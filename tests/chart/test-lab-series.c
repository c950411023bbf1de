/* SPDX-License-Identifier: MIT */
#include "lab-series.h"

#include <math.h>

#include "../lab-test-display.h"

static double
get_length (GtkStringObject *item, gpointer user_data)
{
  return (double) strlen (gtk_string_object_get_string (item));
}

static void
test_properties (void)
{
  GtkExpression *expression = gtk_property_expression_new (GTK_TYPE_ADJUSTMENT, NULL, "value");
  g_autoptr (GtkExpression) same = gtk_expression_ref (expression);
  LabSeries *self = lab_series_new ("Training", expression, LAB_SERIES_ORANGE, TRUE);
  g_autofree char *title = NULL;
  g_autoptr (GtkExpression) got = NULL;
  LabSeriesColor color;
  gboolean dashed;

  g_assert_cmpstr (lab_series_get_title (self), ==, "Training");
  g_assert_true (lab_series_get_expression (self) == same);
  g_assert_cmpint (lab_series_get_color (self), ==, LAB_SERIES_ORANGE);
  g_assert_true (lab_series_get_dashed (self));

  g_object_get (self, "title", &title, "expression", &got, "color", &color, "dashed", &dashed, NULL);
  g_assert_cmpstr (title, ==, "Training");
  g_assert_true (got == same);
  g_assert_cmpint (color, ==, LAB_SERIES_ORANGE);
  g_assert_true (dashed);

  g_assert_finalize_object (self);
}

static void
test_evaluate (void)
{
  g_autoptr (GtkAdjustment) adjustment = g_object_ref_sink (gtk_adjustment_new (0.25, 0, 1, 0, 0, 0));
  g_autoptr (LabSeries) of_double = lab_series_new ("", gtk_property_expression_new (GTK_TYPE_ADJUSTMENT, NULL, "value"),
                                                    LAB_SERIES_ACCENT, FALSE);
  g_autoptr (GtkStringObject) string = gtk_string_object_new ("seven77");
  g_autoptr (LabSeries) of_string = lab_series_new ("", gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string"),
                                                    LAB_SERIES_ACCENT, FALSE);
  g_autoptr (LabSeries) of_closure = lab_series_new ("", gtk_cclosure_expression_new (G_TYPE_DOUBLE, NULL, 0, NULL,
                                                                                     G_CALLBACK (get_length), NULL, NULL),
                                                     LAB_SERIES_ACCENT, FALSE);
  g_autoptr (LabSeries) of_integer = lab_series_new ("", gtk_constant_expression_new (G_TYPE_UINT, 42),
                                                     LAB_SERIES_ACCENT, FALSE);
  g_autoptr (LabSeries) of_nothing = lab_series_new ("", NULL, LAB_SERIES_ACCENT, FALSE);

  g_assert_cmpfloat (lab_series_evaluate (of_double, adjustment), ==, 0.25);
  g_assert_cmpfloat (lab_series_evaluate (of_closure, string), ==, 7);
  g_assert_cmpfloat (lab_series_evaluate (of_integer, string), ==, 42);

  /* No number, no item, no expression. */
  g_assert_true (isnan (lab_series_evaluate (of_string, string)));
  g_assert_true (isnan (lab_series_evaluate (of_double, NULL)));
  g_assert_true (isnan (lab_series_evaluate (of_nothing, string)));
}

/* Every colour is another one, and differs between light and dark text. */
static void
test_colors (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *label = gtk_label_new (NULL);
  g_autoptr (GtkCssProvider) style = gtk_css_provider_new ();
  GdkRGBA colors[8];

  gtk_css_provider_load_from_data (style, ".light-text { color: white; } .dark-text { color: black; }", -1);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (style),
                                              GTK_STYLE_PROVIDER_PRIORITY_USER);
  gtk_window_set_child (GTK_WINDOW (window), label);

  for (guint i = 0; i < G_N_ELEMENTS (colors); i++)
    {
      g_autoptr (LabSeries) self = lab_series_new ("", NULL, (LabSeriesColor) (i / 2), FALSE);

      gtk_widget_add_css_class (label, i % 2 == 0 ? "dark-text" : "light-text");
      gtk_widget_remove_css_class (label, i % 2 == 0 ? "light-text" : "dark-text");
      lab_series_resolve_color (self, label, &colors[i]);
      for (guint j = 0; j < i; j++)
        g_assert_false (gdk_rgba_equal (&colors[i], &colors[j]));
    }

  gtk_style_context_remove_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (style));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  if (!lab_test_open_display ())
    return 0;

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/series/properties", test_properties);
  g_test_add_func ("/series/evaluate", test_evaluate);
  g_test_add_func ("/series/colors", test_colors);

  return g_test_run ();
}
