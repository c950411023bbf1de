/* SPDX-License-Identifier: MIT */
#include "lab-ink-painter.h"

#include <math.h>

/* The width of a line, as a part of the pen's, without and with full pressure. */
#define LIGHTEST 0.4
#define FIRMEST  1.0

/* How long a straight piece of a curve may be, in parts of the sheet's side. */
#define PIECE      0.012
#define MAX_PIECES 64

/* A curve is moved into the mask in runs of this length, or of this many points
 * where the pen hardly moves. A run is what a frame has to draw anew. It must
 * not be too short: where two of them touch, their soft edges add up. */
#define RUN_LENGTH 0.06
#define RUN_POINTS 64

struct _LabInkPainter
{
  cairo_surface_t *mask; /* the strokes up to @stroke and @point, as alpha */
  double           width;
  double           height;
  int              scale;

  guint stroke;
  gsize point;
};

typedef struct
{
  double x;
  double y;
  double radius;
} Dot;

static Dot
dot_from_point (const LabInkPoint *point,
                double             pen_width)
{
  double pressure = CLAMP (point->pressure, 0.0, 1.0);

  return (Dot) { point->x, point->y, pen_width / 2.0 * (LIGHTEST + (FIRMEST - LIGHTEST) * pressure) };
}

static Dot
dot_between (Dot    a,
             Dot    b,
             double t)
{
  return (Dot) { a.x + t * (b.x - a.x), a.y + t * (b.y - a.y), a.radius + t * (b.radius - a.radius) };
}

static void
add_disc (cairo_t *cr,
          Dot      dot)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, dot.x, dot.y, dot.radius, 0.0, 2.0 * G_PI);
  cairo_close_path (cr);
}

/* Adds the band from disc @a to disc @b and disc @b itself. Bands and discs run
 * round the same way, so that filling the path gives their union. */
static void
add_piece (cairo_t *cr,
           Dot      a,
           Dot      b)
{
  double length = hypot (b.x - a.x, b.y - a.y);

  if (length > 0.0)
    {
      double across_x = -(b.y - a.y) / length;
      double across_y = (b.x - a.x) / length;

      cairo_move_to (cr, a.x - across_x * a.radius, a.y - across_y * a.radius);
      cairo_line_to (cr, b.x - across_x * b.radius, b.y - across_y * b.radius);
      cairo_line_to (cr, b.x + across_x * b.radius, b.y + across_y * b.radius);
      cairo_line_to (cr, a.x + across_x * a.radius, a.y + across_y * a.radius);
      cairo_close_path (cr);
    }

  add_disc (cr, b);
}

/* Fills the curve around the points from @first up to, not including, @end. It
 * is the quadratic B-spline of the points: around each one a parabola from the
 * middle of the line before it to the middle of the line after it. */
static void
fill_curve (cairo_t           *cr,
            const LabInkPoint *points,
            gsize              n_points,
            gsize              first,
            gsize              end,
            double             pen_width)
{
  for (gsize i = first; i < end; i++)
    {
      Dot middle = dot_from_point (&points[i], pen_width);
      Dot from = middle;
      Dot to = middle;
      Dot last;
      guint pieces;

      if (i > 0)
        from = dot_between (dot_from_point (&points[i - 1], pen_width), middle, 0.5);
      if (i + 1 < n_points)
        to = dot_between (middle, dot_from_point (&points[i + 1], pen_width), 0.5);

      pieces = CLAMP ((hypot (middle.x - from.x, middle.y - from.y) +
                       hypot (to.x - middle.x, to.y - middle.y)) / PIECE, 1, MAX_PIECES);

      if (i == first)
        add_disc (cr, from);

      last = from;
      for (guint piece = 1; piece <= pieces; piece++)
        {
          double t = (double) piece / pieces;
          Dot next = dot_between (dot_between (from, middle, t), dot_between (middle, to, t), t);

          add_piece (cr, last, next);
          last = next;
        }
    }

  cairo_fill (cr);
}

