/* SPDX-License-Identifier: MIT */
#include "lab-unipen.h"

#include "lab-error.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* Bounds that no tablet reaches; they keep a hostile file from costing more
 * memory and time than its size explains. */
#define MAX_COORDINATE 1e7
#define MAX_POINTS 100000
#define MAX_NUMBER_LENGTH 63

typedef enum
{
  PEN_UP,
  PEN_DOWN, /* no point has come yet */
  PEN_WRITES,
} Pen;

typedef struct
{
  const char *name;
  guint line; /* counts from 1 */
  LabInk *ink;
  int label;  /* of the strokes being read, −1 when they are no digit */
  guint writer;
  Pen pen;
  guint n_digits;
  LabUnipenFunc func;
  gpointer user_data;
  gboolean stopped;
} Parser;

/* A piece of the text, which has no terminating zero. */
typedef struct
{
  const char *start;
  const char *end;
} Span;

static gboolean
fail (Parser *parser, GError **error, const char *text)
{
  g_set_error (error, LAB_ERROR, LAB_ERROR_FORMAT, "%s:%u: %s", parser->name, parser->line, text);
  return FALSE;
}

/* Cuts the next word, whatever lies between white space, off @line. */
static Span
next_word (Span *line)
{
  Span word = { line->start, line->start };

  while (word.start < line->end && g_ascii_isspace (*word.start))
    word.start++;
  word.end = word.start;
  while (word.end < line->end && !g_ascii_isspace (*word.end))
    word.end++;
  line->start = word.end;
  return word;
}

static gboolean
span_is (Span span, const char *text)
{
  gsize length = span.end - span.start;

  return length == strlen (text) && memcmp (span.start, text, length) == 0;
}

static gboolean
parse_number (Span word, double *value)
{
  char number[MAX_NUMBER_LENGTH + 1];
  char *end = NULL;
  gsize length = word.end - word.start;

  if (length == 0 || length > MAX_NUMBER_LENGTH)
    return FALSE;
  memcpy (number, word.start, length);
  number[length] = '\0';
  *value = g_ascii_strtod (number, &end);
  /* Written so that a NaN fails too. */
  return end == number + length && fabs (*value) <= MAX_COORDINATE;
}

/* A label is the last word of its line, one digit in quotation marks. */
static gboolean
parse_label (Span line, int *label)
{
  Span word = next_word (&line);
  Span last = word;

  while (word.start < word.end)
    {
      last = word;
      word = next_word (&line);
    }
  if (last.end - last.start != 3 || last.start[0] != '"' || last.start[2] != '"' || !g_ascii_isdigit (last.start[1]))
    return FALSE;
  *label = last.start[1] - '0';
  return TRUE;
}

/* Hands the digit that has been read to the caller. */
static gboolean
finish_digit (Parser *parser, GError **error)
{
  if (parser->pen != PEN_UP)
    return fail (parser, error, _("the last stroke has no .PEN_UP"));
  if (parser->label < 0)
    return TRUE;
  if (lab_ink_is_empty (parser->ink))
    return fail (parser, error, _("the last digit has no points"));

  parser->n_digits++;
  parser->stopped = !parser->func (parser->ink, parser->label, parser->writer, parser->user_data);
  parser->label = -1;
  lab_ink_clear (parser->ink);
  return TRUE;
}

static gboolean
parse_segment (Parser *parser, Span line, GError **error)
{
  if (!finish_digit (parser, error))
    return FALSE;
  parser->writer = 0;
  if (span_is (next_word (&line), "DIGIT") && !parse_label (line, &parser->label))
    return fail (parser, error, _("the label of a digit was expected, such as \"8\""));
  return TRUE;
}

/* A comment may say anything; "8 12  224" is the digit, its writer and which of
 * the writer's digits it is. */
static void
parse_comment (Parser *parser, Span line)
{
  double digit, writer;

  if (lab_ink_is_empty (parser->ink) && parse_number (next_word (&line), &digit)
      && parse_number (next_word (&line), &writer) && writer >= 0)
    parser->writer = writer;
}

static gboolean
parse_point (Parser *parser, Span line, GError **error)
{
  LabInkPoint point = { .pressure = 1 };

  if (!parse_number (next_word (&line), &point.x) || !parse_number (next_word (&line), &point.y))
    return fail (parser, error, _("the x and y of a point were expected"));
  if (parser->label < 0)
    return TRUE;
  if (lab_ink_get_n_points (parser->ink) >= MAX_POINTS)
    return fail (parser, error, _("the digit has too many points"));

  point.y = -point.y;
  if (parser->pen == PEN_DOWN)
    lab_ink_begin_stroke (parser->ink, point);
  else
    lab_ink_add_point (parser->ink, point);
  parser->pen = PEN_WRITES;
  return TRUE;
}

static gboolean
parse_line (Parser *parser, Span line, GError **error)
{
  Span rest = line;
  Span word = next_word (&rest);
  gboolean is_keyword = word.end - word.start > 1 && word.start[0] == '.' && g_ascii_isalpha (word.start[1]);

  if (word.start == word.end)
    return TRUE;
  if (!is_keyword)
    return parser->pen == PEN_UP || parse_point (parser, line, error);
  if (span_is (word, ".SEGMENT"))
    return parse_segment (parser, rest, error);
  if (span_is (word, ".COMMENT"))
    parse_comment (parser, rest);
  else if (span_is (word, ".PEN_DOWN"))
    {
      if (parser->pen != PEN_UP)
        return fail (parser, error, _("the last stroke has no .PEN_UP"));
      parser->pen = PEN_DOWN;
    }
  else if (span_is (word, ".PEN_UP"))
    {
      lab_ink_end_stroke (parser->ink);
      parser->pen = PEN_UP;
    }
  return TRUE;
}

gboolean
lab_unipen_parse (GBytes *text, const char *name, LabUnipenFunc func, gpointer user_data, GError **error)
{
  g_autoptr (LabInk) ink = lab_ink_new ();
  Parser parser = { .name = name, .ink = ink, .label = -1, .func = func, .user_data = user_data };
  gsize size = 0;
  const char *next = g_bytes_get_data (text, &size);
  const char *end = next + size;

  while (next < end && !parser.stopped)
    {
      const char *newline = memchr (next, '\n', end - next);
      Span line = { next, newline != NULL ? newline : end };

      parser.line++;
      if (!parse_line (&parser, line, error))
        return FALSE;
      next = newline != NULL ? newline + 1 : end;
    }

  if (!parser.stopped && !finish_digit (&parser, error))
    return FALSE;
  if (parser.n_digits == 0)
    {
      g_set_error (error, LAB_ERROR, LAB_ERROR_FORMAT, _("%s: there are no digits in this file"), name);
      return FALSE;
    }
  return TRUE;
}
