/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Sets a numeric @property of @object to the number that @text says, which must
 * be in the property's range. @option is for the error's message; its domain is
 * G_OPTION_ERROR. */
gboolean lab_cli_set_number (GObject *object, const char *property, const char *option, const char *text, GError **error);

G_END_DECLS
