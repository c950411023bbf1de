/* SPDX-License-Identifier: MIT */
#include "lab-run.h"

#include "lab-preset.h"

#define FIRST_SEED 1

struct _LabRun
{
  GObject parent_instance;

  char *preset;
  LabSettings settings;
};

G_DEFINE_FINAL_TYPE (LabRun, lab_run, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_PRESET,
  /* What a preset sets. */
  PROP_EPOCHS,
  PROP_BATCH_SIZE,
  PROP_OPTIMIZER,
  PROP_LEARNING_RATE,
  PROP_MOMENTUM,
  PROP_SCHEDULE,
  PROP_SCHEDULE_FACTOR,
  PROP_SCHEDULE_EPOCHS,
  PROP_WARM_UP,
  PROP_WEIGHT_DECAY,
  PROP_LABEL_SMOOTHING,
  PROP_CLIP_NORM,
  PROP_AVERAGE,
  PROP_ROTATION,
  PROP_SHIFT,
  PROP_ZOOM,
  PROP_SHEAR,
  PROP_ELASTIC,
  PROP_ELASTIC_RADIUS,
  PROP_LINE_WIDTH,
  PROP_DOODLES,
  PROP_VALIDATION_SHARE,
  PROP_PATIENCE,
  PROP_RESTORE_BEST,
  /* What it does not set. */
  PROP_PRECISION,
  PROP_SEED,
  PROP_THREADS,
  N_PROPS
};

#define FIRST_OF_PRESET PROP_EPOCHS
#define LAST_OF_PRESET PROP_RESTORE_BEST

static GParamSpec *props[N_PROPS];
static gsize offsets[N_PROPS]; /* of each property in LabSettings */

static void
read_setting (const LabSettings *settings, guint prop, GValue *value)
{
  gconstpointer member = (const char *) settings + offsets[prop];

  if (G_VALUE_HOLDS_DOUBLE (value))
    g_value_set_double (value, *(const double *) member);
  else if (G_VALUE_HOLDS_UINT (value))
    g_value_set_uint (value, *(const guint *) member);
  else if (G_VALUE_HOLDS_UINT64 (value))
    g_value_set_uint64 (value, *(const guint64 *) member);
  else if (G_VALUE_HOLDS_BOOLEAN (value))
    g_value_set_boolean (value, *(const gboolean *) member);
  else
    g_value_set_enum (value, *(const int *) member);
}

static void
write_setting (LabSettings *settings, guint prop, const GValue *value)
{
  gpointer member = (char *) settings + offsets[prop];

  if (G_VALUE_HOLDS_DOUBLE (value))
    *(double *) member = g_value_get_double (value);
  else if (G_VALUE_HOLDS_UINT (value))
    *(guint *) member = g_value_get_uint (value);
  else if (G_VALUE_HOLDS_UINT64 (value))
    *(guint64 *) member = g_value_get_uint64 (value);
  else if (G_VALUE_HOLDS_BOOLEAN (value))
    *(gboolean *) member = g_value_get_boolean (value);
  else
    *(int *) member = g_value_get_enum (value);
}

static void
set_setting (LabRun *self, guint prop, const GValue *value)
{
  g_auto (GValue) current = G_VALUE_INIT;

  g_value_init (&current, props[prop]->value_type);
  read_setting (&self->settings, prop, &current);
  if (g_param_values_cmp (props[prop], &current, value) == 0)
    return;

  write_setting (&self->settings, prop, value);
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

static void
lab_run_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LabRun *self = LAB_RUN (object);

  if (prop_id == PROP_PRESET)
    g_value_set_string (value, self->preset);
  else
    read_setting (&self->settings, prop_id, value);
}

static void
lab_run_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LabRun *self = LAB_RUN (object);

  if (prop_id == PROP_PRESET)
    lab_run_set_preset (self, g_value_get_string (value));
  else
    set_setting (self, prop_id, value);
}

static void
lab_run_finalize (GObject *object)
{
  LabRun *self = LAB_RUN (object);

  g_clear_pointer (&self->preset, g_free);

  G_OBJECT_CLASS (lab_run_parent_class)->finalize (object);
}

