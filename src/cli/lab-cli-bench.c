/* SPDX-License-Identifier: MIT */
#include "lab-cli.h"

#include "lab-benchmark.h"
#include "lab-cli-property.h"
#include "lab-cli-run.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <math.h>

static char *option_data;
static char *option_preset;
static char *option_threads;
static char *option_precision;
static char *option_epochs;
static char *option_only;

static const GOptionEntry entries[] = {
  { "data", 'd', 0, G_OPTION_ARG_FILENAME, &option_data, N_("Folder with MNIST’s files (needed)"), N_("DIR") },
  { "preset", 'p', 0, G_OPTION_ARG_STRING, &option_preset, N_("Network to measure, see “digit-lab-cli info”"), N_("NAME") },
  { "threads", 't', 0, G_OPTION_ARG_STRING, &option_threads, N_("Threads, 0 for one per processor (default)"), "N" },
  { "precision", 0, 0, G_OPTION_ARG_STRING, &option_precision, N_("Of products: fp32 (default), or bf16 where the processor has it"), "fp32|bf16" },
  { "epochs", 'e', 0, G_OPTION_ARG_STRING, &option_epochs, N_("Epochs to train (default 3, or 1 for a slow network)"), "N" },
  { "only", 0, 0, G_OPTION_ARG_STRING, &option_only, N_("Parts to measure, of train, eval and latency (default all)"), N_("LIST") },
  { NULL },
};

static gboolean
parse_parts (LabBenchmarkParts *parts, GError **error)
{
  static const struct
  {
    const char *name;
    LabBenchmarkParts part;
  } known[] = {
    { "train", LAB_BENCHMARK_TRAIN },
    { "eval", LAB_BENCHMARK_EVALUATE },
    { "latency", LAB_BENCHMARK_LATENCY },
  };
  g_auto (GStrv) names = g_strsplit (option_only && *option_only ? option_only : "train,eval,latency", ",", -1);

  *parts = 0;
  for (guint i = 0; names[i] != NULL; i++)
    {
      guint at = 0;

      g_strstrip (names[i]);
      while (at < G_N_ELEMENTS (known) && !g_str_equal (names[i], known[at].name))
        at++;
      if (at == G_N_ELEMENTS (known))
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _("--only: there is no “%s”, but train, eval, latency"), names[i]);
          return FALSE;
        }
      *parts |= known[at].part;
    }

  return TRUE;
}

static gboolean
parse_plan (LabRun *run, LabBenchmarkPlan *plan, GError **error)
{
  GObject *object = G_OBJECT (run);

  if (option_data == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("--data is needed, a folder with MNIST’s files"));
      return FALSE;
    }
  if (!lab_cli_set_preset (run, option_preset, error) || !parse_parts (&plan->parts, error))
    return FALSE;
  if (option_threads != NULL && !lab_cli_set_property (object, "threads", "--threads", option_threads, error))
    return FALSE;
  if (option_precision != NULL && !lab_cli_set_property (object, "precision", "--precision", option_precision, error))
    return FALSE;
  if (option_epochs == NULL)
    return TRUE;

  if (!lab_cli_set_property (object, "epochs", "--epochs", option_epochs, error))
    return FALSE;
  plan->epochs = lab_run_get_settings (run)->epochs;

  return TRUE;
}

static void
epoch_done_cb (guint epoch, guint epochs, double seconds, gpointer data)
{
  g_print (_("Epoch %u of %u: %.3f s\n"), epoch, epochs, seconds);
}

static void
print_text (LabRun *run, const LabBenchmark *result)
{
  g_autofree char *precision = lab_run_dup_text (run, "precision");

  g_print (_("Preset %s: %llu parameters\n"), lab_run_get_preset (run), (unsigned long long) result->parameters);
  g_print (_("Instructions %s, precision %s, threads %u\n"), result->isa, precision, result->threads);
  if (isfinite (result->epoch_seconds))
    {
      g_print (_("Training: %.3f s per epoch, %.0f images per second\n"), result->epoch_seconds, result->samples_per_second);
      g_print (_("  %.1f GFLOP/s, %.1f %% of what the processor can do\n"), result->gflops, 100 * result->peak_share);
    }
  if (isfinite (result->eval_images_per_second))
    g_print (_("Evaluation: %.0f images per second, %.2f %% of them read right\n"),
             result->eval_images_per_second, 100 * result->eval_accuracy);
  if (isfinite (result->latency_median))
    g_print (_("One image: %.1f µs; 99 of 100 within %.1f µs\n"), 1e6 * result->latency_median, 1e6 * result->latency_p99);
  g_print (_("Memory: %.1f MiB at most\n"), result->peak_memory);
}

