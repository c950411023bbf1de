/* SPDX-License-Identifier: MIT */
#include "nn-loss.h"

#include <math.h>
#include <stdbool.h>

#include "nn-samples.h"

size_t
nn_argmax (const NnReal *values, size_t n)
{
  size_t largest = 0;

  for (size_t i = 1; i < n; i++)
    if (values[i] > values[largest])
      largest = i;
  return largest;
}

void
nn_softmax (const NnReal *logits, size_t classes, NnReal *probabilities)
{
  /* Taking the largest logit away changes nothing and keeps exp() finite. */
  double largest = (double) logits[nn_argmax (logits, classes)];
  double sum = 0;

  for (size_t c = 0; c < classes; c++)
    {
      double power = exp ((double) logits[c] - largest);

      probabilities[c] = (NnReal) power;
      sum += power;
    }
  for (size_t c = 0; c < classes; c++)
    probabilities[c] = isfinite (sum) ? (NnReal) (probabilities[c] / sum) : 1 / (NnReal) classes;
}

double
nn_cross_entropy (const NnReal *logits, size_t classes, size_t label)
{
  double largest = (double) logits[nn_argmax (logits, classes)];
  double sum = 0;

  for (size_t c = 0; c < classes; c++)
    sum += exp ((double) logits[c] - largest);
  return log (sum) - ((double) logits[label] - largest);
}

double
nn_softmax_cross_entropy (const NnReal  *logits,
                          const uint8_t *labels,
                          size_t         batch,
                          size_t         classes,
                          double         smoothing,
                          NnReal        *gradient,
                          size_t        *correct)
{
  double loss = 0;

  for (size_t i = 0; i < batch; i++, logits += classes)
    {
      size_t winner = nn_argmax (logits, classes);
      bool is_labelled = labels[i] != NN_NO_CLASS;
      size_t label = is_labelled ? labels[i] : 0;
      double spread = is_labelled ? smoothing : 1; /* what all classes share of the target; the label has the rest */
      double distances = 0, sum = 0; /* of the logits from the largest; of their powers */

      for (size_t c = 0; c < classes; c++)
        {
          double distance = (double) logits[c] - (double) logits[winner];
          double power = exp (distance);

          distances += distance;
          sum += power;
          if (gradient != NULL)
            gradient[c] = (NnReal) power;
        }

      *correct += is_labelled && winner == label;
      loss += log (sum) - (1 - spread) * ((double) logits[label] - (double) logits[winner])
              - spread * distances / (double) classes;
      if (gradient != NULL)
        {
          NnReal scale = (NnReal) (1 / (sum * (double) batch));
          NnReal share = (NnReal) (spread / (double) (classes * batch));

          for (size_t c = 0; c < classes; c++)
            gradient[c] = gradient[c] * scale - share;
          gradient[label] -= (NnReal) ((1 - spread) / (double) batch);
          gradient += classes;
        }
    }
  return loss;
}

double
nn_smallest_cross_entropy (uint8_t label, size_t classes, double smoothing)
{
  double rest = smoothing / (double) classes; /* what each of the other classes gets of the target */
  double most = 1 - smoothing + rest;

  if (label == NN_NO_CLASS)
    return log ((double) classes);
  return rest == 0 ? 0 : -most * log (most) - (double) (classes - 1) * rest * log (rest);
}
