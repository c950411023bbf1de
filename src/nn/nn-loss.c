/* SPDX-License-Identifier: MIT */
#include "nn-loss.h"

#include <math.h>

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
  NnReal largest = logits[nn_argmax (logits, classes)];
  double sum = 0;

  for (size_t c = 0; c < classes; c++)
    {
      double power = exp ((double) (logits[c] - largest));

      probabilities[c] = (NnReal) power;
      sum += power;
    }
  for (size_t c = 0; c < classes; c++)
    probabilities[c] = isfinite (sum) ? (NnReal) (probabilities[c] / sum) : 1 / (NnReal) classes;
}

double
nn_cross_entropy (const NnReal *logits, size_t classes, size_t label)
{
  NnReal largest = logits[nn_argmax (logits, classes)];
  double sum = 0;

  for (size_t c = 0; c < classes; c++)
    sum += exp ((double) (logits[c] - largest));
  return log (sum) - (double) (logits[label] - largest);
}

double
nn_softmax_cross_entropy (const NnReal  *logits,
                          const uint8_t *labels,
                          size_t         batch,
                          size_t         classes,
                          NnReal        *gradient,
                          size_t        *correct)
{
  double loss = 0;

  for (size_t i = 0; i < batch; i++, logits += classes, gradient += classes)
    {
      loss += nn_cross_entropy (logits, classes, labels[i]);
      *correct += nn_argmax (logits, classes) == labels[i];

      nn_softmax (logits, classes, gradient);
      gradient[labels[i]] -= 1;
      for (size_t c = 0; c < classes; c++)
        gradient[c] /= (NnReal) batch;
    }
  return loss;
}
