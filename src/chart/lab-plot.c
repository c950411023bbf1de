/* SPDX-License-Identifier: MIT */
#include "lab-plot.h"

#include <math.h>

#define GRID_ALPHA 0.12
#define LABEL_ALPHA 0.6
#define CURSOR_ALPHA 0.4

#define LINE_WIDTH 2.0
#define DOT_RADIUS 3.0
#define CURSOR_DOT_RADIUS 4.5

/* Points nearer to each other than this are a line without dots. */
#define DOT_DISTANCE 12.0

#define MIN_RIGHT_MARGIN 12

static double
get_text_width (PangoLayout *layout)
{
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);

  return width;
}

/* Shows @layout at @y, with the part @align of its width to the left of @x. */
static void
paint_text (cairo_t *cr, PangoLayout *layout, double x, double y, double align)
{
  cairo_move_to (cr, round (x - align * get_text_width (layout)), round (y));
  pango_cairo_show_layout (cr, layout);
}

static double
measure_caption (GtkWidget *widget, const char *text, gboolean bold, double *height)
{
  g_autoptr (PangoLayout) layout = lab_plot_create_caption (widget, text, bold);
  int width;
  int pixels;

  pango_layout_get_pixel_size (layout, &width, &pixels);
  if (height != NULL)
    *height = pixels;

  return width;
}

static double
measure_tick_labels (const LabAxis *axis, GtkWidget *widget)
{
  double widest = 0;

  for (guint i = 0; i < axis->n_ticks; i++)
    {
      g_autofree char *text = lab_axis_dup_tick_label (axis, i);

      widest = MAX (widest, measure_caption (widget, text, FALSE, NULL));
    }

  return widest;
}

static double
get_pixel_x (const LabPlot *self, double x)
{
  return self->field.x + x * self->field.width;
}

static double
get_pixel_y (const LabPlot *self, double y)
{
  return self->field.y + (1 - y) * self->field.height;
}

static void
arrange_y_axis (LabPlot *self, const LabTable *table, double label_height)
{
  double lower = self->y_min;
  double upper = self->y_max;
  guint max_ticks = (guint) CLAMP (self->field.height / (label_height * 1.8), 2, 6);

  lab_table_extend_y_range (table, &lower, &upper);
  if (isnan (lower) || lower == upper)
    lower = fmin (upper, 0);
  if (isnan (upper))
    upper = fmax (lower, 1);

  lab_axis_init_values (&self->y_axis, lower, upper, max_ticks, self->y_format);
}

/* Gives the field what its labels leave of the width up to @right. */
static void
arrange_x_axis (LabPlot *self, GtkWidget *widget, const LabTable *table, double right)
{
  double lower = 1;
  double upper = self->x_max;
  double label_width;
  g_autofree char *widest = NULL;

  lab_table_extend_x_range (table, &lower, &upper);
  if (isnan (upper))
    upper = 10;

  widest = g_strdup_printf ("%.0f", upper);
  label_width = measure_caption (widget, widest, TRUE, NULL);

  /* Half of the last label stands out to the right. */
  right -= MAX (MIN_RIGHT_MARGIN, ceil (label_width / 2));
  self->field.width = MAX (1, right - self->field.x);
  lab_axis_init_counts (&self->x_axis, lower, upper,
                        (guint) CLAMP (self->field.width / (label_width + 16), 2, 20));
}

static void
arrange_points (LabPlot *self, const LabTable *table)
{
  g_ptr_array_set_size (self->points, 0);

  for (guint i = 0; i < table->series->len; i++)
    {
      guint n_rows = lab_table_get_n_rows (table);
      GArray *points = g_array_sized_new (FALSE, FALSE, sizeof (LabPlotPoint), n_rows);

      for (guint row = 0; row < n_rows; row++)
        {
          double x = lab_table_get_x (table, row);
          LabPlotPoint point = {
            lab_axis_map (&self->x_axis, x),
            isnan (x) ? NAN : lab_axis_map (&self->y_axis, lab_table_get_y (table, i, row)),
          };

          g_array_append_val (points, point);
        }
      g_ptr_array_add (self->points, points);
    }
}

