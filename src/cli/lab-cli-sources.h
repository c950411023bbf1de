/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-cli.h"
#include "lab-dataset.h"
#include "lab-run.h"

G_BEGIN_DECLS

/* Where pictures come from, as options say it; what is not given is NULL. */
typedef struct
{
  char *data;        /* --data */
  char *ink;         /* --ink */
  char *writers;     /* --writers */
  char *copies;      /* --copies */
  char *validation_writers; /* --validation-writers */
  char *handwriting; /* --handwriting */
} LabCliSources;

/* Reads what @run is trained on into *@dataset. *@validation is what is held out,
 * or NULL where the run's own share of *@dataset is. */
gboolean lab_cli_load_training_set (const LabCliSources *sources,
                                    LabRun              *run,
                                    LabDataset         **dataset,
                                    LabDataset         **validation,
                                    GError             **error);

/* Reads the pen strokes of --ink, by --writers, as they were written. */
LabDataset *lab_cli_load_ink (const LabCliSources *sources, GError **error);

/* Reads a number of pictures. */
gboolean lab_cli_parse_count (const char *option, const char *text, guint *count, GError **error);

G_END_DECLS
