/* SPDX-License-Identifier: MIT */
#include "lab-cli-property.h"

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

static gboolean
set_name (GObject *object, GParamSpec *pspec, const char *option, const char *text, GError **error)
{
  GEnumClass *names = G_PARAM_SPEC_ENUM (pspec)->enum_class;
  const GEnumValue *value = g_enum_get_value_by_nick (names, text);
  g_autoptr (GString) list = NULL;

  if (value != NULL)
    {
      g_object_set (object, pspec->name, value->value, NULL);
      return TRUE;
    }

  list = g_string_new (names->values[0].value_nick);
  for (guint i = 1; i < names->n_values; i++)
    g_string_append_printf (list, ", %s", names->values[i].value_nick);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("%s: there is no “%s”, but %s"), option, text, list->str);

  return FALSE;
}

gboolean
lab_cli_parse_switch (const char *option, const char *text, gboolean *on, GError **error)
{
  *on = g_str_equal (text, "on");
  if (*on || g_str_equal (text, "off"))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("%s: “%s” is neither “on” nor “off”"), option, text);

  return FALSE;
}

gboolean
lab_cli_set_property (GObject *object, const char *property, const char *option, const char *text, GError **error)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (object), property);
  gboolean on;

  if (G_IS_PARAM_SPEC_DOUBLE (pspec))
    return set_real (object, pspec, option, text, error);
  if (G_IS_PARAM_SPEC_ENUM (pspec))
    return set_name (object, pspec, option, text, error);
  if (!G_IS_PARAM_SPEC_BOOLEAN (pspec))
    return set_whole (object, pspec, option, text, error);

  if (!lab_cli_parse_switch (option, text, &on, error))
    return FALSE;
  g_object_set (object, property, on, NULL);

  return TRUE;
}
