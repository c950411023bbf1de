/* SPDX-License-Identifier: MIT */
#include "lab-canvas.h"
#include "lab-ink-painter.h"
#include "lab-test-widgets.h"

#include <math.h>

#define SIDE 400

static LabInkPoint
point (double x,
       double y)
{
  return (LabInkPoint) { x, y, 1.0, 0.0 };
}

static LabCanvas *
show_canvas (GtkWindow **window)
{
  LabCanvas *canvas = LAB_CANVAS (lab_canvas_new ());

  *window = lab_test_show (GTK_WIDGET (canvas), SIDE, SIDE);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (canvas)), ==, SIDE);
  g_assert_cmpint (gtk_widget_get_height (GTK_WIDGET (canvas)), ==, SIDE);

  return canvas;
}

static void
assert_point (LabInk *ink,
              guint   stroke,
              gsize   i,
              double  x,
              double  y)
{
  gsize n_points;
  const LabInkPoint *points = lab_ink_get_stroke (ink, stroke, &n_points);

  g_assert_cmpuint (i, <, n_points);
  g_assert_cmpfloat_with_epsilon (points[i].x, x, 1e-9);
  g_assert_cmpfloat_with_epsilon (points[i].y, y, 1e-9);
}

static void
test_points (void)
{
  GtkWindow *window;
  LabCanvas *canvas = show_canvas (&window);
  LabInk *ink = lab_canvas_get_ink (canvas);
  const LabInkPoint more[] = { { 200, 100, 0.5, 0.1 }, { 300, 400, 0.7, 0.2 } };
  gsize n_points;
  const LabInkPoint *points;

  lab_canvas_begin (canvas, point (100, 100));
  lab_canvas_add (canvas, more, G_N_ELEMENTS (more));
  lab_canvas_end (canvas);
  lab_canvas_add (canvas, more, G_N_ELEMENTS (more));

  g_assert_cmpuint (lab_ink_get_n_strokes (ink), ==, 1);
  g_assert_cmpuint (lab_ink_get_n_points (ink), ==, 3);
  assert_point (ink, 0, 0, 0.25, 0.25);
  assert_point (ink, 0, 1, 0.5, 0.25);
  assert_point (ink, 0, 2, 0.75, 1.0);

  points = lab_ink_get_stroke (ink, 0, &n_points);
  g_assert_cmpfloat (points[1].pressure, ==, 0.5);
  g_assert_cmpfloat (points[2].time, ==, 0.2);

  lab_test_close (window);
}

/* A sheet that is not square has the unit square in its middle, and the pointer
 * may leave it while its button is held. */
static void
test_outside (void)
{
  LabCanvas *canvas = LAB_CANVAS (lab_canvas_new ());
  GtkWindow *window = lab_test_show (GTK_WIDGET (canvas), 600, 400);
  LabInk *ink = lab_canvas_get_ink (canvas);
  const LabInkPoint away = { 9000, -50, 1, 0 };

  lab_canvas_begin (canvas, point (300, 200));
  lab_canvas_add (canvas, &away, 1);
  assert_point (ink, 0, 0, 0.5, 0.5);
  assert_point (ink, 0, 1, 1.25, 0.0);

  /* Along the edge, nothing is drawn. */
  lab_canvas_add (canvas, (const LabInkPoint[]) { { 9000, 100, 1, 0 }, { 700, 200, 1, 0 } }, 2);
  g_assert_cmpuint (lab_ink_get_n_points (ink), ==, 2);

  lab_canvas_add (canvas, (const LabInkPoint[]) { { 500, 200, 1, 0 }, { 400, 200, 1, 0 } }, 2);
  lab_canvas_end (canvas);
  g_assert_cmpuint (lab_ink_get_n_strokes (ink), ==, 2);
  assert_point (ink, 1, 0, 1.25, 0.5);
  assert_point (ink, 1, 1, 1.0, 0.5);
  assert_point (ink, 1, 2, 0.75, 0.5);

  lab_test_close (window);
}

