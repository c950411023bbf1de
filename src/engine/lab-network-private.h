/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-network.h"
#include "nn-network.h"

G_BEGIN_DECLS

/* Wraps @core and @metadata (string → string), taking both, whatever comes of
 * it. Fails when the network does not take LAB_IMAGE_SIZE values and answer
 * LAB_N_CLASSES; the message then starts with @name. */
LabNetwork *lab_network_new_take (NnNetwork *core, GHashTable *metadata, const char *name, GError **error);

const NnNetwork *lab_network_get_core (LabNetwork *self);

G_END_DECLS
