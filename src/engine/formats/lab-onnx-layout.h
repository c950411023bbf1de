/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "nn-layer.h"

G_BEGIN_DECLS

/* Returns where ONNX, which flattens pictures channel by channel, has the value
 * that we have at @i of what was @picture before it was flattened. Nothing moves
 * where @picture is 1 × 1 × n, which stands for values that never were one. */
size_t lab_onnx_flat_index (NnShape picture, size_t i);

/* Returns where ONNX keeps the weight of @layer that we keep at @i. ONNX's
 * kernels are [units][inputs][height][width], and its dense weights
 * [units][inputs], or [inputs][units] unless @transposed. @picture is what the
 * inputs of a dense or batch norm layer were before they were flattened. */
size_t lab_onnx_weight_index (const NnLayer *layer, NnShape picture, gboolean transposed, size_t i);

/* The same for its biases and running statistics, of which there is one for
 * each channel. */
size_t lab_onnx_channel_index (const NnLayer *layer, NnShape picture, size_t i);

/* Splits the padding that keeps the size of a picture under a kernel of
 * @kernel pixels into what is put before and after it. */
void lab_onnx_same_padding (size_t kernel, gint64 *before, gint64 *after);

G_END_DECLS
