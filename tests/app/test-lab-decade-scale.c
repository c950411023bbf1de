/* SPDX-License-Identifier: MIT */
#include "lab-decade-scale.h"

#include <math.h>

static void
test_steps (void)
{
  static const struct
  {
    double position;
    double value;
  } cases[] = {
    { -54, 1e-6 }, { -27, 0.001 }, { -26, 0.002 }, { -19, 0.009 }, { -18, 0.01 }, { -17, 0.02 },
    { -9, 0.1 }, { -1, 0.9 }, { 0, 1 }, { 1, 2 }, { 9, 10 }, { 10, 20 }, { -26.5, 0.0015 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpfloat_with_epsilon (lab_decade_scale_get_position (cases[i].value), cases[i].position, 1e-9);
      g_assert_cmpfloat (lab_decade_scale_get_value (cases[i].position), ==, cases[i].value);
    }
}

/* What is written with up to seven digits comes back as the same number. */
static void
test_round_trip (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *text = g_strdup_printf ("%.6e", pow (10, g_test_rand_double_range (-6, 1)));
      double value = g_ascii_strtod (text, NULL);

      g_assert_cmpfloat_with_epsilon (lab_decade_scale_get_value (lab_decade_scale_get_position (value)), value,
                                      value * 1e-12);
    }
}

static void
test_rises (void)
{
  for (int i = -540; i < 90; i++)
    g_assert_cmpfloat (lab_decade_scale_get_value (i / 10.0), <, lab_decade_scale_get_value ((i + 1) / 10.0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/decade-scale/steps", test_steps);
  g_test_add_func ("/decade-scale/round-trip", test_round_trip);
  g_test_add_func ("/decade-scale/rises", test_rises);

  return g_test_run ();
}
