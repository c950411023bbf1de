/* SPDX-License-Identifier: MIT */

/* Data sets that are collected digit by digit: from pen strokes, which LabInk
 * renders, and from pictures. */

#include "lab-dataset.h"

#include <glib/gi18n.h>

#include "lab-error-private.h"
#include "lab-file.h"
#include "lab-handwriting.h"
#include "lab-ink.h"
#include "lab-picture.h"
#include "lab-unipen.h"

/* The largest text of pen strokes that is read. */
#define MAX_INK_SIZE (256 * 1024 * 1024)

/* The most pictures that are made of a file or a folder. */
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
                   _("%s: more than %u pictures would come of it"), collection->name, MAX_COLLECTED);
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

/* What add_ink() needs to know. */
typedef struct
{
  Collection collection;
  LabInkSelection selection;
  LabInk *copy;   /* one variation at a time */
  guint n_digits; /* that have been selected */
} InkCollection;

static gboolean
is_selected (const LabInkSelection *selection, guint writer)
{
  const guint8 *selected = selection->writers;

  if (selected == NULL)
    return TRUE;
  while (*selected != 0 && *selected != writer)
    selected++;
  return *selected != 0;
}

static gboolean
add_ink (LabInk *ink, guint label, guint writer, gpointer data)
{
  InkCollection *self = data;
  const LabInkSelection *selection = &self->selection;
  guint8 image[LAB_IMAGE_SIZE];
  gboolean added = TRUE;

  if (!is_selected (selection, writer))
    return TRUE;

  if (selection->copies == 0)
    {
      lab_ink_render (ink, image);
      added = collection_add (&self->collection, image, label);
    }
  for (guint i = 0; added && i < selection->copies; i++)
    {
      LabInkStyle style;

      lab_handwriting_vary (ink, selection->seed, (guint64) self->n_digits * selection->copies + i, self->copy, &style);
      lab_ink_render_in_style (self->copy, &style, image);
      added = collection_add (&self->collection, image, label);
    }
  self->n_digits++;
  return added && !g_cancellable_set_error_if_cancelled (self->collection.cancellable, self->collection.error);
}

LabDataset *
lab_dataset_load_ink (GFile *file, const LabInkSelection *selection, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = lab_file_dup_name (file);
  g_autofree char *basename = g_file_get_basename (file);
  g_autoptr (GBytes) text = lab_file_read (file, MAX_INK_SIZE, cancellable, error);
  g_autoptr (GError) stopped = NULL; /* by add_ink(); the parser knows no error then */
  g_autoptr (LabInk) copy = lab_ink_new ();
  InkCollection ink = { .collection = { .name = name, .cancellable = cancellable, .error = &stopped }, .copy = copy };
  LabDataset *self = NULL;

  if (selection != NULL)
    ink.selection = *selection;
  if (text != NULL && lab_unipen_parse (text, name, add_ink, &ink, error))
    {
      if (stopped != NULL)
        g_propagate_error (error, g_steal_pointer (&stopped));
      else if (ink.n_digits == 0)
        g_set_error (error, LAB_ERROR, LAB_ERROR_NOT_FOUND, _("%s: none of the digits is by these writers"), name);
      else
        self = collection_finish (&ink.collection, basename);
    }
  collection_clear (&ink.collection);
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

/* Returns how many digits the name of a picture begins with. */
static guint
count_labels (const char *name)
{
  guint n = 0;

  while (g_ascii_isdigit (name[n]))
    n++;
  return n;
}

/* Adds the digits of a picture. When there are not as many as its name says,
 * nobody knows which is which: then they are blank, which is never right. */
static gboolean
add_picture (Collection *collection, GFile *folder, const char *name, guint *n_miscounted)
{
  static const guint8 blank[LAB_IMAGE_SIZE] = { 0 };
  g_autoptr (GFile) file = g_file_get_child (folder, name);
  guint n_labels = count_labels (name);
  g_autoptr (LabPicture) picture = NULL;
  g_autoptr (GArray) digits = NULL;
  gboolean good = TRUE;

  if (n_labels == 0)
    {
      g_autofree char *file_name = lab_file_dup_name (file);

      g_set_error (collection->error, LAB_ERROR, LAB_ERROR_FORMAT,
                   _("%s: the name does not start with the digits that the picture shows"), file_name);
      return FALSE;
    }
  picture = lab_picture_read (file, collection->cancellable, collection->error);
  if (picture == NULL)
    return FALSE;

  digits = lab_picture_find_digits (picture);
  if (digits->len != n_labels)
    (*n_miscounted)++;
  for (guint i = 0; good && i < n_labels; i++)
    {
      const guint8 *image = digits->len == n_labels ? g_array_index (digits, LabFoundDigit, i).image : blank;

      good = collection_add (collection, image, g_ascii_digit_value (name[i]));
    }
  return good;
}

/* How many pictures showed another number of digits than their names say. */
static G_DEFINE_QUARK (lab-dataset-miscounted, miscounted)

LabDataset *
lab_dataset_load_images (GFile *folder, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) names = list_pictures (folder, cancellable, error);
  g_autofree char *basename = g_file_get_basename (folder);
  g_autofree char *folder_name = lab_file_dup_name (folder);
  Collection collection = { .name = folder_name, .cancellable = cancellable, .error = error };
  gboolean good = names != NULL;
  guint n_miscounted = 0;
  LabDataset *self = NULL;

  for (guint i = 0; good && i < names->len; i++)
    good = add_picture (&collection, folder, names->pdata[i], &n_miscounted);
  if (good)
    self = collection_finish (&collection, basename);
  if (self != NULL)
    g_object_set_qdata (G_OBJECT (self), miscounted_quark (), GUINT_TO_POINTER (n_miscounted));
  collection_clear (&collection);
  return self;
}

guint
lab_dataset_get_miscounted (LabDataset *self)
{
  g_return_val_if_fail (LAB_IS_DATASET (self), 0);

  return GPOINTER_TO_UINT (g_object_get_qdata (G_OBJECT (self), miscounted_quark ()));
}
