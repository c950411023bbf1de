/* SPDX-License-Identifier: MIT */
#include "lab-benchmark.h"

#include <glib/gi18n.h>
#include <math.h>
#include <sys/resource.h>

#include "lab-dataset.h"
#include "lab-error-private.h"
#include "lab-preset-private.h"
#include "lab-settings-private.h"
#include "lab-stop-flag-private.h"
#include "lab-task-private.h"
#include "nn-benchmark.h"

/* Networks that need more multiplications and additions for an epoch are
 * measured over one: it takes long enough to be exact. */
#define LONG_EPOCH 5e12

#define EPOCHS 3

/* What a measurement works with. */
typedef struct
{
  const LabBenchmarkPlan *plan;
  NnTrainOptions options;
  NnNetwork *network;
  NnPool *pool;
  LabStopFlag stop;
} Bench;

static void
bench_clear (Bench *bench)
{
  nn_pool_free (bench->pool);
  nn_network_free (bench->network);
}

static NnSamples
samples_of (LabDataset *dataset)
{
  return (NnSamples){
    .count = lab_dataset_get_size (dataset),
    .shape = { LAB_IMAGE_SIDE, LAB_IMAGE_SIDE, 1 },
    .images = lab_dataset_get_images (dataset),
    .labels = lab_dataset_get_labels (dataset),
  };
}

static gboolean
check (NnStatus status, GError **error)
{
  if (status != NN_OK)
    lab_error_set_from_status (error, status, _("Measuring"));
  return status == NN_OK;
}

static gboolean
bench_prepare (Bench *bench, GError **error)
{
  LabRun *run = bench->plan->run;
  const LabSettings *settings = lab_run_get_settings (run);
  NnStatus status;

  if (!lab_settings_to_options (settings, &bench->options, error))
    return FALSE;
  status = lab_preset_build (lab_preset_find (lab_run_get_preset (run)), settings->seed, &bench->network);
  if (status == NN_OK)
    status = nn_pool_new (settings->threads, &bench->pool);
  return check (status, error);
}

static void
epoch_done_cb (void *data, size_t epoch, double seconds)
{
  const Bench *bench = data;

  if (bench->plan->epoch_done != NULL)
    bench->plan->epoch_done (epoch, bench->options.epochs, seconds, bench->plan->data);
}

static gboolean
measure_training (Bench *bench, GCancellable *cancellable, LabBenchmark *result, GError **error)
{
  const NnBenchmarkHooks hooks = { &bench->stop.raised, epoch_done_cb, bench };
  g_autoptr (LabDataset) dataset = lab_dataset_load (bench->plan->folder, LAB_PART_TRAIN, cancellable, error);
  NnSamples samples;
  NnTrainingSpeed speed;
  double peak;

  if (dataset == NULL)
    return FALSE;
  samples = samples_of (dataset);
  samples.count -= (gsize) (samples.count * bench->options.validation_share);

  bench->options.epochs = bench->plan->epochs;
  if (bench->options.epochs == 0)
    bench->options.epochs = samples.count * nn_benchmark_flops (bench->network) > LONG_EPOCH ? 1 : EPOCHS;
  result->epochs = bench->options.epochs;
  result->seconds = g_new0 (double, result->epochs);

  peak = nn_benchmark_peak (bench->pool, bench->options.kernels);
  if (!check (nn_benchmark_train (bench->network, &samples, &bench->options, bench->pool, &hooks, result->seconds, &speed), error))
    return FALSE;
  result->epoch_seconds = speed.epoch_seconds;
  result->samples_per_second = speed.samples_per_second;
  result->gflops = speed.gflops;
  /* Other work on the computer, and its clock, come and go. */
  peak = MAX (peak, nn_benchmark_peak (bench->pool, bench->options.kernels));
  result->peak_share = speed.gflops / peak;
  return TRUE;
}

static gboolean
measure_inference (Bench *bench, GCancellable *cancellable, LabBenchmark *result, GError **error)
{
  g_autoptr (LabDataset) dataset = lab_dataset_load (bench->plan->folder, LAB_PART_TEST, cancellable, error);
  NnSamples samples;

  if (dataset == NULL)
    return FALSE;
  samples = samples_of (dataset);

  if (bench->plan->parts & LAB_BENCHMARK_EVALUATE)
    {
      NnEvaluationSpeed speed;

      if (!check (nn_benchmark_evaluate (bench->network, &samples, bench->pool, bench->options.kernels, &bench->stop.raised, &speed), error))
        return FALSE;
      result->eval_images_per_second = speed.images_per_second;
      result->eval_accuracy = speed.accuracy;
    }
  if (bench->plan->parts & LAB_BENCHMARK_LATENCY)
    {
      NnLatency latency;

      if (!check (nn_benchmark_latency (bench->network, &samples, bench->pool, bench->options.kernels, &bench->stop.raised, &latency), error))
        return FALSE;
      result->latency_median = latency.median;
      result->latency_p99 = latency.p99;
    }
  return TRUE;
}

static double
get_peak_memory (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024.0;
}

static LabBenchmark *
measure (Bench *bench, GCancellable *cancellable, GError **error)
{
  g_autoptr (LabBenchmark) result = g_new (LabBenchmark, 1);

  *result = (LabBenchmark){
    .epoch_seconds = NAN,
    .samples_per_second = NAN,
    .gflops = NAN,
    .peak_share = NAN,
    .eval_images_per_second = NAN,
    .eval_accuracy = NAN,
    .latency_median = NAN,
    .latency_p99 = NAN,
  };
  if (!bench_prepare (bench, error))
    return NULL;
  result->isa = bench->options.kernels->name;
  result->threads = nn_pool_workers (bench->pool);
  result->parameters = nn_network_n_parameters (bench->network);

  /* One after the other, so that the images of both are never in memory together. */
  if ((bench->plan->parts & LAB_BENCHMARK_TRAIN) && !measure_training (bench, cancellable, result, error))
    return NULL;
  if ((bench->plan->parts & (LAB_BENCHMARK_EVALUATE | LAB_BENCHMARK_LATENCY))
      && !measure_inference (bench, cancellable, result, error))
    return NULL;

  result->peak_memory = get_peak_memory ();
  return g_steal_pointer (&result);
}

static gpointer
run_in_thread (gpointer data, GCancellable *cancellable, GError **error)
{
  Bench bench = { .plan = data };
  LabBenchmark *result;

  lab_stop_flag_follow (&bench.stop, cancellable);
  result = measure (&bench, cancellable, error);
  lab_stop_flag_release (&bench.stop);
  bench_clear (&bench);
  return result;
}

static void
plan_free (gpointer data)
{
  LabBenchmarkPlan *plan = data;

  g_object_unref (plan->run);
  g_object_unref (plan->folder);
  g_free (plan);
}

void
lab_benchmark_run_async (const LabBenchmarkPlan *plan,
                         GCancellable           *cancellable,
                         GAsyncReadyCallback     callback,
                         gpointer                user_data)
{
  LabBenchmarkPlan *copy = g_new (LabBenchmarkPlan, 1);

  *copy = *plan;
  copy->run = lab_run_copy (plan->run);
  g_object_ref (copy->folder);
  lab_task_run (lab_benchmark_run_async, run_in_thread, copy, plan_free, (GDestroyNotify) lab_benchmark_free,
                cancellable, callback, user_data);
}

LabBenchmark *
lab_benchmark_run_finish (GAsyncResult *result, GError **error)
{
  return lab_task_finish (result, lab_benchmark_run_async, error);
}

void
lab_benchmark_free (LabBenchmark *self)
{
  g_free (self->seconds);
  g_free (self);
}
