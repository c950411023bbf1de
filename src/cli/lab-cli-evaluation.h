/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-cli.h"
#include "lab-evaluation.h"

G_BEGIN_DECLS

/* Prints what @models make of a data set, for people or as JSON; they are what
 * --model was given, NULL when it was not. */
void lab_cli_print_evaluation (LabEvaluation *evaluation, char **models);
void lab_cli_print_evaluation_json (LabEvaluation *evaluation, char **models);

G_END_DECLS
