/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-ink.h"

G_BEGIN_DECLS

/* Drawings that are no digit, for a network to learn what to refuse and to be
 * tested with. */
typedef enum
{
  LAB_DOODLE_SCRIBBLES = 1 << 0, /* loops, zigzags, hatching, wandering lines, dots */
  LAB_DOODLE_LETTERS = 1 << 1,   /* those that look like no digit: not I, l, O, o, S, Z, z, … */
  LAB_DOODLE_SHAPES = 1 << 2,    /* triangles, stars, houses, arrows, faces, animals, … */
  LAB_DOODLE_ALL = 7,
} LabDoodleKinds;

/* Which of the doodles: those to learn from and those to test with have no
 * letter, shape or way of scribbling in common. The latter show what a network
 * does with what nobody thought of, so do not widen the former by them. */
typedef enum
{
  LAB_DOODLE_LEARN,
  LAB_DOODLE_TEST,
} LabDoodlePart;

/* Draws one of @kinds into @ink, which is emptied first, and says in @style how
 * thick its line is. @seed and @number name one doodle, the same on every
 * computer. */
void lab_doodle_draw (LabDoodleKinds kinds, LabDoodlePart part, guint64 seed, guint64 number,
                      LabInk *ink, LabInkStyle *style);

G_END_DECLS
