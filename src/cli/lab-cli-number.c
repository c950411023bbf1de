/* SPDX-License-Identifier: MIT */
#include "lab-cli-number.h"

#include <glib/gi18n.h>

static gboolean
set_real (GObject *object, GParamSpec *pspec, const char *option, const char *text, GError **error)
{
  double minimum = G_PARAM_SPEC_DOUBLE (pspec)->minimum;
  double maximum = G_PARAM_SPEC_DOUBLE (pspec)->maximum;
  char *end;
  double number = g_ascii_strtod (text, &end);

  /* Written so that NAN is out of range. */
  if (end == text || *end != '\0' || !(number >= minimum && number <= maximum))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _("%s: “%s” is not a number from %g to %g"), option, text, minimum, maximum);
      return FALSE;
    }

  g_object_set (object, pspec->name, number, NULL);

  return TRUE;
}

static gboolean
set_whole (GObject *object, GParamSpec *pspec, const char *option, const char *text, GError **error)
{
  gboolean is_uint = G_IS_PARAM_SPEC_UINT (pspec);
  guint64 minimum = is_uint ? G_PARAM_SPEC_UINT (pspec)->minimum : G_PARAM_SPEC_UINT64 (pspec)->minimum;
  guint64 maximum = is_uint ? G_PARAM_SPEC_UINT (pspec)->maximum : G_PARAM_SPEC_UINT64 (pspec)->maximum;
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, minimum, maximum, &number, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _("%s: “%s” is not a whole number from %llu to %llu"),
                   option, text, (unsigned long long) minimum, (unsigned long long) maximum);
      return FALSE;
    }

  if (is_uint)
    g_object_set (object, pspec->name, (guint) number, NULL);
  else
    g_object_set (object, pspec->name, number, NULL);

  return TRUE;
}

gboolean
lab_cli_set_number (GObject *object, const char *property, const char *option, const char *text, GError **error)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (object), property);

  if (G_IS_PARAM_SPEC_DOUBLE (pspec))
    return set_real (object, pspec, option, text, error);

  return set_whole (object, pspec, option, text, error);
}
