/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Work for another thread: returns the result, or NULL with @error set. */
typedef gpointer (*LabTaskFunc) (gpointer data, GCancellable *cancellable, GError **error);

/* Runs @func with @data in a thread of GLib's pool; the body of every _async
 * function here. @tag is that function. @data is freed with @free_data and a
 * result that nobody fetches with @free_result. */
void lab_task_run (gpointer            tag,
                   LabTaskFunc         func,
                   gpointer            data,
                   GDestroyNotify      free_data,
                   GDestroyNotify      free_result,
                   GCancellable       *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer            user_data);

/* Returns the result, transfer full, or NULL with @error set; the body of the
 * matching _finish function. */
gpointer lab_task_finish (GAsyncResult *result, gpointer tag, GError **error);

G_END_DECLS
