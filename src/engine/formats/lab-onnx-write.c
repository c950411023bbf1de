/* SPDX-License-Identifier: MIT */
#include "lab-onnx.h"

#include "lab-config.h"
#include "lab-error.h"
#include "lab-onnx-layers.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define IR_VERSION 7
#define OPSET 13

/* Protocol buffers end at 2 GiB; this leaves room for everything else. There are
 * no more statistics than parameters. */
#define MAX_PARAMETERS ((size_t) 1 << 27)

static gboolean
check_network (const NnNetwork *network, GError **error)
{
  const NnReal *parameters = nn_network_parameters_const (network);
  const NnReal *statistics = nn_network_statistics_const (network);
  size_t n_parameters = nn_network_n_parameters (network);
  size_t n_statistics = nn_network_n_statistics (network);
  gboolean finite = TRUE;

  if (n_parameters > MAX_PARAMETERS)
    {
      g_set_error_literal (error, LAB_ERROR, LAB_ERROR_TOO_LARGE, _("the network is too large for a model file"));
      return FALSE;
    }
  for (size_t i = 0; i < n_parameters; i++)
    finite = finite && isfinite (parameters[i]);
  for (size_t i = 0; i < n_statistics; i++)
    finite = finite && isfinite (statistics[i]);
  if (!finite)
    g_set_error_literal (error, LAB_ERROR, LAB_ERROR_DIVERGED,
                         _("the network cannot be saved because a weight is not a finite number"));
  return finite;
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
  LabOnnxWriter writer = { .network = network, .graph = graph, .value = "image" };

  graph->name = g_strdup ("digit-lab");
  graph->input = describe_value ("image", (size_t[]){ input.channels, input.height, input.width }, 3);
  graph->n_input = 1;
  graph->output = describe_value ("logits", &output.channels, 1);
  graph->n_output = 1;
  graph->node = g_new (Onnx__NodeProto *, n_layers);
  graph->initializer = g_new (Onnx__TensorProto *, LAB_ONNX_MAX_TENSORS * n_layers);

  for (size_t i = 0; i < n_layers; i++)
    if (!lab_onnx_add_layer (&writer, i, error))
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