/* The defaults are those of the first preset. */

#define FLAGS (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS)

#define ADD_UINT(PROP, name, member, minimum, maximum)                                             \
  props[PROP] = g_param_spec_uint (name, NULL, NULL, minimum, maximum, preset->settings.member, FLAGS); \
  offsets[PROP] = G_STRUCT_OFFSET (LabSettings, member)
#define ADD_DOUBLE(PROP, name, member, minimum, maximum)                                             \
  props[PROP] = g_param_spec_double (name, NULL, NULL, minimum, maximum, preset->settings.member, FLAGS); \
  offsets[PROP] = G_STRUCT_OFFSET (LabSettings, member)
#define ADD_ENUM(PROP, name, member, type)                                                \
  props[PROP] = g_param_spec_enum (name, NULL, NULL, type, preset->settings.member, FLAGS); \
  offsets[PROP] = G_STRUCT_OFFSET (LabSettings, member)

static void
lab_run_class_init (LabRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const LabPreset *preset = lab_preset_get (0);

  object_class->finalize = lab_run_finalize;
  object_class->get_property = lab_run_get_property;
  object_class->set_property = lab_run_set_property;

  props[PROP_PRESET] = g_param_spec_string ("preset", NULL, NULL, preset->name, FLAGS);
  ADD_UINT (PROP_EPOCHS, "epochs", epochs, 1, 1000);
  ADD_UINT (PROP_BATCH_SIZE, "batch-size", batch_size, 1, 4096);
  ADD_ENUM (PROP_OPTIMIZER, "optimizer", optimizer, LAB_TYPE_OPTIMIZER);
  ADD_DOUBLE (PROP_LEARNING_RATE, "learning-rate", learning_rate, 1e-6, 10);
  ADD_DOUBLE (PROP_MOMENTUM, "momentum", momentum, 0, 0.999);
  ADD_ENUM (PROP_SCHEDULE, "schedule", schedule, LAB_TYPE_SCHEDULE);
  ADD_DOUBLE (PROP_SCHEDULE_FACTOR, "schedule-factor", schedule_factor, 0.001, 0.999);
  ADD_UINT (PROP_SCHEDULE_EPOCHS, "schedule-epochs", schedule_epochs, 1, 1000);
  ADD_DOUBLE (PROP_WARM_UP, "warm-up", warm_up, 0, 0.9);
  ADD_DOUBLE (PROP_WEIGHT_DECAY, "weight-decay", weight_decay, 0, 10);
  ADD_DOUBLE (PROP_LABEL_SMOOTHING, "label-smoothing", label_smoothing, 0, 0.9);
  ADD_DOUBLE (PROP_CLIP_NORM, "clip-norm", clip_norm, 0, 1000);
  ADD_DOUBLE (PROP_AVERAGE, "average", average, 0, 0.9999);
  ADD_DOUBLE (PROP_ROTATION, "rotation", rotation, 0, 45);
  ADD_DOUBLE (PROP_SHIFT, "shift", shift, 0, 10);
  ADD_DOUBLE (PROP_ZOOM, "zoom", zoom, 0, 0.5);
  ADD_DOUBLE (PROP_SHEAR, "shear", shear, 0, 45);
  ADD_DOUBLE (PROP_ELASTIC, "elastic", elastic, 0, 5);
  ADD_DOUBLE (PROP_ELASTIC_RADIUS, "elastic-radius", elastic_radius, 1, 20);
  ADD_DOUBLE (PROP_LINE_WIDTH, "line-width", line_width, 0, 2);
  ADD_DOUBLE (PROP_DOODLES, "doodles", doodles, 0, 1);
  ADD_DOUBLE (PROP_VALIDATION_SHARE, "validation-share", validation_share, 0, 0.5);
  ADD_UINT (PROP_PATIENCE, "patience", patience, 0, 1000);
  props[PROP_RESTORE_BEST] = g_param_spec_boolean ("restore-best", NULL, NULL, preset->settings.restore_best, FLAGS);
  offsets[PROP_RESTORE_BEST] = G_STRUCT_OFFSET (LabSettings, restore_best);
  ADD_ENUM (PROP_PRECISION, "precision", precision, LAB_TYPE_PRECISION);
  props[PROP_SEED] = g_param_spec_uint64 ("seed", NULL, NULL, 0, G_MAXUINT64, FIRST_SEED, FLAGS);
  offsets[PROP_SEED] = G_STRUCT_OFFSET (LabSettings, seed);
  ADD_UINT (PROP_THREADS, "threads", threads, 0, 256);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
lab_run_init (LabRun *self)
{
  const LabPreset *preset = lab_preset_get (0);

  self->preset = g_strdup (preset->name);
  self->settings = preset->settings;
  self->settings.seed = FIRST_SEED;
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
  copy->settings = self->settings;
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

  if (g_str_equal (self->preset, preset))
    return;

  g_object_freeze_notify (G_OBJECT (self));
  g_free (self->preset);
  self->preset = g_strdup (preset);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PRESET]);
  for (guint prop = FIRST_OF_PRESET; prop <= LAST_OF_PRESET; prop++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      g_value_init (&value, props[prop]->value_type);
      read_setting (&found->settings, prop, &value);
      set_setting (self, prop, &value);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

const LabSettings *
lab_run_get_settings (LabRun *self)
{
  g_return_val_if_fail (LAB_IS_RUN (self), NULL);

  return &self->settings;
}

char *
lab_run_dup_text (LabRun *self, const char *property)
{
  g_auto (GValue) value = G_VALUE_INIT;
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_return_val_if_fail (LAB_IS_RUN (self), NULL);

  g_object_get_property (G_OBJECT (self), property, &value);
  if (G_VALUE_HOLDS_STRING (&value))
    return g_value_dup_string (&value);
  if (G_VALUE_HOLDS_ENUM (&value))
    return g_strdup (g_enum_get_value (g_type_class_peek (G_VALUE_TYPE (&value)), g_value_get_enum (&value))->value_nick);
  if (G_VALUE_HOLDS_BOOLEAN (&value))
    return g_strdup (g_value_get_boolean (&value) ? "on" : "off");
  if (G_VALUE_HOLDS_UINT64 (&value))
    return g_strdup_printf ("%" G_GUINT64_FORMAT, g_value_get_uint64 (&value));
  if (G_VALUE_HOLDS_UINT (&value))
    return g_strdup_printf ("%u", g_value_get_uint (&value));
  return g_strdup (g_ascii_formatd (number, sizeof number, "%.6g", g_value_get_double (&value)));
}

const char *
lab_run_find_obstacle (LabRun *self, const char *property)
{
  const LabSettings *settings;

  g_return_val_if_fail (LAB_IS_RUN (self), NULL);

  settings = &self->settings;
  if (g_str_equal (property, "momentum"))
    return settings->optimizer == LAB_OPTIMIZER_SGD ? NULL : "optimizer";
  if (g_str_equal (property, "warm-up"))
    return settings->schedule == LAB_SCHEDULE_ONE_CYCLE ? NULL : "schedule";
  if (g_str_equal (property, "schedule-factor") || g_str_equal (property, "schedule-epochs"))
    return settings->schedule == LAB_SCHEDULE_STEP || settings->schedule == LAB_SCHEDULE_PLATEAU ? NULL : "schedule";
  if (g_str_equal (property, "elastic-radius"))
    return settings->elastic > 0 ? NULL : "elastic";
  return NULL;
}

const char **
lab_run_list_effective (LabRun *self)
{
  const char **names;
  guint n = 0;

  g_return_val_if_fail (LAB_IS_RUN (self), NULL);

  names = g_new0 (const char *, N_PROPS);
  for (guint prop = PROP_PRESET; prop < PROP_THREADS; prop++)
    {
      const char *name = g_param_spec_get_name (props[prop]);
      g_autofree char *text = lab_run_dup_text (self, name);
      gboolean is_off = g_str_equal (text, "0") || g_str_equal (text, "off");

      if (lab_run_find_obstacle (self, name) != NULL)
        continue;
      if (!is_off || prop == PROP_SEED || prop == PROP_VALIDATION_SHARE)
        names[n++] = name;
    }
  return names;
}
