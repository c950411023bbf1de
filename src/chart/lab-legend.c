/* SPDX-License-Identifier: MIT */
#include "lab-legend.h"

#include "lab-plot.h"

#define SAMPLE_WIDTH 24
#define INNER_GAP 6
#define ENTRY_GAP 18
#define ROW_GAP 4
#define TITLE_ALPHA 0.7

typedef struct
{
  PangoLayout *title;
  PangoLayout *value;
  int          title_width;
  int          value_width;
  int          width;
  int          height;
} Entry;

static gboolean
is_mirrored (GtkWidget *widget)
{
  return gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
}

static PangoLayout *
create_heading (GtkWidget *widget, const char *text)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, text);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attributes);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_attr_list_unref (attributes);

  return layout;
}

static void
entry_init (Entry *self, GtkWidget *widget, const LabLegendEntry *entry)
{
  self->title = lab_plot_create_caption (widget, lab_series_get_title (entry->series), FALSE);
  self->value = lab_plot_create_caption (widget, entry->value, TRUE);
  pango_layout_get_pixel_size (self->title, &self->title_width, &self->height);
  pango_layout_get_pixel_size (self->value, &self->value_width, NULL);
  self->width = SAMPLE_WIDTH + INNER_GAP + self->title_width;
  if (self->value_width > 0)
    self->width += INNER_GAP + self->value_width;
}

static void
entry_clear (Entry *self)
{
  g_clear_object (&self->title);
  g_clear_object (&self->value);
}

static void
paint_sample (cairo_t *cr, GtkWidget *widget, LabSeries *series, double x, double y)
{
  GdkRGBA color;

  lab_series_resolve_color (series, widget, &color);
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_set_line_width (cr, 2);
  if (lab_series_get_dashed (series))
    cairo_set_dash (cr, (const double[]) { 6, 3 }, 2, 0);
  cairo_move_to (cr, x, y);
  cairo_rel_line_to (cr, SAMPLE_WIDTH, 0);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
}

/* @x is where the entry begins, counted in the direction of reading. */
static void
entry_paint (Entry *self, cairo_t *cr, GtkWidget *widget, LabSeries *series, int x, int y, int width)
{
  int title_x = x + SAMPLE_WIDTH + INNER_GAP;
  int value_x = x + self->width - self->value_width;

  if (is_mirrored (widget))
    {
      x = width - x - SAMPLE_WIDTH;
      title_x = width - title_x - self->title_width;
      value_x = width - value_x - self->value_width;
    }

  paint_sample (cr, widget, series, x, y + self->height / 2);
  lab_plot_set_ink (cr, widget, TITLE_ALPHA);
  cairo_move_to (cr, title_x, y);
  pango_cairo_show_layout (cr, self->title);
  lab_plot_set_ink (cr, widget, 1);
  cairo_move_to (cr, value_x, y);
  pango_cairo_show_layout (cr, self->value);
}

void
lab_legend_measure (GtkWidget            *widget,
                    const char           *title,
                    const LabLegendEntry *entries,
                    guint                 n_entries,
                    int                  *minimum,
                    int                  *natural)
{
  g_autoptr (PangoLayout) heading = create_heading (widget, title);
  int title_width;

  pango_layout_get_pixel_size (heading, &title_width, NULL);
  *minimum = title_width;
  *natural = title_width;

  for (guint i = 0; i < n_entries; i++)
    {
      Entry entry;

      entry_init (&entry, widget, &entries[i]);
      *minimum = MAX (*minimum, entry.width);
      *natural += ENTRY_GAP + entry.width;
      entry_clear (&entry);
    }
}

int
lab_legend_flow (GtkWidget            *widget,
                 const char           *title,
                 const LabLegendEntry *entries,
                 guint                 n_entries,
                 int                   width,
                 cairo_t              *cr)
{
  g_autoptr (PangoLayout) heading = create_heading (widget, title);
  int minimum;
  int natural;
  int title_width;
  int row_height;
  gboolean one_row;
  int x = 0;
  int y = 0;

  lab_legend_measure (widget, title, entries, n_entries, &minimum, &natural);
  one_row = natural <= width;

  pango_layout_get_pixel_size (heading, &title_width, &row_height);
  if (title_width > width)
    pango_layout_set_width (heading, width * PANGO_SCALE);
  if (cr != NULL)
    {
      lab_plot_set_ink (cr, widget, 1);
      cairo_move_to (cr, is_mirrored (widget) ? MAX (0, width - title_width) : 0, 0);
      pango_cairo_show_layout (cr, heading);
    }

  if (one_row)
    x = width - (natural - title_width - (n_entries > 0 ? ENTRY_GAP : 0));
  else
    y = row_height + ROW_GAP;

  for (guint i = 0; i < n_entries; i++)
    {
      Entry entry;

      entry_init (&entry, widget, &entries[i]);
      if (!one_row && x > 0 && x + entry.width > width)
        {
          x = 0;
          y += entry.height + ROW_GAP;
        }
      if (cr != NULL)
        entry_paint (&entry, cr, widget, entries[i].series, x,
                     one_row ? (row_height - entry.height + 1) / 2 : y, width);
      x += entry.width + ENTRY_GAP;
      row_height = one_row ? row_height : entry.height;
      entry_clear (&entry);
    }

  return y + row_height;
}
