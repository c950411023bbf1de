/* SPDX-License-Identifier: MIT */
#include "lab-error.h"
#include "onnx-models.h"

#include <math.h>

/* That @model, which is freed, is read as the network that @design makes. */
static void
assert_accepts (Onnx__ModelProto *model, const Design *design)
{
  g_autoptr (GBytes) bytes = pack (model);
  g_autoptr (GError) error = NULL;
  NnNetwork *network = build (design);
  NnNetwork *read = lab_onnx_read (bytes, "model", NULL, &error);

  g_assert_no_error (error);
  assert_equal (network, read);
  nn_network_free (network);
  nn_network_free (read);
}

/* That @model, which is freed, is refused with exactly "model: " and @text. */
static void
assert_refuses (Onnx__ModelProto *model, int code, const char *text)
{
  g_autoptr (GBytes) bytes = pack (model);
  g_autoptr (GError) error = NULL;
  g_autofree char *message = g_strconcat ("model: ", text, NULL);

  g_assert_null (lab_onnx_read (bytes, "model", NULL, &error));
  g_assert_error (error, LAB_ERROR, code);
  g_assert_cmpstr (error->message, ==, message);
}

static void
set_string (char **string, const char *value)
{
  g_free (*string);
  *string = g_strdup (value);
}

/* Adds an attribute to operator @i, or replaces the one of that name. */
static Onnx__AttributeProto *
set_attribute (Onnx__ModelProto *model, size_t i, const char *name, Onnx__AttributeProto__AttributeType type)
{
  Onnx__NodeProto *node = model->graph->node[i];
  Onnx__AttributeProto *attribute = NULL;
  size_t place = 0;

  while (place < node->n_attribute && strcmp (node->attribute[place]->name, name) != 0)
    place++;
  if (place < node->n_attribute)
    onnx__attribute_proto__free_unpacked (node->attribute[place], NULL);
  else
    node->attribute = g_renew (Onnx__AttributeProto *, node->attribute, ++node->n_attribute);

  attribute = node->attribute[place] = g_new (Onnx__AttributeProto, 1);
  onnx__attribute_proto__init (attribute);
  attribute->name = g_strdup (name);
  attribute->has_type = TRUE;
  attribute->type = type;
  return attribute;
}

static Onnx__ModelProto *
with_int (size_t i, const char *name, gint64 value)
{
  Onnx__ModelProto *model = unpack (&small);
  Onnx__AttributeProto *attribute = set_attribute (model, i, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);

  attribute->has_i = TRUE;
  attribute->i = value;
  return model;
}

static Onnx__ModelProto *
with_float (size_t i, const char *name, float value)
{
  Onnx__ModelProto *model = unpack (&small);
  Onnx__AttributeProto *attribute = set_attribute (model, i, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);

  attribute->has_f = TRUE;
  attribute->f = value;
  return model;
}

static Onnx__ModelProto *
with_ints (size_t i, const char *name, const gint64 *values, size_t n_values)
{
  Onnx__ModelProto *model = unpack (&small);
  Onnx__AttributeProto *attribute = set_attribute (model, i, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);

  attribute->ints = g_memdup2 (values, n_values * sizeof *values);
  attribute->n_ints = n_values;
  return model;
}
#define WITH_INTS(i, name, ...) \
  with_ints (i, name, (gint64[]){ __VA_ARGS__ }, sizeof ((gint64[]){ __VA_ARGS__ }) / sizeof (gint64))

static void
set_text (Onnx__ModelProto *model, size_t i, const char *name, const char *value)
{
  Onnx__AttributeProto *attribute = set_attribute (model, i, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);

  attribute->has_s = TRUE;
  attribute->s.len = strlen (value);
  attribute->s.data = (guint8 *) g_strdup (value);
}

static void
remove_attribute (Onnx__ModelProto *model, size_t i, const char *name)
{
  Onnx__NodeProto *node = model->graph->node[i];

  for (size_t a = 0; a < node->n_attribute; a++)
    if (strcmp (node->attribute[a]->name, name) == 0)
      {
        onnx__attribute_proto__free_unpacked (node->attribute[a], NULL);
        node->attribute[a] = node->attribute[--node->n_attribute];
        return;
      }
  g_assert_not_reached ();
}

