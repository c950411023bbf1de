/* SPDX-License-Identifier: MIT */
#include "lab-run.h"

#include "lab-preset.h"

#define MAX_EPOCHS 1000
#define MAX_BATCH_SIZE 4096
#define MIN_LEARNING_RATE 1e-6
#define MAX_LEARNING_RATE 10
#define MAX_VALIDATION_SHARE 0.5
#define MAX_THREADS 256

struct _LabRun
{
  GObject parent_instance;

  char *preset;
  guint epochs;
  guint batch_size;
  double learning_rate;
  double validation_share;
  guint64 seed;
  guint threads;
};

G_DEFINE_FINAL_TYPE (LabRun, lab_run, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_PRESET,
  PROP_EPOCHS,
  PROP_BATCH_SIZE,
  PROP_LEARNING_RATE,
  PROP_VALIDATION_SHARE,
  PROP_SEED,
  PROP_THREADS,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
lab_run_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LabRun *self = LAB_RUN (object);

  switch (prop_id)
    {
    case PROP_PRESET:
      g_value_set_string (value, self->preset);
      break;
    case PROP_EPOCHS:
      g_value_set_uint (value, self->epochs);
      break;
    case PROP_BATCH_SIZE:
      g_value_set_uint (value, self->batch_size);
      break;
    case PROP_LEARNING_RATE:
      g_value_set_double (value, self->learning_rate);
      break;
    case PROP_VALIDATION_SHARE:
      g_value_set_double (value, self->validation_share);
      break;
    case PROP_SEED:
      g_value_set_uint64 (value, self->seed);
      break;
    case PROP_THREADS:
      g_value_set_uint (value, self->threads);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lab_run_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LabRun *self = LAB_RUN (object);

  switch (prop_id)
    {
    case PROP_PRESET:
      lab_run_set_preset (self, g_value_get_string (value));
      break;
    case PROP_EPOCHS:
      lab_run_set_epochs (self, g_value_get_uint (value));
      break;
    case PROP_BATCH_SIZE:
      lab_run_set_batch_size (self, g_value_get_uint (value));
      break;
    case PROP_LEARNING_RATE:
      lab_run_set_learning_rate (self, g_value_get_double (value));
      break;
    case PROP_VALIDATION_SHARE:
      lab_run_set_validation_share (self, g_value_get_double (value));
      break;
    case PROP_SEED:
      lab_run_set_seed (self, g_value_get_uint64 (value));
      break;
    case PROP_THREADS:
      lab_run_set_threads (self, g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lab_run_finalize (GObject *object)
{
  LabRun *self = LAB_RUN (object);

  g_clear_pointer (&self->preset, g_free);

  G_OBJECT_CLASS (lab_run_parent_class)->finalize (object);
}

static void
lab_run_class_init (LabRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const LabPreset *preset = lab_preset_get (0);

  object_class->finalize = lab_run_finalize;
  object_class->get_property = lab_run_get_property;
  object_class->set_property = lab_run_set_property;

  props[PROP_PRESET] = g_param_spec_string ("preset", NULL, NULL, preset->name, flags);
  props[PROP_EPOCHS] = g_param_spec_uint ("epochs", NULL, NULL, 1, MAX_EPOCHS, preset->epochs, flags);
  props[PROP_BATCH_SIZE] = g_param_spec_uint ("batch-size", NULL, NULL, 1, MAX_BATCH_SIZE, preset->batch_size, flags);
  props[PROP_LEARNING_RATE] = g_param_spec_double ("learning-rate", NULL, NULL, MIN_LEARNING_RATE, MAX_LEARNING_RATE,
                                                     preset->learning_rate, flags);
  props[PROP_VALIDATION_SHARE] = g_param_spec_double ("validation-share", NULL, NULL, 0, MAX_VALIDATION_SHARE, 0.1, flags);
  props[PROP_SEED] = g_param_spec_uint64 ("seed", NULL, NULL, 0, G_MAXUINT64, 1, flags);
  props[PROP_THREADS] = g_param_spec_uint ("threads", NULL, NULL, 0, MAX_THREADS, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
lab_run_init (LabRun *self)
{
  const LabPreset *preset = lab_preset_get (0);

  self->preset = g_strdup (preset->name);
  self->epochs = preset->epochs;
  self->batch_size = preset->batch_size;
  self->learning_rate = preset->learning_rate;
  self->validation_share = 0.1;
  self->seed = 1;
}

LabRun *
lab_run_new (void)
{
  return g_object_new (LAB_TYPE_RUN, NULL);
}

LabRun *
lab_run_copy (LabRun *self)
{
  LabRun *copy;

  g_return_val_if_fail (LAB_IS_RUN (self), NULL);

  copy = lab_run_new ();
  g_free (copy->preset);
  copy->preset = g_strdup (self->preset);
  copy->epochs = self->epochs;
  copy->batch_size = self->batch_size;
  copy->learning_rate = self->learning_rate;
  copy->validation_share = self->validation_share;
  copy->seed = self->seed;
  copy->threads = self->threads;
  return copy;
}

const char *
lab_run_get_preset (LabRun *self)
{
  g_return_val_if_fail (LAB_IS_RUN (self), NULL);

  return self->preset;
}

void
lab_run_set_preset (LabRun *self, const char *preset)
{
  const LabPreset *found;

  g_return_if_fail (LAB_IS_RUN (self));
  found = lab_preset_find (preset);
  g_return_if_fail (found != NULL);

  if (g_strcmp0 (self->preset, preset) == 0)
    return;

  g_object_freeze_notify (G_OBJECT (self));
  g_free (self->preset);
  self->preset = g_strdup (preset);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PRESET]);
  lab_run_set_epochs (self, found->epochs);
  lab_run_set_batch_size (self, found->batch_size);
  lab_run_set_learning_rate (self, found->learning_rate);
  g_object_thaw_notify (G_OBJECT (self));
}

/* The getter and the setter of a number. Comparisons with NAN are false, so it
 * is out of every range. */
#define DEFINE_NUMBER(Type, name, PROP, is_in_range)       \
  Type lab_run_get_##name (LabRun *self)                   \
  {                                                        \
    g_return_val_if_fail (LAB_IS_RUN (self), 0);           \
                                                           \
    return self->name;                                     \
  }                                                        \
                                                           \
  void lab_run_set_##name (LabRun *self, Type name)        \
  {                                                        \
    g_return_if_fail (LAB_IS_RUN (self));                  \
    g_return_if_fail (is_in_range);                        \
                                                           \
    if (self->name == name)                                \
      return;                                              \
                                                           \
    self->name = name;                                     \
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP]); \
  }

DEFINE_NUMBER (guint, epochs, PROP_EPOCHS, epochs >= 1 && epochs <= MAX_EPOCHS)
DEFINE_NUMBER (guint, batch_size, PROP_BATCH_SIZE, batch_size >= 1 && batch_size <= MAX_BATCH_SIZE)
DEFINE_NUMBER (double, learning_rate, PROP_LEARNING_RATE,
               learning_rate >= MIN_LEARNING_RATE && learning_rate <= MAX_LEARNING_RATE)
DEFINE_NUMBER (double, validation_share, PROP_VALIDATION_SHARE,
               validation_share >= 0 && validation_share <= MAX_VALIDATION_SHARE)
DEFINE_NUMBER (guint, threads, PROP_THREADS, threads <= MAX_THREADS)

guint64
lab_run_get_seed (LabRun *self)
{
  g_return_val_if_fail (LAB_IS_RUN (self), 0);

  return self->seed;
}

void
lab_run_set_seed (LabRun *self, guint64 seed)
{
  g_return_if_fail (LAB_IS_RUN (self));

  if (self->seed == seed)
    return;

  self->seed = seed;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SEED]);
}
