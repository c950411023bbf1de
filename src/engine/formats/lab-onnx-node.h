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
  int opset;                   /* the version of the operators */
  GHashTable *tensors;         /* name → Onnx__TensorProto, borrowed */
  const Onnx__NodeProto *node; /* the operator being read, NULL outside the chain */
  const char *value;           /* the name of the value that it must work on */
  NnShape shape;               /* of that value */
  gboolean flat;               /* it is no picture */
  NnShape picture;             /* what it was before it was flattened */
  GError **error;
} LabOnnxReader;

/* An attribute that an operator may have. Where it can only have one value, the
 * rule says which; the others are looked at where the layer is made. */
typedef struct
{
  const char *name;
  Onnx__AttributeProto__AttributeType type;
  size_t count;  /* for a list, how many there must be */
  gboolean open; /* more than one value is supported */
  int value;     /* else this one, for a list every one of them */
} LabOnnxRule;

/* Sets the reader's error to the file's name, the operator being read and the
 * message. Always returns FALSE. */
gboolean lab_onnx_fail (LabOnnxReader *reader, LabError code, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* Says that the operator's attribute cannot have the value that it has. */
gboolean lab_onnx_fail_attribute (LabOnnxReader *reader, const Onnx__AttributeProto *attribute);

/* Says that the tensor that is input @i of the operator has the wrong size. */
gboolean lab_onnx_fail_size (LabOnnxReader *reader, size_t i);

/* Whether @node is ONNX's own operator @op_type. */
gboolean lab_onnx_node_is (const Onnx__NodeProto *node, const char *op_type);

/* Checks every attribute of the operator against @rules, which end with one
 * that has no name. */
gboolean lab_onnx_check_attributes (LabOnnxReader *reader, const LabOnnxRule *rules);

/* Returns the operator's attribute, or NULL if it has none of that name. */
const Onnx__AttributeProto *lab_onnx_find_attribute (LabOnnxReader *reader, const char *name);

/* Whether input @i is there: those at the end may be left out. */
gboolean lab_onnx_has_input (LabOnnxReader *reader, size_t i);

/* Finds input @i of the operator among the tensors of the file. All its numbers
 * are there when this returns it. */
const Onnx__TensorProto *lab_onnx_find_tensor (LabOnnxReader *reader, size_t i,
                                               Onnx__TensorProto__DataType type, size_t n_dims);

/* Returns number @i of a tensor of floats. */
float lab_onnx_tensor_get (const Onnx__TensorProto *tensor, size_t i);

/* Whether all the numbers of a tensor of integers or truth values are zero. */
gboolean lab_onnx_tensor_is_zero (const Onnx__TensorProto *tensor);

G_END_DECLS
