/* SPDX-License-Identifier: MIT */
#include "lab-mistake-tile.h"

#include <glib/gi18n.h>

#include "lab-digit-view.h"
#include "lab-sample.h"

/* Whole multiples of the picture's own pixels keep it crisp. */
#define PICTURE_SIDE (3 * LAB_IMAGE_SIDE)
#define TEXT_GAP 6
#define DETAIL_SCALE 0.82
#define DETAIL_OPACITY 0.7
#define DIGIT_SCALE 2.9
#define CARD_RADIUS 6
#define CARD_OPACITY 0.15

/* A grid view keeps some four hundred tiles ready, of which a screen shows
 * fifty. Their text is therefore painted: to make and to measure labels for all
 * of them would take longer than a frame. */
struct _LabMistakeTile
{
  GtkWidget parent_instance;

  GObject *item;
  GtkWidget *picture;
};

G_DEFINE_FINAL_TYPE (LabMistakeTile, lab_mistake_tile, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_ITEM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static guint
get_class (GListModel *mistakes)
{
  g_autoptr (LabSample) first = g_list_model_get_item (mistakes, 0);

  return lab_sample_get_label (first);
}

static char *
format_count (guint n)
{
  return g_strdup_printf (ngettext ("%'u mistake", "%'u mistakes", n), n);
}

/* What a screen reader says of the tile. */
static char *
describe (GObject *item)
{
  if (LAB_IS_SAMPLE (item))
    return g_strdup_printf (_("Labelled %u, read as %u, %.0f %%"),
                            lab_sample_get_label (LAB_SAMPLE (item)),
                            lab_sample_get_predicted (LAB_SAMPLE (item)),
                            100 * lab_sample_get_confidence (LAB_SAMPLE (item)));

  if (G_IS_LIST_MODEL (item))
    {
      g_autofree char *count = format_count (g_list_model_get_n_items (G_LIST_MODEL (item)));

      /* Translators: for example, “Digit 4: 12 mistakes”. */
      return g_strdup_printf (_("Digit %u: %s"), get_class (G_LIST_MODEL (item)), count);
    }

  return g_strdup ("");
}

/* Returns centred text that is scaled, and let shine through, from byte @start on. */
static PangoLayout *
create_layout (LabMistakeTile *self,
               const char     *text,
               guint           start,
               double          scale,
               double          opacity)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  PangoAttribute *size = pango_attr_scale_new (scale);
  PangoAttribute *alpha = pango_attr_foreground_alpha_new (opacity * G_MAXUINT16);

  size->start_index = alpha->start_index = start;
  pango_attr_list_insert (attributes, size);
  pango_attr_list_insert (attributes, alpha);
  pango_layout_set_attributes (layout, attributes);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_set_width (layout, gtk_widget_get_width (GTK_WIDGET (self)) * PANGO_SCALE);

  return layout;
}

static void
append_layout (LabMistakeTile *self,
               GtkSnapshot    *snapshot,
               PangoLayout    *layout,
               float           y)
{
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, y));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

