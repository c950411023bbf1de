/* SPDX-License-Identifier: MIT */
#include "lab-error.h"
#include "lab-test-data.h"

static LabDataset *
load (const char *folder, LabPart part, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (folder);

  return lab_dataset_load (file, part, NULL, error);
}

static void
test_load (void)
{
  g_autofree char *folder = g_dir_make_tmp ("digit-lab-XXXXXX", NULL);
  LabDataset *written = lab_test_dataset (30, 1);
  LabDataset *read;
  g_autoptr (GError) error = NULL;

  lab_test_write_dataset (written, folder, "t10k");
  read = load (folder, LAB_PART_TEST, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lab_dataset_get_size (read), ==, 30);
  g_assert_cmpmem (lab_dataset_get_images (read), 30 * LAB_IMAGE_SIZE,
                   lab_dataset_get_images (written), 30 * LAB_IMAGE_SIZE);
  g_assert_cmpmem (lab_dataset_get_labels (read), 30, lab_dataset_get_labels (written), 30);
  g_assert_cmpuint (lab_dataset_get_label (read, 13), ==, 3);
  g_assert_true (lab_dataset_get_image (read, 2) == lab_dataset_get_images (read) + 2 * LAB_IMAGE_SIZE);
  g_assert_true (g_str_has_prefix (lab_dataset_get_name (read), "digit-lab-"));

  g_assert_null (load (folder, LAB_PART_TRAIN, &error));
  g_assert_error (error, LAB_ERROR, LAB_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, folder));
  g_assert_nonnull (strstr (error->message, "train-images-idx3-ubyte"));

  g_assert_finalize_object (read);
  g_assert_finalize_object (written);
  lab_test_remove_folder (folder);
}

/* Writes a good data set, then @images and @labels over it where given, and
 * checks that loading fails with a message that has all of @words. */
static void
expect_error (const guint32 *images, const guint32 *labels, guint8 label, int code, const char *const *words)
{
  g_autofree char *folder = g_dir_make_tmp ("digit-lab-XXXXXX", NULL);
  g_autoptr (LabDataset) dataset = lab_test_dataset (20, 1);
  g_autofree char *image_path = g_build_filename (folder, "train-images-idx3-ubyte", NULL);
  g_autofree char *label_path = g_build_filename (folder, "train-labels-idx1-ubyte", NULL);
  g_autofree guint8 *zeros = g_malloc0 (1 << 20);
  g_autoptr (GError) error = NULL;

  lab_test_write_dataset (dataset, folder, "train");
  if (images != NULL)
    lab_test_write_idx (image_path, images, 4, zeros, (gsize) images[1] * images[2] * images[3]);
  zeros[labels[1] - 1] = label;
  lab_test_write_idx (label_path, labels, 2, zeros, labels[1]);

  g_assert_null (load (folder, LAB_PART_TRAIN, &error));
  g_assert_error (error, LAB_ERROR, code);
  for (; *words != NULL; words++)
    if (strstr (error->message, *words) == NULL)
      g_error ("“%s” does not say “%s”", error->message, *words);
  lab_test_remove_folder (folder);
}

static void
test_mismatch (void)
{
  const guint32 labels_20[] = { 0x801, 20 }, labels_19[] = { 0x801, 19 };
  const guint32 images_32[] = { 0x803, 20, 32, 30 };

  expect_error (NULL, labels_19, 0, LAB_ERROR_FORMAT,
                (const char *[]){ "train-labels-idx1-ubyte", "19 labels", "20 images", NULL });
  expect_error (images_32, labels_20, 0, LAB_ERROR_UNSUPPORTED,
                (const char *[]){ "train-images-idx3-ubyte", "30 × 32", "28 × 28", NULL });
  expect_error (NULL, labels_20, 10, LAB_ERROR_FORMAT,
                (const char *[]){ "train-labels-idx1-ubyte", "label 20 is 10", NULL });
}

typedef struct
{
  LabDataset *dataset;
  GError *error;
} Answer;

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->dataset = lab_dataset_load_finish (result, &answer->error);
}

static gboolean
has_answer (gpointer data)
{
  Answer *answer = data;

  return answer->dataset != NULL || answer->error != NULL;
}

static void
test_async (void)
{
  g_autofree char *folder = g_dir_make_tmp ("digit-lab-XXXXXX", NULL);
  g_autoptr (LabDataset) written = lab_test_dataset (20, 1);
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Answer answer = { NULL, NULL };

  lab_test_write_dataset (written, folder, "train");
  lab_dataset_load_async (file, LAB_PART_TRAIN, NULL, loaded_cb, &answer);
  g_assert_true (lab_test_wait (has_answer, &answer, 20));
  g_assert_no_error (answer.error);
  g_assert_cmpuint (lab_dataset_get_size (answer.dataset), ==, 20);
  g_clear_object (&answer.dataset);

  g_cancellable_cancel (cancellable);
  lab_dataset_load_async (file, LAB_PART_TRAIN, cancellable, loaded_cb, &answer);
  g_assert_true (lab_test_wait (has_answer, &answer, 20));
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&answer.error);
  lab_test_remove_folder (folder);
}

