/* SPDX-License-Identifier: MIT */
#include "lab-onnx.h"

#include "lab-error-private.h"
#include "lab-onnx-layout.h"
#include "lab-onnx-operators.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MIN_IR_VERSION 3
#define MAX_IR_VERSION 10
#define MIN_OPSET 7
#define MAX_OPSET 21

/* Bounds on what running a model may cost for one picture: 32 MiB of values,
 * those of the core's patch matrices included, and 2 × 10⁸ multiplications and
 * additions. They are far above what reading digits needs, and keep a small
 * hostile file from asking for all memory or from stopping the pen. */
#define MAX_LAYERS 1000
#define MAX_VALUES ((size_t) 1 << 23)
#define MAX_FLOPS 2e8

/* Hands out memory up to a budget: two bytes of a file can ask for a message of
 * a hundred. What is given back does not count, the budget is for one file. */
typedef struct
{
  gsize left;
} Budget;

static void *
budget_alloc (void *data, size_t size)
{
  Budget *budget = data;

  if (size > budget->left)
    return NULL;
  budget->left -= size;
  return g_try_malloc (size);
}

static void
budget_free (void *data, void *pointer)
{
  g_free (pointer);
}

static gboolean
check_version (LabOnnxReader *reader, const Onnx__ModelProto *model)
{
  if (model->graph == NULL || !model->has_ir_version)
    return lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("not an ONNX model"));
  if (model->ir_version < MIN_IR_VERSION || model->ir_version > MAX_IR_VERSION)
    return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("ONNX IR version %lld is not supported, only %d to %d"),
                          (long long) model->ir_version, MIN_IR_VERSION, MAX_IR_VERSION);

  for (size_t i = 0; i < model->n_opset_import; i++)
    {
      const Onnx__OperatorSetIdProto *opset = model->opset_import[i];

      if (opset->domain != NULL && opset->domain[0] != '\0' && strcmp (opset->domain, "ai.onnx") != 0)
        continue;
      if (opset->version < MIN_OPSET || opset->version > MAX_OPSET)
        return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("ONNX opset %lld is not supported, only %d to %d"),
                              (long long) opset->version, MIN_OPSET, MAX_OPSET);
      return TRUE;
    }
  return lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("the model does not say which ONNX opset it uses"));
}

static gboolean
collect_tensors (LabOnnxReader *reader, const Onnx__GraphProto *graph)
{
  for (size_t i = 0; i < graph->n_initializer; i++)
    {
      Onnx__TensorProto *tensor = graph->initializer[i];

      if (tensor->name == NULL || !g_hash_table_insert (reader->tensors, tensor->name, tensor))
        return lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("two tensors are called “%.40s”, or one has no name"),
                              tensor->name != NULL ? tensor->name : "");
    }
  return TRUE;
}

/* Returns the shape of an input or output, or NULL if it is not of floats. */
static const Onnx__TensorShapeProto *
get_shape (const Onnx__ValueInfoProto *value)
{
  const Onnx__TypeProto__Tensor *tensor = value->type != NULL ? value->type->tensor_type : NULL;

  return tensor != NULL && tensor->elem_type == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT ? tensor->shape : NULL;
}

/* Older models list their tensors among the inputs too. */
static gboolean
read_input (LabOnnxReader *reader, const Onnx__GraphProto *graph)
{
  const Onnx__ValueInfoProto *input = NULL;
  const Onnx__TensorShapeProto *shape = NULL;
  size_t sizes[3] = { 0 }; /* channels, height, width */

  for (size_t i = 0; i < graph->n_input; i++)
    {
      const char *name = graph->input[i]->name;

      if (name != NULL && g_hash_table_contains (reader->tensors, name))
        continue;
      if (input != NULL || name == NULL)
        return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("models with more than one input are not supported"));
      input = graph->input[i];
    }
  if (input == NULL)
    return lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("the model has no input"));

  shape = get_shape (input);
  if (shape == NULL || shape->n_dim != 4)
    return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("input “%.40s” is not N × channels × height × width floats"),
                          input->name);
  for (int i = 0; i < 3; i++)
    {
      gint64 size = shape->dim[i + 1]->dim_value;

      if (size < 1 || size > (gint64) MAX_VALUES)
        return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED,
                              _("input “%.40s” has a size that is not fixed or too large"), input->name);
      sizes[i] = size;
    }

  reader->value = input->name;
  reader->shape = (NnShape){ .height = sizes[1], .width = sizes[2], .channels = sizes[0] };
  return TRUE;
}

