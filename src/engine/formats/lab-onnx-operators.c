/* SPDX-License-Identifier: MIT */
#include "lab-onnx-operators.h"

#include "lab-onnx-layout.h"

#include <glib/gi18n.h>
#include <string.h>

#define FLOAT ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT
#define INT ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT
#define STRING ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING
#define INTS ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS

#define MAX_RULES 8

/* An attribute that an operator may have. Where it can only have one value, the
 * rule says which; the others are looked at where the layer is made. */
typedef struct
{
  const char *name;
  Onnx__AttributeProto__AttributeType type;
  size_t count;  /* for INTS, how many there must be */
  gboolean open; /* more than one value is supported */
  int value;     /* else this one, for INTS every one of them */
} Rule;

/* What is known about one operator. */
typedef struct
{
  const char *op_type;
  size_t min_inputs;
  size_t max_inputs;
  gboolean (*read) (LabOnnxReader *reader, LabOnnxLayer *layer);
  Rule rules[MAX_RULES]; /* ends with one that has no name */
} Operator;

gboolean
lab_onnx_fail (LabOnnxReader *reader, LabError code, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *message = NULL;
  g_autofree char *valid = NULL;
  const Onnx__NodeProto *node = reader->node;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  if (node != NULL)
    message = g_strdup_printf (_("%s: operator %.40s “%.40s”: %s"), reader->name,
                               node->op_type != NULL ? node->op_type : "?",
                               node->name != NULL ? node->name : "", text);
  else
    message = g_strdup_printf ("%s: %s", reader->name, text);
  /* Names out of the file may be any bytes, and may have been cut short. */
  valid = g_utf8_make_valid (message, -1);
  g_set_error_literal (reader->error, LAB_ERROR, code, valid);
  return FALSE;
}

static const Onnx__AttributeProto *
find_attribute (const Onnx__NodeProto *node, const char *name)
{
  for (size_t i = 0; i < node->n_attribute; i++)
    if (g_strcmp0 (node->attribute[i]->name, name) == 0)
      return node->attribute[i];
  return NULL;
}

/* Returns numbers as “1 × 2 × 3”; transfer full. */
static char *
join_numbers (const gint64 *numbers, size_t n, const char *separator)
{
  GString *text = g_string_new (NULL);

  for (size_t i = 0; i < MIN (n, 6); i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? separator : "", numbers[i]);
  if (n > 6)
    g_string_append (text, " …");
  return g_string_free (text, FALSE);
}

static gboolean
fail_value (LabOnnxReader *reader, const Onnx__AttributeProto *attribute)
{
  g_autofree char *value = NULL;

  switch (attribute->type)
    {
    case FLOAT:
      value = g_strdup_printf ("%g", attribute->f);
      break;
    case INT:
      value = g_strdup_printf ("%" G_GINT64_FORMAT, attribute->i);
      break;
    case STRING:
      value = g_strdup_printf ("%.*s", (int) MIN (attribute->s.len, 40),
                               attribute->s.len > 0 ? (const char *) attribute->s.data : "");
      break;
    default:
      value = join_numbers (attribute->ints, attribute->n_ints, ", ");
      break;
    }
  return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("attribute “%s” with the value %s is not supported"),
                        attribute->name, value);
}

static gboolean
check_attribute (LabOnnxReader *reader, const Rule *rules, const Onnx__AttributeProto *attribute)
{
  const Rule *rule = rules;
  gboolean fits = TRUE;

  while (rule->name != NULL && g_strcmp0 (rule->name, attribute->name) != 0)
    rule++;
  if (rule->name == NULL)
    return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("attribute “%.40s” is not supported"),
                          attribute->name != NULL ? attribute->name : "");
  if (attribute->type != rule->type || (rule->type == INTS && attribute->n_ints != rule->count))
    return lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("attribute “%s” has the wrong type or length"), rule->name);
  if (rule->open)
    return TRUE;

  switch (rule->type)
    {
    case FLOAT:
      fits = attribute->f == rule->value;
      break;
    case INT:
      fits = attribute->i == rule->value;
      break;
    default:
      for (size_t i = 0; i < rule->count; i++)
        fits = fits && attribute->ints[i] == rule->value;
      break;
    }
  return fits || fail_value (reader, attribute);
}

/* Finds input @i of the operator among the tensors of the file. All its numbers
 * are there when this returns it. */
