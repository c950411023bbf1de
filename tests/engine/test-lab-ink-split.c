/* SPDX-License-Identifier: MIT */
#include "lab-file.h"
#include "lab-ink.h"
#include "lab-unipen.h"

#include <math.h>

/* Strokes as text: "x,y x,y … / x,y …", y growing down. */
static void
draw (LabInk *ink, const char *text, double scale, double dx, double dy)
{
  g_auto (GStrv) strokes = g_strsplit (text, "/", -1);

  for (char **stroke = strokes; *stroke != NULL; stroke++)
    {
      g_auto (GStrv) words = g_strsplit (g_strstrip (*stroke), " ", -1);

      for (char **word = words; *word != NULL; word++)
        {
          char *comma;
          LabInkPoint point = { .pressure = 1 };

          point.x = dx + scale * g_ascii_strtod (*word, &comma);
          point.y = dy + scale * g_ascii_strtod (comma + 1, NULL);
          if (word == words)
            lab_ink_begin_stroke (ink, point);
          else
            lab_ink_add_point (ink, point);
        }
      lab_ink_end_stroke (ink);
    }
}

/* Digits 100 high. */
static const char zero[] = "30,0 10,20 0,50 10,85 30,100 50,85 60,50 50,20 30,0";
static const char one[] = "0,25 25,0 25,100";
static const char five[] = "8,0 5,42 30,35 55,50 55,80 35,100 0,95 / 10,2 60,0";
static const char loose_five[] = "8,8 5,42 30,35 55,50 55,80 35,100 0,95 / 18,0 62,-6";
static const char open_four[] = "20,0 0,55 45,55 / 50,30 48,100";
static const char closed_four[] = "25,0 0,65 60,65 / 42,30 40,100";
static const char seven[] = "0,0 60,0 25,100 / 10,50 60,48";
static const char eight[] = "30,0 5,20 30,45 55,20 30,0 / 30,52 0,75 30,100 60,75 30,52";
static const char slashed_zero[] = "30,0 10,20 0,50 10,85 30,100 50,85 60,50 50,20 30,0 / 60,-5 0,105";
static const char halved_zero[] = "32,0 10,20 0,50 10,85 30,100 / 30,1 50,20 60,50 50,85 32,100";

static void
assert_n_digits (LabInk *ink, guint n_digits)
{
  g_autoptr (GPtrArray) digits = lab_ink_split (ink);

  g_assert_cmpuint (digits->len, ==, n_digits);
}

static void
test_single (void)
{
  const char *digits[] = { zero, one, five, loose_five, open_four, closed_four, seven, eight, slashed_zero,
                           halved_zero };
  LabInk *ink = lab_ink_new ();

  assert_n_digits (ink, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (digits); i++)
    for (double scale = 1e-3; scale < 1e4; scale *= 10)
      {
        lab_ink_clear (ink);
        draw (ink, digits[i], scale, 17 * scale, -40 * scale);
        assert_n_digits (ink, 1);
      }

  g_assert_finalize_object (ink);
}

/* Every digit beside every other one. */
static void
test_pairs (void)
{
  const char *digits[] = { zero, one, five, loose_five, open_four, closed_four, seven, eight, slashed_zero };
  LabInk *ink = lab_ink_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (digits); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (digits); k++)
      for (double gap = 15; gap < 100; gap += 20)
        {
          LabInkBox box;

          lab_ink_clear (ink);
          draw (ink, digits[i], 1, 0, 0);
          g_assert_true (lab_ink_get_box (ink, &box));
          draw (ink, digits[k], 0.9, box.right + gap, 5);
          assert_n_digits (ink, 2);
        }

  g_assert_finalize_object (ink);
}

static void
assert_stroke (LabInk *ink, guint i, double x, double y, gsize n_points)
{
  gsize n;
  const LabInkPoint *points = lab_ink_get_stroke (ink, i, &n);

  g_assert_cmpfloat (points[0].x, ==, x);
  g_assert_cmpfloat (points[0].y, ==, y);
  g_assert_cmpuint (n, ==, n_points);
}

