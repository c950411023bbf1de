/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-verdict.h"

G_BEGIN_DECLS

/* What lab_verdict_judge() does, for probabilities that are a digit's from
 * @threshold on. */
LabVerdict lab_verdict_judge_at (double threshold, const guint8 *image, const float *probabilities);

G_END_DECLS
