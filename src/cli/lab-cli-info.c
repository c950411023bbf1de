/* SPDX-License-Identifier: MIT */
#include "lab-cli.h"

#include "lab-config.h"
#include "lab-preset.h"
#include "lab-run.h"

#include <glib/gi18n.h>

static char *option_model;

static const GOptionEntry entries[] = {
  { "model", 'm', 0, G_OPTION_ARG_FILENAME, &option_model, N_("Network to describe, an ONNX file or “bundled”"), N_("FILE") },
  { NULL },
};

/* Returns the run of a preset; transfer full. */
static LabRun *
new_run (const LabPreset *preset)
{
  LabRun *run = lab_run_new ();

  lab_run_set_preset (run, preset->name);

  return run;
}

static void
print_presets (void)
{
  g_print (_("\nPresets:\n"));
  for (guint i = 0; i < lab_preset_count (); i++)
    {
      const LabPreset *preset = lab_preset_get (i);
      g_autoptr (LabRun) run = new_run (preset);
      g_autofree const char **names = lab_run_list_effective (run);

      g_print ("  %s: %s\n   ", preset->name, _(preset->description));
      for (guint j = 1; names[j] != NULL; j++)
        {
          g_autofree char *text = lab_run_dup_text (run, names[j]);

          g_print (" %s %s%s", names[j], text, names[j + 1] != NULL ? "," : "\n");
        }
    }
}

static void
print_text (LabNetwork *network)
{
  g_autofree char *model_name = g_filename_display_name (lab_cli_model_name (option_model));
  g_autofree char *summary = lab_network_dup_summary (network);
  g_autofree const char **keys = lab_network_list_metadata (network);
  const char *bf16 = lab_precision_get_isa (LAB_PRECISION_BF16);

  g_print (_("Version: %s\n"), LAB_VERSION);
  g_print (_("Libraries: GLib %u.%u.%u, JSON-GLib %s\n"),
           glib_major_version, glib_minor_version, glib_micro_version, JSON_VERSION_S);
  g_print (_("Processors: %u\n"), g_get_num_processors ());
  g_print (_("Instructions: %s; for bf16: %s\n"), lab_precision_get_isa (LAB_PRECISION_FP32), bf16 ? bf16 : _("none"));

  print_presets ();

  g_print (_("\nModel %s: %s\n"), model_name, lab_network_get_title (network));
  g_print ("  %s\n", summary);
  g_print (_("  parameters: %llu\n"), (unsigned long long) lab_network_get_parameters (network));
  for (guint i = 0; keys[i] != NULL; i++)
    g_print ("  %s: %s\n", keys[i], lab_network_get_metadata (network, keys[i]));
}

static void
add_settings (JsonBuilder *builder, LabRun *run)
{
  g_autofree const char **names = lab_run_list_effective (run);

  json_builder_set_member_name (builder, "settings");
  json_builder_begin_object (builder);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *text = lab_run_dup_text (run, names[i]);

      lab_cli_add_string (builder, names[i], text);
    }
  json_builder_end_object (builder);
}

static void
add_presets (JsonBuilder *builder)
{
  json_builder_set_member_name (builder, "presets");
  json_builder_begin_array (builder);
  for (guint i = 0; i < lab_preset_count (); i++)
    {
      const LabPreset *preset = lab_preset_get (i);
      g_autoptr (LabRun) run = new_run (preset);

      json_builder_begin_object (builder);
      lab_cli_add_string (builder, "name", preset->name);
      lab_cli_add_int (builder, "epochs", preset->settings.epochs);
      lab_cli_add_int (builder, "batch", preset->settings.batch_size);
      lab_cli_add_number (builder, "lr", preset->settings.learning_rate);
      add_settings (builder, run);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_isa (JsonBuilder *builder)
{
  json_builder_set_member_name (builder, "isa");
  json_builder_begin_object (builder);
  lab_cli_add_string (builder, "fp32", lab_precision_get_isa (LAB_PRECISION_FP32));
  lab_cli_add_string (builder, "bf16", lab_precision_get_isa (LAB_PRECISION_BF16));
  json_builder_end_object (builder);
}

static void
add_model (JsonBuilder *builder, LabNetwork *network)
{
  g_autofree char *summary = lab_network_dup_summary (network);
  g_autofree const char **keys = lab_network_list_metadata (network);

  json_builder_set_member_name (builder, "model");
  json_builder_begin_object (builder);
  lab_cli_add_file_name (builder, "file", lab_cli_model_name (option_model));
  lab_cli_add_string (builder, "title", lab_network_get_title (network));
  lab_cli_add_string (builder, "layers", summary);
  lab_cli_add_int (builder, "parameters", lab_network_get_parameters (network));
  json_builder_set_member_name (builder, "metadata");
  json_builder_begin_object (builder);
  for (guint i = 0; keys[i] != NULL; i++)
    lab_cli_add_string (builder, keys[i], lab_network_get_metadata (network, keys[i]));
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
print_json (LabNetwork *network)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *glib_version =
    g_strdup_printf ("%u.%u.%u", glib_major_version, glib_minor_version, glib_micro_version);

  json_builder_begin_object (builder);
  lab_cli_add_string (builder, "version", LAB_VERSION);
  json_builder_set_member_name (builder, "libraries");
  json_builder_begin_object (builder);
  lab_cli_add_string (builder, "glib", glib_version);
  lab_cli_add_string (builder, "json-glib", JSON_VERSION_S);
  json_builder_end_object (builder);
  lab_cli_add_int (builder, "processors", g_get_num_processors ());
  add_isa (builder);
  add_presets (builder);
  add_model (builder, network);
  json_builder_end_object (builder);

  lab_cli_print_json (builder);
}

static gboolean
info (gboolean json, GError **error)
{
  g_autoptr (LabNetwork) network = lab_cli_open_network (option_model, error);

  if (network == NULL)
    return FALSE;

  if (json)
    print_json (network);
  else
    print_text (network);

  return TRUE;
}

const LabCliCommand lab_cli_info = {
  .name = "info",
  .summary = N_("Show information about the program, its presets and a network"),
  .description = N_("With --json: version, libraries, processors, isa (the instruction set in use for the precisions fp32 and\n"
                    "bf16, null where there is none), presets (name, epochs, batch, lr and all settings that have an effect)\n"
                    "and model (file, title, layers, parameters, metadata: the settings of the training that made it).\n"
                    "\n"
                    "Example:\n"
                    "  digit-lab-cli info --model my.onnx"),
  .entries = entries,
  .run = info,
};
