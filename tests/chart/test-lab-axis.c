/* SPDX-License-Identifier: MIT */
#include "lab-axis.h"

#include <float.h>
#include <math.h>

typedef struct
{
  double        lower;
  double        upper;
  guint         max_ticks;
  LabAxisFormat format;
  const char   *labels;
} Case;

static void
assert_labels (const LabAxis *axis, const char *expected)
{
  g_autoptr (GString) labels = g_string_new (NULL);

  for (guint i = 0; i < axis->n_ticks; i++)
    {
      g_autofree char *label = lab_axis_dup_tick_label (axis, i);

      g_string_append_printf (labels, "%s%s", i > 0 ? " | " : "", label);
    }

  g_assert_cmpstr (labels->str, ==, expected);
}

static void
test_values (void)
{
  static const Case cases[] = {
    { 0, 1, 6, LAB_AXIS_NUMBER, "0.0 | 0.2 | 0.4 | 0.6 | 0.8 | 1.0" },
    { 0, 1, 5, LAB_AXIS_NUMBER, "0.0 | 0.5 | 1.0" },
    { 0, 1, 2, LAB_AXIS_NUMBER, "0 | 1" },
    { 0, 0.345, 6, LAB_AXIS_NUMBER, "0.0 | 0.1 | 0.2 | 0.3 | 0.4" },
    { 0.1, 0.3, 3, LAB_AXIS_NUMBER, "0.1 | 0.2 | 0.3" },
    { 0.3, 0.6, 4, LAB_AXIS_NUMBER, "0.3 | 0.4 | 0.5 | 0.6" },
    { 0, 2.31, 6, LAB_AXIS_NUMBER, "0.0 | 0.5 | 1.0 | 1.5 | 2.0 | 2.5" },
    { 0, 0.0042, 6, LAB_AXIS_NUMBER, "0.000 | 0.001 | 0.002 | 0.003 | 0.004 | 0.005" },
    { -3, 7, 5, LAB_AXIS_NUMBER, "-5 | 0 | 5 | 10" },
    { -1, 1, 2, LAB_AXIS_NUMBER, "-2 | 0 | 2" },
    { 0, 12345, 4, LAB_AXIS_NUMBER, "0 | 5000 | 10000 | 15000" },
    { 0.896, 1, 6, LAB_AXIS_PERCENT, "85\u00a0% | 90\u00a0% | 95\u00a0% | 100\u00a0%" },
    { 0.991, 1, 6, LAB_AXIS_PERCENT, "99.0\u00a0% | 99.2\u00a0% | 99.4\u00a0% | 99.6\u00a0% | 99.8\u00a0% | 100.0\u00a0%" },
    { 0, 1, 3, LAB_AXIS_PERCENT, "0\u00a0% | 50\u00a0% | 100\u00a0%" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LabAxis axis;

      lab_axis_init_values (&axis, cases[i].lower, cases[i].upper, cases[i].max_ticks, cases[i].format);
      assert_labels (&axis, cases[i].labels);
    }
}

/* A tick is the very double that its label stands for, not one next to it. */
static void
test_exact (void)
{
  static const double expected[] = { 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7 };
  LabAxis axis;

  lab_axis_init_values (&axis, 0, 0.7, 8, LAB_AXIS_NUMBER);
  g_assert_cmpuint (axis.n_ticks, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < axis.n_ticks; i++)
    g_assert_cmpfloat (lab_axis_get_tick (&axis, i), ==, expected[i]);
  g_assert_cmpfloat (axis.lower, ==, 0);
  g_assert_cmpfloat (axis.upper, ==, 0.7);
}

static void
test_counts (void)
{
  static const Case cases[] = {
    { 1, 10, 20, LAB_AXIS_NUMBER, "1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10" },
    { 1, 10, 6, LAB_AXIS_NUMBER, "2 | 4 | 6 | 8 | 10" },
    { 1, 60, 13, LAB_AXIS_NUMBER, "5 | 10 | 15 | 20 | 25 | 30 | 35 | 40 | 45 | 50 | 55 | 60" },
    { 1, 1000, 6, LAB_AXIS_NUMBER, "200 | 400 | 600 | 800 | 1000" },
    { 1, 2, 20, LAB_AXIS_NUMBER, "1 | 2" },
  };
  LabAxis axis;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      lab_axis_init_counts (&axis, cases[i].lower, cases[i].upper, cases[i].max_ticks);
      assert_labels (&axis, cases[i].labels);
      g_assert_cmpfloat (axis.lower, ==, cases[i].lower);
      g_assert_cmpfloat (axis.upper, ==, cases[i].upper);
    }

  /* The only one is in the middle. */
  lab_axis_init_counts (&axis, 1, 1, 20);
  assert_labels (&axis, "1");
  g_assert_cmpfloat (lab_axis_map (&axis, 1), ==, 0.5);
}

