/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "lab-evaluation.h"
#include "lab-network.h"

G_BEGIN_DECLS

/* Keeps the evaluation of a network on the test set up to date. The test set is
 * that of the folder in the setting data-folder. It is read, and the network run
 * over it, in threads, and only while the review is active. Emits "changed" when
 * what its functions return may have changed. */
#define LAB_TYPE_REVIEW (lab_review_get_type ())
G_DECLARE_FINAL_TYPE (LabReview, lab_review, LAB, REVIEW, GObject)

LabReview *lab_review_new (void);

LabNetwork *lab_review_get_network (LabReview *self); /* transfer none, nullable */
void        lab_review_set_network (LabReview *self, LabNetwork *network);

/* Whether anybody looks at it. */
void lab_review_set_active (LabReview *self, gboolean active);

/* Reads the files again. */
void lab_review_restart (LabReview *self);

gboolean lab_review_has_folder (LabReview *self);

/* Returns the newest evaluation of the folder's test set; while a newer one is
 * being made, it may be that of an earlier network. Transfer none, nullable. */
LabEvaluation *lab_review_get_evaluation (LabReview *self);

/* Returns whether a newer evaluation is being made. */
gboolean lab_review_is_busy (LabReview *self);

/* Returns why there is none, or NULL. */
const char *lab_review_get_message (LabReview *self);

G_END_DECLS
