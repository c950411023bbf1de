/* SPDX-License-Identifier: MIT */
#include "lab-onnx-operators.h"

#include "lab-onnx-layout.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define FLOAT ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT
#define INT ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT
#define STRING ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING
#define TENSOR ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR
#define INTS ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS

#define MAX_RULES 8

/* What is known about one operator. */
typedef struct
{
  const char *op_type;
  int since; /* the first opset with this form of the operator */
  NnLayerKind kind;
  gboolean (*read) (LabOnnxReader *reader, LabOnnxLayer *layer); /* NULL: there is no more to it */
  size_t min_inputs;
  size_t max_inputs;
  size_t max_outputs;
  LabOnnxRule rules[MAX_RULES]; /* ends with one that has no name */
} Operator;

/* Finds input @i, a tensor of floats. */
static const Onnx__TensorProto *
find_floats (LabOnnxReader *reader, size_t i, size_t n_dims)
{
  return lab_onnx_find_tensor (reader, i, ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, n_dims);
}

/* Returns the shortest decimal number that is @value in single precision: what
 * somebody wrote as 0.9 becomes 0.9 again, and not 0.89999998. */
static double
widen (float value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  double number = value;

  for (int digits = 1; digits <= 9; digits++)
    {
      char format[] = { '%', '.', '0' + digits, 'g', '\0' };

      number = g_ascii_strtod (g_ascii_formatd (text, sizeof text, format, value), NULL);
      if ((float) number == value)
        break;
    }
  return number;
}

/* Reads an attribute that is at least 0 and below 1, or @otherwise where it is
 * left out. */
static gboolean
read_fraction (LabOnnxReader *reader, const char *name, double otherwise, double *value)
{
  const Onnx__AttributeProto *attribute = lab_onnx_find_attribute (reader, name);

  *value = attribute != NULL ? widen (attribute->f) : otherwise;
  return (*value >= 0 && *value < 1) || lab_onnx_fail_attribute (reader, attribute);
}

/* Finds the biases, the third input, which may be left out. */
static gboolean
read_biases (LabOnnxReader *reader, LabOnnxLayer *layer)
{
  if (!lab_onnx_has_input (reader, 2))
    return TRUE;
  layer->biases = find_floats (reader, 2, 1);
  if (layer->biases == NULL)
    return FALSE;
  return (guint64) layer->biases->dims[0] == layer->spec.units || lab_onnx_fail_size (reader, 2);
}

static gboolean
string_is (const Onnx__AttributeProto *attribute, const char *text)
{
  return attribute->s.len == strlen (text) && memcmp (attribute->s.data, text, attribute->s.len) == 0;
}

/* Reads pads or, in its place, auto_pad. */
static gboolean
read_padding (LabOnnxReader *reader, NnLayerSpec *spec)
{
  const Onnx__AttributeProto *automatic = lab_onnx_find_attribute (reader, "auto_pad");
  const Onnx__AttributeProto *pads = lab_onnx_find_attribute (reader, "pads");
  gint64 none[4] = { 0 };
  gint64 same[4];

  spec->padding = NN_PADDING_VALID;
  if (automatic != NULL && !string_is (automatic, "NOTSET"))
    {
      if (string_is (automatic, "SAME_UPPER"))
        spec->padding = NN_PADDING_SAME;
      else if (!string_is (automatic, "VALID"))
        return lab_onnx_fail_attribute (reader, automatic);
      return pads == NULL
             || lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("attributes “auto_pad” and “pads” exclude each other"));
    }
  if (pads == NULL || memcmp (pads->ints, none, sizeof none) == 0)
    return TRUE;

  lab_onnx_same_padding (spec->kernel_height, &same[0], &same[2]);
  lab_onnx_same_padding (spec->kernel_width, &same[1], &same[3]);
  if (memcmp (pads->ints, same, sizeof same) != 0)
    return lab_onnx_fail_attribute (reader, pads);
  spec->padding = NN_PADDING_SAME;
  return TRUE;
}

static gboolean
need_picture (LabOnnxReader *reader)
{
  return !reader->flat || lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("its input is flat, and it needs a picture"));
}