/* Models as others write them, which mean the same network. */
static void
test_variants (void)
{
  Onnx__ModelProto *model = NULL;
  Onnx__TensorProto *tensor = NULL;
  Onnx__GraphProto *graph = NULL;
  float *values = NULL;

  assert_accepts (unpack (&small), &small);
  assert_accepts (WITH_INTS (NODE_CONV, "dilations", 1, 1), &small);
  assert_accepts (WITH_INTS (NODE_POOL, "pads", 0, 0, 0, 0), &small);
  assert_accepts (with_int (NODE_CONV, "group", 1), &small);
  assert_accepts (with_int (NODE_POOL, "ceil_mode", 0), &small);
  assert_accepts (with_float (NODE_GEMM, "alpha", 1), &small);
  assert_accepts (with_float (NODE_GEMM, "beta", 1), &small);

  model = unpack (&small);
  remove_attribute (model, NODE_CONV, "pads");
  set_text (model, NODE_CONV, "auto_pad", "SAME_UPPER");
  remove_attribute (model, NODE_CONV, "strides");
  remove_attribute (model, NODE_CONV, "kernel_shape");
  remove_attribute (model, NODE_FLATTEN, "axis");
  assert_accepts (model, &small);

  model = unpack (&small);
  set_text (model, NODE_CONV, "auto_pad", "NOTSET");
  model->ir_version = 10;
  model->opset_import[0]->version = 21;
  set_string (&model->opset_import[0]->domain, "ai.onnx");
  set_string (&model->graph->node[NODE_RELU]->domain, "ai.onnx");
  assert_accepts (model, &small);

  /* The matrix the other way round, and its numbers as float_data. */
  model = with_int (NODE_GEMM, "transB", 0);
  tensor = model->graph->initializer[MATRIX];
  values = (float *) tensor->raw_data.data;
  tensor->float_data = g_new (float, 36);
  tensor->n_float_data = 36;
  for (guint i = 0; i < 36; i++)
    tensor->float_data[i % 12 * 3 + i / 12] = values[i];
  g_free (values);
  tensor->has_raw_data = FALSE;
  tensor->raw_data = (ProtobufCBinaryData){ 0 };
  tensor->dims[0] = 12, tensor->dims[1] = 3;
  assert_accepts (model, &small);

  /* IR version 3 lists the tensors among the inputs. */
  model = unpack (&small);
  graph = model->graph;
  model->ir_version = 3;
  model->opset_import[0]->version = 7;
  graph->input = g_renew (Onnx__ValueInfoProto *, graph->input, 2);
  graph->input[1] = graph->input[0];
  graph->input[0] = g_new (Onnx__ValueInfoProto, 1);
  onnx__value_info_proto__init (graph->input[0]);
  graph->input[0]->name = g_strdup (graph->initializer[KERNEL]->name);
  graph->n_input = 2;
  assert_accepts (model, &small);
}

static void
test_missing_bias (void)
{
  Onnx__ModelProto *model = unpack (&small);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  NnNetwork *network = NULL;
  const NnLayer *layers[2];

  g_free (model->graph->node[NODE_CONV]->input[--model->graph->node[NODE_CONV]->n_input]);
  set_string (&model->graph->node[NODE_GEMM]->input[2], "");
  bytes = pack (model);
  network = lab_onnx_read (bytes, "model", NULL, &error);
  g_assert_no_error (error);
  layers[0] = nn_network_layer (network, NODE_CONV);
  layers[1] = nn_network_layer (network, NODE_GEMM);
  for (guint l = 0; l < 2; l++)
    for (size_t i = 0; i < layers[l]->n_biases; i++)
      g_assert_cmpfloat (nn_network_parameters (network)[layers[l]->biases + i], ==, 0);
  nn_network_free (network);
}

