/* SPDX-License-Identifier: MIT */
#include "test-pictures.h"

#include <cairo.h>
#include <math.h>
#include <png.h>
#include <stdio.h>
#include <string.h>

/* What a picture looks like, and how it is kept in its file. Lengths are pixels;
 * what is 0 is taken from defaults, see fill_in(). */
typedef struct
{
  const char *name;
  int width, height;
  double size;              /* of the digits: their height */
  double line;              /* the width of their line */
  guint8 ink[3], paper[3];  /* colours; both 0: black on white */
  gboolean strokes;         /* the paths with more strokes: a crossed 7, a 5 with its bar apart */
  int rows;                 /* of digits */

  double gradient;          /* how much darker one corner is, 0 … 1, and all of them */
  double vignette;
  double noise;             /* standard deviation */
  double ruled, squared;    /* the distance of the lines of the paper */
  double slope;             /* and how they slope */
  double frame, inset;      /* the width of a frame, and how far it is inside */
  int specks;

  int color_type, depth;    /* as libpng names them; depth 0: 8 bits of grey */
  gboolean interlaced;
} Look;

#define RGB PNG_COLOR_TYPE_RGB
#define RGBA PNG_COLOR_TYPE_RGB_ALPHA
#define GREY PNG_COLOR_TYPE_GRAY
#define GREY_ALPHA PNG_COLOR_TYPE_GRAY_ALPHA
#define PALETTE PNG_COLOR_TYPE_PALETTE

#define WHITE { 255, 255, 255 }
#define PHOTO .width = 600, .height = 500, .size = 220, .line = 11, .ink = { 50, 50, 60 }, .paper = { 205, 200, 190 }, \
              .color_type = RGB, .depth = 8
#define SHEET .width = 400, .height = 400, .size = 170, .line = 8, .ink = { 20, 30, 90 }, .paper = { 245, 245, 240 }, \
              .color_type = RGB, .depth = 8, .noise = 2

