/* SPDX-License-Identifier: MIT */
#include "lab-cli.h"

#include "lab-evaluation.h"

#include <glib/gi18n.h>
#include <math.h>

static char *option_model;
static char *option_data;
static char *option_part;
static char *option_ink;
static char *option_images;

static const GOptionEntry entries[] = {
  { "model", 'm', 0, G_OPTION_ARG_FILENAME, &option_model, N_("Network to use, an ONNX file or “bundled”"), N_("FILE") },
  { "data", 'd', 0, G_OPTION_ARG_FILENAME, &option_data, N_("Folder with MNIST’s files"), N_("DIR") },
  { "part", 0, 0, G_OPTION_ARG_STRING, &option_part, N_("Which part of --data: “test” (the default) or “train”"), N_("PART") },
  { "ink", 0, 0, G_OPTION_ARG_FILENAME, &option_ink, N_("Pen strokes in UNIPEN text, plain or .gz"), N_("FILE") },
  { "images", 0, 0, G_OPTION_ARG_FILENAME, &option_images, N_("Folder with PNG files named by their digit, as 7-a.png"), N_("DIR") },
  { NULL },
};

static gboolean
parse_part (LabPart *part, GError **error)
{
  if (option_part != NULL && option_data == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("--part goes with --data only"));
      return FALSE;
    }

  if (option_part == NULL || g_str_equal (option_part, "test"))
    *part = LAB_PART_TEST;
  else if (g_str_equal (option_part, "train"))
    *part = LAB_PART_TRAIN;
  else
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _("--part: “%s” is neither “test” nor “train”"), option_part);
      return FALSE;
    }

  return TRUE;
}

static LabDataset *
load_dataset (GError **error)
{
  g_autoptr (GFile) file = NULL;
  LabPart part;
  int n_sources = (option_data != NULL) + (option_ink != NULL) + (option_images != NULL);

  if (n_sources != 1)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _("exactly one of --data, --ink and --images is needed"));
      return NULL;
    }
  if (!parse_part (&part, error))
    return NULL;

  if (option_ink)
    {
      file = g_file_new_for_commandline_arg (option_ink);
      return lab_dataset_load_ink (file, NULL, error);
    }
  if (option_images)
    {
      file = g_file_new_for_commandline_arg (option_images);
      return lab_dataset_load_images (file, NULL, error);
    }
  file = g_file_new_for_commandline_arg (option_data);

  return lab_dataset_load (file, part, NULL, error);
}

static void
print_text (LabEvaluation *evaluation)
{
  g_autofree char *name = g_filename_display_name (option_model != NULL ? option_model : "bundled");

  g_print (_("Network: %s\n"), name);
  g_print (_("Accuracy: %.2f %%\n"), 100 * lab_evaluation_get_accuracy (evaluation));
  g_print (_("Errors: %u of %u images\n"), lab_evaluation_get_errors (evaluation), lab_evaluation_get_images (evaluation));
  g_print (_("Loss: %.4f\n"), lab_evaluation_get_loss (evaluation));

  g_print (_("\nRows: the true digit. Columns: what it was read as.\n\n"));
  g_print ("      ");
  for (guint i = 0; i < LAB_N_CLASSES; i++)
    g_print (" %5u", i);
  g_print ("  %8s  %8s\n", _("images"), _("right"));
  for (guint label = 0; label < LAB_N_CLASSES; label++)
    {
      guint support = lab_evaluation_get_support (evaluation, label);
      guint right = lab_evaluation_get_confusion (evaluation, label, label);

      g_print ("%6u", label);
      for (guint i = 0; i < LAB_N_CLASSES; i++)
        g_print (" %5u", lab_evaluation_get_confusion (evaluation, label, i));
      g_print ("  %8u", support);
      if (support > 0)
        g_print ("  %6.2f %%", 100.0 * right / support);
      g_print ("\n");
    }
}

static void
add_classes (JsonBuilder *builder, LabEvaluation *evaluation)
{
  json_builder_set_member_name (builder, "classes");
  json_builder_begin_array (builder);
  for (guint label = 0; label < LAB_N_CLASSES; label++)
    {
      guint support = lab_evaluation_get_support (evaluation, label);
      guint right = lab_evaluation_get_confusion (evaluation, label, label);

      json_builder_begin_object (builder);
      lab_cli_add_int (builder, "label", label);
      lab_cli_add_int (builder, "images", support);
      lab_cli_add_int (builder, "errors", support - right);
      lab_cli_add_number (builder, "accuracy", support > 0 ? (double) right / support : NAN);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_confusion (JsonBuilder *builder, LabEvaluation *evaluation)
{
  json_builder_set_member_name (builder, "confusion");
  json_builder_begin_array (builder);
  for (guint label = 0; label < LAB_N_CLASSES; label++)
    {
      json_builder_begin_array (builder);
      for (guint i = 0; i < LAB_N_CLASSES; i++)
        json_builder_add_int_value (builder, lab_evaluation_get_confusion (evaluation, label, i));
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
}

static void
print_json (LabEvaluation *evaluation)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lab_cli_add_file_name (builder, "model", lab_cli_model_name (option_model));
  lab_cli_add_number (builder, "accuracy", lab_evaluation_get_accuracy (evaluation));
  lab_cli_add_int (builder, "errors", lab_evaluation_get_errors (evaluation));
  lab_cli_add_int (builder, "images", lab_evaluation_get_images (evaluation));
  lab_cli_add_number (builder, "loss", lab_evaluation_get_loss (evaluation));
  add_classes (builder, evaluation);
  add_confusion (builder, evaluation);
  json_builder_end_object (builder);

  lab_cli_print_json (builder);
}

static gboolean
evaluate (gboolean json, GError **error)
{
  g_autoptr (LabDataset) dataset = load_dataset (error);
  g_autoptr (LabNetwork) network = NULL;
  g_autoptr (LabEvaluation) evaluation = NULL;

  if (dataset == NULL)
    return FALSE;
  network = lab_cli_open_network (option_model, error);
  if (network == NULL)
    return FALSE;
  evaluation = lab_evaluation_new (network, dataset, 0, NULL, error);
  if (evaluation == NULL)
    return FALSE;

  if (json)
    print_json (evaluation);
  else
    print_text (evaluation);

  return TRUE;
}

const LabCliCommand lab_cli_evaluate = {
  .name = "evaluate",
  .summary = N_("Measure how well a network reads labelled digits"),
  .description = N_("Prints the accuracy, the mean cross-entropy in nats and the confusion matrix, on MNIST’s test\n"
                    "images, on pen strokes or on pictures.\n"
                    "\n"
                    "With --json: model, accuracy (a fraction of 1), errors, images, loss, classes (10 objects with label,\n"
                    "images, errors, accuracy) and confusion (10 arrays of 10; the outer is the true digit).\n"
                    "\n"
                    "Examples:\n"
                    "  digit-lab-cli evaluate --model bundled --data ~/mnist\n"
                    "  digit-lab-cli evaluate --model my.onnx --ink pendigits-train.unp.gz"),
  .entries = entries,
  .run = evaluate,
};
