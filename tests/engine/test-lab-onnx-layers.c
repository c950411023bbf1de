/* SPDX-License-Identifier: MIT */

/* Batch norm, dropout, pooling and activations as other programs write them,
 * and what is refused of them. */

#include "onnx-edit.h"

static Onnx__NodeProto *
node_of (Onnx__ModelProto *model, size_t i)
{
  return model->graph->node[i];
}

static void
remove_last_input (Onnx__ModelProto *model, size_t i)
{
  Onnx__NodeProto *node = node_of (model, i);

  g_free (node->input[--node->n_input]);
}

static void
add_input (Onnx__ModelProto *model, size_t i, const char *name)
{
  Onnx__NodeProto *node = node_of (model, i);

  node->input = g_renew (char *, node->input, node->n_input + 1);
  node->input[node->n_input++] = g_strdup (name);
}

/* Returns a new tensor of size 4 × 4 × … with @n_dims dimensions, and no numbers yet. */
static Onnx__TensorProto *
make_tensor (const char *name, Onnx__TensorProto__DataType type, size_t n_dims)
{
  Onnx__TensorProto *tensor = g_new (Onnx__TensorProto, 1);

  onnx__tensor_proto__init (tensor);
  tensor->name = g_strdup (name);
  tensor->has_data_type = TRUE;
  tensor->data_type = type;
  tensor->n_dims = n_dims;
  tensor->dims = g_new (gint64, n_dims);
  for (size_t i = 0; i < n_dims; i++)
    tensor->dims[i] = 4;
  return tensor;
}

static void
set_raw_data (Onnx__TensorProto *tensor, const void *data, size_t size)
{
  tensor->has_raw_data = TRUE;
  tensor->raw_data.data = g_memdup2 (data, size);
  tensor->raw_data.len = size;
}

static void
add_tensor (Onnx__ModelProto *model, Onnx__TensorProto *tensor)
{
  Onnx__GraphProto *graph = model->graph;

  graph->initializer = g_renew (Onnx__TensorProto *, graph->initializer, graph->n_initializer + 1);
  graph->initializer[graph->n_initializer++] = tensor;
}

/* Puts an operator without inputs before operator @i. */
static Onnx__NodeProto *
insert_node (Onnx__ModelProto *model, size_t i, const char *op_type, const char *name)
{
  Onnx__GraphProto *graph = model->graph;
  Onnx__NodeProto *node = g_new (Onnx__NodeProto, 1);

  onnx__node_proto__init (node);
  node->op_type = g_strdup (op_type);
  node->name = g_strdup (name);
  node->output = g_new (char *, 1);
  node->output[node->n_output++] = g_strdup (name);
  graph->node = g_renew (Onnx__NodeProto *, graph->node, graph->n_node + 1);
  memmove (graph->node + i + 1, graph->node + i, (graph->n_node - i) * sizeof *graph->node);
  graph->node[i] = node;
  graph->n_node++;
  return node;
}

/* Puts a Constant before operator @i that makes @tensor, called like it. */
static void
insert_constant (Onnx__ModelProto *model, size_t i, Onnx__TensorProto *tensor)
{
  insert_node (model, i, "Constant", tensor->name);
  set_attribute (model, i, "value", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR)->t = tensor;
}

/* Puts a Pad before operator @i. */
static void
insert_pad (Onnx__ModelProto *model, size_t i)
{
  const char *value = node_of (model, i)->input[0];

  insert_node (model, i, "Pad", "pad");
  add_input (model, i, value);
  set_text (model, i, "mode", "constant");
  set_string (&node_of (model, i + 1)->input[0], "pad");
}

/* Makes the ratios of dropout, which are inputs, the attributes that they were
 * until opset 11. */
static Onnx__ModelProto *
unpack_old (int opset)
{
  const int places[] = { WHOLE_DROPOUT, WHOLE_FLAT_DROPOUT };
  Onnx__ModelProto *model = unpack (&whole);

  model->opset_import[0]->version = opset;
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      remove_last_input (model, places[i]);
      set_float (model, places[i], "ratio", (float) whole.layers[places[i]].rate);
    }
  return model;
}

static Onnx__ModelProto *
unpack_new (int opset)
{
  Onnx__ModelProto *model = unpack (&whole);

  model->opset_import[0]->version = opset;
  return model;
}

/* Returns the model of all layers with another number in one of its tensors. */
static Onnx__ModelProto *
with_number (size_t tensor, size_t i, float number)
{
  Onnx__ModelProto *model = unpack (&whole);

  memcpy (model->graph->initializer[tensor]->raw_data.data + sizeof number * i, &number, sizeof number);
  return model;
}

