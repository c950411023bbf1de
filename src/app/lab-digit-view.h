/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Shows an image as the network sees it: LAB_IMAGE_SIDE × LAB_IMAGE_SIDE
 * magnified pixels, light ink on black in every theme. */
#define LAB_TYPE_DIGIT_VIEW (lab_digit_view_get_type ())
G_DECLARE_FINAL_TYPE (LabDigitView, lab_digit_view, LAB, DIGIT_VIEW, GtkWidget)

GtkWidget *lab_digit_view_new (void);

/* Copies the LAB_IMAGE_SIZE bytes of @image, ink 255 on 0; NULL shows an empty
 * picture. */
void lab_digit_view_set_image (LabDigitView *self, const guint8 *image);

G_END_DECLS
