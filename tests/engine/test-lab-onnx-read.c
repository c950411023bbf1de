/* SPDX-License-Identifier: MIT */
#include "onnx-edit.h"

#include <math.h>

#define WITH_INT(...) set_int (unpack (&small), __VA_ARGS__)
#define WITH_FLOAT(...) set_float (unpack (&small), __VA_ARGS__)
#define WITH_INTS(...) SET_INTS (unpack (&small), __VA_ARGS__)

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
  assert_accepts (WITH_INT (NODE_CONV, "group", 1), &small);
  assert_accepts (WITH_INT (NODE_POOL, "ceil_mode", 0), &small);
  assert_accepts (WITH_FLOAT (NODE_GEMM, "alpha", 1), &small);
  assert_accepts (WITH_FLOAT (NODE_GEMM, "beta", 1), &small);

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
  model = WITH_INT (NODE_GEMM, "transB", 0);
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

  set_string (&model->graph->node[NODE_RELU]->op_type, "Softmax");
  assert_refuses (model, LAB_ERROR_UNSUPPORTED, "operator Softmax “relu2”: this operator is not supported");

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

  assert_refuses (WITH_INT (NODE_CONV, "group", 2), LAB_ERROR_UNSUPPORTED,
                  "operator Conv “conv1”: attribute “group” with the value 2 is not supported");
  assert_refuses (WITH_INT (NODE_CONV, "blocksize", 2), LAB_ERROR_UNSUPPORTED,
                  "operator Conv “conv1”: attribute “blocksize” is not supported");
  assert_refuses (WITH_INT (NODE_CONV, "strides", 1), LAB_ERROR_FORMAT,
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
  assert_refuses (WITH_INT (NODE_POOL, "ceil_mode", 1), LAB_ERROR_UNSUPPORTED,
                  "operator MaxPool “pool3”: attribute “ceil_mode” with the value 1 is not supported");
  assert_refuses (WITH_INT (NODE_FLATTEN, "axis", 2), LAB_ERROR_UNSUPPORTED,
                  "operator Flatten “flatten4”: attribute “axis” with the value 2 is not supported");
  assert_refuses (WITH_FLOAT (NODE_GEMM, "alpha", 0.5f), LAB_ERROR_UNSUPPORTED,
                  "operator Gemm “dense5”: attribute “alpha” with the value 0.5 is not supported");
  assert_refuses (WITH_FLOAT (NODE_GEMM, "beta", NAN), LAB_ERROR_UNSUPPORTED,
                  "operator Gemm “dense5”: attribute “beta” with the value nan is not supported");
  assert_refuses (WITH_INT (NODE_GEMM, "transA", 1), LAB_ERROR_UNSUPPORTED,
                  "operator Gemm “dense5”: attribute “transA” with the value 1 is not supported");
  assert_refuses (WITH_INT (NODE_GEMM, "transB", 2), LAB_ERROR_UNSUPPORTED,
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
                  "operator Conv “conv1”: tensor “conv1.weight” of size 2 × 1 × 3 × 3 has 0 numbers");
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
  assert_refuses (model, LAB_ERROR_FORMAT, "operator Gemm “dense5”: a bias is not a finite number");
  model = unpack (&small);
  set_string (&model->graph->initializer[MATRIX]->name, "conv1.weight");
  assert_refuses (model, LAB_ERROR_FORMAT, "two tensors are called “conv1.weight”, or one has no name");
}

static void
test_model (void)
{
  static const Design tall_kernel = { "tall kernel", { 1, 1 << 16, 1 }, 2, { CONV (201, 1, 1, SAME), FLATTEN } };
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
  /* Here the layers' values are few enough, those of the picture with a rim are not. */
  assert_refuses (unpack (&tall_kernel), LAB_ERROR_TOO_LARGE,
                  "operator Conv “conv1”: the network has more values than are supported");
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

  return g_test_run ();
}
