/* SPDX-License-Identifier: MIT */
#include "lab-chart.h"

#include <math.h>

#include "../lab-test-display.h"

/* The items are strings, as in "0.5 0.25": the y values of two series. */

#define WIDTH 400
#define HEIGHT 300
#define HEAD 50 /* title and legend are above this */

typedef struct
{
  GtkWidget     *window;
  LabChart      *chart;
  GtkStringList *items;
  LabSeries     *training;
  LabSeries     *validation;
} Fixture;

static double
get_number (GtkStringObject *item, gpointer word)
{
  g_auto (GStrv) words = g_strsplit (gtk_string_object_get_string (item), " ", -1);

  return g_ascii_strtod (words[GPOINTER_TO_UINT (word)], NULL);
}

static GtkExpression *
create_expression (guint word)
{
  return gtk_cclosure_expression_new (G_TYPE_DOUBLE, NULL, 0, NULL,
                                      G_CALLBACK (get_number), GUINT_TO_POINTER (word), NULL);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->chart = g_object_ref_sink (LAB_CHART (lab_chart_new ()));
  self->items = gtk_string_list_new (NULL);
  self->training = lab_series_new ("Training", create_expression (0), LAB_SERIES_ACCENT, FALSE);
  self->validation = lab_series_new ("Validation", create_expression (1), LAB_SERIES_ORANGE, TRUE);

  g_object_set (self->chart,
                "title", "Loss",
                "x-title", "Epoch",
                "x-max", 11,
                "y-min", 0.0,
                "y-max", 1.0,
                "placeholder", "Nothing yet",
                "model", self->items,
                NULL);
  lab_chart_add_series (self->chart, self->training);
  lab_chart_add_series (self->chart, self->validation);

  self->window = gtk_window_new ();
  gtk_window_set_decorated (GTK_WINDOW (self->window), FALSE);
  gtk_widget_set_size_request (GTK_WIDGET (self->chart), WIDTH, HEIGHT);
  gtk_window_set_child (GTK_WINDOW (self->window), GTK_WIDGET (self->chart));
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_assert_finalize_object (self->chart);
  g_assert_finalize_object (self->items);
  g_assert_finalize_object (self->training);
  g_assert_finalize_object (self->validation);
}

static void
stop_cb (gboolean *done)
{
  *done = TRUE;
}

/* Waits until the window has painted, then returns the chart's own pixels. */
static cairo_surface_t *
render (Fixture *self)
{
  GtkWidget *widget = GTK_WIDGET (self->chart);
  g_autoptr (GdkPaintable) paintable = NULL;
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  gboolean done = FALSE;
  gulong handler;

  while (!gtk_widget_get_mapped (widget))
    g_main_context_iteration (NULL, TRUE);
  paintable = gtk_widget_paintable_new (widget);
  handler = g_signal_connect_swapped (gtk_widget_get_frame_clock (widget), "after-paint", G_CALLBACK (stop_cb), &done);
  gtk_widget_queue_draw (widget);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (gtk_widget_get_frame_clock (widget), handler);
  while (g_main_context_iteration (NULL, FALSE))
    ;

  gdk_paintable_snapshot (paintable, snapshot, WIDTH, HEIGHT);
  node = gtk_snapshot_to_node (snapshot);
  g_assert_nonnull (node);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (self->window)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, WIDTH, HEIGHT));
  gdk_texture_download (texture, cairo_image_surface_get_data (surface), (gsize) cairo_image_surface_get_stride (surface));
  cairo_surface_mark_dirty (surface);

  return surface;
}

static gboolean
has_color (guint32 pixel, const GdkRGBA *color)
{
  return pixel >> 24 > 250
         && fabs ((pixel >> 16 & 255) - color->red * 255) < 20
         && fabs ((pixel >> 8 & 255) - color->green * 255) < 20
         && fabs ((pixel & 255) - color->blue * 255) < 20;
}

/* Counts the columns, from @from to before @to, that have a pixel in the colour
 * of @series below the head; @bounds receives where these pixels are. */
static guint
find_line (Fixture *self, LabSeries *series, int from, int to, GdkRectangle *bounds)
{
  cairo_surface_t *surface = render (self);
  const guchar *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  guint n_columns = 0;
  GdkRGBA color;

  lab_series_resolve_color (series, GTK_WIDGET (self->chart), &color);
  for (int x = from; x < to; x++)
    {
      gboolean found = FALSE;

      for (int y = HEAD; y < HEIGHT; y++)
        {
          const guint32 *pixel = (const guint32 *) (const void *) (data + y * stride + x * 4);
          GdkRectangle here = { x, y, 1, 1 };

          if (!has_color (*pixel, &color))
            continue;

          if (n_columns == 0 && !found)
            *bounds = here;
          else
            gdk_rectangle_union (bounds, &here, bounds);
          found = TRUE;
        }
      n_columns += found;
    }
  cairo_surface_destroy (surface);

  return n_columns;
}

