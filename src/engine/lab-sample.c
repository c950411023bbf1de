/* SPDX-License-Identifier: MIT */
#include "lab-sample.h"

#include <string.h>

struct _LabSample
{
  GObject parent_instance;

  guint index;
  guint label;
  guint predicted;
  guint8 image[LAB_IMAGE_SIZE];
  float probabilities[LAB_N_CLASSES];
};

G_DEFINE_FINAL_TYPE (LabSample, lab_sample, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_INDEX,
  PROP_LABEL,
  PROP_PREDICTED,
  PROP_CONFIDENCE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
lab_sample_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  LabSample *self = LAB_SAMPLE (object);

  switch (prop_id)
    {
    case PROP_INDEX:
      g_value_set_uint (value, self->index);
      break;

    case PROP_LABEL:
      g_value_set_uint (value, self->label);
      break;

    case PROP_PREDICTED:
      g_value_set_uint (value, self->predicted);
      break;

    case PROP_CONFIDENCE:
      g_value_set_double (value, lab_sample_get_confidence (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lab_sample_class_init (LabSampleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = lab_sample_get_property;

  properties[PROP_INDEX] = g_param_spec_uint ("index", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_LABEL] = g_param_spec_uint ("label", NULL, NULL, 0, LAB_N_CLASSES - 1, 0, flags);
  properties[PROP_PREDICTED] = g_param_spec_uint ("predicted", NULL, NULL, 0, LAB_N_CLASSES - 1, 0, flags);
  properties[PROP_CONFIDENCE] = g_param_spec_double ("confidence", NULL, NULL, 0, 1, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lab_sample_init (LabSample *self)
{
}

LabSample *
lab_sample_new (guint         index,
                guint         label,
                const guint8 *image,
                const float  *probabilities)
{
  LabSample *self;

  g_return_val_if_fail (label < LAB_N_CLASSES, NULL);
  g_return_val_if_fail (image != NULL, NULL);
  g_return_val_if_fail (probabilities != NULL, NULL);

  self = g_object_new (LAB_TYPE_SAMPLE, NULL);
  self->index = index;
  self->label = label;
  memcpy (self->image, image, sizeof self->image);
  memcpy (self->probabilities, probabilities, sizeof self->probabilities);

  for (guint i = 1; i < LAB_N_CLASSES; i++)
    if (probabilities[i] > probabilities[self->predicted])
      self->predicted = i;

  return self;
}

guint
lab_sample_get_index (LabSample *self)
{
  g_return_val_if_fail (LAB_IS_SAMPLE (self), 0);

  return self->index;
}

guint
lab_sample_get_label (LabSample *self)
{
  g_return_val_if_fail (LAB_IS_SAMPLE (self), 0);

  return self->label;
}

guint
lab_sample_get_predicted (LabSample *self)
{
  g_return_val_if_fail (LAB_IS_SAMPLE (self), 0);

  return self->predicted;
}

double
lab_sample_get_confidence (LabSample *self)
{
  g_return_val_if_fail (LAB_IS_SAMPLE (self), 0);

  return self->probabilities[self->predicted];
}

const guint8 *
lab_sample_get_image (LabSample *self)
{
  g_return_val_if_fail (LAB_IS_SAMPLE (self), NULL);

  return self->image;
}

const float *
lab_sample_get_probabilities (LabSample *self)
{
  g_return_val_if_fail (LAB_IS_SAMPLE (self), NULL);

  return self->probabilities;
}
