/* SPDX-License-Identifier: MIT */
#include "lab-error.h"
#include "onnx-models.h"

#include <math.h>

static const Design designs[] = {
  { "mlp", { 28, 28, 1 }, 4, { FLATTEN, DENSE (16), RELU, DENSE (10) } },
  { "colour", { 5, 7, 3 }, 5, { FLATTEN, RELU, FLATTEN, DENSE (4), DENSE (2) } },
  { "valid", { 28, 28, 1 }, 9,
    { CONV (3, 5, 4, VALID), RELU, POOL (2, 2), CONV (4, 2, 6, VALID), RELU, POOL (2, 3), FLATTEN, DENSE (10), RELU } },
  { "same", { 11, 8, 2 }, 6, { CONV (2, 4, 3, SAME), CONV (3, 1, 4, SAME), POOL (3, 2), RELU, FLATTEN, DENSE (5) } },
  { "batch-norm", { 5, 4, 3 }, 8,
    { NORM (1e-5, 0.9), CONV (3, 3, 4, SAME), NORM (0.001, 0), POOL (2, 2), FLATTEN, NORM (1e-12, 0.999), DENSE (3),
      NORM (0.37, 0.1) } },
  /* Nothing happens to a picture between the layers that know it is one. */
  { "flattened", { 3, 5, 2 }, 9,
    { FLATTEN, DROPOUT (0.2), SIGMOID, NORM (1e-5, 0.9), TANH, FLATTEN, LEAKY_RELU (0.2), NORM (1e-3, 0.9), DENSE (4) } },
  { "average-pool", { 9, 10, 2 }, 5, { AVERAGE_POOL (2, 3), AVERAGE_POOL (1, 1), POOL (2, 1), FLATTEN, DENSE (3) } },
  { "global-average-pool", { 7, 5, 3 }, 3, { GLOBAL_AVERAGE_POOL, GLOBAL_AVERAGE_POOL, FLATTEN } },
  { "dropout", { 4, 4, 1 }, 6, { DROPOUT (0), FLATTEN, DROPOUT (0.1), DENSE (4), DROPOUT (0.5), DROPOUT (0.3) } },
  { "activations", { 4, 4, 2 }, 9,
    { SIGMOID, TANH, LEAKY_RELU (0), FLATTEN, LEAKY_RELU (0.01), DENSE (4), LEAKY_RELU (0.99), SIGMOID, TANH } },
};

/* Specifications, parameters and statistics come back bit for bit, and what is written
 * then is the same file. */
static void
test_round_trip (gconstpointer data)
{
  const Design *design = data;
  NnNetwork *network = build (design);
  g_autoptr (GHashTable) metadata = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) read_metadata = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) again = NULL;
  g_autoptr (GError) error = NULL;
  NnNetwork *read = NULL;

  g_hash_table_insert (metadata, "preset", "quick");
  g_hash_table_insert (metadata, "empty", "");
  g_hash_table_insert (metadata, "épreuve", "97,5 % × 2");
  bytes = write_model (network, metadata);
  read = lab_onnx_read (bytes, "model", &read_metadata, &error);
  g_assert_no_error (error);
  assert_equal (network, read);
  g_assert_cmpuint (g_hash_table_size (read_metadata), ==, 3);
  g_assert_cmpstr (g_hash_table_lookup (read_metadata, "preset"), ==, "quick");
  g_assert_cmpstr (g_hash_table_lookup (read_metadata, "empty"), ==, "");
  g_assert_cmpstr (g_hash_table_lookup (read_metadata, "épreuve"), ==, "97,5 % × 2");

  again = write_model (read, read_metadata);
  g_assert_true (g_bytes_equal (bytes, again));
  nn_network_free (network);
  nn_network_free (read);
}

