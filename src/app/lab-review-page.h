/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "lab-network.h"

G_BEGIN_DECLS

/* What a network got wrong: the test images that it misread, grouped by what
 * they are. The test set is that of the folder in the setting data-folder; it is
 * read, and the network run over it, when the page is on the screen and
 * something has changed. Properties, read-write:
 *
 *   network  LabNetwork, or NULL
 *   filter   int, the only class whose mistakes are shown; -1 for all
 */
#define LAB_TYPE_REVIEW_PAGE (lab_review_page_get_type ())
G_DECLARE_FINAL_TYPE (LabReviewPage, lab_review_page, LAB, REVIEW_PAGE, AdwBin)

GtkWidget *lab_review_page_new (void);

LabNetwork *lab_review_page_get_network (LabReviewPage *self); /* transfer none, nullable */
void        lab_review_page_set_network (LabReviewPage *self, LabNetwork *network);

/* Does nothing for a class in which there are no mistakes. */
int  lab_review_page_get_filter (LabReviewPage *self);
void lab_review_page_set_filter (LabReviewPage *self, int filter);

G_END_DECLS
