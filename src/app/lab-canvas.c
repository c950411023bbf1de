/* SPDX-License-Identifier: MIT */
#include "lab-canvas.h"

#include "lab-canvas-input.h"
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

  LabInk         *ink;
  GSignalGroup   *ink_signals;
  LabInkPainter  *painter;
  LabCanvasInput *input;
  GtkWidget      *hint;

  gboolean    outside; /* the pointer left the sheet with its button held */
  LabInkPoint last;    /* where it is there */
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

static gboolean
is_inside (LabCanvas   *self,
           LabInkPoint  point)
{
  return point.x >= 0.0 && point.x <= gtk_widget_get_width (GTK_WIDGET (self))
         && point.y >= 0.0 && point.y <= gtk_widget_get_height (GTK_WIDGET (self));
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
  lab_canvas_input_end (LAB_CANVAS (widget)->input);

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
  g_clear_object (&self->input);
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

  self->input = lab_canvas_input_new (self);
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

  self->outside = FALSE;
  lab_ink_begin_stroke (self->ink, map_to_ink (self, point));
}

void
lab_canvas_add (LabCanvas         *self,
                const LabInkPoint *points,
                gsize              n_points)
{
  g_autofree LabInkPoint *mapped = NULL;
  gsize n_mapped = 0;

  g_return_if_fail (LAB_IS_CANVAS (self));

  mapped = g_new (LabInkPoint, n_points);
  for (gsize i = 0; i < n_points; i++)
    {
      gboolean inside = is_inside (self, points[i]);

      if (inside && self->outside)
        {
          lab_ink_add_points (self->ink, mapped, n_mapped);
          n_mapped = 0;
          lab_ink_begin_stroke (self->ink, map_to_ink (self, self->last));
        }
      if (inside || !self->outside)
        mapped[n_mapped++] = map_to_ink (self, points[i]);

      self->outside = !inside;
      self->last = points[i];
    }

  lab_ink_add_points (self->ink, mapped, n_mapped);
}

void
lab_canvas_end (LabCanvas *self)
{
  g_return_if_fail (LAB_IS_CANVAS (self));

  lab_ink_end_stroke (self->ink);
  update_description (self);
}
