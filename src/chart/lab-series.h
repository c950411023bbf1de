/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The colours of the theme, by what they stand for in a chart. */
typedef enum
{
  LAB_SERIES_ACCENT,
  LAB_SERIES_ORANGE,
  LAB_SERIES_GREEN,
  LAB_SERIES_PURPLE,
} LabSeriesColor;

#define LAB_TYPE_SERIES_COLOR (lab_series_color_get_type ())
GType lab_series_color_get_type (void);

/* One line of a LabChart; immutable. Properties, construct-only: title
 * (string), expression (GtkExpression, gives the y value of an item of the
 * chart's model), color (LabSeriesColor), dashed (boolean). Colour alone is not
 * enough for everybody's eyes: dash one of two lines. */
#define LAB_TYPE_SERIES (lab_series_get_type ())
G_DECLARE_FINAL_TYPE (LabSeries, lab_series, LAB, SERIES, GObject)

/* Takes over @expression. */
LabSeries *lab_series_new (const char     *title,
                           GtkExpression  *expression,
                           LabSeriesColor  color,
                           gboolean        dashed);

const char     *lab_series_get_title (LabSeries *self);
GtkExpression  *lab_series_get_expression (LabSeries *self); /* transfer none */
LabSeriesColor  lab_series_get_color (LabSeries *self);
gboolean        lab_series_get_dashed (LabSeries *self);

/* Returns the value of @item, or NAN when it has none that is a number. */
double lab_series_evaluate (LabSeries *self, gpointer item);

/* Evaluates any expression on @item in the same way; NULL gives NAN. */
double lab_expression_evaluate_number (GtkExpression *expression, gpointer item);

/* Finds the colour that the series has in the theme @widget is shown in. */
void lab_series_resolve_color (LabSeries *self, GtkWidget *widget, GdkRGBA *rgba);

G_END_DECLS
