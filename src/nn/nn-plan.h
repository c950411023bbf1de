/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "nn-status.h"

/* Sizes are computed with sums and products that stick at SIZE_MAX instead of
 * wrapping around: one check at the end finds any overflow on the way. */
size_t nn_size_add (size_t a, size_t b);
size_t nn_size_mul (size_t a, size_t b);

/* Lays several arrays out in one block of memory: first every array is
 * reserved, then the block is allocated once, then each array is found at its
 * offset. Start from all zero. */
typedef struct
{
  size_t size; /* bytes so far; SIZE_MAX after an overflow */
} NnPlan;

/* Returns the offset of an array of @count items of @item_size bytes, aligned
 * for any vector instruction. */
size_t nn_plan_reserve (NnPlan *plan, size_t count, size_t item_size);

/* Allocates the block. Free with free(). Memory that is never touched costs
 * nothing, so a block need not be cleared if its arrays are written first. */
NN_MUST_CHECK NnStatus nn_plan_allocate (const NnPlan *plan, void **block);
NN_MUST_CHECK NnStatus nn_plan_allocate_zeroed (const NnPlan *plan, void **block);
