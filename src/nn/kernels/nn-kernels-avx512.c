/* SPDX-License-Identifier: MIT */
#include "nn-kernels-table.h"

#include "nn-gemm.h"
#include "nn-loops.h"
#include "nn-multiply-add.h"
#include "nn-winograd.h"

NN_DEFINE_KERNELS (avx512, "avx512", NN_CPU_AVX512)
