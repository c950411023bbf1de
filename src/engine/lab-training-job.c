/* SPDX-License-Identifier: MIT */
#include "lab-training-job.h"

#include <glib/gi18n.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

#include "lab-dataset-private.h"
#include "lab-epoch.h"
#include "lab-error-private.h"
#include "lab-network-private.h"
#include "lab-preset-private.h"
#include "lab-settings-private.h"
#include "lab-training-set.h"

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
  NnTrainOptions options; /* of the run */
  atomic_bool stop;
  GCancellable *cancellable; /* of what is done before the training; cancelled with @stop */

  /* The thread's own. */
  LabTrainingSet set;
  gint64 last_report;        /* monotonic microseconds */
  double learned;            /* how much of the run is done, 0 … 1 */
  gboolean has_epoch;        /* the network of a whole epoch was taken */
  NnEpoch last_epoch;
  NnEpoch best_epoch;        /* the one with the smallest loss */
  gboolean is_calibrated;
  NnCalibration calibration; /* if so, of the finished network */

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
  lab_training_set_clear (&self->set);
  g_clear_object (&self->cancellable);
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
  GHashTable *metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree const char **names = lab_run_list_effective (self->run);

  for (guint i = 0; names[i] != NULL; i++)
    g_hash_table_insert (metadata, g_strdup (names[i]), lab_run_dup_text (self->run, names[i]));
  g_hash_table_insert (metadata, g_strdup ("data"), g_filename_display_name (lab_dataset_get_name (self->set.dataset)));
  if (self->set.validation != NULL)
    g_hash_table_insert (metadata, g_strdup ("validation-data"), g_filename_display_name (lab_dataset_get_name (self->set.validation)));
  set_number (metadata, "epochs-trained", epoch != NULL ? epoch->epoch : self->learned * self->options.epochs);
  if (epoch != NULL)
    {
      set_number (metadata, "loss", epoch->loss);
      set_number (metadata, "accuracy", epoch->accuracy);
      set_number (metadata, "val-loss", epoch->val_loss);
      set_number (metadata, "val-accuracy", epoch->val_accuracy);
    }
  if (self->is_calibrated)
    {
      set_number (metadata, "temperature", self->calibration.temperature);
      set_number (metadata, "calibration-error-before", self->calibration.error_before);
      set_number (metadata, "calibration-error", self->calibration.error_after);
      set_number (metadata, "threshold", self->calibration.threshold);
    }
  return metadata;
}

/* Copies the weights that @core has now and leaves them to be delivered. */
static gboolean
take_snapshot (LabTrainingJob *self, const NnNetwork *core, const NnEpoch *epoch)
{
  NnNetwork *copy = NULL;
  LabNetwork *network;

  /* The shapes are those of a preset, so only memory can be missing. */
  if (nn_network_copy (core, &copy) != NN_OK)
    return FALSE;
  network = lab_network_new_take (copy, describe_run (self, epoch), lab_run_get_preset (self->run), NULL);
  if (network == NULL)
    return FALSE;

  pthread_mutex_lock (&self->mutex);
  g_clear_object (&self->report.network);
  self->report.network = network;
  pthread_mutex_unlock (&self->mutex);
  return TRUE;
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

  self->last_epoch = *epoch;
  if (epoch->is_best)
    self->best_epoch = *epoch;
  /* Without memory for the copy, the run goes on and the next epoch tries again. */
  if (take_snapshot (self, core, epoch))
    self->has_epoch = TRUE;
  else
    g_warning ("No memory to keep the network of epoch %zu", epoch->epoch);

  pthread_mutex_lock (&self->mutex);
  g_ptr_array_add (self->report.epochs, lab_epoch_new (epoch->epoch, epoch->loss, epoch->accuracy, epoch->val_loss,
                                                      epoch->val_accuracy, epoch->learning_rate, epoch->seconds));
  queue_report (self);
  pthread_mutex_unlock (&self->mutex);
}

static void
calibrated_cb (void *data, const NnCalibration *calibration)
{
  LabTrainingJob *self = data;

  self->is_calibrated = TRUE;
  self->calibration = *calibration;
}

