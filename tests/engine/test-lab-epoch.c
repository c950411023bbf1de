/* SPDX-License-Identifier: MIT */
#include "lab-epoch.h"

#include <math.h>

static void
test_values (void)
{
  LabEpoch *self = lab_epoch_new (3, 0.25, 0.9375, 0.5, 0.875, 0.01, 1.5);
  double loss, accuracy, val_loss, val_accuracy, learning_rate, seconds;
  guint epoch;

  g_assert_cmpuint (lab_epoch_get_epoch (self), ==, 3);
  g_assert_cmpfloat (lab_epoch_get_loss (self), ==, 0.25);
  g_assert_cmpfloat (lab_epoch_get_accuracy (self), ==, 0.9375);
  g_assert_cmpfloat (lab_epoch_get_val_loss (self), ==, 0.5);
  g_assert_cmpfloat (lab_epoch_get_val_accuracy (self), ==, 0.875);
  g_assert_cmpfloat (lab_epoch_get_learning_rate (self), ==, 0.01);
  g_assert_cmpfloat (lab_epoch_get_seconds (self), ==, 1.5);

  g_object_get (self,
                "epoch", &epoch,
                "loss", &loss,
                "accuracy", &accuracy,
                "val-loss", &val_loss,
                "val-accuracy", &val_accuracy,
                "learning-rate", &learning_rate,
                "seconds", &seconds,
                NULL);
  g_assert_cmpuint (epoch, ==, 3);
  g_assert_cmpfloat (loss, ==, 0.25);
  g_assert_cmpfloat (accuracy, ==, 0.9375);
  g_assert_cmpfloat (val_loss, ==, 0.5);
  g_assert_cmpfloat (val_accuracy, ==, 0.875);
  g_assert_cmpfloat (learning_rate, ==, 0.01);
  g_assert_cmpfloat (seconds, ==, 1.5);

  g_assert_finalize_object (self);
}

static void
test_without_validation (void)
{
  g_autoptr (LabEpoch) self = lab_epoch_new (1, 0.25, 0.5, NAN, NAN, 0.01, 1);
  double val_loss, val_accuracy;

  g_object_get (self, "val-loss", &val_loss, "val-accuracy", &val_accuracy, NULL);
  g_assert_true (isnan (val_loss));
  g_assert_true (isnan (val_accuracy));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/epoch/values", test_values);
  g_test_add_func ("/epoch/without-validation", test_without_validation);

  return g_test_run ();
}
