/* SPDX-License-Identifier: MIT */
#include "nn-samples.h"

#define CACHE_LINE 64

typedef struct
{
  const NnSamples *samples;
  const NnLoading *loading;
  size_t first;
  size_t count;
  size_t part; /* samples for each task */
  size_t size; /* of a picture */
  NnReal *input;
} Job;

NnStatus
nn_samples_check (const NnSamples *samples, NnShape input)
{
  if (samples->count == 0 || samples->count > UINT32_MAX)
    return NN_BAD_ARGUMENT;
  if (samples->shape.height != input.height || samples->shape.width != input.width
      || samples->shape.channels != input.channels)
    return NN_BAD_SHAPE;
  return NN_OK;
}

NnStatus
nn_samples_check_labels (const NnSamples *samples, size_t classes)
{
  for (size_t i = 0; i < samples->count; i++)
    if (samples->labels[i] >= classes && samples->labels[i] != NN_NO_CLASS)
      return NN_BAD_ARGUMENT;
  return NN_OK;
}

/* Returns the number of the sample at place @i of those to load. */
static size_t
number_at (const Job *job, size_t i)
{
  const uint32_t *order = job->loading->order;

  return order != NULL ? order[job->first + i] : job->first + i;
}

static void
load_part (void *data, size_t task, size_t worker)
{
  const Job *job = data;
  const NnLoading *loading = job->loading;
  const uint8_t *images = job->samples->images;
  size_t begin = task * job->part;
  size_t end = begin + job->part < job->count ? begin + job->part : job->count;

  for (size_t i = begin; i < end; i++)
    {
      size_t number = number_at (job, i);

      /* In random order, the processor cannot guess where the next picture lies. */
      if (i + 1 < end)
        for (size_t p = 0, next = number_at (job, i + 1) * job->size; p < job->size; p += CACHE_LINE)
          __builtin_prefetch (images + next + p);

      nn_augment (loading->augmentation, nn_rng_for (loading->seed, loading->epoch, number),
                  job->samples->shape, images + number * job->size, job->input + i * job->size);
    }
}

void
nn_samples_load (const NnSamples *samples,
                 const NnLoading *loading,
                 size_t           first,
                 size_t           count,
                 NnPool          *pool,
                 NnReal          *input)
{
  size_t workers = nn_pool_workers (pool);
  size_t part = (count + workers - 1) / workers;
  Job job = { samples, loading, first, count, part, nn_shape_size (samples->shape), input };

  if (count > 0)
    nn_pool_run (pool, load_part, &job, (count + part - 1) / part);
}