/* Counts the pixels that are not empty in @width columns from @x on, below @y. */
static guint
count_pixels (Fixture *self, int x, int y, int width)
{
  cairo_surface_t *surface = render (self);
  const guchar *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  guint n_pixels = 0;

  for (int row = y; row < HEIGHT; row++)
    for (int column = x; column < x + width; column++)
      n_pixels += data[row * stride + column * 4 + 3] > 0;
  cairo_surface_destroy (surface);

  return n_pixels;
}

static void
test_empty (Fixture *self, gconstpointer data)
{
  GdkRectangle bounds;

  g_assert_cmpuint (find_line (self, self->training, 0, WIDTH, &bounds), ==, 0);
  g_assert_cmpuint (find_line (self, self->validation, 0, WIDTH, &bounds), ==, 0);
}

/* The line starts as a dot and reaches further with every item. */
static void
test_grows (Fixture *self, gconstpointer data)
{
  GdkRectangle first, second, all, right;

  gtk_string_list_append (self->items, "0 nan");
  g_assert_cmpuint (find_line (self, self->training, 0, WIDTH, &first), >=, 4);
  g_assert_cmpint (first.width, <=, 8);
  g_assert_cmpint (first.height, <=, 8);
  g_assert_cmpint (first.x, <, WIDTH / 4);
  g_assert_cmpint (first.y, >, HEIGHT * 3 / 4);

  gtk_string_list_append (self->items, "1 nan");
  g_assert_cmpuint (find_line (self, self->training, 0, WIDTH, &second), >=, 20);
  g_assert_cmpint (second.x, ==, first.x);
  g_assert_cmpint (second.y, <, HEAD + 40);
  g_assert_cmpint (second.y + second.height, ==, first.y + first.height);
  g_assert_cmpint (second.x + second.width, <, WIDTH / 3);
  g_assert_cmpuint (find_line (self, self->training, WIDTH / 2, WIDTH, &right), ==, 0);

  for (guint i = 0; i < 9; i++)
    gtk_string_list_append (self->items, "0.5 nan");
  g_assert_cmpuint (find_line (self, self->training, WIDTH / 2, WIDTH, &right), >, 120);
  g_assert_cmpuint (find_line (self, self->training, 0, WIDTH, &all), >, 250);
  g_assert_cmpint (all.x, ==, first.x);
  g_assert_cmpint (all.x + all.width, >, WIDTH - 30);

  /* The other series has no values: no pixel of it. */
  g_assert_cmpuint (find_line (self, self->validation, 0, WIDTH, &right), ==, 0);
}

static void
test_gap (Fixture *self, gconstpointer data)
{
  const char *const gap[] = { "0.5 0.2", "nan 0.2", "0.5 0.2", NULL };
  GdkRectangle bounds;
  int middle;

  g_object_set (self->chart, "x-max", 3, NULL);
  gtk_string_list_splice (self->items, 0, 0, gap);
  g_assert_cmpuint (find_line (self, self->training, 0, WIDTH, &bounds), >=, 8);
  middle = bounds.x + bounds.width / 2;

  /* Two dots and nothing between them. */
  g_assert_cmpuint (find_line (self, self->training, middle - 50, middle + 50, &bounds), ==, 0);
  g_assert_cmpuint (find_line (self, self->validation, middle - 50, middle + 50, &bounds), >, 40);

  /* Infinite values are gaps, too, and do not stretch the axis. */
  gtk_string_list_splice (self->items, 1, 1, (const char *const[]) { "inf 0.2", NULL });
  g_assert_cmpuint (find_line (self, self->training, middle - 50, middle + 50, &bounds), ==, 0);

  gtk_string_list_splice (self->items, 1, 1, (const char *const[]) { "0.5 0.2", NULL });
  g_assert_cmpuint (find_line (self, self->training, middle - 50, middle + 50, &bounds), >, 90);
}

/* The last number below the x axis has room up to its end. */
static void
test_long_label (Fixture *self, gconstpointer data)
{
  g_object_set (self->chart, "x-max", 1000000, NULL);
  g_assert_cmpuint (count_pixels (self, WIDTH - 40, HEIGHT - 16, 40), >, 20);
  g_assert_cmpuint (count_pixels (self, WIDTH - 1, HEIGHT - 16, 1), ==, 0);
}

