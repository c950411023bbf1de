/* SPDX-License-Identifier: MIT */
#include "lab-benchmark.h"

#include <math.h>

#include "lab-error.h"
#include "lab-test-data.h"

typedef struct
{
  char *folder;
  LabRun *run;
  LabBenchmarkPlan plan;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (LabDataset) train = lab_test_dataset (200, 1);
  g_autoptr (LabDataset) test = lab_test_dataset (50, 2);

  self->folder = g_dir_make_tmp ("digit-lab-XXXXXX", NULL);
  lab_test_write_dataset (train, self->folder, "train");
  lab_test_write_dataset (test, self->folder, "t10k");
  self->run = lab_run_new ();
  g_object_set (self->run, "threads", 2, NULL);
  self->plan = (LabBenchmarkPlan){
    .run = self->run,
    .folder = g_file_new_for_path (self->folder),
    .parts = LAB_BENCHMARK_TRAIN | LAB_BENCHMARK_EVALUATE | LAB_BENCHMARK_LATENCY,
  };
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_object (&self->plan.folder);
  g_assert_finalize_object (self->run);
  lab_test_remove_folder (self->folder);
  g_free (self->folder);
}

static void
measured_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static LabBenchmark *
run (Fixture *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  lab_benchmark_run_async (&self->plan, cancellable, measured_cb, &result);
  g_assert_true (lab_test_wait (is_set, &result, 120));
  return lab_benchmark_run_finish (result, error);
}

static void
epoch_done_cb (guint epoch, guint epochs, double seconds, gpointer data)
{
  g_assert_cmpuint (epochs, ==, 3);
  g_assert_cmpfloat (seconds, >, 0);
  *(guint *) data = epoch;
}

/* All that is asked for is measured; an epoch is of the images not held out. */
static void
test_all (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LabBenchmark) result = NULL;
  guint epoch = 0;

  self->plan.epoch_done = epoch_done_cb;
  self->plan.data = &epoch;
  result = run (self, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (epoch, ==, 3);
  g_assert_cmpstr (result->isa, ==, lab_precision_get_isa (LAB_PRECISION_FP32));
  g_assert_cmpuint (result->threads, ==, 2);
  g_assert_cmpuint (result->parameters, ==, 29546);
  g_assert_cmpuint (result->epochs, ==, 3);
  g_assert_cmpfloat_with_epsilon (result->samples_per_second * result->epoch_seconds, 190, 1e-6);
  g_assert_cmpfloat (result->gflops, >, 0);
  g_assert_cmpfloat (result->peak_share, >, 0);
  g_assert_cmpfloat (result->peak_share, <, 2); /* Winograd's convolution passes 1 */
  g_assert_cmpfloat (result->eval_images_per_second, >, 0);
  g_assert_cmpfloat (result->eval_accuracy, >=, 0.9);
  g_assert_cmpfloat (result->latency_median, <=, result->latency_p99);
  g_assert_cmpfloat (result->peak_memory, >, 1);
}

static void
test_part (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LabBenchmark) result = NULL;

  self->plan.parts = LAB_BENCHMARK_LATENCY;
  result = run (self, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (result->epochs, ==, 0);
  g_assert_true (isnan (result->epoch_seconds) && isnan (result->gflops) && isnan (result->eval_images_per_second));
  g_assert_cmpfloat (result->latency_median, >, 0);
}

static void
test_errors (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) folder = g_steal_pointer (&self->plan.folder);

  self->plan.folder = g_file_get_child (folder, "nowhere");
  g_assert_null (run (self, NULL, &error));
  g_assert_error (error, LAB_ERROR, LAB_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "nowhere"));
}

static gboolean
cancel_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static void
test_cancel (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  self->plan.epochs = 1000;
  g_timeout_add (50, cancel_cb, cancellable);
  g_assert_null (run (self, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define add(name, function) g_test_add ("/benchmark/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("all", test_all);
  add ("part", test_part);
  add ("errors", test_errors);
  add ("cancel", test_cancel);
  return g_test_run ();
}
