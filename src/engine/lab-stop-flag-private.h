/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>
#include <stdatomic.h>

G_BEGIN_DECLS

/* What the core reads to know that it is to stop, raised when a GCancellable is
 * cancelled, from whichever thread that happens in. */
typedef struct
{
  atomic_bool   raised;
  GCancellable *cancellable; /* borrowed */
  gulong        handler;
} LabStopFlag;

/* Begins to follow @cancellable (may be NULL) until lab_stop_flag_release(). */
void lab_stop_flag_follow (LabStopFlag *self, GCancellable *cancellable);
void lab_stop_flag_release (LabStopFlag *self);

G_END_DECLS