static gboolean
read_conv (LabOnnxReader *reader, LabOnnxLayer *layer)
{
  NnLayerSpec *spec = &layer->spec;
  const Onnx__AttributeProto *kernel = lab_onnx_find_attribute (reader, "kernel_shape");
  const gint64 *dims = NULL; /* units, inputs, height, width */

  if (!need_picture (reader))
    return FALSE;
  layer->weights = find_floats (reader, 1, 4);
  if (layer->weights == NULL)
    return FALSE;
  dims = layer->weights->dims;
  if ((guint64) dims[1] != reader->shape.channels
      || (kernel != NULL && (kernel->ints[0] != dims[2] || kernel->ints[1] != dims[3])))
    return lab_onnx_fail_size (reader, 1);

  spec->units = dims[0];
  spec->kernel_height = dims[2];
  spec->kernel_width = dims[3];
  if (!read_padding (reader, spec) || !read_biases (reader, layer))
    return FALSE;

  reader->shape.channels = spec->units;
  if (spec->padding == NN_PADDING_VALID)
    {
      if (spec->kernel_height > reader->shape.height || spec->kernel_width > reader->shape.width)
        return lab_onnx_fail_size (reader, 1);
      reader->shape.height -= spec->kernel_height - 1;
      reader->shape.width -= spec->kernel_width - 1;
    }
  return TRUE;
}

static gboolean
read_pool (LabOnnxReader *reader, LabOnnxLayer *layer)
{
  NnLayerSpec *spec = &layer->spec;
  const Onnx__AttributeProto *automatic = lab_onnx_find_attribute (reader, "auto_pad");
  const Onnx__AttributeProto *kernel = lab_onnx_find_attribute (reader, "kernel_shape");
  const Onnx__AttributeProto *strides = lab_onnx_find_attribute (reader, "strides");
  gint64 stride[2] = { 1, 1 };

  if (!need_picture (reader))
    return FALSE;
  if (kernel == NULL)
    return lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("attribute “%s” is missing"), "kernel_shape");
  if (kernel->ints[0] < 1 || kernel->ints[0] > (gint64) reader->shape.height
      || kernel->ints[1] < 1 || kernel->ints[1] > (gint64) reader->shape.width)
    return lab_onnx_fail_attribute (reader, kernel);
  spec->kernel_height = kernel->ints[0];
  spec->kernel_width = kernel->ints[1];
  if (automatic != NULL && !string_is (automatic, "NOTSET") && !string_is (automatic, "VALID"))
    return lab_onnx_fail_attribute (reader, automatic);
  if (strides != NULL)
    memcpy (stride, strides->ints, sizeof stride);
  if (stride[0] != kernel->ints[0] || stride[1] != kernel->ints[1])
    return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED,
                          _("strides that differ from the kernel's size are not supported"));

  reader->shape.height /= spec->kernel_height;
  reader->shape.width /= spec->kernel_width;
  return TRUE;
}

static gboolean
read_global_average_pool (LabOnnxReader *reader, LabOnnxLayer *layer)
{
  if (!need_picture (reader))
    return FALSE;
  reader->shape.height = 1;
  reader->shape.width = 1;
  return TRUE;
}

static gboolean
read_leaky_relu (LabOnnxReader *reader, LabOnnxLayer *layer)
{
  return read_fraction (reader, "alpha", 0.01, &layer->spec.slope);
}

static gboolean
read_batch_norm (LabOnnxReader *reader, LabOnnxLayer *layer)
{
  NnLayerSpec *spec = &layer->spec;
  const Onnx__AttributeProto *epsilon = lab_onnx_find_attribute (reader, "epsilon");
  const Onnx__TensorProto **tensors[] = { &layer->weights, &layer->biases, &layer->means, &layer->variances };

  spec->epsilon = epsilon != NULL ? widen (epsilon->f) : 1e-5;
  if (!(spec->epsilon > 0 && isfinite (spec->epsilon)))
    return lab_onnx_fail_attribute (reader, epsilon);
  if (!read_fraction (reader, "momentum", 0.9, &spec->momentum))
    return FALSE;

  for (size_t i = 0; i < G_N_ELEMENTS (tensors); i++)
    {
      *tensors[i] = find_floats (reader, i + 1, 1);
      if (*tensors[i] == NULL)
        return FALSE;
      if ((guint64) (*tensors[i])->dims[0] != reader->shape.channels)
        return lab_onnx_fail_size (reader, i + 1);
    }
  layer->picture = reader->flat ? reader->picture : (NnShape){ 1, 1, reader->shape.channels };
  return TRUE;
}

/* Before opset 12, the rate was an attribute. */
static gboolean
read_old_dropout (LabOnnxReader *reader, LabOnnxLayer *layer)
{
  return read_fraction (reader, "ratio", 0.5, &layer->spec.rate);
}

