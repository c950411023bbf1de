/* SPDX-License-Identifier: MIT */
#include "lab-dataset.h"

#include <glib/gi18n.h>

#include "lab-error-private.h"
#include "lab-file.h"
#include "lab-idx.h"
#include "lab-ink.h"
#include "lab-png.h"
#include "lab-task-private.h"
#include "lab-unipen.h"

/* The largest text of pen strokes that is read. */
#define MAX_INK_SIZE (256 * 1024 * 1024)

/* The most digits that are collected from a file or a folder. */
#define MAX_COLLECTED 1000000u

struct _LabDataset
{
  GObject parent_instance;

  char *name;
  GBytes *images;
  GBytes *labels;
};

G_DEFINE_FINAL_TYPE (LabDataset, lab_dataset, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_NAME,
  PROP_SIZE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
lab_dataset_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LabDataset *self = LAB_DATASET (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_SIZE:
      g_value_set_uint (value, lab_dataset_get_size (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lab_dataset_finalize (GObject *object)
{
  LabDataset *self = LAB_DATASET (object);

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->images, g_bytes_unref);
  g_clear_pointer (&self->labels, g_bytes_unref);

  G_OBJECT_CLASS (lab_dataset_parent_class)->finalize (object);
}

static void
lab_dataset_class_init (LabDatasetClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = lab_dataset_finalize;
  object_class->get_property = lab_dataset_get_property;

  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  props[PROP_SIZE] = g_param_spec_uint ("size", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
lab_dataset_init (LabDataset *self)
{
}

LabDataset *
lab_dataset_new (const char *name, GBytes *images, GBytes *labels)
{
  LabDataset *self;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (g_bytes_get_size (images) == g_bytes_get_size (labels) * LAB_IMAGE_SIZE, NULL);

  self = g_object_new (LAB_TYPE_DATASET, NULL);
  self->name = g_strdup (name);
  self->images = g_bytes_ref (images);
  self->labels = g_bytes_ref (labels);
  return self;
}

/* Returns the file of @folder that holds @stem: plain or with .gz, with the
 * dash of the official names or with the dot that some copies have. */
static GFile *
find_idx_file (GFile *folder, const char *stem, const char *type, GError **error)
{
  static const char *const patterns[] = { "%s-%s", "%s-%s.gz", "%s.%s", "%s.%s.gz" };
  g_autofree char *folder_name = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      g_autoptr (GString) name = g_string_new (patterns[i]);
      g_autoptr (GFile) file = NULL;

      g_string_replace (name, "%s", stem, 1);
      g_string_replace (name, "%s", type, 1);
      file = g_file_get_child (folder, name->str);
      if (g_file_query_exists (file, NULL))
        return g_steal_pointer (&file);
    }

  folder_name = lab_file_dup_name (folder);
  if (g_file_query_file_type (folder, G_FILE_QUERY_INFO_NONE, NULL) != G_FILE_TYPE_DIRECTORY)
    g_set_error (error, LAB_ERROR, LAB_ERROR_NOT_FOUND, _("%s: there is no such folder"), folder_name);
  else
    g_set_error (error, LAB_ERROR, LAB_ERROR_NOT_FOUND,
                 /* Translators: a folder, and the names of the file it should hold */
                 _("%s: the folder has no file “%s-%s” or “%s-%s.gz”"),
                 folder_name, stem, type, stem, type);
  return NULL;
}

/* Checks what only both files together can tell. */
static LabDataset *
dataset_from_idx (GFile *images_file, const LabIdx *images, GFile *labels_file, const LabIdx *labels, const char *name, GError **error)
{
  g_autofree char *images_name = lab_file_dup_name (images_file);
  g_autofree char *labels_name = lab_file_dup_name (labels_file);
  const guint8 *bytes = g_bytes_get_data (labels->data, NULL);

  if (images->dimensions[1] != LAB_IMAGE_SIDE || images->dimensions[2] != LAB_IMAGE_SIDE)
    {
      g_set_error (error, LAB_ERROR, LAB_ERROR_UNSUPPORTED,
                   _("%s: the images have %u × %u pixels, but %d × %d are needed"), images_name,
                   images->dimensions[2], images->dimensions[1], LAB_IMAGE_SIDE, LAB_IMAGE_SIDE);
      return NULL;
    }
  if (images->dimensions[0] != labels->dimensions[0])
    {
      g_set_error (error, LAB_ERROR, LAB_ERROR_FORMAT,
                   _("%s: there are %u labels, but %s has %u images"), labels_name,
                   labels->dimensions[0], images_name, images->dimensions[0]);
      return NULL;
    }
  for (guint32 i = 0; i < labels->dimensions[0]; i++)
    if (bytes[i] >= LAB_N_CLASSES)
      {
        g_set_error (error, LAB_ERROR, LAB_ERROR_FORMAT,
                     _("%s: label %u is %u, which is no digit"), labels_name, i + 1, bytes[i]);
        return NULL;
      }
  return lab_dataset_new (name, images->data, labels->data);
}

LabDataset *
lab_dataset_load (GFile *folder, LabPart part, GCancellable *cancellable, GError **error)
{
  const char *prefix = part == LAB_PART_TRAIN ? "train" : "t10k";
  g_autofree char *images_stem = g_strconcat (prefix, "-images", NULL);
  g_autofree char *labels_stem = g_strconcat (prefix, "-labels", NULL);
  g_autofree char *name = g_file_get_basename (folder);
  g_autoptr (GFile) images_file = NULL;
  g_autoptr (GFile) labels_file = NULL;
  LabIdx images = { 0 }, labels = { 0 };
  LabDataset *self = NULL;

  images_file = find_idx_file (folder, images_stem, "idx3-ubyte", error);
  if (images_file == NULL)
    return NULL;
  labels_file = find_idx_file (folder, labels_stem, "idx1-ubyte", error);
  if (labels_file == NULL)
    return NULL;

  if (lab_idx_read (images_file, 3, &images, cancellable, error)
      && lab_idx_read (labels_file, 1, &labels, cancellable, error))
    self = dataset_from_idx (images_file, &images, labels_file, &labels, name, error);
  lab_idx_clear (&images);
  lab_idx_clear (&labels);
  return self;
}

/* What the thread needs. */
typedef struct
{
  GFile *folder;
  LabPart part;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_object_unref (request->folder);
  g_free (request);
}

static gpointer
load_in_thread (gpointer data, GCancellable *cancellable, GError **error)
{
  const Request *request = data;

  return lab_dataset_load (request->folder, request->part, cancellable, error);
}

void
lab_dataset_load_async (GFile              *folder,
                        LabPart             part,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  Request *request = g_new (Request, 1);

  *request = (Request){ g_object_ref (folder), part };
  lab_task_run (lab_dataset_load_async, load_in_thread, request, request_free, g_object_unref,
                cancellable, callback, user_data);
}

LabDataset *
lab_dataset_load_finish (GAsyncResult *result, GError **error)
{
  return lab_task_finish (result, lab_dataset_load_async, error);
}

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

const char *
lab_dataset_get_name (LabDataset *self)
{
  g_return_val_if_fail (LAB_IS_DATASET (self), NULL);

  return self->name;
}

guint
lab_dataset_get_size (LabDataset *self)
{
  g_return_val_if_fail (LAB_IS_DATASET (self), 0);

  return g_bytes_get_size (self->labels);
}

guint
lab_dataset_get_label (LabDataset *self, guint index)
{
  g_return_val_if_fail (index < lab_dataset_get_size (self), 0);

  return lab_dataset_get_labels (self)[index];
}

const guint8 *
lab_dataset_get_image (LabDataset *self, guint index)
{
  g_return_val_if_fail (index < lab_dataset_get_size (self), NULL);

  return lab_dataset_get_images (self) + (gsize) index * LAB_IMAGE_SIZE;
}

const guint8 *
lab_dataset_get_images (LabDataset *self)
{
  g_return_val_if_fail (LAB_IS_DATASET (self), NULL);

  return g_bytes_get_data (self->images, NULL);
}

const guint8 *
lab_dataset_get_labels (LabDataset *self)
{
  g_return_val_if_fail (LAB_IS_DATASET (self), NULL);

  return g_bytes_get_data (self->labels, NULL);
}
