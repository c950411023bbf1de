/* SPDX-License-Identifier: MIT */
#include "lab-canvas.h"

#include "lab-ink-painter.h"

#include <glib/gi18n.h>

/* In parts of the sheet's side: about as bold as the digits of MNIST. */
#define PEN_WIDTH 0.06

/* The sheet takes all the room that it can get. */
#define MINIMUM_SIDE 200
#define NATURAL_SIDE 2000

struct _LabCanvas
{
  GtkWidget parent_instance;

  LabInk       *ink;
  GSignalGroup *ink_signals;
  LabInkPainter *painter;

  GtkWidget  *hint;
  GtkGesture *drawing; /* the gesture that has the stroke under way, or NULL */
};

G_DEFINE_FINAL_TYPE (LabCanvas, lab_canvas, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_INK,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Screen readers hear of whole strokes; a description per point would flood them. */
static void
update_description (LabCanvas *self)
{
  guint n_strokes = lab_ink_get_n_strokes (self->ink);
  guint n_points = lab_ink_get_n_points (self->ink);
  g_autofree char *strokes = g_strdup_printf (ngettext ("%u stroke", "%u strokes", n_strokes), n_strokes);
  g_autofree char *points = g_strdup_printf (ngettext ("%u point", "%u points", n_points), n_points);
  /* Translators: “1 stroke, 41 points” */
  g_autofree char *text = g_strdup_printf (_("%s, %s"), strokes, points);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

/* Pointer events */

/* Reads an event's sample from the axes that a device reports. */
static LabInkPoint
point_from_axes (const double *axes,
                 GdkAxisFlags  flags,
                 guint32       time)
{
  return (LabInkPoint) {
    .x = axes[GDK_AXIS_X],
    .y = axes[GDK_AXIS_Y],
    .pressure = (flags & GDK_AXIS_FLAG_PRESSURE) ? axes[GDK_AXIS_PRESSURE] : 1.0,
    .time = time / 1000.0,
  };
}

/* Moves @point from the window's surface, where events are, to the widget. */
static void
map_from_surface (LabCanvas   *self,
                  LabInkPoint *point)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  graphene_point_t mapped;
  double x, y;

  gtk_native_get_surface_transform (native, &x, &y);

  if (gtk_widget_compute_point (GTK_WIDGET (native), GTK_WIDGET (self),
                                &GRAPHENE_POINT_INIT (point->x - x, point->y - y), &mapped))
    {
      point->x = mapped.x;
      point->y = mapped.y;
    }
}

static guint32
get_event_time (GtkGesture *gesture)
{
  return gtk_event_controller_get_current_event_time (GTK_EVENT_CONTROLLER (gesture));
}

static void
begin_with (LabCanvas  *self,
            GtkGesture *gesture,
            double      x,
            double      y,
            double      pressure)
{
  /* No scrolled window around us may take the movement for its own. */
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_grab_focus (GTK_WIDGET (self));

  self->drawing = gesture;
  lab_canvas_begin (self, (LabInkPoint) { x, y, pressure, get_event_time (gesture) / 1000.0 });
}

/* A gesture that was denied ends too, and one that is cancelled may end twice:
 * only the one that draws ends the stroke. */
static void
end_with (LabCanvas  *self,
          GtkGesture *gesture)
{
  if (gesture == NULL || self->drawing != gesture)
    return;

  self->drawing = NULL;
  lab_canvas_end (self);
}

static void
end_cb (GtkGesture *gesture,
        double      x,
        double      y,
        LabCanvas  *self)
{
  end_with (self, gesture);
}

static void
cancel_cb (GtkGesture       *gesture,
           GdkEventSequence *sequence,
           LabCanvas        *self)
{
  end_with (self, gesture);
}

/* Mouse and touch */

static void
drag_begin_cb (GtkGestureDrag *drag,
               double          x,
               double          y,
               LabCanvas      *self)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (drag));

  /* A pen has a gesture of its own, which also sees its pressure. */
  if (self->drawing != NULL || (event != NULL && gdk_event_get_device_tool (event) != NULL))
    gtk_gesture_set_state (GTK_GESTURE (drag), GTK_EVENT_SEQUENCE_DENIED);
  else
    begin_with (self, GTK_GESTURE (drag), x, y, 1.0);
}

/* Motion events are merged into one per frame; what the mouse did in between is
 * in the event's history, without which a quick curve would be a polygon. */
static void
drag_update_cb (GtkGestureDrag *drag,
                double          offset_x,
                double          offset_y,
                LabCanvas      *self)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (drag));
  g_autofree GdkTimeCoord *history = NULL;
  g_autofree LabInkPoint *points = NULL;
  guint n_history = 0;
  double x, y;

  if (self->drawing != GTK_GESTURE (drag))
    return;

  if (event != NULL)
    history = gdk_event_get_history (event, &n_history);

  points = g_new (LabInkPoint, n_history + 1);

  for (guint i = 0; i < n_history; i++)
    {
      points[i] = point_from_axes (history[i].axes, 0, history[i].time);
      map_from_surface (self, &points[i]);
    }

  gtk_gesture_drag_get_start_point (drag, &x, &y);
  points[n_history] = (LabInkPoint) { x + offset_x, y + offset_y, 1.0, get_event_time (GTK_GESTURE (drag)) / 1000.0 };

  lab_canvas_add (self, points, n_history + 1);
}

