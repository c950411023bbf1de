/* SPDX-License-Identifier: MIT */
#include "lab-handwriting.h"

#include "lab-digit-paths.h"
#include "lab-hand.h"

#include <math.h>
#include <string.h>

/* Streams of random numbers, see nn_rng_for(). */
#define WRITE_STREAM 0x77726974
#define VARY_STREAM 0x76617279
#define ROUGHEN_STREAM 0x726f756768

/* How far apart the knots are that a drawing is followed through, as a share of
 * its longer side, and the most of them. */
#define KNOT_DISTANCE 0.05
#define KNOT_COUNT 120

/* Where a drawing turns by more than 75° it has a corner. */
#define CORNER_COSINE 0.26

/* A drawing with a longer side shorter than this has no size. */
#define MIN_EXTENT 1e-9

/* Digits lean to the right more often than to the left. */
#define MEAN_SLANT 0.2

void
lab_handwriting_write (guint digit, guint64 seed, guint64 number, LabInk *ink, LabInkStyle *style)
{
  NnRng rng = nn_rng_for (seed, WRITE_STREAM + digit, number);
  LabPenPath path;
  LabHand hand;

  g_return_if_fail (digit < LAB_N_CLASSES);

  lab_hand_choose (&hand, &rng, 1);
  hand.slant += MEAN_SLANT;
  lab_hand_choose_style (style, &rng);
  if (digit == 1)
    style->line_width = MIN (1.25 * style->line_width, 7);

  lab_pen_path_begin (&path, rng);
  lab_digit_path_plan (&path, digit);
  lab_hand_write (&hand, &path, ink);
}

/* Returns how long the lines of @model are. */
static double
measure (LabInk *model)
{
  double length = 0;

  for (guint i = 0; i < lab_ink_get_n_strokes (model); i++)
    {
      gsize n;
      const LabInkPoint *points = lab_ink_get_stroke (model, i, &n);

      for (gsize k = 1; k < n; k++)
        length += hypot (points[k].x - points[k - 1].x, points[k].y - points[k - 1].y);
    }
  return length;
}

static gboolean
is_corner (const LabKnot *before, const LabKnot *knot, const LabKnot *after)
{
  double in_x = knot->x - before->x, in_y = knot->y - before->y;
  double out_x = after->x - knot->x, out_y = after->y - knot->y;

  return in_x * out_x + in_y * out_y < CORNER_COSINE * hypot (in_x, in_y) * hypot (out_x, out_y);
}

/* Plans a path through the points of @model, which become 1 high or wide. */
static void
follow (LabInk *model, const LabInkBox *box, double scale, LabPenPath *path)
{
  double left = 0.5 - scale * (box->right - box->left) / 2;
  double top = 0.5 - scale * (box->bottom - box->top) / 2;
  double apart = MAX (KNOT_DISTANCE, scale * measure (model) / KNOT_COUNT);

  for (guint i = 0; i < lab_ink_get_n_strokes (model); i++)
    {
      gsize n;
      const LabInkPoint *points = lab_ink_get_stroke (model, i, &n);
      double last_x = -G_MAXDOUBLE, last_y = -G_MAXDOUBLE;

      lab_pen_path_lift (path);
      for (gsize k = 0; k < n; k++)
        {
          double x = left + scale * (points[k].x - box->left);
          double y = top + scale * (points[k].y - box->top);

          if (k > 0 && k + 1 < n && hypot (x - last_x, y - last_y) < apart)
            continue;
          lab_pen_path_to (path, x, y);
          last_x = x;
          last_y = y;
        }
    }

  for (guint i = 1; i + 1 < path->n_knots; i++)
    if (path->knots[i].kind == LAB_KNOT_SMOOTH && path->knots[i + 1].kind != LAB_KNOT_START
        && is_corner (&path->knots[i - 1], &path->knots[i], &path->knots[i + 1]))
      path->knots[i].kind = LAB_KNOT_CORNER;
}

void
lab_handwriting_vary (LabInk *model, guint64 seed, guint64 number, LabInk *ink, LabInkStyle *style)
{
  NnRng rng = nn_rng_for (seed, VARY_STREAM, number);
  double pen_width = lab_ink_get_pen_width (model);
  LabInkBox box;
  LabPenPath path;
  LabHand hand;
  double scale = 1;

  g_return_if_fail (model != ink);

  lab_hand_choose (&hand, &rng, 0.8);
  hand.rounding /= 2;
  hand.careless /= 4; /* there are many more knots than in a plan */
  hand.tick /= 2;
  lab_hand_choose_style (style, &rng);
  lab_pen_path_begin (&path, rng);

  if (lab_ink_get_box (model, &box))
    {
      scale = MAX (box.right - box.left, box.bottom - box.top);
      scale = scale > MIN_EXTENT ? 1 / scale : 1;
      follow (model, &box, scale, &path);
    }
  lab_hand_write (&hand, &path, ink);
  lab_ink_set_pen_width (ink, MIN (pen_width * scale, LAB_INK_MAX_COORDINATE));
}

/* How ink and scanner turn what a line covers of a pixel into grey. */
typedef struct
{
  double blur;      /* share that is spread over the neighbours */
  double noise;     /* largest error where half of a pixel is covered */
  double contrast;  /* how steeply grey rises with the coverage */
  double threshold; /* coverage that becomes a middle grey */
} Roughness;

static guint8
roughen_pixel (const Roughness *roughness, NnRng *rng, double coverage, double around)
{
  double blurred = coverage + roughness->blur * (around - coverage);
  double error = nn_rng_uniform (rng);
  double grey;

  error -= nn_rng_uniform (rng);
  grey = blurred + 4 * blurred * (1 - blurred) * roughness->noise * error;
  grey = 0.5 + roughness->contrast * (grey - roughness->threshold);
  return 255 * CLAMP (grey, 0, 1) + 0.5;
}

void
lab_handwriting_roughen (guint8 *image, guint64 seed, guint64 number)
{
  NnRng rng = nn_rng_for (seed, ROUGHEN_STREAM, number);
  guint8 framed[(LAB_IMAGE_SIDE + 2) * LAB_IMAGE_SIDE + 2] = { 0 }; /* so that every pixel has four neighbours */
  Roughness roughness;

  roughness.blur = 0.2 * nn_rng_uniform (&rng);
  roughness.noise = nn_rng_uniform (&rng);
  roughness.contrast = 0.8 + 1.2 * nn_rng_uniform (&rng);
  roughness.threshold = 0.35 + 0.3 * nn_rng_uniform (&rng);

  memcpy (framed + LAB_IMAGE_SIDE + 1, image, LAB_IMAGE_SIZE);
  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    {
      const guint8 *pixel = framed + LAB_IMAGE_SIDE + 1 + i;
      guint around = pixel[-LAB_IMAGE_SIDE] + pixel[-1] + pixel[1] + pixel[LAB_IMAGE_SIDE];

      /* The middle of the line and the paper stay clean. */
      if (*pixel + around > 0 && *pixel + around < 5 * 255)
        image[i] = roughen_pixel (&roughness, &rng, *pixel / 255.0, around / (4 * 255.0));
    }
}