/* A look has few of the fields, and PHOTO and SHEET may be changed. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#pragma GCC diagnostic ignored "-Woverride-init"

static const Look looks[] = {
  { "0-plain.png" },
  { "1-plain.png" },
  { "2-plain.png" },
  { "3-plain.png" },
  { "4-plain.png" },
  { "5-plain.png" },
  { "6-plain.png" },
  { "7-plain.png" },
  { "8-plain.png" },
  { "9-plain.png" },
  { "4-strokes.png", .strokes = TRUE },
  { "5-strokes.png", .strokes = TRUE },
  { "7-strokes.png", .strokes = TRUE },
  { "0-thin.png", .line = 1 },
  { "2-thin.png", .line = 1.5 },
  { "4-thin.png", .line = 2 },
  { "7-thin.png", .width = 1000, .height = 1000, .size = 800, .line = 2 },
  { "1-thick.png", .line = 34 },
  { "3-thick.png", .line = 26 },
  { "5-thick.png", .line = 26 },
  { "8-thick.png", .line = 22 },
  { "6-inverted.png", .ink = WHITE },
  { "8-inverted.png", .ink = { 230, 230, 230 }, .paper = { 30, 30, 30 } },
  { "9-inverted.png", .ink = { 90, 90, 90 }, .paper = { 20, 20, 20 } },
  { "2-alpha.png", .color_type = GREY_ALPHA, .depth = 8 },
  { "3-alpha-white.png", .ink = WHITE, .color_type = GREY_ALPHA, .depth = 8 },
  { "5-alpha.png", .ink = { 120, 0, 0 }, .color_type = RGBA, .depth = 8 },
  { "9-alpha-white.png", .ink = { 255, 250, 240 }, .color_type = RGBA, .depth = 16 },
  { "0-photo.png", PHOTO, .gradient = 0.4, .noise = 5 },
  { "1-photo.png", PHOTO, .vignette = 0.5, .noise = 5 },
  { "2-photo.png", PHOTO, .gradient = 0.3, .vignette = 0.4, .noise = 8 },
  { "3-photo.png", PHOTO, .gradient = 0.5, .vignette = 0.3, .noise = 12 },
  { "6-photo.png", PHOTO, .gradient = 0.6, .noise = 4 },
  { "8-photo-board.png", .width = 500, .height = 400, .size = 200, .line = 9, .ink = { 225, 230, 220 },
    .paper = { 45, 80, 60 }, .color_type = RGB, .depth = 8, .gradient = 0.4, .noise = 6 },
  { "2-ruled.png", SHEET, .ruled = 38 },
  { "4-ruled.png", SHEET, .ruled = 50, .slope = 0.02 },
  { "6-ruled.png", SHEET, .ruled = 45, .slope = -0.04 },
  { "7-ruled-photo.png", PHOTO, .ruled = 48, .slope = 0.02, .gradient = 0.3, .vignette = 0.2, .noise = 5 },
  { "3-squared.png", SHEET, .squared = 26 },
  { "5-squared.png", SHEET, .squared = 32, .slope = 0.03 },
  { "9-squared.png", SHEET, .squared = 22, .slope = -0.01 },
  { "1-border.png", .frame = 6 },
  { "6-border.png", .frame = 2, .inset = 8 },
  { "8-border-thick.png", .frame = 14 },
  { "0-specks.png", .specks = 40 },
  { "4-specks.png", .width = 500, .height = 400, .specks = 120, .noise = 10 },
  { "1-tiny.png", .width = 8, .height = 8, .size = 8, .line = 1.2 },
  { "7-tiny.png", .width = 8, .height = 8, .size = 8, .line = 1 },
  { "0-tiny.png", .width = 12, .height = 12, .size = 11, .line = 1.5 },
  { "2-tiny.png", .width = 16, .height = 16, .size = 14, .line = 1.5 },
  { "5-tiny.png", .width = 16, .height = 16, .size = 15, .line = 1.5, .ink = WHITE },
  { "3-tiny.png", .width = 20, .height = 20, .size = 16, .line = 2 },
  { "4-tiny.png", .width = 20, .height = 20, .size = 18, .line = 1 },
  { "9-tiny.png", .width = 18, .height = 20, .size = 17, .line = 2 },
  { "6-huge.png", .width = 4000, .height = 3000, .size = 2000, .line = 90 },
  { "2-huge.png", .width = 8000, .height = 8000, .size = 6000, .line = 200, .color_type = GREY, .depth = 1 },
  { "7-huge.png", .width = 8000, .height = 2000, .size = 1500, .line = 16, .color_type = GREY, .depth = 8 },
  { "7-16-bit.png", .color_type = GREY, .depth = 16 },
  { "3-16-bit.png", .ink = { 10, 60, 160 }, .paper = { 250, 240, 220 }, .color_type = RGB, .depth = 16 },
  { "0-palette.png", .color_type = PALETTE, .depth = 8 },
  { "9-palette.png", .color_type = PALETTE, .depth = 4 },
  { "1-grey-1.png", .color_type = GREY, .depth = 1 },
  { "5-grey-1.png", .ink = WHITE, .color_type = GREY, .depth = 1 },
  { "6-grey-2.png", .color_type = GREY, .depth = 2 },
  { "2-grey-4.png", .color_type = GREY, .depth = 4 },
  { "3-interlaced.png", .interlaced = TRUE },
  { "4-interlaced-1.png", .color_type = GREY, .depth = 1, .interlaced = TRUE },
  { "8-interlaced-alpha.png", .color_type = RGBA, .depth = 8, .interlaced = TRUE },
  { "5-interlaced-huge.png", .width = 3000, .height = 3000, .size = 2400, .line = 100, .interlaced = TRUE },
  { "5-colour.png", .ink = { 20, 40, 200 }, .paper = { 255, 240, 120 }, .color_type = RGB, .depth = 8 },
  { "2-colour.png", .ink = { 220, 30, 30 }, .paper = WHITE, .color_type = RGB, .depth = 8 },
  { "9-pencil.png", .width = 500, .height = 500, .size = 200, .line = 4, .ink = { 170, 170, 175 },
    .paper = { 235, 235, 230 }, .noise = 3, .color_type = RGB, .depth = 8 },
  { "305-plain.png", .width = 500 },
  { "11-plain.png", .width = 200 },
  { "1234567890-long.png", .width = 1400, .height = 240 },
  { "90-inverted.png", .width = 360, .ink = WHITE },
  { "618-photo.png", PHOTO, .height = 400, .size = 150, .gradient = 0.4, .vignette = 0.3, .noise = 6 },
  { "42-ruled.png", SHEET, .width = 500, .ruled = 42, .slope = 0.01 },
  { "857-squared.png", SHEET, .width = 600, .squared = 25 },
  { "574-strokes.png", .width = 500, .strokes = TRUE },
  { "274936-lines.png", .width = 500, .height = 500, .rows = 2 },
  { "206-small.png", .width = 900, .height = 700, .size = 40, .line = 3 },
};

#pragma GCC diagnostic pop

/* The paths of the digits, 100 high: M, L and C as in SVG. */
static const char *const paths[10] = {
  "M 35 0 C -8 0 -8 100 35 100 C 76 100 76 0 35 0",
  "M 14 26 L 40 0 L 38 100",
  "M 5 26 C 5 -10 66 -10 62 28 C 60 55 15 75 3 100 L 68 97",
  "M 6 10 C 40 -16 80 32 28 46 C 88 48 66 118 3 91",
  "M 42 0 L 3 66 L 70 63 M 52 34 L 48 100",
  "M 62 1 L 17 0 L 11 44 C 45 30 76 54 63 80 C 50 106 15 102 2 88",
  "M 52 0 C 15 20 -5 58 5 82 C 15 106 60 106 62 75 C 62 46 20 46 6 76",
  "M 3 3 L 66 0 C 46 35 32 65 26 100",
  "M 57 12 C 47 -8 3 -6 9 22 C 15 48 63 54 61 80 C 56 108 3 105 7 78 C 12 50 62 45 57 12",
  "M 60 16 C 46 -12 4 -2 7 28 C 11 56 56 50 60 16 L 54 100",
};