/* Pen */

static double
get_pressure (GtkGestureStylus *stylus)
{
  double pressure;

  return gtk_gesture_stylus_get_axis (stylus, GDK_AXIS_PRESSURE, &pressure) ? pressure : 1.0;
}

static void
stylus_down_cb (GtkGestureStylus *stylus,
                double            x,
                double            y,
                LabCanvas        *self)
{
  GdkDeviceTool *tool = gtk_gesture_stylus_get_device_tool (stylus);

  /* Nobody expects the rubber end of a pen to draw. */
  if (tool != NULL && gdk_device_tool_get_tool_type (tool) == GDK_DEVICE_TOOL_TYPE_ERASER)
    return;

  begin_with (self, GTK_GESTURE (stylus), x, y, get_pressure (stylus));
}

static void
stylus_motion_cb (GtkGestureStylus *stylus,
                  double            x,
                  double            y,
                  LabCanvas        *self)
{
  g_autofree GdkTimeCoord *backlog = NULL;
  g_autofree LabInkPoint *points = NULL;
  guint n_backlog = 0;

  if (self->drawing != GTK_GESTURE (stylus))
    return;

  if (!gtk_gesture_stylus_get_backlog (stylus, &backlog, &n_backlog))
    n_backlog = 0;

  points = g_new (LabInkPoint, n_backlog + 1);

  /* GTK gives the backlog in coordinates of the widget. */
  for (guint i = 0; i < n_backlog; i++)
    points[i] = point_from_axes (backlog[i].axes, backlog[i].flags, backlog[i].time);

  points[n_backlog] = (LabInkPoint) { x, y, get_pressure (stylus), get_event_time (GTK_GESTURE (stylus)) / 1000.0 };

  lab_canvas_add (self, points, n_backlog + 1);
}

static void
add_gesture (LabCanvas  *self,
             GtkGesture *gesture)
{
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), GDK_BUTTON_PRIMARY);
  gtk_gesture_single_set_exclusive (GTK_GESTURE_SINGLE (gesture), TRUE);
  g_signal_connect (gesture, "cancel", G_CALLBACK (cancel_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (gesture));
}

static void
add_gestures (LabCanvas *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *stylus = gtk_gesture_stylus_new ();

  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (end_cb), self);
  add_gesture (self, drag);

  g_signal_connect (stylus, "down", G_CALLBACK (stylus_down_cb), self);
  g_signal_connect (stylus, "motion", G_CALLBACK (stylus_motion_cb), self);
  g_signal_connect (stylus, "up", G_CALLBACK (end_cb), self);
  add_gesture (self, stylus);
}

/* The drawing */

static void
ink_changed_cb (LabCanvas *self)
{
  if (lab_ink_is_empty (self->ink))
    lab_ink_painter_reset (self->painter);

  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
ink_empty_changed_cb (LabCanvas *self)
{
  gtk_widget_set_visible (self->hint, lab_ink_is_empty (self->ink));
  update_description (self);
}

static LabInkPoint
map_to_ink (LabCanvas   *self,
            LabInkPoint  point)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  double x, y, side;

  lab_ink_painter_get_square (width, height, &x, &y, &side);
  side = MAX (side, 1.0);
  point.x = (CLAMP (point.x, 0.0, width) - x) / side;
  point.y = (CLAMP (point.y, 0.0, height) - y) / side;

  return point;
}

static void
lab_canvas_snapshot (GtkWidget   *widget,
                     GtkSnapshot *snapshot)
{
  LabCanvas *self = LAB_CANVAS (widget);
  double width = gtk_widget_get_width (widget);
  double height = gtk_widget_get_height (widget);
  GdkRGBA color;
  cairo_t *cr;

  GTK_WIDGET_CLASS (lab_canvas_parent_class)->snapshot (widget, snapshot);

  if (lab_ink_is_empty (self->ink))
    return;

  /* Where two pieces of a line overlap, translucent ink would show it. */
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  color.alpha = 1.0;

  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gdk_cairo_set_source_rgba (cr, &color);
  lab_ink_painter_draw (self->painter, self->ink, cr, width, height, gtk_widget_get_scale_factor (widget));
  cairo_destroy (cr);
}

/* Somebody changed the view in the middle of a stroke. */
static void
lab_canvas_unmap (GtkWidget *widget)
{
  LabCanvas *self = LAB_CANVAS (widget);

  end_with (self, self->drawing);

  GTK_WIDGET_CLASS (lab_canvas_parent_class)->unmap (widget);
}

/* The sheet is square, whichever of its sides is given. */
static GtkSizeRequestMode
lab_canvas_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_WIDTH_FOR_HEIGHT;
}

