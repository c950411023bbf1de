/* SPDX-License-Identifier: MIT */
#include "nn-plan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A cache line, and the width of the widest vector registers. */
#define ALIGNMENT 64

size_t
nn_size_add (size_t a, size_t b)
{
  return a > SIZE_MAX - b ? SIZE_MAX : a + b;
}

size_t
nn_size_mul (size_t a, size_t b)
{
  return b != 0 && a > SIZE_MAX / b ? SIZE_MAX : a * b;
}

size_t
nn_plan_reserve (NnPlan *plan, size_t count, size_t item_size)
{
  size_t offset = plan->size;
  size_t end = nn_size_add (offset, nn_size_mul (count, item_size));

  end = nn_size_add (end, ALIGNMENT - 1);
  plan->size = end == SIZE_MAX ? SIZE_MAX : end / ALIGNMENT * ALIGNMENT;
  return offset;
}

NnStatus
nn_plan_allocate (const NnPlan *plan, void **block)
{
  if (plan->size == SIZE_MAX)
    return NN_TOO_LARGE;

  *block = aligned_alloc (ALIGNMENT, plan->size > 0 ? plan->size : ALIGNMENT);
  if (*block == NULL)
    return NN_NO_MEMORY;
  return NN_OK;
}

NnStatus
nn_plan_allocate_zeroed (const NnPlan *plan, void **block)
{
  NnStatus status = nn_plan_allocate (plan, block);

  if (status == NN_OK)
    memset (*block, 0, plan->size);
  return status;
}
