/* SPDX-License-Identifier: MIT */
#include "lab-stop-flag-private.h"

#include <stdbool.h>

/* The flag usually lies on the stack of the thread that works, and is raised
 * from another one. GCancellable's lock orders their accesses, but
 * ThreadSanitizer does not see into GLib: each side adds to this number after
 * what it wrote and the other reads it first. */
static atomic_uint hand_overs;

static void
hand_over (void)
{
  atomic_fetch_add_explicit (&hand_overs, 1, memory_order_release);
}

static void
take_over (void)
{
  (void) atomic_load_explicit (&hand_overs, memory_order_acquire);
}

static void
cancelled_cb (GCancellable *cancellable, gpointer data)
{
  LabStopFlag *self = data;

  take_over ();
  atomic_store (&self->raised, true);
  hand_over ();
}

void
lab_stop_flag_follow (LabStopFlag *self, GCancellable *cancellable)
{
  atomic_init (&self->raised, false);
  self->cancellable = cancellable;
  self->handler = 0;
  if (cancellable == NULL)
    return;
  hand_over ();
  self->handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self, NULL);
}

void
lab_stop_flag_release (LabStopFlag *self)
{
  g_cancellable_disconnect (self->cancellable, self->handler);
  take_over ();
}
