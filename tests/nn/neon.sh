#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the core for 64-bit ARM and runs its test suite, in which the NEON
# kernels are compared with their definitions, in an emulator. For Debian and
# Ubuntu: takes GLib, which the tests are written with, from their archive and
# unpacks it in the build folder, without installing anything.
# usage: tests/nn/neon.sh [BUILD-FOLDER [TEST…]]
set -eu
source=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-$source/build/neon}
[ $# -eq 0 ] || shift
triplet=aarch64-linux-gnu

missing=
need ()
{
  command -v "$1" >/dev/null || { echo "neon.sh: no $1: install the package $2" >&2; missing=1; }
}
need $triplet-gcc gcc-$triplet
need qemu-aarch64 qemu-user
need meson meson
need ninja ninja-build
need dpkg-deb dpkg
need apt-get apt
[ -e /usr/$triplet/lib/ld-linux-aarch64.so.1 ] || { echo "neon.sh: no C library for ARM: install the package libc6-dev-arm64-cross" >&2; missing=1; }
[ -z "$missing" ] || exit 2

mkdir -p "$build"
build=$(cd "$build" && pwd)
root=$build/root

# GLib and the only other library it loads. apt-get works in folders of its own,
# for the other architecture, so that the system's package lists stay as they are.
if ! [ -e "$root/done" ]; then
  rm -rf "$root" "$build/apt"
  mkdir -p "$root" "$build/apt/lists/partial" "$build/apt/cache/archives/partial"
  : >"$build/apt/status"
  apt ()
  {
    apt-get -q -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Sandbox::User= -o Dir::State="$build/apt" \
      -o Dir::State::status="$build/apt/status" -o Dir::Cache="$build/apt/cache" "$@"
  }
  apt update
  (cd "$build/apt" && apt download libglib2.0-0 libglib2.0-dev libpcre2-8-0)
  for package in "$build"/apt/*.deb; do
    dpkg-deb -x "$package" "$root"
  done
  rm -rf "$build/apt"
  touch "$root/done"
fi
libraries=$root/usr/lib/$triplet

# A project around the core and its tests alone: the engine would need more
# libraries. Their meson.build files are used as they are.
project=$build/project
mkdir -p "$project/src" "$project/tests"
ln -sfn "$source/src/nn" "$project/src/nn"
ln -sfn "$source/tests/nn" "$project/tests/nn"
cp "$source/meson_options.txt" "$project/"
{
  sed -n "/^project(/,/^)/p; /^cc = /p; /^add_project_arguments(/,/^)/p; /^m_dep = /p; /^threads_dep = /p" "$source/meson.build"
  cat <<END
gio_dep = declare_dependency(
  compile_args: ['-isystem', '$root/usr/include/glib-2.0', '-isystem', '$libraries/glib-2.0/include'],
  link_args: ['-L$libraries', '-lglib-2.0', '-Wl,-rpath-link,$libraries:$root/lib/$triplet'],
)
subdir('src/nn')
END
  sed -n "/^test_c_args = /p; /^test_env/p" "$source/tests/meson.build"
  echo "subdir('tests/nn')"
} >"$project/meson.build.new"
cmp -s "$project/meson.build.new" "$project/meson.build" || cp "$project/meson.build.new" "$project/meson.build"
cat >"$build/cross.ini" <<END
[binaries]
c = '$triplet-gcc'
ar = '$triplet-ar'
strip = '$triplet-strip'
exe_wrapper = ['qemu-aarch64', '-L', '/usr/$triplet', '-E', 'LD_LIBRARY_PATH=$libraries:$root/lib/$triplet']
[host_machine]
system = 'linux'
cpu_family = 'aarch64'
cpu = 'aarch64'
endian = 'little'
END

[ -e "$build/neon/build.ninja" ] || meson setup "$build/neon" "$project" --cross-file "$build/cross.ini"
ninja -C "$build/neon"
log=$build/neon/meson-logs/testlog.json
rm -f "$log"
# The emulator is some thirty times slower than a processor.
meson test -C "$build/neon" --no-rebuild --print-errorlogs --timeout-multiplier 30 "$@" || true
exec "$source/build-aux/count-tests" "$log"
