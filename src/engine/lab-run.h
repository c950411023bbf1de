/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* The settings of one training run. Properties, all read-write and notified:
 *
 *   preset            string   a name of lab-preset.h; setting another one sets
 *                              epochs, batch-size and learning-rate to its
 *                              defaults
 *   epochs            uint     1 … 1000
 *   batch-size        uint     1 … 4096
 *   learning-rate     double   1e-6 … 10
 *   validation-share  double   0 … 0.5, part of the training images held out
 *   seed              uint64
 *   threads           uint     0 is one per processor
 */
#define LAB_TYPE_RUN (lab_run_get_type ())
G_DECLARE_FINAL_TYPE (LabRun, lab_run, LAB, RUN, GObject)

LabRun *lab_run_new (void);
LabRun *lab_run_copy (LabRun *self);

const char *lab_run_get_preset (LabRun *self);
guint       lab_run_get_epochs (LabRun *self);
guint       lab_run_get_batch_size (LabRun *self);
double      lab_run_get_learning_rate (LabRun *self);
double      lab_run_get_validation_share (LabRun *self);
guint64     lab_run_get_seed (LabRun *self);
guint       lab_run_get_threads (LabRun *self);

void lab_run_set_preset (LabRun *self, const char *preset);
void lab_run_set_epochs (LabRun *self, guint epochs);
void lab_run_set_batch_size (LabRun *self, guint batch_size);
void lab_run_set_learning_rate (LabRun *self, double learning_rate);
void lab_run_set_validation_share (LabRun *self, double share);
void lab_run_set_seed (LabRun *self, guint64 seed);
void lab_run_set_threads (LabRun *self, guint threads);

G_END_DECLS
