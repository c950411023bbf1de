/* SPDX-License-Identifier: MIT */
#include "nn-augment.h"

#include <math.h>
#include <stdbool.h>

#include "nn-elastic.h"
#include "nn-line-width.h"

#define DEGREE (3.14159265358979323846 / 180)
#define LARGEST 1e6
#define MOST_ELASTIC 100

/* Places in the picture are fixed-point numbers with this many bits behind the
 * point: the limits that nn_augmentation_check() sets keep them below 2⁶³. */
#define POINT 32
#define ONE (INT64_C (1) << POINT)
#define MOVE (INT64_C (1) << (POINT - NN_ELASTIC_POINT)) /* the unit of NnElasticField */

/* Weights of pixels have fewer bits, so that 255 times two of them fits in 32. */
#define WEIGHT_BITS 12
#define WEIGHT_ONE ((uint32_t) 1 << WEIGHT_BITS)

/* Where in the picture the output comes from: pixel (x, y) of the output from
 * start + x · right + y · down. */
typedef struct
{
  int64_t x, y;
} Place;

typedef struct
{
  Place start;
  Place right;
  Place down;
} Warp;

static bool
is_still (const NnAugmentation *augmentation)
{
  return augmentation->rotation == 0 && augmentation->shift == 0 && augmentation->zoom == 0
         && augmentation->shear == 0 && augmentation->elastic == 0 && augmentation->line_width == 0;
}

NnStatus
nn_augmentation_check (const NnAugmentation *augmentation, NnShape shape)
{
  const NnAugmentation *a = augmentation;

  if (!(a->rotation >= 0 && a->rotation <= 180) || !(a->shear >= 0 && a->shear <= 60))
    return NN_BAD_ARGUMENT;
  if (!(a->zoom >= 0 && a->zoom <= 0.9) || !(a->shift >= 0 && a->shift <= LARGEST))
    return NN_BAD_ARGUMENT;
  if (!is_still (a) && (shape.height > LARGEST || shape.width > LARGEST))
    return NN_BAD_ARGUMENT;
  if (!(a->elastic >= 0 && a->elastic <= MOST_ELASTIC) || !(a->line_width >= 0 && a->line_width <= NN_LINE_WIDTH_MOST))
    return NN_BAD_ARGUMENT;
  if (a->elastic > 0 && !(a->elastic_radius >= NN_ELASTIC_RADIUS))
    return NN_BAD_ARGUMENT;
  if (a->elastic > 0 && (shape.height > NN_ELASTIC_SIDE || shape.width > NN_ELASTIC_SIDE))
    return NN_BAD_ARGUMENT;
  if (a->line_width > 0 && (shape.width + 2) * shape.channels > NN_LINE_WIDTH_ROW)
    return NN_BAD_ARGUMENT;
  return NN_OK;
}

/* Returns a number between − … + @amount. */
static double
draw (NnRng *rng, double amount)
{
  return (2 * nn_rng_uniform (rng) - 1) * amount;
}

static int64_t
to_fixed (double number)
{
  return (int64_t) (number * (double) ONE);
}

/* The way there is out = zoom · shear · rotation · (in − middle) + middle +
 * shift; this is the way back. */
static Warp
draw_warp (const NnAugmentation *augmentation, NnShape shape, NnRng *rng)
{
  double angle = draw (rng, augmentation->rotation) * DEGREE;
  double shift_x = draw (rng, augmentation->shift), shift_y = draw (rng, augmentation->shift);
  double scale = 1 / (1 + draw (rng, augmentation->zoom));
  double slant = tan (draw (rng, augmentation->shear) * DEGREE);
  double cosine = cos (angle) * scale, sine = sin (angle) * scale;
  double right_x = cosine, right_y = -sine;
  double down_x = sine - slant * cosine, down_y = cosine + slant * sine;
  double middle_x = ((double) shape.width - 1) / 2, middle_y = ((double) shape.height - 1) / 2;
  double x = middle_x + shift_x, y = middle_y + shift_y;

  return (Warp){
    .start = { to_fixed (middle_x - x * right_x - y * down_x), to_fixed (middle_y - x * right_y - y * down_y) },
    .right = { to_fixed (right_x), to_fixed (right_y) },
    .down = { to_fixed (down_x), to_fixed (down_y) },
  };
}

static uint32_t
weight_of (int64_t place)
{
  return (uint32_t) place >> (POINT - WEIGHT_BITS);
}

/* Returns the value at a place between four pixels; the weights are those of the
 * right and of the lower ones. */
static inline NnReal
interpolate (uint32_t above_left, uint32_t above_right, uint32_t below_left, uint32_t below_right,
             uint32_t weight_x, uint32_t weight_y)
{
  /* Differences may be negative: they wrap around, and back in the sum. */
  uint32_t above = above_left * WEIGHT_ONE + (above_right - above_left) * weight_x;
  uint32_t below = below_left * WEIGHT_ONE + (below_right - below_left) * weight_x;

  return (NnReal) (above * WEIGHT_ONE + (below - above) * weight_y)
         * (NnReal) (1.0 / (255.0 * WEIGHT_ONE * WEIGHT_ONE));
}

