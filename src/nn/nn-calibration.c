/* SPDX-License-Identifier: MIT */
#include "nn-calibration.h"

#include <math.h>
#include <stdlib.h>

#include "nn-loss.h"
#include "nn-samples.h"

#define COLDEST 0.05
#define HOTTEST 20.0

/* Newton's method needs about eight steps; the limit is for those that halve. */
#define MAX_STEPS 60
#define PRECISION 1e-9

/* One in so many samples may be less sure than the threshold. */
#define UNSURE 125

#define BINS 15

static size_t
count_labelled (const uint8_t *labels, size_t count)
{
  size_t n = 0;

  for (size_t i = 0; i < count; i++)
    n += labels[i] != NN_NO_CLASS;
  return n;
}

/* The derivatives of the summed cross-entropy by the inverse temperature. */
typedef struct
{
  double first;
  double second;
} Slopes;

/* With p the probabilities, t the targets (the label's is smoothed) and d the
 * logits' distances from the largest, the first derivative is Σ (p − t) d and the
 * second one the variance of d under p: the loss is convex. */
static Slopes
find_slopes (const NnReal *logits, const uint8_t *labels, size_t count, size_t classes, double smoothing, double inverse)
{
  Slopes slopes = { 0 };

  for (size_t i = 0; i < count; i++, logits += classes)
    {
      double largest = (double) logits[nn_argmax (logits, classes)];
      double sum = 0, moment = 0, square = 0, all = 0;

      if (labels[i] == NN_NO_CLASS)
        continue;
      for (size_t c = 0; c < classes; c++)
        {
          double distance = (double) logits[c] - largest;
          double power = exp (distance * inverse);

          all += distance;
          sum += power;
          moment += power * distance;
          square += power * distance * distance;
        }
      moment /= sum;
      slopes.first += moment - (1 - smoothing) * ((double) logits[labels[i]] - largest) - smoothing * all / (double) classes;
      slopes.second += square / sum - moment * moment;
    }
  return slopes;
}

double
nn_fit_temperature (const NnReal *logits, const uint8_t *labels, size_t count, size_t classes)
{
  double smoothing = 1 / ((double) count_labelled (labels, count) + 2);
  double low = 1 / HOTTEST, high = 1 / COLDEST; /* the inverse temperature is between them */
  double inverse = 1;

  for (size_t step = 0; step < MAX_STEPS && high - low > PRECISION * low; step++)
    {
      Slopes slopes = find_slopes (logits, labels, count, classes, smoothing, inverse);
      double next = inverse - slopes.first / slopes.second;

      if (slopes.first == 0)
        break;
      if (slopes.first < 0)
        low = inverse;
      else
        high = inverse;
      if (fabs (next - inverse) < PRECISION * inverse)
        break;
      inverse = next > low && next < high ? next : sqrt (low * high);
    }
  return 1 / inverse;
}

double
nn_confidence (const NnReal *logits, size_t classes, double temperature)
{
  double largest = (double) logits[nn_argmax (logits, classes)];
  double sum = 0;

  for (size_t c = 0; c < classes; c++)
    sum += exp (((double) logits[c] - largest) / temperature);
  return 1 / sum;
}

double
nn_calibration_error (const NnReal *logits, const uint8_t *labels, size_t count, size_t classes, double temperature)
{
  double surplus[BINS] = { 0 }; /* of right answers over those that the confidences add up to */
  double error = 0;

  for (size_t i = 0; i < count; i++, logits += classes)
    {
      double confidence = nn_confidence (logits, classes, temperature);
      size_t bin = confidence < 1 ? (size_t) (confidence * BINS) : BINS - 1;

      if (labels[i] == NN_NO_CLASS)
        continue;
      surplus[bin] += (nn_argmax (logits, classes) == labels[i]) - confidence;
    }
  for (size_t bin = 0; bin < BINS; bin++)
    error += fabs (surplus[bin]);
  return error / (double) count_labelled (labels, count); /* 0 / 0 is the NAN that was promised */
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

NnStatus
nn_calibrate (const NnReal *logits, const uint8_t *labels, size_t count, size_t classes, NnCalibration *calibration)
{
  size_t n_labelled = count_labelled (labels, count), n = 0;
  double *confidences;

  if (n_labelled == 0)
    return NN_BAD_ARGUMENT;
  confidences = calloc (n_labelled, sizeof *confidences);
  if (confidences == NULL)
    return NN_NO_MEMORY;

  calibration->temperature = nn_fit_temperature (logits, labels, count, classes);
  calibration->error_before = nn_calibration_error (logits, labels, count, classes, 1);
  calibration->error_after = nn_calibration_error (logits, labels, count, classes, calibration->temperature);

  for (size_t i = 0; i < count; i++)
    if (labels[i] != NN_NO_CLASS)
      confidences[n++] = nn_confidence (logits + i * classes, classes, calibration->temperature);
  qsort (confidences, n, sizeof *confidences, compare);
  calibration->threshold = confidences[n / UNSURE];
  free (confidences);
  return NN_OK;
}