static void
test_operators (void)
{
  Onnx__ModelProto *model = unpack (&small);

  set_string (&model->graph->node[NODE_RELU]->op_type, "Sigmoid");
  assert_refuses (model, LAB_ERROR_UNSUPPORTED, "operator Sigmoid “relu2”: this operator is not supported");

  model = unpack (&small);
  set_string (&model->graph->node[NODE_RELU]->domain, "com.example");
  assert_refuses (model, LAB_ERROR_UNSUPPORTED, "operator Relu “relu2”: operators of “com.example” are not supported");

  /* A name that is no text must not make a message that is none. */
  model = unpack (&small);
  set_string (&model->graph->node[NODE_RELU]->op_type, "\xff\xfe");
  assert_refuses (model, LAB_ERROR_UNSUPPORTED, "operator \uFFFD\uFFFD “relu2”: this operator is not supported");

  model = unpack (&small);
  set_string (&model->graph->node[NODE_POOL]->input[0], "conv1");
  assert_refuses (model, LAB_ERROR_UNSUPPORTED,
                  "operator MaxPool “pool3”: it works on “conv1”, not on the result before it, “relu2”; "
                  "only one chain is supported");

  model = unpack (&small);
  set_string (&model->graph->node[NODE_FLATTEN]->op_type, "Relu");
  remove_attribute (model, NODE_FLATTEN, "axis");
  assert_refuses (model, LAB_ERROR_FORMAT, "operator Gemm “dense5”: its input is a picture, and it needs a flat one");

  model = unpack (&small);
  set_string (&model->graph->node[NODE_GEMM]->op_type, "Relu");
  assert_refuses (model, LAB_ERROR_FORMAT, "operator Relu “dense5”: the number of inputs is wrong");

  model = unpack (&small);
  set_string (&model->graph->node[NODE_CONV]->input[1], "elsewhere");
  assert_refuses (model, LAB_ERROR_UNSUPPORTED, "operator Conv “conv1”: input “elsewhere” is not a tensor of the file");
}

