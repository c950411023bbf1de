/* SPDX-License-Identifier: MIT */
#include "lab-probability-bars.h"
#include "lab-sample.h"
#include "lab-test-widgets.h"

static const float probabilities[LAB_N_CLASSES] = {
  0.01f, 0.002f, 0.0f, 0.0f, 0.0f, 0.0149f, 0.0f, 0.9731f, 0.0f, 0.0f,
};

/* Returns the child of @bars in @column of the row of @digit. */
static GtkWidget *
get_cell (LabProbabilityBars *bars,
          guint               digit,
          guint               column)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (bars));

  for (guint i = 0; i < 4 * digit + column; i++)
    child = gtk_widget_get_next_sibling (child);

  return child;
}

static const char *
get_text (LabProbabilityBars *bars,
          guint               digit)
{
  return gtk_label_get_label (GTK_LABEL (get_cell (bars, digit, 2)));
}

static double
get_value (LabProbabilityBars *bars,
           guint               digit)
{
  return gtk_level_bar_get_value (GTK_LEVEL_BAR (get_cell (bars, digit, 1)));
}

/* Asserts that the row of @digit, or none if it is −1, is marked as the winner
 * in all the ways there are. */
static void
assert_winner (LabProbabilityBars *bars,
               int                 digit)
{
  for (int i = 0; i < LAB_N_CLASSES; i++)
    {
      g_assert_cmpfloat (gtk_widget_get_opacity (get_cell (bars, i, 3)), ==, i == digit ? 1.0 : 0.0);
      for (guint column = 0; column < 4; column++)
        g_assert_cmpint (gtk_widget_has_css_class (get_cell (bars, i, column), "winner"), ==, i == digit);
    }
}

static void
test_values (void)
{
  GtkWidget *widget = lab_probability_bars_new ();
  LabProbabilityBars *bars = LAB_PROBABILITY_BARS (widget);
  GtkWindow *window = lab_test_show (widget, 300, 300);

  lab_probability_bars_set_probabilities (bars, probabilities);

  for (guint i = 0; i < LAB_N_CLASSES; i++)
    {
      char digit[2] = { '0' + i, '\0' };

      g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (get_cell (bars, i, 0))), ==, digit);
      g_assert_cmpfloat (get_value (bars, i), ==, probabilities[i]);
    }

  g_assert_cmpstr (get_text (bars, 0), ==, "1.0\u00a0%");
  g_assert_cmpstr (get_text (bars, 1), ==, "0.2\u00a0%");
  g_assert_cmpstr (get_text (bars, 2), ==, "0.0\u00a0%");
  g_assert_cmpstr (get_text (bars, 5), ==, "1.5\u00a0%");
  g_assert_cmpstr (get_text (bars, 7), ==, "97.3\u00a0%");
  assert_winner (bars, 7);

  lab_test_close (window);
}

static void
test_nothing (void)
{
  GtkWidget *widget = lab_probability_bars_new ();
  LabProbabilityBars *bars = LAB_PROBABILITY_BARS (widget);
  GtkWindow *window = lab_test_show (widget, 300, 300);

  assert_winner (bars, -1);
  lab_probability_bars_set_probabilities (bars, probabilities);
  lab_probability_bars_set_probabilities (bars, NULL);

  for (guint i = 0; i < LAB_N_CLASSES; i++)
    {
      g_assert_cmpfloat (get_value (bars, i), ==, 0.0);
      g_assert_cmpstr (get_text (bars, i), ==, "–");
    }
  assert_winner (bars, -1);

  lab_test_close (window);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* Only what has changed is touched, and nothing moves when the winner does. */
static void
test_update (void)
{
  GtkWidget *widget = lab_probability_bars_new ();
  LabProbabilityBars *bars = LAB_PROBABILITY_BARS (widget);
  GtkWindow *window = lab_test_show (widget, 300, 300);
  float next[LAB_N_CLASSES] = { 0 };
  guint n_notifies = 0;
  graphene_rect_t before, after;

  lab_probability_bars_set_probabilities (bars, probabilities);
  lab_test_wait_for_frame (widget);
  g_assert_true (gtk_widget_compute_bounds (get_cell (bars, 7, 1), widget, &before));

  for (guint i = 0; i < LAB_N_CLASSES; i++)
    for (guint column = 0; column < 4; column++)
      g_signal_connect_swapped (get_cell (bars, i, column), "notify", G_CALLBACK (count_cb), &n_notifies);

  lab_probability_bars_set_probabilities (bars, probabilities);
  g_assert_cmpuint (n_notifies, ==, 0);

  /* Too little for the text. */
  memcpy (next, probabilities, sizeof next);
  next[5] = 0.01491f;
  lab_probability_bars_set_probabilities (bars, next);
  g_assert_cmpuint (n_notifies, ==, 1);

  next[3] = 1.0f;
  lab_probability_bars_set_probabilities (bars, next);
  assert_winner (bars, 3);
  g_assert_cmpstr (get_text (bars, 3), ==, "100.0\u00a0%");
  lab_test_wait_for_frame (widget);
  g_assert_true (gtk_widget_compute_bounds (get_cell (bars, 7, 1), widget, &after));
  g_assert_true (graphene_rect_equal (&before, &after));

  lab_test_close (window);
}

/* The macro makes a format of its arguments, so that no “%” may stand there. */
static void
assert_description (GtkWidget  *bars,
                    const char *expected)
{
  gtk_test_accessible_assert_property (bars, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, expected);
}

static void
test_accessible (void)
{
  GtkWidget *widget = lab_probability_bars_new ();
  LabProbabilityBars *bars = LAB_PROBABILITY_BARS (widget);
  GtkWindow *window = lab_test_show (widget, 300, 300);
  float next[LAB_N_CLASSES] = { 0 };

  lab_probability_bars_set_probabilities (bars, probabilities);
  gtk_test_accessible_assert_role (get_cell (bars, 7, 1), GTK_ACCESSIBLE_ROLE_METER);
  gtk_test_accessible_assert_property (get_cell (bars, 7, 1), GTK_ACCESSIBLE_PROPERTY_LABEL, "Probability of 7");
  gtk_test_accessible_assert_property (get_cell (bars, 7, 1), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW,
                                       (double) probabilities[7]);
  gtk_test_accessible_assert_role (get_cell (bars, 7, 3), GTK_ACCESSIBLE_ROLE_PRESENTATION);

  assert_description (widget, "7: 97.3\u00a0%");
  next[7] = 0.5f;
  lab_probability_bars_set_probabilities (bars, next);
  assert_description (widget, "7: 50.0\u00a0%");
  next[4] = 0.592f;
  lab_probability_bars_set_probabilities (bars, next);
  assert_description (widget, "4: 59.2\u00a0%");
  lab_probability_bars_set_probabilities (bars, NULL);
  g_assert_false (gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION));

  lab_test_close (window);
}

int
main (int   argc,
      char *argv[])
{
  if (!lab_test_init (&argc, &argv))
    return 0;

  g_test_add_func ("/probability-bars/values", test_values);
  g_test_add_func ("/probability-bars/nothing", test_nothing);
  g_test_add_func ("/probability-bars/update", test_update);
  g_test_add_func ("/probability-bars/accessible", test_accessible);

  return lab_test_run ();
}
