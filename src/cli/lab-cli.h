/* SPDX-License-Identifier: MIT */
#pragma once

#include <json-glib/json-glib.h>

#include "lab-network.h"

G_BEGIN_DECLS

/* Options under a title of their own in the help. */
typedef struct
{
  const char         *name;
  const char         *title; /* untranslated */
  const GOptionEntry *entries;
} LabCliGroup;

/* One command of the program, as "train". Its options live in its own file. */
typedef struct
{
  const char         *name;
  const char         *parameters;  /* what follows the options in the usage line, untranslated, or NULL */
  const char         *summary;     /* one line, untranslated */
  const char         *description; /* for --help, with an example, untranslated */
  const GOptionEntry *entries;
  const LabCliGroup  *groups; /* more of them, ended by one without a title; or NULL */

  /* Does the work. An error of the domain G_OPTION_ERROR is one of usage. */
  gboolean (*run) (gboolean json, GError **error);
} LabCliCommand;

extern const LabCliCommand lab_cli_train;
extern const LabCliCommand lab_cli_evaluate;
extern const LabCliCommand lab_cli_predict;
extern const LabCliCommand lab_cli_info;
extern const LabCliCommand lab_cli_bench;

/* Runs the command that @args names (without the program's own name) and
 * returns the exit status: 0, 1 when it failed, 2 when it was called wrongly. */
int lab_cli_main (const char * const *args);

/* Prints "digit-lab-cli: " and @message to the standard error. */
void lab_cli_report (const char *message);

/* Opens the model file @model; NULL or "bundled" is the one that comes with
 * the program. */
LabNetwork *lab_cli_open_network (const char *model, GError **error);

/* Returns the name to show for @model. */
const char *lab_cli_model_name (const char *model);

/* Adds a text, or null. */
void lab_cli_add_string (JsonBuilder *builder, const char *name, const char *value);

void lab_cli_add_int (JsonBuilder *builder, const char *name, gint64 value);

/* Adds a number, or null if it is not finite, which JSON cannot say. */
void lab_cli_add_number (JsonBuilder *builder, const char *name, double value);

/* Adds a file name as UTF-8, or null. */
void lab_cli_add_file_name (JsonBuilder *builder, const char *name, const char *path);

/* Prints what @builder holds on a line of its own. */
void lab_cli_print_json (JsonBuilder *builder);

G_END_DECLS