static gboolean
check_output (LabOnnxReader *reader, const Onnx__GraphProto *graph)
{
  const Onnx__ValueInfoProto *output = graph->n_output > 0 ? graph->output[0] : NULL;
  const Onnx__TensorShapeProto *shape = output != NULL ? get_shape (output) : NULL;
  gint64 classes = reader->shape.channels;

  if (graph->n_output != 1 || g_strcmp0 (output->name, reader->value) != 0)
    return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED,
                          _("the output of the model must be that of its last operator"));
  if (!reader->flat)
    return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("the output of the model is a picture, not N × classes"));
  if (shape != NULL && (shape->n_dim != 2 || (shape->dim[1]->has_dim_value && shape->dim[1]->dim_value != classes)))
    return lab_onnx_fail (reader, LAB_ERROR_FORMAT,
                          _("output “%.40s” does not have the size that its operator gives it"), output->name);
  return TRUE;
}

/* Takes the values of @shape off what is left of MAX_VALUES. */
static gboolean
count_values (LabOnnxReader *reader, NnShape shape, size_t *left)
{
  size_t n = nn_shape_size (shape);

  if (n == 0 || n > *left)
    return lab_onnx_fail (reader, LAB_ERROR_TOO_LARGE, _("the network has more values than are supported"));
  *left -= n;
  return TRUE;
}

/* Follows the chain from the input to the output; @layers has graph->n_node. */
static gboolean
read_chain (LabOnnxReader *reader, const Onnx__GraphProto *graph, LabOnnxLayer *layers)
{
  size_t left = MAX_VALUES;

  if (!count_values (reader, reader->shape, &left))
    return FALSE;
  for (size_t i = 0; i < graph->n_node; i++)
    {
      size_t channels = reader->shape.channels;
      const NnLayerSpec *spec = &layers[i].spec;

      reader->node = graph->node[i];
      if (!lab_onnx_read_operator (reader, &layers[i]) || !count_values (reader, reader->shape, &left))
        return FALSE;
      if (spec->kind == NN_CONV2D)
        {
          NnShape patches = { nn_shape_size ((NnShape){ reader->shape.height, reader->shape.width, 1 }),
                              nn_shape_size ((NnShape){ spec->kernel_height, spec->kernel_width, 1 }),
                              channels };

          if (!count_values (reader, patches, &left))
            return FALSE;
        }
    }
  reader->node = NULL;
  return check_output (reader, graph);
}

static float
get_value (const Onnx__TensorProto *tensor, size_t i)
{
  guint32 bits = 0;
  float value = 0;

  if (!tensor->has_raw_data)
    return tensor->float_data[i];
  memcpy (&bits, tensor->raw_data.data + sizeof bits * i, sizeof bits);
  bits = GUINT32_FROM_LE (bits);
  memcpy (&value, &bits, sizeof value);
  return value;
}

static gboolean
fill_parameters (LabOnnxReader *reader, const LabOnnxLayer *layers, NnNetwork *network)
{
  NnReal *parameters = nn_network_parameters (network);

  for (size_t l = 0; l < nn_network_n_layers (network); l++)
    {
      const NnLayer *layer = nn_network_layer (network, l);
      const LabOnnxLayer *from = &layers[l];

      for (size_t i = 0; i < layer->n_weights; i++)
        {
          size_t index = lab_onnx_weight_index (layer, from->picture, from->transposed, i);

          parameters[layer->weights + i] = get_value (from->weights, index);
        }
      for (size_t i = 0; i < layer->n_biases; i++)
        parameters[layer->biases + i] = from->biases != NULL ? get_value (from->biases, i) : 0;
    }

  for (size_t i = 0; i < nn_network_n_parameters (network); i++)
    if (!isfinite (parameters[i]))
      return lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("a weight is not a finite number"));
  return TRUE;
}

