/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "lab-sample.h"

G_BEGIN_DECLS

/* A snapshot of a network's weights; immutable, so that any thread may use it.
 * Properties, read-only: title (string, of its preset or its file), parameters
 * (uint64, how many). */
#define LAB_TYPE_NETWORK (lab_network_get_type ())
G_DECLARE_FINAL_TYPE (LabNetwork, lab_network, LAB, NETWORK, GObject)

/* Returns the network that comes with the program. */
LabNetwork *lab_network_new_bundled (void);

/* Reads and writes ONNX, opset 13. Loading never trusts the file; the error
 * names it and the operator, attribute or size that is wrong. Saving writes a
 * temporary file, flushes and renames it: a crash leaves the old file or the
 * new one. The async forms work in a thread. */
LabNetwork *lab_network_load (GFile *file, GCancellable *cancellable, GError **error);
gboolean    lab_network_save (LabNetwork *self, GFile *file, GCancellable *cancellable, GError **error);

void        lab_network_load_async (GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
LabNetwork *lab_network_load_finish (GAsyncResult *result, GError **error);
void        lab_network_save_async (LabNetwork *self, GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean    lab_network_save_finish (GAsyncResult *result, GError **error);

/* Writes the LAB_N_CLASSES probabilities for an image of LAB_IMAGE_SIZE bytes,
 * ink 255 on 0. Runs on the calling thread, and allocates nothing but the first
 * time. */
void lab_network_predict (LabNetwork *self, const guint8 *image, float *probabilities);

/* Returns how large the largest probability of a digit should be: what the
 * training found, or 0.5; see lab-verdict.h. */
double lab_network_get_threshold (LabNetwork *self);

const char *lab_network_get_title (LabNetwork *self);
guint64     lab_network_get_parameters (LabNetwork *self);

/* Returns the layers as one line, "conv 5×5 32 · relu · …"; transfer full. */
char *lab_network_dup_summary (LabNetwork *self);

/* Returns a setting of the run that trained it ("preset", "epochs",
 * "val-accuracy" …) or NULL; see lab_network_list_metadata(). */
const char         *lab_network_get_metadata (LabNetwork *self, const char *key);
/* Returns the keys, sorted and NULL-terminated; transfer container (g_free()). */
const char        **lab_network_list_metadata (LabNetwork *self);

G_END_DECLS
