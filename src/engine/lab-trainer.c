/* SPDX-License-Identifier: MIT */
#include "lab-trainer.h"

#include <glib/gi18n.h>

#include "lab-epoch.h"
#include "lab-error.h"
#include "lab-training-job.h"

/* No estimate of the time left before so many seconds have passed. */
#define ESTIMATE_AFTER 0.5

struct _LabTrainer
{
  GObject parent_instance;

  GMainContext *context;
  LabTrainerState state;
  guint epoch;
  guint epochs;
  double fraction;
  GListStore *history;
  LabNetwork *network;
  char *message;

  gint64 started;      /* monotonic microseconds */
  LabTrainingJob *job; /* the run under way */
};

G_DEFINE_FINAL_TYPE (LabTrainer, lab_trainer, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_EPOCH,
  PROP_EPOCHS,
  PROP_FRACTION,
  PROP_SECONDS_LEFT,
  PROP_HISTORY,
  PROP_NETWORK,
  PROP_MESSAGE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

GType
lab_trainer_state_get_type (void)
{
  static gsize type;
  static const GEnumValue values[] = {
    { LAB_TRAINER_IDLE, "LAB_TRAINER_IDLE", "idle" },
    { LAB_TRAINER_RUNNING, "LAB_TRAINER_RUNNING", "running" },
    { LAB_TRAINER_STOPPING, "LAB_TRAINER_STOPPING", "stopping" },
    { LAB_TRAINER_DONE, "LAB_TRAINER_DONE", "done" },
    { LAB_TRAINER_STOPPED, "LAB_TRAINER_STOPPED", "stopped" },
    { LAB_TRAINER_FAILED, "LAB_TRAINER_FAILED", "failed" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("LabTrainerState", values));
  return type;
}

static void
set_state (LabTrainer *self, LabTrainerState state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SECONDS_LEFT]);
}

static void
set_epoch (LabTrainer *self, guint epoch)
{
  if (self->epoch == epoch)
    return;

  self->epoch = epoch;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_EPOCH]);
}

static void
set_epochs (LabTrainer *self, guint epochs)
{
  if (self->epochs == epochs)
    return;

  self->epochs = epochs;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_EPOCHS]);
}

static void
set_fraction (LabTrainer *self, double fraction)
{
  if (self->fraction == fraction)
    return;

  self->fraction = fraction;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FRACTION]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SECONDS_LEFT]);
}

static void
set_network (LabTrainer *self, LabNetwork *network)
{
  if (g_set_object (&self->network, network))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NETWORK]);
}

static void
set_message (LabTrainer *self, const char *message)
{
  if (g_strcmp0 (self->message, message) == 0)
    return;

  g_free (self->message);
  self->message = g_strdup (message);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MESSAGE]);
}

static void
report_cb (GObject *owner, const LabTrainingReport *report)
{
  LabTrainer *self = LAB_TRAINER (owner);

  set_fraction (self, report->fraction);
  set_epoch (self, MIN ((guint) (report->fraction * self->epochs) + 1, self->epochs));
  if (report->epochs->len > 0)
    g_list_store_splice (self->history, g_list_model_get_n_items (G_LIST_MODEL (self->history)), 0,
                         report->epochs->pdata, report->epochs->len);
  if (report->network != NULL)
    set_network (self, report->network);
  if (!report->finished)
    return;

  g_clear_pointer (&self->job, lab_training_job_release);
  set_message (self, report->message);
  if (report->message != NULL)
    set_state (self, LAB_TRAINER_FAILED);
  else
    set_state (self, report->stopped ? LAB_TRAINER_STOPPED : LAB_TRAINER_DONE);
}

static void
lab_trainer_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LabTrainer *self = LAB_TRAINER (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_EPOCH:
      g_value_set_uint (value, self->epoch);
      break;
    case PROP_EPOCHS:
      g_value_set_uint (value, self->epochs);
      break;
    case PROP_FRACTION:
      g_value_set_double (value, self->fraction);
      break;
    case PROP_SECONDS_LEFT:
      g_value_set_double (value, lab_trainer_get_seconds_left (self));
      break;
    case PROP_HISTORY:
      g_value_set_object (value, self->history);
      break;
    case PROP_NETWORK:
      g_value_set_object (value, self->network);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, self->message);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lab_trainer_dispose (GObject *object)
{
  LabTrainer *self = LAB_TRAINER (object);

  g_clear_pointer (&self->job, lab_training_job_release);
  g_clear_object (&self->history);
  g_clear_object (&self->network);

  G_OBJECT_CLASS (lab_trainer_parent_class)->dispose (object);
}

static void
lab_trainer_finalize (GObject *object)
{
  LabTrainer *self = LAB_TRAINER (object);

  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->message, g_free);

  G_OBJECT_CLASS (lab_trainer_parent_class)->finalize (object);
}

