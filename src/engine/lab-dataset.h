/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "lab-sample.h"

G_BEGIN_DECLS

typedef enum
{
  LAB_PART_TRAIN, /* train-images-idx3-ubyte, train-labels-idx1-ubyte */
  LAB_PART_TEST,  /* t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte */
} LabPart;

/* Labelled 28 × 28 pictures, kept as bytes; immutable, so that any thread may
 * read it. Properties, read-only: name (string), size (uint). */
#define LAB_TYPE_DATASET (lab_dataset_get_type ())
G_DECLARE_FINAL_TYPE (LabDataset, lab_dataset, LAB, DATASET, GObject)

/* @images: size × LAB_IMAGE_SIZE bytes; @labels: size bytes below LAB_N_CLASSES.
 * References are taken. */
LabDataset *lab_dataset_new (const char *name, GBytes *images, GBytes *labels);

/* Reads one part of an MNIST folder: IDX files, plain or with .gz. The error
 * names the file and what is wrong with it. */
LabDataset *lab_dataset_load (GFile *folder, LabPart part, GCancellable *cancellable, GError **error);

void        lab_dataset_load_async (GFile              *folder,
                                    LabPart             part,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
LabDataset *lab_dataset_load_finish (GAsyncResult *result, GError **error);

/* Reads pen strokes in UNIPEN text (may be .gz) and renders them with LabInk. */
LabDataset *lab_dataset_load_ink (GFile *file, GCancellable *cancellable, GError **error);

/* Reads every *.png of @folder, in the order of their names; the label is the
 * first character of the name. */
LabDataset *lab_dataset_load_images (GFile *folder, GCancellable *cancellable, GError **error);

const char   *lab_dataset_get_name (LabDataset *self);
guint         lab_dataset_get_size (LabDataset *self);
guint         lab_dataset_get_label (LabDataset *self, guint index);
const guint8 *lab_dataset_get_image (LabDataset *self, guint index);

/* Returns all pictures, one after the other, and all labels; owned by @self. */
const guint8 *lab_dataset_get_images (LabDataset *self);
const guint8 *lab_dataset_get_labels (LabDataset *self);

G_END_DECLS
