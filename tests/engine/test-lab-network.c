/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "lab-error.h"
#include "lab-network-private.h"
#include "lab-test-data.h"

static void
test_bundled (void)
{
  LabNetwork *network = lab_network_new_bundled ();
  guint8 image[LAB_IMAGE_SIZE] = { 0 };
  float probabilities[LAB_N_CLASSES];
  double sum = 0;

  /* A thick vertical line is a 1. */
  for (guint y = 4; y < 24; y++)
    image[y * LAB_IMAGE_SIDE + 13] = image[y * LAB_IMAGE_SIDE + 14] = 255;
  lab_network_predict (network, image, probabilities);
  for (guint c = 0; c < LAB_N_CLASSES; c++)
    {
      g_assert_true (probabilities[c] >= 0 && probabilities[c] <= 1);
      sum += probabilities[c];
    }
  g_assert_cmpfloat_with_epsilon (sum, 1, 1e-5);
  g_assert_cmpfloat (probabilities[1], >, 0.9);
  g_assert_finalize_object (network);
}

static void
test_save_and_load (void)
{
  g_autofree char *folder = g_dir_make_tmp ("digit-lab-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "model.onnx", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (LabNetwork) network = lab_network_new_bundled ();
  g_autoptr (GError) error = NULL;
  g_autofree const char **keys = lab_network_list_metadata (network);
  g_autofree char *summary = lab_network_dup_summary (network), *other_summary = NULL;
  const NnNetwork *core, *other;
  LabNetwork *loaded;

  g_assert_true (lab_network_save (network, file, NULL, &error));
  g_assert_no_error (error);
  loaded = lab_network_load (file, NULL, &error);
  g_assert_no_error (error);

  core = lab_network_get_core (network);
  other = lab_network_get_core (loaded);
  g_assert_cmpuint (lab_network_get_parameters (loaded), ==, lab_network_get_parameters (network));
  g_assert_cmpmem (nn_network_parameters_const (core), nn_network_n_parameters (core) * sizeof (float),
                   nn_network_parameters_const (other), nn_network_n_parameters (other) * sizeof (float));
  other_summary = lab_network_dup_summary (loaded);
  g_assert_cmpstr (summary, ==, other_summary);
  g_assert_nonnull (keys[0]);
  for (guint i = 0; keys[i] != NULL; i++)
    {
      g_assert_cmpstr (lab_network_get_metadata (loaded, keys[i]), ==, lab_network_get_metadata (network, keys[i]));
      if (i > 0)
        g_assert_cmpstr (keys[i - 1], <, keys[i]);
    }
  g_assert_null (lab_network_get_metadata (loaded, "no such key"));
  g_assert_finalize_object (loaded);
  lab_test_remove_folder (folder);
}

static void
test_broken_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("digit-lab-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "broken.onnx", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;

  g_assert_null (lab_network_load (file, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, path));
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (path, "this is no network", -1, NULL));
  g_assert_null (lab_network_load (file, NULL, &error));
  g_assert_nonnull (strstr (error->message, path));
  lab_test_remove_folder (folder);
}

static void
expect_unsupported (NnShape input, const NnLayerSpec *specs, gsize n, const char *word)
{
  g_autoptr (GError) error = NULL;
  NnNetwork *core;

  g_assert_cmpint (nn_network_new (input, specs, n, NULL, &core), ==, NN_OK);
  g_assert_null (lab_network_new_take (core, g_hash_table_new (g_str_hash, g_str_equal), "odd.onnx", &error));
  g_assert_error (error, LAB_ERROR, LAB_ERROR_UNSUPPORTED);
  g_assert_true (g_str_has_prefix (error->message, "odd.onnx: "));
  g_assert_nonnull (strstr (error->message, word));
}

static void
test_wrong_shape (void)
{
  const NnLayerSpec ten[] = { { .kind = NN_FLATTEN }, { .kind = NN_DENSE, .units = 10 } };
  const NnLayerSpec nine[] = { { .kind = NN_FLATTEN }, { .kind = NN_DENSE, .units = 9 } };

  expect_unsupported ((NnShape){ 32, 32, 1 }, ten, 2, "32 × 32");
  expect_unsupported ((NnShape){ 28, 28, 3 }, ten, 2, "3 channels");
  expect_unsupported ((NnShape){ 28, 28, 1 }, nine, 2, "9 classes");
}

typedef struct
{
  LabNetwork *network;
  guint errors;
} Shared;

static gpointer
predict_thread (gpointer data)
{
  Shared *shared = data;
  g_autoptr (LabDataset) dataset = lab_test_dataset (50, 3);
  float first[50][LAB_N_CLASSES], again[LAB_N_CLASSES];

  for (guint round = 0; round < 4; round++)
    for (guint i = 0; i < 50; i++)
      {
        lab_network_predict (shared->network, lab_dataset_get_image (dataset, i), round == 0 ? first[i] : again);
        if (round > 0 && memcmp (first[i], again, sizeof again) != 0)
          g_atomic_int_inc (&shared->errors);
      }
  return NULL;
}

/* One network, several threads: each gets its own answers. */
static void
test_threads (void)
{
  g_autoptr (LabNetwork) network = lab_network_new_bundled ();
  Shared shared = { network, 0 };
  GThread *threads[4];

  for (guint i = 0; i < 4; i++)
    threads[i] = g_thread_new ("predict", predict_thread, &shared);
  for (guint i = 0; i < 4; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (shared.errors, ==, 0);
}

typedef struct
{
  LabNetwork *network;
  gboolean saved;
  GError *error;
} Answer;

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->saved = lab_network_save_finish (result, &answer->error);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->network = lab_network_load_finish (result, &answer->error);
}

static gboolean
has_answer (gpointer data)
{
  Answer *answer = data;

  return answer->saved || answer->network != NULL || answer->error != NULL;
}

static void
test_async (void)
{
  g_autofree char *folder = g_dir_make_tmp ("digit-lab-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "model.onnx", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (LabNetwork) network = lab_network_new_bundled ();
  Answer answer = { NULL, FALSE, NULL };

  lab_network_save_async (network, file, NULL, saved_cb, &answer);
  g_assert_true (lab_test_wait (has_answer, &answer, 20));
  g_assert_no_error (answer.error);
  answer.saved = FALSE;
  lab_network_load_async (file, NULL, loaded_cb, &answer);
  g_assert_true (lab_test_wait (has_answer, &answer, 20));
  g_assert_no_error (answer.error);
  g_assert_finalize_object (answer.network);
  lab_test_remove_folder (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network/bundled", test_bundled);
  g_test_add_func ("/network/save-and-load", test_save_and_load);
  g_test_add_func ("/network/broken-file", test_broken_file);
  g_test_add_func ("/network/wrong-shape", test_wrong_shape);
  g_test_add_func ("/network/threads", test_threads);
  g_test_add_func ("/network/async", test_async);
  return g_test_run ();
}
