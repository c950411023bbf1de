/* SPDX-License-Identifier: MIT */
#include "lab-doodle.h"

#include "lab-drawing-paths.h"
#include "lab-hand.h"
#include "lab-scribble-paths.h"

/* Streams of random numbers, see nn_rng_for(). */
#define LEARN_STREAM 0x6c6561726e
#define TEST_STREAM 0x74657374

static const struct
{
  LabDoodleKinds kind;
  guint (*count) (gboolean test);
  void (*plan) (LabPenPath *path, gboolean test, guint i);
} kinds_known[] = {
  { LAB_DOODLE_SCRIBBLES, lab_scribble_path_count, lab_scribble_path_plan },
  { LAB_DOODLE_LETTERS, lab_letter_path_count, lab_letter_path_plan },
  { LAB_DOODLE_SHAPES, lab_shape_path_count, lab_shape_path_plan },
};

/* Returns which of @kinds is drawn. */
static guint
choose_kind (LabDoodleKinds kinds, NnRng *rng)
{
  guint chosen = 0;
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (kinds_known); i++)
    if ((kinds & kinds_known[i].kind) != 0 && nn_rng_below (rng, ++n) == 0)
      chosen = i;
  return chosen;
}

void
lab_doodle_draw (LabDoodleKinds kinds, LabDoodlePart part, guint64 seed, guint64 number,
                 LabInk *ink, LabInkStyle *style)
{
  gboolean test = part == LAB_DOODLE_TEST;
  NnRng rng = nn_rng_for (seed, test ? TEST_STREAM : LEARN_STREAM, number);
  LabPenPath path;
  LabHand hand;
  guint kind;

  g_return_if_fail ((kinds & LAB_DOODLE_ALL) != 0);

  kind = choose_kind (kinds, &rng);
  lab_hand_choose (&hand, &rng, 1);
  lab_hand_choose_style (style, &rng);

  lab_pen_path_begin (&path, rng);
  kinds_known[kind].plan (&path, test, nn_rng_below (&path.rng, kinds_known[kind].count (test)));
  lab_hand_write (&hand, &path, ink);
}
