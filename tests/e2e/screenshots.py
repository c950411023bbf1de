#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Takes pictures of every view, from the real window in use.

usage: headless.sh --wm xfwm4 screenshots.py DIGIT-LAB FOLDER light|dark WIDTH HEIGHT

Trains on MNIST where DIGIT_LAB_DATA names a folder that has it, else on a small
data set of its own."""

import os
import subprocess
import sys
import tempfile

import lab_digits
import lab_program
from lab_program import Program, settle
from lab_screen import Screen

BINARY, FOLDER, SCHEME, WIDTH, HEIGHT = sys.argv[1:]


def curve(points):
    """Returns short lines along cubic Bézier curves through POINTS: a start,
    then two control points and an end for each."""
    x0, y0 = points[0]
    lines = []
    for at in range(1, len(points), 3):
        (x1, y1), (x2, y2), (x3, y3) = points[at:at + 3]
        last = x0, y0
        for step in range(1, 21):
            t = step / 20
            u = 1 - t
            here = (u * u * u * x0 + 3 * u * u * t * x1 + 3 * u * t * t * x2 + t * t * t * x3,
                    u * u * u * y0 + 3 * u * u * t * y1 + 3 * u * t * t * y2 + t * t * t * y3)
            lines.append((*last, *here))
            last = here
        x0, y0 = x3, y3
    return lines


THREE = curve([(0.30, 0.26), (0.38, 0.12), (0.66, 0.12), (0.66, 0.30), (0.66, 0.44), (0.52, 0.47), (0.42, 0.47),
               (0.56, 0.47), (0.72, 0.52), (0.71, 0.68), (0.70, 0.90), (0.36, 0.90), (0.27, 0.74)])

# A 4 that is nearly closed, or a 9 that is nearly open.
FOUR_OR_NINE = (curve([(0.51, 0.20), (0.34, 0.24), (0.27, 0.36), (0.28, 0.47), (0.30, 0.60), (0.56, 0.58), (0.68, 0.46)]) +
                curve([(0.70, 0.16), (0.70, 0.40), (0.68, 0.60), (0.64, 0.86)]))


def placed(lines, left, size):
    """Returns LINES in SIZE of the canvas, their room from LEFT on."""
    top = (1 - size) / 2
    return [(left + x0 * size, top + y0 * size, left + x1 * size, top + y1 * size) for x0, y0, x1, y1 in lines]


SCRIBBLE = curve([(0.15, 0.5), (0.2, 0.1), (0.4, 0.1), (0.4, 0.5), (0.4, 0.9), (0.2, 0.9), (0.25, 0.5), (0.3, 0.1),
                  (0.6, 0.1), (0.6, 0.5), (0.6, 0.9), (0.4, 0.9), (0.45, 0.5), (0.5, 0.1), (0.8, 0.2), (0.85, 0.6)])
NUMBER = placed(FOUR_OR_NINE, -0.05, 0.55), placed(THREE, 0.47, 0.55)


class Camera:
    def __init__(self, program):
        self.program = program
        self.screen = Screen()

    def take(self, name, window=None):
        """Writes a picture of a window with its shadow, once it stands still."""
        settle(0.3)
        window = self.program.x_window(window or self.program.find("frame"))[0]
        size = window["WIDTH"], window["HEIGHT"]
        last = None
        for _ in range(20):
            pixels = self.screen.pixels(0, 0, *size, window=window["WINDOW"])
            if pixels == last:
                break
            last = pixels
            settle(0.1)
        path = os.path.join(FOLDER, f"{name}-{SCHEME}-{WIDTH}x{HEIGHT}.png")
        subprocess.run(["convert", "-size", f"{size[0]}x{size[1]}", "-depth", "8", "bgra:-", path],
                       input=pixels, check=True)
        print(path, flush=True)


def main():
    mnist = os.path.join(os.environ.get("DIGIT_LAB_DATA", ""), "mnist")
    with tempfile.TemporaryDirectory() as made:
        if not os.path.isdir(mnist):
            mnist = made
            lab_digits.write(mnist, train=60000, test=200, wrong_labels=20)
        lab_program.write_settings(data_folder=f"'{mnist}'", window_width=WIDTH, window_height=HEIGHT, epochs="uint32 8")
        os.makedirs(FOLDER, exist_ok=True)
        program = Program(BINARY, ADW_DEBUG_COLOR_SCHEME="prefer-" + SCHEME).wait_for_window()
        camera = Camera(program)
        try:
            camera.take("start")
            program.draw(THREE)
            camera.take("draw")
            program.press("Clear", "button")
            program.draw(FOUR_OR_NINE)
            camera.take("unsure")
            program.press("Clear", "button")
            program.draw(SCRIBBLE)
            camera.take("scribble")
            program.press("Clear", "button")
            for digit in NUMBER:
                program.draw(digit)
            camera.take("number")
            program.view("Train")
            camera.take("train-before")
            program.press("Train", "button")
            program.find("label", lambda text: text.startswith("Epoch 6 of"), timeout=300)
            camera.take("training")
            program.find("label", lambda text: text.startswith("Training finished"), timeout=300)
            camera.take("train")
            program.find_all("button", "GtkImage")[-1].do_action(0)  # Closes the message; it has no name.
            program.view("Review")
            tile = program.find("image", lambda text: text.startswith("Labelled"), timeout=60)
            camera.take("review")
            program.click(tile)
            camera.take("mistake", program.find("frame", lambda text: text.startswith("Labelled")))
        finally:
            program.kill()


main()
