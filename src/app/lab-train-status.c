/* SPDX-License-Identifier: MIT */
#include "lab-train-status.h"

#include <glib/gi18n.h>
#include <math.h>

#include "lab-epoch.h"

/* Returns the accuracy after the last whole epoch, that on images held out if
 * there were any; NULL before the first. */
static char *
dup_accuracy (LabTrainer *trainer)
{
  GListModel *history = lab_trainer_get_history (trainer);
  guint n_epochs = g_list_model_get_n_items (history);
  g_autoptr (LabEpoch) epoch = NULL;
  double accuracy;

  if (n_epochs == 0)
    return NULL;

  epoch = g_list_model_get_item (history, n_epochs - 1);
  accuracy = lab_epoch_get_val_accuracy (epoch);
  if (isnan (accuracy))
    accuracy = lab_epoch_get_accuracy (epoch);

  /* Translators: a percentage; the space does not break. */
  return g_strdup_printf (_("%.1f\u00a0%%"), accuracy * 100);
}

static char *
dup_time_left (LabTrainer *trainer)
{
  double seconds = lab_trainer_get_seconds_left (trainer);

  if (seconds < 0)
    return NULL;
  if (seconds < 60)
    return g_strdup_printf (_("about %.0f s left"), MAX (1, ceil (seconds)));
  if (seconds < 3600)
    return g_strdup_printf (_("about %.0f min left"), round (seconds / 60));

  return g_strdup_printf (_("about %.0f h left"), round (seconds / 3600));
}

static char *
dup_epoch (LabTrainer *trainer)
{
  guint epochs = lab_trainer_get_epochs (trainer);
  guint trained = g_list_model_get_n_items (lab_trainer_get_history (trainer));

  switch (lab_trainer_get_state (trainer))
    {
    case LAB_TRAINER_RUNNING:
      return g_strdup_printf (_("Epoch %u of %u"), lab_trainer_get_epoch (trainer), epochs);
    case LAB_TRAINER_STOPPING:
      return g_strdup (_("Stopping…"));
    case LAB_TRAINER_DONE:
      return g_strdup_printf (ngettext ("Trained for %u epoch", "Trained for %u epochs", trained), trained);
    case LAB_TRAINER_STOPPED:
      return g_strdup_printf (ngettext ("Stopped after %u of %u epoch", "Stopped after %u of %u epochs", epochs), trained, epochs);
    case LAB_TRAINER_IDLE:
    case LAB_TRAINER_FAILED:
    default:
      return NULL;
    }
}

char *
lab_train_status_dup_text (LabTrainer *trainer)
{
  g_autofree char *epoch = dup_epoch (trainer);
  g_autofree char *accuracy = dup_accuracy (trainer);
  g_autofree char *time_left = dup_time_left (trainer);
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();

  if (epoch == NULL)
    return g_strdup ("");
  if (lab_trainer_get_state (trainer) == LAB_TRAINER_STOPPING)
    return g_steal_pointer (&epoch);

  g_ptr_array_add (parts, epoch);
  if (accuracy != NULL)
    g_ptr_array_add (parts, accuracy);
  if (time_left != NULL)
    g_ptr_array_add (parts, time_left);
  g_ptr_array_add (parts, NULL);

  return g_strjoinv (" · ", (char **) parts->pdata);
}
