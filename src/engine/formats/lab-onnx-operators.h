/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-error.h"

#include "nn-layer.h"
#include "onnx.pb-c.h"

G_BEGIN_DECLS

/* Where a reader is in the chain of operators. */
typedef struct
{
  const char *name;            /* of the file, for messages */
  GHashTable *tensors;         /* name → Onnx__TensorProto, borrowed */
  const Onnx__NodeProto *node; /* the operator being read, NULL outside the chain */
  const char *value;           /* the name of the value that it must work on */
  NnShape shape;               /* of that value */
  gboolean flat;               /* it is no picture */
  NnShape picture;             /* what it was before it was flattened */
  GError **error;
} LabOnnxReader;

/* A layer and the tensors that hold its parameters, which are checked but for
 * their values. */
typedef struct
{
  NnLayerSpec spec;
  const Onnx__TensorProto *weights;
  const Onnx__TensorProto *biases; /* NULL: all zero */
  gboolean transposed;             /* the weights are [units][inputs] */
  NnShape picture;                 /* see lab_onnx_weight_index() */
} LabOnnxLayer;

/* Sets the reader's error to the file's name, the operator being read and the
 * message. Always returns FALSE. */
gboolean lab_onnx_fail (LabOnnxReader *reader, LabError code, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* Checks the operator reader->node, makes @layer of it and moves the reader's
 * value and shape behind it. */
gboolean lab_onnx_read_operator (LabOnnxReader *reader, LabOnnxLayer *layer);

G_END_DECLS
