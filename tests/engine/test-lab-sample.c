/* SPDX-License-Identifier: MIT */
#include "lab-sample.h"

#include <string.h>

static const float nearly_nine[LAB_N_CLASSES] = { 0, 0, 0, 0, 0.125f, 0, 0, 0, 0.25f, 0.625f };

static void
test_values (void)
{
  guint8 image[LAB_IMAGE_SIZE];
  float probabilities[LAB_N_CLASSES];
  g_autoptr (LabSample) sample = NULL;
  guint index, label, predicted;
  double confidence;

  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    image[i] = i % 251;
  memcpy (probabilities, nearly_nine, sizeof probabilities);
  sample = lab_sample_new (9999, 4, image, probabilities);

  /* Both arrays were copied: what becomes of them does not matter. */
  memset (image, 0, sizeof image);
  memset (probabilities, 0, sizeof probabilities);

  g_assert_cmpuint (lab_sample_get_index (sample), ==, 9999);
  g_assert_cmpuint (lab_sample_get_label (sample), ==, 4);
  g_assert_cmpuint (lab_sample_get_predicted (sample), ==, 9);
  g_assert_cmpfloat (lab_sample_get_confidence (sample), ==, 0.625);
  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    g_assert_cmpuint (lab_sample_get_image (sample)[i], ==, i % 251);
  for (guint i = 0; i < LAB_N_CLASSES; i++)
    g_assert_cmpfloat (lab_sample_get_probabilities (sample)[i], ==, nearly_nine[i]);

  g_object_get (sample, "index", &index, "label", &label, "predicted", &predicted, "confidence", &confidence, NULL);
  g_assert_cmpuint (index, ==, 9999);
  g_assert_cmpuint (label, ==, 4);
  g_assert_cmpuint (predicted, ==, 9);
  g_assert_cmpfloat (confidence, ==, 0.625);

  g_assert_finalize_object (g_steal_pointer (&sample));
}

static void
test_equal_probabilities (void)
{
  const guint8 image[LAB_IMAGE_SIZE] = { 0 };
  const float even[LAB_N_CLASSES] = { 0, 0, 0.5f, 0, 0, 0.5f, 0, 0, 0, 0 };
  g_autoptr (LabSample) sample = lab_sample_new (0, 0, image, even);

  /* The smaller digit wins, every time. */
  g_assert_cmpuint (lab_sample_get_predicted (sample), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sample/values", test_values);
  g_test_add_func ("/sample/equal-probabilities", test_equal_probabilities);

  return g_test_run ();
}
