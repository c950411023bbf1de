/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Returns the file's name for a message: its path where it has one, else its
 * URI; valid UTF-8, transfer full. */
char *lab_file_dup_name (GFile *file);

/* Sets @error to what the system said of @file, in our own words where it is a
 * common failure; takes @cause. Always returns FALSE. */
gboolean lab_file_fail (GFile *file, GError *cause, GError **error);

/* Reads all of @file, unpacked when it starts as gzip does; its check sum and
 * length are verified. A file of more than @max_size bytes, packed or unpacked,
 * is LAB_ERROR_TOO_LARGE. Every error message starts with the file's name. */
GBytes *lab_file_read (GFile *file, gsize max_size, GCancellable *cancellable, GError **error);

/* Writes @data to a temporary file beside @file, flushes it to the disk and
 * renames it: a crash leaves the old file or the new one, whole. Folders that
 * are missing are made. @file must have a path, and what lies there, if
 * anything does, must be a regular file. */
gboolean lab_file_write (GFile *file, GBytes *data, GCancellable *cancellable, GError **error);

G_END_DECLS