static gboolean
read_dropout (LabOnnxReader *reader, LabOnnxLayer *layer)
{
  NnLayerSpec *spec = &layer->spec;

  spec->rate = 0.5;
  if (lab_onnx_has_input (reader, 1))
    {
      const Onnx__TensorProto *ratio = find_floats (reader, 1, 0);

      if (ratio == NULL)
        return FALSE;
      spec->rate = widen (lab_onnx_tensor_get (ratio, 0));
      if (!(spec->rate >= 0 && spec->rate < 1))
        return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("a ratio of %g is not supported"), spec->rate);
    }
  if (lab_onnx_has_input (reader, 2))
    {
      const Onnx__TensorProto *training = lab_onnx_find_tensor (reader, 2, ONNX__TENSOR_PROTO__DATA_TYPE__BOOL, 0);

      if (training == NULL)
        return FALSE;
      if (!lab_onnx_tensor_is_zero (training))
        return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED,
                              _("it is set to drop values outside of training, which is not supported"));
    }
  return TRUE;
}

/* PyTorch has a Pad before each AveragePool, even where it pads by nothing.
 * Before opset 11 it said so by an attribute, for which there is a rule. */
static gboolean
read_pad (LabOnnxReader *reader, LabOnnxLayer *layer)
{
  const Onnx__TensorProto *pads = NULL;

  layer->idle = TRUE;
  if (reader->opset < 11)
    return TRUE;
  pads = lab_onnx_find_tensor (reader, 1, ONNX__TENSOR_PROTO__DATA_TYPE__INT64, 1);
  if (pads == NULL)
    return FALSE;
  return lab_onnx_tensor_is_zero (pads)
         || lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("padding is only supported as a part of Conv"));
}

static gboolean
read_flatten (LabOnnxReader *reader, LabOnnxLayer *layer)
{
  if (!reader->flat)
    reader->picture = reader->shape;
  reader->flat = TRUE;
  reader->shape = (NnShape){ 1, 1, nn_shape_size (reader->shape) };
  return TRUE;
}

static gboolean
read_gemm (LabOnnxReader *reader, LabOnnxLayer *layer)
{
  const Onnx__AttributeProto *transposed = lab_onnx_find_attribute (reader, "transB");
  gint64 units = 0;
  gint64 inputs = 0;

  if (!reader->flat)
    return lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("its input is a picture, and it needs a flat one"));
  if (transposed != NULL && transposed->i != 0 && transposed->i != 1)
    return lab_onnx_fail_attribute (reader, transposed);
  layer->transposed = transposed != NULL && transposed->i == 1;
  layer->picture = reader->picture;
  layer->weights = find_floats (reader, 1, 2);
  if (layer->weights == NULL)
    return FALSE;

  units = layer->weights->dims[layer->transposed ? 0 : 1];
  inputs = layer->weights->dims[layer->transposed ? 1 : 0];
  if ((guint64) inputs != reader->shape.channels)
    return lab_onnx_fail_size (reader, 1);
  layer->spec.units = units;
  if (!read_biases (reader, layer))
    return FALSE;

  reader->shape.channels = units;
  reader->picture = reader->shape;
  return TRUE;
}

