/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

#include "lab-ink.h"
#include "lab-network.h"

G_BEGIN_DECLS

/* The view where one draws and sees what the network makes of it. Property:
 * network (LabNetwork, read-write, NULL while there is none). Action:
 * draw.clear. */
#define LAB_TYPE_DRAW_PAGE (lab_draw_page_get_type ())
G_DECLARE_FINAL_TYPE (LabDrawPage, lab_draw_page, LAB, DRAW_PAGE, GtkWidget)

GtkWidget *lab_draw_page_new (void);

LabNetwork *lab_draw_page_get_network (LabDrawPage *self); /* transfer none */
void        lab_draw_page_set_network (LabDrawPage *self, LabNetwork *network);
LabInk     *lab_draw_page_get_ink     (LabDrawPage *self); /* transfer none */

G_END_DECLS
