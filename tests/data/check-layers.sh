#!/bin/sh
# SPDX-License-Identifier: MIT
# No layer includes what it must not know. Linkage and include paths see to
# most of this; here is the rest.
# usage: check-layers.sh SOURCE-ROOT
cd "$1/src" || exit 1
status=0

# FOLDERS must not include HEADERS, an extended regular expression.
forbid ()
{
  # shellcheck disable=SC2086 # a list of names
  if grep -rnE --include='*.[ch]' "^ *# *include *[<\"]($2)" $1; then
    echo "^ $1 must not include these" >&2
    status=1
  fi
}

forbid nn '(glib|gio|gobject|gtk|gdk|cairo|adwaita|png|lab-)'
forbid 'engine cli' '(gtk|gdk|gsk|cairo|adwaita)'
forbid chart '(adwaita|nn-|lab-(dataset|epoch|error|evaluation|ink|mistakes|network|preset|run|sample|trainer)\.)'
forbid app 'nn-|.*/nn/'
exit $status
