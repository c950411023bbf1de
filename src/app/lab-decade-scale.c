/* SPDX-License-Identifier: MIT */
#include "lab-decade-scale.h"

#include <math.h>

/* From 1 to 9 and on to 10. */
#define STEPS 9

/* Absorbs rounding: 0.1 lies on its step, not a hair below. */
#define SLACK 1e-9

double
lab_decade_scale_get_position (double value)
{
  double decade;

  g_return_val_if_fail (value > 0, 0);

  decade = floor (log10 (value) + SLACK);

  return STEPS * decade + value / pow (10, decade) - 1;
}

double
lab_decade_scale_get_value (double position)
{
  double decade = floor (position / STEPS + SLACK);
  double digits = position - STEPS * decade + 1;

  /* Seven digits are more than anybody enters; what lies behind is rounding. */
  digits = round (digits * 1e6) / 1e6;

  return decade < 0 ? digits / pow (10, -decade) : digits * pow (10, decade);
}
