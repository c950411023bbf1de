/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-series.h"

G_BEGIN_DECLS

/* One line of a chart in its legend. */
typedef struct
{
  LabSeries *series;
  char      *value; /* what the line shows now */
} LabLegendEntry;

/* The head of a chart: its title and one entry for each line. They share a row
 * where there is room, else the entries flow over rows below the title.
 * Mirrored for languages that are read from the right. */

/* Finds the least and the natural width, in pixels. */
void lab_legend_measure (GtkWidget            *widget,
                         const char           *title,
                         const LabLegendEntry *entries,
                         guint                 n_entries,
                         int                  *minimum,
                         int                  *natural);

/* Flows all into @width and returns the height. Paints it, too, if @cr is not
 * NULL, so that the two cannot differ. */
int lab_legend_flow (GtkWidget            *widget,
                     const char           *title,
                     const LabLegendEntry *entries,
                     guint                 n_entries,
                     int                   width,
                     cairo_t              *cr);

G_END_DECLS