static void
test_attributes (void)
{
  Onnx__ModelProto *model = NULL;

  assert_refuses (with_int (NODE_CONV, "group", 2), LAB_ERROR_UNSUPPORTED,
                  "operator Conv “conv1”: attribute “group” with the value 2 is not supported");
  assert_refuses (with_int (NODE_CONV, "blocksize", 2), LAB_ERROR_UNSUPPORTED,
                  "operator Conv “conv1”: attribute “blocksize” is not supported");
  assert_refuses (with_int (NODE_CONV, "strides", 1), LAB_ERROR_FORMAT,
                  "operator Conv “conv1”: attribute “strides” has the wrong type or length");
  assert_refuses (WITH_INTS (NODE_CONV, "strides", 1, 1, 1), LAB_ERROR_FORMAT,
                  "operator Conv “conv1”: attribute “strides” has the wrong type or length");
  assert_refuses (WITH_INTS (NODE_CONV, "strides", 2, 1), LAB_ERROR_UNSUPPORTED,
                  "operator Conv “conv1”: attribute “strides” with the value 2, 1 is not supported");
  assert_refuses (WITH_INTS (NODE_CONV, "dilations", 1, 3), LAB_ERROR_UNSUPPORTED,
                  "operator Conv “conv1”: attribute “dilations” with the value 1, 3 is not supported");
  assert_refuses (WITH_INTS (NODE_CONV, "pads", 2, 1, 0, 1), LAB_ERROR_UNSUPPORTED,
                  "operator Conv “conv1”: attribute “pads” with the value 2, 1, 0, 1 is not supported");
  assert_refuses (WITH_INTS (NODE_CONV, "kernel_shape", 3, 2), LAB_ERROR_FORMAT,
                  "operator Conv “conv1”: tensor “conv1.weight” of size 2 × 1 × 3 × 3 does not fit");
  assert_refuses (WITH_INTS (NODE_POOL, "strides", 1, 2), LAB_ERROR_UNSUPPORTED,
                  "operator MaxPool “pool3”: strides that differ from the kernel's size are not supported");
  assert_refuses (WITH_INTS (NODE_POOL, "pads", 0, 1, 0, 1), LAB_ERROR_UNSUPPORTED,
                  "operator MaxPool “pool3”: attribute “pads” with the value 0, 1, 0, 1 is not supported");
  assert_refuses (WITH_INTS (NODE_POOL, "kernel_shape", 0, 2), LAB_ERROR_UNSUPPORTED,
                  "operator MaxPool “pool3”: attribute “kernel_shape” with the value 0, 2 is not supported");
  assert_refuses (WITH_INTS (NODE_POOL, "kernel_shape", 2, 6), LAB_ERROR_UNSUPPORTED,
                  "operator MaxPool “pool3”: attribute “kernel_shape” with the value 2, 6 is not supported");
  assert_refuses (with_int (NODE_POOL, "ceil_mode", 1), LAB_ERROR_UNSUPPORTED,
                  "operator MaxPool “pool3”: attribute “ceil_mode” with the value 1 is not supported");
  assert_refuses (with_int (NODE_FLATTEN, "axis", 2), LAB_ERROR_UNSUPPORTED,
                  "operator Flatten “flatten4”: attribute “axis” with the value 2 is not supported");
  assert_refuses (with_float (NODE_GEMM, "alpha", 0.5f), LAB_ERROR_UNSUPPORTED,
                  "operator Gemm “dense5”: attribute “alpha” with the value 0.5 is not supported");
  assert_refuses (with_float (NODE_GEMM, "beta", NAN), LAB_ERROR_UNSUPPORTED,
                  "operator Gemm “dense5”: attribute “beta” with the value nan is not supported");
  assert_refuses (with_int (NODE_GEMM, "transA", 1), LAB_ERROR_UNSUPPORTED,
                  "operator Gemm “dense5”: attribute “transA” with the value 1 is not supported");
  assert_refuses (with_int (NODE_GEMM, "transB", 2), LAB_ERROR_UNSUPPORTED,
                  "operator Gemm “dense5”: attribute “transB” with the value 2 is not supported");

  model = unpack (&small);
  set_text (model, NODE_CONV, "auto_pad", "SAME_LOWER");
  assert_refuses (model, LAB_ERROR_UNSUPPORTED,
                  "operator Conv “conv1”: attribute “auto_pad” with the value SAME_LOWER is not supported");
  model = unpack (&small);
  set_text (model, NODE_POOL, "auto_pad", "");
  assert_refuses (model, LAB_ERROR_UNSUPPORTED,
                  "operator MaxPool “pool3”: attribute “auto_pad” with the value  is not supported");
  model = unpack (&small);
  set_text (model, NODE_CONV, "auto_pad", "VALID");
  assert_refuses (model, LAB_ERROR_FORMAT,
                  "operator Conv “conv1”: attributes “auto_pad” and “pads” exclude each other");
  model = unpack (&small);
  remove_attribute (model, NODE_POOL, "kernel_shape");
  assert_refuses (model, LAB_ERROR_FORMAT, "operator MaxPool “pool3”: attribute “kernel_shape” is missing");
}

