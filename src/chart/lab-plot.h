/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-axis.h"
#include "lab-table.h"

G_BEGIN_DECLS

/* The field of a chart with its axes: where everything is, worked out when the
 * size or the values change, and how that is painted. */
typedef struct
{
  /* What the chart wants; the ends are NAN where the values decide. */
  char         *x_title;
  char         *placeholder; /* shown while there are no values */
  double        x_max;
  double        y_min;
  double        y_max;
  LabAxisFormat y_format;

  /* What lab_plot_arrange() makes of it. */
  LabAxis           x_axis;
  LabAxis           y_axis;
  cairo_rectangle_t field;  /* without the labels around it */
  double            gap;    /* between field and labels */
  GPtrArray        *points; /* of GArray of LabPlotPoint, one for each series */
} LabPlot;

/* A place in the field: 0, 0 is its lower left corner, 1, 1 the upper right; y
 * is NAN in a gap. */
typedef struct
{
  double x;
  double y;
} LabPlotPoint;

void lab_plot_init (LabPlot *self);
void lab_plot_clear (LabPlot *self);

/* Fits the axes with their labels, and the values of @table, into @area. The
 * font is that of @widget. */
void lab_plot_arrange (LabPlot                 *self,
                       GtkWidget               *widget,
                       const LabTable          *table,
                       const cairo_rectangle_t *area);

/* Returns the row whose x is nearest to @pixel, or -1 when there are no rows. */
int lab_plot_find_row (const LabPlot *self, double pixel);

/* Paints axes, lines and a mark across row @cursor, if that is not -1. */
void lab_plot_paint (const LabPlot  *self,
                     cairo_t        *cr,
                     GtkWidget      *widget,
                     const LabTable *table,
                     int             cursor);

/* Returns a line of text in the size of axes and legends. */
PangoLayout *lab_plot_create_caption (GtkWidget *widget, const char *text, gboolean bold) G_GNUC_WARN_UNUSED_RESULT;

/* Sets the colour of @widget's text, @alpha times as strong. */
void lab_plot_set_ink (cairo_t *cr, GtkWidget *widget, double alpha);

G_END_DECLS