static void
lab_canvas_measure (GtkWidget      *widget,
                    GtkOrientation  orientation,
                    int             for_size,
                    int            *minimum,
                    int            *natural,
                    int            *minimum_baseline,
                    int            *natural_baseline)
{
  int hint_minimum, hint_natural;

  gtk_widget_measure (LAB_CANVAS (widget)->hint, orientation, -1, &hint_minimum, &hint_natural, NULL, NULL);
  *minimum = MAX (MINIMUM_SIDE, hint_minimum);
  *natural = MAX (*minimum, for_size >= 0 ? for_size : NATURAL_SIDE);
}

static void
lab_canvas_size_allocate (GtkWidget *widget,
                          int        width,
                          int        height,
                          int        baseline)
{
  gtk_widget_allocate (LAB_CANVAS (widget)->hint, width, height, -1, NULL);
}

static void
lab_canvas_get_property (GObject    *object,
                         guint       id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_INK:
      g_value_set_object (value, LAB_CANVAS (object)->ink);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lab_canvas_set_property (GObject      *object,
                         guint         id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_INK:
      lab_canvas_set_ink (LAB_CANVAS (object), g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lab_canvas_dispose (GObject *object)
{
  LabCanvas *self = LAB_CANVAS (object);

  g_clear_object (&self->ink_signals);
  g_clear_pointer (&self->hint, gtk_widget_unparent);

  G_OBJECT_CLASS (lab_canvas_parent_class)->dispose (object);
}

static void
lab_canvas_finalize (GObject *object)
{
  LabCanvas *self = LAB_CANVAS (object);

  g_clear_object (&self->ink);
  g_clear_pointer (&self->painter, lab_ink_painter_free);

  G_OBJECT_CLASS (lab_canvas_parent_class)->finalize (object);
}

static void
lab_canvas_class_init (LabCanvasClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lab_canvas_dispose;
  object_class->finalize = lab_canvas_finalize;
  object_class->get_property = lab_canvas_get_property;
  object_class->set_property = lab_canvas_set_property;

  widget_class->get_request_mode = lab_canvas_get_request_mode;
  widget_class->measure = lab_canvas_measure;
  widget_class->size_allocate = lab_canvas_size_allocate;
  widget_class->snapshot = lab_canvas_snapshot;
  widget_class->unmap = lab_canvas_unmap;

  properties[PROP_INK] =
      g_param_spec_object ("ink", NULL, NULL, LAB_TYPE_INK,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "canvas");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
lab_canvas_init (LabCanvas *self)
{
  g_autoptr (LabInk) ink = lab_ink_new ();

  self->painter = lab_ink_painter_new ();

  self->hint = gtk_label_new (_("Draw a digit here"));
  gtk_label_set_wrap (GTK_LABEL (self->hint), TRUE);
  gtk_label_set_justify (GTK_LABEL (self->hint), GTK_JUSTIFY_CENTER);
  gtk_widget_set_can_target (self->hint, FALSE);
  gtk_widget_set_parent (self->hint, GTK_WIDGET (self));

  self->ink_signals = g_signal_group_new (LAB_TYPE_INK);
  g_signal_group_connect_swapped (self->ink_signals, "changed", G_CALLBACK (ink_changed_cb), self);
  g_signal_group_connect_swapped (self->ink_signals, "notify::empty", G_CALLBACK (ink_empty_changed_cb), self);

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "crosshair");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Drawing canvas"),
                                  -1);

  add_gestures (self);
  lab_ink_set_pen_width (ink, PEN_WIDTH);
  lab_canvas_set_ink (self, ink);
}

GtkWidget *
lab_canvas_new (void)
{
  return g_object_new (LAB_TYPE_CANVAS, NULL);
}

LabInk *
lab_canvas_get_ink (LabCanvas *self)
{
  g_return_val_if_fail (LAB_IS_CANVAS (self), NULL);

  return self->ink;
}

void
lab_canvas_set_ink (LabCanvas *self,
                    LabInk    *ink)
{
  g_return_if_fail (LAB_IS_CANVAS (self));
  g_return_if_fail (LAB_IS_INK (ink));

  if (!g_set_object (&self->ink, ink))
    return;

  self->drawing = NULL;
  lab_ink_painter_reset (self->painter);
  g_signal_group_set_target (self->ink_signals, ink);
  ink_empty_changed_cb (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INK]);
}

void
lab_canvas_begin (LabCanvas   *self,
                  LabInkPoint  point)
{
  g_return_if_fail (LAB_IS_CANVAS (self));

  lab_ink_begin_stroke (self->ink, map_to_ink (self, point));
}

void
lab_canvas_add (LabCanvas         *self,
                const LabInkPoint *points,
                gsize              n_points)
{
  g_autofree LabInkPoint *mapped = NULL;

  g_return_if_fail (LAB_IS_CANVAS (self));

  mapped = g_new (LabInkPoint, n_points);
  for (gsize i = 0; i < n_points; i++)
    mapped[i] = map_to_ink (self, points[i]);

  lab_ink_add_points (self->ink, mapped, n_points);
}

void
lab_canvas_end (LabCanvas *self)
{
  g_return_if_fail (LAB_IS_CANVAS (self));

  lab_ink_end_stroke (self->ink);
  update_description (self);
}
