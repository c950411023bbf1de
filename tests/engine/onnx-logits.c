/* SPDX-License-Identifier: MIT */

/* The C half of onnx_checker.py:
 *
 *   onnx-logits write NAME MODEL             a model of random weights
 *   onnx-logits run MODEL IMAGES BATCH OUT   logits as 32-bit floats
 */

#include "lab-file.h"
#include "lab-idx.h"
#include "onnx-models.h"

static const Design designs[] = {
  { "mlp", { 28, 28, 1 }, 6, { FLATTEN, DENSE (64), RELU, DENSE (32), RELU, DENSE (10) } },
  { "valid", { 28, 28, 1 }, 8,
    { CONV (5, 5, 6, VALID), RELU, POOL (2, 2), CONV (3, 3, 8, VALID), RELU, POOL (2, 2), FLATTEN, DENSE (10) } },
  { "same", { 28, 28, 1 }, 9,
    { CONV (3, 3, 6, SAME), RELU, POOL (2, 2), CONV (5, 5, 8, SAME), RELU, FLATTEN, DENSE (20), RELU, DENSE (10) } },
  { "even", { 28, 28, 1 }, 7,
    { CONV (4, 2, 6, SAME), RELU, POOL (2, 3), CONV (2, 4, 5, SAME), RELU, FLATTEN, DENSE (10) } },
  { "pools", { 28, 28, 1 }, 10,
    { CONV (5, 5, 6, SAME), LEAKY_RELU (0.1), AVERAGE_POOL (2, 2), CONV (3, 3, 8, VALID), LEAKY_RELU (0),
      POOL (2, 3), AVERAGE_POOL (2, 1), TANH, FLATTEN, DENSE (10) } },
  { "activations", { 28, 28, 1 }, 13,
    { DROPOUT (0.1), CONV (3, 3, 8, VALID), SIGMOID, POOL (2, 2), CONV (3, 3, 8, VALID), TANH, DROPOUT (0.25), FLATTEN,
      DENSE (32), TANH, DROPOUT (0.5), LEAKY_RELU (0.2), DENSE (10) } },
  /* Batch norm before and after a picture is flattened, and of the input. */
  { "norm", { 28, 28, 1 }, 13,
    { NORM (0.001, 0.9), CONV (3, 3, 6, SAME), NORM (1e-5, 0.9), TANH, POOL (4, 4), FLATTEN, NORM (0.1, 0.5),
      DROPOUT (0.25), DENSE (16), NORM (1e-5, 0.99), SIGMOID, DENSE (10), NORM (1e-5, 0.9) } },
  { "cnn-bn", { 28, 28, 1 }, 28,
    { CONV (3, 3, 32, SAME), NORM (1e-5, 0.9), RELU, CONV (3, 3, 32, SAME), NORM (1e-5, 0.9), RELU,
      POOL (2, 2), DROPOUT (0.25),
      CONV (3, 3, 64, SAME), NORM (1e-5, 0.9), RELU, CONV (3, 3, 64, SAME), NORM (1e-5, 0.9), RELU,
      POOL (2, 2), DROPOUT (0.25),
      CONV (3, 3, 128, SAME), NORM (1e-5, 0.9), RELU, POOL (2, 2), DROPOUT (0.25),
      GLOBAL_AVERAGE_POOL, FLATTEN, DENSE (512), NORM (1e-5, 0.9), RELU, DROPOUT (0.5), DENSE (10) } },
  { "oblong", { 28, 28, 1 }, 8,
    { CONV (3, 5, 6, SAME), RELU, CONV (7, 2, 4, VALID), RELU, POOL (3, 2), FLATTEN, RELU, DENSE (10) } },
};

/* Changes what a fresh network has as 0 or 1, biases and all of batch norm, so
 * that it counts. */
