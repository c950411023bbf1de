/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

/* Starts GTK. Without a display, tells the harness in TAP's words that the tests
 * are skipped; the caller then returns 0. */
static inline gboolean
lab_test_open_display (void)
{
  if (gtk_init_check ())
    return TRUE;

  g_print ("1..0 # SKIP no display\n");

  return FALSE;
}