static void
test_resize (void)
{
  GtkWindow *window;
  LabCanvas *canvas = show_canvas (&window);
  LabInk *ink = lab_canvas_get_ink (canvas);
  const LabInkPoint after = { 150, 150, 1, 0 };

  lab_canvas_begin (canvas, point (100, 300));
  gtk_window_set_default_size (window, 300, 300);
  while (gtk_widget_get_width (GTK_WIDGET (canvas)) != 300)
    g_main_context_iteration (NULL, TRUE);
  lab_canvas_add (canvas, &after, 1);
  lab_canvas_end (canvas);

  assert_point (ink, 0, 0, 0.25, 0.75);
  assert_point (ink, 0, 1, 0.5, 0.5);

  lab_test_close (window);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* However many points an event brings, the drawing is read once. */
static void
test_burst (void)
{
  GtkWindow *window;
  LabCanvas *canvas = show_canvas (&window);
  LabInk *ink = lab_canvas_get_ink (canvas);
  LabInkPoint points[300];
  guint n_changes = 0;

  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    points[i] = point (i, i);

  lab_canvas_begin (canvas, point (0, 0));
  g_signal_connect_swapped (ink, "changed", G_CALLBACK (count_cb), &n_changes);
  lab_canvas_add (canvas, points, G_N_ELEMENTS (points));

  g_assert_cmpuint (n_changes, ==, 1);
  g_assert_cmpuint (lab_ink_get_n_points (ink), ==, 301);

  lab_test_close (window);
}

static void
test_gesture (void)
{
  GtkWindow *window;
  LabCanvas *canvas = show_canvas (&window);
  LabInk *ink = lab_canvas_get_ink (canvas);
  GtkGesture *drag = lab_test_find_gesture (GTK_WIDGET (canvas), GTK_TYPE_GESTURE_DRAG);

  g_signal_emit_by_name (drag, "drag-begin", 40.0, 80.0);
  g_signal_emit_by_name (drag, "drag-end", 0.0, 0.0);

  /* A tap is a dot. */
  g_assert_cmpuint (lab_ink_get_n_strokes (ink), ==, 1);
  g_assert_cmpuint (lab_ink_get_n_points (ink), ==, 1);
  assert_point (ink, 0, 0, 0.1, 0.2);

  lab_test_close (window);
}

static void
test_cancel (void)
{
  GtkWindow *window;
  LabCanvas *canvas = show_canvas (&window);
  LabInk *ink = lab_canvas_get_ink (canvas);
  GtkGesture *drag = lab_test_find_gesture (GTK_WIDGET (canvas), GTK_TYPE_GESTURE_DRAG);

  g_signal_emit_by_name (drag, "drag-begin", 40.0, 80.0);
  g_signal_emit_by_name (drag, "cancel", NULL);

  /* The stroke is over and stays; what the gesture still says is not heard. */
  g_signal_emit_by_name (drag, "drag-update", 50.0, 50.0);
  g_signal_emit_by_name (drag, "drag-end", 50.0, 50.0);
  g_assert_cmpuint (lab_ink_get_n_strokes (ink), ==, 1);
  g_assert_cmpuint (lab_ink_get_n_points (ink), ==, 1);

  lab_test_close (window);
}

/* The view may change in the middle of a stroke. */
static void
test_hide (void)
{
  GtkWindow *window;
  LabCanvas *canvas = show_canvas (&window);
  LabInk *ink = lab_canvas_get_ink (canvas);
  GtkGesture *drag = lab_test_find_gesture (GTK_WIDGET (canvas), GTK_TYPE_GESTURE_DRAG);

  g_signal_emit_by_name (drag, "drag-begin", 40.0, 80.0);
  gtk_widget_set_visible (GTK_WIDGET (canvas), FALSE);
  g_signal_emit_by_name (drag, "drag-update", 50.0, 50.0);
  gtk_widget_set_visible (GTK_WIDGET (canvas), TRUE);
  g_signal_emit_by_name (drag, "drag-update", 60.0, 60.0);
  g_assert_cmpuint (lab_ink_get_n_points (ink), ==, 1);

  lab_test_close (window);
}

/* A mouse that is moved while a pen draws neither draws nor ends the stroke. */
static void
test_two_devices (void)
{
  GtkWindow *window;
  LabCanvas *canvas = show_canvas (&window);
  LabInk *ink = lab_canvas_get_ink (canvas);
  GtkGesture *drag = lab_test_find_gesture (GTK_WIDGET (canvas), GTK_TYPE_GESTURE_DRAG);
  GtkGesture *stylus = lab_test_find_gesture (GTK_WIDGET (canvas), GTK_TYPE_GESTURE_STYLUS);

  g_signal_emit_by_name (stylus, "down", 40.0, 80.0);
  g_signal_emit_by_name (drag, "drag-begin", 200.0, 200.0);
  g_signal_emit_by_name (drag, "drag-end", 0.0, 0.0);
  g_signal_emit_by_name (stylus, "motion", 80.0, 80.0);
  g_signal_emit_by_name (stylus, "up", 80.0, 80.0);
  g_signal_emit_by_name (stylus, "motion", 120.0, 80.0);

  g_assert_cmpuint (lab_ink_get_n_strokes (ink), ==, 1);
  g_assert_cmpuint (lab_ink_get_n_points (ink), ==, 2);
  assert_point (ink, 0, 1, 0.2, 0.2);

  lab_test_close (window);
}

static void
test_accessible (void)
{
  GtkWindow *window;
  LabCanvas *canvas = show_canvas (&window);
  const LabInkPoint next = { 10, 20, 1, 0 };

  gtk_test_accessible_assert_role (canvas, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (canvas, GTK_ACCESSIBLE_PROPERTY_LABEL, "Drawing canvas");
  gtk_test_accessible_assert_property (canvas, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "0 strokes, 0 points");

  lab_canvas_begin (canvas, point (10, 10));
  lab_canvas_end (canvas);
  gtk_test_accessible_assert_property (canvas, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "1 stroke, 1 point");

  lab_canvas_begin (canvas, point (10, 10));
  lab_canvas_add (canvas, &next, 1);
  gtk_test_accessible_assert_property (canvas, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "1 stroke, 1 point");
  lab_canvas_end (canvas);
  gtk_test_accessible_assert_property (canvas, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "2 strokes, 3 points");

  lab_ink_clear (lab_canvas_get_ink (canvas));
  gtk_test_accessible_assert_property (canvas, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "0 strokes, 0 points");

  lab_test_close (window);
}

static void
test_set_ink (void)
{
  GtkWindow *window;
  LabCanvas *canvas = show_canvas (&window);
  LabInk *ink = lab_ink_new ();
  guint n_notifies = 0;

  lab_ink_begin_stroke (ink, (LabInkPoint) { 0.5, 0.5, 1, 0 });
  lab_ink_end_stroke (ink);

  g_signal_connect_swapped (canvas, "notify::ink", G_CALLBACK (count_cb), &n_notifies);
  g_object_set (canvas, "ink", ink, NULL);
  g_object_set (canvas, "ink", ink, NULL);
  g_assert_cmpuint (n_notifies, ==, 1);
  g_assert_true (lab_canvas_get_ink (canvas) == ink);
  g_assert_false (gtk_widget_get_visible (lab_test_find (GTK_WIDGET (canvas), GTK_TYPE_LABEL, NULL, NULL)));

  lab_test_close (window);
  g_assert_finalize_object (ink);
}

/* Painting */

static guint8
alpha_at (cairo_surface_t *surface,
          int              x,
          int              y)
{
  cairo_surface_flush (surface);

  return cairo_image_surface_get_data (surface)[y * cairo_image_surface_get_stride (surface) + x];
}

static cairo_surface_t *
paint (LabInkPainter *painter,
       LabInk        *ink)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, SIDE, SIDE);
  cairo_t *cr = cairo_create (surface);

  lab_ink_painter_draw (painter, ink, cr, SIDE, SIDE, 1);
  cairo_destroy (cr);

  return surface;
}

