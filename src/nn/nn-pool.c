/* SPDX-License-Identifier: MIT */
#include "nn-pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nn-cpu.h"

/* How often a worker looks for new work before it goes to sleep. The passes of
 * a training step follow each other within microseconds, and waking a sleeping
 * thread takes longer than that. */
#define SPINS 4000

#define MAX_WORKERS 256

/* A worker goes in by adding 1 to the gate, and if it was not OPEN, out again at
 * once. nn_pool_run() opens it when a job is written down, shuts it when all tasks
 * are taken, and returns when nobody is inside. */
#define OPEN 0x80000000u

typedef struct
{
  /* The worker's own share of the tasks: the next one nobody has taken, and the
   * end. Others help with it when they have done theirs. On a cache line of its
   * own, because all workers write theirs at the same time. */
  _Alignas (64) atomic_size_t next_task;
  size_t end_task;

  NnPool *pool;
  size_t worker;
  pthread_t thread;
} Worker;

struct NnPool
{
  size_t n_workers; /* the calling thread is worker 0 */
  Worker *workers;  /* [n_workers], the first one without a thread */

  /* The job under way: written by nn_pool_run() while the gate is shut, read by
   * the workers inside. */
  NnTask task;
  void *data;

  atomic_uint gate; /* OPEN or not, plus the number of workers inside */
  atomic_uint job;  /* raised once per job */
  atomic_bool quit;

  pthread_mutex_t mutex; /* guards sleeping and waking only */
  pthread_cond_t wake;
};

static inline void
relax (void)
{
#if defined(__x86_64__)
  __builtin_ia32_pause ();
#elif defined(__aarch64__)
  __asm__ volatile ("yield");
#endif
}

/* Runs the worker's own tasks, then what is left of the others'. Tasks with near
 * numbers often work on the same memory from one job to the next, and so find it
 * in their processor's cache. */
static void
take_tasks (NnPool *pool, size_t worker)
{
  for (size_t i = 0; i < pool->n_workers; i++)
    {
      Worker *owner = &pool->workers[(worker + i) % pool->n_workers];
      size_t task;

      while ((task = atomic_fetch_add_explicit (&owner->next_task, 1, memory_order_relaxed)) < owner->end_task)
        pool->task (pool->data, task, worker);
    }
}

/* Returns once the job number is no longer @seen, and with the new number. */
static unsigned
wait_for_job (NnPool *pool, unsigned seen)
{
  unsigned job;

  for (unsigned i = 0; i < SPINS; i++)
    {
      job = atomic_load_explicit (&pool->job, memory_order_acquire);
      if (job != seen)
        return job;
      relax ();
    }

  pthread_mutex_lock (&pool->mutex);
  while ((job = atomic_load_explicit (&pool->job, memory_order_acquire)) == seen)
    pthread_cond_wait (&pool->wake, &pool->mutex);
  pthread_mutex_unlock (&pool->mutex);
  return job;
}

/* Raising the number under the mutex makes sure that no worker goes to sleep
 * between looking at the old number and waiting for the signal. */
static void
announce_job (NnPool *pool)
{
  pthread_mutex_lock (&pool->mutex);
  atomic_fetch_add_explicit (&pool->job, 1, memory_order_release);
  pthread_cond_broadcast (&pool->wake);
  pthread_mutex_unlock (&pool->mutex);
}

static void *
worker_main (void *data)
{
  Worker *self = data;
  NnPool *pool = self->pool;
  unsigned job = 0;

  nn_cpu_flush_denormals ();
  for (;;)
    {
      job = wait_for_job (pool, job);
      if (atomic_load_explicit (&pool->quit, memory_order_acquire))
        return NULL;
      if (atomic_fetch_add_explicit (&pool->gate, 1, memory_order_acquire) & OPEN)
        take_tasks (pool, self->worker);
      atomic_fetch_sub_explicit (&pool->gate, 1, memory_order_release);
    }
}

/* Returns how many processors this process may run on: a container or taskset
 * may leave it fewer than the computer has. */
static size_t
usable_processors (void)
{
#ifdef CPU_COUNT
  cpu_set_t set;

  if (sched_getaffinity (0, sizeof set, &set) == 0 && CPU_COUNT (&set) > 0)
    return (size_t) CPU_COUNT (&set);
#endif
  long n = sysconf (_SC_NPROCESSORS_ONLN);

  return n > 0 ? (size_t) n : 1;
}

NnStatus
nn_pool_new (size_t n_workers, NnPool **pool)
{
  NnPool *self;

  if (n_workers == 0)
    n_workers = usable_processors ();
  if (n_workers > MAX_WORKERS)
    n_workers = MAX_WORKERS;

  self = calloc (1, sizeof *self);
  if (self == NULL)
    return NN_NO_MEMORY;
  self->workers = aligned_alloc (_Alignof (Worker), n_workers * sizeof *self->workers);
  if (self->workers == NULL)
    {
      free (self);
      return NN_NO_MEMORY;
    }
  memset (self->workers, 0, n_workers * sizeof *self->workers);
  pthread_mutex_init (&self->mutex, NULL);
  pthread_cond_init (&self->wake, NULL);

  for (self->n_workers = 1; self->n_workers < n_workers; self->n_workers++)
    {
      Worker *worker = &self->workers[self->n_workers];

      worker->pool = self;
      worker->worker = self->n_workers;
      if (pthread_create (&worker->thread, NULL, worker_main, worker) != 0)
        {
          nn_pool_free (self);
          return NN_NO_THREAD;
        }
    }

  *pool = self;
  return NN_OK;
}

void
nn_pool_free (NnPool *pool)
{
  if (pool == NULL)
    return;

  atomic_store_explicit (&pool->quit, true, memory_order_release);
  announce_job (pool);
  for (size_t i = 1; i < pool->n_workers; i++)
    pthread_join (pool->workers[i].thread, NULL);
  pthread_cond_destroy (&pool->wake);
  pthread_mutex_destroy (&pool->mutex);
  free (pool->workers);
  free (pool);
}

size_t
nn_pool_workers (const NnPool *pool)
{
  return pool == NULL ? 1 : pool->n_workers;
}

static void
run_together (NnPool *pool, NnTask task, void *data, size_t n_tasks)
{
  pool->task = task;
  pool->data = data;
  for (size_t i = 0; i < pool->n_workers; i++)
    {
      atomic_store_explicit (&pool->workers[i].next_task, n_tasks * i / pool->n_workers, memory_order_relaxed);
      pool->workers[i].end_task = n_tasks * (i + 1) / pool->n_workers;
    }
  atomic_fetch_or_explicit (&pool->gate, OPEN, memory_order_release);
  announce_job (pool);

  /* Nobody waits for a worker that the system has not let in by the time all
   * tasks are taken: when other programs keep a processor busy, the others do
   * its work. */
  take_tasks (pool, 0);
  atomic_fetch_and_explicit (&pool->gate, ~OPEN, memory_order_relaxed);
  for (unsigned i = 0; atomic_load_explicit (&pool->gate, memory_order_acquire) != 0; i++)
    if (i < SPINS)
      relax ();
    else
      sched_yield ();
}

void
nn_pool_run (NnPool *pool, NnTask task, void *data, size_t n_tasks)
{
  uint64_t before = nn_cpu_flush_denormals ();

  if (nn_pool_workers (pool) == 1 || n_tasks < 2)
    for (size_t i = 0; i < n_tasks; i++)
      task (data, i, 0);
  else
    run_together (pool, task, data, n_tasks);
  nn_cpu_restore (before);
}
