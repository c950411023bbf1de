/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "lab-evaluation.h"
#include "lab-network-private.h"
#include "lab-preset-private.h"
#include "lab-test-data.h"
#include "lab-verdict.h"

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

/* Returns @dataset with other @labels; transfer full. */
static LabDataset *
relabel (LabDataset *dataset, const guint8 *labels)
{
  guint n = lab_dataset_get_size (dataset);
  g_autoptr (GBytes) images = g_bytes_new (lab_dataset_get_images (dataset), (gsize) n * LAB_IMAGE_SIZE);
  g_autoptr (GBytes) label_bytes = g_bytes_new (labels, n);

  return lab_dataset_new ("relabelled", images, label_bytes);
}

/* Returns 150 digits and 150 doodles, of which a network refuses some, but not
 * all; the labels are 0 to 9 in turn. Transfer full. */
static LabDataset *
digits_and_doodles (void)
{
  g_autoptr (LabDataset) digits = lab_dataset_new_handwriting (150, 1, 1, NULL, NULL);
  g_autoptr (LabDataset) doodles = lab_dataset_new_doodles (150, LAB_DOODLE_ALL, LAB_DOODLE_LEARN, 99, 1, NULL, NULL);
  g_autoptr (LabDataset) both = lab_dataset_join ("both", (LabDataset *[]){ digits, doodles }, 2, NULL);
  guint8 labels[300];

  for (guint i = 0; i < 300; i++)
    labels[i] = i % LAB_N_CLASSES;
  return relabel (both, labels);
}

/* What is no digit counts among the outliers and nowhere else. */
static void
test_outliers (void)
{
  g_autoptr (LabNetwork) network = lab_network_new_bundled ();
  g_autoptr (LabDataset) dataset = digits_and_doodles ();
  g_autoptr (LabEvaluation) all = lab_evaluation_new (network, dataset, 1, NULL, NULL);
  g_autoptr (LabEvaluation) some = NULL, none = NULL;
  guint8 labels[300];
  g_autoptr (LabDataset) mixed = NULL, outliers = NULL;
  guint refused = 0;

  for (guint i = 0; i < 300; i++)
    labels[i] = i < 100 ? lab_dataset_get_label (dataset, i) : LAB_NO_DIGIT;
  mixed = relabel (dataset, labels);
  some = lab_evaluation_new (network, mixed, 1, NULL, NULL);
  memset (labels, LAB_NO_DIGIT, sizeof labels);
  outliers = relabel (dataset, labels);
  none = lab_evaluation_new (network, outliers, 1, NULL, NULL);

  for (guint i = 0; i < 300; i++)
    {
      float probabilities[LAB_N_CLASSES];

      lab_network_predict (network, lab_dataset_get_image (dataset, i), probabilities);
      refused += lab_verdict_judge (network, lab_dataset_get_image (dataset, i), probabilities).kind != LAB_VERDICT_DIGIT;
    }
  g_assert_cmpuint (refused, >, 0);
  g_assert_cmpuint (refused, <, 300);

  g_assert_cmpuint (lab_evaluation_get_refused (all), ==, refused);
  g_assert_cmpuint (lab_evaluation_get_outliers (all), ==, 0);
  g_assert_cmpuint (lab_evaluation_get_outliers_refused (all), ==, 0);

  g_assert_cmpuint (lab_evaluation_get_images (some), ==, 100);
  g_assert_cmpuint (lab_evaluation_get_outliers (some), ==, 200);
  g_assert_cmpuint (lab_evaluation_get_refused (some) + lab_evaluation_get_outliers_refused (some), ==, refused);
  g_assert_cmpuint (g_list_model_get_n_items (lab_evaluation_get_mistakes (some)), ==, lab_evaluation_get_errors (some));
  for (guint c = 0; c < LAB_N_CLASSES; c++)
    g_assert_cmpuint (lab_evaluation_get_support (some, c), ==, 10);

  g_assert_cmpuint (lab_evaluation_get_images (none), ==, 0);
  g_assert_cmpuint (lab_evaluation_get_outliers_refused (none), ==, refused);
  g_assert_cmpfloat (lab_evaluation_get_loss (none), ==, 0);
  g_assert_true (isnan (lab_evaluation_get_calibration_error (none)));
}

/* Nothing is not a digit, whatever the network would say of it. */
static void
test_blank (void)
{
  g_autoptr (LabNetwork) network = lab_network_new_bundled ();
  g_autofree guint8 *images = g_malloc0 (20 * LAB_IMAGE_SIZE);
  guint8 labels[20];
  g_autoptr (GBytes) image_bytes = NULL, label_bytes = NULL;
  g_autoptr (LabDataset) dataset = NULL;
  g_autoptr (LabEvaluation) evaluation = NULL;

  for (guint i = 0; i < 20; i++)
    labels[i] = i % LAB_N_CLASSES;
  image_bytes = g_bytes_new (images, 20 * LAB_IMAGE_SIZE);
  label_bytes = g_bytes_new (labels, 20);
  dataset = lab_dataset_new ("blank", image_bytes, label_bytes);
  evaluation = lab_evaluation_new (network, dataset, 1, NULL, NULL);

  g_assert_cmpuint (lab_evaluation_get_images (evaluation), ==, 20);
  g_assert_cmpuint (lab_evaluation_get_errors (evaluation), ==, 20);
  g_assert_cmpuint (lab_evaluation_get_refused (evaluation), ==, 20);
  g_assert_cmpfloat_with_epsilon (lab_evaluation_get_loss (evaluation), log (10), 1e-6);
  for (guint c = 0; c < LAB_N_CLASSES; c++)
    {
      g_assert_cmpuint (lab_evaluation_get_support (evaluation, c), ==, 2);
      g_assert_cmpuint (lab_evaluation_get_confusion (evaluation, c, c), ==, 0);
      g_assert_cmpuint (g_list_model_get_n_items (lab_evaluation_get_mistakes_of (evaluation, c)), ==, 2);
    }
}

