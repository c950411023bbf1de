/* SPDX-License-Identifier: MIT */
#include "lab-session.h"

#include "lab-model-store.h"

#include <glib/gi18n.h>

struct _LabSession
{
  GObject parent_instance;

  LabModelStore *store;
  LabTrainer    *trainer;
  LabNetwork    *network;
  LabNetwork    *former;   /* the one before the last change, while that can be undone */
  LabNetwork    *built_in; /* once it was needed */
  guint          n_writes; /* that are under way */
  guint          announce; /* the signal to emit when the network is kept, or 0 */
  gboolean       lost;     /* it could not be kept */
  gboolean       busy;
};

G_DEFINE_FINAL_TYPE (LabSession, lab_session, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_NETWORK,
  PROP_TRAINER,
  PROP_CAN_UNDO,
  PROP_BUSY,
  N_PROPS
};

enum
{
  SIGNAL_TRAINED,
  SIGNAL_REPLACED,
  SIGNAL_SAVED,
  SIGNAL_NOT_KEPT,
  SIGNAL_PROBLEM,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
report (LabSession   *self,
        const char   *heading,
        const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_PROBLEM], 0, heading, error->message);
}

static void
update_busy (LabSession *self)
{
  gboolean busy = self->n_writes > 0 || lab_trainer_is_running (self->trainer);

  if (self->busy == busy)
    return;

  self->busy = busy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static void
set_former (LabSession *self,
            LabNetwork *former)
{
  if (g_set_object (&self->former, former))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_UNDO]);
}

static LabNetwork *
get_built_in (LabSession *self)
{
  if (self->built_in == NULL)
    self->built_in = lab_network_new_bundled ();

  return self->built_in;
}

/* The network of last time */

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (LabSession) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LabNetwork) network = lab_model_store_load_finish (LAB_MODEL_STORE (source), result, &error);

  if (network == NULL)
    g_set_object (&network, get_built_in (self));

  /* A run may have begun, or another network been chosen, before the disk
   * answered. */
  if (lab_trainer_is_running (self->trainer) && self->former == NULL)
    set_former (self, network);
  if (self->network == NULL)
    lab_session_set_network (self, network);

  if (error != NULL)
    report (self, _("The Network of Last Time Could Not Be Opened"), error);
}

static void
kept_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (LabSession) self = user_data;
  g_autoptr (GError) error = NULL;

  self->lost = !lab_model_store_save_finish (LAB_MODEL_STORE (source), result, &error);
  if (self->lost)
    g_signal_emit (self, signals[SIGNAL_NOT_KEPT], 0, error->message);
  else if (self->announce != 0)
    g_signal_emit (self, self->announce, 0);
  self->announce = 0;

  self->n_writes--;
  update_busy (self);
}

/* Makes @network the one in use, now and at the next start; @announce is the
 * signal to emit then, or 0. */
static void
use_network (LabSession *self,
             LabNetwork *network,
             guint       announce)
{
  self->announce = announce;
  lab_session_set_network (self, network);

  /* The built-in one is not written, so that a later version's own is used. */
  self->n_writes++;
  update_busy (self);
  lab_model_store_save_async (self->store, network == self->built_in ? NULL : network, kept_cb, g_object_ref (self));
}

/* A run */

static void
finish_run (LabSession *self)
{
  GListModel *history = lab_trainer_get_history (self->trainer);

  /* What a few mini-batches have made is worse than what was there. */
  if (lab_trainer_get_state (self->trainer) != LAB_TRAINER_FAILED && g_list_model_get_n_items (history) > 0)
    {
      use_network (self, lab_trainer_get_network (self->trainer), signals[SIGNAL_TRAINED]);
      return;
    }

  lab_session_set_network (self, self->former);
  set_former (self, NULL);

  if (lab_trainer_get_message (self->trainer) != NULL)
    g_signal_emit (self, signals[SIGNAL_PROBLEM], 0, _("Training Failed"), lab_trainer_get_message (self->trainer));
}

static void
trainer_state_changed_cb (LabSession *self)
{
  switch (lab_trainer_get_state (self->trainer))
    {
    case LAB_TRAINER_RUNNING:
      set_former (self, self->network);
      break;

    case LAB_TRAINER_DONE:
    case LAB_TRAINER_STOPPED:
    case LAB_TRAINER_FAILED:
      finish_run (self);
      break;

    case LAB_TRAINER_IDLE:
    case LAB_TRAINER_STOPPING:
    default:
      break;
    }

  /* Whether something can be undone also depends on the state. */
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_UNDO]);
  update_busy (self);
}

static void
trainer_network_changed_cb (LabSession *self)
{
  LabNetwork *network = lab_trainer_get_network (self->trainer);

  if (network != NULL && lab_trainer_is_running (self->trainer))
    lab_session_set_network (self, network);
}

/* Model files */

static void
replace_network (LabSession *self,
                 LabNetwork *network)
{
  if (network == self->network)
    return;

  set_former (self, self->network);
  use_network (self, network, signals[SIGNAL_REPLACED]);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (LabSession) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LabNetwork) network = lab_network_load_finish (result, &error);

  if (network == NULL)
    {
      report (self, _("The Model Could Not Be Opened"), error);
    }
  else if (!lab_trainer_is_running (self->trainer))
    {
      replace_network (self, network);
    }
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (LabSession) self = user_data;
  g_autoptr (GError) error = NULL;

  if (lab_network_save_finish (result, &error))
    {
      self->lost = FALSE;
      g_signal_emit (self, signals[SIGNAL_SAVED], 0);
    }
  else
    report (self, _("The Model Could Not Be Saved"), error);

  self->n_writes--;
  update_busy (self);
}