static void
disturb (NnNetwork *network, const NnLayer *layer, NnRng *rng)
{
  NnReal *parameters = nn_network_parameters (network);
  NnReal *means = nn_network_statistics (network) + layer->statistics;
  size_t channels = layer->n_statistics / 2;

  for (size_t i = 0; i < layer->n_biases; i++)
    parameters[layer->biases + i] = (NnReal) (nn_rng_normal (rng) / 4);
  for (size_t i = 0; i < channels; i++)
    {
      parameters[layer->weights + i] = (NnReal) (1 + nn_rng_normal (rng) / 4);
      means[i] = (NnReal) (nn_rng_normal (rng) / 4);
      means[channels + i] = (NnReal) exp (nn_rng_normal (rng) / 2);
    }
}

static gboolean
write_random (const char *name, const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GHashTable) metadata = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GBytes) bytes = NULL;
  NnNetwork *network = NULL;
  NnRng rng = nn_rng_new (1);

  for (guint i = 0; i < G_N_ELEMENTS (designs) && network == NULL; i++)
    if (strcmp (designs[i].name, name) == 0
        && nn_network_new (designs[i].input, designs[i].layers, designs[i].n_layers, NULL, &network) != NN_OK)
      break;
  g_assert_nonnull (network);

  nn_network_init (network, &rng);
  for (size_t l = 0; l < nn_network_n_layers (network); l++)
    disturb (network, nn_network_layer (network, l), &rng);
  g_hash_table_insert (metadata, "preset", (gpointer) name);
  bytes = lab_onnx_write (network, metadata, error);
  nn_network_free (network);
  return bytes != NULL && lab_file_write (file, bytes, NULL, error);
}

static gboolean
run_model (const char *model, const char *images, size_t batch, const char *out, GError **error)
{
  g_autoptr (GFile) model_file = g_file_new_for_path (model);
  g_autoptr (GFile) image_file = g_file_new_for_path (images);
  g_autoptr (GByteArray) logits = g_byte_array_new ();
  g_autoptr (GBytes) bytes = lab_file_read (model_file, 1 << 28, NULL, error);
  NnNetwork *network = bytes != NULL ? lab_onnx_read (bytes, model, NULL, error) : NULL;
  NnWorkspace *workspace = NULL;
  LabIdx idx = { 0 };
  gboolean ok = network != NULL && lab_idx_read (image_file, 3, &idx, NULL, error);

  if (ok)
    {
      size_t size = nn_shape_size (nn_network_input (network));
      size_t classes = nn_shape_size (nn_network_output (network));
      const guint8 *pixels = g_bytes_get_data (idx.data, NULL);
      NnStatus status = nn_workspace_new (network, batch, NN_INFERENCE, NULL, NULL, &workspace);

      g_assert_cmpint (status, ==, NN_OK);
      g_assert_cmpuint (size, ==, idx.dimensions[1] * idx.dimensions[2]);
      for (size_t first = 0; first < idx.dimensions[0]; first += batch)
        {
          size_t n = MIN (batch, idx.dimensions[0] - first);

          for (size_t i = 0; i < n * size; i++)
            nn_workspace_input (workspace)[i] = pixels[first * size + i] / 255.0f;
          g_byte_array_append (logits, (const guint8 *) nn_forward (network, workspace, n),
                               n * classes * sizeof (float));
        }
      ok = g_file_set_contents (out, (const char *) logits->data, logits->len, error);
    }
  lab_idx_clear (&idx);
  nn_workspace_free (workspace);
  nn_network_free (network);
  return ok;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = FALSE;

  if (argc == 4 && strcmp (argv[1], "write") == 0)
    ok = write_random (argv[2], argv[3], &error);
  else if (argc == 6 && strcmp (argv[1], "run") == 0)
    ok = run_model (argv[2], argv[3], g_ascii_strtoull (argv[4], NULL, 10), argv[5], &error);
  if (error != NULL)
    g_printerr ("onnx-logits: %s\n", error->message);
  return ok ? 0 : 1;
}
