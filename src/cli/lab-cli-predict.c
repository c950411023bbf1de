/* SPDX-License-Identifier: MIT */
#include "lab-cli.h"

#include "lab-picture.h"
#include "lab-verdict.h"

#include <glib/gi18n.h>

static char *option_model;
static char **option_files;

static const GOptionEntry entries[] = {
  { "model", 'm', 0, G_OPTION_ARG_FILENAME, &option_model, N_("Network to use, an ONNX file or “bundled”"), N_("FILE") },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &option_files, NULL, NULL },
  { NULL },
};

/* What a network says of a digit that was found. */
typedef struct
{
  const LabFoundDigit *found;
  float probabilities[LAB_N_CLASSES];
  LabVerdict verdict;
} Reading;

static Reading
read_digit (LabNetwork *network, const LabFoundDigit *found)
{
  Reading reading = { .found = found };

  lab_network_predict (network, found->image, reading.probabilities);
  reading.verdict = lab_verdict_judge (network, found->image, reading.probabilities);
  return reading;
}

/* Returns the digits as a number, with “?” where there is none; transfer full. */
static char *
dup_number (const Reading *readings, guint n)
{
  GString *number = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      LabVerdict verdict = readings[i].verdict;
      gboolean is_digit = verdict.kind == LAB_VERDICT_DIGIT || verdict.kind == LAB_VERDICT_NOT_SURE;

      g_string_append_c (number, is_digit ? '0' + verdict.first : '?');
    }
  return g_string_free (number, FALSE);
}

static void
print_text (const char *path, const Reading *readings, guint n)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *number = dup_number (readings, n);

  if (n == 0)
    {
      g_print (_("%s: there is no digit in the picture\n"), name);
      return;
    }
  g_print ("%s: %s\n", name, number);
  for (guint i = 0; i < n; i++)
    {
      const LabFoundDigit *found = readings[i].found;
      g_autofree char *text = lab_verdict_dup_text (readings[i].verdict);

      /* Translators: a verdict, as “This is a 7”, and where in the picture it is */
      g_print (_("  %s; %u × %u pixels at %u, %u\n"), text, found->width, found->height, found->left, found->top);
      for (guint k = 0; k < LAB_N_CLASSES; k++)
        g_print ("    %u  %5.1f %%\n", k, 100 * readings[i].probabilities[k]);
    }
}

static void
add_digit (JsonBuilder *builder, const Reading *reading)
{
  const LabFoundDigit *found = reading->found;
  g_autoptr (GEnumClass) kinds = g_type_class_ref (LAB_TYPE_VERDICT_KIND);

  json_builder_begin_object (builder);
  lab_cli_add_int (builder, "digit", reading->verdict.first);
  lab_cli_add_number (builder, "confidence", reading->probabilities[reading->verdict.first]);
  lab_cli_add_string (builder, "verdict", g_enum_get_value (kinds, reading->verdict.kind)->value_nick);
  lab_cli_add_int (builder, "left", found->left);
  lab_cli_add_int (builder, "top", found->top);
  lab_cli_add_int (builder, "width", found->width);
  lab_cli_add_int (builder, "height", found->height);
  json_builder_set_member_name (builder, "probabilities");
  json_builder_begin_array (builder);
  for (guint i = 0; i < LAB_N_CLASSES; i++)
    json_builder_add_double_value (builder, reading->probabilities[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
print_json (const char *path, const Reading *readings, guint n)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *number = dup_number (readings, n);

  json_builder_begin_object (builder);
  lab_cli_add_file_name (builder, "file", path);
  lab_cli_add_string (builder, "number", n > 0 ? number : NULL);
  json_builder_set_member_name (builder, "digits");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n; i++)
    add_digit (builder, &readings[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  lab_cli_print_json (builder);
}

static gboolean
predict_file (LabNetwork *network, const char *path, gboolean json, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr (LabPicture) picture = lab_picture_read (file, NULL, error);
  g_autoptr (GArray) digits = NULL;
  g_autofree Reading *readings = NULL;

  if (picture == NULL)
    return FALSE;
  digits = lab_picture_find_digits (picture);
  readings = g_new (Reading, digits->len);
  for (guint i = 0; i < digits->len; i++)
    readings[i] = read_digit (network, &g_array_index (digits, LabFoundDigit, i));
  if (json)
    print_json (path, readings, digits->len);
  else
    print_text (path, readings, digits->len);
  return TRUE;
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
      g_autoptr (GError) local_error = NULL;

      if (predict_file (network, option_files[i], json, &local_error))
        continue;
      lab_cli_report (local_error->message);
      n_failed++;
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
  .description = N_("Prints the digits that each picture shows, from left to right and line by line, each with where it\n"
                    "is and the probability of every digit. A picture may have any size and be dark on light or light on\n"
                    "dark; paper, ruled lines and frames are taken away, and each digit is scaled as MNIST’s images were.\n"
                    "Pictures of 28 × 28 pixels are one digit and taken as they are.\n"
                    "\n"
                    "With --json, each picture gives an object: file, number (a string, “?” for what is no digit; null\n"
                    "for a picture without any) and digits, an array of objects: digit, confidence, verdict (digit,\n"
                    "not-sure or not-a-digit), left, top, width, height (pixels of the file) and probabilities, 10 numbers.\n"
                    "\n"
                    "Example:\n"
                    "  digit-lab-cli predict --json seven.png"),
  .entries = entries,
  .run = predict,
};
