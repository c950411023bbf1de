/* SPDX-License-Identifier: MIT */
#include "onnx-edit.h"

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
  status = nn_workspace_new (network, 1, NN_INFERENCE, NULL, NULL, &workspace);
  g_assert_cmpint (status, ==, NN_OK);
  memset (nn_workspace_input (workspace), 0, nn_shape_size (nn_network_input (network)) * sizeof (NnReal));
  nn_forward (network, workspace, 1);
  nn_workspace_free (workspace);
  nn_network_free (network);
  return TRUE;
}

/* Returns number @place of the sizes of the inputs and tensors and of the lists
 * among the attributes, or NULL if there are not as many. */
static gint64 *
find_number (Onnx__GraphProto *graph, guint place)
{
  Onnx__TensorShapeProto *shape = type_of (graph->input[0])->shape;

  if (place < shape->n_dim)
    {
      shape->dim[place]->has_dim_value = TRUE;
      return &shape->dim[place]->dim_value;
    }
  place -= shape->n_dim;
  for (size_t i = 0; i < graph->n_initializer; place -= graph->initializer[i++]->n_dims)
    if (place < graph->initializer[i]->n_dims)
      return &graph->initializer[i]->dims[place];
  for (size_t i = 0; i < graph->n_node; i++)
    for (size_t a = 0; a < graph->node[i]->n_attribute; place -= graph->node[i]->attribute[a++]->n_ints)
      if (place < graph->node[i]->attribute[a]->n_ints)
        return &graph->node[i]->attribute[a]->ints[place];
  return NULL;
}

/* Any size of any tensor and any attribute of numbers, one after another, may
 * be anything. */
static void
test_sizes (void)
{
  const gint64 sizes[] = { G_MININT64, -1, 0, 1, 3, 7, 1 << 23, G_MAXINT32, (gint64) 1 << 32, G_MAXINT64 };
  g_autoptr (GBytes) packed = pack (unpack (&whole));
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (packed, &size);
  guint n_tried = 0;

  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (guint place = 0;; place++)
      {
        Onnx__ModelProto *model = onnx__model_proto__unpack (NULL, size, data);
        gint64 *number = find_number (model->graph, place);
        g_autoptr (GBytes) bytes = NULL;

        if (number != NULL)
          *number = sizes[s];
        bytes = pack (model);
        if (number == NULL)
          break;
        try_reading (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
        n_tried++;
      }
  g_assert_cmpuint (n_tried, >, 300);
}

static void
test_truncated (gconstpointer design)
{
  g_autoptr (GBytes) bytes = pack (unpack (design));
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize n = 0; n < size; n++)
    g_assert_true (!try_reading (data, n) || n > size - 8);
  g_assert_true (try_reading (data, size));
}

static void
test_flipped (gconstpointer design)
{
  g_autoptr (GBytes) bytes = pack (unpack (design));
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

  g_test_add_func ("/onnx-hostile/amplification", test_amplification);
  g_test_add_func ("/onnx-hostile/sizes", test_sizes);
  g_test_add_data_func ("/onnx-hostile/truncated/small", &small, test_truncated);
  g_test_add_data_func ("/onnx-hostile/truncated/whole", &whole, test_truncated);
  g_test_add_data_func ("/onnx-hostile/flipped/small", &small, test_flipped);
  g_test_add_data_func ("/onnx-hostile/flipped/whole", &whole, test_flipped);

  return g_test_run ();
}
