/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-settings.h"

G_BEGIN_DECLS

/* A network's layers with the settings it trains well with. Presets of several
 * members come last. */
typedef struct
{
  const char *name;        /* for the command line and files: "quick" */
  const char *title;       /* for people, untranslated: N_("Quick") */
  const char *description; /* one line, untranslated */
  LabSettings settings;
  guint members;           /* networks that are trained with seed after seed and vote; 0 is 1 */
} LabPreset;

guint            lab_preset_count (void);
const LabPreset *lab_preset_get (guint i);

/* Returns the preset called @name, or NULL. */
const LabPreset *lab_preset_find (const char *name);

G_END_DECLS