static void
test_paint_dot (void)
{
  g_autoptr (LabInkPainter) painter = lab_ink_painter_new ();
  g_autoptr (LabInk) ink = lab_ink_new ();
  cairo_surface_t *surface;

  lab_ink_set_pen_width (ink, 0.1);
  lab_ink_begin_stroke (ink, (LabInkPoint) { 0.5, 0.5, 1, 0 });
  lab_ink_end_stroke (ink);
  surface = paint (painter, ink);

  /* Full pressure gives the full width: 40 pixels of 400. */
  g_assert_cmpuint (alpha_at (surface, 200, 200), ==, 255);
  g_assert_cmpuint (alpha_at (surface, 200 + 18, 200), ==, 255);
  g_assert_cmpuint (alpha_at (surface, 200 + 21, 200), ==, 0);
  g_assert_cmpuint (alpha_at (surface, 200 + 18, 200 + 18), ==, 0);

  cairo_surface_destroy (surface);
}

/* Strokes that grew frame by frame look like those painted at once. */
static void
test_paint_growing (void)
{
  g_autoptr (LabInkPainter) growing = lab_ink_painter_new ();
  g_autoptr (LabInkPainter) fresh = lab_ink_painter_new ();
  g_autoptr (LabInk) ink = lab_ink_new ();
  cairo_surface_t *one = NULL;
  cairo_surface_t *other;

  lab_ink_set_pen_width (ink, 0.06);

  for (guint stroke = 0; stroke < 3; stroke++)
    {
      for (guint i = 0; i < 200; i++)
        {
          LabInkPoint p = {
            .x = 0.5 + 0.4 * cos (i / 30.0 + stroke),
            .y = 0.5 + 0.4 * sin (i / 20.0),
            .pressure = 0.5 + 0.5 * sin (i / 9.0),
          };

          if (i == 0)
            lab_ink_begin_stroke (ink, p);
          else
            lab_ink_add_point (ink, p);

          g_clear_pointer (&one, cairo_surface_destroy);
          one = paint (growing, ink);
        }
      lab_ink_end_stroke (ink);
    }

  other = paint (fresh, ink);
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      g_assert_cmpint (ABS (alpha_at (one, x, y) - alpha_at (other, x, y)), <=, 2);

  cairo_surface_destroy (one);
  cairo_surface_destroy (other);
}

int
main (int   argc,
      char *argv[])
{
  if (!lab_test_init (&argc, &argv))
    return 0;

  g_test_add_func ("/canvas/points", test_points);
  g_test_add_func ("/canvas/outside", test_outside);
  g_test_add_func ("/canvas/resize", test_resize);
  g_test_add_func ("/canvas/burst", test_burst);
  g_test_add_func ("/canvas/gesture", test_gesture);
  g_test_add_func ("/canvas/cancel", test_cancel);
  g_test_add_func ("/canvas/hide", test_hide);
  g_test_add_func ("/canvas/two-devices", test_two_devices);
  g_test_add_func ("/canvas/accessible", test_accessible);
  g_test_add_func ("/canvas/set-ink", test_set_ink);
  g_test_add_func ("/canvas/paint-dot", test_paint_dot);
  g_test_add_func ("/canvas/paint-growing", test_paint_growing);

  return lab_test_run ();
}
