#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures what somebody in front of the window waits for, in pixels on the
display: from the start of the program to its first frame, and from a movement
of the pointer to bars that have changed.

usage: tests/e2e/headless.sh --wm none tests/bench/bench-window.py DIGIT-LAB
with GSETTINGS_SCHEMA_DIR set to the data folder of the build directory."""

import math
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from lab_program import Program
from lab_screen import Screen

STARTS = 5
MOVEMENTS = 300


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
    """Scribbles in small steps; returns the times and how many steps changed no bar."""
    program = Program(binary).wait_for_window()
    left, top, width, height = program.place(program.canvas())
    area = program.place(program.find(name="Probabilities"))
    times, unchanged = [], 0
    screen.move(left + width * 0.5, top + height * 0.2)
    screen.button(True)
    for step in range(MOVEMENTS):
        time.sleep(0.02 + 0.017 * (step % 10) / 10)  # At any moment of a frame.
        before = screen.pixels(*area)
        angle = step / 9
        moved = time.perf_counter()
        screen.move(left + width * (0.5 + 0.3 * math.sin(angle) * math.cos(angle / 7)),
                    top + height * (0.5 - 0.3 * math.cos(angle)))
        changed = screen.wait_for_change(area, before, 0.15)
        if changed:
            times.append(changed - moved)
        else:
            unchanged += 1
    screen.button(False)
    program.kill()
    return sorted(times), unchanged


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
