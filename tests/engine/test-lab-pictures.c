/* SPDX-License-Identifier: MIT */

/* Reads the pictures of test-pictures.h: what is found in each, where, and what
 * the bundled network makes of it. */

#include "lab-evaluation.h"
#include "lab-picture.h"
#include "test-files.h"
#include "test-image.h"
#include "test-pictures.h"

#include <math.h>

/* Measured 0 of 109 wrong; a digit drawn by hand differs more than these do. */
#define MAX_WRONG 6

static GArray *pictures;

/* That the ink of a 28 × 28 image is as large, as wide of line and where it
 * should be. */
static void
assert_like_mnist (const TestPicture *picture, const guint8 *image)
{
  int left = LAB_IMAGE_SIDE, right = -1, top = LAB_IMAGE_SIDE, bottom = -1;
  double mass = 0;
  double x, y;

  for (int i = 0; i < LAB_IMAGE_SIZE; i++)
    {
      mass += image[i] / 255.0;
      if (image[i] < 128)
        continue;
      left = MIN (left, i % LAB_IMAGE_SIDE);
      right = MAX (right, i % LAB_IMAGE_SIDE);
      top = MIN (top, i / LAB_IMAGE_SIDE);
      bottom = MAX (bottom, i / LAB_IMAGE_SIDE);
    }
  g_test_message ("%s: %d × %d, mass %.1f", picture->name, right - left + 1, bottom - top + 1, mass);
  g_assert_cmpint (MAX (right - left, bottom - top) + 1, >=, 18);
  g_assert_cmpint (MAX (right - left, bottom - top) + 1, <=, 21);
  g_assert_cmpfloat (mass, >=, 35);  /* a 1 */
  g_assert_cmpfloat (mass, <=, 160);
  test_image_find_centre (image, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, LAB_MASS_CENTRE, 0.6);
  g_assert_cmpfloat_with_epsilon (y, LAB_MASS_CENTRE, 0.6);
}

/* A box may be off by some of the line, where it is blurred, noisy or coarse. */
static void
assert_box (const TestPicture *picture, const TestBox *box, const LabFoundDigit *found)
{
  double tolerance = 2 + 0.06 * (box->bottom - box->top);

  g_assert_cmpfloat_with_epsilon (found->left, box->left, tolerance);
  g_assert_cmpfloat_with_epsilon (found->top, box->top, tolerance);
  g_assert_cmpfloat_with_epsilon (found->left + found->width, box->right, tolerance);
  g_assert_cmpfloat_with_epsilon (found->top + found->height, box->bottom, tolerance);
}

static void
test_found (void)
{
  g_assert_cmpuint (pictures->len, >=, 60);
  for (guint i = 0; i < pictures->len; i++)
    {
      const TestPicture *picture = &g_array_index (pictures, TestPicture, i);
      g_autoptr (GFile) file = test_file (picture->name);
      g_autoptr (GError) error = NULL;
      g_autoptr (LabPicture) read = lab_picture_read (file, NULL, &error);
      g_autoptr (GArray) digits = NULL;

      g_assert_no_error (error);
      digits = lab_picture_find_digits (read);
      g_test_message ("%s: %u digits", picture->name, digits->len);
      g_assert_cmpuint (digits->len, ==, picture->n_digits);
      for (guint k = 0; k < digits->len; k++)
        {
          const LabFoundDigit *digit = &g_array_index (digits, LabFoundDigit, k);

          assert_box (picture, &picture->boxes[k], digit);
          assert_like_mnist (picture, digit->image);
        }
    }
}

static void
test_read (void)
{
  g_autoptr (GFile) folder = g_file_new_for_path (test_folder);
  g_autoptr (GError) error = NULL;
  LabNetwork *network = lab_network_new_bundled ();
  LabDataset *dataset = lab_dataset_load_images (folder, NULL, &error);
  LabEvaluation *evaluation;
  guint n_digits = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < pictures->len; i++)
    n_digits += g_array_index (pictures, TestPicture, i).n_digits;
  g_assert_cmpuint (lab_dataset_get_size (dataset), ==, n_digits);
  g_assert_cmpuint (lab_dataset_get_miscounted (dataset), ==, 0);

  evaluation = lab_evaluation_new (network, dataset, 1, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%u of %u wrong", lab_evaluation_get_errors (evaluation), n_digits);
  g_assert_cmpuint (lab_evaluation_get_errors (evaluation), <=, MAX_WRONG);
  g_assert_finalize_object (evaluation);
  g_object_unref (dataset);
  g_object_unref (network);
}

/* Another number of digits than the name says: all of them are wrong. */
static void
test_miscounted (void)
{
  g_autoptr (GFile) folder = g_file_new_for_path (test_folder);
  g_autoptr (GFile) good = test_file ("305-plain.png");
  g_autoptr (GFile) bad = test_file ("3051-plain.png");
  g_autoptr (GError) error = NULL;
  LabDataset *dataset;
  guint n_blank = 0;

  g_assert_true (g_file_move (good, bad, G_FILE_COPY_NONE, NULL, NULL, NULL, &error));
  dataset = lab_dataset_load_images (folder, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lab_dataset_get_miscounted (dataset), ==, 1);
  for (guint i = 0; i < lab_dataset_get_size (dataset); i++)
    {
      static const guint8 blank[LAB_IMAGE_SIZE] = { 0 };

      n_blank += memcmp (lab_dataset_get_image (dataset, i), blank, sizeof blank) == 0;
    }
  g_assert_cmpuint (n_blank, ==, 4);
  g_assert_finalize_object (dataset);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  test_folder_make ();
  pictures = test_pictures_draw (test_folder);

  g_test_add_func ("/pictures/found", test_found);
  g_test_add_func ("/pictures/read", test_read);
  g_test_add_func ("/pictures/miscounted", test_miscounted);

  status = g_test_run ();
  g_array_unref (pictures);
  test_folder_remove ();
  return status;
}
