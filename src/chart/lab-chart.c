/* SPDX-License-Identifier: MIT */
#include "lab-chart.h"

#include "lab-legend.h"
#include "lab-plot.h"
#include "lab-table.h"

#include <glib/gi18n.h>
#include <math.h>

#define HEAD_GAP 8

/* The size of the plot in heights of a caption, so that it grows with the text. */
#define MIN_PLOT_WIDTH 10
#define NATURAL_PLOT_WIDTH 26
#define MIN_PLOT_HEIGHT 6
#define NATURAL_PLOT_HEIGHT 12

struct _LabChart
{
  GtkWidget parent_instance;

  char     *title;
  LabTable  table;
  LabPlot   plot;
  GArray   *legend; /* of LabLegendEntry */
  int       cursor;
};

static void lab_chart_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LabChart, lab_chart, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, lab_chart_buildable_init))

enum
{
  PROP_TITLE = 1,
  PROP_MODEL,
  PROP_X_EXPRESSION,
  PROP_X_TITLE,
  PROP_X_MAX,
  PROP_Y_FORMAT,
  PROP_Y_MIN,
  PROP_Y_MAX,
  PROP_PLACEHOLDER,
  PROP_CURSOR,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];
static GtkBuildableIface *parent_buildable_iface;

static void
clear_legend_entry (LabLegendEntry *entry)
{
  g_clear_pointer (&entry->value, g_free);
}

/* Returns the row that is read out, or -1 when there are no rows. */
static int
get_current_row (LabChart *self)
{
  return self->cursor >= 0 ? self->cursor : (int) lab_table_get_n_rows (&self->table) - 1;
}

static void
update_legend (LabChart *self)
{
  int row = get_current_row (self);

  g_array_set_size (self->legend, 0);
  for (guint i = 0; i < self->table.series->len; i++)
    {
      LabLegendEntry entry = { .series = self->table.series->pdata[i] };

      if (row >= 0)
        entry.value = lab_axis_dup_value_label (self->plot.y_format,
                                                lab_table_get_y (&self->table, i, (guint) row));
      else
        entry.value = g_strdup ("");
      g_array_append_val (self->legend, entry);
    }
}

static char *
dup_description (LabChart *self)
{
  int row = get_current_row (self);
  GString *text;

  if (row < 0)
    return g_strdup (self->plot.placeholder != NULL ? self->plot.placeholder : "");

  text = g_string_new (NULL);
  /* Translators: what the x axis counts and the number reached, as in “Epoch 3:” */
  g_string_append_printf (text, _("%s %.0f:"), self->plot.x_title != NULL ? self->plot.x_title : "",
                          lab_table_get_x (&self->table, (guint) row));
  for (guint i = 0; i < self->legend->len; i++)
    {
      const LabLegendEntry *entry = &g_array_index (self->legend, LabLegendEntry, i);

      g_string_append_printf (text, "%s %s %s", i > 0 ? "," : "",
                              lab_series_get_title (entry->series), entry->value);
    }

  return g_string_free (text, FALSE);
}

static void
update_readout (LabChart *self)
{
  g_autofree char *description = NULL;

  update_legend (self);
  description = dup_description (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description,
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static int
flow_legend (LabChart *self, int width, cairo_t *cr)
{
  return lab_legend_flow (GTK_WIDGET (self), self->title,
                          (const LabLegendEntry *) self->legend->data, self->legend->len,
                          width, cr);
}

static void
arrange (LabChart *self, int width, int height)
{
  int head = flow_legend (self, width, NULL) + HEAD_GAP;

  lab_plot_arrange (&self->plot, GTK_WIDGET (self), &self->table,
                    &(cairo_rectangle_t) { 0, head, width, MAX (0, height - head) });
}

/* After values or the wishes for the axes have changed. */
static void
update (LabChart *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));

  update_readout (self);
  if (width > 0)
    arrange (self, width, gtk_widget_get_height (GTK_WIDGET (self)));
}

static void
items_changed_cb (LabChart *self, guint position, guint removed, guint added)
{
  lab_table_splice (&self->table, position, removed, added);
  if (self->cursor >= (int) lab_table_get_n_rows (&self->table))
    lab_chart_set_cursor (self, -1);
  update (self);
}

static void
motion_cb (LabChart *self, double x)
{
  lab_chart_set_cursor (self, lab_plot_find_row (&self->plot, x));
}

static void
leave_cb (LabChart *self)
{
  lab_chart_set_cursor (self, -1);
}

static gboolean
move_cursor_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  LabChart *self = LAB_CHART (widget);
  int step = g_variant_get_int32 (args);
  int n_rows = (int) lab_table_get_n_rows (&self->table);

  if (n_rows > 0)
    lab_chart_set_cursor (self, CLAMP (get_current_row (self) + step, 0, n_rows - 1));

  return TRUE;
}