/* The numbers lie where ONNX says they do, worked out here by plain loops. */
static void
test_layout (void)
{
  Onnx__ModelProto *model = unpack (&small);
  NnNetwork *network = build (&small);
  const NnReal *parameters = nn_network_parameters_const (network);
  const NnLayer *conv = nn_network_layer (network, NODE_CONV);
  const NnLayer *dense = nn_network_layer (network, NODE_GEMM);
  const Onnx__TensorProto *kernel = model->graph->initializer[KERNEL];
  const Onnx__TensorProto *matrix = model->graph->initializer[MATRIX];
  const float *kernel_values = (const float *) kernel->raw_data.data;
  const float *matrix_values = (const float *) matrix->raw_data.data;

  g_assert_cmpmem (kernel->dims, sizeof (gint64[4]), ((gint64[]){ 2, 1, 3, 3 }), sizeof (gint64[4]));
  for (size_t unit = 0; unit < 2; unit++)
    for (size_t y = 0; y < 3; y++)
      for (size_t x = 0; x < 3; x++)
        g_assert_cmpfloat (kernel_values[(unit * 3 + y) * 3 + x], ==,
                           parameters[conv->weights + (y * 3 + x) * 2 + unit]);

  /* 3 × 2 × 2 values come out of the pooling. */
  g_assert_cmpmem (matrix->dims, sizeof (gint64[2]), ((gint64[]){ 3, 12 }), sizeof (gint64[2]));
  for (size_t unit = 0; unit < 3; unit++)
    for (size_t c = 0; c < 2; c++)
      for (size_t y = 0; y < 3; y++)
        for (size_t x = 0; x < 2; x++)
          g_assert_cmpfloat (matrix_values[unit * 12 + (c * 3 + y) * 2 + x], ==,
                             parameters[dense->weights + ((y * 2 + x) * 2 + c) * 3 + unit]);
  onnx__model_proto__free_unpacked (model, NULL);
  nn_network_free (network);
}

/* Batch norm of a picture that was flattened has its numbers in ONNX's order. */
static void
test_layout_flat (void)
{
  const Design design = { "flat", { 3, 2, 4 }, 2, { FLATTEN, NORM (0.001, 0.9) } };
  Onnx__ModelProto *model = unpack (&design);
  NnNetwork *network = build (&design);
  const NnLayer *norm = nn_network_layer (network, 1);
  const NnReal *parameters = nn_network_parameters_const (network);
  const NnReal *means = nn_network_statistics_const (network) + norm->statistics;
  const NnReal *vectors[] = { parameters + norm->weights, parameters + norm->biases, means, means + 24 };

  g_assert_cmpuint (model->graph->n_initializer, ==, G_N_ELEMENTS (vectors));
  for (guint v = 0; v < G_N_ELEMENTS (vectors); v++)
    {
      const Onnx__TensorProto *tensor = model->graph->initializer[v];
      const float *values = (const float *) tensor->raw_data.data;

      g_assert_cmpmem (tensor->dims, sizeof (gint64) * tensor->n_dims, ((gint64[]){ 24 }), sizeof (gint64));
      g_assert_cmpstr (tensor->name, ==, model->graph->node[1]->input[1 + v]);
      for (size_t y = 0; y < 3; y++)
        for (size_t x = 0; x < 2; x++)
          for (size_t c = 0; c < 4; c++)
            g_assert_cmpfloat (values[(c * 3 + y) * 2 + x], ==, vectors[v][(y * 2 + x) * 4 + c]);
    }
  onnx__model_proto__free_unpacked (model, NULL);
  nn_network_free (network);
}

