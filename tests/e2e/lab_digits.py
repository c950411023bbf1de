# SPDX-License-Identifier: MIT
"""A small data set in the form of MNIST: ten digits drawn with straight
strokes, moved, slanted and blurred at random."""

import os
import random
import struct

# On a 2 × 4 grid, as a pocket calculator draws them.
CORNERS = {"a": (0, 0, 2, 0), "b": (2, 0, 2, 2), "c": (2, 2, 2, 4), "d": (0, 4, 2, 4),
           "e": (0, 2, 0, 4), "f": (0, 0, 0, 2), "g": (0, 2, 2, 2)}
SEGMENTS = ["abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg"]


def strokes(digit, left=0.0, top=0.0, unit=1.0, slant=0.0):
    """Returns the lines of a digit, each (x0, y0, x1, y1)."""
    lines = []
    for name in SEGMENTS[digit]:
        x0, y0, x1, y1 = CORNERS[name]
        lines.append((left + unit * (x0 + slant * (4 - y0)), top + unit * y0,
                      left + unit * (x1 + slant * (4 - y1)), top + unit * y1))
    return lines


def picture(digit, chance):
    """Returns 28 × 28 bytes."""
    unit = chance.uniform(3.8, 5.0)
    lines = strokes(digit, 14 - unit + chance.uniform(-1.5, 1.5), 14 - 2 * unit + chance.uniform(-1.5, 1.5),
                    unit, chance.uniform(-0.05, 0.2))
    pixels = [0.0] * 784
    for x0, y0, x1, y1 in lines:
        for step in range(13):
            x = x0 + (x1 - x0) * step / 12
            y = y0 + (y1 - y0) * step / 12
            for row in range(int(y) - 1, int(y) + 3):
                for column in range(int(x) - 1, int(x) + 3):
                    if 0 <= row < 28 and 0 <= column < 28:
                        ink = 1.6 - ((row - y) ** 2 + (column - x) ** 2) ** 0.5
                        at = 28 * row + column
                        pixels[at] = max(pixels[at], min(ink, 1.0))
    return bytes(int(255 * ink) for ink in pixels)


def write_part(folder, part, size, wrong_labels, chance):
    """Writes one pair of IDX files, with at most 1,000 different pictures. The
    first WRONG_LABELS labels are false."""
    labels = [at % 10 for at in range(size)]
    different = [picture(label, chance) for label in labels[:1000]]
    pictures = b"".join(different[at % 1000] for at in range(size))
    for at in range(wrong_labels):
        labels[at] = (labels[at] + 1) % 10
    with open(os.path.join(folder, part + "-images-idx3-ubyte"), "wb") as file:
        file.write(struct.pack(">IIII", 0x803, size, 28, 28) + pictures)
    with open(os.path.join(folder, part + "-labels-idx1-ubyte"), "wb") as file:
        file.write(struct.pack(">II", 0x801, size) + bytes(labels))


def write(folder, train, test, wrong_labels):
    """Writes a data set of TRAIN and TEST pictures. WRONG_LABELS of the test
    pictures have a false label, so that every good network makes mistakes."""
    os.makedirs(folder, exist_ok=True)
    chance = random.Random(1)
    write_part(folder, "train", train, 0, chance)
    write_part(folder, "t10k", test, wrong_labels, chance)
