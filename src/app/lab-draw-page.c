/* SPDX-License-Identifier: MIT */
#include "lab-draw-page.h"

#include "lab-canvas.h"
#include "lab-digit-view.h"
#include "lab-probability-bars.h"

#include "lab-config.h"

#include <glib/gi18n.h>

/* Below this probability the verdict names the two likeliest digits. */
#define SURE 0.6f

struct _LabDrawPage
{
  GtkWidget parent_instance;

  LabNetwork *network;

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

static char *
describe (const float *probabilities)
{
  guint first = 0;
  guint second = 1;

  for (guint i = 1; i < LAB_N_CLASSES; i++)
    {
      if (probabilities[i] > probabilities[first])
        {
          second = first;
          first = i;
        }
      else if (second == first || probabilities[i] > probabilities[second])
        {
          second = i;
        }
    }

  if (probabilities[first] >= SURE)
    return g_strdup_printf (_("This is a %u"), first);
  else
    return g_strdup_printf (_("Not sure: %u or %u"), first, second);
}

/* Reads the drawing anew. This runs inside the pointer event that changed it,
 * which takes a fraction of a millisecond and keeps picture, bars and verdict in
 * the same frame as the line. */
static void
update_prediction (LabDrawPage *self)
{
  LabInk *ink = lab_canvas_get_ink (self->canvas);
  guint8 image[LAB_IMAGE_SIZE];
  float probabilities[LAB_N_CLASSES];
  g_autofree char *verdict = NULL;

  lab_ink_render (ink, image);
  lab_digit_view_set_image (self->picture, image);

  if (self->network == NULL || lab_ink_is_empty (ink))
    {
      lab_probability_bars_set_probabilities (self->bars, NULL);
      gtk_label_set_label (self->verdict, _("Draw a digit"));
      return;
    }

  lab_network_predict (self->network, image, probabilities);
  lab_probability_bars_set_probabilities (self->bars, probabilities);
  verdict = describe (probabilities);
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
lab_draw_page_class_init (LabDrawPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lab_draw_page_dispose;
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

  update_prediction (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NETWORK]);
}

LabInk *
lab_draw_page_get_ink (LabDrawPage *self)
{
  g_return_val_if_fail (LAB_IS_DRAW_PAGE (self), NULL);

  return lab_canvas_get_ink (self->canvas);
}