static void
test_opsets (void)
{
  for (int opset = 7; opset < 12; opset++)
    assert_accepts (unpack_old (opset), &whole);
  for (int opset = 12; opset <= 21; opset++)
    assert_accepts (unpack_new (opset), &whole);
  assert_accepts (set_int (unpack_old (7), WHOLE_NORM, "spatial", 1), &whole);
  assert_accepts (set_int (unpack_new (15), WHOLE_NORM, "training_mode", 0), &whole);
  assert_accepts (set_int (unpack_new (12), WHOLE_DROPOUT, "seed", 7), &whole);

  assert_refuses (unpack_old (12), LAB_ERROR_UNSUPPORTED,
                  "operator Dropout “dropout7”: attribute “ratio” is not supported");
  assert_refuses (unpack_new (11), LAB_ERROR_FORMAT, "operator Dropout “dropout7”: the number of inputs is wrong");
}

/* What a file leaves out has the value that ONNX gives it. */
static void
test_defaults (void)
{
  Design expected = whole;
  Onnx__ModelProto *model = unpack (&whole);

  expected.layers[WHOLE_NORM].epsilon = 1e-5;
  expected.layers[WHOLE_FLAT_NORM].momentum = 0.9;
  expected.layers[WHOLE_LEAKY].slope = 0.01;
  expected.layers[WHOLE_DROPOUT].rate = 0.5;
  remove_attribute (model, WHOLE_NORM, "epsilon");
  remove_attribute (model, WHOLE_FLAT_NORM, "momentum");
  remove_attribute (model, WHOLE_LEAKY, "alpha");
  remove_last_input (model, WHOLE_DROPOUT);
  assert_accepts (model, &expected);

  model = unpack_old (7);
  remove_attribute (model, WHOLE_NORM, "epsilon");
  remove_attribute (model, WHOLE_FLAT_NORM, "momentum");
  remove_attribute (model, WHOLE_LEAKY, "alpha");
  remove_attribute (model, WHOLE_DROPOUT, "ratio");
  assert_accepts (model, &expected);
}

static void
test_dropout (void)
{
  const guint8 off = 0, on = 1;
  Onnx__ModelProto *model = unpack (&whole);
  Onnx__NodeProto *node = node_of (model, WHOLE_DROPOUT);
  Onnx__TensorProto *tensor = NULL;
  Design expected = whole;

  /* The second output, which nobody reads. */
  node->output = g_renew (char *, node->output, 2);
  node->output[node->n_output++] = g_strdup ("mask");
  assert_accepts (model, &whole);

  model = unpack (&whole);
  add_input (model, WHOLE_DROPOUT, "training");
  tensor = make_tensor ("training", ONNX__TENSOR_PROTO__DATA_TYPE__BOOL, 0);
  set_raw_data (tensor, &off, sizeof off);
  add_tensor (model, tensor);
  assert_accepts (model, &whole);

  /* No ratio, and the other form of a truth value. */
  model = unpack (&whole);
  set_string (&node_of (model, WHOLE_DROPOUT)->input[1], "");
  add_input (model, WHOLE_DROPOUT, "training");
  tensor = make_tensor ("training", ONNX__TENSOR_PROTO__DATA_TYPE__BOOL, 0);
  tensor->int32_data = g_new0 (gint32, 1);
  tensor->n_int32_data = 1;
  add_tensor (model, tensor);
  expected.layers[WHOLE_DROPOUT].rate = 0.5;
  assert_accepts (model, &expected);

  model = unpack (&whole);
  add_input (model, WHOLE_DROPOUT, "training");
  tensor = make_tensor ("training", ONNX__TENSOR_PROTO__DATA_TYPE__BOOL, 0);
  set_raw_data (tensor, &on, sizeof on);
  add_tensor (model, tensor);
  assert_refuses (model, LAB_ERROR_UNSUPPORTED,
                  "operator Dropout “dropout7”: it is set to drop values outside of training, which is not supported");

  model = unpack (&whole);
  add_input (model, WHOLE_DROPOUT, "dropout7.ratio");
  assert_refuses (model, LAB_ERROR_UNSUPPORTED,
                  "operator Dropout “dropout7”: tensor “dropout7.ratio” is of type 1, and only 9, bool, is supported");
  model = unpack (&whole);
  set_string (&node_of (model, WHOLE_DROPOUT)->input[1], "elsewhere");
  assert_refuses (model, LAB_ERROR_UNSUPPORTED,
                  "operator Dropout “dropout7”: input “elsewhere” is not a tensor of the file");
  model = unpack (&whole);
  set_string (&node_of (model, WHOLE_DROPOUT)->input[1], "norm2.weight");
  assert_refuses (model, LAB_ERROR_FORMAT, "operator Dropout “dropout7”: tensor “norm2.weight” of size 2 does not fit");
}

