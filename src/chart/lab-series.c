/* SPDX-License-Identifier: MIT */
#include "lab-series.h"

#include <math.h>

struct _LabSeries
{
  GObject        parent_instance;

  char          *title;
  GtkExpression *expression;
  LabSeriesColor color;
  gboolean       dashed;
};

G_DEFINE_ENUM_TYPE (LabSeriesColor, lab_series_color,
                    G_DEFINE_ENUM_VALUE (LAB_SERIES_ACCENT, "accent"),
                    G_DEFINE_ENUM_VALUE (LAB_SERIES_ORANGE, "orange"),
                    G_DEFINE_ENUM_VALUE (LAB_SERIES_GREEN, "green"),
                    G_DEFINE_ENUM_VALUE (LAB_SERIES_PURPLE, "purple"))

G_DEFINE_FINAL_TYPE (LabSeries, lab_series, G_TYPE_OBJECT)

enum
{
  PROP_TITLE = 1,
  PROP_EXPRESSION,
  PROP_COLOR,
  PROP_DASHED,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* Names from the theme's palette, each with the value it has where the theme
 * does not define it. On dark ground lines need the lighter tone. */
static const struct
{
  const char *on_light;
  const char *on_dark;
  const char *light_fallback;
  const char *dark_fallback;
} tones[] = {
  [LAB_SERIES_ACCENT] = { "accent_color", "accent_color", "#1c71d8", "#78aeed" },
  [LAB_SERIES_ORANGE] = { "orange_4", "orange_2", "#e66100", "#ffa348" },
  [LAB_SERIES_GREEN] = { "green_5", "green_2", "#26a269", "#57e389" },
  [LAB_SERIES_PURPLE] = { "purple_3", "purple_1", "#9141ac", "#dc8add" },
};

static void
lab_series_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  LabSeries *self = LAB_SERIES (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_EXPRESSION:
      gtk_value_set_expression (value, self->expression);
      break;
    case PROP_COLOR:
      g_value_set_enum (value, self->color);
      break;
    case PROP_DASHED:
      g_value_set_boolean (value, self->dashed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lab_series_set_property (GObject      *object,
                         guint         prop_id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  LabSeries *self = LAB_SERIES (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      self->title = g_value_dup_string (value);
      break;
    case PROP_EXPRESSION:
      self->expression = gtk_value_dup_expression (value);
      break;
    case PROP_COLOR:
      self->color = g_value_get_enum (value);
      break;
    case PROP_DASHED:
      self->dashed = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lab_series_finalize (GObject *object)
{
  LabSeries *self = LAB_SERIES (object);

  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->expression, gtk_expression_unref);

  G_OBJECT_CLASS (lab_series_parent_class)->finalize (object);
}

static void
lab_series_class_init (LabSeriesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = lab_series_get_property;
  object_class->set_property = lab_series_set_property;
  object_class->finalize = lab_series_finalize;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_EXPRESSION] = gtk_param_spec_expression ("expression", NULL, NULL, flags);
  properties[PROP_COLOR] = g_param_spec_enum ("color", NULL, NULL, LAB_TYPE_SERIES_COLOR, LAB_SERIES_ACCENT, flags);
  properties[PROP_DASHED] = g_param_spec_boolean ("dashed", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lab_series_init (LabSeries *self)
{
}

LabSeries *
lab_series_new (const char     *title,
                GtkExpression  *expression,
                LabSeriesColor  color,
                gboolean        dashed)
{
  LabSeries *self = g_object_new (LAB_TYPE_SERIES,
                                  "title", title,
                                  "expression", expression,
                                  "color", color,
                                  "dashed", dashed,
                                  NULL);

  g_clear_pointer (&expression, gtk_expression_unref);

  return self;
}

const char *
lab_series_get_title (LabSeries *self)
{
  g_return_val_if_fail (LAB_IS_SERIES (self), NULL);

  return self->title;
}

GtkExpression *
lab_series_get_expression (LabSeries *self)
{
  g_return_val_if_fail (LAB_IS_SERIES (self), NULL);

  return self->expression;
}

LabSeriesColor
lab_series_get_color (LabSeries *self)
{
  g_return_val_if_fail (LAB_IS_SERIES (self), LAB_SERIES_ACCENT);

  return self->color;
}

gboolean
lab_series_get_dashed (LabSeries *self)
{
  g_return_val_if_fail (LAB_IS_SERIES (self), FALSE);

  return self->dashed;
}

double
lab_series_evaluate (LabSeries *self, gpointer item)
{
  g_return_val_if_fail (LAB_IS_SERIES (self), NAN);

  return lab_expression_evaluate_number (self->expression, item);
}

double
lab_expression_evaluate_number (GtkExpression *expression, gpointer item)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) number = G_VALUE_INIT;

  if (expression == NULL || !gtk_expression_evaluate (expression, item, &value))
    return NAN;

  g_value_init (&number, G_TYPE_DOUBLE);
  if (!g_value_transform (&value, &number))
    return NAN;

  return g_value_get_double (&number);
}

void
lab_series_resolve_color (LabSeries *self, GtkWidget *widget, GdkRGBA *rgba)
{
  GtkStyleContext *context;
  gboolean dark;

  g_return_if_fail (LAB_IS_SERIES (self));
  g_return_if_fail (GTK_IS_WIDGET (widget));

  context = gtk_widget_get_style_context (widget);
  gtk_style_context_get_color (context, rgba);
  dark = rgba->red + rgba->green + rgba->blue > 1.5;

  if (!gtk_style_context_lookup_color (context,
                                       dark ? tones[self->color].on_dark : tones[self->color].on_light,
                                       rgba))
    gdk_rgba_parse (rgba, dark ? tones[self->color].dark_fallback : tones[self->color].light_fallback);
}
