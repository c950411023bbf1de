/* SPDX-License-Identifier: MIT */
#include "lab-settings-private.h"

#include <glib/gi18n.h>

#include "lab-error.h"

G_DEFINE_ENUM_TYPE (LabOptimizer, lab_optimizer,
                    G_DEFINE_ENUM_VALUE (LAB_OPTIMIZER_SGD, "sgd"),
                    G_DEFINE_ENUM_VALUE (LAB_OPTIMIZER_ADAM, "adam"))

G_DEFINE_ENUM_TYPE (LabSchedule, lab_schedule,
                    G_DEFINE_ENUM_VALUE (LAB_SCHEDULE_CONSTANT, "constant"),
                    G_DEFINE_ENUM_VALUE (LAB_SCHEDULE_STEP, "step"),
                    G_DEFINE_ENUM_VALUE (LAB_SCHEDULE_COSINE, "cosine"),
                    G_DEFINE_ENUM_VALUE (LAB_SCHEDULE_ONE_CYCLE, "one-cycle"),
                    G_DEFINE_ENUM_VALUE (LAB_SCHEDULE_PLATEAU, "plateau"))

G_DEFINE_ENUM_TYPE (LabPrecision, lab_precision,
                    G_DEFINE_ENUM_VALUE (LAB_PRECISION_FP32, "fp32"),
                    G_DEFINE_ENUM_VALUE (LAB_PRECISION_BF16, "bf16"))

static const NnKernels *
find_kernels (LabPrecision precision)
{
  return precision == LAB_PRECISION_BF16 ? nn_kernels_find ("avx512-bf16") : nn_kernels ();
}

const char *
lab_precision_get_isa (LabPrecision precision)
{
  const NnKernels *kernels = find_kernels (precision);

  return kernels != NULL ? kernels->name : NULL;
}

gboolean
lab_settings_to_options (const LabSettings *settings, NnTrainOptions *options, GError **error)
{
  static const NnOptimizerKind optimizers[] = {
    [LAB_OPTIMIZER_SGD] = NN_SGD,
    [LAB_OPTIMIZER_ADAM] = NN_ADAM,
  };
  static const NnScheduleKind schedules[] = {
    [LAB_SCHEDULE_CONSTANT] = NN_CONSTANT,
    [LAB_SCHEDULE_STEP] = NN_STEP,
    [LAB_SCHEDULE_COSINE] = NN_COSINE,
    [LAB_SCHEDULE_ONE_CYCLE] = NN_ONE_CYCLE,
    [LAB_SCHEDULE_PLATEAU] = NN_PLATEAU,
  };

  *options = (NnTrainOptions){
    .epochs = settings->epochs,
    .batch_size = settings->batch_size,
    .optimizer = optimizers[settings->optimizer],
    .momentum = settings->momentum,
    .weight_decay = settings->weight_decay,
    .schedule = {
      .kind = schedules[settings->schedule],
      .learning_rate = settings->learning_rate,
      .factor = settings->schedule_factor,
      .epochs = settings->schedule_epochs,
      .warm_up = settings->warm_up,
    },
    .label_smoothing = settings->label_smoothing,
    .clip_norm = settings->clip_norm,
    .average = settings->average,
    .augmentation = {
      .rotation = settings->rotation,
      .shift = settings->shift,
      .zoom = settings->zoom,
      .shear = settings->shear,
      .elastic = settings->elastic,
      .elastic_radius = settings->elastic_radius,
      .line_width = settings->line_width,
    },
    .validation_share = settings->validation_share,
    .calibrate = true,
    .patience = settings->patience,
    .restore_best = settings->restore_best,
    .seed = settings->seed,
    .kernels = find_kernels (settings->precision),
  };
  if (options->kernels != NULL)
    return TRUE;

  g_set_error_literal (error, LAB_ERROR, LAB_ERROR_UNSUPPORTED,
                       _("This processor has no bfloat16 products (AVX-512 BF16), which the precision “bf16” needs; "
                         "“fp32” works on every processor"));
  return FALSE;
}
