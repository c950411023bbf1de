/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-picture.h"

G_BEGIN_DECLS

/* How much darker (or, on dark ground, lighter) than its background every pixel
 * of a picture is. Where it is at least @threshold, there is ink. */
typedef struct
{
  guint    width;
  guint    height;
  guint8  *depth; /* [height][width] */
  guint    threshold;
  gboolean dark; /* the ink is darker than the background */
} LabInkMap;

/* Returns the median of numbers from 0 to before @n; @counts says how many there
 * are of each. */
guint lab_picture_find_median (const guint *counts, guint n);

/* Writes how much lighter (or, below 0, darker) every pixel is than the paper,
 * which is some @value at most places and changes smoothly. */
void lab_picture_take_paper (const LabPicture *picture, guint8 value, gint16 *rest);

/* Takes from @rest what has stayed of the paper in large areas, as shadows with
 * sharp edges. */
void lab_picture_take_shadows (const LabPicture *picture, gint16 *rest);

/* Finds what is ink. Returns FALSE, and no map, when there is no ink. */
gboolean lab_picture_find_ink (const LabPicture *picture, LabInkMap *map);

/* Takes long thin straight lines away: those of ruled and squared paper and of
 * frames. The ink that crosses them stays. */
void lab_picture_remove_lines (LabInkMap *map);

/* Pixels from @start to before @end of row @y that belong together. */
typedef struct
{
  guint16 y;
  guint16 start;
  guint16 end;
} LabInkRun;

/* Ink that belongs together: a connected part, or a whole digit. */
typedef struct
{
  guint   left, top, right, bottom; /* right and bottom are just outside */
  guint   area;
  GArray *runs;                     /* of LabInkRun */
} LabInkPart;

/* Finds the connected parts, of which the smallest are left out as specks;
 * returns an array of LabInkPart with a free function, the largest first. */
GPtrArray *lab_picture_find_parts (const LabInkMap *map);

/* Takes from @parts what are no digits and joins what are parts of one. Returns
 * the digits that are left there, in reading order; transfer container. */
GPtrArray *lab_picture_group_parts (const LabInkMap *map, GPtrArray *parts);

/* Draws a digit as the network knows it. */
void lab_picture_draw_digit (const LabInkMap *map, const LabInkPart *digit, guint8 *image);

#define LAB_FAR 1e8f

/* Makes every value, 0 or LAB_FAR, the distance to the nearest 0, in place. */
void lab_picture_find_distances (float *values, guint width, guint height);

/* Where @distances are the depth of each pixel in a shape, takes @depth off all
 * around, but for what holds the shape together, and writes how far every pixel
 * is from such a piece. Returns FALSE when none is needed. A margin of a pixel
 * must be free. */
gboolean lab_picture_find_bones (const float *distances, guint width, guint height, double depth, float *bones);

static inline guint
lab_ink_part_width (const LabInkPart *part)
{
  return part->right - part->left;
}

static inline guint
lab_ink_part_height (const LabInkPart *part)
{
  return part->bottom - part->top;
}

static inline guint
lab_ink_part_size (const LabInkPart *part)
{
  return MAX (lab_ink_part_width (part), lab_ink_part_height (part));
}

G_END_DECLS
