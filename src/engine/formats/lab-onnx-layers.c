/* SPDX-License-Identifier: MIT */
#include "lab-onnx-layers.h"

#include "lab-error.h"
#include "lab-onnx-layout.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MAX_ATTRIBUTES 3

G_STATIC_ASSERT (sizeof (NnReal) == sizeof (float));

/* How ONNX calls a kind of layer, and what it works on: ONNX tells the pictures
 * and the flat values apart that are all the same to us. */
typedef struct
{
  const char *op_type;
  const char *name; /* how we call its operators, before a number */
  enum
  {
    ANYTHING,
    PICTURE,
    FLAT,
  } needs;
} Kind;

static const Kind kinds[] = {
  [NN_DENSE] = { "Gemm", "dense", FLAT },
  [NN_CONV2D] = { "Conv", "conv", PICTURE },
  [NN_BATCH_NORM] = { "BatchNormalization", "norm", ANYTHING },
  [NN_RELU] = { "Relu", "relu", ANYTHING },
  [NN_LEAKY_RELU] = { "LeakyRelu", "leaky", ANYTHING },
  [NN_SIGMOID] = { "Sigmoid", "sigmoid", ANYTHING },
  [NN_TANH] = { "Tanh", "tanh", ANYTHING },
  [NN_MAX_POOL] = { "MaxPool", "pool", PICTURE },
  [NN_AVERAGE_POOL] = { "AveragePool", "pool", PICTURE },
  [NN_GLOBAL_AVERAGE_POOL] = { "GlobalAveragePool", "mean", PICTURE },
  [NN_DROPOUT] = { "Dropout", "dropout", ANYTHING },
  [NN_FLATTEN] = { "Flatten", "flatten", ANYTHING },
};

static void
put_float (guint8 *bytes, float value)
{
  guint32 bits = 0;

  memcpy (&bits, &value, sizeof bits);
  bits = GUINT32_TO_LE (bits);
  memcpy (bytes, &bits, sizeof bits);
}

/* Adds a tensor called “operator.what” to the weights of the graph and to the
 * inputs of @node, and returns where its values go. */
static guint8 *
add_tensor (LabOnnxWriter *writer, Onnx__NodeProto *node, const char *what, const size_t *dims, size_t n_dims)
{
  Onnx__TensorProto *tensor = g_new (Onnx__TensorProto, 1);
  size_t size = sizeof (float);

  onnx__tensor_proto__init (tensor);
  tensor->name = g_strconcat (node->name, ".", what, NULL);
  tensor->has_data_type = TRUE;
  tensor->data_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
  tensor->dims = g_new (gint64, n_dims);
  tensor->n_dims = n_dims;
  for (size_t i = 0; i < n_dims; i++)
    {
      tensor->dims[i] = dims[i];
      size *= dims[i];
    }
  tensor->has_raw_data = TRUE;
  tensor->raw_data.len = size;
  tensor->raw_data.data = g_malloc (size);

  node->input[node->n_input++] = g_strdup (tensor->name);
  writer->graph->initializer[writer->graph->n_initializer++] = tensor;
  return tensor->raw_data.data;
}

/* Returns what the values that @layer reads were before they were flattened. */
static NnShape
get_picture (LabOnnxWriter *writer, const NnLayer *layer)
{
  return writer->flat ? writer->picture : (NnShape){ 1, 1, layer->input.channels };
}

/* Adds a tensor of @n numbers, one for each channel that @layer puts out. */
static void
add_channels (LabOnnxWriter *writer, Onnx__NodeProto *node, const NnLayer *layer,
              const char *what, const NnReal *values, size_t n)
{
  NnShape picture = get_picture (writer, layer);
  guint8 *bytes = add_tensor (writer, node, what, &n, 1);

  for (size_t i = 0; i < n; i++)
    put_float (bytes + sizeof (float) * lab_onnx_channel_index (layer, picture, i), values[i]);
}

static void
add_parameters (LabOnnxWriter *writer, Onnx__NodeProto *node, const NnLayer *layer, const size_t *dims, size_t n_dims)
{
  const NnReal *parameters = nn_network_parameters_const (writer->network);
  NnShape picture = get_picture (writer, layer);
  guint8 *bytes = add_tensor (writer, node, "weight", dims, n_dims);

  for (size_t i = 0; i < layer->n_weights; i++)
    put_float (bytes + sizeof (float) * lab_onnx_weight_index (layer, picture, TRUE, i),
               parameters[layer->weights + i]);
  add_channels (writer, node, layer, "bias", parameters + layer->biases, layer->n_biases);
}

static Onnx__AttributeProto *
add_attribute (Onnx__NodeProto *node, const char *name, Onnx__AttributeProto__AttributeType type)
{
  Onnx__AttributeProto *attribute = g_new (Onnx__AttributeProto, 1);

  onnx__attribute_proto__init (attribute);
  attribute->name = g_strdup (name);
  attribute->has_type = TRUE;
  attribute->type = type;
  node->attribute[node->n_attribute++] = attribute;
  return attribute;
}

static void
add_int (Onnx__NodeProto *node, const char *name, gint64 value)
{
  Onnx__AttributeProto *attribute = add_attribute (node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);

  attribute->has_i = TRUE;
  attribute->i = value;
}

static void
add_float (Onnx__NodeProto *node, const char *name, double value)
{
  Onnx__AttributeProto *attribute = add_attribute (node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);

  attribute->has_f = TRUE;
  attribute->f = (float) value;
}

static void
add_ints (Onnx__NodeProto *node, const char *name, const gint64 *values, size_t n_values)
{
  Onnx__AttributeProto *attribute = add_attribute (node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);

  attribute->ints = g_memdup2 (values, n_values * sizeof *values);
  attribute->n_ints = n_values;
}

