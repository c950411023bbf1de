/* SPDX-License-Identifier: MIT */
#include "lab-training-set.h"

void
lab_training_set_init (LabTrainingSet *self, LabDataset *dataset, LabDataset *validation)
{
  *self = (LabTrainingSet){ 0 };
  g_set_object (&self->dataset, dataset);
  g_set_object (&self->validation, validation);
}

void
lab_training_set_clear (LabTrainingSet *self)
{
  g_clear_object (&self->dataset);
  g_clear_object (&self->validation);
}

gboolean
lab_training_set_add_doodles (LabTrainingSet *self, const LabSettings *settings,
                              GCancellable *cancellable, GError **error)
{
  g_autoptr (LabDataset) digits = g_object_ref (self->dataset);
  g_autoptr (LabDataset) doodles = NULL;
  LabDataset *joined;
  guint n;

  if (settings->doodles == 0)
    return TRUE;

  if (self->validation == NULL && settings->validation_share > 0)
    {
      g_clear_object (&digits);
      if (!lab_dataset_split (self->dataset, settings->validation_share, settings->seed,
                              &digits, &self->validation, error))
        return FALSE;
    }

  n = settings->doodles * lab_dataset_get_size (digits);
  doodles = lab_dataset_new_doodles (n, LAB_DOODLE_ALL, LAB_DOODLE_LEARN, settings->seed, settings->threads,
                                     cancellable, error);
  if (doodles == NULL)
    return FALSE;
  joined = lab_dataset_join (lab_dataset_get_name (digits), (LabDataset *[]){ digits, doodles }, 2, error);
  if (joined == NULL)
    return FALSE;
  g_object_unref (self->dataset);
  self->dataset = joined;
  return TRUE;
}
