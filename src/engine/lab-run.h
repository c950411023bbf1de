/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-settings.h"

G_BEGIN_DECLS

/* The settings of one training run, see LabSettings. Properties, all read-write
 * and notified:
 *
 *   preset            string        a name of lab-preset.h; setting another one
 *                                   sets all that follow, up to restore-best
 *   epochs            uint          1 … 1000
 *   batch-size        uint          1 … 4096
 *   optimizer         LabOptimizer
 *   learning-rate     double        1e-6 … 10
 *   momentum          double        0 … 0.999
 *   schedule          LabSchedule
 *   schedule-factor   double        0.001 … 0.999
 *   schedule-epochs   uint          1 … 1000
 *   warm-up           double        0 … 0.9
 *   weight-decay      double        0 … 10
 *   label-smoothing   double        0 … 0.9
 *   clip-norm         double        0 … 1000
 *   average           double        0 … 0.9999
 *   rotation          double        0 … 45
 *   shift             double        0 … 10
 *   zoom              double        0 … 0.5
 *   shear             double        0 … 45
 *   elastic           double        0 … 5
 *   elastic-radius    double        1 … 20
 *   line-width        double        0 … 2
 *   doodles           double        0 … 1
 *   validation-share  double        0 … 0.5
 *   patience          uint          0 … 1000
 *   restore-best      boolean
 *   precision         LabPrecision
 *   seed              uint64
 *   threads           uint          0 … 256
 */
#define LAB_TYPE_RUN (lab_run_get_type ())
G_DECLARE_FINAL_TYPE (LabRun, lab_run, LAB, RUN, GObject)

LabRun *lab_run_new (void);
LabRun *lab_run_copy (LabRun *self);

const char *lab_run_get_preset (LabRun *self);
void        lab_run_set_preset (LabRun *self, const char *preset);

/* Returns all properties but the preset; owned by @self and as they are now. */
const LabSettings *lab_run_get_settings (LabRun *self);

/* Returns the value of @property as text, in no language: "0.01", "one-cycle",
 * "on"; transfer full. */
char *lab_run_dup_text (LabRun *self, const char *property);

/* Returns the name of the property whose value leaves @property without effect,
 * as "optimizer" does "momentum" when it is Adam; NULL if there is none. */
const char *lab_run_find_obstacle (LabRun *self, const char *property);

/* Returns the names of the properties that have a part in what comes of the run:
 * not the number of threads, and nothing that is without effect, 0 or off. The
 * seed and the validation share are always among them. NULL-terminated; transfer
 * container (g_free()). */
const char **lab_run_list_effective (LabRun *self);

G_END_DECLS
