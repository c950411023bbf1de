/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-axis.h"
#include "lab-series.h"

G_BEGIN_DECLS

/* Lines over a GListModel, one for each series, that grow as items come. The x
 * axis counts something from 1. An item is read once, when it is added; values
 * that are not finite leave gaps. Properties, all read-write:
 *
 *   title          string
 *   model          GListModel
 *   x-expression   GtkExpression, gives the x value of an item; NULL counts them
 *   x-title        string, what x counts
 *   x-max          uint, the x axis reaches at least so far; 0 for no such end
 *   y-format       LabAxisFormat
 *   y-min, y-max   double, the y axis holds these, too, unless infinite
 *   placeholder    string, shown while there are no items
 *   cursor         int, the item that is read out, or -1 for the last; follows
 *                  the pointer, and may be bound to that of another chart
 *
 * In .ui files a LabSeries can be a <child>. */
#define LAB_TYPE_CHART (lab_chart_get_type ())
G_DECLARE_FINAL_TYPE (LabChart, lab_chart, LAB, CHART, GtkWidget)

GtkWidget *lab_chart_new (void);

/* Takes a reference to @series. */
void lab_chart_add_series (LabChart *self, LabSeries *series);

GListModel *lab_chart_get_model (LabChart *self); /* transfer none */
void        lab_chart_set_model (LabChart *self, GListModel *model);

int  lab_chart_get_cursor (LabChart *self);
void lab_chart_set_cursor (LabChart *self, int row);

G_END_DECLS
