/* SPDX-License-Identifier: MIT */
#include "lab-canvas-input.h"

struct _LabCanvasInput
{
  GObject parent_instance;

  LabCanvas  *canvas;  /* not owned */
  GtkGesture *drawing; /* the gesture that has the stroke under way, or NULL */
};

G_DEFINE_FINAL_TYPE (LabCanvasInput, lab_canvas_input, G_TYPE_OBJECT)

/* Reads one of the samples that were merged into an event. Its flags are not
 * filled in on X11, so the caller says whether there is a pressure. */
static LabInkPoint
point_from_sample (const GdkTimeCoord *sample,
                   gboolean            has_pressure)
{
  return (LabInkPoint) {
    .x = sample->axes[GDK_AXIS_X],
    .y = sample->axes[GDK_AXIS_Y],
    .pressure = has_pressure ? sample->axes[GDK_AXIS_PRESSURE] : 1.0,
    .time = sample->time / 1000.0,
  };
}

/* Returns the sample of the event that @gesture is being told of. */
static LabInkPoint
point_from_event (GtkGesture *gesture,
                  double      x,
                  double      y,
                  double      pressure)
{
  guint32 time = gtk_event_controller_get_current_event_time (GTK_EVENT_CONTROLLER (gesture));

  return (LabInkPoint) { x, y, pressure, time / 1000.0 };
}

/* Moves @point from the window's surface, where events are, to the canvas. */
static void
map_from_surface (LabCanvasInput *self,
                  LabInkPoint    *point)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self->canvas));
  graphene_point_t mapped;
  double x, y;

  gtk_native_get_surface_transform (native, &x, &y);

  if (gtk_widget_compute_point (GTK_WIDGET (native), GTK_WIDGET (self->canvas),
                                &GRAPHENE_POINT_INIT (point->x - x, point->y - y), &mapped))
    {
      point->x = mapped.x;
      point->y = mapped.y;
    }
}

static void
begin_with (LabCanvasInput *self,
            GtkGesture     *gesture,
            LabInkPoint     point)
{
  /* No scrolled window around the canvas may take the movement for its own. */
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_grab_focus (GTK_WIDGET (self->canvas));

  self->drawing = gesture;
  lab_canvas_begin (self->canvas, point);
}

/* A gesture that was denied ends too, and one that is cancelled may end twice:
 * only the one that draws ends the stroke. */
static void
end_with (LabCanvasInput *self,
          GtkGesture     *gesture)
{
  if (self->drawing == gesture)
    lab_canvas_input_end (self);
}

static void
end_cb (GtkGesture     *gesture,
        double          x,
        double          y,
        LabCanvasInput *self)
{
  end_with (self, gesture);
}

static void
cancel_cb (GtkGesture       *gesture,
           GdkEventSequence *sequence,
           LabCanvasInput   *self)
{
  end_with (self, gesture);
}

/* Mouse and touch */

static void
drag_begin_cb (GtkGestureDrag *drag,
               double          x,
               double          y,
               LabCanvasInput *self)
{
  GtkGesture *gesture = GTK_GESTURE (drag);
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (drag));

  /* A pen has a gesture of its own, which also sees its pressure. */
  if (self->drawing != NULL || (event != NULL && gdk_event_get_device_tool (event) != NULL))
    gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
  else
    begin_with (self, gesture, point_from_event (gesture, x, y, 1.0));
}

/* Motion events are merged into one per frame; what the mouse did in between is
 * in the event's history, without which a quick curve would be a polygon. */
static void
drag_update_cb (GtkGestureDrag *drag,
                double          offset_x,
                double          offset_y,
                LabCanvasInput *self)
{
  GtkGesture *gesture = GTK_GESTURE (drag);
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (drag));
  g_autofree GdkTimeCoord *history = NULL;
  g_autofree LabInkPoint *points = NULL;
  guint n_history = 0;
  double x, y;

  if (self->drawing != gesture)
    return;

  if (event != NULL)
    history = gdk_event_get_history (event, &n_history);

  points = g_new (LabInkPoint, n_history + 1);

  for (guint i = 0; i < n_history; i++)
    {
      points[i] = point_from_sample (&history[i], FALSE);
      map_from_surface (self, &points[i]);
    }

  gtk_gesture_drag_get_start_point (drag, &x, &y);
  points[n_history] = point_from_event (gesture, x + offset_x, y + offset_y, 1.0);

  lab_canvas_add (self->canvas, points, n_history + 1);
}

