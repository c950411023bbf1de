/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-picture-private.h"

G_BEGIN_DECLS

/* How straight lines are found, by voting. “Along” is the direction of the lines,
 * “across” the other one: x and y for level lines, y and x for upright ones. */

/* How much of its way through the picture a line must be seen. */
#define LAB_LINE_MIN_SEEN 0.5

/* A piece of ink that is thin across. */
typedef struct
{
  guint16 along;
  guint16 start; /* across */
  guint16 end;   /* just behind it */
  guint16 line;  /* the number of the line that it is of, or LAB_NO_LINE */
} LabLineBit;

#define LAB_NO_LINE G_MAXUINT16

typedef struct
{
  double slope;  /* across per along */
  double middle; /* across, half-way along the picture */
} LabLine;

typedef struct
{
  gboolean upright; /* the lines are */
  guint    length;  /* of the picture, along the lines */
  guint    breadth; /* and across */
  guint    max_thickness;
  GArray  *bits;    /* of LabLineBit */
  guint    bin;     /* the width of the bins that are voted for, in pixels */
  guint    n_slopes;
  guint    n_bins;
  guint32 *votes;   /* [slope][bin] */
} LabLineVotes;

/* Finds the bits and lets them vote. */
void lab_line_votes_init (LabLineVotes *self, const LabInkMap *map, gboolean upright);
void lab_line_votes_clear (LabLineVotes *self);

/* Counts the votes of @bit @weight times more. */
void lab_line_votes_add (LabLineVotes *self, const LabLineBit *bit, int weight);

/* Finds the line of which most is seen among those that run at least @min_way
 * through the picture, and whose slope is @like where that is not NULL. Returns
 * FALSE when it is less than LAB_LINE_MIN_SEEN. */
gboolean lab_line_votes_find (const LabLineVotes *self, double min_way, const LabLine *like, LabLine *best);

/* Returns how far across the middle of @bit is from @line. */
double lab_line_distance (const LabLineVotes *self, const LabLine *line, const LabLineBit *bit);

/* Finds from where to where, along, the line is inside the picture, and returns
 * how far that is. */
double lab_line_way (const LabLineVotes *self, const LabLine *line, double *start, double *end);

G_END_DECLS