static cairo_t *
create_context (LabInkPainter *self)
{
  cairo_t *cr = cairo_create (self->mask);
  double x, y, side;

  lab_ink_painter_get_square (self->width, self->height, &x, &y, &side);
  cairo_translate (cr, x, y);
  cairo_scale (cr, side, side);

  return cr;
}

/* Returns the end of the run that begins at @first, or 0 when it is not whole.
 * There is always a point after it, which bends its last part. */
static gsize
find_run_end (const LabInkPoint *points,
              gsize              n_points,
              gsize              first)
{
  double length = 0.0;

  for (gsize i = first; i + 1 < n_points; i++)
    {
      length += hypot (points[i + 1].x - points[i].x, points[i + 1].y - points[i].y);

      if (length >= RUN_LENGTH || i + 1 - first >= RUN_POINTS)
        return i + 1;
    }

  return 0;
}

/* Moves into the mask what will not change any more: all strokes but the last,
 * and of that one the runs that are whole. */
static void
catch_up (LabInkPainter *self,
          LabInk        *ink)
{
  guint n_strokes = lab_ink_get_n_strokes (ink);
  double pen_width = lab_ink_get_pen_width (ink);
  cairo_t *cr = create_context (self);

  while (self->stroke < n_strokes)
    {
      gsize n_points;
      const LabInkPoint *points = lab_ink_get_stroke (ink, self->stroke, &n_points);
      gsize end;

      while ((end = find_run_end (points, n_points, self->point)) > 0)
        {
          fill_curve (cr, points, n_points, self->point, end, pen_width);
          self->point = end;
        }

      if (self->stroke + 1 == n_strokes)
        break;

      fill_curve (cr, points, n_points, self->point, n_points, pen_width);
      self->stroke++;
      self->point = 0;
    }

  cairo_destroy (cr);
}

static void
ensure_mask (LabInkPainter *self,
             double         width,
             double         height,
             int            scale)
{
  if (self->mask != NULL &&
      self->width == width && self->height == height && self->scale == scale)
    return;

  lab_ink_painter_reset (self);

  self->mask = cairo_image_surface_create (CAIRO_FORMAT_A8, ceil (width * scale), ceil (height * scale));
  cairo_surface_set_device_scale (self->mask, scale, scale);
  self->width = width;
  self->height = height;
  self->scale = scale;
}

LabInkPainter *
lab_ink_painter_new (void)
{
  return g_new0 (LabInkPainter, 1);
}

void
lab_ink_painter_free (LabInkPainter *self)
{
  g_clear_pointer (&self->mask, cairo_surface_destroy);
  g_free (self);
}

void
lab_ink_painter_reset (LabInkPainter *self)
{
  g_clear_pointer (&self->mask, cairo_surface_destroy);
  self->stroke = 0;
  self->point = 0;
}

void
lab_ink_painter_draw (LabInkPainter *self,
                      LabInk        *ink,
                      cairo_t       *cr,
                      double         width,
                      double         height,
                      int            scale)
{
  guint n_strokes = lab_ink_get_n_strokes (ink);
  gsize n_points;
  const LabInkPoint *points;
  double x, y, side;

  if (n_strokes == 0 || width < 1.0 || height < 1.0)
    return;

  ensure_mask (self, width, height, scale);
  catch_up (self, ink);

  cairo_mask_surface (cr, self->mask, 0.0, 0.0);

  points = lab_ink_get_stroke (ink, n_strokes - 1, &n_points);
  lab_ink_painter_get_square (width, height, &x, &y, &side);
  cairo_translate (cr, x, y);
  cairo_scale (cr, side, side);
  fill_curve (cr, points, n_points, self->point, n_points, lab_ink_get_pen_width (ink));
}

void
lab_ink_painter_get_square (double  width,
                            double  height,
                            double *x,
                            double *y,
                            double *side)
{
  *side = MIN (width, height);
  *x = (width - *side) / 2.0;
  *y = (height - *side) / 2.0;
}
