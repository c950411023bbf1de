/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  LAB_OPTIMIZER_SGD,  /* stochastic gradient descent with momentum */
  LAB_OPTIMIZER_ADAM, /* with weight decay, AdamW */
} LabOptimizer;

/* How the learning rate moves in the course of a run. */
typedef enum
{
  LAB_SCHEDULE_CONSTANT,
  LAB_SCHEDULE_STEP,      /* is multiplied by the factor after every so many epochs */
  LAB_SCHEDULE_COSINE,    /* falls to 0 along half a cosine */
  LAB_SCHEDULE_ONE_CYCLE, /* rises during the warm-up, then falls to 0 */
  LAB_SCHEDULE_PLATEAU,   /* is multiplied by the factor when the loss has not become smaller
                           * for so many epochs */
} LabSchedule;

typedef enum
{
  LAB_PRECISION_FP32,
  LAB_PRECISION_BF16, /* the factors of products rounded to bfloat16, their sums in fp32 */
} LabPrecision;

/* How a network is trained. What is 0 does nothing. The loss that the plateau,
 * patience and restore_best watch is that of the images held out; without any,
 * that of the training. */
typedef struct
{
  guint        epochs;
  guint        batch_size;
  LabOptimizer optimizer;
  double       learning_rate;
  double       momentum;         /* for LAB_OPTIMIZER_SGD */
  LabSchedule  schedule;
  double       schedule_factor;  /* for LAB_SCHEDULE_STEP and _PLATEAU */
  guint        schedule_epochs;  /* for LAB_SCHEDULE_STEP and _PLATEAU */
  double       warm_up;          /* for LAB_SCHEDULE_ONE_CYCLE: share of the run */
  double       weight_decay;     /* share of each weight, times the learning rate, taken in each step */
  double       label_smoothing;  /* share of each label that is spread over all classes */
  double       clip_norm;        /* largest length of a gradient */
  double       average;          /* what each step leaves of a running average of the network, which is the one
                                  * that is tried and kept */
  double       rotation;         /* augmentation: at most so many degrees either way, */
  double       shift;            /* pixels, */
  double       zoom;             /* share of the size, */
  double       shear;            /* degrees, */
  double       elastic;          /* pixels that points are moved apart, standard deviation, */
  double       elastic_radius;   /* pixels within which they move together, */
  double       line_width;       /* pixels wider or narrower */
  double       doodles;          /* pictures that are no digit, as a share of the training images: they are
                                  * added to them and teach the network to say so */
  double       validation_share; /* part of the training images held out */
  guint        patience;         /* early stopping: epochs without a smaller loss */
  gboolean     restore_best;     /* keep the network of the epoch with the smallest loss */

  /* Of the run, not of the network; presets say nothing of them. */
  LabPrecision precision;
  guint64      seed;
  guint        threads;          /* 0 is one per processor */
} LabSettings;

#define LAB_TYPE_OPTIMIZER (lab_optimizer_get_type ())
#define LAB_TYPE_SCHEDULE (lab_schedule_get_type ())
#define LAB_TYPE_PRECISION (lab_precision_get_type ())

GType lab_optimizer_get_type (void);
GType lab_schedule_get_type (void);
GType lab_precision_get_type (void);

/* Returns the name of the instruction set that this processor computes
 * @precision with, as "avx512", or NULL if it cannot. */
const char *lab_precision_get_isa (LabPrecision precision);

G_END_DECLS
