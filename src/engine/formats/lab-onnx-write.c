/* SPDX-License-Identifier: MIT */
#include "lab-onnx.h"

#include "lab-config.h"
#include "lab-error.h"
#include "lab-onnx-layout.h"
#include "onnx.pb-c.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define IR_VERSION 7
#define OPSET 13

/* Protocol buffers end at 2 GiB; this leaves room for everything else. */
#define MAX_PARAMETERS ((size_t) 1 << 28)

#define MAX_ATTRIBUTES 4
#define MAX_INPUTS 3

G_STATIC_ASSERT (sizeof (NnReal) == sizeof (float));

/* A model is built as a tree of messages that own all they point to, so that
 * onnx__model_proto__free_unpacked() frees it. */
typedef struct
{
  const NnNetwork *network;
  Onnx__GraphProto *graph;
  const char *value; /* the name of the value that the last operator made */
  gboolean flat;     /* that value is no picture */
  NnShape picture;   /* what it was before it was flattened */
} Writer;

static gboolean
check_network (const NnNetwork *network, GError **error)
{
  const NnReal *parameters = nn_network_parameters_const (network);
  size_t n_parameters = nn_network_n_parameters (network);

  if (n_parameters > MAX_PARAMETERS)
    {
      g_set_error_literal (error, LAB_ERROR, LAB_ERROR_TOO_LARGE, _("the network is too large for a model file"));
      return FALSE;
    }
  for (size_t i = 0; i < n_parameters; i++)
    if (!isfinite (parameters[i]))
      {
        g_set_error_literal (error, LAB_ERROR, LAB_ERROR_DIVERGED,
                             _("the network cannot be saved because a weight is not a finite number"));
        return FALSE;
      }
  return TRUE;
}

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
add_tensor (Writer *writer, Onnx__NodeProto *node, const char *what, const size_t *dims, size_t n_dims)
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

