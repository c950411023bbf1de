/* SPDX-License-Identifier: MIT */
#include "lab-png.h"

#include "lab-error.h"
#include "lab-file.h"
#include "lab-raster.h"

#include <glib/gi18n.h>
#include <png.h>

#define MAX_FILE_SIZE (64 * 1024 * 1024)

/* Returns what to put behind transparent parts: white, as paper is, unless the
 * drawing is light on nothing. @pixels are grey and alpha in turn. */
static guint
choose_background (const guint8 *pixels, gsize n_pixels)
{
  guint64 alpha = 0;
  guint64 light = 0;

  for (gsize i = 0; i < n_pixels; i++)
    {
      alpha += pixels[2 * i + 1];
      light += pixels[2 * i] * pixels[2 * i + 1];
    }
  return alpha < n_pixels * 255 / 2 && light >= alpha * 128 ? 0 : 255;
}

/* Turns pairs of grey and alpha into grey, in place. An opaque pixel keeps its
 * value exactly. */
static void
remove_alpha (guint8 *pixels, gsize n_pixels)
{
  guint background = choose_background (pixels, n_pixels);

  for (gsize i = 0; i < n_pixels; i++)
    {
      guint alpha = pixels[2 * i + 1];

      pixels[i] = (pixels[2 * i] * alpha + background * (255 - alpha) + 127) / 255;
    }
}

static gboolean
fail (const char *name, const png_image *png, GError **error)
{
  g_set_error (error, LAB_ERROR, LAB_ERROR_FORMAT, _("%s: not a PNG picture that can be read (%s)"),
               name, png->message);
  return FALSE;
}

static gboolean
read_digit (png_image *png, GBytes *contents, const char *name, guint8 *image, GError **error)
{
  g_autofree guint8 *pixels = NULL;
  gsize size = 0;
  const guint8 *bytes = g_bytes_get_data (contents, &size);
  gsize n_pixels = 0;

  if (!png_image_begin_read_from_memory (png, bytes, size))
    return fail (name, png, error);
  if (png->width > LAB_PNG_MAX_SIDE || png->height > LAB_PNG_MAX_SIDE)
    {
      g_set_error (error, LAB_ERROR, LAB_ERROR_TOO_LARGE,
                   _("%s: the picture has %u × %u pixels; %u × %u is the most that is read"),
                   name, png->width, png->height, LAB_PNG_MAX_SIDE, LAB_PNG_MAX_SIDE);
      return FALSE;
    }

  /* Grey with alpha apart, because libpng would blend in linear light; and 16
   * bits without a colour space are not to be taken as linear: an MNIST image
   * must come through with the values it has. */
  png->format = PNG_FORMAT_GA;
  png->flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
  n_pixels = (gsize) png->width * png->height;
  pixels = g_try_malloc (2 * n_pixels);
  if (pixels == NULL)
    {
      g_set_error (error, LAB_ERROR, LAB_ERROR_FAILED, _("%s: there is not enough memory"), name);
      return FALSE;
    }
  if (!png_image_finish_read (png, NULL, pixels, 0, NULL))
    return fail (name, png, error);

  remove_alpha (pixels, n_pixels);
  lab_raster_normalise (pixels, png->width, png->height, png->width, image);
  return TRUE;
}

gboolean
lab_png_read_digit (GFile *file, guint8 *image, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) contents = NULL;
  g_autofree char *name = NULL;
  png_image png = { .version = PNG_IMAGE_VERSION };
  gboolean ok = FALSE;

  g_return_val_if_fail (image != NULL, FALSE);

  contents = lab_file_read (file, MAX_FILE_SIZE, cancellable, error);
  if (contents == NULL)
    return FALSE;
  name = lab_file_dup_name (file);
  ok = read_digit (&png, contents, name, image, error);
  png_image_free (&png);
  return ok;
}
