/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-ink.h"

#include <nn-rng.h>

G_BEGIN_DECLS

/* The most knots that a path has, and strokes. What comes after is left out. */
#define LAB_PEN_MAX_KNOTS 160
#define LAB_PEN_MAX_STROKES 12

typedef enum
{
  LAB_KNOT_SMOOTH, /* the line goes through it without turning sharply */
  LAB_KNOT_CORNER,
  LAB_KNOT_START, /* of a stroke */
} LabKnotKind;

typedef struct
{
  double x;
  double y;
  LabKnotKind kind;
} LabKnot;

/* A pen's way over the paper as a plan: knots that the line will go through.
 * Height and width of a digit are about 1, y grows down, angles are in degrees
 * clockwise from three o'clock. Whoever plans a path draws its varying measures
 * from the path's random numbers. */
typedef struct
{
  guint64 seed; /* of the plan's random numbers */
  NnRng rng;    /* for what comes after the plan */
  guint64 asked; /* the letters of the questions since the last knot or lift, as bits */
  guint n_knots;
  gboolean lifted; /* the next knot starts a stroke */
  LabKnot knots[LAB_PEN_MAX_KNOTS];
} LabPenPath;

void lab_pen_path_begin (LabPenPath *path, NnRng rng);

/* Numbers that differ from one path to the next: normal, though never more than
 * 2.5 standard deviations off; even, also among the whole numbers from @least to
 * @most; and TRUE with a probability. They depend on the path, on how far it
 * has come, and on the letter of the @question, A to Z or a to z, and not on the
 * order of the questions: compilers choose the order in which the arguments of a
 * call are computed, and a plan to which a question is added draws what it drew
 * before. No letter may come twice between two knots; it is warned of. */
double   lab_pen_path_vary (LabPenPath *path, char question, double mean, double deviation);
double   lab_pen_path_between (LabPenPath *path, char question, double least, double most);
guint    lab_pen_path_count (LabPenPath *path, char question, guint least, guint most);
gboolean lab_pen_path_chance (LabPenPath *path, char question, double probability);

/* Takes the pen off the paper. */
void lab_pen_path_lift (LabPenPath *path);

/* Goes on to a point: through it smoothly, or turning sharply there. */
void lab_pen_path_to (LabPenPath *path, double x, double y);
void lab_pen_path_corner (LabPenPath *path, double x, double y);

/* Goes on to a corner in a line whose middle lies @bend of its length to the
 * right, seen in the direction of writing. */
void lab_pen_path_line (LabPenPath *path, double x, double y, double bend);

/* Goes on along an ellipse from one angle to another, its radii growing by and
 * by to @growth times what they were. */
void lab_pen_path_arc (LabPenPath *path, double x, double y, double radius_x, double radius_y,
                       double from, double to, double growth);

/* Tilts what has been planned since there were @first knots: what is right of @x
 * comes @rise times as far up as it is off, what is left of it down. */
void lab_pen_path_tilt (LabPenPath *path, guint first, double x, double rise);

G_END_DECLS
