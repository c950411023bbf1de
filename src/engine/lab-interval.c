/* SPDX-License-Identifier: MIT */
#include "lab-interval.h"

#include <math.h>

/* 95 % of a normal distribution lie within so many standard deviations. */
#define Z 1.959963985

LabInterval
lab_interval_of_rate (guint successes, guint n)
{
  double rate, middle, half, whole;

  if (n == 0)
    return (LabInterval){ 0, 1 };

  rate = (double) successes / n;
  middle = rate + Z * Z / (2.0 * n);
  half = Z * sqrt (rate * (1 - rate) / n + Z * Z / (4.0 * n * n));
  whole = 1 + Z * Z / n;
  return (LabInterval){ MAX ((middle - half) / whole, 0), MIN ((middle + half) / whole, 1) };
}