/* Dashes are gaps in a straight line. */
static void
test_dashed (Fixture *self, gconstpointer data)
{
  GdkRectangle bounds;
  guint solid, dashed;

  g_object_set (self->chart, "x-max", 2, NULL);
  gtk_string_list_append (self->items, "0.7 0.3");
  gtk_string_list_append (self->items, "0.7 0.3");
  solid = find_line (self, self->training, WIDTH / 2 - 50, WIDTH / 2 + 50, &bounds);
  dashed = find_line (self, self->validation, WIDTH / 2 - 50, WIDTH / 2 + 50, &bounds);
  g_assert_cmpuint (solid, ==, 100);
  g_assert_cmpuint (dashed, >, 40);
  g_assert_cmpuint (dashed, <, 75);
}

/* The macro makes a format of its arguments, so that no “%” may stand there. */
static void
assert_description (LabChart *chart, const char *expected)
{
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (chart), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, expected);
}

static void
test_text_alternative (Fixture *self, gconstpointer data)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (self->chart);

  gtk_test_accessible_assert_role (accessible, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL, "Loss");
  assert_description (self->chart, "Nothing yet");

  gtk_string_list_append (self->items, "0.5 0.25");
  gtk_string_list_append (self->items, "0.3125 nan");
  assert_description (self->chart, "Epoch 2: Training 0.312, Validation –");

  lab_chart_set_cursor (self->chart, 0);
  assert_description (self->chart, "Epoch 1: Training 0.500, Validation 0.250");

  g_object_set (self->chart, "y-format", LAB_AXIS_PERCENT, NULL);
  assert_description (self->chart, "Epoch 1: Training 50.00\u00a0%, Validation 25.00\u00a0%");

  gtk_string_list_splice (self->items, 0, 2, NULL);
  assert_description (self->chart, "Nothing yet");
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_cursor (Fixture *self, gconstpointer data)
{
  LabChart *other = g_object_ref_sink (LAB_CHART (lab_chart_new ()));
  guint n_notified = 0;

  g_object_set (other, "model", self->items, NULL);
  g_object_bind_property (self->chart, "cursor", other, "cursor", G_BINDING_BIDIRECTIONAL);
  g_signal_connect_swapped (self->chart, "notify::cursor", G_CALLBACK (count_cb), &n_notified);

  lab_chart_set_cursor (self->chart, 0);
  g_assert_cmpint (lab_chart_get_cursor (self->chart), ==, -1);
  g_assert_cmpuint (n_notified, ==, 0);

  gtk_string_list_append (self->items, "1 1");
  gtk_string_list_append (self->items, "2 2");
  lab_chart_set_cursor (self->chart, 1);
  lab_chart_set_cursor (self->chart, 1);
  g_assert_cmpint (lab_chart_get_cursor (other), ==, 1);
  g_assert_cmpuint (n_notified, ==, 1);

  lab_chart_set_cursor (other, 0);
  g_assert_cmpint (lab_chart_get_cursor (self->chart), ==, 0);
  g_assert_cmpuint (n_notified, ==, 2);

  /* It does not outlive its item. */
  gtk_string_list_splice (self->items, 0, 2, NULL);
  g_assert_cmpint (lab_chart_get_cursor (self->chart), ==, -1);
  g_assert_cmpint (lab_chart_get_cursor (other), ==, -1);
  g_assert_cmpuint (n_notified, ==, 3);

  g_signal_handlers_disconnect_by_data (self->chart, &n_notified);
  g_assert_finalize_object (other);
}