/* In alphabetical order, the latest form of an operator first. */
static const Operator operators[] = {
  { "AveragePool", 7, NN_AVERAGE_POOL, read_pool, 1, 1, 1,
    { { "auto_pad", STRING, .open = TRUE },
      { "ceil_mode", INT, .value = 0 },
      { "count_include_pad", INT, .open = TRUE }, /* there is no padding */
      { "dilations", INTS, 2, .value = 1 },
      { "kernel_shape", INTS, 2, .open = TRUE },
      { "pads", INTS, 4, .value = 0 },
      { "strides", INTS, 2, .open = TRUE } } },
  { "BatchNormalization", 7, NN_BATCH_NORM, read_batch_norm, 5, 5, 1,
    { { "epsilon", FLOAT, .open = TRUE },
      { "momentum", FLOAT, .open = TRUE },
      { "spatial", INT, .value = 1 },           /* until opset 8 */
      { "training_mode", INT, .value = 0 } } }, /* since opset 14 */
  { "Conv", 7, NN_CONV2D, read_conv, 2, 3, 1,
    { { "auto_pad", STRING, .open = TRUE },
      { "dilations", INTS, 2, .value = 1 },
      { "group", INT, .value = 1 },
      { "kernel_shape", INTS, 2, .open = TRUE },
      { "pads", INTS, 4, .open = TRUE },
      { "strides", INTS, 2, .value = 1 } } },
  /* The second output says what was dropped; nothing in a chain reads it. */
  { "Dropout", 12, NN_DROPOUT, read_dropout, 1, 3, 2, { { "seed", INT, .open = TRUE } } },
  { "Dropout", 7, NN_DROPOUT, read_old_dropout, 1, 1, 2, { { "ratio", FLOAT, .open = TRUE } } },
  { "Flatten", 7, NN_FLATTEN, read_flatten, 1, 1, 1, { { "axis", INT, .value = 1 } } },
  { "Gemm", 7, NN_DENSE, read_gemm, 2, 3, 1,
    { { "alpha", FLOAT, .value = 1 },
      { "beta", FLOAT, .value = 1 },
      { "transA", INT, .value = 0 },
      { "transB", INT, .open = TRUE } } },
  { "GlobalAveragePool", 7, NN_GLOBAL_AVERAGE_POOL, read_global_average_pool, 1, 1, 1, { { NULL } } },
  { "LeakyRelu", 7, NN_LEAKY_RELU, read_leaky_relu, 1, 1, 1, { { "alpha", FLOAT, .open = TRUE } } },
  { "MaxPool", 7, NN_MAX_POOL, read_pool, 1, 1, 1,
    { { "auto_pad", STRING, .open = TRUE },
      { "ceil_mode", INT, .value = 0 },
      { "dilations", INTS, 2, .value = 1 },
      { "kernel_shape", INTS, 2, .open = TRUE },
      { "pads", INTS, 4, .value = 0 },
      { "storage_order", INT, .open = TRUE }, /* of an output that we do not read */
      { "strides", INTS, 2, .open = TRUE } } },
  /* No layer is made of it, so its kind does not matter. */
  { "Pad", 11, NN_FLATTEN, read_pad, 2, 4, 1, { { "mode", STRING, .open = TRUE } } },
  { "Pad", 7, NN_FLATTEN, read_pad, 1, 1, 1,
    { { "mode", STRING, .open = TRUE },
      { "pads", INTS, 8, .value = 0 },
      { "value", FLOAT, .open = TRUE } } },
  { "Relu", 7, NN_RELU, NULL, 1, 1, 1, { { NULL } } },
  { "Sigmoid", 7, NN_SIGMOID, NULL, 1, 1, 1, { { NULL } } },
  { "Tanh", 7, NN_TANH, NULL, 1, 1, 1, { { NULL } } },
};

static const Operator *
find_operator (LabOnnxReader *reader)
{
  for (size_t i = 0; i < G_N_ELEMENTS (operators); i++)
    if (lab_onnx_node_is (reader->node, operators[i].op_type) && operators[i].since <= reader->opset)
      return &operators[i];
  return NULL;
}

Onnx__TensorProto *
lab_onnx_read_constant (LabOnnxReader *reader)
{
  static const LabOnnxRule rules[] = { { "value", TENSOR, .open = TRUE }, { NULL } };
  const Onnx__AttributeProto *value = NULL;

  if (!lab_onnx_check_attributes (reader, rules))
    return NULL;
  value = lab_onnx_find_attribute (reader, "value");
  if (reader->node->n_output != 1)
    {
      lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("only one output is supported"));
      return NULL;
    }
  if (value == NULL || value->t == NULL)
    {
      lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("attribute “%s” is missing"), "value");
      return NULL;
    }
  return value->t;
}

gboolean
lab_onnx_read_operator (LabOnnxReader *reader, LabOnnxLayer *layer)
{
  const Onnx__NodeProto *node = reader->node;
  const Operator *operator = find_operator (reader);

  if (operator == NULL && node->domain != NULL && node->domain[0] != '\0')
    return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("operators of “%.40s” are not supported"), node->domain);
  if (operator == NULL)
    return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("this operator is not supported"));
  if (node->n_input < operator->min_inputs || node->n_input > operator->max_inputs)
    return lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("the number of inputs is wrong"));
  if (node->n_output < 1 || node->n_output > operator->max_outputs)
    return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("only one output is supported"));
  if (strcmp (node->input[0], reader->value) != 0)
    return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED,
                          _("it works on “%.40s”, not on the result before it, “%.40s”; only one chain is supported"),
                          node->input[0], reader->value);
  if (!lab_onnx_check_attributes (reader, operator->rules))
    return FALSE;

  *layer = (LabOnnxLayer){ .node = node, .spec.kind = operator->kind };
  if (operator->read != NULL && !operator->read (reader, layer))
    return FALSE;
  reader->value = node->output[0];
  return TRUE;
}
