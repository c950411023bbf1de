/* SPDX-License-Identifier: MIT */

/* Data sets that need no file: digits and doodles that the program draws, and
 * several data sets in one. */

#include "lab-dataset.h"

#include <nn-pool.h>
#include <string.h>

#include "lab-error-private.h"
#include "lab-handwriting.h"
#include "lab-task-private.h"

/* How many pictures are one task of the thread pool. */
#define CHUNK 256

typedef struct
{
  gboolean doodles; /* or else digits */
  LabDoodleKinds kinds;
  LabDoodlePart part;
  guint64 seed;
  gsize size;
  guint8 *images;
  guint8 *labels;
  LabInk **inks; /* one for each worker */
  GCancellable *cancellable;
} Generation;

static void
generate_chunk (void *data, size_t task, size_t worker)
{
  const Generation *generation = data;
  LabInk *ink = generation->inks[worker];
  gsize end = MIN (generation->size, (task + 1) * CHUNK);

  if (g_cancellable_is_cancelled (generation->cancellable))
    return;

  for (gsize i = task * CHUNK; i < end; i++)
    {
      guint8 *image = generation->images + i * LAB_IMAGE_SIZE;
      LabInkStyle style;

      generation->labels[i] = generation->doodles ? LAB_NO_DIGIT : i % LAB_N_CLASSES;
      if (generation->doodles)
        lab_doodle_draw (generation->kinds, generation->part, generation->seed, i, ink, &style);
      else
        lab_handwriting_write (generation->labels[i], generation->seed, i, ink, &style);
      lab_ink_render_in_style (ink, &style, image);
      lab_handwriting_roughen (image, generation->seed, i);
    }
}

static NnStatus
generation_run (Generation *generation, guint threads)
{
  NnPool *pool = NULL;
  NnStatus status = nn_pool_new (threads, &pool);

  if (status != NN_OK)
    return status;

  generation->inks = g_new (LabInk *, nn_pool_workers (pool));
  for (gsize i = 0; i < nn_pool_workers (pool); i++)
    generation->inks[i] = lab_ink_new ();

  nn_pool_run (pool, generate_chunk, generation, (generation->size + CHUNK - 1) / CHUNK);

  for (gsize i = 0; i < nn_pool_workers (pool); i++)
    g_object_unref (generation->inks[i]);
  g_free (generation->inks);
  nn_pool_free (pool);
  return NN_OK;
}

/* Allocates the pictures and labels of @size; how many is up to the caller's
 * user, so that memory may not suffice. */
static gboolean
allocate (const char *name, gsize size, guint8 **images, guint8 **labels, GError **error)
{
  *images = g_try_malloc_n (MAX (size, 1), LAB_IMAGE_SIZE);
  *labels = g_try_malloc (MAX (size, 1));
  if (*images != NULL && *labels != NULL)
    return TRUE;

  g_clear_pointer (images, g_free);
  g_clear_pointer (labels, g_free);
  lab_error_set_from_status (error, NN_NO_MEMORY, name);
  return FALSE;
}

static LabDataset *
take_dataset (const char *name, gsize size, guint8 *images, guint8 *labels)
{
  g_autoptr (GBytes) image_bytes = g_bytes_new_take (images, size * LAB_IMAGE_SIZE);
  g_autoptr (GBytes) label_bytes = g_bytes_new_take (labels, size);

  return lab_dataset_new (name, image_bytes, label_bytes);
}

static LabDataset *
generate (const char *name, Generation *generation, guint threads, GError **error)
{
  NnStatus status;

  if (!allocate (name, generation->size, &generation->images, &generation->labels, error))
    return NULL;

  status = generation_run (generation, threads);
  if (status != NN_OK)
    lab_error_set_from_status (error, status, name);
  else if (!g_cancellable_set_error_if_cancelled (generation->cancellable, error))
    return take_dataset (name, generation->size, generation->images, generation->labels);

  g_free (generation->images);
  g_free (generation->labels);
  return NULL;
}

LabDataset *
lab_dataset_new_handwriting (guint size, guint64 seed, guint threads, GCancellable *cancellable, GError **error)
{
  Generation generation = { .seed = seed, .size = size, .cancellable = cancellable };

  /* Not translated: model files say it, and are the same in every language. */
  return generate ("built-in digits", &generation, threads, error);
}

LabDataset *
lab_dataset_new_doodles (guint size, LabDoodleKinds kinds, LabDoodlePart part, guint64 seed, guint threads,
                         GCancellable *cancellable, GError **error)
{
  Generation generation = {
    .doodles = TRUE, .kinds = kinds, .part = part, .seed = seed, .size = size, .cancellable = cancellable,
  };

  g_return_val_if_fail ((kinds & LAB_DOODLE_ALL) != 0, NULL);

  return generate ("doodles", &generation, threads, error);
}

/* What the thread needs. */
typedef struct
{
  guint size;
  guint64 seed;
} Request;

static gpointer
generate_in_thread (gpointer data, GCancellable *cancellable, GError **error)
{
  const Request *request = data;

  return lab_dataset_new_handwriting (request->size, request->seed, 0, cancellable, error);
}

void
lab_dataset_new_handwriting_async (guint size, guint64 seed, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  Request *request = g_new (Request, 1);

  *request = (Request){ size, seed };
  lab_task_run (lab_dataset_new_handwriting_async, generate_in_thread, request, g_free, g_object_unref,
                cancellable, callback, user_data);
}

LabDataset *
lab_dataset_new_handwriting_finish (GAsyncResult *result, GError **error)
{
  return lab_task_finish (result, lab_dataset_new_handwriting_async, error);
}

LabDataset *
lab_dataset_join (const char *name, LabDataset *const *datasets, guint n, GError **error)
{
  gsize size = 0;
  guint8 *images, *labels;

  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < n; i++)
    size += lab_dataset_get_size (datasets[i]);
  if (size > G_MAXUINT)
    {
      lab_error_set_from_status (error, NN_NO_MEMORY, name);
      return NULL;
    }
  if (!allocate (name, size, &images, &labels, error))
    return NULL;

  size = 0;
  for (guint i = 0; i < n; i++)
    {
      gsize part = lab_dataset_get_size (datasets[i]);

      if (part == 0)
        continue;
      memcpy (images + size * LAB_IMAGE_SIZE, lab_dataset_get_images (datasets[i]), part * LAB_IMAGE_SIZE);
      memcpy (labels + size, lab_dataset_get_labels (datasets[i]), part);
      size += part;
    }
  return take_dataset (name, size, images, labels);
}
