/* SPDX-License-Identifier: MIT */
#include "lab-application.h"

#include "lab-config.h"

#include <glib/gi18n.h>
#include <locale.h>

int
main (int   argc,
      char *argv[])
{
  g_autoptr (LabApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (LAB_GETTEXT_PACKAGE, LAB_LOCALE_DIR);
  bind_textdomain_codeset (LAB_GETTEXT_PACKAGE, "UTF-8");
  textdomain (LAB_GETTEXT_PACKAGE);

  application = lab_application_new ();

  return g_application_run (G_APPLICATION (application), argc, argv);
}
