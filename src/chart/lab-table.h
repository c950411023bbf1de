/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-series.h"

G_BEGIN_DECLS

/* What a chart remembers of its model: the x value of every item and a column
 * of y values for each series. Items are read once, when they come. */
typedef struct
{
  GListModel    *model;
  GtkExpression *x_expression; /* NULL counts the items from 1 */
  GArray        *xs;           /* of double */
  GPtrArray     *series;       /* of LabSeries */
  GPtrArray     *columns;      /* of GArray of double, one for each series */
} LabTable;

void lab_table_init (LabTable *self);
void lab_table_clear (LabTable *self);

/* Follows a change of the model; g_list_model_get_n_items() rows remain. */
void lab_table_splice (LabTable *self, guint position, guint removed, guint added);

/* Reads everything again. */
void lab_table_reload (LabTable *self);

void lab_table_add_series (LabTable *self, LabSeries *series);

guint  lab_table_get_n_rows (const LabTable *self);
double lab_table_get_x (const LabTable *self, guint row);

/* Returns a y value, NAN where there is none. */
double lab_table_get_y (const LabTable *self, guint series, guint row);

/* Widens @lower … @upper to hold all finite x or y values. Either may be NAN at
 * first: then it is the values' own. */
void lab_table_extend_x_range (const LabTable *self, double *lower, double *upper);
void lab_table_extend_y_range (const LabTable *self, double *lower, double *upper);

G_END_DECLS
