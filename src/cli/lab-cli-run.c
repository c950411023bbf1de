/* SPDX-License-Identifier: MIT */
#include "lab-cli-run.h"

#include "lab-cli-property.h"
#include "lab-preset.h"

#include <glib/gi18n.h>

/* The preset whose amounts are those of “--augment on”. */
#define AUGMENTING_PRESET "cnn-bn"

/* What was given for each option, or NULL. */
static struct
{
  char *preset, *epochs, *batch, *validation, *patience, *restore_best, *seed, *threads, *precision;
  char *optimizer, *lr, *momentum, *schedule, *schedule_factor, *schedule_epochs, *warm_up;
  char *weight_decay, *label_smoothing, *clip_norm, *average;
  char *augment, *rotation, *shift, *zoom, *shear, *elastic, *elastic_radius, *line_width, *doodles;
} options;

#define STRING 0, G_OPTION_ARG_STRING

static const GOptionEntry run_entries[] = {
  { "preset", 'p', STRING, &options.preset, N_("Network to train, and what the options below start from"), N_("NAME") },
  { "epochs", 'e', STRING, &options.epochs, N_("How often to go through the images"), "N" },
  { "batch", 'b', STRING, &options.batch, N_("Images in a mini-batch"), "N" },
  { "validation", 0, STRING, &options.validation, N_("Part of the images held out, 0 to 0.5"), "X" },
  { "patience", 0, STRING, &options.patience, N_("End after N epochs without a smaller loss; 0 for never"), "N" },
  { "restore-best", 0, STRING, &options.restore_best, N_("Keep the network of the epoch with the smallest loss"), "on|off" },
  { "seed", 0, STRING, &options.seed, N_("Start of the random numbers (default 1)"), "N" },
  { "threads", 't', STRING, &options.threads, N_("Threads, 0 for one per processor (default)"), "N" },
  { "precision", 0, STRING, &options.precision, N_("Of products: fp32 (default), or bf16 where the processor has it"), "fp32|bf16" },
  { NULL },
};

static const GOptionEntry rate_entries[] = {
  { "optimizer", 0, STRING, &options.optimizer, N_("Rule of a step"), "sgd|adam" },
  { "lr", 0, STRING, &options.lr, N_("Learning rate, the largest of the run"), "X" },
  { "momentum", 0, STRING, &options.momentum, N_("Part of its last step that sgd goes again"), "X" },
  { "schedule", 0, STRING, &options.schedule, N_("Learning rate: constant, step, cosine, one-cycle or plateau"), N_("NAME") },
  { "schedule-factor", 0, STRING, &options.schedule_factor, N_("What step and plateau multiply it by"), "X" },
  { "schedule-epochs", 0, STRING, &options.schedule_epochs, N_("They do so after N epochs; plateau, without a smaller loss"), "N" },
  { "warm-up", 0, STRING, &options.warm_up, N_("Part of the run in which one-cycle lets it rise"), "X" },
  { NULL },
};

static const GOptionEntry regularization_entries[] = {
  { "weight-decay", 0, STRING, &options.weight_decay, N_("Part of each weight, times the rate, that a step takes away"), "X" },
  { "label-smoothing", 0, STRING, &options.label_smoothing, N_("Part of each label that is spread over all classes"), "X" },
  { "clip-norm", 0, STRING, &options.clip_norm, N_("Largest length of a gradient, 0 for any"), "X" },
  { "average", 0, STRING, &options.average, N_("Keep a running average of the network, of which a step leaves so much"), "X" },
  { "doodles", 0, STRING, &options.doodles, N_("Pictures of no digit to add, as a part of the images, 0 to 1"), "X" },
  { NULL },
};

static const GOptionEntry augmentation_entries[] = {
  { "augment", 0, STRING, &options.augment, N_("All of it as in the preset cnn-bn, or none of it"), "on|off" },
  { "rotation", 0, STRING, &options.rotation, N_("Degrees that an image is turned"), "X" },
  { "shift", 0, STRING, &options.shift, N_("Pixels that it is shifted, across and down"), "X" },
  { "zoom", 0, STRING, &options.zoom, N_("Part of its size that it grows or shrinks"), "X" },
  { "shear", 0, STRING, &options.shear, N_("Degrees that it is slanted"), "X" },
  { "elastic", 0, STRING, &options.elastic, N_("Pixels that its points are moved apart, on average"), "X" },
  { "elastic-radius", 0, STRING, &options.elastic_radius, N_("Pixels within which they move together, 1 to 20"), "X" },
  { "line-width", 0, STRING, &options.line_width, N_("Pixels that its lines become wider or narrower"), "X" },
  { NULL },
};

