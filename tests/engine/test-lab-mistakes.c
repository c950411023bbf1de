/* SPDX-License-Identifier: MIT */
#include "lab-mistakes.h"

#define N_IMAGES 20
#define N_MISTAKES 5

/* Of twenty pictures, where picture i is labelled i % 10 and filled with i, five
 * were read wrongly: as the label's successor, with these probabilities. */
static const guint32 wrong[N_MISTAKES] = { 13, 3, 4, 18, 9 };
static const float certainty[N_MISTAKES] = { 0.9375f, 0.75f, 0.875f, 1.0f, 0.625f };

typedef struct
{
  LabDataset *dataset;
  GBytes *indices;
  GBytes *probabilities;
  gboolean indices_freed;
  gboolean probabilities_freed;
  float rows[N_MISTAKES * LAB_N_CLASSES];
} Fixture;

static void
note_freed (gpointer data)
{
  *(gboolean *) data = TRUE;
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  guint8 *images = g_malloc (N_IMAGES * LAB_IMAGE_SIZE);
  guint8 *labels = g_malloc (N_IMAGES);
  g_autoptr (GBytes) image_bytes = NULL;
  g_autoptr (GBytes) label_bytes = NULL;

  for (guint i = 0; i < N_IMAGES; i++)
    {
      labels[i] = i % LAB_N_CLASSES;
      memset (images + i * LAB_IMAGE_SIZE, i, LAB_IMAGE_SIZE);
    }
  image_bytes = g_bytes_new_take (images, N_IMAGES * LAB_IMAGE_SIZE);
  label_bytes = g_bytes_new_take (labels, N_IMAGES);
  fixture->dataset = lab_dataset_new ("Twenty", image_bytes, label_bytes);

  for (guint i = 0; i < N_MISTAKES; i++)
    {
      guint label = wrong[i] % LAB_N_CLASSES;

      fixture->rows[i * LAB_N_CLASSES + label] = 1 - certainty[i];
      fixture->rows[i * LAB_N_CLASSES + (label + 1) % LAB_N_CLASSES] = certainty[i];
    }
  fixture->indices = g_bytes_new_with_free_func (wrong, sizeof wrong, note_freed, &fixture->indices_freed);
  fixture->probabilities = g_bytes_new_with_free_func (fixture->rows, sizeof fixture->rows,
                                                       note_freed, &fixture->probabilities_freed);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_clear_pointer (&fixture->indices, g_bytes_unref);
  g_clear_pointer (&fixture->probabilities, g_bytes_unref);
  g_assert_true (fixture->indices_freed);
  g_assert_true (fixture->probabilities_freed);

  /* No list and no sample kept the pictures. */
  g_assert_finalize_object (g_steal_pointer (&fixture->dataset));
}

static GListModel *
make_list (Fixture *fixture,
           guint    first,
           guint    n)
{
  return G_LIST_MODEL (lab_mistakes_new (fixture->dataset, fixture->indices, fixture->probabilities, first, n));
}

static void
assert_item (GListModel *list,
             guint       position,
             guint       mistake)
{
  g_autoptr (LabSample) sample = g_list_model_get_item (list, position);
  guint label = wrong[mistake] % LAB_N_CLASSES;

  g_assert_true (LAB_IS_SAMPLE (sample));
  g_assert_cmpuint (lab_sample_get_index (sample), ==, wrong[mistake]);
  g_assert_cmpuint (lab_sample_get_label (sample), ==, label);
  g_assert_cmpuint (lab_sample_get_predicted (sample), ==, (label + 1) % LAB_N_CLASSES);
  g_assert_cmpfloat (lab_sample_get_confidence (sample), ==, certainty[mistake]);
  g_assert_cmpfloat (lab_sample_get_probabilities (sample)[label], ==, 1 - certainty[mistake]);
  g_assert_cmpuint (lab_sample_get_image (sample)[0], ==, wrong[mistake]);
  g_assert_cmpuint (lab_sample_get_image (sample)[LAB_IMAGE_SIZE - 1], ==, wrong[mistake]);
}

static void
test_items (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr (GListModel) list = make_list (fixture, 0, N_MISTAKES);

  g_assert_true (g_list_model_get_item_type (list) == LAB_TYPE_SAMPLE);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, N_MISTAKES);
  for (guint i = 0; i < N_MISTAKES; i++)
    assert_item (list, i, i);
  g_assert_null (g_list_model_get_item (list, N_MISTAKES));
  g_assert_null (g_list_model_get_item (list, G_MAXUINT));
}

static void
test_lazy (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (GListModel) list = make_list (fixture, 0, N_MISTAKES);
  LabSample *sample = g_list_model_get_item (list, 2);

  /* The list keeps no item: whoever asked for one has the only reference. */
  g_assert_finalize_object (sample);
  assert_item (list, 2, 2);
  assert_item (list, 2, 2);
}

static void
test_slices (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (GListModel) threes = make_list (fixture, 0, 2);
  g_autoptr (GListModel) rest = make_list (fixture, 2, 3);
  g_autoptr (GListModel) none = make_list (fixture, N_MISTAKES, 0);

  g_assert_cmpuint (g_list_model_get_n_items (threes), ==, 2);
  assert_item (threes, 0, 0);
  assert_item (threes, 1, 1);
  g_assert_null (g_list_model_get_item (threes, 2));

  g_assert_cmpuint (g_list_model_get_n_items (rest), ==, 3);
  assert_item (rest, 0, 2);
  assert_item (rest, 2, 4);

  g_assert_cmpuint (g_list_model_get_n_items (none), ==, 0);
  g_assert_null (g_list_model_get_item (none, 0));
}

static void
test_shared (Fixture      *fixture,
             gconstpointer data)
{
  GListModel *first = make_list (fixture, 0, 2);
  GListModel *second = make_list (fixture, 2, 3);

  g_clear_pointer (&fixture->indices, g_bytes_unref);
  g_clear_pointer (&fixture->probabilities, g_bytes_unref);
  g_assert_false (fixture->indices_freed);

  g_assert_finalize_object (first);
  g_assert_false (fixture->indices_freed);
  g_assert_false (fixture->probabilities_freed);
  assert_item (second, 0, 2);

  g_assert_finalize_object (second);
  g_assert_true (fixture->indices_freed);
  g_assert_true (fixture->probabilities_freed);
}

static void
test_empty (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  g_autoptr (LabMistakes) list = lab_mistakes_new (fixture->dataset, nothing, nothing, 0, 0);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), 0));
}

static void
test_arrays_too_short (Fixture      *fixture,
                       gconstpointer data)
{
  const struct
  {
    guint first;
    guint n;
  } slices[] = { { 0, N_MISTAKES + 1 }, { N_MISTAKES, 1 }, { G_MAXUINT, 1 }, { 1, G_MAXUINT } };

  for (guint i = 0; i < G_N_ELEMENTS (slices); i++)
    {
      g_test_expect_message ("digit-lab", G_LOG_LEVEL_CRITICAL, "*end <=*");
      g_assert_null (make_list (fixture, slices[i].first, slices[i].n));
      g_test_assert_expected_messages ();
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/mistakes/items", test_items);
  ADD ("/mistakes/lazy", test_lazy);
  ADD ("/mistakes/slices", test_slices);
  ADD ("/mistakes/shared", test_shared);
  ADD ("/mistakes/empty", test_empty);
  ADD ("/mistakes/arrays-too-short", test_arrays_too_short);
#undef ADD

  return g_test_run ();
}
