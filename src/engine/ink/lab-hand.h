/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-pen-path.h"

G_BEGIN_DECLS

/* How a hand carries out a plan. Lengths are in the unit of the knots. */
typedef struct
{
  double slant;     /* tangent of the angle that upright lines lean to the right */
  double turn;      /* radians clockwise */
  double width;     /* times as wide as planned */
  double bend[6];   /* what a quadratic warp adds: see lab-hand.c */
  double careless;  /* standard deviation of how far knots are missed */
  double rounding;  /* share of the shorter side by which a corner is cut */
  double tremor;    /* standard deviation of a point's distance from the line */
  double lightness; /* how much less pressure where the pen is fast, 0 … 1 */
  double taper;     /* how much less pressure at the end of a stroke; more when negative */
  double grain;     /* standard deviation of the pressure from one point to the next */
  double angular;   /* how far the line goes from a smooth one to straight pieces, 0 … 1 */
  double tick;      /* length of the hooks where the pen lands and leaves */
} LabHand;

/* Draws a hand as people's hands are, with a pen or a mouse, with @variety times the usual spread. */
void lab_hand_choose (LabHand *hand, NnRng *rng, double variety);

/* Chooses a line as pens have. */
void lab_hand_choose_style (LabInkStyle *style, NnRng *rng);

/* Writes @path into @ink, which is emptied first. Changes the path. */
void lab_hand_write (const LabHand *hand, LabPenPath *path, LabInk *ink);

G_END_DECLS