/* The expected calibration error, worked out from one image at a time. */
static void
test_calibration_error (void)
{
  g_autoptr (LabNetwork) network = lab_network_new_bundled ();
  g_autoptr (LabDataset) dataset = lab_test_dataset (300, 1);
  g_autoptr (LabEvaluation) evaluation = lab_evaluation_new (network, dataset, 1, NULL, NULL);
  double distance[15] = { 0 }, expected = 0;

  for (guint i = 0; i < 300; i++)
    {
      float probabilities[LAB_N_CLASSES];
      guint best = 0;

      lab_network_predict (network, lab_dataset_get_image (dataset, i), probabilities);
      for (guint c = 1; c < LAB_N_CLASSES; c++)
        if (probabilities[c] > probabilities[best])
          best = c;
      distance[MIN ((guint) (probabilities[best] * 15), 14)] += (best == lab_dataset_get_label (dataset, i)) - probabilities[best];
    }
  for (guint bin = 0; bin < 15; bin++)
    expected += fabs (distance[bin]) / 300;
  g_assert_cmpfloat_with_epsilon (lab_evaluation_get_calibration_error (evaluation), expected, 1e-3);
}

/* Two networks give the mean of their probabilities; one votes as it would alone. */
static void
test_vote (void)
{
  g_autoptr (LabNetwork) first = lab_network_new_bundled ();
  g_autoptr (LabNetwork) second = NULL;
  g_autoptr (LabDataset) dataset = lab_test_dataset (300, 1);
  g_autoptr (LabEvaluation) alone = lab_evaluation_new (first, dataset, 1, NULL, NULL);
  g_autoptr (LabEvaluation) same = lab_evaluation_new_vote (&first, 1, dataset, 2, NULL, NULL);
  g_autoptr (LabEvaluation) twice = lab_evaluation_new_vote ((LabNetwork *[]){ first, first }, 2, dataset, 1, NULL, NULL);
  g_autoptr (LabEvaluation) both = NULL;
  NnNetwork *core;
  double loss = 0;
  guint errors = 0;

  g_assert_cmpint (lab_preset_build (lab_preset_find ("mlp-128-128"), 3, &core), ==, NN_OK);
  second = lab_network_new_take (core, g_hash_table_new (g_str_hash, g_str_equal), "second", NULL);
  both = lab_evaluation_new_vote ((LabNetwork *[]){ first, second }, 2, dataset, 1, NULL, NULL);

  g_assert_cmpfloat (lab_evaluation_get_loss (same), ==, lab_evaluation_get_loss (alone));
  g_assert_cmpuint (lab_evaluation_get_errors (twice), ==, lab_evaluation_get_errors (alone));
  g_assert_cmpuint (lab_evaluation_get_refused (twice), ==, lab_evaluation_get_refused (alone));
  g_assert_cmpfloat_with_epsilon (lab_evaluation_get_loss (twice), lab_evaluation_get_loss (alone), 1e-4);

  for (guint i = 0; i < 300; i++)
    {
      float one[LAB_N_CLASSES], other[LAB_N_CLASSES];
      guint best = 0, label = lab_dataset_get_label (dataset, i);

      lab_network_predict (first, lab_dataset_get_image (dataset, i), one);
      lab_network_predict (second, lab_dataset_get_image (dataset, i), other);
      for (guint c = 1; c < LAB_N_CLASSES; c++)
        if (one[c] + other[c] > one[best] + other[best])
          best = c;
      errors += best != label;
      loss -= log ((one[label] + other[label]) / 2) / 300;
    }
  g_assert_cmpuint (lab_evaluation_get_errors (both), ==, errors);
  g_assert_cmpfloat_with_epsilon (lab_evaluation_get_loss (both), loss, 1e-4 * loss);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/evaluation/counts", test_counts);
  g_test_add_func ("/evaluation/mistakes", test_mistakes);
  g_test_add_func ("/evaluation/outliers", test_outliers);
  g_test_add_func ("/evaluation/blank", test_blank);
  g_test_add_func ("/evaluation/calibration-error", test_calibration_error);
  g_test_add_func ("/evaluation/vote", test_vote);
  g_test_add_func ("/evaluation/cancelled", test_cancelled);
  g_test_add_func ("/evaluation/async", test_async);
  return g_test_run ();
}
