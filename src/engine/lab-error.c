/* SPDX-License-Identifier: MIT */
#include "lab-error-private.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

G_DEFINE_QUARK (lab-error-quark, lab_error)

void
lab_error_set_from_status (GError **error, NnStatus status, const char *what)
{
  GQuark domain = LAB_ERROR;
  int code = LAB_ERROR_FAILED;
  const char *text = NULL;

  switch (status)
    {
    case NN_NO_MEMORY:
      text = _("there is not enough memory");
      break;
    case NN_NO_THREAD:
      text = _("the system cannot start another thread");
      break;
    case NN_TOO_LARGE:
      code = LAB_ERROR_TOO_LARGE;
      text = _("the network is too large");
      break;
    case NN_BAD_SHAPE:
      text = _("the sizes of the network do not fit together");
      break;
    case NN_BAD_ARGUMENT:
      text = _("a setting is outside its range");
      break;
    case NN_STOPPED:
      domain = G_IO_ERROR;
      code = G_IO_ERROR_CANCELLED;
      text = _("it was stopped");
      break;
    case NN_DIVERGED:
      code = LAB_ERROR_DIVERGED;
      text = _("the loss grew beyond all bounds; a lower learning rate helps");
      break;
    case NN_OK:
      break;
    }

  g_return_if_fail (text != NULL);
  g_set_error (error, domain, code, "%s: %s", what, text);
}
