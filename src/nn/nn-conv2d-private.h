/* SPDX-License-Identifier: MIT */
#pragma once

#include "nn-layer-private.h"

/* Returns how many rows or columns of zeros lie before the picture under a
 * kernel of that size. */
size_t nn_conv2d_padding (const NnLayer *layer, size_t kernel);

/* Winograd's algorithm, for the convolutions that it suits; see nn-winograd.c.
 * The functions are those of NnLayerType. */
bool nn_winograd_suits (const NnLayer *layer);
size_t nn_winograd_prepared_size (const NnLayer *layer);
size_t nn_winograd_shard_size (const NnLayer *layer);
size_t nn_winograd_scratch_size (const NnLayer *layer);
void nn_winograd_prepare_forward (const NnUnit *unit, NnPool *pool);
void nn_winograd_prepare_backward (const NnUnit *unit, NnPool *pool);
void nn_winograd_forward (const NnUnit *unit, const NnSlice *slice);
void nn_winograd_forward_together (const NnUnit *unit, const NnSlice *slice, NnPool *pool);
void nn_winograd_backward (const NnUnit *unit, const NnSlice *slice);
void nn_winograd_finish_shard (const NnUnit *unit, const NnSlice *slice);