static void
test_settings (void)
{
  const Design design = { "settings", { 2, 2, 1 }, 4,
                          { FLATTEN, NORM (1e-5, 0.9), LEAKY_RELU (0.2), DROPOUT (1.0 / 3) } };
  Onnx__ModelProto *model = unpack (&design);
  Onnx__NodeProto **node = model->graph->node;
  const float ratio = 1.0f / 3;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  NnNetwork *network = NULL;

  g_assert_cmpuint (node[1]->n_attribute, ==, 2);
  g_assert_cmpstr (node[1]->attribute[0]->name, ==, "epsilon");
  g_assert_cmpfloat (node[1]->attribute[0]->f, ==, 1e-5f);
  g_assert_cmpstr (node[1]->attribute[1]->name, ==, "momentum");
  g_assert_cmpfloat (node[1]->attribute[1]->f, ==, 0.9f);
  g_assert_cmpuint (node[2]->n_attribute, ==, 1);
  g_assert_cmpstr (node[2]->attribute[0]->name, ==, "alpha");
  g_assert_cmpfloat (node[2]->attribute[0]->f, ==, 0.2f);
  g_assert_cmpuint (node[3]->n_attribute, ==, 0);
  g_assert_cmpuint (node[3]->n_input, ==, 2);
  g_assert_cmpstr (node[3]->input[1], ==, model->graph->initializer[4]->name);
  g_assert_cmpuint (model->graph->initializer[4]->n_dims, ==, 0);
  g_assert_cmpmem (model->graph->initializer[4]->raw_data.data, model->graph->initializer[4]->raw_data.len,
                   &ratio, sizeof ratio);

  /* More digits than single precision has are lost, and no more than these. */
  bytes = pack (model);
  network = lab_onnx_read (bytes, "model", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (nn_network_layer (network, 1)->spec.epsilon, ==, 1e-5);
  g_assert_cmpfloat (nn_network_layer (network, 1)->spec.momentum, ==, 0.9);
  g_assert_cmpfloat (nn_network_layer (network, 2)->spec.slope, ==, 0.2);
  g_assert_cmpfloat (nn_network_layer (network, 3)->spec.rate, ==, 0.33333334);
  nn_network_free (network);
}

static void
test_write_unsupported (void)
{
  const Design wrong[] = {
    { "dense on a picture", { 1, 1, 4 }, 1, { DENSE (2) } },
    { "conv on a flat value", { 1, 1, 4 }, 3, { FLATTEN, CONV (1, 1, 2, VALID), FLATTEN } },
    { "average of a flat value", { 1, 1, 4 }, 2, { FLATTEN, AVERAGE_POOL (1, 1) } },
    { "global average of a flat value", { 1, 1, 4 }, 2, { FLATTEN, GLOBAL_AVERAGE_POOL } },
    { "dense on a picture of one pixel", { 3, 3, 1 }, 2, { GLOBAL_AVERAGE_POOL, DENSE (2) } },
    { "a momentum next to 1", { 1, 1, 4 }, 2, { FLATTEN, NORM (1e-5, 1 - 1e-12) } },
    { "an epsilon next to 0", { 1, 1, 4 }, 1, { NORM (1e-60, 0.9) } },
    { "a slope next to 1", { 1, 1, 4 }, 1, { LEAKY_RELU (1 - 1e-12) } },
    { "a rate next to 1", { 1, 1, 4 }, 1, { DROPOUT (1 - 1e-12) } },
    { "a picture as output", { 3, 3, 1 }, 2, { CONV (3, 3, 2, VALID), RELU } },
  };
  const char *messages[] = {
    "ONNX needs a flatten layer before layer 1 of the network",
    "ONNX cannot have layer 2 of the network after a flat one",
    "ONNX cannot have layer 2 of the network after a flat one",
    "ONNX cannot have layer 2 of the network after a flat one",
    "ONNX needs a flatten layer before layer 2 of the network",
    "ONNX has too few digits for a setting of layer 2 of the network",
    "ONNX has too few digits for a setting of layer 1 of the network",
    "ONNX has too few digits for a setting of layer 1 of the network",
    "ONNX has too few digits for a setting of layer 1 of the network",
    "ONNX needs a flatten layer before the output of the network",
  };
  g_autoptr (GError) error = NULL;
  NnNetwork *network = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      network = build (&wrong[i]);
      g_assert_null (lab_onnx_write (network, NULL, &error));
      g_assert_error (error, LAB_ERROR, LAB_ERROR_UNSUPPORTED);
      g_assert_cmpstr (error->message, ==, messages[i]);
      g_clear_error (&error);
      nn_network_free (network);
    }

  network = build (&small);
  nn_network_parameters (network)[5] = NAN;
  g_assert_null (lab_onnx_write (network, NULL, &error));
  g_assert_error (error, LAB_ERROR, LAB_ERROR_DIVERGED);
  g_clear_error (&error);
  nn_network_free (network);

  network = build (&whole);
  nn_network_statistics (network)[1] = INFINITY;
  g_assert_null (lab_onnx_write (network, NULL, &error));
  g_assert_error (error, LAB_ERROR, LAB_ERROR_DIVERGED);
  nn_network_free (network);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/onnx/round-trip/whole", &whole, test_round_trip);
  for (guint i = 0; i < G_N_ELEMENTS (designs); i++)
    {
      g_autofree char *path = g_strconcat ("/onnx/round-trip/", designs[i].name, NULL);

      g_test_add_data_func (path, &designs[i], test_round_trip);
    }
  g_test_add_func ("/onnx/layout", test_layout);
  g_test_add_func ("/onnx/layout-flat", test_layout_flat);
  g_test_add_func ("/onnx/settings", test_settings);
  g_test_add_func ("/onnx/write-unsupported", test_write_unsupported);

  return g_test_run ();
}
