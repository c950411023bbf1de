/* SPDX-License-Identifier: MIT */
#include "lab-model-store.h"

#include "lab-error.h"

#include <glib/gi18n.h>

#define MODEL_NAME    "model.onnx"
#define PREVIOUS_NAME "model-previous.onnx"

struct _LabModelStore
{
  GObject parent_instance;

  GFile *folder;
  GQueue tasks; /* of GTask; the first one is under way */
};

G_DEFINE_FINAL_TYPE (LabModelStore, lab_model_store, G_TYPE_OBJECT)

/* Renames a file that cannot be read, to the first free one of
 * model-damaged.onnx, model-damaged-2.onnx … Nothing is ever overwritten.
 * Returns the name, or NULL when that failed. */
static char *
set_aside (LabModelStore *self,
           GFile         *file)
{
  for (guint i = 1;; i++)
    {
      g_autofree char *name = i == 1 ? g_strdup ("model-damaged.onnx") : g_strdup_printf ("model-damaged-%u.onnx", i);
      g_autoptr (GFile) target = g_file_get_child (self->folder, name);
      g_autoptr (GError) error = NULL;

      if (g_file_move (file, target, G_FILE_COPY_NONE, NULL, NULL, NULL, &error))
        return g_steal_pointer (&name);

      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS))
        return NULL;
    }
}

static LabNetwork *
load (LabModelStore *self,
      GError       **error)
{
  g_autoptr (GFile) file = g_file_get_child (self->folder, MODEL_NAME);
  g_autoptr (GError) cause = NULL;
  g_autofree char *name = NULL;
  LabNetwork *network;

  if (!g_file_query_exists (file, NULL))
    return NULL;

  network = lab_network_load (file, NULL, &cause);
  if (network != NULL)
    return network;

  /* Only a file with bad contents is moved: one that could not be read may be
   * well again at the next start. */
  if (cause->domain == LAB_ERROR)
    name = set_aside (self, file);

  if (name != NULL)
    g_set_error (error, cause->domain, cause->code, _("%s. The file is now called %s."), cause->message, name);
  else
    g_propagate_error (error, g_steal_pointer (&cause));

  return NULL;
}

static gboolean
save (LabModelStore *self,
      LabNetwork    *network,
      GError       **error)
{
  g_autoptr (GFile) model = g_file_get_child (self->folder, MODEL_NAME);
  g_autoptr (GFile) previous = g_file_get_child (self->folder, PREVIOUS_NAME);
  g_autoptr (GError) local_error = NULL;

  /* Copies, and does not rename: whatever happens meanwhile, model.onnx is
   * there. When there is no room for the copy, the new network goes first. */
  g_file_copy (model, previous, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, NULL);

  if (network != NULL)
    return lab_network_save (network, model, NULL, error);

  if (g_file_delete (model, NULL, &local_error) ||
      g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static void
work (GTask        *task,
      gpointer      source_object,
      gpointer      task_data,
      GCancellable *cancellable)
{
  LabModelStore *self = source_object;
  LabNetwork *network = NULL;
  GError *error = NULL;

  if (g_task_get_source_tag (task) == lab_model_store_load_async)
    network = load (self, &error);
  else
    save (self, task_data, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, network, g_object_unref);
}

static void
completed_cb (LabModelStore *self)
{
  GTask *next;

  g_object_unref (g_queue_pop_head (&self->tasks));

  next = g_queue_peek_head (&self->tasks);
  if (next != NULL)
    g_task_run_in_thread (next, work);
}

/* Takes over @task. */
static void
enqueue (LabModelStore *self,
         GTask         *task)
{
  g_signal_connect_object (task, "notify::completed", G_CALLBACK (completed_cb), self, G_CONNECT_SWAPPED);
  g_queue_push_tail (&self->tasks, task);

  if (g_queue_get_length (&self->tasks) == 1)
    g_task_run_in_thread (task, work);
}

static void
lab_model_store_finalize (GObject *object)
{
  LabModelStore *self = LAB_MODEL_STORE (object);

  /* Each waiting task holds a reference to us, so that none can be left. */
  g_assert (g_queue_is_empty (&self->tasks));
  g_clear_object (&self->folder);

  G_OBJECT_CLASS (lab_model_store_parent_class)->finalize (object);
}

static void
lab_model_store_class_init (LabModelStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lab_model_store_finalize;
}

static void
lab_model_store_init (LabModelStore *self)
{
  g_queue_init (&self->tasks);
}

LabModelStore *
lab_model_store_new (GFile *folder)
{
  LabModelStore *self;

  g_return_val_if_fail (G_IS_FILE (folder), NULL);

  self = g_object_new (LAB_TYPE_MODEL_STORE, NULL);
  self->folder = g_object_ref (folder);

  return self;
}

void
lab_model_store_load_async (LabModelStore      *self,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  GTask *task;

  g_return_if_fail (LAB_IS_MODEL_STORE (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, lab_model_store_load_async);
  enqueue (self, task);
}

LabNetwork *
lab_model_store_load_finish (LabModelStore *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
lab_model_store_save_async (LabModelStore      *self,
                            LabNetwork         *network,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  GTask *task;

  g_return_if_fail (LAB_IS_MODEL_STORE (self));
  g_return_if_fail (network == NULL || LAB_IS_NETWORK (network));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, lab_model_store_save_async);
  if (network != NULL)
    g_task_set_task_data (task, g_object_ref (network), g_object_unref);
  enqueue (self, task);
}

gboolean
lab_model_store_save_finish (LabModelStore *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  g_task_propagate_pointer (G_TASK (result), error);
  return !g_task_had_error (G_TASK (result));
}