/* PyTorch pads by nothing before it averages, and has numbers as operators. */
static void
test_pad (void)
{
  const gint64 none[4] = { 0 }, some[4] = { 0, 0, 1, 0 };
  Onnx__ModelProto *model = unpack (&whole);
  Onnx__TensorProto *tensor = make_tensor ("pads", ONNX__TENSOR_PROTO__DATA_TYPE__INT64, 1);

  set_raw_data (tensor, none, sizeof none);
  insert_pad (model, WHOLE_AVERAGE_POOL);
  add_input (model, WHOLE_AVERAGE_POOL, "pads");
  insert_constant (model, WHOLE_AVERAGE_POOL, tensor);
  assert_accepts (model, &whole);

  model = unpack (&whole);
  tensor = make_tensor ("pads", ONNX__TENSOR_PROTO__DATA_TYPE__INT64, 1);
  tensor->int64_data = g_memdup2 (some, sizeof some);
  tensor->n_int64_data = G_N_ELEMENTS (some);
  insert_pad (model, WHOLE_AVERAGE_POOL);
  add_input (model, WHOLE_AVERAGE_POOL, "pads");
  add_tensor (model, tensor);
  assert_refuses (model, LAB_ERROR_UNSUPPORTED, "operator Pad “pad”: padding is only supported as a part of Conv");

  model = unpack_old (10);
  insert_pad (model, WHOLE_AVERAGE_POOL);
  assert_accepts (SET_INTS (model, WHOLE_AVERAGE_POOL, "pads", 0, 0, 0, 0, 0, 0, 0, 0), &whole);
  model = unpack_old (10);
  insert_pad (model, WHOLE_AVERAGE_POOL);
  assert_refuses (SET_INTS (model, WHOLE_AVERAGE_POOL, "pads", 0, 0, 1, 1, 0, 0, 1, 1), LAB_ERROR_UNSUPPORTED,
                  "operator Pad “pad”: attribute “pads” with the value 0, 0, 1, 1, 0, 0, 1, 1 is not supported");
}

static void
test_constants (void)
{
  const float ratio = 0.25f;
  Onnx__ModelProto *model = unpack (&whole);
  Onnx__TensorProto *tensor = make_tensor ("ratio", ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, 0);

  set_raw_data (tensor, &ratio, sizeof ratio);
  set_string (&node_of (model, WHOLE_DROPOUT)->input[1], "ratio");
  insert_constant (model, 0, tensor);
  assert_accepts (model, &whole);

  model = unpack (&whole);
  insert_node (model, 0, "Constant", "number");
  assert_refuses (model, LAB_ERROR_FORMAT, "operator Constant “number”: attribute “value” is missing");
  model = unpack (&whole);
  insert_node (model, 0, "Constant", "number");
  assert_refuses (set_float (model, 0, "value_float", 1), LAB_ERROR_UNSUPPORTED,
                  "operator Constant “number”: attribute “value_float” is not supported");
  model = unpack (&whole);
  insert_constant (model, 0, make_tensor ("conv1.bias", ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, 0));
  assert_refuses (model, LAB_ERROR_FORMAT,
                  "operator Constant “conv1.bias”: two tensors are called “conv1.bias”, or one has no name");
}

