/* SPDX-License-Identifier: MIT */
#include "lab-epoch.h"

struct _LabEpoch
{
  GObject parent_instance;

  guint epoch;
  double loss;
  double accuracy;
  double val_loss;
  double val_accuracy;
  double learning_rate;
  double seconds;
};

G_DEFINE_FINAL_TYPE (LabEpoch, lab_epoch, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_EPOCH,
  PROP_LOSS,
  PROP_ACCURACY,
  PROP_VAL_LOSS,
  PROP_VAL_ACCURACY,
  PROP_LEARNING_RATE,
  PROP_SECONDS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
lab_epoch_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  LabEpoch *self = LAB_EPOCH (object);

  switch (prop_id)
    {
    case PROP_EPOCH:
      g_value_set_uint (value, self->epoch);
      break;

    case PROP_LOSS:
      g_value_set_double (value, self->loss);
      break;

    case PROP_ACCURACY:
      g_value_set_double (value, self->accuracy);
      break;

    case PROP_VAL_LOSS:
      g_value_set_double (value, self->val_loss);
      break;

    case PROP_VAL_ACCURACY:
      g_value_set_double (value, self->val_accuracy);
      break;

    case PROP_LEARNING_RATE:
      g_value_set_double (value, self->learning_rate);
      break;

    case PROP_SECONDS:
      g_value_set_double (value, self->seconds);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static GParamSpec *
double_property (const char *name)
{
  return g_param_spec_double (name, NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0,
                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
lab_epoch_class_init (LabEpochClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lab_epoch_get_property;

  properties[PROP_EPOCH] = g_param_spec_uint ("epoch", NULL, NULL, 0, G_MAXUINT, 0,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LOSS] = double_property ("loss");
  properties[PROP_ACCURACY] = double_property ("accuracy");
  properties[PROP_VAL_LOSS] = double_property ("val-loss");
  properties[PROP_VAL_ACCURACY] = double_property ("val-accuracy");
  properties[PROP_LEARNING_RATE] = double_property ("learning-rate");
  properties[PROP_SECONDS] = double_property ("seconds");

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lab_epoch_init (LabEpoch *self)
{
}

LabEpoch *
lab_epoch_new (guint  epoch,
               double loss,
               double accuracy,
               double val_loss,
               double val_accuracy,
               double learning_rate,
               double seconds)
{
  LabEpoch *self = g_object_new (LAB_TYPE_EPOCH, NULL);

  self->epoch = epoch;
  self->loss = loss;
  self->accuracy = accuracy;
  self->val_loss = val_loss;
  self->val_accuracy = val_accuracy;
  self->learning_rate = learning_rate;
  self->seconds = seconds;

  return self;
}

guint
lab_epoch_get_epoch (LabEpoch *self)
{
  g_return_val_if_fail (LAB_IS_EPOCH (self), 0);

  return self->epoch;
}

double
lab_epoch_get_loss (LabEpoch *self)
{
  g_return_val_if_fail (LAB_IS_EPOCH (self), 0);

  return self->loss;
}

double
lab_epoch_get_accuracy (LabEpoch *self)
{
  g_return_val_if_fail (LAB_IS_EPOCH (self), 0);

  return self->accuracy;
}

double
lab_epoch_get_val_loss (LabEpoch *self)
{
  g_return_val_if_fail (LAB_IS_EPOCH (self), 0);

  return self->val_loss;
}

double
lab_epoch_get_val_accuracy (LabEpoch *self)
{
  g_return_val_if_fail (LAB_IS_EPOCH (self), 0);

  return self->val_accuracy;
}

double
lab_epoch_get_learning_rate (LabEpoch *self)
{
  g_return_val_if_fail (LAB_IS_EPOCH (self), 0);

  return self->learning_rate;
}

double
lab_epoch_get_seconds (LabEpoch *self)
{
  g_return_val_if_fail (LAB_IS_EPOCH (self), 0);

  return self->seconds;
}
