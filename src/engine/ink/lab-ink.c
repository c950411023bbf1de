/* SPDX-License-Identifier: MIT */
#include "lab-ink.h"

#include <math.h>

struct _LabInk
{
  GObject parent_instance;

  GArray *points;      /* LabInkPoint, of all strokes one after the other */
  GArray *starts;      /* gsize, the index in points where each stroke begins */
  gboolean pen_down;   /* a stroke is under way */
  gboolean new_stroke; /* the next point is the first of its stroke */
  double pen_width;
};

G_DEFINE_FINAL_TYPE (LabInk, lab_ink, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_PEN_WIDTH,
  PROP_EMPTY,
  N_PROPS
};

enum
{
  CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static gboolean
append_point (LabInk *self, LabInkPoint point)
{
  /* This is false for NAN too. */
  if (!(fabs (point.x) <= LAB_INK_MAX_COORDINATE && fabs (point.y) <= LAB_INK_MAX_COORDINATE))
    return FALSE;

  point.pressure = isfinite (point.pressure) ? CLAMP (point.pressure, 0, 1) : 1;
  point.time = isfinite (point.time) ? point.time : 0;

  if (self->new_stroke)
    {
      gsize start = self->points->len;

      g_array_append_val (self->starts, start);
      self->new_stroke = FALSE;
    }
  g_array_append_val (self->points, point);

  return TRUE;
}

static void
lab_ink_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LabInk *self = LAB_INK (object);

  switch (prop_id)
    {
    case PROP_PEN_WIDTH:
      g_value_set_double (value, self->pen_width);
      break;

    case PROP_EMPTY:
      g_value_set_boolean (value, lab_ink_is_empty (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lab_ink_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LabInk *self = LAB_INK (object);

  switch (prop_id)
    {
    case PROP_PEN_WIDTH:
      lab_ink_set_pen_width (self, g_value_get_double (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lab_ink_finalize (GObject *object)
{
  LabInk *self = LAB_INK (object);

  g_clear_pointer (&self->points, g_array_unref);
  g_clear_pointer (&self->starts, g_array_unref);

  G_OBJECT_CLASS (lab_ink_parent_class)->finalize (object);
}

static void
lab_ink_class_init (LabInkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lab_ink_get_property;
  object_class->set_property = lab_ink_set_property;
  object_class->finalize = lab_ink_finalize;

  properties[PROP_PEN_WIDTH] =
    g_param_spec_double ("pen-width", NULL, NULL, 0, LAB_INK_MAX_COORDINATE, 0,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_EMPTY] =
    g_param_spec_boolean ("empty", NULL, NULL, TRUE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lab_ink_init (LabInk *self)
{
  self->points = g_array_new (FALSE, FALSE, sizeof (LabInkPoint));
  self->starts = g_array_new (FALSE, FALSE, sizeof (gsize));
}

LabInk *
lab_ink_new (void)
{
  return g_object_new (LAB_TYPE_INK, NULL);
}

void
lab_ink_begin_stroke (LabInk *self, LabInkPoint point)
{
  g_return_if_fail (LAB_IS_INK (self));

  self->pen_down = TRUE;
  self->new_stroke = TRUE;
  lab_ink_add_points (self, &point, 1);
}

void
lab_ink_add_points (LabInk *self, const LabInkPoint *points, gsize n_points)
{
  gboolean was_empty;
  gboolean added = FALSE;

  g_return_if_fail (LAB_IS_INK (self));
  g_return_if_fail (points != NULL || n_points == 0);

  if (!self->pen_down)
    return;

  was_empty = lab_ink_is_empty (self);
  for (gsize i = 0; i < n_points; i++)
    added |= append_point (self, points[i]);
  if (!added)
    return;

  if (was_empty)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EMPTY]);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
lab_ink_add_point (LabInk *self, LabInkPoint point)
{
  lab_ink_add_points (self, &point, 1);
}

void
lab_ink_end_stroke (LabInk *self)
{
  g_return_if_fail (LAB_IS_INK (self));

  self->pen_down = FALSE;
}

void
lab_ink_clear (LabInk *self)
{
  g_return_if_fail (LAB_IS_INK (self));

  self->pen_down = FALSE;
  if (lab_ink_is_empty (self))
    return;

  g_array_set_size (self->points, 0);
  g_array_set_size (self->starts, 0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EMPTY]);
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
lab_ink_is_empty (LabInk *self)
{
  g_return_val_if_fail (LAB_IS_INK (self), TRUE);

  return self->points->len == 0;
}

guint
lab_ink_get_n_strokes (LabInk *self)
{
  g_return_val_if_fail (LAB_IS_INK (self), 0);

  return self->starts->len;
}

guint
lab_ink_get_n_points (LabInk *self)
{
  g_return_val_if_fail (LAB_IS_INK (self), 0);

  return self->points->len;
}

const LabInkPoint *
lab_ink_get_stroke (LabInk *self, guint i, gsize *n_points)
{
  gsize start, end;

  g_return_val_if_fail (LAB_IS_INK (self), NULL);
  g_return_val_if_fail (i < self->starts->len, NULL);

  start = g_array_index (self->starts, gsize, i);
  end = i + 1 < self->starts->len ? g_array_index (self->starts, gsize, i + 1) : self->points->len;
  *n_points = end - start;

  return &g_array_index (self->points, LabInkPoint, start);
}

double
lab_ink_get_pen_width (LabInk *self)
{
  g_return_val_if_fail (LAB_IS_INK (self), 0);

  return self->pen_width;
}

void
lab_ink_set_pen_width (LabInk *self, double width)
{
  g_return_if_fail (LAB_IS_INK (self));
  g_return_if_fail (width >= 0 && width <= LAB_INK_MAX_COORDINATE);

  if (self->pen_width == width)
    return;

  self->pen_width = width;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PEN_WIDTH]);
  if (!lab_ink_is_empty (self))
    g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
lab_ink_get_box (LabInk *self, LabInkBox *box)
{
  LabInkBox bounds = { G_MAXDOUBLE, G_MAXDOUBLE, -G_MAXDOUBLE, -G_MAXDOUBLE };

  g_return_val_if_fail (LAB_IS_INK (self), FALSE);
  g_return_val_if_fail (box != NULL, FALSE);

  if (lab_ink_is_empty (self))
    return FALSE;

  for (guint i = 0; i < self->points->len; i++)
    {
      const LabInkPoint *point = &g_array_index (self->points, LabInkPoint, i);

      bounds.left = MIN (bounds.left, point->x);
      bounds.top = MIN (bounds.top, point->y);
      bounds.right = MAX (bounds.right, point->x);
      bounds.bottom = MAX (bounds.bottom, point->y);
    }
  *box = bounds;
  return TRUE;
}
