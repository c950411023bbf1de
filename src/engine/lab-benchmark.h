/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "lab-run.h"

G_BEGIN_DECLS

typedef enum
{
  LAB_BENCHMARK_TRAIN = 1 << 0,
  LAB_BENCHMARK_EVALUATE = 1 << 1,
  LAB_BENCHMARK_LATENCY = 1 << 2,
} LabBenchmarkParts;

/* Called on the thread that measures. */
typedef void (*LabBenchmarkFunc) (guint epoch, guint epochs, double seconds, gpointer data);

/* What to measure. */
typedef struct
{
  LabRun *run;   /* its preset with that one's own settings, precision, seed, threads */
  GFile *folder; /* with MNIST's files */
  LabBenchmarkParts parts;
  guint epochs;                /* 0: one if it takes as long as three of most networks, else three */
  LabBenchmarkFunc epoch_done; /* or NULL */
  gpointer data;               /* for epoch_done */
} LabBenchmarkPlan;

/* What was measured. What was not is NAN. */
typedef struct
{
  const char *isa; /* the instruction set, as "avx512" */
  guint threads;
  guint64 parameters;

  guint epochs; /* trained */
  double *seconds; /* each of them took, [epochs] */
  double epoch_seconds; /* their median */
  double samples_per_second;
  double gflops;
  double peak_share; /* gflops as a part of what the threads reach at most in fp32; may pass 1,
                      * because Winograd’s convolution needs fewer than are counted */

  double eval_images_per_second; /* 256 at a time */
  double eval_accuracy;

  double latency_median; /* of one image, in seconds */
  double latency_p99;

  double peak_memory; /* of the whole process, in MiB */
} LabBenchmark;

/* Measures how fast this computer trains and runs a network; the images held out
 * are no part of it. Works in a thread, and loads what it needs from the folder. */
void          lab_benchmark_run_async (const LabBenchmarkPlan *plan,
                                       GCancellable           *cancellable,
                                       GAsyncReadyCallback     callback,
                                       gpointer                user_data);
LabBenchmark *lab_benchmark_run_finish (GAsyncResult *result, GError **error);

void lab_benchmark_free (LabBenchmark *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LabBenchmark, lab_benchmark_free)

G_END_DECLS
