/* SPDX-License-Identifier: MIT */
#include "lab-tally.h"

#include "lab-verdict-private.h"
#include "nn-calibration.h"
#include "nn-loss.h"

static int
compare_mistakes (gconstpointer a, gconstpointer b)
{
  const LabMistake *x = a, *y = b;

  if (x->label != y->label)
    return x->label < y->label ? -1 : 1;
  if (x->confidence != y->confidence)
    return x->confidence > y->confidence ? -1 : 1;
  return x->index < y->index ? -1 : 1;
}

/* Counts a digit that was read as @predicted; returns whether that was wrong. */
static gboolean
count_digit (LabTally *self, guint label, guint predicted, LabVerdictKind kind)
{
  gboolean right = kind != LAB_VERDICT_NOTHING && predicted == label;

  self->support[label]++;
  self->refused += kind != LAB_VERDICT_DIGIT;
  self->errors += !right;
  if (kind != LAB_VERDICT_NOTHING)
    self->confusion[label][predicted]++;
  return !right;
}

GArray *
lab_tally_count (LabTally *self, LabDataset *dataset, double threshold, float *logits)
{
  GArray *mistakes = g_array_new (FALSE, FALSE, sizeof (LabMistake));
  const guint8 *labels = lab_dataset_get_labels (dataset);
  guint n = lab_dataset_get_size (dataset);

  *self = (LabTally){ .calibration_error = nn_calibration_error (logits, labels, n, LAB_N_CLASSES, 1) };
  for (guint i = 0; i < n; i++, logits += LAB_N_CLASSES)
    {
      guint predicted = nn_argmax (logits, LAB_N_CLASSES);
      LabVerdictKind kind;

      if (labels[i] != LAB_NO_DIGIT)
        self->loss += nn_cross_entropy (logits, LAB_N_CLASSES, labels[i]);
      nn_softmax (logits, LAB_N_CLASSES, logits);
      kind = lab_verdict_judge_at (threshold, lab_dataset_get_image (dataset, i), logits).kind;

      if (labels[i] == LAB_NO_DIGIT)
        {
          self->outliers++;
          self->outliers_refused += kind != LAB_VERDICT_DIGIT;
        }
      else if (count_digit (self, labels[i], predicted, kind))
        {
          LabMistake mistake = { i, labels[i], logits[predicted], logits };

          g_array_append_val (mistakes, mistake);
        }
    }

  self->digits = n - self->outliers;
  if (self->digits > 0)
    self->loss /= self->digits;
  g_array_sort (mistakes, compare_mistakes);
  return mistakes;
}
