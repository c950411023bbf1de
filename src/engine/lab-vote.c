/* SPDX-License-Identifier: MIT */
#include "lab-vote.h"

#include <float.h>
#include <math.h>

#include "lab-dataset-private.h"
#include "lab-error-private.h"
#include "lab-network-private.h"
#include "lab-stop-flag-private.h"
#include "nn-loss.h"
#include "nn-predict.h"

/* Makes the @logits of one network its share of the mean probabilities. */
static void
add_share (const float *logits, gsize images, guint n, float *mean)
{
  for (gsize i = 0; i < images; i++, logits += LAB_N_CLASSES, mean += LAB_N_CLASSES)
    {
      float probabilities[LAB_N_CLASSES];

      nn_softmax (logits, LAB_N_CLASSES, probabilities);
      for (guint c = 0; c < LAB_N_CLASSES; c++)
        mean[c] += probabilities[c] / n;
    }
}

/* Fills @answer with what the networks say together; @logits is scratch paper. */
static NnStatus
predict (LabNetwork *const *networks, guint n, const NnSamples *samples, NnPool *pool, const LabStopFlag *stop,
         float *logits, float *answer)
{
  NnStatus status = NN_OK;

  if (n == 1)
    return nn_predict (lab_network_get_core (networks[0]), samples, pool, &stop->raised, answer);

  for (guint i = 0; status == NN_OK && i < n; i++)
    {
      status = nn_predict (lab_network_get_core (networks[i]), samples, pool, &stop->raised, logits);
      if (status == NN_OK)
        add_share (logits, samples->count, n, answer);
    }
  for (gsize i = 0; i < samples->count * LAB_N_CLASSES; i++)
    answer[i] = logf (MAX (answer[i], FLT_MIN));
  return status;
}

static void
silence_blank_images (LabDataset *dataset, float *answer)
{
  static const guint8 blank[LAB_IMAGE_SIZE] = { 0 };

  for (guint i = 0; i < lab_dataset_get_size (dataset); i++)
    if (memcmp (lab_dataset_get_image (dataset, i), blank, LAB_IMAGE_SIZE) == 0)
      memset (answer + (gsize) i * LAB_N_CLASSES, 0, LAB_N_CLASSES * sizeof *answer);
}

float *
lab_vote_predict (LabNetwork *const *networks, guint n, LabDataset *dataset, guint threads,
                  GCancellable *cancellable, GError **error)
{
  const NnSamples samples = lab_dataset_get_samples (dataset);
  gsize size = samples.count * LAB_N_CLASSES;
  g_autofree float *answer = g_try_new0 (float, size);
  g_autofree float *logits = n > 1 ? g_try_new (float, size) : NULL;
  NnStatus status = answer != NULL && (n == 1 || logits != NULL) ? NN_OK : NN_NO_MEMORY;
  LabStopFlag stop;
  NnPool *pool = NULL;

  lab_stop_flag_follow (&stop, cancellable);
  if (status == NN_OK)
    status = nn_pool_new (threads, &pool);
  if (status == NN_OK)
    status = predict (networks, n, &samples, pool, &stop, logits, answer);
  nn_pool_free (pool);
  lab_stop_flag_release (&stop);

  if (status != NN_OK)
    {
      lab_error_set_from_status (error, status, lab_dataset_get_name (dataset));
      return NULL;
    }
  silence_blank_images (dataset, answer);
  return g_steal_pointer (&answer);
}
