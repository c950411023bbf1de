#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures what somebody in front of the window waits for, in pixels on the
display: from the start of the program to its first frame, and from a movement
of the pointer to bars that have changed.

usage: tests/e2e/headless.sh --wm none tests/bench/bench-window.py DIGIT-LAB
with GSETTINGS_SCHEMA_DIR set to the data folder of the build directory."""

import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import lab_digits
from lab_program import Program, settle
from lab_screen import Screen

STARTS = 5
STEPS = 8  # in which a line is drawn


def milliseconds(seconds):
    return f"{1000 * seconds:.1f} ms"


def measure_start(screen, binary):
    """Without a window manager the window is at the upper left."""
    row = (0, 300, 1100, 1)
    before = screen.pixels(*row)
    started = time.perf_counter()
    program = Program(binary)
    shown = screen.wait_for_change(row, before, 20)
    program.kill()
    assert shown, "no frame within 20 s"
    while screen.pixels(*row) != before:
        time.sleep(0.01)
    return shown - started


def measure_movements(screen, binary):
    """Draws digit after digit in small steps; returns the times, and how many
    steps changed no bar."""
    program = Program(binary).wait_for_window()
    left, top, width, height = program.place(program.canvas())
    bars = program.place(program.find(name="Probabilities"))
    times, unchanged = [], 0
    for x0, y0, x1, y1 in lines_of_digits(program):
        screen.move(left + width * x0, top + height * y0)
        screen.button(True)
        for step in range(1, STEPS + 1):
            time.sleep(0.04 + 0.017 * (step % 5) / 5)  # At any moment of a frame.
            before = screen.pixels(*bars)
            moved = time.perf_counter()
            screen.move(left + width * (x0 + (x1 - x0) * step / STEPS), top + height * (y0 + (y1 - y0) * step / STEPS))
            changed = screen.wait_for_change(bars, before, 0.15)
            if changed:
                times.append(changed - moved)
            else:
                unchanged += 1
        screen.button(False)
    program.kill()
    return sorted(times), unchanged


def lines_of_digits(program):
    """Yields the lines of the digits, and clears the canvas after each."""
    for digit in range(10):
        yield from lab_digits.strokes(digit, 0.36, 0.22, 0.14)
        program.press("Clear")
        settle(0.5)


def main():
    binary = sys.argv[1]
    screen = Screen()
    starts = [measure_start(screen, binary) for _ in range(STARTS)]
    print(f"start to first frame: median of {STARTS} {milliseconds(statistics.median(starts))}"
          f" ({', '.join(map(milliseconds, starts))})", flush=True)
    times, unchanged = measure_movements(screen, binary)
    print(f"pointer event to changed bars: median {milliseconds(statistics.median(times))},"
          f" p99 {milliseconds(times[int(0.99 * len(times))])}"
          f" ({len(times)} movements; {unchanged} more changed no bar)")


main()