static uint32_t
pixel_at (NnShape shape, const uint8_t *picture, int64_t x, int64_t y, size_t channel)
{
  if (x < 0 || y < 0 || x >= (int64_t) shape.width || y >= (int64_t) shape.height)
    return 0;
  return picture[((size_t) y * shape.width + (size_t) x) * shape.channels + channel];
}

/* Some of the four pixels, or all, are outside the picture. Kept apart, so that
 * the loop in warp_picture() has all the registers. */
static __attribute__ ((noinline)) void
sample_rim (NnShape shape, const uint8_t *picture, Place place, NnReal *output)
{
  int64_t x = place.x >> POINT, y = place.y >> POINT;

  for (size_t c = 0; c < shape.channels; c++)
    output[c] = interpolate (pixel_at (shape, picture, x, y, c), pixel_at (shape, picture, x + 1, y, c),
                             pixel_at (shape, picture, x, y + 1, c), pixel_at (shape, picture, x + 1, y + 1, c),
                             weight_of (place.x), weight_of (place.y));
}

static inline void
sample_inside (NnShape shape, const uint8_t *picture, Place place, NnReal *output)
{
  size_t x = (size_t) (place.x >> POINT), y = (size_t) (place.y >> POINT);
  const uint8_t *above = picture + (y * shape.width + x) * shape.channels;
  const uint8_t *below = above + shape.width * shape.channels;
  uint32_t weight_x = weight_of (place.x), weight_y = weight_of (place.y);

  for (size_t c = 0; c < shape.channels; c++)
    output[c] = interpolate (above[c], above[shape.channels + c], below[c], below[shape.channels + c], weight_x, weight_y);
}

static inline __attribute__ ((always_inline)) void
warp_picture (const Warp *warp, NnShape shape, const uint8_t *picture, NnReal *output)
{
  /* As unsigned numbers, negative places are very large. */
  uint64_t end_x = (uint64_t) (shape.width - 1) << POINT, end_y = (uint64_t) (shape.height - 1) << POINT;
  Place row = warp->start;

  for (size_t y = 0; y < shape.height; y++, row.x += warp->down.x, row.y += warp->down.y)
    {
      Place place = row;

      for (size_t x = 0; x < shape.width; x++, output += shape.channels)
        {
          if ((uint64_t) place.x < end_x && (uint64_t) place.y < end_y)
            sample_inside (shape, picture, place, output);
          else
            sample_rim (shape, picture, place, output);
          place.x += warp->right.x;
          place.y += warp->right.y;
        }
    }
}

/* The same with a move for each pixel; apart, so that the loop above stays as
 * short as it is. */
static __attribute__ ((noinline)) void
bend_picture (const NnAugmentation *augmentation, const Warp *warp, NnShape shape, NnRng *rng, const uint8_t *picture, NnReal *output)
{
  uint64_t end_x = (uint64_t) (shape.width - 1) << POINT, end_y = (uint64_t) (shape.height - 1) << POINT;
  int32_t across[NN_ELASTIC_SIDE], down[NN_ELASTIC_SIDE];
  Place row = warp->start;
  NnElasticField field;

  nn_elastic_draw (&field, augmentation->elastic, augmentation->elastic_radius, shape.height, shape.width, rng);
  for (size_t y = 0; y < shape.height; y++, row.x += warp->down.x, row.y += warp->down.y)
    {
      Place straight = row;

      nn_elastic_row (&field, y, across, down);
      for (size_t x = 0; x < shape.width; x++, output += shape.channels)
        {
          Place place = { straight.x + across[x] * MOVE, straight.y + down[x] * MOVE };

          if ((uint64_t) place.x < end_x && (uint64_t) place.y < end_y)
            sample_inside (shape, picture, place, output);
          else
            sample_rim (shape, picture, place, output);
          straight.x += warp->right.x;
          straight.y += warp->right.y;
        }
    }
}

/* Writes every byte b as b / 255, correctly rounded as a division would, but in
 * a third of the time. 1 / 255 is cut in two: the product with the first part
 * has no more bits than a number holds, so that one rounding remains that counts. */
static void
convert (const uint8_t *bytes, size_t n, NnReal *output)
{
  const NnReal most = (NnReal) 0x1.0102p-8, rest = (NnReal) (1.0 / 255 - 0x1.0102p-8);

  for (size_t i = 0; i < n; i++)
    output[i] = (NnReal) bytes[i] * most + (NnReal) bytes[i] * rest;
}

void
nn_augment (const NnAugmentation *augmentation,
            NnRng                 rng,
            NnShape               shape,
            const uint8_t        *picture,
            NnReal               *output)
{
  Warp warp;
  double line_width;

  if (augmentation == NULL || is_still (augmentation))
    {
      convert (picture, shape.height * shape.width * shape.channels, output);
      return;
    }

  warp = draw_warp (augmentation, shape, &rng);
  line_width = draw (&rng, augmentation->line_width);

  /* The same two or three times: a known number of channels saves a quarter of
   * the time. */
  if (augmentation->elastic > 0)
    bend_picture (augmentation, &warp, shape, &rng, picture, output);
  else if (shape.channels == 1)
    warp_picture (&warp, (NnShape){ shape.height, shape.width, 1 }, picture, output);
  else
    warp_picture (&warp, shape, picture, output);

  if (line_width != 0)
    nn_line_width_change (line_width, shape, output);
}
