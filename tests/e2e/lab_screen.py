# SPDX-License-Identifier: MIT
"""The pixels of an X display, and the pointer on it, without delay."""

import ctypes
import time

ALL_PLANES = 2 ** (8 * ctypes.sizeof(ctypes.c_ulong)) - 1
Z_PIXMAP = 2


class Image(ctypes.Structure):
    """The beginning of Xlib's XImage."""

    _fields_ = [("width", ctypes.c_int), ("height", ctypes.c_int), ("xoffset", ctypes.c_int),
                ("format", ctypes.c_int), ("data", ctypes.c_void_p), ("byte_order", ctypes.c_int),
                ("bitmap_unit", ctypes.c_int), ("bitmap_bit_order", ctypes.c_int), ("bitmap_pad", ctypes.c_int),
                ("depth", ctypes.c_int), ("bytes_per_line", ctypes.c_int)]


class Screen:
    """The display, through Xlib itself: a process for each pixel would be too slow."""

    def __init__(self):
        self.x11 = ctypes.CDLL("libX11.so.6")
        self.xtest = ctypes.CDLL("libXtst.so.6")
        self.x11.XOpenDisplay.restype = ctypes.c_void_p
        self.x11.XDefaultRootWindow.restype = ctypes.c_ulong
        self.x11.XGetImage.restype = ctypes.POINTER(Image)
        self.display = ctypes.c_void_p(self.x11.XOpenDisplay(None))
        self.root = self.x11.XDefaultRootWindow(self.display)

    def pixels(self, left, top, width, height, window=None):
        """Returns the pixels of a part of a window or of the screen, 4 bytes each."""
        image = self.x11.XGetImage(self.display, ctypes.c_ulong(window or self.root), int(left), int(top),
                                   int(width), int(height), ctypes.c_ulong(ALL_PLANES), Z_PIXMAP)
        content = ctypes.string_at(image.contents.data, image.contents.bytes_per_line * image.contents.height)
        self.x11.XFree(ctypes.c_void_p(image.contents.data))
        self.x11.XFree(image)
        return content

    def wait_for_change(self, area, before, timeout):
        """Returns when the pixels of AREA are no longer BEFORE, or None."""
        end = time.perf_counter() + timeout
        while time.perf_counter() < end:
            if self.pixels(*area) != before:
                return time.perf_counter()
            time.sleep(0.0002)
        return None

    def move(self, x, y):
        self.xtest.XTestFakeMotionEvent(self.display, -1, int(x), int(y), ctypes.c_ulong(0))
        self.x11.XSync(self.display, 0)

    def button(self, down):
        self.xtest.XTestFakeButtonEvent(self.display, 1, int(down), ctypes.c_ulong(0))
        self.x11.XSync(self.display, 0)
