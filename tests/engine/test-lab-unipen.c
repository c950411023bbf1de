/* SPDX-License-Identifier: MIT */
#include "lab-error.h"
#include "lab-file.h"
#include "lab-unipen.h"

#include <string.h>

/* What the callback has seen. */
typedef struct
{
  guint n_digits;
  guint n_strokes;
  guint n_points;
  guint labels[LAB_N_CLASSES];
  guint last_label;
  guint last_writer;
  guint writers[31]; /* digits of each */
  guint stop_after; /* 0: never */
} Seen;

static gboolean
see (LabInk *ink, guint label, guint writer, gpointer user_data)
{
  Seen *seen = user_data;

  g_assert_cmpuint (label, <, LAB_N_CLASSES);
  g_assert_false (lab_ink_is_empty (ink));
  seen->n_digits++;
  seen->n_strokes += lab_ink_get_n_strokes (ink);
  seen->n_points += lab_ink_get_n_points (ink);
  seen->labels[label]++;
  seen->last_label = label;
  seen->last_writer = writer;
  seen->writers[MIN (writer, 30)]++;
  return seen->n_digits != seen->stop_after;
}

static gboolean
parse (const char *text, gsize size, Seen *seen, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, size);

  return lab_unipen_parse (bytes, "pen", see, seen, error);
}

static void
assert_message (const char *text, const char *message)
{
  g_autoptr (GError) error = NULL;
  Seen seen = { 0 };

  g_assert_false (parse (text, strlen (text), &seen, &error));
  g_assert_error (error, LAB_ERROR, LAB_ERROR_FORMAT);
  g_assert_cmpstr (error->message, ==, message);
}

/* Ends without a newline, has both kinds of line ends, points in the air, a
 * third column, a segment that is no digit and strokes before any segment. */
static const char two_digits[] = ".VERSION 1.0\r\n"
                                 ".PEN_DOWN\n7 7\n.PEN_UP\n"
                                 ".SEGMENT DIGIT 0-1 ? \"8\"\n"
                                 ".PEN_DOWN\n 10 20\n\t-3.5 4e1 0.25\r\n\n.PEN_UP\n"
                                 "99 99\n.PEN_DOWN\n+1 .5\n.PEN_UP\n.DT 100\n"
                                 ".SEGMENT WORD 2 ? \"eight\"\n.PEN_DOWN\n5 5\n.PEN_UP\n"
                                 ".SEGMENT DIGIT 3 ? \"0\"\n.PEN_DOWN\n1 2\n3 4\n5 6\n.PEN_UP";

static gboolean
check_first (LabInk *ink, guint label, guint writer, gpointer user_data)
{
  const LabInkPoint *points = NULL;
  gsize n_points = 0;

  g_assert_cmpuint (label, ==, 8);
  g_assert_cmpuint (lab_ink_get_n_strokes (ink), ==, 2);
  points = lab_ink_get_stroke (ink, 0, &n_points);
  g_assert_cmpuint (n_points, ==, 2);
  g_assert_cmpfloat (points[0].x, ==, 10);
  g_assert_cmpfloat (points[0].y, ==, -20);
  g_assert_cmpfloat (points[1].x, ==, -3.5);
  g_assert_cmpfloat (points[1].y, ==, -40);
  g_assert_cmpfloat (points[1].pressure, ==, 1);
  points = lab_ink_get_stroke (ink, 1, &n_points);
  g_assert_cmpuint (n_points, ==, 1);
  g_assert_cmpfloat (points[0].x, ==, 1);
  g_assert_cmpfloat (points[0].y, ==, -0.5);
  return FALSE;
}

