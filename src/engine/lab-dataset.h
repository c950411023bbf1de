/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "lab-doodle.h"
#include "lab-sample.h"

G_BEGIN_DECLS

typedef enum
{
  LAB_PART_TRAIN, /* train-images-idx3-ubyte, train-labels-idx1-ubyte */
  LAB_PART_TEST,  /* t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte */
} LabPart;

/* The label of a picture that shows no digit, to train with. */
#define LAB_NO_DIGIT 255

/* Labelled 28 × 28 pictures, kept as bytes; immutable, so that any thread may
 * read it. Properties, read-only: name (string), size (uint). */
#define LAB_TYPE_DATASET (lab_dataset_get_type ())
G_DECLARE_FINAL_TYPE (LabDataset, lab_dataset, LAB, DATASET, GObject)

/* @images: size × LAB_IMAGE_SIZE bytes; @labels: size bytes below
 * LAB_N_CLASSES, or LAB_NO_DIGIT. References are taken. */
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

/* Which digits of a file of pen strokes are taken, and how. All 0 takes every
 * digit once, as it was written. */
typedef struct
{
  const guint8 *writers; /* numbers of the writers, 0 at the end, or NULL: all. The number is the second one of
                          * the .COMMENT that follows the .SEGMENT */
  guint   copies;        /* so many variations of each digit instead, see lab_handwriting_vary() */
  guint64 seed;          /* of the variations */
} LabInkSelection;

/* Reads pen strokes in UNIPEN text (may be .gz) and renders them with LabInk.
 * @selection may be NULL. */
LabDataset *lab_dataset_load_ink (GFile *file, const LabInkSelection *selection, GCancellable *cancellable, GError **error);

/* Reads every *.png of @folder, in the order of their names; each name begins
 * with the digits that the picture shows, from left to right, as 7-a.png and
 * 305-ruled.png do. A picture in which another number of digits is found gives
 * as many blank images as its name has digits. */
LabDataset *lab_dataset_load_images (GFile *folder, GCancellable *cancellable, GError **error);

/* Returns how many such pictures there are in a data set of pictures. */
guint lab_dataset_get_miscounted (LabDataset *self);

/* Makes @size digits that the program writes itself, see lab-handwriting.h: as
 * many of each class, in turn, with @threads threads (0: one per processor). The
 * same @seed gives the same pictures, whatever the number of threads; a larger
 * @size only adds to them. The async form works in a thread. */
LabDataset *lab_dataset_new_handwriting (guint size, guint64 seed, guint threads, GCancellable *cancellable, GError **error);

void        lab_dataset_new_handwriting_async (guint size, guint64 seed, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
LabDataset *lab_dataset_new_handwriting_finish (GAsyncResult *result, GError **error);

/* Makes @size pictures of doodles, see lab-doodle.h, all labelled LAB_NO_DIGIT. */
LabDataset *lab_dataset_new_doodles (guint size, LabDoodleKinds kinds, LabDoodlePart part, guint64 seed, guint threads,
                                     GCancellable *cancellable, GError **error);

/* Puts @n data sets one after the other into one; @name is for people. */
LabDataset *lab_dataset_join (const char *name, LabDataset *const *datasets, guint n, GError **error);

/* Cuts @self into two at random, as @seed says: @share of its pictures are taken
 * out into *@part, *@rest are the others. */
gboolean lab_dataset_split (LabDataset *self, double share, guint64 seed, LabDataset **rest, LabDataset **part, GError **error);

const char   *lab_dataset_get_name (LabDataset *self);
guint         lab_dataset_get_size (LabDataset *self);
guint         lab_dataset_get_label (LabDataset *self, guint index);
const guint8 *lab_dataset_get_image (LabDataset *self, guint index);

/* Returns all pictures, one after the other, and all labels; owned by @self. */
const guint8 *lab_dataset_get_images (LabDataset *self);
const guint8 *lab_dataset_get_labels (LabDataset *self);

G_END_DECLS