static void
set_string (LabChart *self, char **field, const char *text, GParamSpec *pspec)
{
  if (g_strcmp0 (*field, text) == 0)
    return;

  g_free (*field);
  *field = g_strdup (text);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
}

/* An end that is infinite for the outside is NAN inside: the values decide. */
static void
set_end (LabChart *self, double *field, double value, GParamSpec *pspec)
{
  value = isfinite (value) ? value : NAN;
  if (*field == value || (isnan (*field) && isnan (value)))
    return;

  *field = value;
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
}

static void
set_title (LabChart *self, const char *title)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  set_string (self, &self->title, title, properties[PROP_TITLE]);
}

static void
set_x_expression (LabChart *self, GtkExpression *expression)
{
  if (expression == self->table.x_expression)
    return;

  g_clear_pointer (&self->table.x_expression, gtk_expression_unref);
  if (expression != NULL)
    self->table.x_expression = gtk_expression_ref (expression);
  lab_table_reload (&self->table);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_X_EXPRESSION]);
}

static void
set_y_format (LabChart *self, LabAxisFormat format)
{
  if (format == self->plot.y_format)
    return;

  self->plot.y_format = format;
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_Y_FORMAT]);
}

static void
lab_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LabChart *self = LAB_CHART (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));

  flow_legend (self, width, cr);
  lab_plot_paint (&self->plot, cr, widget, &self->table, self->cursor);
  cairo_destroy (cr);
}

static GtkSizeRequestMode
lab_chart_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
lab_chart_measure (GtkWidget      *widget,
                   GtkOrientation  orientation,
                   int             for_size,
                   int            *minimum,
                   int            *natural,
                   int            *minimum_baseline,
                   int            *natural_baseline)
{
  LabChart *self = LAB_CHART (widget);
  g_autoptr (PangoLayout) caption = lab_plot_create_caption (widget, "0", FALSE);
  int head_minimum;
  int head_natural;
  int unit;

  pango_layout_get_pixel_size (caption, NULL, &unit);
  lab_legend_measure (widget, self->title,
                      (const LabLegendEntry *) self->legend->data, self->legend->len,
                      &head_minimum, &head_natural);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MAX (head_minimum, MIN_PLOT_WIDTH * unit);
      *natural = MAX (head_natural, NATURAL_PLOT_WIDTH * unit);
    }
  else
    {
      int head = flow_legend (self, for_size >= 0 ? for_size : head_natural, NULL) + HEAD_GAP;

      *minimum = head + MIN_PLOT_HEIGHT * unit;
      *natural = head + NATURAL_PLOT_HEIGHT * unit;
    }
}

static void
lab_chart_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  arrange (LAB_CHART (widget), width, height);
}

