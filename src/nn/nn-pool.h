/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "nn-status.h"

/* A pool of worker threads that runs the same function over numbered tasks.
 *
 * A NULL pool is valid everywhere and runs the tasks on the calling thread.
 * What a task computes must depend on its number alone, never on the worker:
 * then results are the same for every number of threads. */
typedef struct NnPool NnPool;

/* One task. @worker is in [0, nn_pool_workers) and no two tasks that run at
 * the same time share it: it selects scratch memory. */
typedef void (*NnTask) (void *data, size_t task, size_t worker);

/* Creates a pool of @n_workers threads, the calling thread counted as one of
 * them; 0 asks for one per processor that this process may use. More than 256 are
 * as many as 256. */
NN_MUST_CHECK NnStatus nn_pool_new (size_t n_workers, NnPool **pool);

/* Ends the threads. NULL is allowed. */
void nn_pool_free (NnPool *pool);

/* Returns how many tasks can run at the same time; 1 for NULL. */
size_t nn_pool_workers (const NnPool *pool);

/* Runs @task for 0 … @n_tasks − 1 and returns when all have ended. In tasks,
 * numbers too small to be normal are zero, see nn_cpu_flush_denormals(). Only one
 * thread may call it at a time, and never from inside a task. */
void nn_pool_run (NnPool *pool, NnTask task, void *data, size_t n_tasks);
