/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One cell of the gallery of mistakes. Property, read-write: item (GObject), one
 * of
 *
 *   a LabSample   the picture, with “4 → 9” and the confidence below it;
 *   a GListModel  of LabSample, the mistakes of one class, not empty: the
 *                 heading before them, with the class and how many they are;
 *   NULL          nothing.
 */
#define LAB_TYPE_MISTAKE_TILE (lab_mistake_tile_get_type ())
G_DECLARE_FINAL_TYPE (LabMistakeTile, lab_mistake_tile, LAB, MISTAKE_TILE, GtkWidget)

GtkWidget *lab_mistake_tile_new (void);

GObject *lab_mistake_tile_get_item (LabMistakeTile *self); /* transfer none, nullable */
void     lab_mistake_tile_set_item (LabMistakeTile *self, GObject *item);

G_END_DECLS
