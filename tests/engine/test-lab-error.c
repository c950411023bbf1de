/* SPDX-License-Identifier: MIT */
#include "lab-error-private.h"

#include <gio/gio.h>

/* Every status but NN_OK becomes an error of its own message. */
static void
test_from_status (void)
{
  const struct
  {
    NnStatus status;
    int code; /* of LAB_ERROR; −1: G_IO_ERROR_CANCELLED */
  } cases[] = {
    { NN_NO_MEMORY, LAB_ERROR_FAILED },    { NN_NO_THREAD, LAB_ERROR_FAILED },   { NN_TOO_LARGE, LAB_ERROR_TOO_LARGE },
    { NN_BAD_SHAPE, LAB_ERROR_FAILED },    { NN_BAD_ARGUMENT, LAB_ERROR_FAILED }, { NN_STOPPED, -1 },
    { NN_DIVERGED, LAB_ERROR_DIVERGED },
  };
  g_autoptr (GHashTable) messages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      lab_error_set_from_status (&error, cases[i].status, "Training");
      if (cases[i].code < 0)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      else
        g_assert_error (error, LAB_ERROR, cases[i].code);
      g_assert_true (g_str_has_prefix (error->message, "Training: "));
      g_assert_true (g_hash_table_add (messages, g_strdup (error->message)));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/error/from-status", test_from_status);

  return g_test_run ();
}
