/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  LAB_AXIS_NUMBER,
  LAB_AXIS_PERCENT, /* 0 … 1 is written as 0 … 100 % */
} LabAxisFormat;

#define LAB_TYPE_AXIS_FORMAT (lab_axis_format_get_type ())
GType lab_axis_format_get_type (void);

/* One axis of a chart: its two ends and the ticks between them, 1, 2 or 5 times
 * a power of ten apart. A plain value; everything but the ends is private. */
typedef struct
{
  double        lower;
  double        upper;
  LabAxisFormat format;
  guint         n_ticks;
  /* Tick i is (first + i) × mantissa × 10^exponent. */
  gint64        first;
  int           mantissa;
  int           exponent;
} LabAxis;

/* Makes an axis for the values @lower … @upper with at most @max_ticks ticks (2
 * or more). The ends move outward to the next tick. A range without width is
 * widened, one that is not finite becomes 0 … 1. */
void lab_axis_init_values (LabAxis      *self,
                           double        lower,
                           double        upper,
                           guint         max_ticks,
                           LabAxisFormat format);

/* The same for things that are counted: the ends stay, ticks are whole numbers. */
void lab_axis_init_counts (LabAxis *self,
                           double   lower,
                           double   upper,
                           guint    max_ticks);

double lab_axis_get_tick (const LabAxis *self, guint i);

/* Returns where @value lies: 0 at the lower end, 1 at the upper; NAN for NAN. */
double lab_axis_map (const LabAxis *self, double value);

/* Returns the text beside tick @i, with the decimals that the ticks need. */
char *lab_axis_dup_tick_label (const LabAxis *self, guint i) G_GNUC_WARN_UNUSED_RESULT;

/* Returns the text for a value that is read by itself, with the digits that
 * count; a dash for NAN. */
char *lab_axis_dup_value_label (LabAxisFormat format, double value) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