/* Leaves the network that a run ends with: that of its best epoch, to which
 * @core has gone back, or that of its last whole one, calibrated if the run came
 * to its end, or else there already. These are the ones that figures are known
 * of; before the first epoch has ended, there is only what @core has learned so
 * far. */
static gboolean
keep_result (LabTrainingJob *self, const NnNetwork *core, NnStatus status)
{
  if (!self->has_epoch)
    return status != NN_STOPPED || self->learned == 0 || take_snapshot (self, core, NULL);
  if (self->options.restore_best)
    return take_snapshot (self, core, &self->best_epoch);
  return status != NN_OK || !self->is_calibrated || take_snapshot (self, core, &self->last_epoch);
}

static NnStatus
train (LabTrainingJob *self)
{
  const NnTrainHooks hooks = {
    .stop = &self->stop,
    .batch_done = batch_done_cb,
    .epoch_done = epoch_done_cb,
    .calibrated = calibrated_cb,
    .data = self,
  };
  const LabPreset *preset = lab_preset_find (lab_run_get_preset (self->run));
  NnSamples samples = lab_dataset_get_samples (self->set.dataset);
  NnSamples validation;
  NnNetwork *core = NULL;
  NnPool *pool = NULL;
  NnStatus status;

  self->options.calibrate = true;
  if (self->set.validation != NULL)
    {
      validation = lab_dataset_get_samples (self->set.validation);
      self->options.validation = &validation;
      self->options.validation_share = 0;
    }

  status = lab_preset_build (preset, self->options.seed, &core);
  if (status == NN_OK)
    status = nn_pool_new (lab_run_get_settings (self->run)->threads, &pool);
  if (status == NN_OK)
    status = nn_train (core, &samples, &self->options, pool, &hooks);

  if (!keep_result (self, core, status))
    g_warning ("No memory to keep the network of the run");

  nn_pool_free (pool);
  nn_network_free (core);
  return status;
}

/* Does all of the run. Returns FALSE and sets @error when it fails or is stopped. */
static gboolean
execute (LabTrainingJob *self, GError **error)
{
  NnStatus status;

  if (!lab_training_set_add_doodles (&self->set, lab_run_get_settings (self->run), self->cancellable, error))
    return FALSE;
  status = train (self);
  if (status != NN_OK)
    lab_error_set_from_status (error, status, _("Training"));
  return status == NN_OK;
}

static gpointer
thread_main (gpointer data)
{
  LabTrainingJob *self = data;
  g_autoptr (GError) error = NULL;
  gboolean stopped = !execute (self, &error) && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  pthread_mutex_lock (&self->mutex);
  self->report.finished = TRUE;
  self->report.stopped = stopped;
  if (error != NULL && !stopped)
    self->report.message = g_strdup (error->message);
  queue_report (self);
  pthread_mutex_unlock (&self->mutex);
  job_unref (self);
  return NULL;
}

LabTrainingJob *
lab_training_job_start (LabRun         *run,
                        LabDataset     *dataset,
                        LabDataset     *validation,
                        GObject        *owner,
                        GMainContext   *context,
                        LabTrainingFunc func,
                        GError        **error)
{
  LabTrainingJob *self;
  NnTrainOptions options;
  GThread *thread;

  if (!lab_settings_to_options (lab_run_get_settings (run), &options, error))
    return NULL;

  self = g_new0 (LabTrainingJob, 1);
  atomic_init (&self->n_references, 1);
  g_weak_ref_init (&self->owner, owner);
  self->func = func;
  self->context = g_main_context_ref (context);
  self->run = lab_run_copy (run);
  self->options = options;
  lab_training_set_init (&self->set, dataset, validation);
  self->cancellable = g_cancellable_new ();
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
  g_cancellable_cancel (self->cancellable);
}

void
lab_training_job_release (LabTrainingJob *self)
{
  lab_training_job_stop (self);
  g_weak_ref_set (&self->owner, NULL);
  job_unref (self);
}
