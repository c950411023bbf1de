/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "nn-layer.h"

G_BEGIN_DECLS

/* Returns where ONNX keeps the weight of @layer, dense or conv2d, that we keep
 * at @i. ONNX's kernels are [units][inputs][height][width], and its dense
 * weights [units][inputs], or [inputs][units] unless @transposed. @picture is
 * what the inputs of a dense layer were before they were flattened: ONNX
 * flattens it channel by channel; 1 × 1 × n when they never were a picture. */
size_t lab_onnx_weight_index (const NnLayer *layer, NnShape picture, gboolean transposed, size_t i);

/* Splits the padding that keeps the size of a picture under a kernel of
 * @kernel pixels into what is put before and after it. */
void lab_onnx_same_padding (size_t kernel, gint64 *before, gint64 *after);

G_END_DECLS
