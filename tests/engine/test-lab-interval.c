/* SPDX-License-Identifier: MIT */
#include "lab-interval.h"

/* Figures of the formula, worked out by hand in 30 digits. */
static void
test_known (void)
{
  static const struct
  {
    guint successes, n;
    double low, high;
  } cases[] = {
    { 0, 0, 0, 1 },
    { 0, 10, 0, 0.277533 },
    { 10, 10, 0.722467, 1 },
    { 1, 2, 0.094531, 0.905469 },
    { 9769, 10000, 0.973767, 0.979666 },
    { 9965, 10000, 0.995136, 0.997482 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LabInterval interval = lab_interval_of_rate (cases[i].successes, cases[i].n);

      g_assert_cmpfloat_with_epsilon (interval.low, cases[i].low, 1e-6);
      g_assert_cmpfloat_with_epsilon (interval.high, cases[i].high, 1e-6);
    }
}

/* The middle of the interval of few in very many is not lost in overflow. */
static void
test_many (void)
{
  LabInterval interval = lab_interval_of_rate (G_MAXUINT - 1, G_MAXUINT);

  g_assert_cmpfloat (interval.low, >, 1 - 1e-8);
  g_assert_cmpfloat (interval.high, >=, interval.low);
  g_assert_cmpfloat (interval.high, <=, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/interval/known", test_known);
  g_test_add_func ("/interval/many", test_many);
  return g_test_run ();
}
