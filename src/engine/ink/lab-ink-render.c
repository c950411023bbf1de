/* SPDX-License-Identifier: MIT */
#include "lab-ink-render.h"

#include "lab-raster.h"

#include <string.h>

/* A drawing smaller than this, in the unit of its points, has no size at all. */
#define MIN_EXTENT 1e-9

/* How far the line may pass by a point, in pixels of the image. Cairo takes
 * about 1 µs for each point of a path, and a mouse gives hundreds. */
#define FLATNESS 0.05

/* How many points one straight piece may replace. */
#define MAX_RUN 32

/* Of a drawing with more points than this, every second, third, … will do. */
#define MAX_POINTS 4096

/* Strokes are drawn as one path, so that no seams show where they meet, until
 * it has so many points: Cairo's time grows faster than its paths. */
#define MAX_PATH 512

/* How points become pixels: left + scale × (x − origin_x), and so for y. */
typedef struct
{
  double origin_x;
  double origin_y;
  double scale;
  double left; /* of the ink with its line, in pixels of the image */
  double top;
  double width;
  double height;
} Placement;

static void
place (LabInk *ink, Placement *placement)
{
  double pen_width = lab_ink_get_pen_width (ink);
  double left = G_MAXDOUBLE;
  double right = -G_MAXDOUBLE;
  double top = G_MAXDOUBLE;
  double bottom = -G_MAXDOUBLE;
  double extent;

  for (guint i = 0; i < lab_ink_get_n_strokes (ink); i++)
    {
      gsize n_points;
      const LabInkPoint *points = lab_ink_get_stroke (ink, i, &n_points);

      for (gsize k = 0; k < n_points; k++)
        {
          left = MIN (left, points[k].x);
          right = MAX (right, points[k].x);
          top = MIN (top, points[k].y);
          bottom = MAX (bottom, points[k].y);
        }
    }

  extent = MAX (right - left, bottom - top);
  if (extent > MAX (2 * pen_width, MIN_EXTENT))
    placement->scale = (LAB_BOX_SIDE - LAB_LINE_WIDTH) / extent;
  else if (pen_width > MIN_EXTENT)
    placement->scale = LAB_LINE_WIDTH / pen_width;
  else
    placement->scale = 1;

  placement->origin_x = left;
  placement->origin_y = top;
  placement->width = (right - left) * placement->scale + LAB_LINE_WIDTH;
  placement->height = (bottom - top) * placement->scale + LAB_LINE_WIDTH;
  placement->left = LAB_MASS_CENTRE - placement->width / 2;
  placement->top = LAB_MASS_CENTRE - placement->height / 2;
}

/* Tells whether every @step-th point between @first and @last is within
 * @tolerance of the straight line from one to the other. */
static gboolean
is_straight (const LabInkPoint *points, gsize first, gsize last, gsize step, double tolerance)
{
  double dx = points[last].x - points[first].x;
  double dy = points[last].y - points[first].y;
  double square = dx * dx + dy * dy;

  for (gsize i = first + step; i < last; i += step)
    {
      double x = points[i].x - points[first].x;
      double y = points[i].y - points[first].y;
      double t = square > 0 ? CLAMP ((x * dx + y * dy) / square, 0, 1) : 0;

      x -= t * dx;
      y -= t * dy;
      if (x * x + y * y > tolerance * tolerance)
        return FALSE;
    }

  return TRUE;
}

/* Returns which point the line goes to after point @i, or @n_points after the
 * last. */
static gsize
next_point (const LabInkPoint *points, gsize n_points, gsize i, gsize step, double tolerance)
{
  gsize last = n_points - 1;
  gsize next = MIN (i + step, last);

  if (i == last)
    return n_points;

  while (next < last && next - i < MAX_RUN * step)
    {
      gsize further = MIN (next + step, last);

      if (!is_straight (points, i, further, step, tolerance))
        break;
      next = further;
    }

  return next;
}

static void
add_stroke (cairo_t *cr, const LabInkPoint *points, gsize n_points, gsize step, const Placement *placement)
{
  double scale = placement->scale;
  double left = placement->left + LAB_LINE_WIDTH / 2;
  double top = placement->top + LAB_LINE_WIDTH / 2;

  cairo_new_sub_path (cr);
  for (gsize i = 0; i < n_points; i = next_point (points, n_points, i, step, FLATNESS / scale))
    cairo_line_to (cr,
                   left + (points[i].x - placement->origin_x) * scale,
                   top + (points[i].y - placement->origin_y) * scale);

  /* Cairo draws a closed path of one point as a dot. */
  if (n_points == 1)
    cairo_close_path (cr);
}

static void
paint (LabInk *ink, cairo_surface_t *surface, const Placement *placement)
{
  cairo_t *cr = cairo_create (surface);
  gsize step = 1 + lab_ink_get_n_points (ink) / MAX_POINTS;
  gsize n_in_path = 0;

  cairo_set_operator (cr, CAIRO_OPERATOR_CLEAR);
  cairo_paint (cr);

  cairo_set_operator (cr, CAIRO_OPERATOR_OVER);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_width (cr, LAB_LINE_WIDTH);
  for (guint i = 0; i < lab_ink_get_n_strokes (ink); i++)
    {
      gsize n_points;
      const LabInkPoint *points = lab_ink_get_stroke (ink, i, &n_points);

      add_stroke (cr, points, n_points, step, placement);
      n_in_path += n_points;
      if (n_in_path >= MAX_PATH)
        {
          cairo_stroke (cr);
          n_in_path = 0;
        }
    }
  cairo_stroke (cr);

  cairo_destroy (cr);
  cairo_surface_flush (surface);
}

void
lab_ink_render_on (LabInk *ink, cairo_surface_t *surface, guint8 *image)
{
  const guint8 *pixels = cairo_image_surface_get_data (surface);
  gsize stride = cairo_image_surface_get_stride (surface);
  Placement placement;
  double x, y;

  memset (image, 0, LAB_IMAGE_SIZE);
  if (lab_ink_is_empty (ink) || pixels == NULL)
    return;

  /* The first picture is only there to be weighed. */
  place (ink, &placement);
  paint (ink, surface, &placement);
  if (!lab_raster_centroid (pixels, LAB_IMAGE_SIDE, LAB_IMAGE_SIDE, stride, &x, &y))
    return;

  placement.left = CLAMP (placement.left + LAB_MASS_CENTRE - x, 0, LAB_IMAGE_SIDE - placement.width);
  placement.top = CLAMP (placement.top + LAB_MASS_CENTRE - y, 0, LAB_IMAGE_SIDE - placement.height);
  paint (ink, surface, &placement);

  for (guint i = 0; i < LAB_IMAGE_SIDE; i++)
    memcpy (image + i * LAB_IMAGE_SIDE, pixels + i * stride, LAB_IMAGE_SIDE);
}
