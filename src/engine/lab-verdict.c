/* SPDX-License-Identifier: MIT */
#include "lab-verdict-private.h"

#include <glib/gi18n.h>

/* Weaker pixels are the edge of a line or specks of the paper. */
#define INK 64

/* The longer side of a digit is 19 or 20 pixels; a drawing of two pen widths, which
 * LabInk leaves small, is no longer than three lines are wide, about 7. */
#define MIN_SIDE 10

/* Two digits whose probabilities come to this are all that it can be. */
#define TWO_CLASSES 0.8f

G_DEFINE_ENUM_TYPE (LabVerdictKind, lab_verdict_kind,
                    G_DEFINE_ENUM_VALUE (LAB_VERDICT_NOTHING, "nothing"),
                    G_DEFINE_ENUM_VALUE (LAB_VERDICT_DIGIT, "digit"),
                    G_DEFINE_ENUM_VALUE (LAB_VERDICT_NOT_SURE, "not-sure"),
                    G_DEFINE_ENUM_VALUE (LAB_VERDICT_NOT_A_DIGIT, "not-a-digit"))

static gboolean
is_blank (const guint8 *image)
{
  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    if (image[i] != 0)
      return FALSE;
  return TRUE;
}

static gboolean
is_dot (const guint8 *image)
{
  int left = LAB_IMAGE_SIDE, right = -1, top = LAB_IMAGE_SIDE, bottom = -1;

  for (int y = 0; y < LAB_IMAGE_SIDE; y++)
    for (int x = 0; x < LAB_IMAGE_SIDE; x++)
      if (image[y * LAB_IMAGE_SIDE + x] >= INK)
        {
          left = MIN (left, x);
          right = MAX (right, x);
          top = MIN (top, y);
          bottom = MAX (bottom, y);
        }
  return right - left + 1 < MIN_SIDE && bottom - top + 1 < MIN_SIDE;
}

static void
find_likeliest (const float *probabilities, guint *first, guint *second)
{
  *first = probabilities[1] > probabilities[0];
  *second = 1 - *first;
  for (guint i = 2; i < LAB_N_CLASSES; i++)
    if (probabilities[i] > probabilities[*first])
      {
        *second = *first;
        *first = i;
      }
    else if (probabilities[i] > probabilities[*second])
      {
        *second = i;
      }
}

LabVerdict
lab_verdict_judge_at (double threshold, const guint8 *image, const float *probabilities)
{
  LabVerdict verdict;

  find_likeliest (probabilities, &verdict.first, &verdict.second);
  if (is_blank (image))
    verdict.kind = LAB_VERDICT_NOTHING;
  else if (is_dot (image))
    verdict.kind = LAB_VERDICT_NOT_A_DIGIT;
  else if (probabilities[verdict.first] >= threshold)
    verdict.kind = LAB_VERDICT_DIGIT;
  else if (probabilities[verdict.first] + probabilities[verdict.second] >= TWO_CLASSES)
    verdict.kind = LAB_VERDICT_NOT_SURE;
  else
    verdict.kind = LAB_VERDICT_NOT_A_DIGIT;
  return verdict;
}

LabVerdict
lab_verdict_judge (LabNetwork *network, const guint8 *image, const float *probabilities)
{
  return lab_verdict_judge_at (lab_network_get_threshold (network), image, probabilities);
}

char *
lab_verdict_dup_text (LabVerdict verdict)
{
  switch (verdict.kind)
    {
    case LAB_VERDICT_DIGIT:
      /* Translators: what was drawn, a digit from 0 to 9 */
      return g_strdup_printf (_("This is a %u"), verdict.first);
    case LAB_VERDICT_NOT_SURE:
      /* Translators: the two digits that a drawing may be, the likelier one first */
      return g_strdup_printf (_("Not sure: %u or %u"), verdict.first, verdict.second);
    case LAB_VERDICT_NOT_A_DIGIT:
      /* Translators: what was drawn is a scribble, a letter, … */
      return g_strdup (_("Not a digit"));
    case LAB_VERDICT_NOTHING:
    default:
      /* Translators: an invitation, where nothing has been drawn yet */
      return g_strdup (_("Draw a digit"));
    }
}