static void
test_pools (void)
{
  Onnx__ModelProto *model = unpack (&whole);

  set_text (model, WHOLE_AVERAGE_POOL, "auto_pad", "VALID");
  set_int (model, WHOLE_AVERAGE_POOL, "count_include_pad", 1);
  set_int (model, WHOLE_AVERAGE_POOL, "ceil_mode", 0);
  SET_INTS (model, WHOLE_AVERAGE_POOL, "dilations", 1, 1);
  SET_INTS (model, WHOLE_AVERAGE_POOL, "pads", 0, 0, 0, 0);
  assert_accepts (model, &whole);

  assert_refuses (set_int (unpack (&whole), WHOLE_AVERAGE_POOL, "ceil_mode", 1), LAB_ERROR_UNSUPPORTED,
                  "operator AveragePool “pool6”: attribute “ceil_mode” with the value 1 is not supported");
  assert_refuses (SET_INTS (unpack (&whole), WHOLE_AVERAGE_POOL, "pads", 0, 0, 1, 0), LAB_ERROR_UNSUPPORTED,
                  "operator AveragePool “pool6”: attribute “pads” with the value 0, 0, 1, 0 is not supported");
  assert_refuses (SET_INTS (unpack (&whole), WHOLE_AVERAGE_POOL, "dilations", 2, 1), LAB_ERROR_UNSUPPORTED,
                  "operator AveragePool “pool6”: attribute “dilations” with the value 2, 1 is not supported");
  assert_refuses (SET_INTS (unpack (&whole), WHOLE_AVERAGE_POOL, "kernel_shape", 6, 1), LAB_ERROR_UNSUPPORTED,
                  "operator AveragePool “pool6”: attribute “kernel_shape” with the value 6, 1 is not supported");
  assert_refuses (remove_attribute (unpack (&whole), WHOLE_AVERAGE_POOL, "strides"), LAB_ERROR_UNSUPPORTED,
                  "operator AveragePool “pool6”: strides that differ from the kernel's size are not supported");
  assert_refuses (set_text (unpack (&whole), WHOLE_AVERAGE_POOL, "auto_pad", "SAME_UPPER"), LAB_ERROR_UNSUPPORTED,
                  "operator AveragePool “pool6”: attribute “auto_pad” with the value SAME_UPPER is not supported");
  assert_refuses (set_int (unpack (&whole), WHOLE_GLOBAL_POOL, "p", 2), LAB_ERROR_UNSUPPORTED,
                  "operator GlobalAveragePool “mean8”: attribute “p” is not supported");

  model = unpack (&whole);
  set_string (&node_of (model, WHOLE_FLAT_DROPOUT)->op_type, "GlobalAveragePool");
  remove_last_input (model, WHOLE_FLAT_DROPOUT);
  assert_refuses (model, LAB_ERROR_FORMAT,
                  "operator GlobalAveragePool “dropout13”: its input is flat, and it needs a picture");
}

/* That @model, which is freed, is refused because of @value, and says so. */
static void
assert_refuses_value (Onnx__ModelProto *model, const char *text, float value)
{
  g_autofree char *message = g_strdup_printf ("operator %s %g is not supported", text, value);

  assert_refuses (model, LAB_ERROR_UNSUPPORTED, message);
}

/* Numbers at the ends of their ranges and beyond. */
static void
test_ranges (void)
{
  const float bad_fractions[] = { 1, -0.125f, 2, INFINITY, -INFINITY, NAN };
  const float bad_epsilons[] = { 0, -1, INFINITY, NAN };
  Onnx__ModelProto *model = unpack_old (11);
  Design expected = whole;

  expected.layers[WHOLE_NORM].momentum = 0;
  expected.layers[WHOLE_NORM].epsilon = 1e-40;
  expected.layers[WHOLE_LEAKY].slope = 0;
  expected.layers[WHOLE_DROPOUT].rate = 0.99999994;
  set_float (model, WHOLE_NORM, "momentum", 0);
  set_float (model, WHOLE_NORM, "epsilon", 1e-40f);
  set_float (model, WHOLE_LEAKY, "alpha", 0);
  set_float (model, WHOLE_DROPOUT, "ratio", 0.99999994f);
  assert_accepts (model, &expected);

  for (guint i = 0; i < G_N_ELEMENTS (bad_fractions); i++)
    {
      float bad = bad_fractions[i];

      assert_refuses_value (set_float (unpack (&whole), WHOLE_LEAKY, "alpha", bad),
                            "LeakyRelu “leaky3”: attribute “alpha” with the value", bad);
      assert_refuses_value (set_float (unpack (&whole), WHOLE_NORM, "momentum", bad),
                            "BatchNormalization “norm2”: attribute “momentum” with the value", bad);
      assert_refuses_value (set_float (unpack_old (7), WHOLE_DROPOUT, "ratio", bad),
                            "Dropout “dropout7”: attribute “ratio” with the value", bad);
      assert_refuses_value (with_number (WHOLE_RATIO, 0, bad), "Dropout “dropout7”: a ratio of", bad);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad_epsilons); i++)
    assert_refuses_value (set_float (unpack (&whole), WHOLE_NORM, "epsilon", bad_epsilons[i]),
                          "BatchNormalization “norm2”: attribute “epsilon” with the value", bad_epsilons[i]);
}

