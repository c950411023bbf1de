/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-pen-path.h"

G_BEGIN_DECLS

/* Plans how @digit is written, in one of the ways that people have. */
void lab_digit_path_plan (LabPenPath *path, guint digit);

/* What lab_digit_path_plan() finds in another file. */
void lab_digit_path_plan_five (LabPenPath *p);
void lab_digit_path_plan_six (LabPenPath *p);
void lab_digit_path_plan_seven (LabPenPath *p);
void lab_digit_path_plan_eight (LabPenPath *p);
void lab_digit_path_plan_nine (LabPenPath *p);

G_END_DECLS
