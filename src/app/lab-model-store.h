/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "lab-network.h"

G_BEGIN_DECLS

/* Where the program keeps its network from one start to the next: model.onnx in
 * a folder, with the one before it as model-previous.onnx. All files are read
 * and written in a thread, one request after the other. */
#define LAB_TYPE_MODEL_STORE (lab_model_store_get_type ())
G_DECLARE_FINAL_TYPE (LabModelStore, lab_model_store, LAB, MODEL_STORE, GObject)

/* @folder is made when something is first kept in it. */
LabModelStore *lab_model_store_new (GFile *folder);

/* Gets the network that is kept, or NULL without @error when none is. A file
 * with bad contents is set aside as model-damaged.onnx. */
void        lab_model_store_load_async  (LabModelStore *self, GAsyncReadyCallback callback, gpointer user_data);
LabNetwork *lab_model_store_load_finish (LabModelStore *self, GAsyncResult *result, GError **error);

/* Keeps @network; NULL keeps none. */
void     lab_model_store_save_async  (LabModelStore *self, LabNetwork *network, GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean lab_model_store_save_finish (LabModelStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
