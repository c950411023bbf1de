/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double low;
  double high;
} LabInterval;

/* Returns the 95 % interval of a rate that was found to be @successes in @n
 * (Wilson, Journal of the American Statistical Association, 1927); 0 … 1 when
 * @n is 0. */
LabInterval lab_interval_of_rate (guint successes, guint n);

G_END_DECLS
