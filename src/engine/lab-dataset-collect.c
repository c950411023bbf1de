/* SPDX-License-Identifier: MIT */

/* Data sets that are collected digit by digit: from pen strokes, which LabInk
 * renders, and from pictures. */

#include "lab-dataset.h"

#include <glib/gi18n.h>

#include "lab-error-private.h"
#include "lab-file.h"
#include "lab-ink.h"
#include "lab-png.h"
#include "lab-unipen.h"

/* The largest text of pen strokes that is read. */
#define MAX_INK_SIZE (256 * 1024 * 1024)

/* The most digits that are collected from a file or a folder. */
#define MAX_COLLECTED 1000000u

/* A data set while it is being collected. GByteArray would abort the program
 * when memory ends, and how much is needed is up to the file. */
typedef struct
{
  const char *name; /* of the file or folder, for messages */
  guint8 *images;
  guint8 *labels;
  gsize size;
  gsize capacity;
  GCancellable *cancellable;
  GError **error;
} Collection;

static LabDataset *
collection_finish (Collection *collection, const char *name)
{
  g_autoptr (GBytes) images = g_bytes_new_take (g_steal_pointer (&collection->images),
                                                collection->size * LAB_IMAGE_SIZE);
  g_autoptr (GBytes) labels = g_bytes_new_take (g_steal_pointer (&collection->labels), collection->size);

  return lab_dataset_new (name, images, labels);
}

static gboolean
collection_grow (Collection *collection)
{
  gsize capacity = MIN (MAX (1024, 2 * collection->capacity), MAX_COLLECTED);
  guint8 *images, *labels;

  if (collection->size == MAX_COLLECTED)
    {
      g_set_error (collection->error, LAB_ERROR, LAB_ERROR_TOO_LARGE,
                   _("%s: there are more than %u digits in it"), collection->name, MAX_COLLECTED);
      return FALSE;
    }
  images = g_try_realloc_n (collection->images, capacity, LAB_IMAGE_SIZE);
  if (images != NULL)
    collection->images = images;
  labels = g_try_realloc (collection->labels, capacity);
  if (labels != NULL)
    collection->labels = labels;
  if (images == NULL || labels == NULL)
    {
      lab_error_set_from_status (collection->error, NN_NO_MEMORY, collection->name);
      return FALSE;
    }
  collection->capacity = capacity;
  return TRUE;
}

static gboolean
collection_add (Collection *collection, const guint8 *image, guint8 label)
{
  if (collection->size == collection->capacity && !collection_grow (collection))
    return FALSE;
  memcpy (collection->images + collection->size * LAB_IMAGE_SIZE, image, LAB_IMAGE_SIZE);
  collection->labels[collection->size++] = label;
  return TRUE;
}

static void
collection_clear (Collection *collection)
{
  g_clear_pointer (&collection->images, g_free);
  g_clear_pointer (&collection->labels, g_free);
}

static gboolean
add_ink (LabInk *ink, guint label, gpointer data)
{
  Collection *collection = data;
  guint8 image[LAB_IMAGE_SIZE];

  lab_ink_render (ink, image);
  return collection_add (collection, image, label)
         && !g_cancellable_set_error_if_cancelled (collection->cancellable, collection->error);
}

LabDataset *
lab_dataset_load_ink (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = lab_file_dup_name (file);
  g_autofree char *basename = g_file_get_basename (file);
  g_autoptr (GBytes) text = lab_file_read (file, MAX_INK_SIZE, cancellable, error);
  g_autoptr (GError) stopped = NULL; /* by add_ink(); the parser knows no error then */
  Collection collection = { .name = name, .cancellable = cancellable, .error = &stopped };
  LabDataset *self = NULL;

  if (text != NULL && lab_unipen_parse (text, name, add_ink, &collection, error))
    {
      if (stopped == NULL)
        self = collection_finish (&collection, basename);
      else
        g_propagate_error (error, g_steal_pointer (&stopped));
    }
  collection_clear (&collection);
  return self;
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Returns the names of the PNG pictures in @folder, sorted; NULL after an error. */
static GPtrArray *
list_pictures (GFile *folder, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *folder_name = lab_file_dup_name (folder);
  g_autoptr (GFileEnumerator) children = NULL;
  g_autoptr (GError) cause = NULL;
  GFileInfo *info;

  children = g_file_enumerate_children (folder, G_FILE_ATTRIBUTE_STANDARD_NAME,
                                        G_FILE_QUERY_INFO_NONE, cancellable, &cause);
  while (children != NULL && g_file_enumerator_iterate (children, &info, NULL, cancellable, &cause))
    {
      g_autofree char *lower = NULL;

      if (info == NULL)
        {
          g_ptr_array_sort (names, compare_strings);
          if (names->len > 0)
            return g_steal_pointer (&names);
          g_set_error (error, LAB_ERROR, LAB_ERROR_NOT_FOUND, _("%s: the folder has no PNG pictures"), folder_name);
          return NULL;
        }
      lower = g_ascii_strdown (g_file_info_get_name (info), -1);
      if (g_str_has_suffix (lower, ".png"))
        g_ptr_array_add (names, g_strdup (g_file_info_get_name (info)));
    }
  lab_file_fail (folder, g_steal_pointer (&cause), error);
  return NULL;
}

static gboolean
add_picture (Collection *collection, GFile *folder, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) file = g_file_get_child (folder, name);
  guint8 image[LAB_IMAGE_SIZE];

  if (!g_ascii_isdigit (name[0]))
    {
      g_autofree char *file_name = lab_file_dup_name (file);

      g_set_error (error, LAB_ERROR, LAB_ERROR_FORMAT,
                   _("%s: the name does not start with the digit that the picture shows"), file_name);
      return FALSE;
    }
  if (!lab_png_read_digit (file, image, cancellable, error))
    return FALSE;
  return collection_add (collection, image, g_ascii_digit_value (name[0]));
}

LabDataset *
lab_dataset_load_images (GFile *folder, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) names = list_pictures (folder, cancellable, error);
  g_autofree char *basename = g_file_get_basename (folder);
  g_autofree char *folder_name = lab_file_dup_name (folder);
  Collection collection = { .name = folder_name, .cancellable = cancellable, .error = error };
  gboolean good = names != NULL;
  LabDataset *self = NULL;

  for (guint i = 0; good && i < names->len; i++)
    good = add_picture (&collection, folder, names->pdata[i], cancellable, error);
  if (good)
    self = collection_finish (&collection, basename);
  collection_clear (&collection);
  return self;
}
