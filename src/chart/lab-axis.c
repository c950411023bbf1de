/* SPDX-License-Identifier: MIT */
#include "lab-axis.h"

#include <glib/gi18n.h>
#include <math.h>

/* Makes 0.3 / 0.1 count as 3 steps, not as 2.9999999999999996. */
#define STEP_SLACK 1e-9

/* Far beyond every chart, and far enough from the ends of double that no step
 * overflows or vanishes. */
#define LARGEST 1e100

G_DEFINE_ENUM_TYPE (LabAxisFormat, lab_axis_format,
                    G_DEFINE_ENUM_VALUE (LAB_AXIS_NUMBER, "number"),
                    G_DEFINE_ENUM_VALUE (LAB_AXIS_PERCENT, "percent"))

/* Dividing by a power of ten, where multiplying by its inverse would not round
 * correctly, makes every tick the double nearest to its label. */
static double
scale_by_ten (double value, int exponent)
{
  return exponent < 0 ? value / pow (10, -exponent) : value * pow (10, exponent);
}

static double
get_step (const LabAxis *self)
{
  return scale_by_ten (self->mantissa, self->exponent);
}

static void
set_step_at_least (LabAxis *self, double step)
{
  double digit;

  self->exponent = (int) floor (log10 (step));
  digit = step / scale_by_ten (1, self->exponent) - STEP_SLACK;
  self->mantissa = digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10;
  if (self->mantissa == 10)
    {
      self->mantissa = 1;
      self->exponent++;
    }
}

static void
set_next_step (LabAxis *self)
{
  set_step_at_least (self, get_step (self) * 1.5);
}

static void
ensure_range (LabAxis *self)
{
  double size = MAX (fabs (self->lower), fabs (self->upper));

  /* Written so that NAN takes this way, too. */
  if (!(fabs (self->lower) < LARGEST && fabs (self->upper) < LARGEST))
    {
      self->lower = 0;
      self->upper = 1;
      return;
    }
  /* With less between the ends the ticks would not differ as doubles. */
  if (self->upper - self->lower > size * 1e-9 + 1 / LARGEST)
    return;

  self->upper = MAX (self->lower, self->upper);

  if (self->format == LAB_AXIS_PERCENT && self->upper <= 1)
    {
      self->lower = self->upper > 0.1 ? self->upper - 0.1 : 0;
      self->upper = self->lower + 0.1;
    }
  else
    {
      double half = MAX (size / 2, 0.5);

      self->lower -= half;
      self->upper += half;
    }
}

static char *
format_number (LabAxisFormat format, const char *number)
{
  if (format == LAB_AXIS_PERCENT)
    /* Translators: a percentage. The space does not break. */
    return g_strdup_printf (_("%s\u00a0%%"), number);

  return g_strdup (number);
}

void
lab_axis_init_values (LabAxis      *self,
                      double        lower,
                      double        upper,
                      guint         max_ticks,
                      LabAxisFormat format)
{
  *self = (LabAxis) { .lower = lower, .upper = upper, .format = format };
  max_ticks = MAX (max_ticks, 2);
  ensure_range (self);
  set_step_at_least (self, (self->upper - self->lower) / (max_ticks - 1));

  for (;; set_next_step (self))
    {
      double step = get_step (self);
      double first = floor (self->lower / step + STEP_SLACK);
      double last = ceil (self->upper / step - STEP_SLACK);

      /* Two ticks can always hold the range once the step is large enough,
       * unless zero lies strictly inside; three can. */
      if (last - first + 1 > MAX (max_ticks, first < 0 && last > 0 ? 3 : 2))
        continue;

      self->first = (gint64) first;
      self->n_ticks = (guint) (last - first) + 1;
      break;
    }

  self->lower = lab_axis_get_tick (self, 0);
  self->upper = lab_axis_get_tick (self, self->n_ticks - 1);
}

void
lab_axis_init_counts (LabAxis *self,
                      double   lower,
                      double   upper,
                      guint    max_ticks)
{
  double first;
  double last;

  *self = (LabAxis) { .lower = lower, .upper = upper };
  max_ticks = MAX (max_ticks, 2);
  ensure_range (self);
  set_step_at_least (self, MAX (1, (self->upper - self->lower) / max_ticks));

  for (;; set_next_step (self))
    {
      double step = get_step (self);

      first = ceil (self->lower / step - STEP_SLACK);
      last = floor (self->upper / step + STEP_SLACK);
      if (last - first + 1 <= max_ticks)
        break;
    }

  self->first = (gint64) first;
  self->n_ticks = (guint) MAX (0, last - first + 1);
}

double
lab_axis_get_tick (const LabAxis *self, guint i)
{
  return scale_by_ten ((double) (self->first + i) * self->mantissa, self->exponent);
}

double
lab_axis_map (const LabAxis *self, double value)
{
  return (value - self->lower) / (self->upper - self->lower);
}

char *
lab_axis_dup_tick_label (const LabAxis *self, guint i)
{
  gboolean percent = self->format == LAB_AXIS_PERCENT;
  int decimals = MAX (0, -self->exponent - (percent ? 2 : 0));
  g_autofree char *number = g_strdup_printf ("%.*f", decimals,
                                             lab_axis_get_tick (self, i) * (percent ? 100 : 1));

  return format_number (self->format, number);
}

char *
lab_axis_dup_value_label (LabAxisFormat format, double value)
{
  g_autofree char *number = NULL;

  if (isnan (value))
    return g_strdup ("–");

  if (format == LAB_AXIS_PERCENT)
    number = g_strdup_printf ("%.2f", value * 100);
  else if (fabs (value) >= 1e6)
    number = g_strdup_printf ("%.3g", value);
  else
    {
      double size = MAX (fabs (value), 1e-4);

      /* Three digits that count. */
      number = g_strdup_printf ("%.*f", MAX (0, 2 - (int) floor (log10 (size))), value);
    }

  return format_number (format, number);
}
