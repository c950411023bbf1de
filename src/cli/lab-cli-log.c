/* SPDX-License-Identifier: MIT */
#include "lab-cli-log.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>

struct _LabCliLog
{
  char *path;
  FILE *file;
};

static gboolean
write_line (LabCliLog *self, const char *line, GError **error)
{
  if (self->file != NULL && fputs (line, self->file) >= 0 && fputc ('\n', self->file) >= 0 && fflush (self->file) == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
               _("%s: cannot be written: %s"), self->path, g_strerror (errno));

  return FALSE;
}

LabCliLog *
lab_cli_log_new (const char *path, GError **error)
{
  g_autoptr (LabCliLog) self = g_new0 (LabCliLog, 1);

  self->path = g_filename_display_name (path);
  self->file = g_fopen (path, "we");
  if (!write_line (self, "epoch,loss,accuracy,val_loss,val_accuracy,lr,seconds", error))
    return NULL;

  return g_steal_pointer (&self);
}

void
lab_cli_log_free (LabCliLog *self)
{
  g_clear_pointer (&self->file, fclose);
  g_free (self->path);
  g_free (self);
}

gboolean
lab_cli_log_add (LabCliLog *self, LabEpoch *epoch, GError **error)
{
  double values[] = {
    lab_epoch_get_loss (epoch),
    lab_epoch_get_accuracy (epoch),
    lab_epoch_get_val_loss (epoch),
    lab_epoch_get_val_accuracy (epoch),
    lab_epoch_get_learning_rate (epoch),
    lab_epoch_get_seconds (epoch),
  };
  g_autoptr (GString) row = g_string_new (NULL);

  g_string_append_printf (row, "%u", lab_epoch_get_epoch (epoch));
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      g_string_append_c (row, ',');
      if (isfinite (values[i]))
        g_string_append (row, g_ascii_formatd (number, sizeof number, "%.9g", values[i]));
    }

  return write_line (self, row->str, error);
}
