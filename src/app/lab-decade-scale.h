/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A scale for numbers that range over powers of ten, for controls that know
 * only equal steps: a whole step changes the first digit by one, so that 0.009
 * is followed by 0.01 and 0.02. Between the steps it runs straight. */

/* @value: above 0; 1 is at position 0. */
double lab_decade_scale_get_position (double value);
double lab_decade_scale_get_value (double position);

G_END_DECLS