static void
paint_y_axis (const LabPlot *self, cairo_t *cr, GtkWidget *widget, double strength)
{
  for (guint i = 0; i < self->y_axis.n_ticks; i++)
    {
      double y = get_pixel_y (self, lab_axis_map (&self->y_axis, lab_axis_get_tick (&self->y_axis, i)));
      g_autofree char *text = lab_axis_dup_tick_label (&self->y_axis, i);
      g_autoptr (PangoLayout) layout = lab_plot_create_caption (widget, text, FALSE);
      int height;

      /* Half a pixel off, a line of one pixel is sharp. */
      lab_plot_set_ink (cr, widget, (i == 0 ? 2 * GRID_ALPHA : GRID_ALPHA) * strength);
      cairo_set_line_width (cr, 1);
      cairo_move_to (cr, self->field.x, floor (y) + 0.5);
      cairo_rel_line_to (cr, self->field.width, 0);
      cairo_stroke (cr);

      pango_layout_get_pixel_size (layout, NULL, &height);
      lab_plot_set_ink (cr, widget, LABEL_ALPHA * strength);
      paint_text (cr, layout, self->field.x - self->gap, y - height / 2.0, 1);
    }
}

/* The title stands in the corner below the labels of the other axis; the number
 * at the cursor, in bold, takes the place of ticks that it would touch. */
static void
paint_x_axis (const LabPlot *self, cairo_t *cr, GtkWidget *widget, double strength, double cursor_x)
{
  double y = self->field.y + self->field.height + self->gap;
  double from = G_MAXDOUBLE;
  double to = -G_MAXDOUBLE;

  if (!isnan (cursor_x))
    {
      double x = get_pixel_x (self, lab_axis_map (&self->x_axis, cursor_x));
      g_autofree char *text = g_strdup_printf ("%.0f", cursor_x);
      g_autoptr (PangoLayout) layout = lab_plot_create_caption (widget, text, TRUE);
      double width = get_text_width (layout);

      lab_plot_set_ink (cr, widget, 1);
      paint_text (cr, layout, x, y, 0.5);
      from = x - width / 2 - self->gap;
      to = x + width / 2 + self->gap;
    }

  lab_plot_set_ink (cr, widget, LABEL_ALPHA * strength);
  if (self->x_title != NULL)
    {
      g_autoptr (PangoLayout) layout = lab_plot_create_caption (widget, self->x_title, FALSE);

      paint_text (cr, layout, self->field.x - self->gap, y, 1);
    }

  for (guint i = 0; i < self->x_axis.n_ticks; i++)
    {
      double x = get_pixel_x (self, lab_axis_map (&self->x_axis, lab_axis_get_tick (&self->x_axis, i)));
      g_autofree char *text = lab_axis_dup_tick_label (&self->x_axis, i);
      g_autoptr (PangoLayout) layout = lab_plot_create_caption (widget, text, FALSE);
      double width = get_text_width (layout);

      if (x + width / 2 < from || x - width / 2 > to)
        paint_text (cr, layout, x, y, 0.5);
    }
}

/* A dot with a ring of the background around it, so that lines do not merge. */
static void
paint_dot (cairo_t *cr, double x, double y, double radius)
{
  cairo_new_path (cr);
  cairo_arc (cr, x, y, radius + 1.5, 0, 2 * G_PI);
  cairo_set_operator (cr, CAIRO_OPERATOR_DEST_OUT);
  cairo_fill (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_OVER);
  cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
  cairo_fill (cr);
}

static void
paint_line (const LabPlot *self, cairo_t *cr, GArray *points, const GdkRGBA *color, gboolean dashed)
{
  const LabPlotPoint *p = (const LabPlotPoint *) points->data;
  double pixels_per_step = self->field.width / (self->x_axis.upper - self->x_axis.lower);
  gboolean dots = pixels_per_step >= DOT_DISTANCE;
  int last = (int) points->len - 1;

  while (last >= 0 && isnan (p[last].y))
    last--;

  cairo_set_line_width (cr, LINE_WIDTH);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, dashed ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
  if (dashed)
    cairo_set_dash (cr, (const double[]) { 6, 4 }, 2, 0);
  gdk_cairo_set_source_rgba (cr, color);

  cairo_new_path (cr);
  for (int i = 0; i <= last; i++)
    {
      if (isnan (p[i].y))
        cairo_new_sub_path (cr);
      else
        cairo_line_to (cr, get_pixel_x (self, p[i].x), get_pixel_y (self, p[i].y));
    }
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);

  for (int i = 0; i <= last; i++)
    {
      gboolean alone = (i == 0 || isnan (p[i - 1].y)) && (i == last || isnan (p[i + 1].y));

      if (!isnan (p[i].y) && (dots || alone || i == last))
        paint_dot (cr, get_pixel_x (self, p[i].x), get_pixel_y (self, p[i].y), DOT_RADIUS);
    }
}

