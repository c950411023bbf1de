/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "nn-status.h"

/* Sizes are computed with sums and products that stick at SIZE_MAX instead of
 * wrapping around: one check at the end finds any overflow on the way. */
size_t nn_size_add (size_t a, size_t b);
size_t nn_size_mul (size_t a, size_t b);

static inline size_t
nn_smaller (size_t a, size_t b)
{
  return a < b ? a : b;
}

static inline size_t
nn_larger (size_t a, size_t b)
{
  return a > b ? a : b;
}

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

/* Allocates the block. Free with nn_plan_free(). Memory that is never touched
 * costs nothing, so a block need not be cleared if its arrays are written first. */
NN_MUST_CHECK NnStatus nn_plan_allocate (const NnPlan *plan, void **block);
NN_MUST_CHECK NnStatus nn_plan_allocate_zeroed (const NnPlan *plan, void **block);

/* NULL is allowed. */
void nn_plan_free (void *block);

/* An array that is in use from the beginning of step @birth to the end of step
 * @death of some work; @size is in whatever unit the offsets are to be. */
typedef struct
{
  size_t size;
  size_t birth, death;
  bool is_placed;
  size_t offset;
} NnSpan;

/* Lays @n arrays out so that none meets another that is in use at the same time,
 * the largest first, each as far in front as it can be. Writes their offsets and
 * returns the size of it all. Those of size 0 are left out. */
size_t nn_plan_place (NnSpan *spans, size_t n);
