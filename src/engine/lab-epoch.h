/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What one epoch of training gave; immutable. Properties, all read-only:
 * epoch (uint, from 1), loss and val-loss (double, nats), accuracy and
 * val-accuracy (double, 0 … 1), learning-rate (double, of the last step),
 * seconds (double). The val- figures are NAN when no samples were held out. */
#define LAB_TYPE_EPOCH (lab_epoch_get_type ())
G_DECLARE_FINAL_TYPE (LabEpoch, lab_epoch, LAB, EPOCH, GObject)

LabEpoch *lab_epoch_new (guint  epoch,
                         double loss,
                         double accuracy,
                         double val_loss,
                         double val_accuracy,
                         double learning_rate,
                         double seconds);

guint  lab_epoch_get_epoch (LabEpoch *self);
double lab_epoch_get_loss (LabEpoch *self);
double lab_epoch_get_accuracy (LabEpoch *self);
double lab_epoch_get_val_loss (LabEpoch *self);
double lab_epoch_get_val_accuracy (LabEpoch *self);
double lab_epoch_get_learning_rate (LabEpoch *self);
double lab_epoch_get_seconds (LabEpoch *self);

G_END_DECLS