/* And how those who lift the pen more often write them. */
static const char *const stroke_paths[10] = {
  [4] = "M 12 0 L 4 56 L 70 54 M 56 0 L 52 100",
  [5] = "M 15 8 L 11 44 C 45 30 76 54 63 80 C 50 106 15 102 2 88 M 26 0 L 70 -2",
  [7] = "M 3 3 L 66 0 C 46 35 32 65 26 100 M 14 52 L 60 46",
};

#define PATH_WIDTH 68.0

static Look
fill_in (Look look)
{
  static const guint8 black[3] = { 0 };

  if (look.width == 0)
    look.width = 200;
  if (look.height == 0)
    look.height = 200;
  if (look.size == 0)
    look.size = 130;
  if (look.line == 0)
    look.line = look.size / 13;
  if (look.rows == 0)
    look.rows = 1;
  if (look.depth == 0)
    look.depth = 8;
  if (memcmp (look.paper, black, 3) == 0 && look.ink[0] < 128)
    memset (look.paper, 255, 3);
  return look;
}

static void
draw_path (cairo_t *cr, const char *path)
{
  g_auto (GStrv) words = g_strsplit (path, " ", -1);
  double numbers[6];

  for (guint i = 0; words[i] != NULL;)
    {
      char command = words[i++][0];
      guint n = command == 'C' ? 6 : 2;

      for (guint k = 0; k < n; k++)
        numbers[k] = g_ascii_strtod (words[i++], NULL);
      if (command == 'M')
        cairo_move_to (cr, numbers[0], numbers[1]);
      else if (command == 'L')
        cairo_line_to (cr, numbers[0], numbers[1]);
      else
        cairo_curve_to (cr, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
    }
}

/* Draws digit @index of @picture in its place. */
static void
draw_digit (cairo_t *cr, const Look *look, TestPicture *picture, guint index)
{
  guint columns = picture->n_digits / look->rows;
  guint digit = g_ascii_digit_value (picture->name[index]);
  double scale = (look->size - look->line) / 100;
  double x = look->width * (index % columns + 0.5) / columns;
  double y = look->height * (index / columns + 0.5) / look->rows;
  TestBox *box = &picture->boxes[index];
  cairo_path_t *path;

  if (look->rows > 1)
    scale *= 0.9;
  if (picture->n_digits == 3 && look->size < 50) /* written small, and close together */
    x = look->width / 2.0 + (index - 1.0) * look->size;
  cairo_save (cr);
  cairo_translate (cr, x - PATH_WIDTH / 2 * scale, y - 50 * scale);
  cairo_scale (cr, scale, scale);
  draw_path (cr, look->strokes && stroke_paths[digit] != NULL ? stroke_paths[digit] : paths[digit]);
  cairo_restore (cr);

  path = cairo_copy_path (cr);
  cairo_set_line_width (cr, look->line);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke_extents (cr, &box->left, &box->top, &box->right, &box->bottom);
  cairo_stroke (cr);
  cairo_path_destroy (path);
}

/* Draws all that is in the colour of the ink. */
static cairo_surface_t *
draw_ink (const Look *look, TestPicture *picture, GRand *rand)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, look->width, look->height);
  cairo_t *cr = cairo_create (surface);

  for (guint i = 0; i < picture->n_digits; i++)
    draw_digit (cr, look, picture, i);
  if (look->frame > 0)
    {
      double edge = look->inset + look->frame / 2;

      cairo_set_line_width (cr, look->frame);
      cairo_rectangle (cr, edge, edge, look->width - 2 * edge, look->height - 2 * edge);
      cairo_stroke (cr);
    }
  for (int i = 0; i < look->specks; i++)
    {
      cairo_arc (cr, g_rand_double (rand) * look->width, g_rand_double (rand) * look->height,
                 0.7 + 3 * g_rand_double (rand), 0, 2 * G_PI);
      cairo_fill (cr);
    }
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

/* Returns how much of the lines of the paper is at @x, @y, 0 … 1. */
static double
paper_line (const Look *look, double x, double y)
{
  double distance = look->ruled > 0 ? look->ruled : look->squared;
  double across = y - look->slope * x + 7;
  double along = x + look->slope * y + 5;
  double line;

  if (distance == 0)
    return 0;
  line = CLAMP (1.2 - fabs (across - distance * round (across / distance)), 0, 1);
  if (look->squared > 0)
    line = MAX (line, CLAMP (1.2 - fabs (along - distance * round (along / distance)), 0, 1));
  return line;
}