static void
lab_trainer_class_init (LabTrainerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = lab_trainer_dispose;
  object_class->finalize = lab_trainer_finalize;
  object_class->get_property = lab_trainer_get_property;

  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, LAB_TYPE_TRAINER_STATE, LAB_TRAINER_IDLE, flags);
  props[PROP_EPOCH] = g_param_spec_uint ("epoch", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_EPOCHS] = g_param_spec_uint ("epochs", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0, flags);
  props[PROP_SECONDS_LEFT] = g_param_spec_double ("seconds-left", NULL, NULL, -1, G_MAXDOUBLE, -1, flags);
  props[PROP_HISTORY] = g_param_spec_object ("history", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  props[PROP_NETWORK] = g_param_spec_object ("network", NULL, NULL, LAB_TYPE_NETWORK, flags);
  props[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
lab_trainer_init (LabTrainer *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->history = g_list_store_new (LAB_TYPE_EPOCH);
}

LabTrainer *
lab_trainer_new (void)
{
  return g_object_new (LAB_TYPE_TRAINER, NULL);
}

gboolean
lab_trainer_start (LabTrainer *self, LabRun *run, LabDataset *dataset, LabDataset *validation, GError **error)
{
  g_return_val_if_fail (LAB_IS_TRAINER (self), FALSE);
  g_return_val_if_fail (LAB_IS_RUN (run), FALSE);
  g_return_val_if_fail (LAB_IS_DATASET (dataset), FALSE);
  g_return_val_if_fail (validation == NULL || LAB_IS_DATASET (validation), FALSE);

  if (lab_trainer_is_running (self))
    {
      g_set_error_literal (error, LAB_ERROR, LAB_ERROR_FAILED, _("A network is being trained already"));
      return FALSE;
    }

  self->job = lab_training_job_start (run, dataset, validation, G_OBJECT (self), self->context, report_cb, error);
  if (self->job == NULL)
    return FALSE;

  /* Reports wait in the main context until this function has returned. */
  self->started = g_get_monotonic_time ();
  g_object_freeze_notify (G_OBJECT (self));
  g_list_store_remove_all (self->history);
  set_message (self, NULL);
  set_network (self, NULL);
  set_fraction (self, 0);
  set_epochs (self, lab_run_get_settings (run)->epochs);
  set_epoch (self, 1);
  set_state (self, LAB_TRAINER_RUNNING);
  g_object_thaw_notify (G_OBJECT (self));
  return TRUE;
}

void
lab_trainer_stop (LabTrainer *self)
{
  g_return_if_fail (LAB_IS_TRAINER (self));

  if (self->state != LAB_TRAINER_RUNNING)
    return;

  lab_training_job_stop (self->job);
  set_state (self, LAB_TRAINER_STOPPING);
}

gboolean
lab_trainer_is_running (LabTrainer *self)
{
  g_return_val_if_fail (LAB_IS_TRAINER (self), FALSE);

  return self->state == LAB_TRAINER_RUNNING || self->state == LAB_TRAINER_STOPPING;
}

LabTrainerState
lab_trainer_get_state (LabTrainer *self)
{
  g_return_val_if_fail (LAB_IS_TRAINER (self), LAB_TRAINER_IDLE);

  return self->state;
}

guint
lab_trainer_get_epoch (LabTrainer *self)
{
  g_return_val_if_fail (LAB_IS_TRAINER (self), 0);

  return self->epoch;
}

guint
lab_trainer_get_epochs (LabTrainer *self)
{
  g_return_val_if_fail (LAB_IS_TRAINER (self), 0);

  return self->epochs;
}

double
lab_trainer_get_fraction (LabTrainer *self)
{
  g_return_val_if_fail (LAB_IS_TRAINER (self), 0);

  return self->fraction;
}

double
lab_trainer_get_seconds_left (LabTrainer *self)
{
  double passed;

  g_return_val_if_fail (LAB_IS_TRAINER (self), -1);

  if (!lab_trainer_is_running (self) || self->fraction <= 0)
    return -1;
  passed = (double) (g_get_monotonic_time () - self->started) / G_USEC_PER_SEC;
  if (passed < ESTIMATE_AFTER)
    return -1;
  return passed * (1 - self->fraction) / self->fraction;
}

GListModel *
lab_trainer_get_history (LabTrainer *self)
{
  g_return_val_if_fail (LAB_IS_TRAINER (self), NULL);

  return G_LIST_MODEL (self->history);
}

LabNetwork *
lab_trainer_get_network (LabTrainer *self)
{
  g_return_val_if_fail (LAB_IS_TRAINER (self), NULL);

  return self->network;
}

const char *
lab_trainer_get_message (LabTrainer *self)
{
  g_return_val_if_fail (LAB_IS_TRAINER (self), NULL);

  return self->message;
}
