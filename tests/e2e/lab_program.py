# SPDX-License-Identifier: MIT
"""Starts Digit Lab and uses it as a person does: it is read through the
accessibility tree, as a screen reader reads it, and worked with real pointer
and key events. For use inside headless.sh."""

import math
import os
import re
import subprocess
import time
import warnings

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

# Atspi marks its own C names as deprecated; through introspection they are right.
warnings.simplefilter("ignore", DeprecationWarning)


def settle(seconds=0.02):
    """Lets accessibility events come in for a while."""
    context = GLib.MainContext.default()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        while context.iteration(False):
            pass
        time.sleep(0.002)


def wait(what, condition, timeout=20):
    """Returns the first true value of CONDITION."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        try:
            value = condition()
            if value:
                return value
        except GLib.Error:
            pass  # It went away while it was being looked at.
        settle()
    raise AssertionError(f"waited {timeout} s in vain for {what}")


def walk(node):
    """Goes through a part of the accessibility tree, parents first, without
    what is hidden. GTK 4.8 does not tell that the other pages of a stack are."""
    yield node
    for at in range(node.get_child_count()):
        child = node.get_child_at_index(at)
        if child is not None and "visible" in states(child):
            yield from walk(child)


def states(node):
    return {state.value_nick for state in node.get_state_set().get_states()}


def run(*words):
    return subprocess.run(list(map(str, words)), check=True, capture_output=True, text=True).stdout


def xdotool(*words):
    return run("xdotool", *words)


def write_settings(**values):
    """Writes settings as GLib's keyfile backend reads them; each value as
    GVariant text."""
    folder = os.path.join(os.environ["XDG_CONFIG_HOME"], "glib-2.0", "settings")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "keyfile"), "w", encoding="utf-8") as file:
        file.write("[io/github/digitlab/DigitLab]\n")
        for key, value in values.items():
            file.write(f"{key.replace('_', '-')}={value}\n")


class Program:
    """One run of the program."""

    def __init__(self, binary, **environment):
        self.process = subprocess.Popen([binary], env={**os.environ, **environment})
        self.app = None

    def wait_for_window(self):
        Atspi.init()
        wait("the window", self._has_window)
        return self

    def _has_window(self):
        assert self.process.poll() is None, "the program ended by itself"
        desktop = Atspi.get_desktop(0)
        for at in range(desktop.get_child_count()):
            app = desktop.get_child_at_index(at)
            if app is not None and app.get_process_id() == self.process.pid:
                self.app = app
                return any("active" in states(app.get_child_at_index(at)) for at in range(app.get_child_count()))
        return False

    def find_all(self, role=None, name=None, inside=None):
        """Returns what has a role and a name; a name may be a function that
        judges it. GTK 4.8 makes “_Stop Stop” of a button with a mnemonic, and
        Atspi up to 2.50 calls a button a push button."""
        judge = name if callable(name) else lambda text: name is None or text == name or text.endswith(" " + name)
        return [node for node in walk(inside or self.app)
                if role in (None, node.get_role_name().removeprefix("push ")) and judge(node.get_name() or "")]

    def find(self, role=None, name=None, inside=None, timeout=20):
        return wait(f"{role} {name}", lambda: self.find_all(role, name, inside), timeout)[0]

    def press(self, name, role=None):
        """Activates the widget called NAME through its accessible action."""
        node = self.find(role, name)
        wait(f"{name} to be sensitive", lambda: "sensitive" in states(node))
        assert node.do_action(0), f"{name} has no action"

    def x_window(self, node):
        """Returns the X window that holds a widget, where on the screen it is,
        and where in it GTK begins to count: inside its border and shadow."""
        frame = node
        while frame.get_parent().get_role_name() != "application":
            frame = frame.get_parent()
        inner = frame.get_extents(Atspi.CoordType.WINDOW)
        for window in reversed(xdotool("search", "--onlyvisible", "--pid", self.process.pid).split()):
            geometry = {key: int(value) for key, value in re.findall(
                r"(\w+)=(-?\d+)", xdotool("getwindowgeometry", "--shell", window))}
            shadow = re.findall(r"\d+", run("xprop", "-id", window, "_GTK_FRAME_EXTENTS").partition("=")[2])
            border = (geometry["WIDTH"] - inner.width) // 2
            left, right, top, bottom = map(int, shadow) if shadow else (border, border, border, border)
            if (geometry["WIDTH"] - left - right, geometry["HEIGHT"] - top - bottom) == (inner.width, inner.height):
                return geometry, left, top
        raise AssertionError(f"no window of the size of {frame.get_name()}")

    def place(self, node):
        """Returns left, top, width and height of a widget on the screen."""
        geometry, left, top = self.x_window(node)
        box = node.get_extents(Atspi.CoordType.WINDOW)
        return geometry["X"] + left + box.x, geometry["Y"] + top + box.y, box.width, box.height

    def click(self, node):
        x, y, width, height = self.place(node)
        xdotool("mousemove", x + width // 2, y + height // 2, "click", 1)

    def canvas(self):
        return self.find(name="Drawing canvas")

    def draw(self, lines):
        """Draws lines (x0, y0, x1, y1) on the canvas, which is 1 × 1. A line that
        begins where the one before it ends goes on with the same stroke."""
        left, top, width, height = self.place(self.canvas())
        side = min(width, height)
        words = []
        end = None
        for x0, y0, x1, y1 in lines:
            if (x0, y0) != end:
                words += ["mouseup", 1] if end else []
                words += ["mousemove", round(left + side * x0), round(top + side * y0), "mousedown", 1]
            steps = max(1, round(side * math.hypot(x1 - x0, y1 - y0) / 8))
            for step in range(1, steps + 1):
                words += ["mousemove", round(left + side * (x0 + (x1 - x0) * step / steps)),
                          round(top + side * (y0 + (y1 - y0) * step / steps))]
            end = x1, y1
        xdotool(*words, "mouseup", 1)

    def probabilities(self, inside=None):
        """Returns what ten bars show; those of the canvas unless told where."""
        named = self.find_all("level bar", lambda name: name.startswith("Probability of"), inside)
        bars = sorted(named, key=lambda bar: bar.get_name())
        assert len(bars) == 10, f"{len(bars)} bars"
        return [bar.get_current_value() for bar in bars]

    def view(self, name):
        """Shows one of the views by its tab."""
        self.press(name, role="page tab")
        wait(f"the view {name}", lambda: "selected" in states(self.find("page tab", name)))

    def close(self):
        """Closes the window with the window manager; returns the exit status."""
        xdotool("key", "--clearmodifiers", "alt+F4")
        return self.process.wait(20)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
