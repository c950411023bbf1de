/* SPDX-License-Identifier: MIT */
#include "lab-task-private.h"

#include <stdatomic.h>

typedef struct
{
  LabTaskFunc func;
  gpointer data;
  GDestroyNotify free_data;
  GDestroyNotify free_result;

  /* GTask hands the data to the thread and the result back, and orders memory
   * in doing so, but ThreadSanitizer does not see into GLib: each side leaves
   * this number behind what it wrote and the other reads it first. */
  atomic_uint handed_over;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  if (work->free_data != NULL)
    work->free_data (work->data);
  g_free (work);
}

static void
hand_over (Work *work)
{
  atomic_fetch_add_explicit (&work->handed_over, 1, memory_order_release);
}

static void
take_over (Work *work)
{
  (void) atomic_load_explicit (&work->handed_over, memory_order_acquire);
}

static void
work_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  GError *error = NULL;
  gpointer result;

  take_over (work);
  result = work->func (work->data, cancellable, &error);
  hand_over (work);

  if (result != NULL)
    g_task_return_pointer (task, result, work->free_result);
  else
    g_task_return_error (task, error);
}

void
lab_task_run (gpointer            tag,
              LabTaskFunc         func,
              gpointer            data,
              GDestroyNotify      free_data,
              GDestroyNotify      free_result,
              GCancellable       *cancellable,
              GAsyncReadyCallback callback,
              gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Work *work = g_new0 (Work, 1);

  work->func = func;
  work->data = data;
  work->free_data = free_data;
  work->free_result = free_result;
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, work, work_free);
  hand_over (work);
  g_task_run_in_thread (task, work_in_thread);
}

gpointer
lab_task_finish (GAsyncResult *result, gpointer tag, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), NULL);

  take_over (g_task_get_task_data (G_TASK (result)));
  return g_task_propagate_pointer (G_TASK (result), error);
}
