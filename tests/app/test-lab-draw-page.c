/* SPDX-License-Identifier: MIT */
#include "lab-canvas.h"
#include "lab-draw-page.h"
#include "lab-probability-bars.h"
#include "lab-test-widgets.h"

typedef struct
{
  GtkWindow   *window;
  LabDrawPage *page;
  LabCanvas   *canvas;
  LabNetwork  *network;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->page = LAB_DRAW_PAGE (lab_draw_page_new ());
  fixture->window = lab_test_show (GTK_WIDGET (fixture->page), 800, 554);
  fixture->canvas = lab_test_find (GTK_WIDGET (fixture->page), LAB_TYPE_CANVAS, NULL, NULL);
  fixture->network = lab_network_new_bundled ();
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  lab_test_close (fixture->window);
  g_assert_finalize_object (fixture->network);
}

static gboolean
has_label (Fixture    *fixture,
           const char *text)
{
  return lab_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_LABEL, "label", text) != NULL;
}

/* Returns the sum of the ten bars, and in @n_empty how many show no figure. */
static double
add_bars (GtkWidget *widget,
          guint     *n_empty)
{
  double sum = 0.0;

  if (GTK_IS_LEVEL_BAR (widget))
    {
      GtkWidget *percentage = gtk_widget_get_next_sibling (widget);

      *n_empty += g_str_equal (gtk_label_get_label (GTK_LABEL (percentage)), "–");
      return gtk_level_bar_get_value (GTK_LEVEL_BAR (widget));
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    sum += add_bars (child, n_empty);

  return sum;
}

static void
assert_blank (Fixture *fixture)
{
  guint n_empty = 0;

  g_assert_cmpfloat (add_bars (GTK_WIDGET (fixture->page), &n_empty), ==, 0.0);
  g_assert_cmpuint (n_empty, ==, LAB_N_CLASSES);
  g_assert_true (has_label (fixture, "Draw a digit"));
}

static void
draw_line (Fixture *fixture)
{
  double side = gtk_widget_get_width (GTK_WIDGET (fixture->canvas));
  const LabInkPoint end = { side / 2, side * 0.8, 1, 0 };

  lab_canvas_begin (fixture->canvas, (LabInkPoint) { side / 2, side * 0.2, 1, 0 });
  lab_canvas_add (fixture->canvas, &end, 1);
}

static void
test_blank (Fixture      *fixture,
            gconstpointer data)
{
  assert_blank (fixture);
  lab_draw_page_set_network (fixture->page, fixture->network);
  assert_blank (fixture);
  lab_draw_page_set_network (fixture->page, NULL);
}

/* What is seen follows within the very call that adds the points. */
static void
test_stroke (Fixture      *fixture,
             gconstpointer data)
{
  guint n_empty = 0;

  lab_draw_page_set_network (fixture->page, fixture->network);
  draw_line (fixture);

  g_assert_cmpfloat_with_epsilon (add_bars (GTK_WIDGET (fixture->page), &n_empty), 1.0, 1e-5);
  g_assert_cmpuint (n_empty, ==, 0);
  g_assert_true (has_label (fixture, "This is a 1"));

  lab_draw_page_set_network (fixture->page, NULL);
}

/* A tap makes a dot: whatever the network thinks, that is no digit. */
static void
test_dot (Fixture      *fixture,
          gconstpointer data)
{
  guint n_empty = 0;

  lab_draw_page_set_network (fixture->page, fixture->network);
  lab_canvas_begin (fixture->canvas, (LabInkPoint) { 100, 100, 1, 0 });
  lab_canvas_end (fixture->canvas);

  g_assert_true (has_label (fixture, "Not a digit"));
  g_assert_cmpfloat_with_epsilon (add_bars (GTK_WIDGET (fixture->page), &n_empty), 1.0, 1e-5);
  g_assert_cmpuint (n_empty, ==, 0);

  lab_draw_page_set_network (fixture->page, NULL);
}

static double
get_bar (Fixture *fixture,
         guint    digit)
{
  g_autofree char *name = g_strdup_printf ("%u", digit);
  GtkWidget *bars = lab_test_find (GTK_WIDGET (fixture->page), LAB_TYPE_PROBABILITY_BARS, NULL, NULL);
  GtkWidget *child = lab_test_find (bars, GTK_TYPE_LABEL, "label", name);

  while (!GTK_IS_LEVEL_BAR (child))
    child = gtk_widget_get_next_sibling (child);

  return gtk_level_bar_get_value (GTK_LEVEL_BAR (child));
}

/* Draws strokes of straight pieces; the canvas is 1 × 1, and a negative number
 * ends a stroke. */
static void
draw (Fixture      *fixture,
      double        left,
      const double *points,
      gsize         n)
{
  double side = gtk_widget_get_width (GTK_WIDGET (fixture->canvas));
  gboolean begins = TRUE;

  for (gsize i = 0; i < n; i += 2)
    {
      LabInkPoint point = { side * (left + points[i]), side * points[i + 1], 1, 0 };

      if (points[i] < 0)
        lab_canvas_end (fixture->canvas);
      else if (begins)
        lab_canvas_begin (fixture->canvas, point);
      else
        lab_canvas_add (fixture->canvas, &point, 1);
      begins = points[i] < 0;
    }
  lab_canvas_end (fixture->canvas);
}

/* Digits side by side are a number; bars and picture are those of the last one
 * that was drawn, wherever it stands. */
static void
test_number (Fixture      *fixture,
             gconstpointer data)
{
  static const double one[] = { 0.05, 0.3, 0.05, 0.7 };
  static const double seven[] = { 0, 0.3, 0.2, 0.3, 0.08, 0.7 };

  lab_draw_page_set_network (fixture->page, fixture->network);
  draw (fixture, 0.6, seven, G_N_ELEMENTS (seven));
  g_assert_true (has_label (fixture, "This is a 7"));
  g_assert_cmpfloat (get_bar (fixture, 7), >, 0.5);

  draw (fixture, 0.2, one, G_N_ELEMENTS (one));
  g_assert_true (has_label (fixture, "This is 17"));
  g_assert_cmpfloat (get_bar (fixture, 1), >, 0.5);
  g_assert_cmpfloat (get_bar (fixture, 7), <, 0.5);

  lab_draw_page_set_network (fixture->page, NULL);
}

static void
test_clear (Fixture      *fixture,
            gconstpointer data)
{
  GtkWidget *page = GTK_WIDGET (fixture->page);
  GtkWidget *button = lab_test_find (page, GTK_TYPE_BUTTON, "action-name", "draw.clear");

  lab_draw_page_set_network (fixture->page, fixture->network);
  g_assert_false (gtk_widget_is_sensitive (button));
  draw_line (fixture);
  g_assert_true (gtk_widget_is_sensitive (button));

  /* In the middle of the stroke, which is over then. */
  g_signal_emit_by_name (button, "clicked");
  lab_canvas_add (fixture->canvas, &(LabInkPoint) { 10, 10, 1, 0 }, 1);
  lab_canvas_end (fixture->canvas);
  assert_blank (fixture);
  g_assert_false (gtk_widget_is_sensitive (button));

  lab_draw_page_set_network (fixture->page, NULL);
}

/* A network that comes later, as the next epoch's does, reads what is there. */
static void
test_network (Fixture      *fixture,
              gconstpointer data)
{
  draw_line (fixture);
  assert_blank (fixture);

  lab_draw_page_set_network (fixture->page, fixture->network);
  g_assert_true (has_label (fixture, "This is a 1"));

  lab_draw_page_set_network (fixture->page, NULL);
  assert_blank (fixture);
}

int
main (int   argc,
      char *argv[])
{
  if (!lab_test_init (&argc, &argv))
    return 0;

  g_test_add ("/draw-page/blank", Fixture, NULL, set_up, test_blank, tear_down);
  g_test_add ("/draw-page/stroke", Fixture, NULL, set_up, test_stroke, tear_down);
  g_test_add ("/draw-page/dot", Fixture, NULL, set_up, test_dot, tear_down);
  g_test_add ("/draw-page/number", Fixture, NULL, set_up, test_number, tear_down);
  g_test_add ("/draw-page/clear", Fixture, NULL, set_up, test_clear, tear_down);
  g_test_add ("/draw-page/network", Fixture, NULL, set_up, test_network, tear_down);

  return lab_test_run ();
}
