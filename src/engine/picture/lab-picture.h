/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "lab-sample.h"

G_BEGIN_DECLS

/* The largest picture that is read, in pixels of width and of height, and what
 * reading takes at most, in bytes, whatever the file says. Larger pictures than
 * some 1000 × 1000 are averaged down while they are read. */
#define LAB_PICTURE_MAX_SIDE 8192
#define LAB_PICTURE_MAX_MEMORY (32 * 1024 * 1024)

/* A grey picture: 0 is black, 255 white. */
typedef struct
{
  guint   width;
  guint   height;
  guint8 *pixels; /* [height][width] */
  guint   full_width;  /* what the file says; at least width */
  guint   full_height;
} LabPicture;

/* Reads a PNG picture of any kind. Transparent parts are taken as white; a
 * picture that is mostly transparent and drawn in a light colour is put on
 * black, because white ink would vanish. The error names the file. */
LabPicture *lab_picture_read (GFile *file, GCancellable *cancellable, GError **error);
void        lab_picture_free (LabPicture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LabPicture, lab_picture_free)

/* A digit that was found in a picture. */
typedef struct
{
  guint  left, top, width, height; /* of its ink, in pixels of the file */
  guint8 image[LAB_IMAGE_SIZE];    /* as the network knows it, ink 255 on 0 */
} LabFoundDigit;

/* Finds the digits in @picture, dark on light or light on dark, and makes each a
 * 28 × 28 image: background, ruled lines, borders and specks taken away, line
 * width and size brought to those of MNIST. Returns an array of LabFoundDigit,
 * from left to right, line by line; empty when there are none. A picture of
 * exactly 28 × 28 pixels is one digit and only turned light on dark. */
GArray *lab_picture_find_digits (const LabPicture *picture);

G_END_DECLS
