/* SPDX-License-Identifier: MIT */
#include "lab-cli.h"
#include "lab-config.h"

#include <glib/gi18n.h>
#include <locale.h>

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  bindtextdomain (LAB_GETTEXT_PACKAGE, LAB_LOCALE_DIR);
  bind_textdomain_codeset (LAB_GETTEXT_PACKAGE, "UTF-8");
  textdomain (LAB_GETTEXT_PACKAGE);
  g_set_prgname ("digit-lab-cli");

  return lab_cli_main ((const char * const *) argv + MIN (argc, 1));
}