static void
test_parse (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (two_digits, sizeof two_digits - 1);
  g_autoptr (GError) error = NULL;
  Seen seen = { 0 };

  g_assert_true (lab_unipen_parse (bytes, "pen", check_first, NULL, &error));
  g_assert_no_error (error);

  g_assert_true (lab_unipen_parse (bytes, "pen", see, &seen, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (seen.n_digits, ==, 2);
  g_assert_cmpuint (seen.n_strokes, ==, 3);
  g_assert_cmpuint (seen.n_points, ==, 6);
  g_assert_cmpuint (seen.last_label, ==, 0);
}

/* What lies behind the place where reading stopped is not looked at. */
static void
test_stop (void)
{
  const char *text = ".SEGMENT DIGIT 0 ? \"1\"\n.PEN_DOWN\n1 1\n.PEN_UP\n"
                     ".SEGMENT DIGIT 1 ? \"2\"\n.PEN_DOWN\nrubbish\n";
  g_autoptr (GError) error = NULL;
  Seen seen = { .stop_after = 1 };

  g_assert_true (parse (text, strlen (text), &seen, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (seen.n_digits, ==, 1);
}

static void
test_messages (void)
{
#define DIGIT ".SEGMENT DIGIT 0 ? \"8\"\n"
  assert_message ("", "pen: there are no digits in this file");
  assert_message ("hello\nworld\n", "pen: there are no digits in this file");
  assert_message (".SEGMENT DIGIT 0 ? 8\n", "pen:1: the label of a digit was expected, such as \"8\"");
  assert_message (".SEGMENT DIGIT 0 ? \"8\n", "pen:1: the label of a digit was expected, such as \"8\"");
  assert_message (".SEGMENT DIGIT 0 ? \"x\"\n", "pen:1: the label of a digit was expected, such as \"8\"");
  assert_message (".SEGMENT DIGIT 0 ? \"10\"\n", "pen:1: the label of a digit was expected, such as \"8\"");
  assert_message (".SEGMENT DIGIT", "pen:1: the label of a digit was expected, such as \"8\"");
  assert_message (DIGIT DIGIT, "pen:2: the last digit has no points");
  assert_message (DIGIT ".PEN_DOWN\n.PEN_UP\n", "pen:3: the last digit has no points");
  assert_message (DIGIT ".PEN_DOWN\n1 2\n" DIGIT, "pen:4: the last stroke has no .PEN_UP");
  assert_message (DIGIT ".PEN_DOWN\n1 2\n.PEN_DOWN\n", "pen:4: the last stroke has no .PEN_UP");
  assert_message (DIGIT ".PEN_DOWN\n1 2\n", "pen:3: the last stroke has no .PEN_UP");
  assert_message (DIGIT ".PEN_DOWN\n1\n", "pen:3: the x and y of a point were expected");
  assert_message (DIGIT ".PEN_DOWN\n1,2 3\n", "pen:3: the x and y of a point were expected");
  assert_message (DIGIT ".PEN_DOWN\nnan 1\n", "pen:3: the x and y of a point were expected");
  assert_message (DIGIT ".PEN_DOWN\n1 -inf\n", "pen:3: the x and y of a point were expected");
  assert_message (DIGIT ".PEN_DOWN\n1 1e300\n", "pen:3: the x and y of a point were expected");
  assert_message (DIGIT ".PEN_DOWN\n1 10000001\n", "pen:3: the x and y of a point were expected");
#undef DIGIT
}

static void
assert_writer (const char *comment, guint writer)
{
  g_autofree char *text = g_strconcat (".SEGMENT DIGIT 0 ? \"1\"\n.COMMENT 1 9\n.PEN_DOWN\n1 1\n.PEN_UP\n"
                                       ".SEGMENT DIGIT 0 ? \"1\"\n", comment,
                                       "\n.PEN_DOWN\n1 1\n.PEN_UP\n.COMMENT 1 7\n", NULL);
  g_autoptr (GError) error = NULL;
  Seen seen = { 0 };

  g_assert_true (parse (text, strlen (text), &seen, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (seen.n_digits, ==, 2);
  g_assert_cmpuint (seen.last_writer, ==, writer);
}

static void
test_writer (void)
{
  assert_writer (".COMMENT 8 12  224", 12);
  assert_writer (".COMMENT 8 12\r", 12);
  assert_writer (".COMMENT 8 300", 300);
  assert_writer ("", 0);
  assert_writer (".COMMENT", 0);
  assert_writer (".COMMENT 8", 0);
  assert_writer (".COMMENT 8 -3", 0);
  assert_writer (".COMMENT 8 nan", 0);
  assert_writer (".COMMENT 8 1e300", 0);
  assert_writer (".COMMENT 8 twelve", 0);
  assert_writer (".COMMENT written by 12", 0);
}

static void
test_large (void)
{
  g_autoptr (GString) text = g_string_new (".SEGMENT DIGIT 0 ? \"8\"\n.PEN_DOWN\n");
  g_autofree char *line = g_strnfill (10 << 20, '1');
  g_autoptr (GError) error = NULL;
  Seen seen = { 0 };

  g_string_append (text, line);
  g_assert_false (parse (text->str, text->len, &seen, &error));
  g_assert_cmpstr (error->message, ==, "pen:3: the x and y of a point were expected");
  g_clear_error (&error);

  g_string_truncate (text, strlen (".SEGMENT DIGIT 0 ? \"8\"\n.PEN_DOWN\n"));
  for (guint i = 0; i <= 100000; i++)
    g_string_append (text, "1 1\n");
  g_assert_false (parse (text->str, text->len, &seen, &error));
  g_assert_cmpstr (error->message, ==, "pen:100003: the digit has too many points");
}

/* Whatever the bytes are, the parser ends, and an error says where. The heap
 * copy is exactly as long as the text, so that a sanitizer sees every overrun. */
static void
test_any_bytes (void)
{
  gsize size = sizeof two_digits - 1;

  for (gsize n = 0; n <= size; n++)
    {
      g_autoptr (GError) error = NULL;
      Seen seen = { 0 };

      g_assert_true (parse (two_digits, n, &seen, &error) || g_str_has_prefix (error->message, "pen:"));
    }
  for (guint round = 0; round < 20000; round++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = g_memdup2 (two_digits, size);
      Seen seen = { 0 };

      for (int i = g_test_rand_int_range (1, 6); i > 0; i--)
        text[g_test_rand_int_range (0, size)] = g_test_rand_int_range (0, 256);
      g_assert_true (parse (text, size, &seen, &error) || g_str_has_prefix (error->message, "pen:"));
    }
}

static void
test_pendigits (void)
{
  const guint expected[] = { 780, 779, 780, 719, 780, 720, 720, 778, 719, 719 };
  g_autofree char *path = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GError) error = NULL;
  Seen seen = { 0 };

  if (g_getenv ("DIGIT_LAB_DATA") == NULL)
    {
      g_test_skip ("DIGIT_LAB_DATA does not name a folder with the pen strokes");
      return;
    }
  path = g_build_filename (g_getenv ("DIGIT_LAB_DATA"), "pendigits", "pendigits-train.unp.gz", NULL);
  file = g_file_new_for_path (path);
  text = lab_file_read (file, 64 << 20, NULL, &error);
  g_assert_no_error (error);

  g_assert_true (lab_unipen_parse (text, path, see, &seen, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (seen.n_digits, ==, 7494);
  g_assert_cmpuint (seen.n_strokes, ==, 9433);
  g_assert_cmpuint (seen.n_points, ==, 304216);
  for (guint i = 0; i < LAB_N_CLASSES; i++)
    g_assert_cmpuint (seen.labels[i], ==, expected[i]);
  g_assert_cmpuint (seen.writers[0], ==, 0);
  for (guint i = 1; i <= 30; i++)
    g_assert_cmpuint (seen.writers[i], >=, 247);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/unipen/parse", test_parse);
  g_test_add_func ("/unipen/stop", test_stop);
  g_test_add_func ("/unipen/messages", test_messages);
  g_test_add_func ("/unipen/writer", test_writer);
  g_test_add_func ("/unipen/large", test_large);
  g_test_add_func ("/unipen/any-bytes", test_any_bytes);
  g_test_add_func ("/unipen/pendigits", test_pendigits);

  return g_test_run ();
}