static void
lab_chart_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  LabChart *self = LAB_CHART (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_MODEL:
      g_value_set_object (value, self->table.model);
      break;
    case PROP_X_EXPRESSION:
      gtk_value_set_expression (value, self->table.x_expression);
      break;
    case PROP_X_TITLE:
      g_value_set_string (value, self->plot.x_title);
      break;
    case PROP_X_MAX:
      g_value_set_uint (value, isnan (self->plot.x_max) ? 0 : (guint) self->plot.x_max);
      break;
    case PROP_Y_FORMAT:
      g_value_set_enum (value, self->plot.y_format);
      break;
    case PROP_Y_MIN:
      g_value_set_double (value, isnan (self->plot.y_min) ? -INFINITY : self->plot.y_min);
      break;
    case PROP_Y_MAX:
      g_value_set_double (value, isnan (self->plot.y_max) ? INFINITY : self->plot.y_max);
      break;
    case PROP_PLACEHOLDER:
      g_value_set_string (value, self->plot.placeholder);
      break;
    case PROP_CURSOR:
      g_value_set_int (value, self->cursor);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lab_chart_set_property (GObject      *object,
                        guint         prop_id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  LabChart *self = LAB_CHART (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      set_title (self, g_value_get_string (value));
      break;
    case PROP_MODEL:
      lab_chart_set_model (self, g_value_get_object (value));
      break;
    case PROP_X_EXPRESSION:
      set_x_expression (self, gtk_value_get_expression (value));
      break;
    case PROP_X_TITLE:
      set_string (self, &self->plot.x_title, g_value_get_string (value), pspec);
      break;
    case PROP_X_MAX:
      set_end (self, &self->plot.x_max, g_value_get_uint (value) > 0 ? g_value_get_uint (value) : NAN, pspec);
      break;
    case PROP_Y_FORMAT:
      set_y_format (self, g_value_get_enum (value));
      break;
    case PROP_Y_MIN:
      set_end (self, &self->plot.y_min, g_value_get_double (value), pspec);
      break;
    case PROP_Y_MAX:
      set_end (self, &self->plot.y_max, g_value_get_double (value), pspec);
      break;
    case PROP_PLACEHOLDER:
      set_string (self, &self->plot.placeholder, g_value_get_string (value), pspec);
      break;
    case PROP_CURSOR:
      lab_chart_set_cursor (self, g_value_get_int (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lab_chart_dispose (GObject *object)
{
  LabChart *self = LAB_CHART (object);

  if (self->table.model != NULL)
    g_signal_handlers_disconnect_by_func (self->table.model, items_changed_cb, self);
  g_clear_object (&self->table.model);

  G_OBJECT_CLASS (lab_chart_parent_class)->dispose (object);
}

static void
lab_chart_finalize (GObject *object)
{
  LabChart *self = LAB_CHART (object);

  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->legend, g_array_unref);
  lab_plot_clear (&self->plot);
  lab_table_clear (&self->table);

  G_OBJECT_CLASS (lab_chart_parent_class)->finalize (object);
}

static void
lab_chart_class_init (LabChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = lab_chart_get_property;
  object_class->set_property = lab_chart_set_property;
  object_class->dispose = lab_chart_dispose;
  object_class->finalize = lab_chart_finalize;

  widget_class->snapshot = lab_chart_snapshot;
  widget_class->get_request_mode = lab_chart_get_request_mode;
  widget_class->measure = lab_chart_measure;
  widget_class->size_allocate = lab_chart_size_allocate;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_MODEL] = g_param_spec_object ("model", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_X_EXPRESSION] = gtk_param_spec_expression ("x-expression", NULL, NULL, flags);
  properties[PROP_X_TITLE] = g_param_spec_string ("x-title", NULL, NULL, NULL, flags);
  properties[PROP_X_MAX] = g_param_spec_uint ("x-max", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_Y_FORMAT] = g_param_spec_enum ("y-format", NULL, NULL, LAB_TYPE_AXIS_FORMAT, LAB_AXIS_NUMBER, flags);
  properties[PROP_Y_MIN] = g_param_spec_double ("y-min", NULL, NULL, -INFINITY, INFINITY, -INFINITY, flags);
  properties[PROP_Y_MAX] = g_param_spec_double ("y-max", NULL, NULL, -INFINITY, INFINITY, INFINITY, flags);
  properties[PROP_PLACEHOLDER] = g_param_spec_string ("placeholder", NULL, NULL, NULL, flags);
  properties[PROP_CURSOR] = g_param_spec_int ("cursor", NULL, NULL, -1, G_MAXINT, -1, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, move_cursor_cb, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, move_cursor_cb, "i", 1);

  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
lab_chart_init (LabChart *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  lab_table_init (&self->table);
  lab_plot_init (&self->plot);
  self->legend = g_array_new (FALSE, FALSE, sizeof (LabLegendEntry));
  g_array_set_clear_func (self->legend, (GDestroyNotify) clear_legend_entry);
  self->cursor = -1;

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
}

static void
lab_chart_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  if (LAB_IS_SERIES (child))
    lab_chart_add_series (LAB_CHART (buildable), LAB_SERIES (child));
  else
    parent_buildable_iface->add_child (buildable, builder, child, type);
}

static void
lab_chart_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable_iface = g_type_interface_peek_parent (iface);
  iface->add_child = lab_chart_add_child;
}

GtkWidget *
lab_chart_new (void)
{
  return g_object_new (LAB_TYPE_CHART, NULL);
}

void
lab_chart_add_series (LabChart *self, LabSeries *series)
{
  g_return_if_fail (LAB_IS_CHART (self));
  g_return_if_fail (LAB_IS_SERIES (series));

  lab_table_add_series (&self->table, series);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  update (self);
}

GListModel *
lab_chart_get_model (LabChart *self)
{
  g_return_val_if_fail (LAB_IS_CHART (self), NULL);

  return self->table.model;
}

void
lab_chart_set_model (LabChart *self, GListModel *model)
{
  g_return_if_fail (LAB_IS_CHART (self));
  g_return_if_fail (model == NULL || G_IS_LIST_MODEL (model));

  if (model == self->table.model)
    return;

  if (self->table.model != NULL)
    g_signal_handlers_disconnect_by_func (self->table.model, items_changed_cb, self);
  g_set_object (&self->table.model, model);
  if (model != NULL)
    g_signal_connect_swapped (model, "items-changed", G_CALLBACK (items_changed_cb), self);

  lab_chart_set_cursor (self, -1);
  lab_table_reload (&self->table);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODEL]);
}

int
lab_chart_get_cursor (LabChart *self)
{
  g_return_val_if_fail (LAB_IS_CHART (self), -1);

  return self->cursor;
}

void
lab_chart_set_cursor (LabChart *self, int row)
{
  g_return_if_fail (LAB_IS_CHART (self));

  row = row >= 0 && row < (int) lab_table_get_n_rows (&self->table) ? row : -1;
  if (row == self->cursor)
    return;

  self->cursor = row;
  update_readout (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURSOR]);
}
