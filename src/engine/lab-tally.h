/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-dataset.h"

G_BEGIN_DECLS

/* What the answers to a data set come to; see lab-evaluation.h. */
typedef struct
{
  guint  digits;
  guint  errors;
  guint  refused; /* digits */
  guint  outliers;
  guint  outliers_refused;
  double loss;
  double calibration_error;
  guint  confusion[LAB_N_CLASSES][LAB_N_CLASSES]; /* [label][predicted] */
  guint  support[LAB_N_CLASSES]; /* the sum of a row, and the pictures without ink, which are in no column */
} LabTally;

/* A misread picture. */
typedef struct
{
  guint32      index;
  guint8       label;
  float        confidence;
  const float *probabilities;
} LabMistake;

/* Fills @self with what the @logits, LAB_N_CLASSES for each picture of @dataset,
 * say of it; they are overwritten with the probabilities. A picture is refused
 * below @threshold. Returns an array of LabMistake that point there, by class, in
 * each the most confidently wrong first; transfer full. */
GArray *lab_tally_count (LabTally *self, LabDataset *dataset, double threshold, float *logits);

G_END_DECLS