static void
lab_mistake_tile_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  LabMistakeTile *self = LAB_MISTAKE_TILE (object);

  switch (prop_id)
    {
    case PROP_ITEM:
      g_value_set_object (value, self->item);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lab_mistake_tile_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  LabMistakeTile *self = LAB_MISTAKE_TILE (object);

  switch (prop_id)
    {
    case PROP_ITEM:
      lab_mistake_tile_set_item (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lab_mistake_tile_dispose (GObject *object)
{
  LabMistakeTile *self = LAB_MISTAKE_TILE (object);

  g_clear_pointer (&self->picture, gtk_widget_unparent);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (lab_mistake_tile_parent_class)->dispose (object);
}

/* The size does not depend on the item, so that columns keep their width while
 * one scrolls. */
static void
lab_mistake_tile_measure (GtkWidget      *widget,
                          GtkOrientation  orientation,
                          int             for_size,
                          int            *minimum,
                          int            *natural,
                          int            *minimum_baseline,
                          int            *natural_baseline)
{
  *minimum = PICTURE_SIDE;

  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      PangoFontMetrics *metrics = pango_context_get_metrics (gtk_widget_get_pango_context (widget), NULL, NULL);
      int line = pango_font_metrics_get_ascent (metrics) + pango_font_metrics_get_descent (metrics);

      *minimum += TEXT_GAP + PANGO_PIXELS_CEIL (line) + PANGO_PIXELS_CEIL (line * DETAIL_SCALE);
      pango_font_metrics_unref (metrics);
    }

  *natural = *minimum;
}

static void
lab_mistake_tile_size_allocate (GtkWidget *widget,
                                int        width,
                                int        height,
                                int        baseline)
{
  LabMistakeTile *self = LAB_MISTAKE_TILE (widget);
  GtkAllocation place = { (width - PICTURE_SIDE) / 2, 0, PICTURE_SIDE, PICTURE_SIDE };

  gtk_widget_size_allocate (self->picture, &place, -1);
}

static void
snapshot_sample (LabMistakeTile *self,
                 LabSample      *sample,
                 GtkSnapshot    *snapshot)
{
  /* The label and what the network took it for. Digits and arrows take the
   * direction of the text around them, but the arrow itself does not turn. */
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  g_autofree char *title = g_strdup_printf (rtl ? "%u ← %u" : "%u → %u",
                                            lab_sample_get_label (sample),
                                            lab_sample_get_predicted (sample));
  g_autofree char *detail = g_strdup_printf (_("%.0f %%"), 100 * lab_sample_get_confidence (sample));
  g_autofree char *lines = g_strconcat (title, "\n", detail, NULL);
  g_autoptr (PangoLayout) text = create_layout (self, lines, strlen (title) + 1, DETAIL_SCALE, DETAIL_OPACITY);

  gtk_widget_snapshot_child (GTK_WIDGET (self), self->picture, snapshot);
  append_layout (self, snapshot, text, PICTURE_SIDE + TEXT_GAP);
}

/* Where the others have a picture, a card with the digit. */
static void
snapshot_heading (LabMistakeTile *self,
                  GListModel     *mistakes,
                  GtkSnapshot    *snapshot)
{
  g_autofree char *digit = g_strdup_printf ("%u", get_class (mistakes));
  g_autofree char *count = format_count (g_list_model_get_n_items (mistakes));
  g_autoptr (PangoLayout) large = create_layout (self, digit, 0, DIGIT_SCALE, 1);
  g_autoptr (PangoLayout) text = create_layout (self, count, 0, DETAIL_SCALE, 1);
  float x = (gtk_widget_get_width (GTK_WIDGET (self)) - PICTURE_SIDE) / 2;
  GskRoundedRect card;
  GdkRGBA color;
  int height;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  color.alpha *= CARD_OPACITY;
  gsk_rounded_rect_init_from_rect (&card, &GRAPHENE_RECT_INIT (x, 0, PICTURE_SIDE, PICTURE_SIDE), CARD_RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &card);
  gtk_snapshot_append_color (snapshot, &color, &card.bounds);
  gtk_snapshot_pop (snapshot);

  pango_layout_get_pixel_size (large, NULL, &height);
  append_layout (self, snapshot, large, (PICTURE_SIDE - height) / 2);
  append_layout (self, snapshot, text, PICTURE_SIDE + TEXT_GAP);
}

static void
lab_mistake_tile_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  LabMistakeTile *self = LAB_MISTAKE_TILE (widget);

  if (LAB_IS_SAMPLE (self->item))
    snapshot_sample (self, LAB_SAMPLE (self->item), snapshot);
  else if (self->item != NULL)
    snapshot_heading (self, G_LIST_MODEL (self->item), snapshot);
}

static void
lab_mistake_tile_class_init (LabMistakeTileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lab_mistake_tile_get_property;
  object_class->set_property = lab_mistake_tile_set_property;
  object_class->dispose = lab_mistake_tile_dispose;
  widget_class->measure = lab_mistake_tile_measure;
  widget_class->size_allocate = lab_mistake_tile_size_allocate;
  widget_class->snapshot = lab_mistake_tile_snapshot;

  properties[PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, G_TYPE_OBJECT,
                                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "mistake-tile");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
lab_mistake_tile_init (LabMistakeTile *self)
{
  self->picture = g_object_new (LAB_TYPE_DIGIT_VIEW, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_widget_set_parent (self->picture, GTK_WIDGET (self));
}

GtkWidget *
lab_mistake_tile_new (void)
{
  return g_object_new (LAB_TYPE_MISTAKE_TILE, NULL);
}

GObject *
lab_mistake_tile_get_item (LabMistakeTile *self)
{
  g_return_val_if_fail (LAB_IS_MISTAKE_TILE (self), NULL);

  return self->item;
}

void
lab_mistake_tile_set_item (LabMistakeTile *self,
                           GObject        *item)
{
  g_autofree char *description = NULL;

  g_return_if_fail (LAB_IS_MISTAKE_TILE (self));
  g_return_if_fail (item == NULL || LAB_IS_SAMPLE (item) || G_IS_LIST_MODEL (item));

  if (!g_set_object (&self->item, item))
    return;

  description = describe (item);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, description, -1);

  if (LAB_IS_SAMPLE (item))
    lab_digit_view_set_image (LAB_DIGIT_VIEW (self->picture), lab_sample_get_image (LAB_SAMPLE (item)));

  if (G_IS_LIST_MODEL (item))
    gtk_widget_add_css_class (GTK_WIDGET (self), "heading");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "heading");

  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}
