/* SPDX-License-Identifier: MIT */
#include "lab-dataset.h"

#include <string.h>

/* Larger than one task of the thread pool, and no multiple of it. */
#define SIZE 1001

static void
assert_begins_like (LabDataset *dataset, LabDataset *longer)
{
  gsize size = lab_dataset_get_size (dataset);

  g_assert_cmpuint (size, <=, lab_dataset_get_size (longer));
  g_assert_cmpint (memcmp (lab_dataset_get_images (dataset), lab_dataset_get_images (longer), size * LAB_IMAGE_SIZE), ==, 0);
  g_assert_cmpint (memcmp (lab_dataset_get_labels (dataset), lab_dataset_get_labels (longer), size), ==, 0);
}

static void
test_handwriting (void)
{
  LabDataset *one = lab_dataset_new_handwriting (SIZE, 1, 1, NULL, NULL);
  LabDataset *three = lab_dataset_new_handwriting (SIZE, 1, 3, NULL, NULL);
  LabDataset *longer = lab_dataset_new_handwriting (2 * SIZE, 1, 0, NULL, NULL);
  LabDataset *other = lab_dataset_new_handwriting (SIZE, 2, 0, NULL, NULL);

  g_assert_cmpuint (lab_dataset_get_size (one), ==, SIZE);
  for (guint i = 0; i < SIZE; i++)
    g_assert_cmpuint (lab_dataset_get_label (one, i), ==, i % LAB_N_CLASSES);

  assert_begins_like (one, three);
  assert_begins_like (one, longer);
  for (guint i = 0; i < SIZE; i++)
    g_assert_cmpint (memcmp (lab_dataset_get_image (one, i), lab_dataset_get_image (other, i), LAB_IMAGE_SIZE), !=, 0);

  g_assert_finalize_object (one);
  g_assert_finalize_object (three);
  g_assert_finalize_object (longer);
  g_assert_finalize_object (other);
}

static void
test_doodles (void)
{
  LabDataset *one = lab_dataset_new_doodles (SIZE, LAB_DOODLE_ALL, LAB_DOODLE_LEARN, 1, 1, NULL, NULL);
  LabDataset *longer = lab_dataset_new_doodles (2 * SIZE, LAB_DOODLE_ALL, LAB_DOODLE_LEARN, 1, 3, NULL, NULL);

  assert_begins_like (one, longer);
  for (guint i = 0; i < SIZE; i++)
    g_assert_cmpuint (lab_dataset_get_label (one, i), ==, LAB_NO_DIGIT);

  g_assert_finalize_object (one);
  g_assert_finalize_object (longer);
}

static void
test_nothing (void)
{
  LabDataset *dataset = lab_dataset_new_handwriting (0, 1, 0, NULL, NULL);

  g_assert_cmpuint (lab_dataset_get_size (dataset), ==, 0);
  g_assert_finalize_object (dataset);
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (lab_dataset_new_handwriting (SIZE, 1, 0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
generated_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  LabDataset **dataset = data;

  *dataset = lab_dataset_new_handwriting_finish (result, NULL);
}

static void
test_async (void)
{
  g_autoptr (LabDataset) expected = lab_dataset_new_handwriting (SIZE, 4, 1, NULL, NULL);
  LabDataset *dataset = NULL;

  lab_dataset_new_handwriting_async (SIZE, 4, NULL, generated_cb, &dataset);
  while (dataset == NULL)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpuint (lab_dataset_get_size (dataset), ==, SIZE);
  assert_begins_like (dataset, expected);
  g_assert_finalize_object (dataset);
}

static void
test_join (void)
{
  g_autoptr (LabDataset) digits = lab_dataset_new_handwriting (20, 1, 0, NULL, NULL);
  g_autoptr (LabDataset) nothing = lab_dataset_new_handwriting (0, 1, 0, NULL, NULL);
  g_autoptr (LabDataset) doodles = lab_dataset_new_doodles (7, LAB_DOODLE_SHAPES, LAB_DOODLE_TEST, 1, 0, NULL, NULL);
  LabDataset *parts[] = { digits, nothing, doodles };
  LabDataset *dataset = lab_dataset_join ("All", parts, 3, NULL);

  g_assert_cmpstr (lab_dataset_get_name (dataset), ==, "All");
  g_assert_cmpuint (lab_dataset_get_size (dataset), ==, 27);
  assert_begins_like (digits, dataset);
  for (guint i = 0; i < 7; i++)
    {
      g_assert_cmpuint (lab_dataset_get_label (dataset, 20 + i), ==, LAB_NO_DIGIT);
      g_assert_cmpmem (lab_dataset_get_image (dataset, 20 + i), LAB_IMAGE_SIZE,
                       lab_dataset_get_image (doodles, i), LAB_IMAGE_SIZE);
    }
  g_assert_finalize_object (dataset);

  dataset = lab_dataset_join ("None", NULL, 0, NULL);
  g_assert_cmpuint (lab_dataset_get_size (dataset), ==, 0);
  g_assert_finalize_object (dataset);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dataset-generate/handwriting", test_handwriting);
  g_test_add_func ("/dataset-generate/doodles", test_doodles);
  g_test_add_func ("/dataset-generate/nothing", test_nothing);
  g_test_add_func ("/dataset-generate/cancelled", test_cancelled);
  g_test_add_func ("/dataset-generate/async", test_async);
  g_test_add_func ("/dataset-generate/join", test_join);

  return g_test_run ();
}