static NnNetwork *
build_network (LabOnnxReader *reader, NnShape input, const LabOnnxLayer *layers, size_t n_layers)
{
  g_autofree NnLayerSpec *specs = g_new (NnLayerSpec, n_layers);
  NnNetwork *network = NULL;
  NnStatus status = NN_OK;

  for (size_t i = 0; i < n_layers; i++)
    specs[i] = layers[i].spec;
  status = nn_network_new (input, specs, n_layers, NULL, &network);
  if (status != NN_OK)
    {
      lab_error_set_from_status (reader->error, status, reader->name);
      return NULL;
    }
  if (nn_network_flops (network) > MAX_FLOPS)
    lab_onnx_fail (reader, LAB_ERROR_TOO_LARGE, _("the network needs more arithmetic than is supported"));
  else if (fill_parameters (reader, layers, network))
    return network;
  nn_network_free (network);
  return NULL;
}

static NnNetwork *
read_graph (LabOnnxReader *reader, const Onnx__GraphProto *graph)
{
  g_autofree LabOnnxLayer *layers = NULL;
  NnShape input;

  if (graph->n_node == 0 || graph->n_node > MAX_LAYERS)
    {
      lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("the model has %zu operators; 1 to %d are supported"),
                     graph->n_node, MAX_LAYERS);
      return NULL;
    }
  if (!collect_tensors (reader, graph) || !read_input (reader, graph))
    return NULL;

  layers = g_new0 (LabOnnxLayer, graph->n_node);
  input = reader->shape;
  if (!read_chain (reader, graph, layers))
    return NULL;
  return build_network (reader, input, layers, graph->n_node);
}

/* Returns a new table, or NULL if one of the texts is none. */
static GHashTable *
read_metadata (LabOnnxReader *reader, const Onnx__ModelProto *model)
{
  g_autoptr (GHashTable) metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (size_t i = 0; i < model->n_metadata_props; i++)
    {
      const Onnx__StringStringEntryProto *entry = model->metadata_props[i];

      if (entry->key == NULL || entry->value == NULL
          || !g_utf8_validate (entry->key, -1, NULL) || !g_utf8_validate (entry->value, -1, NULL))
        {
          lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("an entry of the metadata is not text"));
          return NULL;
        }
      g_hash_table_insert (metadata, g_strdup (entry->key), g_strdup (entry->value));
    }
  return g_steal_pointer (&metadata);
}

NnNetwork *
lab_onnx_read (GBytes *bytes, const char *name, GHashTable **metadata, GError **error)
{
  g_autoptr (GHashTable) tensors = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) entries = NULL;
  LabOnnxReader reader = { .name = name, .tensors = tensors, .error = error };
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  Budget budget = { .left = 4 * size + (1 << 20) };
  ProtobufCAllocator allocator = { budget_alloc, budget_free, &budget };
  Onnx__ModelProto *model = NULL;
  NnNetwork *network = NULL;

  model = onnx__model_proto__unpack (&allocator, size, data);
  if (model == NULL)
    {
      lab_onnx_fail (&reader, LAB_ERROR_FORMAT, _("not an ONNX model"));
      return NULL;
    }

  if (check_version (&reader, model))
    {
      entries = read_metadata (&reader, model);
      if (entries != NULL)
        network = read_graph (&reader, model->graph);
    }
  onnx__model_proto__free_unpacked (model, &allocator);
  if (network != NULL && metadata != NULL)
    *metadata = g_steal_pointer (&entries);
  return network;
}
