#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a command on a display, a session bus and settings of its own, and
# leaves nothing behind.
# usage: headless.sh [--wm none|openbox|xfwm4] [--size WIDTHxHEIGHT] COMMAND…
set -eu
wm=openbox
size=1280x800
while :; do
  case $1 in
    --wm) wm=$2 ;;
    --size) size=$2 ;;
    *) break ;;
  esac
  shift 2
done

for tool in xvfb-run xauth dbus-run-session xdotool xprop "$wm"; do
  if [ "$tool" != none ] && ! command -v "$tool" >/dev/null; then
    echo "1..0 # SKIP $tool is not installed"
    exit 0
  fi
done

home=$(mktemp -d)
# What the bus started may still be writing when the bus ends.
trap 'rm -rf "$home" 2>/dev/null || { sleep 1; rm -rf "$home"; }' EXIT
mkdir -p "$home/config/gtk-4.0" "$home/config/glib-2.0/settings" "$home/cache" "$home/data"
mkdir -m 700 "$home/run"
cat >"$home/config/gtk-4.0/settings.ini" <<INI
[Settings]
gtk-font-name=Cantarell 11
gtk-icon-theme-name=Adwaita
gtk-enable-animations=false
gtk-cursor-blink=false
INI

# Without mouse bindings: for each of them the window manager holds the pointer
# at every press, and the X server drops the movements that come meanwhile.
cat >"$home/openbox.xml" <<XML
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <keyboard><keybind key="A-F4"><action name="Close"/></keybind></keyboard>
  <mouse/>
</openbox_config>
XML

export XDG_CONFIG_HOME="$home/config" XDG_CACHE_HOME="$home/cache"
export XDG_DATA_HOME="$home/data" XDG_RUNTIME_DIR="$home/run"
export GDK_BACKEND=x11 GSK_RENDERER=cairo GSETTINGS_BACKEND=keyfile
export ADW_DISABLE_PORTAL=1 LC_ALL=C.UTF-8 NO_AT_BRIDGE=0 LAB_WM="$wm" LAB_OPENBOX="$home/openbox.xml"
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS GTK_A11Y GTK_THEME

# The bus inside the display, so that what the bus starts sees the display. What
# the bus starts may talk, so the command alone has our standard output. A
# window manager is ready once it names itself on the root window.
exec 9>&1 >&2
xvfb-run -a -s "-screen 0 ${size}x24 -nolisten tcp -dpi 96" dbus-run-session -- sh -c '
  case $LAB_WM in
    openbox) openbox --sm-disable --config-file "$LAB_OPENBOX" >/dev/null 2>&1 & ;;
    xfwm4) xfwm4 --compositor=on --vblank=off --sm-client-disable >/dev/null 2>&1 & ;;
  esac
  manager=${!:-}
  if [ -n "$manager" ]; then
    for i in $(seq 100); do
      xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q 0x && break
      sleep 0.05
    done
  fi
  status=0
  "$@" >&9 || status=$?
  [ -z "$manager" ] || kill "$manager"
  exit $status' headless "$@"
