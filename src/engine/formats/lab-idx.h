/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define LAB_IDX_MAX_DIMENSIONS 3

/* The largest file that is read: 1 GiB, twenty times MNIST. */
#define LAB_IDX_MAX_SIZE ((gsize) 1 << 30)

/* An IDX file of unsigned bytes (http://yann.lecun.com/exdb/mnist, "The IDX
 * file format"). */
typedef struct
{
  guint   n_dimensions;
  guint32 dimensions[LAB_IDX_MAX_DIMENSIONS]; /* none of them is 0 */
  GBytes *data; /* the product of the dimensions bytes; owned */
} LabIdx;

/* Reads @file, unpacking it when it starts as gzip does. @n_dimensions is how
 * many the caller needs, 1 to LAB_IDX_MAX_DIMENSIONS. Every header field, the
 * length and gzip's own check sum are verified; the error names the file. */
gboolean lab_idx_read (GFile *file, guint n_dimensions, LabIdx *idx, GCancellable *cancellable, GError **error);

void lab_idx_clear (LabIdx *idx);

G_END_DECLS
