/* SPDX-License-Identifier: MIT */
#include "lab-digit-view.h"

#include "lab-sample.h"

#include <glib/gi18n.h>
#include <string.h>

/* Screen pixels per image pixel. Whole numbers keep all squares equally large. */
#define MINIMUM_ZOOM 3
#define NATURAL_ZOOM 5

struct _LabDigitView
{
  GtkWidget parent_instance;

  guint8 image[LAB_IMAGE_SIZE];
};

G_DEFINE_FINAL_TYPE (LabDigitView, lab_digit_view, GTK_TYPE_WIDGET)

/* Returns the image as a Cairo surface, or NULL when there is no memory. */
static cairo_surface_t *
create_surface (LabDigitView *self)
{
  cairo_surface_t *surface;
  guchar *data;
  int stride;

  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE);
  data = cairo_image_surface_get_data (surface);
  stride = cairo_image_surface_get_stride (surface);

  if (data == NULL)
    {
      cairo_surface_destroy (surface);
      return NULL;
    }

  for (guint y = 0; y < LAB_IMAGE_SIDE; y++)
    {
      guint32 *row = (guint32 *) (gpointer) (data + y * stride);

      for (guint x = 0; x < LAB_IMAGE_SIDE; x++)
        row[x] = self->image[y * LAB_IMAGE_SIDE + x] * 0x010101u;
    }

  cairo_surface_mark_dirty (surface);

  return surface;
}

static void
lab_digit_view_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  LabDigitView *self = LAB_DIGIT_VIEW (widget);
  double width = gtk_widget_get_width (widget);
  double height = gtk_widget_get_height (widget);
  double side = MIN (width, height);
  cairo_surface_t *surface = create_surface (self);
  cairo_t *cr;

  if (surface == NULL)
    return;

  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  cairo_paint (cr);
  cairo_translate (cr, (width - side) / 2.0, (height - side) / 2.0);
  cairo_scale (cr, side / LAB_IMAGE_SIDE, side / LAB_IMAGE_SIDE);
  cairo_set_source_surface (cr, surface, 0.0, 0.0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_rectangle (cr, 0.0, 0.0, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE);
  cairo_fill (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
lab_digit_view_measure (GtkWidget      *widget,
                        GtkOrientation  orientation,
                        int             for_size,
                        int            *minimum,
                        int            *natural,
                        int            *minimum_baseline,
                        int            *natural_baseline)
{
  *minimum = LAB_IMAGE_SIDE * MINIMUM_ZOOM;
  *natural = LAB_IMAGE_SIDE * NATURAL_ZOOM;
}

static void
lab_digit_view_class_init (LabDigitViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = lab_digit_view_measure;
  widget_class->snapshot = lab_digit_view_snapshot;

  gtk_widget_class_set_css_name (widget_class, "digit-view");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
lab_digit_view_init (LabDigitView *self)
{
  /* Clips the picture to the rounded corners of the style sheet. */
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("What the network sees"),
                                  -1);
}

GtkWidget *
lab_digit_view_new (void)
{
  return g_object_new (LAB_TYPE_DIGIT_VIEW, NULL);
}

void
lab_digit_view_set_image (LabDigitView *self,
                          const guint8 *image)
{
  static const guint8 empty[LAB_IMAGE_SIZE];

  g_return_if_fail (LAB_IS_DIGIT_VIEW (self));

  if (image == NULL)
    image = empty;

  if (memcmp (self->image, image, LAB_IMAGE_SIZE) == 0)
    return;

  memcpy (self->image, image, LAB_IMAGE_SIZE);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
