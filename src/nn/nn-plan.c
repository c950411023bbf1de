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
  size_t size = nn_size_add (plan->size, ALIGNMENT + sizeof (void *));
  char *memory, *aligned;

  if (size == SIZE_MAX)
    return NN_TOO_LARGE;

  /* Aligned by hand: glibc before 2.38 finds no room for aligned_alloc() where a
   * block of the same size was freed, and so grows with every network of a run. */
  memory = malloc (size);
  if (memory == NULL)
    return NN_NO_MEMORY;
  aligned = memory + sizeof (void *);
  aligned += (ALIGNMENT - (uintptr_t) aligned % ALIGNMENT) % ALIGNMENT;
  memcpy (aligned - sizeof memory, &memory, sizeof memory);
  *block = aligned;
  return NN_OK;
}

void
nn_plan_free (void *block)
{
  char *memory;

  if (block == NULL)
    return;
  memcpy (&memory, (char *) block - sizeof memory, sizeof memory);
  free (memory);
}

NnStatus
nn_plan_allocate_zeroed (const NnPlan *plan, void **block)
{
  NnStatus status = nn_plan_allocate (plan, block);

  if (status == NN_OK)
    memset (*block, 0, plan->size);
  return status;
}

static bool
meet (const NnSpan *a, const NnSpan *b)
{
  return a->is_placed && a->birth <= b->death && b->birth <= a->death
         && a->offset < nn_size_add (b->offset, b->size) && b->offset < nn_size_add (a->offset, a->size);
}

/* Puts @span at the front, or right behind one of the placed ones: as far in
 * front as it meets none that is in use at the same time. */
static void
place_span (const NnSpan *spans, size_t n, NnSpan *span)
{
  size_t best = SIZE_MAX;

  for (size_t candidate = 0; candidate <= n; candidate++)
    {
      bool is_free = candidate == n || spans[candidate].is_placed;

      span->offset = candidate == n ? 0 : nn_size_add (spans[candidate].offset, spans[candidate].size);
      for (size_t i = 0; is_free && i < n; i++)
        is_free = !meet (&spans[i], span);
      if (is_free)
        best = nn_smaller (best, span->offset);
    }
  span->offset = best;
  span->is_placed = true;
}

static size_t
find_unplaced (const NnSpan *spans, size_t n)
{
  size_t largest = n;

  for (size_t i = 0; i < n; i++)
    if (spans[i].size > 0 && !spans[i].is_placed && (largest == n || spans[i].size > spans[largest].size))
      largest = i;
  return largest;
}

size_t
nn_plan_place (NnSpan *spans, size_t n)
{
  size_t size = 0;

  for (size_t i; (i = find_unplaced (spans, n)) < n;)
    {
      place_span (spans, n, &spans[i]);
      size = nn_larger (size, nn_size_add (spans[i].offset, spans[i].size));
    }
  return size;
}
