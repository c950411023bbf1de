/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Sets @property of @object to the number, the name or the “on” or “off” that
 * @text says, which must be what the property takes. @option is for the error's
 * message; its domain is G_OPTION_ERROR. */
gboolean lab_cli_set_property (GObject *object, const char *property, const char *option, const char *text, GError **error);

/* Reads “on” or “off”. */
gboolean lab_cli_parse_switch (const char *option, const char *text, gboolean *on, GError **error);

G_END_DECLS