static const Onnx__TensorProto *
find_tensor (LabOnnxReader *reader, size_t i, size_t n_dims)
{
  const char *name = reader->node->input[i];
  const Onnx__TensorProto *tensor = g_hash_table_lookup (reader->tensors, name);
  size_t n_values = 0;
  size_t product = 1;

  if (tensor == NULL)
    {
      lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("input “%.40s” is not a tensor of the file"), name);
      return NULL;
    }
  if (tensor->data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL)
    {
      lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("tensor “%.40s” is kept in another file"), name);
      return NULL;
    }
  if (tensor->data_type != ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT)
    {
      lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("tensor “%.40s” is of type %d, and only 1, float, is supported"),
                     name, tensor->data_type);
      return NULL;
    }

  n_values = tensor->has_raw_data ? tensor->raw_data.len / sizeof (float) : tensor->n_float_data;
  for (size_t d = 0; d < tensor->n_dims && product != 0; d++)
    {
      gint64 dim = tensor->dims[d];

      product = dim > 0 && (guint64) dim <= n_values / product ? product * dim : 0;
    }
  if (tensor->n_dims != n_dims || product == 0 || product != n_values || tensor->raw_data.len % sizeof (float) != 0)
    {
      g_autofree char *dims = join_numbers (tensor->dims, tensor->n_dims, " × ");

      lab_onnx_fail (reader, LAB_ERROR_FORMAT,
                     _("tensor “%.40s” of size %s has %zu numbers"), name, dims, n_values);
      return NULL;
    }
  return tensor;
}

static gboolean
fail_size (LabOnnxReader *reader, const Onnx__TensorProto *tensor)
{
  g_autofree char *dims = join_numbers (tensor->dims, tensor->n_dims, " × ");

  return lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("tensor “%.40s” of size %s does not fit"), tensor->name, dims);
}

/* Finds the biases, the third input, which may be left out. */
static gboolean
read_biases (LabOnnxReader *reader, LabOnnxLayer *layer)
{
  if (reader->node->n_input < 3 || reader->node->input[2][0] == '\0')
    return TRUE;
  layer->biases = find_tensor (reader, 2, 1);
  if (layer->biases == NULL)
    return FALSE;
  return (guint64) layer->biases->dims[0] == layer->spec.units || fail_size (reader, layer->biases);
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
  const Onnx__AttributeProto *automatic = find_attribute (reader->node, "auto_pad");
  const Onnx__AttributeProto *pads = find_attribute (reader->node, "pads");
  gint64 none[4] = { 0 };
  gint64 same[4];

  spec->padding = NN_PADDING_VALID;
  if (automatic != NULL && !string_is (automatic, "NOTSET"))
    {
      if (string_is (automatic, "SAME_UPPER"))
        spec->padding = NN_PADDING_SAME;
      else if (!string_is (automatic, "VALID"))
        return fail_value (reader, automatic);
      return pads == NULL
             || lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("attributes “auto_pad” and “pads” exclude each other"));
    }
  if (pads == NULL || memcmp (pads->ints, none, sizeof none) == 0)
    return TRUE;

  lab_onnx_same_padding (spec->kernel_height, &same[0], &same[2]);
  lab_onnx_same_padding (spec->kernel_width, &same[1], &same[3]);
  if (memcmp (pads->ints, same, sizeof same) != 0)
    return fail_value (reader, pads);
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
  const Onnx__AttributeProto *kernel = find_attribute (reader->node, "kernel_shape");
  const gint64 *dims = NULL; /* units, inputs, height, width */

  spec->kind = NN_CONV2D;
  if (!need_picture (reader))
    return FALSE;
  layer->weights = find_tensor (reader, 1, 4);
  if (layer->weights == NULL)
    return FALSE;
  dims = layer->weights->dims;
  if ((guint64) dims[1] != reader->shape.channels
      || (kernel != NULL && (kernel->ints[0] != dims[2] || kernel->ints[1] != dims[3])))
    return fail_size (reader, layer->weights);

  spec->units = dims[0];
  spec->kernel_height = dims[2];
  spec->kernel_width = dims[3];
  if (!read_padding (reader, spec) || !read_biases (reader, layer))
    return FALSE;

  reader->shape.channels = spec->units;
  if (spec->padding == NN_PADDING_VALID)
    {
      if (spec->kernel_height > reader->shape.height || spec->kernel_width > reader->shape.width)
        return fail_size (reader, layer->weights);
      reader->shape.height -= spec->kernel_height - 1;
      reader->shape.width -= spec->kernel_width - 1;
    }
  return TRUE;
}

static gboolean
read_max_pool (LabOnnxReader *reader, LabOnnxLayer *layer)
{
  NnLayerSpec *spec = &layer->spec;
  const Onnx__AttributeProto *automatic = find_attribute (reader->node, "auto_pad");
  const Onnx__AttributeProto *kernel = find_attribute (reader->node, "kernel_shape");
  const Onnx__AttributeProto *strides = find_attribute (reader->node, "strides");
  gint64 stride[2] = { 1, 1 };

  spec->kind = NN_MAX_POOL;
  if (!need_picture (reader))
    return FALSE;
  if (kernel == NULL)
    return lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("attribute “%s” is missing"), "kernel_shape");
  if (kernel->ints[0] < 1 || kernel->ints[0] > (gint64) reader->shape.height
      || kernel->ints[1] < 1 || kernel->ints[1] > (gint64) reader->shape.width)
    return fail_value (reader, kernel);
  spec->kernel_height = kernel->ints[0];
  spec->kernel_width = kernel->ints[1];
  if (automatic != NULL && !string_is (automatic, "NOTSET") && !string_is (automatic, "VALID"))
    return fail_value (reader, automatic);
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
read_relu (LabOnnxReader *reader, LabOnnxLayer *layer)
{
  layer->spec.kind = NN_RELU;
  return TRUE;
}