/* Written from right to left, and the bars last. */
static void
test_order (void)
{
  LabInk *ink = lab_ink_new ();
  g_autoptr (GPtrArray) digits = NULL;

  lab_ink_set_pen_width (ink, 3);
  draw (ink, "0,0 60,0 25,100", 1, 200, 0);
  draw (ink, one, 1, 130, 0);
  draw (ink, "8,0 5,42 30,35 55,50 55,80 35,100 0,95", 1, 20, 0);
  draw (ink, "10,50 60,48", 1, 200, 0);
  draw (ink, "10,2 60,0", 1, 20, 0);

  digits = lab_ink_split (ink);
  g_assert_cmpuint (digits->len, ==, 3);
  g_assert_cmpuint (lab_ink_get_n_strokes (digits->pdata[0]), ==, 2);
  assert_stroke (digits->pdata[0], 0, 28, 0, 7);
  assert_stroke (digits->pdata[0], 1, 30, 2, 2);
  g_assert_cmpuint (lab_ink_get_n_strokes (digits->pdata[1]), ==, 1);
  assert_stroke (digits->pdata[1], 0, 130, 25, 3);
  g_assert_cmpuint (lab_ink_get_n_strokes (digits->pdata[2]), ==, 2);
  assert_stroke (digits->pdata[2], 0, 200, 0, 3);
  assert_stroke (digits->pdata[2], 1, 210, 50, 2);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpfloat (lab_ink_get_pen_width (digits->pdata[i]), ==, 3);

  g_assert_finalize_object (ink);
}

static void
test_lines (void)
{
  LabInk *ink = lab_ink_new ();
  g_autoptr (GPtrArray) digits = NULL;

  draw (ink, seven, 1, 0, 0);
  draw (ink, zero, 1, 100, 0);
  draw (ink, one, 1, 60, 140);
  digits = lab_ink_split (ink);
  g_assert_cmpuint (digits->len, ==, 3);
  assert_stroke (digits->pdata[0], 0, 0, 0, 3);
  assert_stroke (digits->pdata[1], 0, 60, 165, 3);
  assert_stroke (digits->pdata[2], 0, 130, 0, 9);

  g_assert_finalize_object (ink);
}

static void
test_no_digits (void)
{
  LabInk *ink = lab_ink_new ();
  GRand *rand = g_rand_new_with_seed (1);
  gint64 start;

  draw (ink, "5,5", 1, 0, 0);
  assert_n_digits (ink, 1);
  draw (ink, "5,5 / 5,5 / 5,5 5,5", 1, 0, 0);
  assert_n_digits (ink, 1);

  lab_ink_clear (ink);
  draw (ink, "0,0 100,0 / 0,10 100,12", 1, 0, 0);
  assert_n_digits (ink, 1);
  draw (ink, "0,-1e9 0,1e9", 1, 0, 0);
  assert_n_digits (ink, 1);

  /* However many strokes, it takes no longer than a frame. */
  lab_ink_clear (ink);
  for (guint i = 0; i < 3000; i++)
    {
      char text[64];

      g_snprintf (text, sizeof text, "%u,%u %u,%u", g_rand_int_range (rand, 0, 5000), g_rand_int_range (rand, 0, 5000),
                  g_rand_int_range (rand, 0, 5000), g_rand_int_range (rand, 0, 5000));
      draw (ink, text, 1, 0, 0);
      if (i == 127)
        {
          start = g_get_monotonic_time ();
          g_ptr_array_unref (lab_ink_split (ink));
          g_test_message ("128 strokes: %.2f ms", (g_get_monotonic_time () - start) / 1000.0);
        }
    }
  assert_n_digits (ink, 1);

  g_rand_free (rand);
  g_assert_finalize_object (ink);
}

/* One written digit, and how it is put beside others. */
typedef struct
{
  LabInk *ink;
  guint writer;
} Written;

static void
written_free (gpointer data)
{
  Written *self = data;

  g_object_unref (self->ink);
  g_free (self);
}

/* Copies @from so that it is @height high, its left edge at @left. Returns
 * where its right edge is. */
static double
place (LabInk *from, LabInk *to, double left, double top, double height)
{
  LabInkBox box = { 0, 0, 0, 0 };
  double scale;

  lab_ink_get_box (from, &box);
  scale = height / MAX (box.bottom - box.top, (box.right - box.left) / 2);
  for (guint i = 0; i < lab_ink_get_n_strokes (from); i++)
    {
      gsize n_points;
      const LabInkPoint *points = lab_ink_get_stroke (from, i, &n_points);

      for (gsize k = 0; k < n_points; k++)
        {
          LabInkPoint point = { left + (points[k].x - box.left) * scale, top + (points[k].y - box.top) * scale, 1, 0 };

          if (k == 0)
            lab_ink_begin_stroke (to, point);
          else
            lab_ink_add_point (to, point);
        }
      lab_ink_end_stroke (to);
    }
  return left + (box.right - box.left) * scale;
}

