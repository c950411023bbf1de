/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-preset.h"
#include "nn-network.h"

G_BEGIN_DECLS

/* Makes the network of @preset with first weights drawn from @seed. */
NN_MUST_CHECK NnStatus lab_preset_build (const LabPreset *preset, guint64 seed, NnNetwork **network);

G_END_DECLS