static void
print_json (LabRun *run, const LabBenchmark *result)
{
  g_autofree char *precision = lab_run_dup_text (run, "precision");
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lab_cli_add_string (builder, "preset", lab_run_get_preset (run));
  lab_cli_add_int (builder, "threads", result->threads);
  lab_cli_add_string (builder, "isa", result->isa);
  lab_cli_add_string (builder, "precision", precision);
  lab_cli_add_int (builder, "parameters", result->parameters);
  lab_cli_add_number (builder, "epoch_seconds", result->epoch_seconds);
  json_builder_set_member_name (builder, "epoch_seconds_all");
  json_builder_begin_array (builder);
  for (guint i = 0; i < result->epochs; i++)
    json_builder_add_double_value (builder, result->seconds[i]);
  json_builder_end_array (builder);
  lab_cli_add_number (builder, "samples_per_second", result->samples_per_second);
  lab_cli_add_number (builder, "gflops", result->gflops);
  lab_cli_add_number (builder, "peak_share", result->peak_share);
  lab_cli_add_number (builder, "eval_images_per_second", result->eval_images_per_second);
  lab_cli_add_number (builder, "latency_us_median", 1e6 * result->latency_median);
  lab_cli_add_number (builder, "latency_us_p99", 1e6 * result->latency_p99);
  lab_cli_add_number (builder, "peak_rss_mb", result->peak_memory);
  json_builder_end_object (builder);

  lab_cli_print_json (builder);
}

/* The handler removes itself, so that a second Ctrl+C ends the program at once. */
static gboolean
interrupted_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);

  return G_SOURCE_REMOVE;
}

static void
measured_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

/* Measures until the end or Ctrl+C. */
static LabBenchmark *
measure (const LabBenchmarkPlan *plan, GError **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  guint interrupt_id = g_unix_signal_add (SIGINT, interrupted_cb, cancellable);

  lab_benchmark_run_async (plan, cancellable, measured_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (!g_cancellable_is_cancelled (cancellable))
    g_source_remove (interrupt_id);

  return lab_benchmark_run_finish (result, error);
}

static gboolean
bench (gboolean json, GError **error)
{
  g_autoptr (LabRun) run = lab_run_new ();
  g_autoptr (GFile) folder = NULL;
  g_autoptr (LabBenchmark) result = NULL;
  LabBenchmarkPlan plan = { .run = run, .epoch_done = json ? NULL : epoch_done_cb };

  if (!parse_plan (run, &plan, error))
    return FALSE;
  plan.folder = folder = g_file_new_for_commandline_arg (option_data);

  result = measure (&plan, error);
  if (result == NULL)
    return FALSE;

  if (json)
    print_json (run, result);
  else
    print_text (run, result);

  return TRUE;
}

const LabCliCommand lab_cli_bench = {
  .name = "bench",
  .summary = N_("Measure how fast this computer trains and runs a network"),
  .description = N_("Trains the network of a preset for whole epochs, after a short warm-up, with the preset’s optimizer and\n"
                    "mini-batch, on the images that it does not hold out, without augmentation and at a constant rate; then\n"
                    "runs it on the test images, 256 at a time, and on 2,000 images one at a time. Nothing is saved.\n"
                    "\n"
                    "With --json: preset, threads, isa (the instruction set), precision, parameters, epoch_seconds (the\n"
                    "median), epoch_seconds_all, samples_per_second, gflops (multiplications and additions of the products\n"
                    "forward and backward, in 10⁹ per second), peak_share (gflops as a fraction of what as many threads do\n"
                    "at most in fp32, measured on the spot; may pass 1, because Winograd’s convolution needs fewer than are\n"
                    "counted), eval_images_per_second, latency_us_median and latency_us_p99\n"
                    "(microseconds), peak_rss_mb (MiB of memory at most). What was not measured is null.\n"
                    "\n"
                    "Example:\n"
                    "  digit-lab-cli bench --preset mlp-300-100 --data ~/mnist --threads 2 --json"),
  .entries = entries,
  .run = bench,
};
