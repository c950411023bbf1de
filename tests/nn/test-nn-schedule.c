/* SPDX-License-Identifier: MIT */
#include <glib.h>
#include <math.h>

#include "nn-schedule.h"

#define RATE 0.08
#define EXACT (RATE * 1e-14)

static void
check_rate (const NnSchedule *schedule, double progress, gsize epoch, double expected)
{
  NnPlateau plateau = { 0 };

  g_assert_cmpint (nn_schedule_check (schedule), ==, NN_OK);
  g_assert_cmpfloat_with_epsilon (nn_schedule_rate (schedule, progress, epoch, &plateau), expected, EXACT);
}

static void
test_constant (void)
{
  const NnSchedule schedule = { .kind = NN_CONSTANT, .learning_rate = RATE };

  check_rate (&schedule, 0, 1, RATE);
  check_rate (&schedule, 0.7, 8, RATE);
  check_rate (&schedule, 1, 10, RATE);
}

static void
test_step (void)
{
  const NnSchedule schedule = { .kind = NN_STEP, .learning_rate = RATE, .factor = 0.5, .epochs = 3 };

  check_rate (&schedule, 0, 1, RATE);
  check_rate (&schedule, 0.29, 3, RATE);
  check_rate (&schedule, 0.3, 4, RATE / 2);
  check_rate (&schedule, 0.59, 6, RATE / 2);
  check_rate (&schedule, 0.6, 7, RATE / 4);
}

static void
test_cosine (void)
{
  const NnSchedule schedule = { .kind = NN_COSINE, .learning_rate = RATE };

  check_rate (&schedule, 0, 1, RATE);
  check_rate (&schedule, 1.0 / 3, 2, RATE * 0.75);
  check_rate (&schedule, 0.5, 2, RATE / 2);
  check_rate (&schedule, 1, 3, 0);
}

static void
test_one_cycle (void)
{
  NnSchedule schedule = { .kind = NN_ONE_CYCLE, .learning_rate = RATE, .warm_up = 0.25 };

  check_rate (&schedule, 0, 1, RATE / 25);
  check_rate (&schedule, 0.125, 1, RATE * (1 + 1 / 25.0) / 2);
  check_rate (&schedule, 0.25, 1, RATE);
  check_rate (&schedule, 0.5, 1, RATE * 0.75); /* a third of the way down */
  check_rate (&schedule, 0.625, 1, RATE / 2);
  check_rate (&schedule, 1, 1, 0);

  schedule.warm_up = 0;
  check_rate (&schedule, 0, 1, RATE);
  check_rate (&schedule, 0.5, 1, RATE / 2);
  check_rate (&schedule, 1, 1, 0);
}

static void
test_plateau (void)
{
  const NnSchedule schedule = { .kind = NN_PLATEAU, .learning_rate = RATE, .factor = 0.5, .epochs = 2 };
  static const struct
  {
    double loss; /* of the epoch before */
    double expected;
  } epochs[] = {
    { 3, RATE },
    { 2, RATE },
    { 2, RATE }, /* not smaller, once */
    { 1, RATE },
    { 5, RATE },
    { 1, RATE / 2 },   /* twice */
    { 1.5, RATE / 2 }, /* and counted anew */
    { 1, RATE / 4 },
    { 1.1, RATE / 4 },
    { 0.9, RATE / 4 },
    { 0.9, RATE / 4 },
    { 0.95, RATE / 8 },
  };
  NnPlateau plateau = { 0 };

  g_assert_cmpint (nn_schedule_check (&schedule), ==, NN_OK);
  g_assert_cmpfloat (nn_schedule_rate (&schedule, 0, 1, &plateau), ==, RATE);
  for (gsize i = 0; i < G_N_ELEMENTS (epochs); i++)
    {
      nn_plateau_update (&plateau, &schedule, epochs[i].loss);
      g_assert_cmpfloat_with_epsilon (nn_schedule_rate (&schedule, 0.5, i + 2, &plateau), epochs[i].expected, EXACT);
    }
}

static void
test_check (void)
{
  static const NnSchedule bad[] = {
    { .kind = NN_CONSTANT, .learning_rate = 0 },
    { .kind = NN_CONSTANT, .learning_rate = -1 },
    { .kind = NN_CONSTANT, .learning_rate = NAN },
    { .kind = NN_COSINE, .learning_rate = INFINITY },
    { .kind = NN_STEP, .learning_rate = RATE, .factor = 0, .epochs = 1 },
    { .kind = NN_STEP, .learning_rate = RATE, .factor = 0.5, .epochs = 0 },
    { .kind = NN_PLATEAU, .learning_rate = RATE, .factor = 1, .epochs = 1 },
    { .kind = NN_PLATEAU, .learning_rate = RATE, .factor = NAN, .epochs = 1 },
    { .kind = NN_PLATEAU, .learning_rate = RATE, .factor = 0.5, .epochs = 0 },
    { .kind = NN_ONE_CYCLE, .learning_rate = RATE, .warm_up = 1 },
    { .kind = NN_ONE_CYCLE, .learning_rate = RATE, .warm_up = -0.1 },
    { .kind = NN_ONE_CYCLE, .learning_rate = RATE, .warm_up = NAN },
    { .kind = NN_PLATEAU + 1, .learning_rate = RATE, .factor = 0.5, .epochs = 1 },
  };
  /* What the kind does not look at may be anything. */
  static const NnSchedule good = { .kind = NN_CONSTANT, .learning_rate = RATE, .factor = 7, .warm_up = NAN };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_cmpint (nn_schedule_check (&bad[i]), ==, NN_BAD_ARGUMENT);
  g_assert_cmpint (nn_schedule_check (&good), ==, NN_OK);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schedule/constant", test_constant);
  g_test_add_func ("/schedule/step", test_step);
  g_test_add_func ("/schedule/cosine", test_cosine);
  g_test_add_func ("/schedule/one-cycle", test_one_cycle);
  g_test_add_func ("/schedule/plateau", test_plateau);
  g_test_add_func ("/schedule/check", test_check);
  return g_test_run ();
}
