/* SPDX-License-Identifier: MIT */
#pragma once

#include "lab-ink.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Called for each labelled digit; @ink is valid during the call only. @writer
 * is the number of who wrote it, 0 when the text does not say. Returns FALSE to
 * stop reading. */
typedef gboolean (*LabUnipenFunc) (LabInk *ink, guint label, guint writer, gpointer user_data);

/* Reads pen strokes of digits from UNIPEN text (Guyon, Schomaker, Plamondon,
 * Liberman and Janet, ICPR 1994): a .SEGMENT DIGIT names the label of the
 * strokes that follow it, the points of a stroke come between .PEN_DOWN and
 * .PEN_UP, one to a line, x and y in the file's units with y upward (the ink's
 * y grows down). The second number of a .COMMENT before the strokes is the
 * writer's, as in the UCI data set of pen-written digits. Other keywords are
 * passed over. Text with no digits is an error. @name is for error messages,
 * which also give the line. Returns TRUE at the end of the text or when @func
 * stopped it. */
gboolean lab_unipen_parse (GBytes *text, const char *name, LabUnipenFunc func, gpointer user_data, GError **error);

G_END_DECLS
