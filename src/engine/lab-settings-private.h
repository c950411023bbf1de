/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-settings.h"
#include "nn-trainer.h"

G_BEGIN_DECLS

/* Writes what the core makes of @settings. Fails when this processor has no
 * instructions for their precision. */
gboolean lab_settings_to_options (const LabSettings *settings, NnTrainOptions *options, GError **error);

G_END_DECLS
