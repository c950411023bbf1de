/* SPDX-License-Identifier: MIT */

/* draw-pictures FOLDER: draws pictures of digits in many ways, to be read with
 * digit-lab-cli evaluate --images FOLDER. */

#include "test-pictures.h"

#include <glib/gstdio.h>

int
main (int argc, char **argv)
{
  g_autoptr (GArray) pictures = NULL;

  if (argc != 2)
    {
      g_printerr ("Usage: draw-pictures FOLDER\n");
      return 2;
    }
  if (g_mkdir_with_parents (argv[1], 0777) != 0)
    {
      g_printerr ("draw-pictures: %s: the folder cannot be made\n", argv[1]);
      return 1;
    }
  pictures = test_pictures_draw (argv[1]);
  g_print ("%u pictures\n", pictures->len);
  return 0;
}
