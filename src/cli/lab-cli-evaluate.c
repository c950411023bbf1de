/* SPDX-License-Identifier: MIT */
#include "lab-cli.h"

#include "lab-cli-evaluation.h"
#include "lab-cli-sources.h"

#include <glib/gi18n.h>

/* Of the digits and doodles that are made to be read. No training starts from it
 * unless it is told to. */
#define SEED 1000000

static LabCliSources sources;
static char **option_models;
static char *option_part;
static char *option_images;
static char *option_doodles;
static char *option_doodle_kinds;

static const GOptionEntry entries[] = {
  { "model", 'm', 0, G_OPTION_ARG_FILENAME_ARRAY, &option_models, N_("Network to use, an ONNX file or “bundled”; several vote"), N_("FILE") },
  { "data", 'd', 0, G_OPTION_ARG_FILENAME, &sources.data, N_("Folder with MNIST’s files"), N_("DIR") },
  { "part", 0, 0, G_OPTION_ARG_STRING, &option_part, N_("Which part of --data: “test” (the default) or “train”"), N_("PART") },
  { "ink", 0, 0, G_OPTION_ARG_FILENAME, &sources.ink, N_("Pen strokes in UNIPEN text, plain or .gz"), N_("FILE") },
  { "writers", 0, 0, G_OPTION_ARG_STRING, &sources.writers, N_("Of --ink, those of these writers, as 1,3,5-9"), N_("LIST") },
  { "images", 0, 0, G_OPTION_ARG_FILENAME, &option_images, N_("Folder with PNG files named by their digits, as 7-a.png, 42.png"), N_("DIR") },
  { "handwriting", 0, 0, G_OPTION_ARG_STRING, &sources.handwriting, N_("So many digits that the program writes itself"), "N" },
  { "doodles", 0, 0, G_OPTION_ARG_STRING, &option_doodles, N_("So many drawings that are no digit"), "N" },
  { "doodle-kinds", 0, 0, G_OPTION_ARG_STRING, &option_doodle_kinds, N_("Of --doodles, only scribbles, letters or shapes"), N_("LIST") },
  { NULL },
};

/* What is given, and what it goes with. */
static gboolean
check_options (GError **error)
{
  const struct
  {
    const char *option;
    const char *value;
    const char *base_option;
    const char *base;
  } parts[] = {
    { "--part", option_part, "--data", sources.data },
    { "--writers", sources.writers, "--ink", sources.ink },
    { "--doodle-kinds", option_doodle_kinds, "--doodles", option_doodles },
  };
  int n_sources = (sources.data != NULL) + (sources.ink != NULL) + (option_images != NULL)
                  + (sources.handwriting != NULL) + (option_doodles != NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i].value != NULL && parts[i].base == NULL)
      {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                     _("%s goes with %s only"), parts[i].option, parts[i].base_option);
        return FALSE;
      }
  if (n_sources == 1)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("exactly one of --data, --ink, --images, --handwriting and --doodles is needed"));
  return FALSE;
}

static LabDataset *
load_data (GError **error)
{
  g_autoptr (GFile) folder = g_file_new_for_commandline_arg (sources.data);

  if (option_part == NULL || g_str_equal (option_part, "test"))
    return lab_dataset_load (folder, LAB_PART_TEST, NULL, error);
  if (g_str_equal (option_part, "train"))
    return lab_dataset_load (folder, LAB_PART_TRAIN, NULL, error);

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("--part: “%s” is neither “test” nor “train”"), option_part);
  return NULL;
}

static gboolean
parse_kinds (LabDoodleKinds *kinds, GError **error)
{
  static const GDebugKey names[] = {
    { "scribbles", LAB_DOODLE_SCRIBBLES },
    { "letters", LAB_DOODLE_LETTERS },
    { "shapes", LAB_DOODLE_SHAPES },
  };
  g_auto (GStrv) words = NULL;

  *kinds = LAB_DOODLE_ALL;
  if (option_doodle_kinds == NULL)
    return TRUE;

  *kinds = 0;
  words = g_strsplit (option_doodle_kinds, ",", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      gsize k = 0;

      while (k < G_N_ELEMENTS (names) && !g_str_equal (words[i], names[k].key))
        k++;
      if (k == G_N_ELEMENTS (names))
        {
          *kinds = 0;
          break;
        }
      *kinds |= names[k].value;
    }
  if (*kinds != 0)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("--doodle-kinds: “%s” is not a list of scribbles, letters, shapes"), option_doodle_kinds);
  return FALSE;
}

