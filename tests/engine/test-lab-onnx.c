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
};

/* Specifications and parameters come back bit for bit, and what is written
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

static void
test_write_unsupported (void)
{
  const Design wrong[] = {
    { "dense on a picture", { 1, 1, 4 }, 1, { DENSE (2) } },
    { "conv on a flat value", { 1, 1, 4 }, 3, { FLATTEN, CONV (1, 1, 2, VALID), FLATTEN } },
    { "a picture as output", { 3, 3, 1 }, 2, { CONV (3, 3, 2, VALID), RELU } },
  };
  const char *messages[] = {
    "ONNX needs a flatten layer before layer 1 of the network",
    "ONNX cannot have layer 2 of the network after a flat one",
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
  nn_network_free (network);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (designs); i++)
    {
      g_autofree char *path = g_strconcat ("/onnx/round-trip/", designs[i].name, NULL);

      g_test_add_data_func (path, &designs[i], test_round_trip);
    }
  g_test_add_func ("/onnx/layout", test_layout);
  g_test_add_func ("/onnx/write-unsupported", test_write_unsupported);

  return g_test_run ();
}
