/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "nn-network.h"
#include "onnx.pb-c.h"

G_BEGIN_DECLS

/* The most tensors that the operator of one layer has. */
#define LAB_ONNX_MAX_TENSORS 4

/* Where a writer is in the layers of a network. A model is built as a tree of
 * messages that own all they point to, so that
 * onnx__model_proto__free_unpacked() frees it. */
typedef struct
{
  const NnNetwork *network;
  Onnx__GraphProto *graph; /* with room for all operators and tensors */
  const char *value;       /* the name of the value that the last operator made */
  gboolean flat;           /* that value is no picture */
  NnShape picture;         /* what it was before it was flattened */
} LabOnnxWriter;

/* Adds the operator of layer @i, and its tensors, to the graph. */
gboolean lab_onnx_add_layer (LabOnnxWriter *writer, size_t i, GError **error);

G_END_DECLS
