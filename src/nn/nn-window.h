/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "nn-layer-private.h"

/* What the kinds of pooling have in common: windows that lie side by side. */

/* See NnLayerType.resolve. */
NnStatus nn_window_resolve (NnLayer *layer);

/* Returns whether the windows of @layer leave nothing over. */
bool nn_window_covers (const NnLayer *layer);
