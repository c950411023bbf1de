/* SPDX-License-Identifier: MIT */

/* How an evaluation is printed: as a table for people and as JSON. */

#include "lab-cli-evaluation.h"

#include "lab-interval.h"

#include <glib/gi18n.h>
#include <math.h>

/* Returns the names of the networks for people, in one line. */
static char *
dup_names (char **models)
{
  g_autoptr (GString) names = g_string_new (NULL);

  if (models == NULL)
    return g_strdup (lab_cli_model_name (NULL));
  for (guint i = 0; models[i] != NULL; i++)
    {
      g_autofree char *name = g_filename_display_name (models[i]);

      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", name);
    }
  return g_strdup (names->str);
}

/* Prints a line of the table at the head; @title is as long as its translation. */
static void G_GNUC_PRINTF (2, 3)
print_line (const char *title, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_print ("%s%*s%s\n", title, MAX (20 - (int) g_utf8_strlen (title, -1), 1), "", text);
}

/* Prints that @count of @n are something, as a part with its interval. */
static void
print_rate (const char *title, guint count, guint n)
{
  LabInterval interval = lab_interval_of_rate (count, n);

  print_line (title, _("%.2f %% (%.2f to %.2f %%), %u of %u"), 100.0 * count / n,
              100 * interval.low, 100 * interval.high, count, n);
}

static void
print_confusion (LabEvaluation *evaluation)
{
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

void
lab_cli_print_evaluation (LabEvaluation *evaluation, char **models)
{
  guint images = lab_evaluation_get_images (evaluation);
  guint outliers = lab_evaluation_get_outliers (evaluation);
  guint miscounted = lab_dataset_get_miscounted (lab_evaluation_get_dataset (evaluation));
  g_autofree char *names = dup_names (models);

  print_line (models != NULL && models[1] != NULL ? _("Networks:") : _("Network:"), "%s", names);
  if (images > 0)
    {
      print_rate (_("Accuracy:"), images - lab_evaluation_get_errors (evaluation), images);
      print_rate (_("Errors:"), lab_evaluation_get_errors (evaluation), images);
      print_rate (_("Refused:"), lab_evaluation_get_refused (evaluation), images);
      print_line (_("Calibration error:"), "%.2f %%", 100 * lab_evaluation_get_calibration_error (evaluation));
      print_line (_("Loss:"), "%.4f", lab_evaluation_get_loss (evaluation));
    }
  if (miscounted > 0)
    print_line (_("Miscounted:"),
                ngettext ("%u picture with more or fewer digits than its name says",
                          "%u pictures with more or fewer digits than their names say", miscounted),
                miscounted);
  if (outliers > 0)
    print_rate (_("Doodles refused:"), lab_evaluation_get_outliers_refused (evaluation), outliers);
  if (images > 0)
    print_confusion (evaluation);
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

/* Adds that @count of @n are something: @name, and @name with _low and _high. */
static void
add_rate (JsonBuilder *builder, const char *name, guint count, guint n)
{
  LabInterval interval = lab_interval_of_rate (count, n);
  g_autofree char *low = g_strconcat (name, "_low", NULL);
  g_autofree char *high = g_strconcat (name, "_high", NULL);

  lab_cli_add_number (builder, name, n > 0 ? (double) count / n : NAN);
  lab_cli_add_number (builder, low, n > 0 ? interval.low : NAN);
  lab_cli_add_number (builder, high, n > 0 ? interval.high : NAN);
}

void
lab_cli_print_evaluation_json (LabEvaluation *evaluation, char **models)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *names = dup_names (models);
  guint images = lab_evaluation_get_images (evaluation);
  guint errors = lab_evaluation_get_errors (evaluation);

  json_builder_begin_object (builder);
  lab_cli_add_string (builder, "model", names);
  add_rate (builder, "accuracy", images - errors, images);
  lab_cli_add_int (builder, "errors", errors);
  lab_cli_add_int (builder, "images", images);
  lab_cli_add_int (builder, "refused", lab_evaluation_get_refused (evaluation));
  lab_cli_add_int (builder, "miscounted", lab_dataset_get_miscounted (lab_evaluation_get_dataset (evaluation)));
  lab_cli_add_int (builder, "doodles", lab_evaluation_get_outliers (evaluation));
  lab_cli_add_int (builder, "doodles_refused", lab_evaluation_get_outliers_refused (evaluation));
  lab_cli_add_number (builder, "calibration_error", lab_evaluation_get_calibration_error (evaluation));
  lab_cli_add_number (builder, "loss", images > 0 ? lab_evaluation_get_loss (evaluation) : NAN);
  add_classes (builder, evaluation);
  add_confusion (builder, evaluation);
  json_builder_end_object (builder);

  lab_cli_print_json (builder);
}