static gboolean
read_flatten (LabOnnxReader *reader, LabOnnxLayer *layer)
{
  layer->spec.kind = NN_FLATTEN;
  if (!reader->flat)
    reader->picture = reader->shape;
  reader->flat = TRUE;
  reader->shape = (NnShape){ 1, 1, nn_shape_size (reader->shape) };
  return TRUE;
}

static gboolean
read_gemm (LabOnnxReader *reader, LabOnnxLayer *layer)
{
  const Onnx__AttributeProto *transposed = find_attribute (reader->node, "transB");
  gint64 units = 0;
  gint64 inputs = 0;

  layer->spec.kind = NN_DENSE;
  if (!reader->flat)
    return lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("its input is a picture, and it needs a flat one"));
  if (transposed != NULL && transposed->i != 0 && transposed->i != 1)
    return fail_value (reader, transposed);
  layer->transposed = transposed != NULL && transposed->i == 1;
  layer->picture = reader->picture;
  layer->weights = find_tensor (reader, 1, 2);
  if (layer->weights == NULL)
    return FALSE;

  units = layer->weights->dims[layer->transposed ? 0 : 1];
  inputs = layer->weights->dims[layer->transposed ? 1 : 0];
  if ((guint64) inputs != reader->shape.channels)
    return fail_size (reader, layer->weights);
  layer->spec.units = units;
  if (!read_biases (reader, layer))
    return FALSE;

  reader->shape.channels = units;
  reader->picture = reader->shape;
  return TRUE;
}

static const Operator operators[] = {
  { "Conv", 2, 3, read_conv,
    { { "auto_pad", STRING, .open = TRUE },
      { "dilations", INTS, 2, .value = 1 },
      { "group", INT, .value = 1 },
      { "kernel_shape", INTS, 2, .open = TRUE },
      { "pads", INTS, 4, .open = TRUE },
      { "strides", INTS, 2, .value = 1 } } },
  { "Relu", 1, 1, read_relu, { { NULL } } },
  { "MaxPool", 1, 1, read_max_pool,
    { { "auto_pad", STRING, .open = TRUE },
      { "ceil_mode", INT, .value = 0 },
      { "dilations", INTS, 2, .value = 1 },
      { "kernel_shape", INTS, 2, .open = TRUE },
      { "pads", INTS, 4, .value = 0 },
      { "storage_order", INT, .open = TRUE }, /* of an output that we do not read */
      { "strides", INTS, 2, .open = TRUE } } },
  { "Flatten", 1, 1, read_flatten, { { "axis", INT, .value = 1 } } },
  { "Gemm", 2, 3, read_gemm,
    { { "alpha", FLOAT, .value = 1 },
      { "beta", FLOAT, .value = 1 },
      { "transA", INT, .value = 0 },
      { "transB", INT, .open = TRUE } } },
};

static const Operator *
find_operator (const Onnx__NodeProto *node)
{
  if (node->domain == NULL || node->domain[0] == '\0' || strcmp (node->domain, "ai.onnx") == 0)
    for (size_t i = 0; i < G_N_ELEMENTS (operators); i++)
      if (g_strcmp0 (operators[i].op_type, node->op_type) == 0)
        return &operators[i];
  return NULL;
}

gboolean
lab_onnx_read_operator (LabOnnxReader *reader, LabOnnxLayer *layer)
{
  const Onnx__NodeProto *node = reader->node;
  const Operator *operator = find_operator (node);

  if (operator == NULL && node->domain != NULL && node->domain[0] != '\0')
    return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("operators of “%.40s” are not supported"), node->domain);
  if (operator == NULL)
    return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("this operator is not supported"));
  if (node->n_input < operator->min_inputs || node->n_input > operator->max_inputs)
    return lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("the number of inputs is wrong"));
  if (node->n_output != 1)
    return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("only one output is supported"));
  if (strcmp (node->input[0], reader->value) != 0)
    return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED,
                          _("it works on “%.40s”, not on the result before it, “%.40s”; only one chain is supported"),
                          node->input[0], reader->value);
  for (size_t i = 0; i < node->n_attribute; i++)
    if (!check_attribute (reader, operator->rules, node->attribute[i]))
      return FALSE;

  if (!operator->read (reader, layer))
    return FALSE;
  reader->value = node->output[0];
  return TRUE;
}
