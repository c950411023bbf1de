/* SPDX-License-Identifier: MIT */
#include "lab-draw-page.h"

#include "lab-canvas.h"
#include "lab-digit-view.h"
#include "lab-probability-bars.h"
#include "lab-verdict.h"

#include "lab-config.h"

#include <glib/gi18n.h>

/* What the network makes of one digit of the drawing. */
typedef struct
{
  guint8     image[LAB_IMAGE_SIZE];
  float      probabilities[LAB_N_CLASSES];
  LabVerdict verdict;
} Reading;

struct _LabDrawPage
{
  GtkWidget parent_instance;

  LabNetwork *network;
  GArray     *readings; /* of the drawing's digits, from left to right */

  GtkWidget          *content;
  LabCanvas          *canvas;
  GtkLabel           *verdict;
  LabProbabilityBars *bars;
  LabDigitView       *picture;
};

G_DEFINE_FINAL_TYPE (LabDrawPage, lab_draw_page, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_NETWORK,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Returns which of the @digits has the last stroke of @ink. */
static guint
find_newest (LabInk *ink, GPtrArray *digits)
{
  gsize n_points;
  const LabInkPoint *newest = lab_ink_get_stroke (ink, lab_ink_get_n_strokes (ink) - 1, &n_points);

  for (guint i = 0; i < digits->len; i++)
    for (guint k = 0; k < lab_ink_get_n_strokes (digits->pdata[i]); k++)
      {
        gsize n;
        const LabInkPoint *points = lab_ink_get_stroke (digits->pdata[i], k, &n);

        if (n == n_points && memcmp (points, newest, n * sizeof *points) == 0)
          return i;
      }

  return digits->len - 1;
}

/* While a digit is drawn, the ones beside it stay as they are: they have been
 * read. */
static void
read_digit (LabDrawPage *self,
            LabInk      *digit,
            Reading     *reading)
{
  lab_ink_render (digit, reading->image);
  for (guint i = 0; i < self->readings->len; i++)
    {
      const Reading *known = &g_array_index (self->readings, Reading, i);

      if (memcmp (known->image, reading->image, LAB_IMAGE_SIZE) == 0)
        {
          *reading = *known;
          return;
        }
    }

  lab_network_predict (self->network, reading->image, reading->probabilities);
  reading->verdict = lab_verdict_judge (self->network, reading->image, reading->probabilities);
}

static char *
describe (GArray *readings)
{
  g_autoptr (GString) number = g_string_new (NULL);
  guint n_sure = 0;

  if (readings->len == 1)
    return lab_verdict_dup_text (g_array_index (readings, Reading, 0).verdict);

  for (guint i = 0; i < readings->len; i++)
    {
      LabVerdict verdict = g_array_index (readings, Reading, i).verdict;

      if (verdict.kind == LAB_VERDICT_DIGIT)
        {
          g_string_append_printf (number, "%u", verdict.first);
          n_sure++;
        }
      else
        {
          g_string_append_c (number, '?');
        }
    }

  if (n_sure == readings->len)
    /* Translators: a number of several digits that was drawn, as 42 */
    return g_strdup_printf (_("This is %s"), number->str);
  if (n_sure > 0)
    /* Translators: the same, with question marks for the digits that cannot be read, as 4? */
    return g_strdup_printf (_("Not sure: %s"), number->str);
  return lab_verdict_dup_text ((LabVerdict) { .kind = LAB_VERDICT_NOT_A_DIGIT });
}

static void
show_nothing (LabDrawPage *self)
{
  g_autofree char *verdict = lab_verdict_dup_text ((LabVerdict) { .kind = LAB_VERDICT_NOTHING });

  g_array_set_size (self->readings, 0);
  lab_probability_bars_set_probabilities (self->bars, NULL);
  gtk_label_set_label (self->verdict, verdict);
}

/* Reads the drawing anew: the verdict is on all of it, the bars and the picture
 * are those of the digit drawn last. This runs inside the pointer event that
 * changed it, which takes a fraction of a millisecond and keeps picture, bars
 * and verdict in the same frame as the line. */
static void
update_prediction (LabDrawPage *self)
{
  LabInk *ink = lab_canvas_get_ink (self->canvas);
  g_autoptr (GPtrArray) digits = lab_ink_split (ink);
  g_autoptr (GArray) readings = NULL;
  g_autofree char *verdict = NULL;
  const Reading *newest;

  if (self->network == NULL || digits->len == 0)
    {
      guint8 image[LAB_IMAGE_SIZE];

      lab_ink_render (ink, image);
      lab_digit_view_set_image (self->picture, image);
      show_nothing (self);
      return;
    }

  readings = g_array_sized_new (FALSE, FALSE, sizeof (Reading), digits->len);
  g_array_set_size (readings, digits->len);
  for (guint i = 0; i < digits->len; i++)
    read_digit (self, digits->pdata[i], &g_array_index (readings, Reading, i));
  g_clear_pointer (&self->readings, g_array_unref);
  self->readings = g_steal_pointer (&readings);

  newest = &g_array_index (self->readings, Reading, find_newest (ink, digits));
  lab_digit_view_set_image (self->picture, newest->image);
  lab_probability_bars_set_probabilities (self->bars, newest->probabilities);
  verdict = describe (self->readings);
  gtk_label_set_label (self->verdict, verdict);
}

static void
update_actions (LabDrawPage *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "draw.clear",
                                 !lab_ink_is_empty (lab_canvas_get_ink (self->canvas)));
}