static LabDataset *
load_dataset (GError **error)
{
  LabDoodleKinds kinds;
  guint count;

  if (!check_options (error))
    return NULL;
  if (sources.data != NULL)
    return load_data (error);
  if (sources.ink != NULL)
    return lab_cli_load_ink (&sources, error);
  if (option_images != NULL)
    {
      g_autoptr (GFile) folder = g_file_new_for_commandline_arg (option_images);

      return lab_dataset_load_images (folder, NULL, error);
    }
  if (sources.handwriting != NULL)
    return lab_cli_parse_count ("--handwriting", sources.handwriting, &count, error)
             ? lab_dataset_new_handwriting (count, SEED, 0, NULL, error)
             : NULL;
  if (!lab_cli_parse_count ("--doodles", option_doodles, &count, error) || !parse_kinds (&kinds, error))
    return NULL;
  return lab_dataset_new_doodles (count, kinds, LAB_DOODLE_TEST, SEED, 0, NULL, error);
}

/* Returns the networks that vote, with free function; NULL after an error. */
static GPtrArray *
open_networks (GError **error)
{
  g_autoptr (GPtrArray) networks = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = option_models != NULL ? g_strv_length (option_models) : 1;

  for (guint i = 0; i < n; i++)
    {
      LabNetwork *network = lab_cli_open_network (option_models != NULL ? option_models[i] : NULL, error);

      if (network == NULL)
        return NULL;
      g_ptr_array_add (networks, network);
    }
  return g_steal_pointer (&networks);
}

static gboolean
evaluate (gboolean json, GError **error)
{
  g_autoptr (LabDataset) dataset = load_dataset (error);
  g_autoptr (GPtrArray) networks = NULL;
  g_autoptr (LabEvaluation) evaluation = NULL;

  if (dataset == NULL)
    return FALSE;
  networks = open_networks (error);
  if (networks == NULL)
    return FALSE;
  evaluation = lab_evaluation_new_vote ((LabNetwork *const *) networks->pdata, networks->len, dataset, 0, NULL, error);
  if (evaluation == NULL)
    return FALSE;

  if (json)
    lab_cli_print_evaluation_json (evaluation, option_models);
  else
    lab_cli_print_evaluation (evaluation, option_models);

  return TRUE;
}

const LabCliCommand lab_cli_evaluate = {
  .name = "evaluate",
  .summary = N_("Measure how well a network reads labelled digits"),
  .description = N_("Prints how many digits are read rightly, with the 95 % Wilson interval, how many of them are refused\n"
                    "as “Not sure” or “Not a digit”, the expected calibration error, the mean cross-entropy in nats and the\n"
                    "confusion matrix: on MNIST’s test images, on pen strokes, on pictures, or on digits that the program\n"
                    "writes itself, others than it trains on. With --doodles, how many drawings are refused that are no\n"
                    "digit. Where not as many digits are found in a picture as its name says, each of them counts as an\n"
                    "error and as refused.\n"
                    "\n"
                    "With --json: model, accuracy (a fraction of 1), accuracy_low, accuracy_high, errors, images, refused,\n"
                    "miscounted (pictures), doodles, doodles_refused, calibration_error, loss, classes (10 objects with\n"
                    "label, images, errors, accuracy) and confusion (10 arrays of 10; the outer is the true digit).\n"
                    "\n"
                    "Examples:\n"
                    "  digit-lab-cli evaluate --model bundled --data ~/mnist\n"
                    "  digit-lab-cli evaluate --model my-1.onnx --model my-2.onnx --ink pendigits-train.unp.gz --writers 25-30\n"
                    "  digit-lab-cli evaluate --doodles 3000 --doodle-kinds letters"),
  .entries = entries,
  .run = evaluate,
};
