/* SPDX-License-Identifier: MIT */
#include "lab-review.h"

#include "lab-config.h"
#include "lab-data-folder.h"
#include "lab-dataset.h"

struct _LabReview
{
  GObject parent_instance;

  GSettings *settings;
  LabNetwork *network;
  gboolean active;

  LabDataset *dataset;       /* of the folder in the settings, once it was read */
  LabEvaluation *evaluation; /* on that data set */
  GCancellable *cancellable; /* of the work under way, or NULL */
  char *message;
};

G_DEFINE_FINAL_TYPE (LabReview, lab_review, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void update (LabReview *self);

static void
cancel (LabReview *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
fail (LabReview    *self,
      const GError *error)
{
  self->message = g_strdup (error->message);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Work that was cancelled always ends with this error, even if it had succeeded
 * by then. Its caller has moved on, or is gone. */
static gboolean
was_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
load_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  LabReview *self = data;
  g_autoptr (GError) error = NULL;
  LabDataset *dataset = lab_dataset_load_finish (result, &error);

  if (was_cancelled (error))
    return;

  g_clear_object (&self->cancellable);
  self->dataset = dataset;
  if (dataset != NULL)
    update (self);
  else
    fail (self, error);
}

static void
evaluate_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  LabReview *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LabEvaluation) evaluation = lab_evaluation_new_finish (result, &error);

  if (was_cancelled (error))
    return;

  g_clear_object (&self->cancellable);
  g_set_object (&self->evaluation, evaluation);
  if (evaluation != NULL)
    g_signal_emit (self, signals[CHANGED], 0);
  else
    fail (self, error);
}

/* Starts the next step towards an evaluation of the network on the folder's test
 * set, if there is one to take; its callback comes back here. */
static void
start (LabReview *self)
{
  g_autoptr (GFile) folder = lab_data_folder_dup (self->settings);

  if (folder != NULL && self->dataset == NULL)
    {
      self->cancellable = g_cancellable_new ();
      lab_dataset_load_async (folder, LAB_PART_TEST, self->cancellable, load_cb, self);
    }
  else if (self->dataset != NULL && self->network != NULL &&
           (self->evaluation == NULL || lab_evaluation_get_network (self->evaluation) != self->network))
    {
      self->cancellable = g_cancellable_new ();
      lab_evaluation_new_async (self->network, self->dataset, 0, self->cancellable, evaluate_cb, self);
    }
}

/* Work under way is for a network or a folder of before. */
static void
update (LabReview *self)
{
  cancel (self);
  g_clear_pointer (&self->message, g_free);
  if (self->active)
    start (self);

  g_signal_emit (self, signals[CHANGED], 0);
}

static void
lab_review_dispose (GObject *object)
{
  LabReview *self = LAB_REVIEW (object);

  cancel (self);
  g_clear_object (&self->evaluation);
  g_clear_object (&self->dataset);
  g_clear_object (&self->network);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->message, g_free);

  G_OBJECT_CLASS (lab_review_parent_class)->dispose (object);
}

static void
lab_review_class_init (LabReviewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lab_review_dispose;

  signals[CHANGED] = g_signal_new ("changed", LAB_TYPE_REVIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lab_review_init (LabReview *self)
{
  self->settings = g_settings_new (LAB_APP_ID);
  g_signal_connect_object (self->settings, "changed::" LAB_DATA_FOLDER_KEY,
                           G_CALLBACK (lab_review_restart), self, G_CONNECT_SWAPPED);
}

LabReview *
lab_review_new (void)
{
  return g_object_new (LAB_TYPE_REVIEW, NULL);
}

LabNetwork *
lab_review_get_network (LabReview *self)
{
  g_return_val_if_fail (LAB_IS_REVIEW (self), NULL);

  return self->network;
}

void
lab_review_set_network (LabReview  *self,
                        LabNetwork *network)
{
  g_return_if_fail (LAB_IS_REVIEW (self));
  g_return_if_fail (network == NULL || LAB_IS_NETWORK (network));

  if (g_set_object (&self->network, network))
    update (self);
}

void
lab_review_set_active (LabReview *self,
                       gboolean   active)
{
  g_return_if_fail (LAB_IS_REVIEW (self));

  if (self->active == active)
    return;

  self->active = active;
  if (active && self->cancellable == NULL)
    update (self);
}

void
lab_review_restart (LabReview *self)
{
  g_return_if_fail (LAB_IS_REVIEW (self));

  g_clear_object (&self->dataset);
  g_clear_object (&self->evaluation);
  update (self);
}

gboolean
lab_review_has_folder (LabReview *self)
{
  g_autoptr (GFile) folder = NULL;

  g_return_val_if_fail (LAB_IS_REVIEW (self), FALSE);

  folder = lab_data_folder_dup (self->settings);

  return folder != NULL;
}

LabEvaluation *
lab_review_get_evaluation (LabReview *self)
{
  g_return_val_if_fail (LAB_IS_REVIEW (self), NULL);

  return self->evaluation;
}

gboolean
lab_review_is_busy (LabReview *self)
{
  g_return_val_if_fail (LAB_IS_REVIEW (self), FALSE);

  return self->cancellable != NULL;
}

const char *
lab_review_get_message (LabReview *self)
{
  g_return_val_if_fail (LAB_IS_REVIEW (self), NULL);

  return self->message;
}
