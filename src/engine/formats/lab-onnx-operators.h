/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-onnx-node.h"

G_BEGIN_DECLS

/* A layer and the tensors that hold its parameters, which are checked but for
 * their values. */
typedef struct
{
  const Onnx__NodeProto *node; /* the operator that it was made of */
  NnLayerSpec spec;
  const Onnx__TensorProto *weights;
  const Onnx__TensorProto *biases; /* NULL: all zero */
  const Onnx__TensorProto *means;  /* batch norm only, like the variances */
  const Onnx__TensorProto *variances;
  gboolean transposed; /* the weights are [units][inputs] */
  NnShape picture;     /* see lab_onnx_flat_index() */
  gboolean idle;       /* the operator changes nothing, and no layer is made of it */
} LabOnnxLayer;

/* Returns the tensor that reader->node, a Constant, makes, or NULL on error. */
Onnx__TensorProto *lab_onnx_read_constant (LabOnnxReader *reader);

/* Checks the operator reader->node, makes @layer of it and moves the reader's
 * value and shape behind it. */
gboolean lab_onnx_read_operator (LabOnnxReader *reader, LabOnnxLayer *layer);

G_END_DECLS
