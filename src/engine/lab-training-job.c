/* SPDX-License-Identifier: MIT */
#include "lab-training-job.h"

#include <glib/gi18n.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

#include "lab-epoch.h"
#include "lab-error-private.h"
#include "lab-network-private.h"
#include "lab-preset-private.h"
#include "nn-trainer.h"

/* The thread reports how far it is at most every so many microseconds. */
#define REPORT_INTERVAL (40 * G_TIME_SPAN_MILLISECOND)

/* Shared by the owner, the thread and every report on its way. The mutex and
 * the reference count are those of POSIX and C because ThreadSanitizer does not
 * see into GLib's. */
struct _LabTrainingJob
{
  atomic_uint n_references;
  GWeakRef owner;
  LabTrainingFunc func;
  GMainContext *context;
  LabRun *run;
  LabDataset *dataset;
  atomic_bool stop;

  /* The thread's own. */
  gint64 last_report; /* monotonic microseconds */
  double learned;     /* how much of the run is done, 0 … 1 */
  gboolean has_epoch; /* the network of a whole epoch was taken */

  pthread_mutex_t mutex; /* guards what follows */
  gboolean queued;       /* a report is on its way to the context */
  LabTrainingReport report;
};

static void
report_init (LabTrainingReport *report)
{
  *report = (LabTrainingReport){ .epochs = g_ptr_array_new_with_free_func (g_object_unref) };
}

static void
report_clear (LabTrainingReport *report)
{
  g_clear_pointer (&report->epochs, g_ptr_array_unref);
  g_clear_object (&report->network);
  g_clear_pointer (&report->message, g_free);
}

static LabTrainingJob *
job_ref (LabTrainingJob *self)
{
  atomic_fetch_add_explicit (&self->n_references, 1, memory_order_relaxed);
  return self;
}

static void
job_unref (gpointer data)
{
  LabTrainingJob *self = data;

  if (atomic_fetch_sub_explicit (&self->n_references, 1, memory_order_acq_rel) > 1)
    return;

  g_weak_ref_clear (&self->owner);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->run);
  g_clear_object (&self->dataset);
  report_clear (&self->report);
  pthread_mutex_destroy (&self->mutex);
  g_free (self);
}

/* Gives the owner, in its context, what has come together. */
static gboolean
deliver_cb (gpointer data)
{
  LabTrainingJob *self = data;
  g_autoptr (GObject) owner = g_weak_ref_get (&self->owner);
  LabTrainingReport report;

  pthread_mutex_lock (&self->mutex);
  self->queued = FALSE;
  report = self->report;
  report_init (&self->report);
  self->report.fraction = report.fraction;
  pthread_mutex_unlock (&self->mutex);

  if (owner != NULL)
    self->func (owner, &report);
  report_clear (&report);
  return G_SOURCE_REMOVE;
}

/* Sends for deliver_cb(). Call with the mutex held. */
static void
queue_report (LabTrainingJob *self)
{
  g_autoptr (GSource) source = NULL;

  if (self->queued)
    return;
  self->queued = TRUE;
  source = g_idle_source_new ();
  g_source_set_callback (source, deliver_cb, job_ref (self), job_unref);
  g_source_set_static_name (source, "LabTrainingJob report");
  g_source_attach (source, self->context);
}

static void
set_number (GHashTable *metadata, const char *key, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (isfinite (number))
    g_hash_table_insert (metadata, g_strdup (key), g_strdup (g_ascii_formatd (text, sizeof text, "%.6g", number)));
}

/* Returns what is written into the model file about how it was made; @epoch is
 * NULL in the middle of one. It says nothing of time or machine, so that equal
 * runs give equal files. */
static GHashTable *
describe_run (LabTrainingJob *self, const NnEpoch *epoch)
{
  LabRun *run = self->run;
  GHashTable *metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_hash_table_insert (metadata, g_strdup ("preset"), g_strdup (lab_run_get_preset (run)));
  g_hash_table_insert (metadata, g_strdup ("optimizer"), g_strdup ("adam"));
  g_hash_table_insert (metadata, g_strdup ("schedule"), g_strdup ("cosine"));
  g_hash_table_insert (metadata, g_strdup ("seed"), g_strdup_printf ("%" G_GUINT64_FORMAT, lab_run_get_seed (run)));
  set_number (metadata, "epochs", lab_run_get_epochs (run));
  set_number (metadata, "batch-size", lab_run_get_batch_size (run));
  set_number (metadata, "learning-rate", lab_run_get_learning_rate (run));
  set_number (metadata, "validation-share", lab_run_get_validation_share (run));
  set_number (metadata, "epochs-trained", self->learned * lab_run_get_epochs (run));
  if (epoch != NULL)
    {
      set_number (metadata, "loss", epoch->loss);
      set_number (metadata, "accuracy", epoch->accuracy);
      set_number (metadata, "val-loss", epoch->val_loss);
      set_number (metadata, "val-accuracy", epoch->val_accuracy);
    }
  return metadata;
}

/* Copies the weights that @core has now and leaves them to be delivered. */
static NnStatus
take_snapshot (LabTrainingJob *self, const NnNetwork *core, const NnEpoch *epoch)
{
  NnNetwork *copy = NULL;
  NnStatus status = nn_network_copy (core, &copy);
  LabNetwork *network;
  g_autoptr (GError) error = NULL;

  if (status != NN_OK)
    return status;
  network = lab_network_new_take (copy, describe_run (self, epoch), lab_run_get_preset (self->run), &error);
  if (network == NULL)
    return NN_NO_MEMORY; /* the shapes are those of a preset, so they are right */

  pthread_mutex_lock (&self->mutex);
  g_clear_object (&self->report.network);
  self->report.network = network;
  pthread_mutex_unlock (&self->mutex);
  return NN_OK;
}

