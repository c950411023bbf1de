/* SPDX-License-Identifier: MIT */
#include "lab-dataset-private.h"

#include <glib/gi18n.h>

#include "lab-error-private.h"
#include "lab-file.h"
#include "lab-idx.h"
#include "lab-task-private.h"
#include "nn-rng.h"

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

/* Returns the @n pictures of @self whose numbers @order lists. */
static LabDataset *
pick (LabDataset *self, const guint32 *order, guint n, GError **error)
{
  guint8 *images = g_try_malloc ((gsize) n * LAB_IMAGE_SIZE);
  guint8 *labels = g_try_malloc (n);
  g_autoptr (GBytes) image_bytes = NULL;
  g_autoptr (GBytes) label_bytes = NULL;

  if (n > 0 && (images == NULL || labels == NULL))
    {
      g_free (images);
      g_free (labels);
      lab_error_set_from_status (error, NN_NO_MEMORY, self->name);
      return NULL;
    }
  for (guint i = 0; i < n; i++)
    {
      memcpy (images + (gsize) i * LAB_IMAGE_SIZE, lab_dataset_get_image (self, order[i]), LAB_IMAGE_SIZE);
      labels[i] = lab_dataset_get_label (self, order[i]);
    }
  image_bytes = g_bytes_new_take (images, (gsize) n * LAB_IMAGE_SIZE);
  label_bytes = g_bytes_new_take (labels, n);
  return lab_dataset_new (self->name, image_bytes, label_bytes);
}

gboolean
lab_dataset_split (LabDataset *self, double share, guint64 seed, LabDataset **rest, LabDataset **part, GError **error)
{
  guint size = lab_dataset_get_size (self);
  g_autofree guint32 *order = NULL;
  NnRng rng = nn_rng_new (seed);
  guint n_part;

  g_return_val_if_fail (share >= 0 && share <= 1, FALSE);

  n_part = size * share;
  order = g_new (guint32, size);
  for (guint i = 0; i < size; i++)
    order[i] = i;
  nn_rng_shuffle (&rng, order, size);

  *rest = pick (self, order, size - n_part, error);
  *part = *rest != NULL ? pick (self, order + size - n_part, n_part, error) : NULL;
  if (*part == NULL)
    g_clear_object (rest);
  return *part != NULL;
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

NnSamples
lab_dataset_get_samples (LabDataset *self)
{
  return (NnSamples){
    .count = lab_dataset_get_size (self),
    .shape = { LAB_IMAGE_SIDE, LAB_IMAGE_SIDE, 1 },
    .images = lab_dataset_get_images (self),
    .labels = lab_dataset_get_labels (self),
  };
}