static void
test_properties (Fixture *self, gconstpointer data)
{
  g_autoptr (GtkStringList) model = gtk_string_list_new (NULL);
  g_autoptr (GtkExpression) expression = create_expression (0);
  static const char *strings[] = { "title", "x-title", "placeholder" };
  static const char *ends[] = { "y-min", "y-max" };
  guint n_notified = 0;
  guint x_max;

  g_signal_connect_swapped (self->chart, "notify", G_CALLBACK (count_cb), &n_notified);

  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    {
      g_autofree char *text = NULL;

      n_notified = 0;
      g_object_set (self->chart, strings[i], "Test", NULL);
      g_object_set (self->chart, strings[i], "Test", NULL);
      g_object_get (self->chart, strings[i], &text, NULL);
      g_assert_cmpstr (text, ==, "Test");
      g_object_set (self->chart, strings[i], NULL, NULL);
      g_assert_cmpuint (n_notified, ==, 2);
    }

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      double end;

      n_notified = 0;
      g_object_set (self->chart, ends[i], 0.25, NULL);
      g_object_set (self->chart, ends[i], 0.25, NULL);
      g_object_get (self->chart, ends[i], &end, NULL);
      g_assert_cmpfloat (end, ==, 0.25);
      g_object_set (self->chart, ends[i], i == 0 ? -INFINITY : INFINITY, NULL);
      g_object_get (self->chart, ends[i], &end, NULL);
      g_assert_true (isinf (end));
      g_assert_cmpuint (n_notified, ==, 2);
    }

  n_notified = 0;
  g_object_set (self->chart, "x-max", 20, NULL);
  g_object_set (self->chart, "x-max", 20, NULL);
  g_object_get (self->chart, "x-max", &x_max, NULL);
  g_assert_cmpuint (x_max, ==, 20);
  g_assert_cmpuint (n_notified, ==, 1);

  n_notified = 0;
  g_object_set (self->chart, "x-expression", expression, NULL);
  g_object_set (self->chart, "x-expression", expression, NULL);
  g_assert_cmpuint (n_notified, ==, 1);

  n_notified = 0;
  g_object_set (self->chart, "y-format", LAB_AXIS_PERCENT, NULL);
  g_object_set (self->chart, "y-format", LAB_AXIS_PERCENT, NULL);
  g_assert_cmpuint (n_notified, ==, 1);

  n_notified = 0;
  lab_chart_set_model (self->chart, G_LIST_MODEL (model));
  lab_chart_set_model (self->chart, G_LIST_MODEL (model));
  g_assert_true (lab_chart_get_model (self->chart) == G_LIST_MODEL (model));
  g_assert_cmpuint (n_notified, ==, 1);

  g_signal_handlers_disconnect_by_data (self->chart, &n_notified);
}

/* Larger text needs more room; a narrow legend takes more rows. */
static void
test_size (Fixture *self, gconstpointer data)
{
  GtkWidget *widget = GTK_WIDGET (self->chart);
  GtkSettings *settings = gtk_widget_get_settings (widget);
  int minimum, natural, large, low, high, dpi;

  gtk_widget_set_size_request (widget, -1, -1);
  gtk_string_list_append (self->items, "0.5 0.25");
  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  g_assert_cmpint (minimum, <, natural);
  g_assert_cmpint (minimum, <, 280);
  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, natural, &low, NULL, NULL, NULL);
  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, minimum, &high, NULL, NULL, NULL);
  g_assert_cmpint (low, <, high);

  g_object_get (settings, "gtk-xft-dpi", &dpi, NULL);
  g_object_set (settings, "gtk-xft-dpi", 2 * (dpi > 0 ? dpi : 96 * 1024), NULL);
  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &large, NULL, NULL, NULL);
  g_assert_cmpint (large, >, minimum * 3 / 2);
  g_object_set (settings, "gtk-xft-dpi", dpi, NULL);
}

static void
test_builder (Fixture *self, gconstpointer data)
{
  const char *ui = "<interface>"
                   "  <object class='LabChart' id='chart'>"
                   "    <property name='x-title'>Epoch</property>"
                   "    <property name='y-format'>percent</property>"
                   "    <property name='x-expression'><lookup type='GtkAdjustment' name='upper'/></property>"
                   "    <child>"
                   "      <object class='LabSeries'>"
                   "        <property name='title'>Training</property>"
                   "        <property name='expression'><lookup type='GtkAdjustment' name='value'/></property>"
                   "        <property name='dashed'>true</property>"
                   "      </object>"
                   "    </child>"
                   "  </object>"
                   "</interface>";
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_string (ui, -1);
  g_autoptr (GListStore) items = g_list_store_new (GTK_TYPE_ADJUSTMENT);
  g_autoptr (GtkAdjustment) item = g_object_ref_sink (gtk_adjustment_new (0.25, 0, 7, 0, 0, 0));
  GObject *chart = gtk_builder_get_object (builder, "chart");

  g_list_store_append (items, item);
  lab_chart_set_model (LAB_CHART (chart), G_LIST_MODEL (items));
  assert_description (LAB_CHART (chart), "Epoch 7: Training 25.00\u00a0%");
}

#define add(name, function) \
  g_test_add ("/chart/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  if (!lab_test_open_display ())
    return 0;

  g_test_init (&argc, &argv, NULL);
  g_type_ensure (LAB_TYPE_CHART);
  g_type_ensure (LAB_TYPE_SERIES);

  add ("empty", test_empty);
  add ("grows", test_grows);
  add ("gap", test_gap);
  add ("long-label", test_long_label);
  add ("dashed", test_dashed);
  add ("text-alternative", test_text_alternative);
  add ("cursor", test_cursor);
  add ("properties", test_properties);
  add ("size", test_size);
  add ("builder", test_builder);

  return g_test_run ();
}
