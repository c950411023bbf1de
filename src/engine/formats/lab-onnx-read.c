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
 * those of the core's copies included, and 2 × 10⁸ multiplications and additions
 * in products. All else takes a few steps for each value. The bounds are far
 * above what reading digits needs, and keep a small hostile file from asking for
 * all memory or from stopping the pen. */
#define MAX_LAYERS 256
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
      reader->opset = (int) CLAMP (opset->version, 0, G_MAXINT);
      if (opset->version < MIN_OPSET || opset->version > MAX_OPSET)
        return lab_onnx_fail (reader, LAB_ERROR_UNSUPPORTED, _("ONNX opset %lld is not supported, only %d to %d"),
                              (long long) opset->version, MIN_OPSET, MAX_OPSET);
      return TRUE;
    }
  return lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("the model does not say which ONNX opset it uses"));
}

static gboolean
add_tensor (LabOnnxReader *reader, char *name, Onnx__TensorProto *tensor)
{
  return (name != NULL && g_hash_table_insert (reader->tensors, name, tensor))
         || lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("two tensors are called “%.40s”, or one has no name"),
                           name != NULL ? name : "");
}

/* Tensors stand in a list, or are what Constant operators make. */
static gboolean
collect_tensors (LabOnnxReader *reader, const Onnx__GraphProto *graph)
{
  for (size_t i = 0; i < graph->n_initializer; i++)
    if (!add_tensor (reader, graph->initializer[i]->name, graph->initializer[i]))
      return FALSE;

  for (size_t i = 0; i < graph->n_node; i++)
    {
      Onnx__TensorProto *tensor = NULL;

      reader->node = graph->node[i];
      if (!lab_onnx_node_is (reader->node, "Constant"))
        continue;
      tensor = lab_onnx_read_constant (reader);
      if (tensor == NULL || !add_tensor (reader, reader->node->output[0], tensor))
        return FALSE;
    }
  reader->node = NULL;
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

/* Counts the copies that the core makes to run a convolution of @input: one
 * with a rim for the kernel to run over, or eight tiles of 36 positions. */
static gboolean
count_copies (LabOnnxReader *reader, const NnLayerSpec *spec, NnShape input, size_t *left)
{
  NnShape framed = { input.height + spec->kernel_height - 1, input.width + spec->kernel_width - 1, input.channels };
  NnShape tiles = { 8, 36, input.channels + spec->units };

  return count_values (reader, framed, left) && count_values (reader, tiles, left);
}

/* Follows the chain from the input to the output; @layers has room for
 * graph->n_node. */
static gboolean
read_chain (LabOnnxReader *reader, const Onnx__GraphProto *graph, LabOnnxLayer *layers, size_t *n_layers)
{
  size_t left = MAX_VALUES;

  if (!count_values (reader, reader->shape, &left))
    return FALSE;
  for (size_t i = 0; i < graph->n_node; i++)
    {
      LabOnnxLayer *layer = &layers[*n_layers];
      NnShape input = reader->shape;

      reader->node = graph->node[i];
      if (lab_onnx_node_is (reader->node, "Constant"))
        continue;
      if (!lab_onnx_read_operator (reader, layer) || !count_values (reader, reader->shape, &left))
        return FALSE;
      if (layer->idle)
        continue;
      if (layer->spec.kind == NN_CONV2D && !count_copies (reader, &layer->spec, input, &left))
        return FALSE;
      *n_layers += 1;
    }
  reader->node = NULL;
  return check_output (reader, graph);
}

static gboolean
fill_parameters (LabOnnxReader *reader, const LabOnnxLayer *from, const NnLayer *layer, NnReal *parameters)
{
  NnReal *weights = parameters + layer->weights;
  NnReal *biases = parameters + layer->biases;

  for (size_t i = 0; i < layer->n_weights; i++)
    {
      size_t index = lab_onnx_weight_index (layer, from->picture, from->transposed, i);

      weights[i] = lab_onnx_tensor_get (from->weights, index);
      if (!isfinite (weights[i]))
        return lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("a weight is not a finite number"));
    }
  for (size_t i = 0; i < layer->n_biases && from->biases != NULL; i++)
    {
      biases[i] = lab_onnx_tensor_get (from->biases, lab_onnx_channel_index (layer, from->picture, i));
      if (!isfinite (biases[i]))
        return lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("a bias is not a finite number"));
    }
  return TRUE;
}

static gboolean
fill_statistics (LabOnnxReader *reader, const LabOnnxLayer *from, const NnLayer *layer, NnReal *statistics)
{
  size_t channels = layer->n_statistics / 2;
  NnReal *means = statistics + layer->statistics;
  NnReal *variances = means + channels;

  for (size_t i = 0; i < channels; i++)
    {
      size_t index = lab_onnx_channel_index (layer, from->picture, i);

      means[i] = lab_onnx_tensor_get (from->means, index);
      variances[i] = lab_onnx_tensor_get (from->variances, index);
      if (!isfinite (means[i]))
        return lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("a mean is not a finite number"));
      if (!isfinite (variances[i]) || variances[i] < 0)
        return lab_onnx_fail (reader, LAB_ERROR_FORMAT, _("a variance is negative or not a finite number"));
    }
  return TRUE;
}

/* Gives @network, whose parameters are zero, those of the file. */
static gboolean
fill_network (LabOnnxReader *reader, const LabOnnxLayer *layers, NnNetwork *network)
{
  for (size_t i = 0; i < nn_network_n_layers (network); i++)
    {
      const NnLayer *layer = nn_network_layer (network, i);

      reader->node = layers[i].node;
      if (!fill_parameters (reader, &layers[i], layer, nn_network_parameters (network))
          || !fill_statistics (reader, &layers[i], layer, nn_network_statistics (network)))
        return FALSE;
    }
  reader->node = NULL;
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
  else if (fill_network (reader, layers, network))
    return network;
  nn_network_free (network);
  return NULL;
}

static NnNetwork *
read_graph (LabOnnxReader *reader, const Onnx__GraphProto *graph)
{
  g_autofree LabOnnxLayer *layers = NULL;
  size_t n_layers = 0;
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
  if (!read_chain (reader, graph, layers, &n_layers))
    return NULL;
  return build_network (reader, input, layers, n_layers);
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