/* Adds an operator for layer @i that works on the last value and makes a new
 * one, both called like the operator. */
static Onnx__NodeProto *
add_node (LabOnnxWriter *writer, size_t i, const Kind *kind)
{
  Onnx__NodeProto *node = g_new (Onnx__NodeProto, 1);
  gboolean last = i + 1 == nn_network_n_layers (writer->network);

  onnx__node_proto__init (node);
  node->op_type = g_strdup (kind->op_type);
  node->name = g_strdup_printf ("%s%" G_GSIZE_FORMAT, kind->name, i + 1);
  node->input = g_new (char *, 1 + LAB_ONNX_MAX_TENSORS);
  node->input[node->n_input++] = g_strdup (writer->value);
  node->output = g_new (char *, 1);
  node->output[node->n_output++] = g_strdup (last ? "logits" : node->name);
  node->attribute = g_new (Onnx__AttributeProto *, MAX_ATTRIBUTES);

  writer->graph->node[writer->graph->n_node++] = node;
  writer->value = node->output[0];
  return node;
}

static void
fill_conv2d (LabOnnxWriter *writer, Onnx__NodeProto *node, const NnLayer *layer)
{
  const NnLayerSpec *spec = &layer->spec;
  gint64 pads[4] = { 0 }; /* top, left, bottom, right */

  if (spec->padding == NN_PADDING_SAME)
    {
      lab_onnx_same_padding (spec->kernel_height, &pads[0], &pads[2]);
      lab_onnx_same_padding (spec->kernel_width, &pads[1], &pads[3]);
    }
  add_ints (node, "kernel_shape", (gint64[]){ spec->kernel_height, spec->kernel_width }, 2);
  add_ints (node, "pads", pads, 4);
  add_ints (node, "strides", (gint64[]){ 1, 1 }, 2);
  add_parameters (writer, node, layer,
                  (size_t[]){ spec->units, layer->input.channels, spec->kernel_height, spec->kernel_width }, 4);
}

static void
fill_batch_norm (LabOnnxWriter *writer, Onnx__NodeProto *node, const NnLayer *layer)
{
  const NnReal *means = nn_network_statistics_const (writer->network) + layer->statistics;
  size_t channels = layer->n_statistics / 2;

  add_float (node, "epsilon", layer->spec.epsilon);
  add_float (node, "momentum", layer->spec.momentum);
  add_parameters (writer, node, layer, &layer->n_weights, 1);
  add_channels (writer, node, layer, "mean", means, channels);
  add_channels (writer, node, layer, "variance", means + channels, channels);
}

static void
fill_pool (Onnx__NodeProto *node, const NnLayer *layer)
{
  gint64 kernel[2] = { layer->spec.kernel_height, layer->spec.kernel_width };

  add_ints (node, "kernel_shape", kernel, 2);
  add_ints (node, "strides", kernel, 2);
}

static void
fill_node (LabOnnxWriter *writer, Onnx__NodeProto *node, const NnLayer *layer)
{
  switch (layer->spec.kind)
    {
    case NN_DENSE:
      add_int (node, "transB", 1);
      add_parameters (writer, node, layer, (size_t[]){ layer->spec.units, layer->input.channels }, 2);
      writer->picture = layer->output;
      break;
    case NN_CONV2D:
      fill_conv2d (writer, node, layer);
      break;
    case NN_BATCH_NORM:
      fill_batch_norm (writer, node, layer);
      break;
    case NN_LEAKY_RELU:
      add_float (node, "alpha", layer->spec.slope);
      break;
    case NN_MAX_POOL:
    case NN_AVERAGE_POOL:
      fill_pool (node, layer);
      break;
    case NN_DROPOUT:
      put_float (add_tensor (writer, node, "ratio", NULL, 0), (float) layer->spec.rate);
      break;
    case NN_FLATTEN:
      add_int (node, "axis", 1);
      if (!writer->flat)
        writer->picture = layer->input;
      writer->flat = TRUE;
      break;
    case NN_RELU:
    case NN_SIGMOID:
    case NN_TANH:
    case NN_GLOBAL_AVERAGE_POOL:
      break;
    }
}

/* Whether the settings of @spec stay in their ranges in single precision, which
 * ONNX has for them: 1 − 10⁻⁹ would become 1. */
static gboolean
settings_fit (const NnLayerSpec *spec)
{
  switch (spec->kind)
    {
    case NN_BATCH_NORM:
      return (float) spec->epsilon > 0 && isfinite ((float) spec->epsilon) && (float) spec->momentum < 1;
    case NN_LEAKY_RELU:
      return (float) spec->slope < 1;
    case NN_DROPOUT:
      return (float) spec->rate < 1;
    default:
      return TRUE;
    }
}

gboolean
lab_onnx_add_layer (LabOnnxWriter *writer, size_t i, GError **error)
{
  const NnLayer *layer = nn_network_layer (writer->network, i);
  const Kind *kind = &kinds[layer->spec.kind];
  const char *fault = NULL;

  if (kind->needs == FLAT && !writer->flat)
    fault = _("ONNX needs a flatten layer before layer %u of the network");
  else if (kind->needs == PICTURE && writer->flat)
    fault = _("ONNX cannot have layer %u of the network after a flat one");
  else if (!settings_fit (&layer->spec))
    fault = _("ONNX has too few digits for a setting of layer %u of the network");
  if (fault != NULL)
    {
      g_set_error (error, LAB_ERROR, LAB_ERROR_UNSUPPORTED, fault, (guint) i + 1);
      return FALSE;
    }

  fill_node (writer, add_node (writer, i, kind), layer);
  return TRUE;
}