static void
paint_cursor (const LabPlot *self, cairo_t *cr, GtkWidget *widget, double x)
{
  double pixel = floor (get_pixel_x (self, lab_axis_map (&self->x_axis, x))) + 0.5;

  lab_plot_set_ink (cr, widget, CURSOR_ALPHA);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, pixel, self->field.y);
  cairo_rel_line_to (cr, 0, self->field.height);
  cairo_stroke (cr);
}

static void
paint_placeholder (const LabPlot *self, cairo_t *cr, GtkWidget *widget)
{
  g_autoptr (PangoLayout) layout = lab_plot_create_caption (widget, self->placeholder, FALSE);
  int width = (int) (self->field.width - 2 * self->gap);
  int height;

  pango_layout_set_width (layout, MAX (width, 1) * PANGO_SCALE);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_get_pixel_size (layout, NULL, &height);
  lab_plot_set_ink (cr, widget, LABEL_ALPHA);
  cairo_move_to (cr, self->field.x + self->gap, round (self->field.y + (self->field.height - height) / 2));
  pango_cairo_show_layout (cr, layout);
}

void
lab_plot_init (LabPlot *self)
{
  *self = (LabPlot) {
    .x_max = NAN,
    .y_min = NAN,
    .y_max = NAN,
    .points = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref),
  };
}

void
lab_plot_clear (LabPlot *self)
{
  g_clear_pointer (&self->x_title, g_free);
  g_clear_pointer (&self->placeholder, g_free);
  g_clear_pointer (&self->points, g_ptr_array_unref);
}

void
lab_plot_arrange (LabPlot                 *self,
                  GtkWidget               *widget,
                  const LabTable          *table,
                  const cairo_rectangle_t *area)
{
  double label_height;
  double gutter = measure_caption (widget, self->x_title, FALSE, &label_height);

  self->gap = round (label_height * 0.55);

  /* Half a label stands out above the field and a whole one below it. */
  self->field.y = area->y + ceil (label_height / 2);
  self->field.height = MAX (1, area->y + area->height - self->field.y - self->gap - label_height);
  arrange_y_axis (self, table, label_height);

  gutter = MAX (gutter, measure_tick_labels (&self->y_axis, widget)) + self->gap;
  self->field.x = area->x + gutter;
  arrange_x_axis (self, widget, table, area->x + area->width);

  arrange_points (self, table);
}

int
lab_plot_find_row (const LabPlot *self, double pixel)
{
  GArray *points = self->points->len > 0 ? self->points->pdata[0] : NULL;
  double nearest = G_MAXDOUBLE;
  int row = -1;

  for (guint i = 0; points != NULL && i < points->len; i++)
    {
      double distance = fabs (get_pixel_x (self, g_array_index (points, LabPlotPoint, i).x) - pixel);

      if (distance < nearest)
        {
          nearest = distance;
          row = (int) i;
        }
    }

  return row;
}

void
lab_plot_paint (const LabPlot  *self,
                cairo_t        *cr,
                GtkWidget      *widget,
                const LabTable *table,
                int             cursor)
{
  gboolean empty = lab_table_get_n_rows (table) == 0;
  double cursor_x = cursor < 0 ? NAN : lab_table_get_x (table, (guint) cursor);

  paint_y_axis (self, cr, widget, empty ? 0.5 : 1);
  paint_x_axis (self, cr, widget, empty ? 0.5 : 1, cursor_x);
  if (!isnan (cursor_x))
    paint_cursor (self, cr, widget, cursor_x);

  for (guint i = 0; i < self->points->len; i++)
    {
      LabSeries *series = table->series->pdata[i];
      GArray *points = self->points->pdata[i];
      GdkRGBA color;

      lab_series_resolve_color (series, widget, &color);
      paint_line (self, cr, points, &color, lab_series_get_dashed (series));
      if (cursor >= 0)
        {
          const LabPlotPoint *point = &g_array_index (points, LabPlotPoint, cursor);

          if (!isnan (point->y))
            paint_dot (cr, get_pixel_x (self, point->x), get_pixel_y (self, point->y), CURSOR_DOT_RADIUS);
        }
    }

  if (empty && self->placeholder != NULL)
    paint_placeholder (self, cr, widget);
}

PangoLayout *
lab_plot_create_caption (GtkWidget *widget, const char *text, gboolean bold)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, text);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (0.82));
  /* Digits of one width keep numbers that change from trembling. */
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  if (bold)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);

  return layout;
}

void
lab_plot_set_ink (cairo_t *cr, GtkWidget *widget, double alpha)
{
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  color.alpha *= (float) alpha;
  gdk_cairo_set_source_rgba (cr, &color);
}