static gboolean
keep (LabInk *ink, guint label, guint writer, gpointer user_data)
{
  GPtrArray *all = user_data;
  Written *written = g_new0 (Written, 1);

  written->ink = lab_ink_new ();
  written->writer = writer;
  place (ink, written->ink, 0, 0, 100);
  g_ptr_array_add (all, written);
  return TRUE;
}

/* Puts @n digits of one writer, as different in size and height as in a row of
 * digits, side by side. Tells whether they come apart as they were. */
static gboolean
comes_apart (GPtrArray *all, GRand *rand, guint n, double gap)
{
  LabInk *ink = lab_ink_new ();
  g_autoptr (GPtrArray) digits = NULL;
  guint n_strokes[3];
  guint writer = 0;
  gboolean right;
  double x = 0;

  for (guint i = 0; i < n; i++)
    {
      Written *written;

      do
        written = all->pdata[g_rand_int_range (rand, 0, all->len)];
      while (writer != 0 && written->writer != writer);
      writer = written->writer;
      x = gap + place (written->ink, ink, x, g_rand_double_range (rand, -15, 15), g_rand_double_range (rand, 85, 115));
      n_strokes[i] = lab_ink_get_n_strokes (written->ink);
    }

  digits = lab_ink_split (ink);
  right = digits->len == n;
  for (guint i = 0, first = 0; right && i < n; first += n_strokes[i++])
    {
      gsize size;

      right = lab_ink_get_n_strokes (digits->pdata[i]) == n_strokes[i]
              && lab_ink_get_stroke (digits->pdata[i], 0, &size)->x == lab_ink_get_stroke (ink, first, &size)->x;
    }

  g_object_unref (ink);
  return right;
}

static void
test_pendigits (void)
{
  const struct
  {
    double gap;   /* in percent of the height */
    double pairs; /* how many must come apart, in percent */
    double triples;
  } expected[] = {
    { -5, 85, 75 }, { 0, 93, 87 }, { 10, 98, 96 }, { 20, 99, 99 }, { 35, 99, 99 }, { 60, 99, 99 },
  };
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (written_free);
  g_autofree char *path = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GError) error = NULL;
  const guint rounds = 1000;
  guint n_single = 0;

  if (g_getenv ("DIGIT_LAB_DATA") == NULL)
    {
      g_test_skip ("DIGIT_LAB_DATA does not name a folder with the pen strokes");
      return;
    }
  path = g_build_filename (g_getenv ("DIGIT_LAB_DATA"), "pendigits", "pendigits-train.unp.gz", NULL);
  file = g_file_new_for_path (path);
  text = lab_file_read (file, 64 << 20, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (lab_unipen_parse (text, path, keep, all, &error));
  g_assert_no_error (error);

  for (guint i = 0; i < all->len; i++)
    {
      Written *written = all->pdata[i];
      g_autoptr (GPtrArray) digits = lab_ink_split (written->ink);

      n_single += digits->len == 1;
    }
  g_test_message ("%u of %u stay one", n_single, all->len);
  g_assert_cmpuint (n_single, >=, 7480);

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      GRand *rand = g_rand_new_with_seed (3);
      guint n_pairs = 0;
      guint n_triples = 0;

      for (guint round = 0; round < rounds; round++)
        {
          n_pairs += comes_apart (all, rand, 2, expected[i].gap);
          n_triples += comes_apart (all, rand, 3, expected[i].gap);
        }
      g_test_message ("gap of %2.0f %%: %.1f %% of the pairs, %.1f %% of the triples come apart", expected[i].gap,
                      100.0 * n_pairs / rounds, 100.0 * n_triples / rounds);
      g_assert_cmpfloat (100.0 * n_pairs / rounds, >=, expected[i].pairs);
      g_assert_cmpfloat (100.0 * n_triples / rounds, >=, expected[i].triples);
      g_rand_free (rand);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ink-split/single", test_single);
  g_test_add_func ("/ink-split/pairs", test_pairs);
  g_test_add_func ("/ink-split/order", test_order);
  g_test_add_func ("/ink-split/lines", test_lines);
  g_test_add_func ("/ink-split/no-digits", test_no_digits);
  g_test_add_func ("/ink-split/pendigits", test_pendigits);

  return g_test_run ();
}
