/* SPDX-License-Identifier: MIT */
#include "lab-run-strip.h"

#include "lab-config.h"
#include "lab-train-status.h"

struct _LabRunStrip
{
  GtkWidget parent_instance;

  LabTrainer *trainer;
  GtkWidget  *revealer;
};

G_DEFINE_FINAL_TYPE (LabRunStrip, lab_run_strip, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_TRAINER,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Closures of the template. What they tell is in their arguments so that GTK
 * calls them when it changes. */

static gboolean
is_running (LabRunStrip     *self,
            LabTrainerState  state)
{
  return state == LAB_TRAINER_RUNNING || state == LAB_TRAINER_STOPPING;
}

static char *
describe_run (LabRunStrip     *self,
              LabTrainerState  state,
              guint            epoch,
              guint            epochs,
              double           seconds_left)
{
  return self->trainer != NULL ? lab_train_status_dup_text (self->trainer) : NULL;
}

static void
lab_run_strip_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_TRAINER:
      g_value_set_object (value, LAB_RUN_STRIP (object)->trainer);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lab_run_strip_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_TRAINER:
      lab_run_strip_set_trainer (LAB_RUN_STRIP (object), g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lab_run_strip_dispose (GObject *object)
{
  LabRunStrip *self = LAB_RUN_STRIP (object);

  g_clear_pointer (&self->revealer, gtk_widget_unparent);
  g_clear_object (&self->trainer);

  G_OBJECT_CLASS (lab_run_strip_parent_class)->dispose (object);
}

static void
lab_run_strip_class_init (LabRunStripClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lab_run_strip_dispose;
  object_class->get_property = lab_run_strip_get_property;
  object_class->set_property = lab_run_strip_set_property;

  properties[PROP_TRAINER] =
      g_param_spec_object ("trainer", NULL, NULL, LAB_TYPE_TRAINER,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "run-strip");
  gtk_widget_class_set_template_from_resource (widget_class, LAB_APP_PATH "/ui/lab-run-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, LabRunStrip, revealer);
  gtk_widget_class_bind_template_callback (widget_class, is_running);
  gtk_widget_class_bind_template_callback (widget_class, describe_run);
}

static void
lab_run_strip_init (LabRunStrip *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
lab_run_strip_new (void)
{
  return g_object_new (LAB_TYPE_RUN_STRIP, NULL);
}

LabTrainer *
lab_run_strip_get_trainer (LabRunStrip *self)
{
  g_return_val_if_fail (LAB_IS_RUN_STRIP (self), NULL);

  return self->trainer;
}

void
lab_run_strip_set_trainer (LabRunStrip *self,
                           LabTrainer  *trainer)
{
  g_return_if_fail (LAB_IS_RUN_STRIP (self));
  g_return_if_fail (trainer == NULL || LAB_IS_TRAINER (trainer));

  if (g_set_object (&self->trainer, trainer))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TRAINER]);
}