static void
lab_session_get_property (GObject    *object,
                          guint       id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  LabSession *self = LAB_SESSION (object);

  switch (id)
    {
    case PROP_NETWORK:
      g_value_set_object (value, self->network);
      break;

    case PROP_TRAINER:
      g_value_set_object (value, self->trainer);
      break;

    case PROP_CAN_UNDO:
      g_value_set_boolean (value, lab_session_get_can_undo (self));
      break;

    case PROP_BUSY:
      g_value_set_boolean (value, self->busy);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lab_session_set_property (GObject      *object,
                          guint         id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_NETWORK:
      lab_session_set_network (LAB_SESSION (object), g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lab_session_finalize (GObject *object)
{
  LabSession *self = LAB_SESSION (object);

  g_clear_object (&self->store);
  g_clear_object (&self->trainer);
  g_clear_object (&self->network);
  g_clear_object (&self->former);
  g_clear_object (&self->built_in);

  G_OBJECT_CLASS (lab_session_parent_class)->finalize (object);
}

static void
lab_session_class_init (LabSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = lab_session_finalize;
  object_class->get_property = lab_session_get_property;
  object_class->set_property = lab_session_set_property;

  properties[PROP_NETWORK] = g_param_spec_object ("network", NULL, NULL, LAB_TYPE_NETWORK, writable);
  properties[PROP_TRAINER] = g_param_spec_object ("trainer", NULL, NULL, LAB_TYPE_TRAINER, readable);
  properties[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, readable);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, readable);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_TRAINED] =
      g_signal_new ("trained", LAB_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REPLACED] =
      g_signal_new ("replaced", LAB_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_NOT_KEPT] =
      g_signal_new ("not-kept", LAB_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_SAVED] =
      g_signal_new ("saved", LAB_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_PROBLEM] =
      g_signal_new ("problem", LAB_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
lab_session_init (LabSession *self)
{
  self->trainer = lab_trainer_new ();

  g_signal_connect_object (self->trainer, "notify::network",
                           G_CALLBACK (trainer_network_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->trainer, "notify::state",
                           G_CALLBACK (trainer_state_changed_cb), self, G_CONNECT_SWAPPED);
}

LabSession *
lab_session_new (GFile *folder)
{
  LabSession *self;

  g_return_val_if_fail (G_IS_FILE (folder), NULL);

  self = g_object_new (LAB_TYPE_SESSION, NULL);
  self->store = lab_model_store_new (folder);
  lab_model_store_load_async (self->store, loaded_cb, g_object_ref (self));

  return self;
}

LabNetwork *
lab_session_get_network (LabSession *self)
{
  g_return_val_if_fail (LAB_IS_SESSION (self), NULL);

  return self->network;
}

void
lab_session_set_network (LabSession *self,
                         LabNetwork *network)
{
  g_return_if_fail (LAB_IS_SESSION (self));
  g_return_if_fail (network == NULL || LAB_IS_NETWORK (network));

  if (g_set_object (&self->network, network))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NETWORK]);
}

LabTrainer *
lab_session_get_trainer (LabSession *self)
{
  g_return_val_if_fail (LAB_IS_SESSION (self), NULL);

  return self->trainer;
}

gboolean
lab_session_get_can_undo (LabSession *self)
{
  g_return_val_if_fail (LAB_IS_SESSION (self), FALSE);

  return self->former != NULL && !lab_trainer_is_running (self->trainer);
}

gboolean
lab_session_get_busy (LabSession *self)
{
  g_return_val_if_fail (LAB_IS_SESSION (self), FALSE);

  return self->busy;
}

gboolean
lab_session_get_kept (LabSession *self)
{
  g_return_val_if_fail (LAB_IS_SESSION (self), TRUE);

  return !self->lost;
}

void
lab_session_undo (LabSession *self)
{
  g_autoptr (LabNetwork) former = NULL;

  g_return_if_fail (LAB_IS_SESSION (self));

  if (!lab_session_get_can_undo (self))
    return;

  g_set_object (&former, self->former);
  set_former (self, NULL);
  use_network (self, former, 0);
}

void
lab_session_use_built_in (LabSession *self)
{
  g_return_if_fail (LAB_IS_SESSION (self));

  if (lab_trainer_is_running (self->trainer))
    return;

  replace_network (self, get_built_in (self));
}

void
lab_session_open (LabSession *self,
                  GFile      *file)
{
  g_return_if_fail (LAB_IS_SESSION (self));
  g_return_if_fail (G_IS_FILE (file));

  lab_network_load_async (file, NULL, opened_cb, g_object_ref (self));
}

void
lab_session_save_as (LabSession *self,
                     GFile      *file)
{
  g_return_if_fail (LAB_IS_SESSION (self));
  g_return_if_fail (G_IS_FILE (file));

  if (self->network == NULL)
    return;

  self->n_writes++;
  update_busy (self);
  lab_network_save_async (self->network, file, NULL, saved_cb, g_object_ref (self));
}
