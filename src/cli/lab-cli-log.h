/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-epoch.h"

G_BEGIN_DECLS

/* A CSV file with a row for every epoch. A row is out of our hands as soon as it
 * is added, so that a run that is cut short leaves what it knew. Figures that
 * are not known are empty. */
typedef struct _LabCliLog LabCliLog;

LabCliLog *lab_cli_log_new (const char *path, GError **error);
void       lab_cli_log_free (LabCliLog *self);

gboolean lab_cli_log_add (LabCliLog *self, LabEpoch *epoch, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LabCliLog, lab_cli_log_free)

G_END_DECLS
