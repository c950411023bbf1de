/* SPDX-License-Identifier: MIT */
#include "lab-evaluation.h"

#include "lab-mistakes.h"
#include "lab-tally.h"
#include "lab-task-private.h"
#include "lab-vote.h"

struct _LabEvaluation
{
  GObject parent_instance;

  LabNetwork *network;
  LabDataset *dataset;
  LabTally tally;
  LabMistakes *mistakes;
  LabMistakes *mistakes_of[LAB_N_CLASSES];
};

G_DEFINE_FINAL_TYPE (LabEvaluation, lab_evaluation, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ACCURACY,
  PROP_ERRORS,
  PROP_IMAGES,
  PROP_LOSS,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
lab_evaluation_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LabEvaluation *self = LAB_EVALUATION (object);

  switch (prop_id)
    {
    case PROP_ACCURACY:
      g_value_set_double (value, lab_evaluation_get_accuracy (self));
      break;
    case PROP_ERRORS:
      g_value_set_uint (value, self->tally.errors);
      break;
    case PROP_IMAGES:
      g_value_set_uint (value, lab_evaluation_get_images (self));
      break;
    case PROP_LOSS:
      g_value_set_double (value, self->tally.loss);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lab_evaluation_dispose (GObject *object)
{
  LabEvaluation *self = LAB_EVALUATION (object);

  for (guint c = 0; c < LAB_N_CLASSES; c++)
    g_clear_object (&self->mistakes_of[c]);
  g_clear_object (&self->mistakes);
  g_clear_object (&self->dataset);
  g_clear_object (&self->network);

  G_OBJECT_CLASS (lab_evaluation_parent_class)->dispose (object);
}

static void
lab_evaluation_class_init (LabEvaluationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = lab_evaluation_dispose;
  object_class->get_property = lab_evaluation_get_property;

  props[PROP_ACCURACY] = g_param_spec_double ("accuracy", NULL, NULL, 0, 1, 0, flags);
  props[PROP_ERRORS] = g_param_spec_uint ("errors", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_IMAGES] = g_param_spec_uint ("images", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_LOSS] = g_param_spec_double ("loss", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
lab_evaluation_init (LabEvaluation *self)
{
}

/* Makes the list of all mistakes and its ten parts over shared arrays. The
 * @mistakes are grouped by class. */
static void
make_lists (LabEvaluation *self, GArray *mistakes)
{
  guint n = mistakes->len;
  guint32 *indices = g_new (guint32, n);
  float *probabilities = g_new (float, (gsize) n * LAB_N_CLASSES);
  g_autoptr (GBytes) shared_indices = NULL;
  g_autoptr (GBytes) shared_probabilities = NULL;
  guint first = 0;

  for (guint i = 0; i < n; i++)
    {
      const LabMistake *mistake = &g_array_index (mistakes, LabMistake, i);

      indices[i] = mistake->index;
      memcpy (probabilities + (gsize) i * LAB_N_CLASSES, mistake->probabilities, LAB_N_CLASSES * sizeof (float));
    }
  shared_indices = g_bytes_new_take (indices, n * sizeof *indices);
  shared_probabilities = g_bytes_new_take (probabilities, (gsize) n * LAB_N_CLASSES * sizeof *probabilities);

  self->mistakes = lab_mistakes_new (self->dataset, shared_indices, shared_probabilities, 0, n);
  for (guint c = 0; c < LAB_N_CLASSES; c++)
    {
      guint n_class = self->tally.support[c] - self->tally.confusion[c][c];

      self->mistakes_of[c] = lab_mistakes_new (self->dataset, shared_indices, shared_probabilities, first, n_class);
      first += n_class;
    }
}

/* A picture is refused below the mean of what the networks want themselves. */
static double
mean_threshold (LabNetwork *const *networks, guint n)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += lab_network_get_threshold (networks[i]);
  return sum / n;
}

LabEvaluation *
lab_evaluation_new_vote (LabNetwork *const *networks, guint n, LabDataset *dataset, guint threads,
                         GCancellable *cancellable, GError **error)
{
  g_autoptr (GArray) mistakes = NULL;
  g_autofree float *logits = NULL;
  LabEvaluation *self;

  g_return_val_if_fail (n > 0, NULL);
  g_return_val_if_fail (LAB_IS_DATASET (dataset), NULL);

  logits = lab_vote_predict (networks, n, dataset, threads, cancellable, error);
  if (logits == NULL)
    return NULL;

  self = g_object_new (LAB_TYPE_EVALUATION, NULL);
  self->network = g_object_ref (networks[0]);
  self->dataset = g_object_ref (dataset);
  mistakes = lab_tally_count (&self->tally, dataset, mean_threshold (networks, n), logits);
  make_lists (self, mistakes);
  return self;
}

LabEvaluation *
lab_evaluation_new (LabNetwork *network, LabDataset *dataset, guint threads, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (LAB_IS_NETWORK (network), NULL);

  return lab_evaluation_new_vote (&network, 1, dataset, threads, cancellable, error);
}

/* What the thread needs. */
typedef struct
{
  LabNetwork *network;
  LabDataset *dataset;
  guint threads;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_object_unref (request->network);
  g_object_unref (request->dataset);
  g_free (request);
}

static gpointer
evaluate_in_thread (gpointer data, GCancellable *cancellable, GError **error)
{
  const Request *request = data;

  return lab_evaluation_new (request->network, request->dataset, request->threads, cancellable, error);
}

void
lab_evaluation_new_async (LabNetwork *network, LabDataset *dataset, guint threads, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  Request *request = g_new (Request, 1);

  *request = (Request){ g_object_ref (network), g_object_ref (dataset), threads };
  lab_task_run (lab_evaluation_new_async, evaluate_in_thread, request, request_free, g_object_unref,
                cancellable, callback, user_data);
}

LabEvaluation *
lab_evaluation_new_finish (GAsyncResult *result, GError **error)
{
  return lab_task_finish (result, lab_evaluation_new_async, error);
}

double
lab_evaluation_get_accuracy (LabEvaluation *self)
{
  guint images = lab_evaluation_get_images (self);

  return images > 0 ? (double) (images - self->tally.errors) / images : 0;
}

guint
lab_evaluation_get_errors (LabEvaluation *self)
{
  g_return_val_if_fail (LAB_IS_EVALUATION (self), 0);

  return self->tally.errors;
}

guint
lab_evaluation_get_images (LabEvaluation *self)
{
  g_return_val_if_fail (LAB_IS_EVALUATION (self), 0);

  return self->tally.digits;
}

double
lab_evaluation_get_loss (LabEvaluation *self)
{
  g_return_val_if_fail (LAB_IS_EVALUATION (self), 0);

  return self->tally.loss;
}

double
lab_evaluation_get_calibration_error (LabEvaluation *self)
{
  g_return_val_if_fail (LAB_IS_EVALUATION (self), 0);

  return self->tally.calibration_error;
}

guint
lab_evaluation_get_refused (LabEvaluation *self)
{
  g_return_val_if_fail (LAB_IS_EVALUATION (self), 0);

  return self->tally.refused;
}

guint
lab_evaluation_get_outliers (LabEvaluation *self)
{
  g_return_val_if_fail (LAB_IS_EVALUATION (self), 0);

  return self->tally.outliers;
}

guint
lab_evaluation_get_outliers_refused (LabEvaluation *self)
{
  g_return_val_if_fail (LAB_IS_EVALUATION (self), 0);

  return self->tally.outliers_refused;
}

LabNetwork *
lab_evaluation_get_network (LabEvaluation *self)
{
  g_return_val_if_fail (LAB_IS_EVALUATION (self), NULL);

  return self->network;
}

LabDataset *
lab_evaluation_get_dataset (LabEvaluation *self)
{
  g_return_val_if_fail (LAB_IS_EVALUATION (self), NULL);

  return self->dataset;
}

guint
lab_evaluation_get_confusion (LabEvaluation *self, guint label, guint predicted)
{
  g_return_val_if_fail (LAB_IS_EVALUATION (self), 0);
  g_return_val_if_fail (label < LAB_N_CLASSES && predicted < LAB_N_CLASSES, 0);

  return self->tally.confusion[label][predicted];
}

guint
lab_evaluation_get_support (LabEvaluation *self, guint label)
{
  g_return_val_if_fail (LAB_IS_EVALUATION (self), 0);
  g_return_val_if_fail (label < LAB_N_CLASSES, 0);

  return self->tally.support[label];
}

GListModel *
lab_evaluation_get_mistakes (LabEvaluation *self)
{
  g_return_val_if_fail (LAB_IS_EVALUATION (self), NULL);

  return G_LIST_MODEL (self->mistakes);
}

GListModel *
lab_evaluation_get_mistakes_of (LabEvaluation *self, guint label)
{
  g_return_val_if_fail (LAB_IS_EVALUATION (self), NULL);
  g_return_val_if_fail (label < LAB_N_CLASSES, NULL);

  return G_LIST_MODEL (self->mistakes_of[label]);
}