static void
add_parameters (Writer *writer, Onnx__NodeProto *node, const NnLayer *layer, const size_t *dims, size_t n_dims)
{
  const NnReal *parameters = nn_network_parameters_const (writer->network);
  guint8 *weights = add_tensor (writer, node, "weight", dims, n_dims);
  guint8 *biases = add_tensor (writer, node, "bias", &layer->n_biases, 1);

  for (size_t i = 0; i < layer->n_weights; i++)
    put_float (weights + sizeof (float) * lab_onnx_weight_index (layer, writer->picture, TRUE, i),
               parameters[layer->weights + i]);
  for (size_t i = 0; i < layer->n_biases; i++)
    put_float (biases + sizeof (float) * i, parameters[layer->biases + i]);
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
add_ints (Onnx__NodeProto *node, const char *name, const gint64 *values, size_t n_values)
{
  Onnx__AttributeProto *attribute = add_attribute (node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);

  attribute->ints = g_memdup2 (values, n_values * sizeof *values);
  attribute->n_ints = n_values;
}

/* Adds an operator for layer @i that works on the last value and makes a new
 * one, both called like the operator. */
static Onnx__NodeProto *
add_node (Writer *writer, size_t i, const char *op_type, const char *name)
{
  Onnx__NodeProto *node = g_new (Onnx__NodeProto, 1);
  gboolean last = i + 1 == nn_network_n_layers (writer->network);

  onnx__node_proto__init (node);
  node->op_type = g_strdup (op_type);
  node->name = g_strdup_printf ("%s%" G_GSIZE_FORMAT, name, i + 1);
  node->input = g_new (char *, MAX_INPUTS);
  node->input[node->n_input++] = g_strdup (writer->value);
  node->output = g_new (char *, 1);
  node->output[node->n_output++] = g_strdup (last ? "logits" : node->name);
  node->attribute = g_new (Onnx__AttributeProto *, MAX_ATTRIBUTES);

  writer->graph->node[writer->graph->n_node++] = node;
  writer->value = node->output[0];
  return node;
}

static void
add_conv2d (Writer *writer, size_t i, const NnLayer *layer)
{
  const NnLayerSpec *spec = &layer->spec;
  Onnx__NodeProto *node = add_node (writer, i, "Conv", "conv");
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
add_max_pool (Writer *writer, size_t i, const NnLayer *layer)
{
  Onnx__NodeProto *node = add_node (writer, i, "MaxPool", "pool");
  gint64 kernel[2] = { layer->spec.kernel_height, layer->spec.kernel_width };

  add_ints (node, "kernel_shape", kernel, 2);
  add_ints (node, "strides", kernel, 2);
}

static void
add_dense (Writer *writer, size_t i, const NnLayer *layer)
{
  Onnx__NodeProto *node = add_node (writer, i, "Gemm", "dense");

  add_int (node, "transB", 1);
  add_parameters (writer, node, layer, (size_t[]){ layer->spec.units, layer->input.channels }, 2);
  writer->picture = layer->output;
}

/* Adds the operator of layer @i. ONNX knows the pictures and the flat values
 * that we do not tell apart, and no operator works on both. */
static gboolean
add_layer (Writer *writer, size_t i, GError **error)
{
  const NnLayer *layer = nn_network_layer (writer->network, i);
  gboolean needs_flat = layer->spec.kind == NN_DENSE;
  gboolean needs_picture = layer->spec.kind == NN_CONV2D || layer->spec.kind == NN_MAX_POOL;

  if ((needs_flat && !writer->flat) || (needs_picture && writer->flat))
    {
      g_set_error (error, LAB_ERROR, LAB_ERROR_UNSUPPORTED,
                   needs_flat ? _("ONNX needs a flatten layer before layer %u of the network")
                              : _("ONNX cannot have layer %u of the network after a flat one"),
                   (guint) i + 1);
      return FALSE;
    }

  switch (layer->spec.kind)
    {
    case NN_CONV2D:
      add_conv2d (writer, i, layer);
      break;
    case NN_MAX_POOL:
      add_max_pool (writer, i, layer);
      break;
    case NN_RELU:
      add_node (writer, i, "Relu", "relu");
      break;
    case NN_FLATTEN:
      add_int (add_node (writer, i, "Flatten", "flatten"), "axis", 1);
      if (!writer->flat)
        writer->picture = layer->input;
      writer->flat = TRUE;
      break;
    case NN_DENSE:
      add_dense (writer, i, layer);
      break;
    }
  return TRUE;
}

/* Returns the description of an input or output of N × @dims floats. */
static Onnx__ValueInfoProto **
describe_value (const char *name, const size_t *dims, size_t n_dims)
{
  Onnx__ValueInfoProto **values = g_new (Onnx__ValueInfoProto *, 1);
  Onnx__ValueInfoProto *value = values[0] = g_new (Onnx__ValueInfoProto, 1);
  Onnx__TypeProto__Tensor *tensor = g_new (Onnx__TypeProto__Tensor, 1);

  onnx__value_info_proto__init (value);
  value->name = g_strdup (name);
  value->type = g_new (Onnx__TypeProto, 1);
  onnx__type_proto__init (value->type);
  value->type->tensor_type = tensor;

  onnx__type_proto__tensor__init (tensor);
  tensor->has_elem_type = TRUE;
  tensor->elem_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
  tensor->shape = g_new (Onnx__TensorShapeProto, 1);
  onnx__tensor_shape_proto__init (tensor->shape);
  tensor->shape->dim = g_new (Onnx__TensorShapeProto__Dimension *, n_dims + 1);

  for (size_t i = 0; i < n_dims + 1; i++)
    {
      Onnx__TensorShapeProto__Dimension *dim = g_new (Onnx__TensorShapeProto__Dimension, 1);

      onnx__tensor_shape_proto__dimension__init (dim);
      if (i == 0)
        dim->dim_param = g_strdup ("N");
      else
        {
          dim->has_dim_value = TRUE;
          dim->dim_value = dims[i - 1];
        }
      tensor->shape->dim[tensor->shape->n_dim++] = dim;
    }
  return values;
}

static gboolean
fill_graph (Onnx__GraphProto *graph, const NnNetwork *network, GError **error)
{
  NnShape input = nn_network_input (network);
  NnShape output = nn_network_output (network);
  size_t n_layers = nn_network_n_layers (network);
  Writer writer = { .network = network, .graph = graph, .value = "image" };

  graph->name = g_strdup ("digit-lab");
  graph->input = describe_value ("image", (size_t[]){ input.channels, input.height, input.width }, 3);
  graph->n_input = 1;
  graph->output = describe_value ("logits", &output.channels, 1);
  graph->n_output = 1;
  graph->node = g_new (Onnx__NodeProto *, n_layers);
  graph->initializer = g_new (Onnx__TensorProto *, 2 * n_layers);

  for (size_t i = 0; i < n_layers; i++)
    if (!add_layer (&writer, i, error))
      return FALSE;
  if (!writer.flat)
    {
      g_set_error_literal (error, LAB_ERROR, LAB_ERROR_UNSUPPORTED,
                           _("ONNX needs a flatten layer before the output of the network"));
      return FALSE;
    }
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
fill_metadata (Onnx__ModelProto *model, GHashTable *metadata)
{
  guint n_keys = 0;
  g_autofree char **keys = (char **) g_hash_table_get_keys_as_array (metadata, &n_keys);

  qsort (keys, n_keys, sizeof *keys, compare_names);
  model->metadata_props = g_new (Onnx__StringStringEntryProto *, n_keys);
  for (guint i = 0; i < n_keys; i++)
    {
      Onnx__StringStringEntryProto *entry = g_new (Onnx__StringStringEntryProto, 1);

      onnx__string_string_entry_proto__init (entry);
      entry->key = g_strdup (keys[i]);
      entry->value = g_strdup (g_hash_table_lookup (metadata, keys[i]));
      model->metadata_props[model->n_metadata_props++] = entry;
    }
}

GBytes *
lab_onnx_write (const NnNetwork *network, GHashTable *metadata, GError **error)
{
  Onnx__ModelProto *model = NULL;
  GBytes *bytes = NULL;

  if (!check_network (network, error))
    return NULL;

  model = g_new (Onnx__ModelProto, 1);
  onnx__model_proto__init (model);
  model->has_ir_version = TRUE;
  model->ir_version = IR_VERSION;
  model->producer_name = g_strdup ("digit-lab");
  model->producer_version = g_strdup (LAB_VERSION);
  model->opset_import = g_new (Onnx__OperatorSetIdProto *, 1);
  model->opset_import[model->n_opset_import++] = g_new (Onnx__OperatorSetIdProto, 1);
  onnx__operator_set_id_proto__init (model->opset_import[0]);
  model->opset_import[0]->domain = g_strdup ("");
  model->opset_import[0]->has_version = TRUE;
  model->opset_import[0]->version = OPSET;
  model->graph = g_new (Onnx__GraphProto, 1);
  onnx__graph_proto__init (model->graph);
  if (metadata != NULL)
    fill_metadata (model, metadata);

  if (fill_graph (model->graph, network, error))
    {
      gsize size = onnx__model_proto__get_packed_size (model);
      guint8 *data = g_malloc (size);

      onnx__model_proto__pack (model, data);
      bytes = g_bytes_new_take (data, size);
    }
  onnx__model_proto__free_unpacked (model, NULL);
  return bytes;
}
