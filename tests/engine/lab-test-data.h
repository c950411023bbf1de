/* SPDX-License-Identifier: MIT */
#pragma once

/* Small data for the tests of the engine, made on the spot. */

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "lab-dataset.h"

/* Returns @n pictures that are easy to tell apart: a bright bar whose place is
 * the class, in noise. Equal seeds give equal pictures. */
static inline LabDataset *
lab_test_dataset (guint n, guint32 seed)
{
  guint8 *images = g_malloc ((gsize) n * LAB_IMAGE_SIZE);
  guint8 *labels = g_malloc (n);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GBytes) image_bytes = NULL;
  g_autoptr (GBytes) label_bytes = NULL;

  for (guint i = 0; i < n; i++)
    {
      labels[i] = i % LAB_N_CLASSES;
      for (guint p = 0; p < LAB_IMAGE_SIZE; p++)
        {
          gboolean bright = p / LAB_IMAGE_SIDE / 3 == labels[i];

          images[i * LAB_IMAGE_SIZE + p] = g_rand_int_range (rand, 0, 80) + (bright ? 170 : 0);
        }
    }
  image_bytes = g_bytes_new_take (images, (gsize) n * LAB_IMAGE_SIZE);
  label_bytes = g_bytes_new_take (labels, n);
  return lab_dataset_new ("bars", image_bytes, label_bytes);
}

/* Writes an IDX file: @header are big-endian numbers, the magic one first. */
static inline void
lab_test_write_idx (const char *path, const guint32 *header, gsize n_header, gconstpointer data, gsize size)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < n_header; i++)
    {
      guint32 number = GUINT32_TO_BE (header[i]);

      g_byte_array_append (bytes, (const guint8 *) &number, sizeof number);
    }
  g_byte_array_append (bytes, data, size);
  g_file_set_contents (path, (const char *) bytes->data, bytes->len, &error);
  g_assert_no_error (error);
}

/* Writes @dataset as the images and labels of @prefix ("train", "t10k"). */
static inline void
lab_test_write_dataset (LabDataset *dataset, const char *folder, const char *prefix)
{
  guint n = lab_dataset_get_size (dataset);
  const guint32 image_header[] = { 0x803, n, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE };
  const guint32 label_header[] = { 0x801, n };
  g_autofree char *images = g_strdup_printf ("%s/%s-images-idx3-ubyte", folder, prefix);
  g_autofree char *labels = g_strdup_printf ("%s/%s-labels-idx1-ubyte", folder, prefix);

  lab_test_write_idx (images, image_header, 4, lab_dataset_get_images (dataset), (gsize) n * LAB_IMAGE_SIZE);
  lab_test_write_idx (labels, label_header, 2, lab_dataset_get_labels (dataset), n);
}

/* Removes the files of @folder and the folder. */
static inline void
lab_test_remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Runs the default main context until @done or for @seconds; returns @done. */
static inline gboolean
lab_test_wait (gboolean (*done) (gpointer data), gpointer data, double seconds)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);

  while (!done (data) && g_get_monotonic_time () < deadline)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (500);
  return done (data);
}
