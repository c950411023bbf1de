/* SPDX-License-Identifier: MIT */

/* The tables of kernels, one for each instruction set. Each is made in a file
 * of its own from the functions that the headers of this folder define there. */
#pragma once

#include "nn-kernels.h"

extern const NnKernels nn_kernels_reference;
extern const NnKernels nn_kernels_avx2;
extern const NnKernels nn_kernels_avx512;
extern const NnKernels nn_kernels_avx512_bf16;
extern const NnKernels nn_kernels_neon;

/* Defines the table @isa, called @title, of the functions in this file. */
#define NN_DEFINE_KERNELS(isa, title, processor)           \
  const NnKernels nn_kernels_##isa = {                     \
    .name = title,                                         \
    .cpu = processor,                                      \
    .gemm = gemm,                                          \
    .winograd_input = winograd_input,                      \
    .winograd_output = winograd_output,                    \
    .winograd_output_gradient = winograd_output_gradient,  \
    .winograd_input_gradient = winograd_input_gradient,    \
    .winograd_kernel = winograd_kernel,                    \
    .winograd_kernel_gradient = winograd_kernel_gradient,  \
    .relu = relu,                                          \
    .relu_gradient = relu_gradient,                        \
    .dropout = dropout,                                    \
    .add_rows = add_rows,                                  \
    .scale_rows = scale_rows,                              \
    .sum_moments = sum_moments,                            \
    .sum_gradients = sum_gradients,                        \
    .combine_rows = combine_rows,                          \
    .max_pool = max_pool,                                  \
    .max_pool_gradient = max_pool_gradient,                \
    .sgd = sgd,                                            \
    .adam = adam,                                          \
    .multiply_add = multiply_add,                          \
  };
