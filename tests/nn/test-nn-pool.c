/* SPDX-License-Identifier: MIT */
#include <glib.h>
#include <stdatomic.h>

#include "nn-pool.h"

#define N_TASKS 1000

typedef struct
{
  atomic_uint runs[N_TASKS];
  atomic_uint busy[8]; /* tasks that run on each worker now */
  atomic_uint clashes;
  size_t n_workers;
} Record;

static void
record_task (void *data, size_t task, size_t worker)
{
  Record *record = data;

  if (worker >= record->n_workers || atomic_fetch_add (&record->busy[worker], 1) != 0)
    atomic_fetch_add (&record->clashes, 1);
  atomic_fetch_add (&record->runs[task], 1);
  atomic_fetch_sub (&record->busy[worker], 1);
}

static void
check_runs (NnPool *pool, size_t n_tasks)
{
  Record record = { .n_workers = nn_pool_workers (pool) };

  nn_pool_run (pool, record_task, &record, n_tasks);
  g_assert_cmpuint (record.clashes, ==, 0);
  for (size_t i = 0; i < N_TASKS; i++)
    g_assert_cmpuint (record.runs[i], ==, i < n_tasks ? 1 : 0);
}

static void
test_each_task_once (void)
{
  for (size_t workers = 1; workers <= 8; workers++)
    {
      NnPool *pool;

      g_assert_cmpint (nn_pool_new (workers, &pool), ==, NN_OK);
      g_assert_cmpuint (nn_pool_workers (pool), ==, workers);
      for (size_t n_tasks = 0; n_tasks < 20; n_tasks++)
        check_runs (pool, n_tasks);
      check_runs (pool, N_TASKS);
      nn_pool_free (pool);
    }
}

static void
test_no_pool (void)
{
  g_assert_cmpuint (nn_pool_workers (NULL), ==, 1);
  check_runs (NULL, 17);
  nn_pool_free (NULL);
}

static void
test_sleeping_workers (void)
{
  NnPool *pool;

  g_assert_cmpint (nn_pool_new (3, &pool), ==, NN_OK);
  for (guint i = 0; i < 5; i++)
    {
      g_usleep (5000); /* long enough for the workers to fall asleep */
      check_runs (pool, 100);
    }
  nn_pool_free (pool);
}

static void
test_default_size (void)
{
  NnPool *pool;

  g_assert_cmpint (nn_pool_new (0, &pool), ==, NN_OK);
  g_assert_cmpuint (nn_pool_workers (pool), ==, g_get_num_processors ());
  nn_pool_free (pool);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool/each-task-once", test_each_task_once);
  g_test_add_func ("/pool/no-pool", test_no_pool);
  g_test_add_func ("/pool/sleeping-workers", test_sleeping_workers);
  g_test_add_func ("/pool/default-size", test_default_size);
  return g_test_run ();
}
