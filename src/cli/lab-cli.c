/* SPDX-License-Identifier: MIT */
#include "lab-cli.h"

#include "lab-config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>

enum
{
  STATUS_OK = 0,
  STATUS_FAILED = 1,
  STATUS_USAGE = 2,
};

static const LabCliCommand * const commands[] = {
  &lab_cli_train,
  &lab_cli_evaluate,
  &lab_cli_predict,
  &lab_cli_info,
  &lab_cli_bench,
};

static void
print_version (void)
{
  g_print ("digit-lab-cli %s\n", LAB_VERSION);
}

static void
print_help (void)
{
  g_print (_("Usage:\n"
             "  digit-lab-cli COMMAND [OPTION…]\n"
             "\n"
             "Trains and uses networks that read handwritten digits.\n"
             "\n"
             "Commands:\n"));
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_print ("  %-10s %s\n", commands[i]->name, _(commands[i]->summary));
  g_print (_("\n"
             "“digit-lab-cli COMMAND --help” describes a command; “digit-lab-cli --version” prints the version.\n"
             "The exit status is 0, 1 when the command failed or 2 when it was called wrongly.\n"
             "\n"
             "Example:\n"
             "  digit-lab-cli evaluate --data ~/mnist\n"));
}

static const LabCliCommand *
find_command (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i]->name, name))
      return commands[i];

  return NULL;
}

static void
add_groups (GOptionContext *context, const LabCliGroup *groups)
{
  for (; groups != NULL && groups->title != NULL; groups++)
    {
      GOptionGroup *group = g_option_group_new (groups->name, _(groups->title), "", NULL, NULL);

      g_option_group_add_entries (group, groups->entries);
      g_option_group_set_translation_domain (group, NULL);
      g_option_context_add_group (context, group);
    }
}

static gboolean
run_command (const LabCliCommand *command, const char * const *args, GError **error)
{
  gboolean help = FALSE;
  gboolean json = FALSE;
  gboolean version = FALSE;
  GOptionEntry common[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON, one object on a line"), NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &help, N_("Print this help"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, N_("Print the program’s version"), NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = NULL;
  g_autofree char *usage = g_strconcat ("digit-lab-cli ", command->name, NULL);
  g_auto (GStrv) rest = NULL;

  /* The help's usage line begins with it. */
  g_set_prgname (usage);

  context = g_option_context_new (command->parameters ? _(command->parameters) : NULL);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_summary (context, _(command->summary));
  g_option_context_set_description (context, _(command->description));
  g_option_context_add_main_entries (context, command->entries, NULL);
  g_option_context_add_main_entries (context, common, NULL);
  add_groups (context, command->groups);

  rest = g_strdupv ((char **) args);
  if (!g_option_context_parse_strv (context, &rest, error))
    return FALSE;

  if (help)
    {
      g_autofree char *text = g_option_context_get_help (context, command->groups == NULL, NULL);

      g_print ("%s", text);
      return TRUE;
    }
  if (version)
    {
      print_version ();
      return TRUE;
    }
  if (rest[1] != NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("“%s” is one argument too many"), rest[1]);
      return FALSE;
    }

  return command->run (json, error);
}

int
lab_cli_main (const char * const *args)
{
  const LabCliCommand *command;
  g_autoptr (GError) error = NULL;

  if (args[0] == NULL)
    {
      lab_cli_report (_("a command is missing; “digit-lab-cli --help” lists them"));
      return STATUS_USAGE;
    }

  if (g_str_equal (args[0], "--help") || g_str_equal (args[0], "-h"))
    print_help ();
  else if (g_str_equal (args[0], "--version"))
    print_version ();
  else if ((command = find_command (args[0])) == NULL)
    {
      g_autofree char *message = g_strdup_printf (_("there is no command “%s”; “digit-lab-cli --help” lists them"), args[0]);

      lab_cli_report (message);
      return STATUS_USAGE;
    }
  else if (!run_command (command, args, &error))
    {
      lab_cli_report (error->message);
      if (error->domain != G_OPTION_ERROR)
        return STATUS_FAILED;

      g_printerr (_("“digit-lab-cli %s --help” lists its options.\n"), command->name);
      return STATUS_USAGE;
    }

  if (fflush (stdout) != 0 || ferror (stdout))
    {
      lab_cli_report (_("the output could not be written"));
      return STATUS_FAILED;
    }

  return STATUS_OK;
}

void
lab_cli_report (const char *message)
{
  g_printerr ("digit-lab-cli: %s\n", message);
}

LabNetwork *
lab_cli_open_network (const char *model, GError **error)
{
  g_autoptr (GFile) file = NULL;

  if (g_strcmp0 (lab_cli_model_name (model), "bundled") == 0)
    return lab_network_new_bundled ();

  file = g_file_new_for_commandline_arg (model);

  return lab_network_load (file, NULL, error);
}

const char *
lab_cli_model_name (const char *model)
{
  return model ? model : "bundled";
}

void
lab_cli_add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
lab_cli_add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

void
lab_cli_add_number (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  if (isfinite (value))
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
lab_cli_add_file_name (JsonBuilder *builder, const char *name, const char *path)
{
  g_autofree char *text = path ? g_filename_display_name (path) : NULL;

  lab_cli_add_string (builder, name, text);
}

void
lab_cli_print_json (JsonBuilder *builder)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = NULL;

  json_generator_set_root (generator, root);
  text = json_generator_to_data (generator, NULL);

  /* Not g_print(), which writes in the locale's encoding: JSON is UTF-8. */
  fputs (text, stdout);
  putchar ('\n');
  fflush (stdout);
}
