/* SPDX-License-Identifier: MIT */
#include "lab-network-private.h"

#include <glib/gi18n.h>
#include <pthread.h>

#include "lab-error-private.h"
#include "lab-file.h"
#include "lab-onnx.h"
#include "lab-preset.h"
#include "lab-task-private.h"
#include "model-resources.h"
#include "nn-loss.h"

#define BUNDLED_PATH "/io/github/digitlab/DigitLab/model.onnx"

/* The largest model file that is read. */
#define MAX_FILE_SIZE (256 * 1024 * 1024)

/* What a digit's largest probability should be where the file does not say so. */
#define DEFAULT_THRESHOLD 0.5

struct _LabNetwork
{
  GObject parent_instance;

  char *title;
  NnNetwork *core;
  GHashTable *metadata;

  /* Memory for predicting one image at a time. That of a network just trained is
   * made when it first predicts: most snapshots of a run never do. */
  pthread_mutex_t mutex;
  NnWorkspace *workspace;
};

G_DEFINE_FINAL_TYPE (LabNetwork, lab_network, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_PARAMETERS,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
lab_network_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LabNetwork *self = LAB_NETWORK (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_PARAMETERS:
      g_value_set_uint64 (value, lab_network_get_parameters (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lab_network_finalize (GObject *object)
{
  LabNetwork *self = LAB_NETWORK (object);

  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->metadata, g_hash_table_unref);
  g_clear_pointer (&self->workspace, nn_workspace_free);
  g_clear_pointer (&self->core, nn_network_free);
  pthread_mutex_destroy (&self->mutex);

  G_OBJECT_CLASS (lab_network_parent_class)->finalize (object);
}

static void
lab_network_class_init (LabNetworkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = lab_network_finalize;
  object_class->get_property = lab_network_get_property;

  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  props[PROP_PARAMETERS] = g_param_spec_uint64 ("parameters", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
lab_network_init (LabNetwork *self)
{
  pthread_mutex_init (&self->mutex, NULL);
}

static gboolean
check_shapes (const NnNetwork *core, const char *name, GError **error)
{
  NnShape input = nn_network_input (core);
  gsize outputs = nn_shape_size (nn_network_output (core));

  if (input.height != LAB_IMAGE_SIDE || input.width != LAB_IMAGE_SIDE || input.channels != 1)
    {
      g_set_error (error, LAB_ERROR, LAB_ERROR_UNSUPPORTED,
                   _("%s: the network reads images of %zu × %zu pixels with %zu channels, not of %d × %d with one"),
                   name, input.width, input.height, input.channels, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE);
      return FALSE;
    }
  if (outputs != LAB_N_CLASSES)
    {
      g_set_error (error, LAB_ERROR, LAB_ERROR_UNSUPPORTED,
                   _("%s: the network tells %zu classes apart, not %d"), name, outputs, LAB_N_CLASSES);
      return FALSE;
    }
  return TRUE;
}

LabNetwork *
lab_network_new_take (NnNetwork *core, GHashTable *metadata, const char *name, GError **error)
{
  g_autoptr (LabNetwork) self = g_object_new (LAB_TYPE_NETWORK, NULL);
  const LabPreset *preset;

  self->core = core;
  self->metadata = metadata;
  if (!check_shapes (core, name, error))
    return NULL;

  preset = lab_preset_find (lab_network_get_metadata (self, "preset"));
  self->title = preset != NULL ? g_strdup (_(preset->title)) : g_path_get_basename (name);
  return g_steal_pointer (&self);
}

static LabNetwork *
network_from_bytes (GBytes *bytes, const char *name, GError **error)
{
  GHashTable *metadata = NULL;
  NnNetwork *core = lab_onnx_read (bytes, name, &metadata, error);
  g_autoptr (LabNetwork) self = core != NULL ? lab_network_new_take (core, metadata, name, error) : NULL;
  NnStatus status;

  if (self == NULL)
    return NULL;

  /* A file may hold a network that is too large to run. */
  status = nn_workspace_new (core, 1, NN_INFERENCE, NULL, NULL, &self->workspace);
  if (status != NN_OK)
    {
      lab_error_set_from_status (error, status, name);
      return NULL;
    }
  return g_steal_pointer (&self);
}

LabNetwork *
lab_network_new_bundled (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  LabNetwork *self = NULL;

  /* Naming the resource also makes the linker keep it. */
  bytes = g_resource_lookup_data (lab_model_get_resource (), BUNDLED_PATH, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  if (bytes != NULL)
    self = network_from_bytes (bytes, "model.onnx", &error);
  if (self == NULL)
    g_error ("The bundled network cannot be read: %s", error->message);

  g_free (self->title);
  self->title = g_strdup (_("Built-in network"));
  return self;
}

LabNetwork *
lab_network_load (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = lab_file_dup_name (file);
  g_autoptr (GBytes) bytes = lab_file_read (file, MAX_FILE_SIZE, cancellable, error);

  return bytes != NULL ? network_from_bytes (bytes, name, error) : NULL;
}

gboolean
lab_network_save (LabNetwork *self, GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (LAB_IS_NETWORK (self), FALSE);

  bytes = lab_onnx_write (self->core, self->metadata, error);
  if (bytes == NULL)
    {
      g_autofree char *name = lab_file_dup_name (file);

      g_prefix_error (error, "%s: ", name);
      return FALSE;
    }
  return lab_file_write (file, bytes, cancellable, error);
}

static gpointer
load_in_thread (gpointer file, GCancellable *cancellable, GError **error)
{
  return lab_network_load (file, cancellable, error);
}

void
lab_network_load_async (GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  lab_task_run (lab_network_load_async, load_in_thread, g_object_ref (file), g_object_unref, g_object_unref,
                cancellable, callback, user_data);
}

LabNetwork *
lab_network_load_finish (GAsyncResult *result, GError **error)
{
  return lab_task_finish (result, lab_network_load_async, error);
}

/* What the thread needs to save. */
typedef struct
{
  LabNetwork *network;
  GFile *file;
} SaveRequest;

static void
save_request_free (gpointer data)
{
  SaveRequest *request = data;

  g_object_unref (request->network);
  g_object_unref (request->file);
  g_free (request);
}

static gpointer
save_in_thread (gpointer data, GCancellable *cancellable, GError **error)
{
  const SaveRequest *request = data;

  return lab_network_save (request->network, request->file, cancellable, error) ? request->network : NULL;
}

void
lab_network_save_async (LabNetwork *self, GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  SaveRequest *request = g_new (SaveRequest, 1);

  *request = (SaveRequest){ g_object_ref (self), g_object_ref (file) };
  lab_task_run (lab_network_save_async, save_in_thread, request, save_request_free, NULL,
                cancellable, callback, user_data);
}

gboolean
lab_network_save_finish (GAsyncResult *result, GError **error)
{
  return lab_task_finish (result, lab_network_save_async, error) != NULL;
}

void
lab_network_predict (LabNetwork *self, const guint8 *image, float *probabilities)
{
  NnReal *input;

  g_return_if_fail (LAB_IS_NETWORK (self));

  pthread_mutex_lock (&self->mutex);
  if (self->workspace == NULL && nn_workspace_new (self->core, 1, NN_INFERENCE, NULL, NULL, &self->workspace) != NN_OK)
    g_error ("No memory to run a network of %zu parameters", nn_network_n_parameters (self->core));
  input = nn_workspace_input (self->workspace);
  for (gsize i = 0; i < LAB_IMAGE_SIZE; i++)
    input[i] = image[i] / 255.0f;
  nn_softmax (nn_forward (self->core, self->workspace, 1), LAB_N_CLASSES, probabilities);
  pthread_mutex_unlock (&self->mutex);
}

double
lab_network_get_threshold (LabNetwork *self)
{
  const char *text = lab_network_get_metadata (self, "threshold");
  double threshold = text != NULL ? g_ascii_strtod (text, NULL) : DEFAULT_THRESHOLD;

  /* A file may say anything; nothing would be refused, or everything. */
  return threshold >= 0.1 && threshold <= 0.99 ? threshold : DEFAULT_THRESHOLD;
}

const char *
lab_network_get_title (LabNetwork *self)
{
  g_return_val_if_fail (LAB_IS_NETWORK (self), NULL);

  return self->title;
}

guint64
lab_network_get_parameters (LabNetwork *self)
{
  g_return_val_if_fail (LAB_IS_NETWORK (self), 0);

  return nn_network_n_parameters (self->core);
}

static void
append_layer (GString *summary, const NnLayerSpec *spec)
{
  switch (spec->kind)
    {
    case NN_DENSE:
      g_string_append_printf (summary, _("dense %zu"), spec->units);
      break;
    case NN_CONV2D:
      g_string_append_printf (summary, _("convolution %zu×%zu, %zu"), spec->kernel_height, spec->kernel_width, spec->units);
      break;
    case NN_BATCH_NORM:
      g_string_append (summary, _("batch normalization"));
      break;
    case NN_RELU:
      g_string_append (summary, _("ReLU"));
      break;
    case NN_LEAKY_RELU:
      g_string_append_printf (summary, _("leaky ReLU %g"), spec->slope);
      break;
    case NN_SIGMOID:
      g_string_append (summary, _("sigmoid"));
      break;
    case NN_TANH:
      g_string_append (summary, _("tanh"));
      break;
    case NN_MAX_POOL:
      g_string_append_printf (summary, _("max pooling %zu×%zu"), spec->kernel_height, spec->kernel_width);
      break;
    case NN_AVERAGE_POOL:
      g_string_append_printf (summary, _("average pooling %zu×%zu"), spec->kernel_height, spec->kernel_width);
      break;
    case NN_GLOBAL_AVERAGE_POOL:
      g_string_append (summary, _("global average pooling"));
      break;
    case NN_DROPOUT:
      g_string_append_printf (summary, _("dropout %g"), spec->rate);
      break;
    case NN_FLATTEN:
      g_string_append (summary, _("flatten"));
      break;
    }
}

char *
lab_network_dup_summary (LabNetwork *self)
{
  GString *summary;

  g_return_val_if_fail (LAB_IS_NETWORK (self), NULL);

  summary = g_string_new (NULL);
  for (gsize i = 0; i < nn_network_n_layers (self->core); i++)
    {
      if (i > 0)
        g_string_append (summary, " · ");
      append_layer (summary, &nn_network_layer (self->core, i)->spec);
    }
  return g_string_free (summary, FALSE);
}

const char *
lab_network_get_metadata (LabNetwork *self, const char *key)
{
  g_return_val_if_fail (LAB_IS_NETWORK (self), NULL);

  return g_hash_table_lookup (self->metadata, key);
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

const char **
lab_network_list_metadata (LabNetwork *self)
{
  const char **keys;
  guint n;

  g_return_val_if_fail (LAB_IS_NETWORK (self), NULL);

  keys = (const char **) g_hash_table_get_keys_as_array (self->metadata, &n);
  qsort (keys, n, sizeof *keys, compare_strings);
  return keys;
}

const NnNetwork *
lab_network_get_core (LabNetwork *self)
{
  return self->core;
}
