/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "lab-dataset.h"
#include "lab-network.h"

G_BEGIN_DECLS

/* What a network makes of a data set; immutable. Properties, read-only:
 * accuracy (double, 0 … 1), errors (uint), images (uint), loss (double, mean
 * cross-entropy in nats). */
#define LAB_TYPE_EVALUATION (lab_evaluation_get_type ())
G_DECLARE_FINAL_TYPE (LabEvaluation, lab_evaluation, LAB, EVALUATION, GObject)

/* A picture that is labelled LAB_NO_DIGIT is right when it is refused and counts
 * in none of these figures, nor in the confusion matrix. A digit's picture without
 * ink is a mistake in no column of the matrix. */

/* Runs @network over all of @dataset with @threads threads (0: one per
 * processor). The async form works in a thread. */
LabEvaluation *lab_evaluation_new (LabNetwork *network, LabDataset *dataset, guint threads, GCancellable *cancellable, GError **error);

void           lab_evaluation_new_async (LabNetwork *network, LabDataset *dataset, guint threads, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
LabEvaluation *lab_evaluation_new_finish (GAsyncResult *result, GError **error);

/* The same for several networks that vote: their probabilities are averaged. */
LabEvaluation *lab_evaluation_new_vote (LabNetwork *const *networks, guint n, LabDataset *dataset, guint threads,
                                        GCancellable *cancellable, GError **error);

double      lab_evaluation_get_accuracy (LabEvaluation *self);
guint       lab_evaluation_get_errors (LabEvaluation *self);
guint       lab_evaluation_get_images (LabEvaluation *self);
double      lab_evaluation_get_loss (LabEvaluation *self);
LabNetwork *lab_evaluation_get_network (LabEvaluation *self); /* transfer none */
LabDataset *lab_evaluation_get_dataset (LabEvaluation *self); /* transfer none */

/* Returns the expected calibration error, see nn-calibration.h, 0 … 1; NAN
 * without digits. */
double lab_evaluation_get_calibration_error (LabEvaluation *self);

/* Returns how many digits were refused, see lab-verdict.h, and how many pictures
 * that are no digit there are and were refused. */
guint lab_evaluation_get_refused (LabEvaluation *self);
guint lab_evaluation_get_outliers (LabEvaluation *self);
guint lab_evaluation_get_outliers_refused (LabEvaluation *self);

/* Returns how many images of class @label were read as @predicted. */
guint lab_evaluation_get_confusion (LabEvaluation *self, guint label, guint predicted);

/* Returns how many images of class @label there are. */
guint lab_evaluation_get_support (LabEvaluation *self, guint label);

/* Returns the mistakes as a lazy GListModel of LabSample, grouped by true
 * class, in each the most confidently wrong first; transfer none. */
GListModel *lab_evaluation_get_mistakes (LabEvaluation *self);

/* The same for one true class; transfer none. */
GListModel *lab_evaluation_get_mistakes_of (LabEvaluation *self, guint label);

G_END_DECLS
