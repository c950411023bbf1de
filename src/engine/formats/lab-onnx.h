/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "nn-network.h"

G_BEGIN_DECLS

/* Writes @network as an ONNX model, opset 13, IR version 7: input `image`,
 * float N × 1 × 28 × 28 in 0 … 1 (N×channels×height×width in general), output
 * `logits`, N × classes. ONNX keeps pictures channels first and ours run
 * channels last, so convolution kernels and whatever counts the values of a
 * picture that was flattened, the rows of a dense layer and the parameters of
 * batch norm, are put in ONNX's order here. The operators are those for
 * inference; what only training needs, the rate of dropout and the momentum of
 * batch norm, goes along. @metadata (string → string, may be NULL) becomes
 * metadata_props, sorted by key. What ONNX has no word for, a dense layer on a
 * picture that was not flattened, a picture layer after a flat one or an output
 * that is a picture, is LAB_ERROR_UNSUPPORTED; weights that are not finite are
 * LAB_ERROR_DIVERGED. Transfer full. */
GBytes *lab_onnx_write (const NnNetwork *network, GHashTable *metadata, GError **error);

/* Reads what lab_onnx_write() writes, and any model made of the same operators
 * in a single chain, opset 7 to 21:
 *
 *   Conv                    stride 1, no dilation or groups, no padding or
 *                           padding that keeps the size
 *   Gemm                    alpha and beta 1, transA 0
 *   BatchNormalization      by channel, with running statistics
 *   Relu, LeakyRelu (alpha from 0 up to below 1), Sigmoid, Tanh
 *   MaxPool, AveragePool    stride equal to the kernel, no padding, ceil_mode 0
 *   GlobalAveragePool
 *   Dropout                 ratio from 0 up to below 1
 *   Flatten                 axis 1
 *   Pad                     of nothing, as PyTorch has it before AveragePool
 *
 * A padded Conv with a 1 × 1 kernel is read as not padded, which is the same
 * thing. Numbers that ONNX has in single precision and we have in double become
 * the shortest decimal number, so that 0.9 is 0.9 again. @bytes are not trusted:
 * what is allocated stays within a few times their size. An error starts with
 * @name and says which operator, attribute or size it is about. *@metadata (may
 * be NULL) is a new table. Free with nn_network_free(). */
NnNetwork *lab_onnx_read (GBytes *bytes, const char *name, GHashTable **metadata, GError **error);

G_END_DECLS