static void
test_map (void)
{
  LabAxis axis;

  lab_axis_init_values (&axis, 0.1, 4.9, 6, LAB_AXIS_NUMBER);
  g_assert_cmpfloat (lab_axis_map (&axis, 0), ==, 0);
  g_assert_cmpfloat (lab_axis_map (&axis, 2), ==, 0.4);
  g_assert_cmpfloat (lab_axis_map (&axis, 5), ==, 1);
  g_assert_true (isnan (lab_axis_map (&axis, NAN)));
}

static void
test_value_labels (void)
{
  static const struct
  {
    LabAxisFormat format;
    double        value;
    const char   *label;
  } cases[] = {
    { LAB_AXIS_NUMBER, 0, "0.000000" },
    { LAB_AXIS_NUMBER, 0.03124, "0.0312" },
    { LAB_AXIS_NUMBER, 0.3, "0.300" },
    { LAB_AXIS_NUMBER, -2.3456, "-2.35" },
    { LAB_AXIS_NUMBER, 1234.5, "1234" },
    { LAB_AXIS_NUMBER, 1e300, "1e+300" },
    { LAB_AXIS_NUMBER, NAN, "–" },
    { LAB_AXIS_PERCENT, 0.98725, "98.72\u00a0%" },
    { LAB_AXIS_PERCENT, NAN, "–" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *label = lab_axis_dup_value_label (cases[i].format, cases[i].value);

      g_assert_cmpstr (label, ==, cases[i].label);
    }
}

static void
assert_sane (const LabAxis *axis, guint max_ticks)
{
  g_assert_true (isfinite (axis->lower) && isfinite (axis->upper));
  g_assert_cmpfloat (axis->lower, <, axis->upper);
  g_assert_cmpuint (axis->n_ticks, <=, max_ticks);
  for (guint i = 0; i < axis->n_ticks; i++)
    {
      double place = lab_axis_map (axis, lab_axis_get_tick (axis, i));

      g_assert_cmpfloat (place, >=, -1e-6);
      g_assert_cmpfloat (place, <=, 1 + 1e-6);
    }
}

/* Whatever the numbers, it ends, with few ticks that lie on the axis. */
static void
test_odd_ranges (void)
{
  static const double ends[] = {
    0, -0.0, 1, -1, 0.5, 1 + DBL_EPSILON, 1e15, -1e15, 1e100, -1e100, 1e-310, 5e-324,
    DBL_MAX, -DBL_MAX, INFINITY, -INFINITY, NAN,
  };
  LabAxis axis;

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    for (guint j = 0; j < G_N_ELEMENTS (ends); j++)
      for (guint max_ticks = 0; max_ticks < 9; max_ticks++)
        {
          lab_axis_init_values (&axis, ends[i], ends[j], max_ticks, j % 2);
          assert_sane (&axis, MAX (max_ticks, 3));
          lab_axis_init_counts (&axis, ends[i], ends[j], max_ticks);
          assert_sane (&axis, MAX (max_ticks, 2));
        }
}

static void
test_random_ranges (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      double size = pow (10, g_test_rand_double_range (-6, 6));
      double lower = g_test_rand_double_range (-1, 1) * size;
      double upper = lower + g_test_rand_double_range (1e-3, 1) * size;
      guint max_ticks = (guint) g_test_rand_int_range (3, 12);
      LabAxis axis;

      lab_axis_init_values (&axis, lower, upper, max_ticks, LAB_AXIS_NUMBER);
      assert_sane (&axis, max_ticks);
      g_assert_cmpfloat (lab_axis_map (&axis, lower), >=, -1e-6);
      g_assert_cmpfloat (lab_axis_map (&axis, upper), <=, 1 + 1e-6);
      g_assert_cmpuint (axis.n_ticks, >=, 2);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/axis/values", test_values);
  g_test_add_func ("/axis/exact", test_exact);
  g_test_add_func ("/axis/counts", test_counts);
  g_test_add_func ("/axis/map", test_map);
  g_test_add_func ("/axis/value-labels", test_value_labels);
  g_test_add_func ("/axis/odd-ranges", test_odd_ranges);
  g_test_add_func ("/axis/random-ranges", test_random_ranges);

  return g_test_run ();
}