static void
test_ink (void)
{
  g_autofree char *folder = g_dir_make_tmp ("digit-lab-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "pen.unp", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  static const char text[] = ".SEGMENT DIGIT 0 ? \"1\"\n.PEN_DOWN\n 5 100\n 5 50\n 5 0\n.PEN_UP\n"
                             ".SEGMENT DIGIT 1 ? \"7\"\n.PEN_DOWN\n 0 100\n 60 100\n 20 0\n.PEN_UP\n";
  g_autoptr (GError) error = NULL;
  LabDataset *dataset;
  guint column = 0;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  dataset = lab_dataset_load_ink (file, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lab_dataset_get_size (dataset), ==, 2);
  g_assert_cmpuint (lab_dataset_get_label (dataset, 0), ==, 1);
  g_assert_cmpuint (lab_dataset_get_label (dataset, 1), ==, 7);
  for (guint y = 0; y < LAB_IMAGE_SIDE; y++) /* the 1 is a line down the middle */
    column += lab_dataset_get_image (dataset, 0)[y * LAB_IMAGE_SIDE + 14] > 0;
  g_assert_cmpuint (column, >=, 18);
  g_assert_cmpuint (column, <=, 22);
  g_assert_finalize_object (dataset);

  g_file_set_contents (path, "nothing here\n", -1, NULL);
  g_assert_null (lab_dataset_load_ink (file, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, path));
  lab_test_remove_folder (folder);
}

/* Three digits by the writers 5, 6 and 5. */
static void
test_ink_selection (void)
{
  g_autofree char *folder = g_dir_make_tmp ("digit-lab-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "pen.unp", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  static const char text[] = ".SEGMENT DIGIT 0 ? \"1\"\n.COMMENT 1 5 0\n.PEN_DOWN\n 5 100\n 5 50\n 5 0\n.PEN_UP\n"
                             ".SEGMENT DIGIT 1 ? \"7\"\n.COMMENT 7 6 0\n.PEN_DOWN\n 0 100\n 60 100\n 20 0\n.PEN_UP\n"
                             ".SEGMENT DIGIT 2 ? \"4\"\n.COMMENT 4 5 1\n.PEN_DOWN\n 0 100\n 0 40\n 60 40\n.PEN_UP\n"
                             ".PEN_DOWN\n 45 60\n 45 0\n.PEN_UP\n";
  const LabInkSelection five = { .writers = (const guint8[]) { 9, 5, 0 } };
  const LabInkSelection nobody = { .writers = (const guint8[]) { 7, 0 } };
  const LabInkSelection copies = { .writers = five.writers, .copies = 3, .seed = 8 };
  g_autoptr (LabDataset) all = NULL;
  g_autoptr (LabDataset) selected = NULL;
  g_autoptr (LabDataset) varied = NULL;
  g_autoptr (LabDataset) again = NULL;
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  all = lab_dataset_load_ink (file, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lab_dataset_get_size (all), ==, 3);

  selected = lab_dataset_load_ink (file, &five, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lab_dataset_get_size (selected), ==, 2);
  g_assert_cmpuint (lab_dataset_get_label (selected, 0), ==, 1);
  g_assert_cmpuint (lab_dataset_get_label (selected, 1), ==, 4);
  g_assert_cmpmem (lab_dataset_get_image (selected, 1), LAB_IMAGE_SIZE, lab_dataset_get_image (all, 2), LAB_IMAGE_SIZE);

  g_assert_null (lab_dataset_load_ink (file, &nobody, NULL, &error));
  g_assert_error (error, LAB_ERROR, LAB_ERROR_NOT_FOUND);
  g_clear_error (&error);

  varied = lab_dataset_load_ink (file, &copies, NULL, &error);
  g_assert_no_error (error);
  again = lab_dataset_load_ink (file, &copies, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lab_dataset_get_size (varied), ==, 6);
  for (guint i = 0; i < 6; i++)
    {
      g_assert_cmpuint (lab_dataset_get_label (varied, i), ==, i < 3 ? 1 : 4);
      g_assert_cmpmem (lab_dataset_get_image (varied, i), LAB_IMAGE_SIZE,
                       lab_dataset_get_image (again, i), LAB_IMAGE_SIZE);
      for (guint k = 0; k < i; k++)
        g_assert_cmpint (memcmp (lab_dataset_get_image (varied, i), lab_dataset_get_image (varied, k),
                                 LAB_IMAGE_SIZE), !=, 0);
    }
  lab_test_remove_folder (folder);
}

static void
test_images_folder (void)
{
  g_autofree char *folder = g_dir_make_tmp ("digit-lab-XXXXXX", NULL);
  g_autofree char *nameless = g_build_filename (folder, "seven.png", NULL);
  g_autofree char *broken = g_build_filename (folder, "7.png", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  g_autoptr (GError) error = NULL;

  g_assert_null (lab_dataset_load_images (file, NULL, &error));
  g_assert_error (error, LAB_ERROR, LAB_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (nameless, "x", -1, NULL));
  g_assert_null (lab_dataset_load_images (file, NULL, &error));
  g_assert_error (error, LAB_ERROR, LAB_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "seven.png"));
  g_clear_error (&error);

  g_remove (nameless);
  g_assert_true (g_file_set_contents (broken, "x", -1, NULL));
  g_assert_null (lab_dataset_load_images (file, NULL, &error));
  g_assert_nonnull (strstr (error->message, "7.png"));
  lab_test_remove_folder (folder);
}

/* Every picture is in one of the parts, with its label; the seed says in which. */
static void
test_split (void)
{
  g_autoptr (LabDataset) dataset = lab_test_dataset (103, 1);
  g_autoptr (LabDataset) rest = NULL, part = NULL, same_rest = NULL, same_part = NULL, other_rest = NULL, other_part = NULL;
  LabDataset *parts[2];
  gboolean found[103] = { FALSE };
  guint n_found = 0;

  g_assert_true (lab_dataset_split (dataset, 0.25, 7, &rest, &part, NULL));
  g_assert_true (lab_dataset_split (dataset, 0.25, 7, &same_rest, &same_part, NULL));
  g_assert_true (lab_dataset_split (dataset, 0.25, 8, &other_rest, &other_part, NULL));
  g_assert_cmpuint (lab_dataset_get_size (part), ==, 25);
  g_assert_cmpuint (lab_dataset_get_size (rest), ==, 78);
  g_assert_cmpstr (lab_dataset_get_name (part), ==, "bars");
  g_assert_cmpmem (lab_dataset_get_images (part), 25 * LAB_IMAGE_SIZE, lab_dataset_get_images (same_part), 25 * LAB_IMAGE_SIZE);
  g_assert_cmpint (memcmp (lab_dataset_get_images (part), lab_dataset_get_images (other_part), 25 * LAB_IMAGE_SIZE), !=, 0);

  parts[0] = rest;
  parts[1] = part;
  for (guint k = 0; k < 2; k++)
    for (guint i = 0; i < lab_dataset_get_size (parts[k]); i++)
      for (guint j = 0; j < 103; j++)
        if (memcmp (lab_dataset_get_image (parts[k], i), lab_dataset_get_image (dataset, j), LAB_IMAGE_SIZE) == 0)
          {
            g_assert_cmpuint (lab_dataset_get_label (parts[k], i), ==, lab_dataset_get_label (dataset, j));
            g_assert_false (found[j]);
            found[j] = TRUE;
            n_found++;
          }
  g_assert_cmpuint (n_found, ==, 103);
}

static void
test_mnist (void)
{
  const char *data = g_getenv ("DIGIT_LAB_DATA");
  g_autofree char *folder = data != NULL ? g_build_filename (data, "mnist", NULL) : NULL;
  g_autoptr (LabDataset) dataset = NULL;
  g_autoptr (GError) error = NULL;
  /* How many images of each class the test part has. */
  static const guint expected[LAB_N_CLASSES] = { 980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009 };
  guint counts[LAB_N_CLASSES] = { 0 };

  if (folder == NULL)
    {
      g_test_skip ("needs MNIST: DIGIT_LAB_DATA is not set");
      return;
    }
  dataset = load (folder, LAB_PART_TEST, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < lab_dataset_get_size (dataset); i++)
    counts[lab_dataset_get_label (dataset, i)]++;
  g_assert_cmpmem (counts, sizeof counts, expected, sizeof expected);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dataset/load", test_load);
  g_test_add_func ("/dataset/mismatch", test_mismatch);
  g_test_add_func ("/dataset/async", test_async);
  g_test_add_func ("/dataset/ink", test_ink);
  g_test_add_func ("/dataset/ink-selection", test_ink_selection);
  g_test_add_func ("/dataset/images-folder", test_images_folder);
  g_test_add_func ("/dataset/split", test_split);
  g_test_add_func ("/dataset/mnist", test_mnist);
  return g_test_run ();
}