static void
test_tensors (void)
{
  Onnx__ModelProto *model = unpack (&small);

  model->graph->initializer[MATRIX]->dims[1] = 11;
  assert_refuses (model, LAB_ERROR_FORMAT,
                  "operator Gemm “dense5”: tensor “dense5.weight” of size 3 × 11 has 36 numbers");
  model = unpack (&small);
  model->graph->initializer[MATRIX]->dims[0] = 4;
  model->graph->initializer[MATRIX]->dims[1] = 9;
  assert_refuses (model, LAB_ERROR_FORMAT, "operator Gemm “dense5”: tensor “dense5.weight” of size 4 × 9 does not fit");
  model = unpack (&small);
  model->graph->initializer[KERNEL]->dims[2] = -3;
  assert_refuses (model, LAB_ERROR_FORMAT,
                  "operator Conv “conv1”: tensor “conv1.weight” of size 2 × 1 × -3 × 3 has 18 numbers");
  model = unpack (&small);
  model->graph->initializer[KERNEL]->dims[0] = G_MAXINT64;
  model->graph->initializer[KERNEL]->dims[1] = G_MAXINT64;
  assert_refuses (model, LAB_ERROR_FORMAT,
                  "operator Conv “conv1”: tensor “conv1.weight” of size "
                  "9223372036854775807 × 9223372036854775807 × 3 × 3 has 18 numbers");
  model = unpack (&small);
  model->graph->initializer[KERNEL]->raw_data.len--;
  assert_refuses (model, LAB_ERROR_FORMAT,
                  "operator Conv “conv1”: tensor “conv1.weight” of size 2 × 1 × 3 × 3 has 17 numbers");
  model = unpack (&small);
  model->graph->initializer[KERNEL]->has_raw_data = FALSE;
  assert_refuses (model, LAB_ERROR_FORMAT,
                  "operator Conv “conv1”: tensor “conv1.weight” of size 2 × 1 × 3 × 3 has 0 numbers");
  model = unpack (&small);
  set_string (&model->graph->node[NODE_CONV]->input[2], "dense5.bias");
  assert_refuses (model, LAB_ERROR_FORMAT, "operator Conv “conv1”: tensor “dense5.bias” of size 3 does not fit");
  model = unpack (&small);
  model->graph->initializer[KERNEL]->data_type = 10;
  assert_refuses (model, LAB_ERROR_UNSUPPORTED,
                  "operator Conv “conv1”: tensor “conv1.weight” is of type 10, and only 1, float, is supported");
  model = unpack (&small);
  model->graph->initializer[KERNEL]->has_data_location = TRUE;
  model->graph->initializer[KERNEL]->data_location = ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
  assert_refuses (model, LAB_ERROR_UNSUPPORTED, "operator Conv “conv1”: tensor “conv1.weight” is kept in another file");
  model = unpack (&small);
  memset (model->graph->initializer[MATRIX_BIAS]->raw_data.data, 0xff, 4);
  assert_refuses (model, LAB_ERROR_FORMAT, "a weight is not a finite number");
  model = unpack (&small);
  set_string (&model->graph->initializer[MATRIX]->name, "conv1.weight");
  assert_refuses (model, LAB_ERROR_FORMAT, "two tensors are called “conv1.weight”, or one has no name");
}

static Onnx__TypeProto__Tensor *
type_of (Onnx__ValueInfoProto *value)
{
  return value->type->tensor_type;
}

static void
test_model (void)
{
  Onnx__ModelProto *model = unpack (&small);
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr (GError) error = NULL;

  g_assert_null (lab_onnx_read (empty, "model", NULL, &error));
  g_assert_cmpstr (error->message, ==, "model: not an ONNX model");

  model->ir_version = 11;
  assert_refuses (model, LAB_ERROR_UNSUPPORTED, "ONNX IR version 11 is not supported, only 3 to 10");
  model = unpack (&small);
  model->opset_import[0]->version = 22;
  assert_refuses (model, LAB_ERROR_UNSUPPORTED, "ONNX opset 22 is not supported, only 7 to 21");
  model = unpack (&small);
  model->opset_import[0]->version = 6;
  assert_refuses (model, LAB_ERROR_UNSUPPORTED, "ONNX opset 6 is not supported, only 7 to 21");
  model = unpack (&small);
  set_string (&model->opset_import[0]->domain, "ai.onnx.ml");
  assert_refuses (model, LAB_ERROR_FORMAT, "the model does not say which ONNX opset it uses");

  model = unpack (&small);
  type_of (model->graph->input[0])->shape->dim[2]->dim_value = 0;
  assert_refuses (model, LAB_ERROR_UNSUPPORTED, "input “image” has a size that is not fixed or too large");
  model = unpack (&small);
  type_of (model->graph->input[0])->shape->dim[2]->dim_value = 1 << 23;
  assert_refuses (model, LAB_ERROR_TOO_LARGE, "the network has more values than are supported");
  /* Here the layers' values are few enough, those of the convolution's patches are not. */
  model = unpack (&small);
  type_of (model->graph->input[0])->shape->dim[2]->dim_value = 1 << 18;
  assert_refuses (model, LAB_ERROR_TOO_LARGE, "operator Conv “conv1”: the network has more values than are supported");
  model = unpack (&small);
  type_of (model->graph->input[0])->elem_type = 2;
  assert_refuses (model, LAB_ERROR_UNSUPPORTED, "input “image” is not N × channels × height × width floats");
  model = unpack (&small);
  type_of (model->graph->input[0])->shape->dim[3]->dim_value = 7;
  assert_refuses (model, LAB_ERROR_FORMAT, "operator Gemm “dense5”: tensor “dense5.weight” of size 3 × 12 does not fit");
  model = unpack (&small);
  type_of (model->graph->output[0])->shape->dim[1]->dim_value = 10;
  assert_refuses (model, LAB_ERROR_FORMAT, "output “logits” does not have the size that its operator gives it");
  model = unpack (&small);
  set_string (&model->graph->output[0]->name, "relu2");
  assert_refuses (model, LAB_ERROR_UNSUPPORTED, "the output of the model must be that of its last operator");
}

