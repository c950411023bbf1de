#!/bin/sh
# SPDX-License-Identifier: MIT
# po/POTFILES.in names every file with text to translate, and no other, sorted.
# usage: check-potfiles.sh SOURCE-ROOT
cd "$1" || exit 1
wanted=$(
  {
    grep -rlE --include='*.c' '\<(N?_|N?C_|ngettext) ?\(' src
    grep -rl 'translatable="yes"' ui
    ls data/*.desktop.in data/*.metainfo.xml.in data/*.gschema.xml
  } | LC_ALL=C sort
)
listed=$(sed '/^#/d; /^$/d' po/POTFILES.in)
[ "$wanted" = "$listed" ] && exit 0

echo 'po/POTFILES.in ought to be:' >&2
echo "$wanted" >&2
exit 1
