/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Ten rows, 0 to 9 from top to bottom: the digit, a bar, the percentage as
 * text, and a mark at the most probable one. */
#define LAB_TYPE_PROBABILITY_BARS (lab_probability_bars_get_type ())
G_DECLARE_FINAL_TYPE (LabProbabilityBars, lab_probability_bars, LAB, PROBABILITY_BARS, GtkWidget)

GtkWidget *lab_probability_bars_new (void);

/* Shows the LAB_N_CLASSES @probabilities; NULL shows that nothing is predicted. */
void lab_probability_bars_set_probabilities (LabProbabilityBars *self, const float *probabilities);

G_END_DECLS