/* Two bytes that ask for a message of a hundred are not given unlimited memory. */
static void
test_amplification (void)
{
  const gsize n = 1 << 20;
  g_autoptr (GByteArray) model = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  /* IR version 7, opset 13, and a graph as long as follows: 2²¹ bytes. */
  g_byte_array_append (model, (const guint8[]){ 0x08, 0x07, 0x42, 0x02, 0x10, 0x0d }, 6);
  g_byte_array_append (model, (const guint8[]){ 0x3a, 0x80, 0x80, 0x80, 0x01 }, 5);
  for (gsize i = 0; i < n; i++)
    g_byte_array_append (model, (const guint8[]){ 0x0a, 0x00 }, 2);
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&model));
  g_assert_null (lab_onnx_read (bytes, "model", NULL, &error));
  g_assert_cmpstr (error->message, ==, "model: not an ONNX model");
}

/* Reads a copy that is exactly as long as the bytes are, so that a sanitizer
 * sees every overrun. What is accepted can be run. */
static gboolean
try_reading (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GHashTable) metadata = NULL;
  g_autoptr (GError) error = NULL;
  NnNetwork *network = lab_onnx_read (bytes, "model", &metadata, &error);
  NnWorkspace *workspace = NULL;
  NnStatus status = NN_OK;

  if (network == NULL)
    {
      g_assert_true (g_str_has_prefix (error->message, "model: "));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_null (metadata);
      return FALSE;
    }
  g_assert_no_error (error);
  g_assert_nonnull (metadata);
  status = nn_workspace_new (network, 1, NN_INFERENCE, NULL, &workspace);
  g_assert_cmpint (status, ==, NN_OK);
  memset (nn_workspace_input (workspace), 0, nn_shape_size (nn_network_input (network)) * sizeof (NnReal));
  nn_forward (network, workspace, 1);
  nn_workspace_free (workspace);
  nn_network_free (network);
  return TRUE;
}

static void
test_truncated (void)
{
  g_autoptr (GBytes) bytes = pack (unpack (&small));
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize n = 0; n < size; n++)
    g_assert_true (!try_reading (data, n) || n > size - 8);
  g_assert_true (try_reading (data, size));
}

static void
test_flipped (void)
{
  g_autoptr (GBytes) bytes = pack (unpack (&small));
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autofree guint8 *copy = g_memdup2 (data, size);

  for (gsize i = 0; i < 8 * size; i++)
    {
      copy[i / 8] ^= 1 << i % 8;
      try_reading (copy, size);
      copy[i / 8] ^= 1 << i % 8;
    }
  for (guint round = 0; round < 20000; round++)
    {
      memcpy (copy, data, size);
      for (int i = g_test_rand_int_range (1, 5); i > 0; i--)
        copy[g_test_rand_int_range (0, size)] = g_test_rand_int_range (0, 256);
      try_reading (copy, size);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/onnx-read/variants", test_variants);
  g_test_add_func ("/onnx-read/missing-bias", test_missing_bias);
  g_test_add_func ("/onnx-read/operators", test_operators);
  g_test_add_func ("/onnx-read/attributes", test_attributes);
  g_test_add_func ("/onnx-read/tensors", test_tensors);
  g_test_add_func ("/onnx-read/model", test_model);
  g_test_add_func ("/onnx-read/amplification", test_amplification);
  g_test_add_func ("/onnx-read/truncated", test_truncated);
  g_test_add_func ("/onnx-read/flipped", test_flipped);

  return g_test_run ();
}
