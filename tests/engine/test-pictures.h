/* SPDX-License-Identifier: MIT */
#pragma once

/* Pictures of digits, drawn in many ways, for tests and for people to try. */

#include <glib.h>

/* The most digits in one picture. */
#define TEST_PICTURE_MAX_DIGITS 10

/* A rectangle of a picture, in its pixels. */
typedef struct
{
  double left, top, right, bottom;
} TestBox;

/* Where the digits of a picture were drawn, with their lines; their values are
 * what its file name begins with. */
typedef struct
{
  const char *name; /* of the file */
  guint       n_digits;
  TestBox     boxes[TEST_PICTURE_MAX_DIGITS];
} TestPicture;

/* Draws all pictures into @folder. Returns an array of TestPicture. */
GArray *test_pictures_draw (const char *folder);
