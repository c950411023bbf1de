/* SPDX-License-Identifier: MIT */
#include "lab-picture-private.h"

#include <string.h>

/* The box is told in pixels of the file. */
static void
set_box (LabFoundDigit *digit, const LabPicture *picture, const LabInkPart *part)
{
  guint full = MAX (picture->full_width, picture->full_height);
  guint side = MAX (picture->width, picture->height);
  guint factor = (full + side - 1) / side;

  digit->left = part->left * factor;
  digit->top = part->top * factor;
  digit->width = MIN (part->right * factor, picture->full_width) - digit->left;
  digit->height = MIN (part->bottom * factor, picture->full_height) - digit->top;
}

static void
draw_digits (const LabPicture *picture, const LabInkMap *map, GArray *digits)
{
  g_autoptr (GPtrArray) parts = lab_picture_find_parts (map);
  g_autoptr (GPtrArray) grouped = lab_picture_group_parts (map, parts);

  for (guint i = 0; i < grouped->len; i++)
    {
      LabFoundDigit digit;

      set_box (&digit, picture, grouped->pdata[i]);
      lab_picture_draw_digit (map, grouped->pdata[i], digit.image);
      g_array_append_val (digits, digit);
    }
}

/* A picture of the network's own size is not drawn anew. */
static void
take_image (const LabPicture *picture, const LabInkMap *map, GArray *digits)
{
  LabFoundDigit digit;
  LabInkPart box = { LAB_IMAGE_SIDE, LAB_IMAGE_SIDE, 0, 0, 0, NULL };

  for (guint i = 0; i < LAB_IMAGE_SIZE; i++)
    {
      guint x = i % LAB_IMAGE_SIDE;
      guint y = i / LAB_IMAGE_SIDE;

      digit.image[i] = map->dark ? 255 - picture->pixels[i] : picture->pixels[i];
      if (map->depth[i] < map->threshold)
        continue;
      box.left = MIN (box.left, x);
      box.top = MIN (box.top, y);
      box.right = MAX (box.right, x + 1);
      box.bottom = MAX (box.bottom, y + 1);
    }
  set_box (&digit, picture, &box);
  g_array_append_val (digits, digit);
}

GArray *
lab_picture_find_digits (const LabPicture *picture)
{
  GArray *digits = g_array_new (FALSE, FALSE, sizeof (LabFoundDigit));
  LabInkMap map;

  g_return_val_if_fail (picture != NULL, digits);

  if (!lab_picture_find_ink (picture, &map))
    return digits;
  if (picture->full_width == LAB_IMAGE_SIDE && picture->full_height == LAB_IMAGE_SIDE)
    {
      take_image (picture, &map, digits);
    }
  else
    {
      lab_picture_remove_lines (&map);
      draw_digits (picture, &map, digits);
    }
  g_free (map.depth);
  return digits;
}
