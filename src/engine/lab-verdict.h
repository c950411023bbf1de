/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-network.h"

G_BEGIN_DECLS

typedef enum
{
  LAB_VERDICT_NOTHING,     /* there is no ink */
  LAB_VERDICT_DIGIT,       /* this is the first class */
  LAB_VERDICT_NOT_SURE,    /* it may be the first or the second class */
  LAB_VERDICT_NOT_A_DIGIT,
} LabVerdictKind;

/* What a network says of a picture in a word. */
typedef struct
{
  LabVerdictKind kind;
  guint          first;  /* the class with the largest probability */
  guint          second; /* and with the next */
} LabVerdict;

#define LAB_TYPE_VERDICT_KIND (lab_verdict_kind_get_type ())
GType lab_verdict_kind_get_type (void);

/* Judges an image of LAB_IMAGE_SIZE bytes, ink 255 on 0, by the LAB_N_CLASSES
 * @probabilities that @network gives it. An image without ink is nothing and a
 * dot is not a digit, whatever the probabilities; else it is a digit when the
 * largest of them reaches lab_network_get_threshold(). */
LabVerdict lab_verdict_judge (LabNetwork *network, const guint8 *image, const float *probabilities);

/* Returns the verdict for people, "This is a 7", "Not sure: 1 or 7", "Not a
 * digit", "Draw a digit"; transfer full. */
char *lab_verdict_dup_text (LabVerdict verdict);

G_END_DECLS