static void
clear_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  lab_ink_clear (lab_canvas_get_ink (LAB_DRAW_PAGE (widget)->canvas));
}

static gboolean
lab_draw_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (LAB_DRAW_PAGE (widget)->canvas));
}

static void
lab_draw_page_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_NETWORK:
      g_value_set_object (value, LAB_DRAW_PAGE (object)->network);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lab_draw_page_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_NETWORK:
      lab_draw_page_set_network (LAB_DRAW_PAGE (object), g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lab_draw_page_dispose (GObject *object)
{
  LabDrawPage *self = LAB_DRAW_PAGE (object);

  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_object (&self->network);

  G_OBJECT_CLASS (lab_draw_page_parent_class)->dispose (object);
}

static void
lab_draw_page_finalize (GObject *object)
{
  LabDrawPage *self = LAB_DRAW_PAGE (object);

  g_clear_pointer (&self->readings, g_array_unref);

  G_OBJECT_CLASS (lab_draw_page_parent_class)->finalize (object);
}

static void
lab_draw_page_class_init (LabDrawPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lab_draw_page_dispose;
  object_class->finalize = lab_draw_page_finalize;
  object_class->get_property = lab_draw_page_get_property;
  object_class->set_property = lab_draw_page_set_property;
  widget_class->grab_focus = lab_draw_page_grab_focus;

  properties[PROP_NETWORK] =
      g_param_spec_object ("network", NULL, NULL, LAB_TYPE_NETWORK,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (LAB_TYPE_CANVAS);
  g_type_ensure (LAB_TYPE_DIGIT_VIEW);
  g_type_ensure (LAB_TYPE_PROBABILITY_BARS);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "draw-page");
  gtk_widget_class_set_template_from_resource (widget_class, LAB_APP_PATH "/ui/lab-draw-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LabDrawPage, content);
  gtk_widget_class_bind_template_child (widget_class, LabDrawPage, canvas);
  gtk_widget_class_bind_template_child (widget_class, LabDrawPage, verdict);
  gtk_widget_class_bind_template_child (widget_class, LabDrawPage, bars);
  gtk_widget_class_bind_template_child (widget_class, LabDrawPage, picture);

  gtk_widget_class_install_action (widget_class, "draw.clear", NULL, clear_action);
}

static void
lab_draw_page_init (LabDrawPage *self)
{
  LabInk *ink;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->readings = g_array_new (FALSE, FALSE, sizeof (Reading));

  ink = lab_canvas_get_ink (self->canvas);
  g_signal_connect_object (ink, "changed", G_CALLBACK (update_prediction), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (ink, "notify::empty", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);

  update_prediction (self);
  update_actions (self);
}

GtkWidget *
lab_draw_page_new (void)
{
  return g_object_new (LAB_TYPE_DRAW_PAGE, NULL);
}

LabNetwork *
lab_draw_page_get_network (LabDrawPage *self)
{
  g_return_val_if_fail (LAB_IS_DRAW_PAGE (self), NULL);

  return self->network;
}

void
lab_draw_page_set_network (LabDrawPage *self,
                           LabNetwork  *network)
{
  g_return_if_fail (LAB_IS_DRAW_PAGE (self));
  g_return_if_fail (network == NULL || LAB_IS_NETWORK (network));

  if (!g_set_object (&self->network, network))
    return;

  g_array_set_size (self->readings, 0);
  update_prediction (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NETWORK]);
}

LabInk *
lab_draw_page_get_ink (LabDrawPage *self)
{
  g_return_val_if_fail (LAB_IS_DRAW_PAGE (self), NULL);

  return lab_canvas_get_ink (self->canvas);
}