static void
batch_done_cb (void *data, double fraction)
{
  LabTrainingJob *self = data;
  gint64 now = g_get_monotonic_time ();

  self->learned = fraction;
  pthread_mutex_lock (&self->mutex);
  self->report.fraction = fraction;
  if (now - self->last_report >= REPORT_INTERVAL)
    {
      self->last_report = now;
      queue_report (self);
    }
  pthread_mutex_unlock (&self->mutex);
}

static void
epoch_done_cb (void *data, const NnEpoch *epoch, const NnNetwork *core)
{
  LabTrainingJob *self = data;

  /* Without memory for the copy, the run goes on and the next epoch tries again. */
  if (take_snapshot (self, core, epoch) == NN_OK)
    self->has_epoch = TRUE;
  else
    g_warning ("No memory to keep the network of epoch %zu", epoch->epoch);

  pthread_mutex_lock (&self->mutex);
  g_ptr_array_add (self->report.epochs, lab_epoch_new (epoch->epoch, epoch->loss, epoch->accuracy,
                                                      epoch->val_loss, epoch->val_accuracy, epoch->seconds));
  queue_report (self);
  pthread_mutex_unlock (&self->mutex);
}

static NnStatus
train (LabTrainingJob *self)
{
  const NnSamples samples = {
    .count = lab_dataset_get_size (self->dataset),
    .shape = { LAB_IMAGE_SIDE, LAB_IMAGE_SIDE, 1 },
    .images = lab_dataset_get_images (self->dataset),
    .labels = lab_dataset_get_labels (self->dataset),
  };
  const NnTrainOptions options = {
    .epochs = lab_run_get_epochs (self->run),
    .batch_size = lab_run_get_batch_size (self->run),
    .optimizer = NN_ADAM,
    .schedule = NN_COSINE,
    .learning_rate = lab_run_get_learning_rate (self->run),
    .validation_share = lab_run_get_validation_share (self->run),
    .seed = lab_run_get_seed (self->run),
  };
  const NnTrainHooks hooks = {
    .stop = &self->stop,
    .batch_done = batch_done_cb,
    .epoch_done = epoch_done_cb,
    .data = self,
  };
  const LabPreset *preset = lab_preset_find (lab_run_get_preset (self->run));
  NnNetwork *core = NULL;
  NnPool *pool = NULL;
  NnStatus status;

  status = lab_preset_build (preset, options.seed, &core);
  if (status == NN_OK)
    status = nn_pool_new (lab_run_get_threads (self->run), &pool);
  if (status == NN_OK)
    status = nn_train (core, &samples, &options, pool, &hooks);

  /* A run keeps the network of its last whole epoch, which is the one that its
   * figures are of; before the first, what there is. */
  if (status == NN_STOPPED && self->learned > 0 && !self->has_epoch && take_snapshot (self, core, NULL) != NN_OK)
    g_warning ("No memory to keep the network of the stopped run");

  nn_pool_free (pool);
  nn_network_free (core);
  return status;
}

/* Returns what to tell the user of a run that ended with @status; NULL when
 * there is nothing to tell. */
static char *
describe_failure (NnStatus status)
{
  g_autoptr (GError) error = NULL;

  if (status == NN_OK || status == NN_STOPPED)
    return NULL;
  lab_error_set_from_status (&error, status, _("Training"));
  return g_strdup (error->message);
}

static gpointer
thread_main (gpointer data)
{
  LabTrainingJob *self = data;
  NnStatus status = train (self);

  pthread_mutex_lock (&self->mutex);
  self->report.finished = TRUE;
  self->report.stopped = status == NN_STOPPED;
  self->report.message = describe_failure (status);
  queue_report (self);
  pthread_mutex_unlock (&self->mutex);
  job_unref (self);
  return NULL;
}

LabTrainingJob *
lab_training_job_start (LabRun         *run,
                        LabDataset     *dataset,
                        GObject        *owner,
                        GMainContext   *context,
                        LabTrainingFunc func,
                        GError        **error)
{
  LabTrainingJob *self = g_new0 (LabTrainingJob, 1);
  GThread *thread;

  atomic_init (&self->n_references, 1);
  g_weak_ref_init (&self->owner, owner);
  self->func = func;
  self->context = g_main_context_ref (context);
  self->run = lab_run_copy (run);
  self->dataset = g_object_ref (dataset);
  atomic_init (&self->stop, false);
  pthread_mutex_init (&self->mutex, NULL);
  report_init (&self->report);

  thread = g_thread_try_new ("lab-trainer", thread_main, job_ref (self), error);
  if (thread == NULL)
    {
      job_unref (self);
      job_unref (self);
      return NULL;
    }
  g_thread_unref (thread);
  return self;
}

void
lab_training_job_stop (LabTrainingJob *self)
{
  atomic_store (&self->stop, true);
}

void
lab_training_job_release (LabTrainingJob *self)
{
  lab_training_job_stop (self);
  g_weak_ref_set (&self->owner, NULL);
  job_unref (self);
}