const LabCliGroup lab_cli_run_groups[] = {
  { "run", N_("Run:"), run_entries },
  { "rate", N_("Optimizer and learning rate:"), rate_entries },
  { "regularization", N_("Regularization:"), regularization_entries },
  { "augmentation", N_("Augmentation, at most so much either way, anew each time an image is shown:"), augmentation_entries },
  { NULL },
};

/* Returns the property of LabRun that an option sets. Most have its name. */
static const char *
get_property_name (const char *option)
{
  if (g_str_equal (option, "batch"))
    return "batch-size";
  if (g_str_equal (option, "lr"))
    return "learning-rate";
  if (g_str_equal (option, "validation"))
    return "validation-share";
  return option;
}

gboolean
lab_cli_set_preset (LabRun *run, const char *name, GError **error)
{
  g_autoptr (GString) names = NULL;

  if (name == NULL)
    return TRUE;

  if (lab_preset_find (name))
    {
      lab_run_set_preset (run, name);
      return TRUE;
    }

  names = g_string_new (lab_preset_get (0)->name);
  for (guint i = 1; i < lab_preset_count (); i++)
    g_string_append_printf (names, ", %s", lab_preset_get (i)->name);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("--preset: there is no “%s”, but %s"), name, names->str);

  return FALSE;
}

static gboolean
set_augmentation (LabRun *run, GError **error)
{
  const LabSettings *amounts = &lab_preset_find (AUGMENTING_PRESET)->settings;
  gboolean on;

  if (options.augment == NULL)
    return TRUE;
  if (!lab_cli_parse_switch ("--augment", options.augment, &on, error))
    return FALSE;

  g_object_set (run,
                "rotation", on ? amounts->rotation : 0.0,
                "shift", on ? amounts->shift : 0.0,
                "zoom", on ? amounts->zoom : 0.0,
                "shear", on ? amounts->shear : 0.0,
                "elastic", on ? amounts->elastic : 0.0,
                "line-width", on ? amounts->line_width : 0.0,
                NULL);

  return TRUE;
}

typedef gboolean (*OptionFunc) (LabRun *run, const char *option, const char *text, GError **error);

/* Calls @func for each setting that was given, but not for those that stand for
 * several, which have been seen to. */
static gboolean
for_each_given (LabRun *run, OptionFunc func, GError **error)
{
  for (const LabCliGroup *group = lab_cli_run_groups; group->title != NULL; group++)
    for (const GOptionEntry *entry = group->entries; entry->long_name != NULL; entry++)
      {
        const char *text = *(char **) entry->arg_data;

        if (text == NULL || g_str_equal (entry->long_name, "preset") || g_str_equal (entry->long_name, "augment"))
          continue;
        if (!func (run, entry->long_name, text, error))
          return FALSE;
      }

  return TRUE;
}

static gboolean
set_option (LabRun *run, const char *option, const char *text, GError **error)
{
  g_autofree char *shown = g_strconcat ("--", option, NULL);

  return lab_cli_set_property (G_OBJECT (run), get_property_name (option), shown, text, error);
}

static gboolean
check_option (LabRun *run, const char *option, const char *text, GError **error)
{
  const char *obstacle = lab_run_find_obstacle (run, get_property_name (option));
  g_autofree char *value = NULL;

  if (obstacle == NULL)
    return TRUE;

  value = lab_run_dup_text (run, obstacle);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               /* Translators: as in “--momentum has no effect with --optimizer adam” */
               _("--%s has no effect with --%s %s"), option, obstacle, value);

  return FALSE;
}

LabRun *
lab_cli_make_run (GError **error)
{
  g_autoptr (LabRun) run = lab_run_new ();

  if (!lab_cli_set_preset (run, options.preset, error) || !set_augmentation (run, error))
    return NULL;
  if (!for_each_given (run, set_option, error) || !for_each_given (run, check_option, error))
    return NULL;

  return g_steal_pointer (&run);
}