/* Pen */

static void
stylus_down_cb (GtkGestureStylus *stylus,
                double            x,
                double            y,
                LabCanvasInput   *self)
{
  GtkGesture *gesture = GTK_GESTURE (stylus);
  GdkDeviceTool *tool = gtk_gesture_stylus_get_device_tool (stylus);
  double pressure;

  /* Nobody expects the rubber end of a pen to draw. */
  if (tool != NULL && gdk_device_tool_get_tool_type (tool) == GDK_DEVICE_TOOL_TYPE_ERASER)
    return;

  if (!gtk_gesture_stylus_get_axis (stylus, GDK_AXIS_PRESSURE, &pressure))
    pressure = 1.0;

  begin_with (self, gesture, point_from_event (gesture, x, y, pressure));
}

static void
stylus_motion_cb (GtkGestureStylus *stylus,
                  double            x,
                  double            y,
                  LabCanvasInput   *self)
{
  GtkGesture *gesture = GTK_GESTURE (stylus);
  g_autofree GdkTimeCoord *backlog = NULL;
  g_autofree LabInkPoint *points = NULL;
  guint n_backlog = 0;
  gboolean has_pressure;
  double pressure;

  if (self->drawing != gesture)
    return;

  has_pressure = gtk_gesture_stylus_get_axis (stylus, GDK_AXIS_PRESSURE, &pressure);
  if (!has_pressure)
    pressure = 1.0;

  if (!gtk_gesture_stylus_get_backlog (stylus, &backlog, &n_backlog))
    n_backlog = 0;

  points = g_new (LabInkPoint, n_backlog + 1);

  /* GTK gives the backlog in coordinates of the widget. */
  for (guint i = 0; i < n_backlog; i++)
    points[i] = point_from_sample (&backlog[i], has_pressure);

  points[n_backlog] = point_from_event (gesture, x, y, pressure);

  lab_canvas_add (self->canvas, points, n_backlog + 1);
}

static void
lab_canvas_input_class_init (LabCanvasInputClass *klass)
{
}

static void
lab_canvas_input_init (LabCanvasInput *self)
{
}

static void
add_gesture (LabCanvasInput *self,
             GtkGesture     *gesture)
{
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), GDK_BUTTON_PRIMARY);
  gtk_gesture_single_set_exclusive (GTK_GESTURE_SINGLE (gesture), TRUE);
  g_signal_connect_object (gesture, "cancel", G_CALLBACK (cancel_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->canvas), GTK_EVENT_CONTROLLER (gesture));
}

LabCanvasInput *
lab_canvas_input_new (LabCanvas *canvas)
{
  LabCanvasInput *self;
  GtkGesture *drag, *stylus;

  g_return_val_if_fail (LAB_IS_CANVAS (canvas), NULL);

  self = g_object_new (LAB_TYPE_CANVAS_INPUT, NULL);
  self->canvas = canvas;

  drag = gtk_gesture_drag_new ();
  g_signal_connect_object (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self, 0);
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (drag_update_cb), self, 0);
  g_signal_connect_object (drag, "drag-end", G_CALLBACK (end_cb), self, 0);
  add_gesture (self, drag);

  stylus = gtk_gesture_stylus_new ();
  g_signal_connect_object (stylus, "down", G_CALLBACK (stylus_down_cb), self, 0);
  g_signal_connect_object (stylus, "motion", G_CALLBACK (stylus_motion_cb), self, 0);
  g_signal_connect_object (stylus, "up", G_CALLBACK (end_cb), self, 0);
  add_gesture (self, stylus);

  return self;
}

void
lab_canvas_input_end (LabCanvasInput *self)
{
  g_return_if_fail (LAB_IS_CANVAS_INPUT (self));

  if (self->drawing == NULL)
    return;

  self->drawing = NULL;
  lab_canvas_end (self->canvas);
}
