/* SPDX-License-Identifier: MIT */
#include "lab-table.h"

#include <math.h>

/* Numbers that cannot be painted become gaps. */
static double
evaluate (GtkExpression *expression, gpointer item)
{
  double value = lab_expression_evaluate_number (expression, item);

  return isfinite (value) ? value : NAN;
}

static void
splice_column (LabTable      *self,
               GArray        *column,
               GtkExpression *expression,
               guint          position,
               guint          removed,
               guint          added)
{
  if (removed > 0)
    g_array_remove_range (column, position, removed);

  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (self->model, i);
      double value = evaluate (expression, item);

      g_array_insert_val (column, i, value);
    }
}

static void
extend_range (GArray *column, double *lower, double *upper)
{
  for (guint i = 0; i < column->len; i++)
    {
      double value = g_array_index (column, double, i);

      /* fmin() and fmax() pass over NAN. */
      *lower = fmin (*lower, value);
      *upper = fmax (*upper, value);
    }
}

void
lab_table_init (LabTable *self)
{
  *self = (LabTable) {
    .xs = g_array_new (FALSE, FALSE, sizeof (double)),
    .series = g_ptr_array_new_with_free_func (g_object_unref),
    .columns = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref),
  };
}

void
lab_table_clear (LabTable *self)
{
  g_clear_object (&self->model);
  g_clear_pointer (&self->x_expression, gtk_expression_unref);
  g_clear_pointer (&self->xs, g_array_unref);
  g_clear_pointer (&self->series, g_ptr_array_unref);
  g_clear_pointer (&self->columns, g_ptr_array_unref);
}

void
lab_table_splice (LabTable *self, guint position, guint removed, guint added)
{
  splice_column (self, self->xs, self->x_expression, position, removed, added);

  for (guint i = 0; i < self->series->len; i++)
    splice_column (self, self->columns->pdata[i],
                   lab_series_get_expression (self->series->pdata[i]),
                   position, removed, added);
}

void
lab_table_reload (LabTable *self)
{
  guint n_items = self->model != NULL ? g_list_model_get_n_items (self->model) : 0;

  lab_table_splice (self, 0, self->xs->len, n_items);
}

void
lab_table_add_series (LabTable *self, LabSeries *series)
{
  GArray *column = g_array_new (FALSE, FALSE, sizeof (double));

  g_ptr_array_add (self->series, g_object_ref (series));
  g_ptr_array_add (self->columns, column);
  splice_column (self, column, lab_series_get_expression (series), 0, 0, self->xs->len);
}

guint
lab_table_get_n_rows (const LabTable *self)
{
  return self->xs->len;
}

double
lab_table_get_x (const LabTable *self, guint row)
{
  return self->x_expression != NULL ? g_array_index (self->xs, double, row) : row + 1;
}

double
lab_table_get_y (const LabTable *self, guint series, guint row)
{
  return g_array_index ((GArray *) self->columns->pdata[series], double, row);
}

void
lab_table_extend_x_range (const LabTable *self, double *lower, double *upper)
{
  guint n_rows = lab_table_get_n_rows (self);

  if (self->x_expression != NULL)
    {
      extend_range (self->xs, lower, upper);
    }
  else if (n_rows > 0)
    {
      *lower = fmin (*lower, 1);
      *upper = fmax (*upper, n_rows);
    }
}

void
lab_table_extend_y_range (const LabTable *self, double *lower, double *upper)
{
  for (guint i = 0; i < self->columns->len; i++)
    extend_range (self->columns->pdata[i], lower, upper);
}
