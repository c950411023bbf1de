/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "lab-evaluation.h"
#include "lab-test-data.h"

/* What the evaluation says must be what predicting one image at a time says. */
static void
test_counts (void)
{
  g_autoptr (LabNetwork) network = lab_network_new_bundled ();
  g_autoptr (LabDataset) dataset = lab_test_dataset (300, 1);
  g_autoptr (GError) error = NULL;
  LabEvaluation *evaluation = lab_evaluation_new (network, dataset, 2, NULL, &error);
  guint confusion[LAB_N_CLASSES][LAB_N_CLASSES] = { 0 };
  guint errors = 0;
  double loss = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < 300; i++)
    {
      float probabilities[LAB_N_CLASSES];
      guint best = 0, label = lab_dataset_get_label (dataset, i);

      lab_network_predict (network, lab_dataset_get_image (dataset, i), probabilities);
      for (guint c = 1; c < LAB_N_CLASSES; c++)
        if (probabilities[c] > probabilities[best])
          best = c;
      confusion[label][best]++;
      errors += best != label;
      loss -= log (MAX (probabilities[label], 1e-30)) / 300;
    }

  g_assert_cmpuint (lab_evaluation_get_images (evaluation), ==, 300);
  g_assert_cmpuint (lab_evaluation_get_errors (evaluation), ==, errors);
  g_assert_cmpfloat (lab_evaluation_get_accuracy (evaluation), ==, (300.0 - errors) / 300);
  g_assert_cmpfloat_with_epsilon (lab_evaluation_get_loss (evaluation), loss, 1e-4 * loss);
  for (guint i = 0; i < LAB_N_CLASSES; i++)
    {
      g_assert_cmpuint (lab_evaluation_get_support (evaluation, i), ==, 30);
      for (guint j = 0; j < LAB_N_CLASSES; j++)
        g_assert_cmpuint (lab_evaluation_get_confusion (evaluation, i, j), ==, confusion[i][j]);
    }
  g_assert_true (lab_evaluation_get_network (evaluation) == network);
  g_assert_true (lab_evaluation_get_dataset (evaluation) == dataset);
  g_assert_finalize_object (evaluation);
}

/* The list of mistakes is grouped by class, the most confident first, and the
 * lists of the classes are its parts. */
static void
test_mistakes (void)
{
  g_autoptr (LabNetwork) network = lab_network_new_bundled ();
  g_autoptr (LabDataset) dataset = lab_test_dataset (300, 1);
  g_autoptr (LabEvaluation) evaluation = lab_evaluation_new (network, dataset, 1, NULL, NULL);
  GListModel *all = lab_evaluation_get_mistakes (evaluation);
  guint at = 0;

  g_assert_cmpuint (g_list_model_get_n_items (all), ==, lab_evaluation_get_errors (evaluation));
  g_assert_cmpuint (g_list_model_get_n_items (all), >, 100); /* bars are not digits */
  for (guint c = 0; c < LAB_N_CLASSES; c++)
    {
      GListModel *part = lab_evaluation_get_mistakes_of (evaluation, c);
      double confidence = 1;

      for (guint i = 0; i < g_list_model_get_n_items (part); i++, at++)
        {
          g_autoptr (LabSample) sample = g_list_model_get_item (part, i);
          g_autoptr (LabSample) same = g_list_model_get_item (all, at);

          g_assert_cmpuint (lab_sample_get_index (sample), ==, lab_sample_get_index (same));
          g_assert_cmpuint (lab_sample_get_label (sample), ==, c);
          g_assert_cmpuint (lab_dataset_get_label (dataset, lab_sample_get_index (sample)), ==, c);
          g_assert_cmpuint (lab_sample_get_predicted (sample), !=, c);
          g_assert_cmpfloat (lab_sample_get_confidence (sample), <=, confidence);
          g_assert_cmpfloat (lab_sample_get_confidence (sample), >, 0.1);
          confidence = lab_sample_get_confidence (sample);
        }
    }
  g_assert_cmpuint (at, ==, g_list_model_get_n_items (all));
}

static void
test_cancelled (void)
{
  g_autoptr (LabNetwork) network = lab_network_new_bundled ();
  g_autoptr (LabDataset) dataset = lab_test_dataset (300, 1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (lab_evaluation_new (network, dataset, 1, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
ready_cb (GObject *source, GAsyncResult *result, gpointer evaluation)
{
  *(LabEvaluation **) evaluation = lab_evaluation_new_finish (result, NULL);
}

static gboolean
is_ready (gpointer evaluation)
{
  return *(LabEvaluation **) evaluation != NULL;
}

static void
test_async (void)
{
  g_autoptr (LabNetwork) network = lab_network_new_bundled ();
  g_autoptr (LabDataset) dataset = lab_test_dataset (300, 1);
  LabEvaluation *evaluation = NULL;

  lab_evaluation_new_async (network, dataset, 0, NULL, ready_cb, &evaluation);
  g_assert_true (lab_test_wait (is_ready, &evaluation, 30));
  g_assert_cmpuint (lab_evaluation_get_images (evaluation), ==, 300);
  g_assert_finalize_object (evaluation);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/evaluation/counts", test_counts);
  g_test_add_func ("/evaluation/mistakes", test_mistakes);
  g_test_add_func ("/evaluation/cancelled", test_cancelled);
  g_test_add_func ("/evaluation/async", test_async);
  return g_test_run ();
}
