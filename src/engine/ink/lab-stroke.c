/* SPDX-License-Identifier: MIT */
#include "lab-stroke.h"

#include <math.h>

/* So many pixels of a row are worked out at once, the size of a vector that
 * every processor has. The side of the image is a multiple of it. */
#define LANES 4
G_STATIC_ASSERT (LAB_IMAGE_SIDE % LANES == 0);

typedef struct
{
  LabDisc from;
  float dx; /* to the other end */
  float dy;
  float growth;         /* of the radius */
  float inverse_square; /* of the length; 0 for a single disc */
} Piece;

static inline float
smaller (float a, float b)
{
  return a < b ? a : b;
}

static inline float
larger (float a, float b)
{
  return a > b ? a : b;
}

/* Returns the first of the rows or columns whose middle is behind @position, or
 * LAB_IMAGE_SIDE. */
static inline int
find_next (float position)
{
  return smaller (larger (position + 0.5f, 0), LAB_IMAGE_SIDE);
}

/* A pixel is covered as much as a slit one pixel long that lies across the line
 * with its middle where the pixel's is. Added along a row or a column that
 * crosses a line at right angles, this is the exact width of the line. */
static inline void
draw_row (const Piece *piece, float y, float left, float right, float *row)
{
  float down = y - piece->from.y;
  int end = find_next (right);

  for (int first = find_next (left) / LANES * LANES; first < end; first += LANES)
    for (int i = first; i < first + LANES; i++)
      {
        float across = i + 0.5f - piece->from.x;
        float along = (across * piece->dx + down * piece->dy) * piece->inverse_square;
        float t = smaller (larger (along, 0), 1);
        float x_off = across - t * piece->dx;
        float y_off = down - t * piece->dy;
        float radius = piece->from.radius + t * piece->growth;
        float cover = radius + 0.5f - sqrtf (x_off * x_off + y_off * y_off);

        row[i] = larger (row[i], smaller (cover, smaller (2 * radius, 1)));
      }
}

void
lab_stroke_draw (float *coverage, LabDisc from, LabDisc to)
{
  Piece piece = { from, to.x - from.x, to.y - from.y, to.radius - from.radius, 0 };
  float square = piece.dx * piece.dx + piece.dy * piece.dy;
  float reach = larger (from.radius, to.radius) + 0.5f;
  float left = smaller (from.x, to.x) - reach;
  float right = larger (from.x, to.x) + reach;
  int end = find_next (larger (from.y, to.y) + reach);
  float slope = 0;                 /* how far a row is right of the one above where it meets the piece, */
  float half = 2 * LAB_IMAGE_SIDE; /* and how far the piece reaches to both sides of there */

  if (square > 0)
    piece.inverse_square = 1 / square;
  if (fabsf (piece.dy) > reach)
    {
      slope = piece.dx / piece.dy;
      half = reach * sqrtf (1 + slope * slope);
    }

  for (int i = find_next (smaller (from.y, to.y) - reach); i < end; i++)
    {
      float y = i + 0.5f;
      float middle = from.x + (y - from.y) * slope;

      draw_row (&piece, y, larger (left, middle - half), smaller (right, middle + half), coverage + i * LAB_IMAGE_SIDE);
    }
}