static void
test_batch_norm (void)
{
  Onnx__ModelProto *model = NULL;
  Onnx__NodeProto *node = NULL;

  assert_refuses (set_int (unpack_old (8), WHOLE_NORM, "spatial", 0), LAB_ERROR_UNSUPPORTED,
                  "operator BatchNormalization “norm2”: attribute “spatial” with the value 0 is not supported");
  assert_refuses (set_int (unpack_new (14), WHOLE_NORM, "training_mode", 1), LAB_ERROR_UNSUPPORTED,
                  "operator BatchNormalization “norm2”: attribute “training_mode” with the value 1 is not supported");
  assert_refuses (SET_INTS (unpack_old (7), WHOLE_NORM, "consumed_inputs", 0, 0, 0, 1, 1), LAB_ERROR_UNSUPPORTED,
                  "operator BatchNormalization “norm2”: attribute “consumed_inputs” is not supported");
  assert_refuses (set_int (unpack (&whole), WHOLE_NORM, "epsilon", 1), LAB_ERROR_FORMAT,
                  "operator BatchNormalization “norm2”: attribute “epsilon” has the wrong type or length");

  model = unpack (&whole);
  remove_last_input (model, WHOLE_NORM);
  assert_refuses (model, LAB_ERROR_FORMAT, "operator BatchNormalization “norm2”: the number of inputs is wrong");
  model = unpack (&whole);
  node = node_of (model, WHOLE_NORM);
  node->output = g_renew (char *, node->output, 2);
  node->output[node->n_output++] = g_strdup ("mean");
  assert_refuses (model, LAB_ERROR_UNSUPPORTED, "operator BatchNormalization “norm2”: only one output is supported");
  model = unpack (&whole);
  set_string (&node_of (model, WHOLE_NORM)->input[3], "");
  assert_refuses (model, LAB_ERROR_UNSUPPORTED, "operator BatchNormalization “norm2”: input “” is not a tensor of the file");
  model = unpack (&whole);
  set_string (&node_of (model, WHOLE_NORM)->input[4], "dropout7.ratio");
  assert_refuses (model, LAB_ERROR_FORMAT,
                  "operator BatchNormalization “norm2”: tensor “dropout7.ratio” of size 1 does not fit");
  model = unpack (&whole);
  model->graph->initializer[WHOLE_MEAN]->dims[0] = 3;
  assert_refuses (model, LAB_ERROR_FORMAT,
                  "operator BatchNormalization “norm2”: tensor “norm2.mean” of size 3 has 2 numbers");
  model = unpack (&whole);
  model->graph->initializer[WHOLE_VARIANCE]->dims[0] = 1;
  model->graph->initializer[WHOLE_VARIANCE]->raw_data.len = sizeof (float);
  assert_refuses (model, LAB_ERROR_FORMAT,
                  "operator BatchNormalization “norm2”: tensor “norm2.variance” of size 1 does not fit");

  assert_refuses (with_number (WHOLE_SCALE, 0, NAN), LAB_ERROR_FORMAT,
                  "operator BatchNormalization “norm2”: a weight is not a finite number");
  assert_refuses (with_number (WHOLE_SHIFT, 1, INFINITY), LAB_ERROR_FORMAT,
                  "operator BatchNormalization “norm2”: a bias is not a finite number");
  assert_refuses (with_number (WHOLE_MEAN, 1, -INFINITY), LAB_ERROR_FORMAT,
                  "operator BatchNormalization “norm2”: a mean is not a finite number");
  assert_refuses (with_number (WHOLE_VARIANCE, 0, -0.5f), LAB_ERROR_FORMAT,
                  "operator BatchNormalization “norm2”: a variance is negative or not a finite number");
  assert_refuses (with_number (WHOLE_VARIANCE, 1, NAN), LAB_ERROR_FORMAT,
                  "operator BatchNormalization “norm2”: a variance is negative or not a finite number");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/onnx-layers/opsets", test_opsets);
  g_test_add_func ("/onnx-layers/defaults", test_defaults);
  g_test_add_func ("/onnx-layers/dropout", test_dropout);
  g_test_add_func ("/onnx-layers/pad", test_pad);
  g_test_add_func ("/onnx-layers/constants", test_constants);
  g_test_add_func ("/onnx-layers/pools", test_pools);
  g_test_add_func ("/onnx-layers/ranges", test_ranges);
  g_test_add_func ("/onnx-layers/batch-norm", test_batch_norm);

  return g_test_run ();
}