/* Returns the brightness of the light at @x, @y. */
static double
light (const Look *look, double x, double y)
{
  double u = 2 * x / look->width - 1;
  double v = 2 * y / look->height - 1;

  return 1 - look->gradient * (2 + u + v) / 4 - look->vignette * (u * u + v * v) / 2;
}

static double
noise (const Look *look, GRand *rand)
{
  if (look->noise == 0)
    return 0;
  return look->noise * sqrt (-2 * log (1 - g_rand_double (rand))) * cos (2 * G_PI * g_rand_double (rand));
}

/* Writes one sample of @value, 0 … 255, as sample number @i of a row. */
static void
put_sample (guint8 *row, guint i, int depth, double value)
{
  guint sample = CLAMP (lrint (value), 0, 255);

  if (depth == 16)
    {
      row[2 * i] = sample;
      row[2 * i + 1] = sample;
    }
  else
    {
      guint per_byte = 8 / depth;

      sample = (sample * ((1u << depth) - 1) + 127) / 255;
      row[i / per_byte] |= sample << (8 - depth * (i % per_byte + 1));
    }
}

/* Writes row @y of the picture as the file keeps it. */
static void
make_row (const Look *look, cairo_surface_t *ink, int y, GRand *rand, guint8 *row, gsize size)
{
  const guint8 *coverage = cairo_image_surface_get_data (ink) + (gsize) y * cairo_image_surface_get_stride (ink);
  gboolean alpha = (look->color_type & PNG_COLOR_MASK_ALPHA) != 0;
  guint n_colours = look->color_type == RGB || look->color_type == RGBA ? 3 : 1;
  guint n_channels = n_colours + alpha;

  memset (row, 0, size);
  for (int x = 0; x < look->width; x++)
    {
      double part = coverage[x] / 255.0;
      double line = 0.45 * paper_line (look, x, y);
      double brightness = light (look, x, y);
      double grain = noise (look, rand);

      for (guint c = 0; c < n_colours; c++)
        {
          double value = (look->paper[c] * (1 - line) * (1 - part) + look->ink[c] * part) * brightness + grain;

          if (look->color_type == PALETTE)
            value = 255 - value;
          put_sample (row, x * n_channels + c, look->depth, alpha ? look->ink[c] : value);
        }
      if (alpha)
        put_sample (row, x * n_channels + n_colours, look->depth, coverage[x]);
    }
}

/* The palette runs from white to black, so that no index is its own colour. */
static void
set_palette (png_structp png, png_infop info, int depth)
{
  png_color palette[256];
  int n = 1 << depth;

  for (int i = 0; i < n; i++)
    {
      png_byte value = 255 - i * 255 / (n - 1);

      palette[i] = (png_color) { value, value, value };
    }
  png_set_PLTE (png, info, palette, n);
}

static void
write_png (const Look *look, cairo_surface_t *ink, const char *path)
{
  FILE *file = fopen (path, "wb");
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct (png);
  g_autofree guint8 *row = NULL;
  gsize size;
  int passes;

  if (file == NULL)
    g_error ("%s cannot be written", path);
  png_init_io (png, file);
  png_set_compression_level (png, 1);
  png_set_IHDR (png, info, look->width, look->height, look->depth, look->color_type,
                look->interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (look->color_type == PALETTE)
    set_palette (png, info, look->depth);
  png_write_info (png, info);
  passes = png_set_interlace_handling (png);
  size = png_get_rowbytes (png, info);
  row = g_malloc (size);
  for (int pass = 0; pass < passes; pass++)
    {
      GRand *rand = g_rand_new_with_seed (3);

      for (int y = 0; y < look->height; y++)
        {
          make_row (look, ink, y, rand, row, size);
          png_write_row (png, row);
        }
      g_rand_free (rand);
    }
  png_write_end (png, NULL);
  png_destroy_write_struct (&png, &info);
  fclose (file);
}

GArray *
test_pictures_draw (const char *folder)
{
  GArray *pictures = g_array_new (FALSE, TRUE, sizeof (TestPicture));

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      Look look = fill_in (looks[i]);
      TestPicture picture = { .name = look.name };
      g_autofree char *path = g_build_filename (folder, look.name, NULL);
      GRand *rand = g_rand_new_with_seed (i);
      cairo_surface_t *ink;

      picture.n_digits = strspn (look.name, "0123456789");
      ink = draw_ink (&look, &picture, rand);
      write_png (&look, ink, path);
      g_array_append_val (pictures, picture);
      cairo_surface_destroy (ink);
      g_rand_free (rand);
    }
  return pictures;
}
