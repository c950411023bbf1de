/* SPDX-License-Identifier: MIT */
#include "lab-cli.h"

#include "formats/lab-png.h"

#include <glib/gi18n.h>
#include <math.h>

static char *option_model;
static char **option_files;

static const GOptionEntry entries[] = {
  { "model", 'm', 0, G_OPTION_ARG_FILENAME, &option_model, N_("Network to use, an ONNX file or “bundled”"), N_("FILE") },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &option_files, NULL, NULL },
  { NULL },
};

static guint
find_best (const float *probabilities)
{
  guint best = 0;

  for (guint i = 1; i < LAB_N_CLASSES; i++)
    if (probabilities[i] > probabilities[best])
      best = i;

  return best;
}

static gboolean
is_blank (const guint8 *image)
{
  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    if (image[i] != 0)
      return FALSE;

  return TRUE;
}

/* @probabilities: NULL for a blank picture. */
static void
print_text (const char *path, const float *probabilities)
{
  g_autofree char *name = g_filename_display_name (path);
  guint best;

  if (probabilities == NULL)
    {
      g_print (_("%s: there is no digit, the picture is blank\n"), name);
      return;
    }
  best = find_best (probabilities);

  g_print ("%s: %u (%.1f %%)\n", name, best, 100 * probabilities[best]);
  for (guint i = 0; i < LAB_N_CLASSES; i++)
    g_print ("  %u  %5.1f %%\n", i, 100 * probabilities[i]);
}

static void
print_json (const char *path, const float *probabilities)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  gboolean blank = probabilities == NULL;
  guint best = blank ? 0 : find_best (probabilities);

  json_builder_begin_object (builder);
  lab_cli_add_file_name (builder, "file", path);
  json_builder_set_member_name (builder, "digit");
  if (blank)
    json_builder_add_null_value (builder);
  else
    json_builder_add_int_value (builder, best);
  lab_cli_add_number (builder, "confidence", blank ? NAN : probabilities[best]);
  json_builder_set_member_name (builder, "probabilities");
  json_builder_begin_array (builder);
  for (guint i = 0; !blank && i < LAB_N_CLASSES; i++)
    json_builder_add_double_value (builder, probabilities[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  lab_cli_print_json (builder);
}

static gboolean
predict (gboolean json, GError **error)
{
  g_autoptr (LabNetwork) network = NULL;
  guint n_files = option_files ? g_strv_length (option_files) : 0;
  guint n_failed = 0;

  if (n_files == 0)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("at least one PNG file is needed"));
      return FALSE;
    }

  network = lab_cli_open_network (option_model, error);
  if (network == NULL)
    return FALSE;

  for (guint i = 0; i < n_files; i++)
    {
      g_autoptr (GFile) file = g_file_new_for_commandline_arg (option_files[i]);
      g_autoptr (GError) local_error = NULL;
      guint8 image[LAB_IMAGE_SIZE];
      float probabilities[LAB_N_CLASSES];
      gboolean blank;

      if (!lab_png_read_digit (file, image, NULL, &local_error))
        {
          lab_cli_report (local_error->message);
          n_failed++;
          continue;
        }

      blank = is_blank (image);
      lab_network_predict (network, image, probabilities);
      if (json)
        print_json (option_files[i], blank ? NULL : probabilities);
      else
        print_text (option_files[i], blank ? NULL : probabilities);
    }

  if (n_failed > 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   ngettext ("%u of %u file could not be read", "%u of %u files could not be read", n_files),
                   n_failed, n_files);
      return FALSE;
    }

  return TRUE;
}

const LabCliCommand lab_cli_predict = {
  .name = "predict",
  .parameters = N_("FILE.png…"),
  .summary = N_("Read digits in PNG pictures"),
  .description = N_("Prints the digit that each picture shows and the probability of every digit. A picture may have\n"
                    "any size and be dark on light or light on dark; the digit in it is cut out and scaled as MNIST’s\n"
                    "images were. Pictures of 28 × 28 pixels are taken as they are.\n"
                    "\n"
                    "With --json, each picture gives an object: file, digit, confidence and probabilities, 10 numbers;\n"
                    "for a blank picture, digit and confidence are null and there are no probabilities.\n"
                    "\n"
                    "Example:\n"
                    "  digit-lab-cli predict --json seven.png"),
  .entries = entries,
  .run = predict,
};
