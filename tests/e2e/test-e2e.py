#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Uses the real program in a real window, from the first start to the second.

usage: headless.sh test-e2e.py DIGIT-LAB

The parts build on each other, so the first that fails ends the test. TAP."""

import os
import re
import sys
import tempfile
import traceback

try:
    import lab_program
    from lab_program import Program, settle, wait
except (ImportError, ValueError) as problem:
    print(f"1..0 # SKIP no accessibility tree to read: {problem}")
    sys.exit(0)
import lab_digits

BINARY = sys.argv[1]
MODEL = os.path.join(os.environ["XDG_DATA_HOME"], "digit-lab", "model.onnx")
EPOCH = re.compile(r"Epoch (\d+) of 1\W?000")
ONE = [(0.52, 0.15, 0.5, 0.85)]

# GTK does not tell of a value that moves by less than a thousandth.
NEAR = 0.002

program = None
bundled_reads = None  # what the bundled network makes of ONE
trained_reads = None  # what the trained one does


def distance(before, after):
    return max(abs(x - y) for x, y in zip(before, after))


def is_blank():
    return max(program.probabilities()) < NEAR


def draw_one():
    program.draw(ONE)
    wait("bars that show a digit", lambda: not is_blank())
    settle(0.1)
    return wait("the bars", program.probabilities)


def epoch_under_way():
    shown = program.find_all("label", lambda text: bool(EPOCH.match(text)))
    return int(EPOCH.match(shown[0].get_name())[1]) if shown else 0


def start():
    """The first start shows a blank canvas, which predicts nothing."""
    global program
    program = Program(BINARY).wait_for_window()
    program.find("label", "Draw a digit")
    assert is_blank(), program.probabilities()
    assert not os.path.exists(MODEL)


def draw():
    """A stroke with the pointer moves the bars; they add up and name the digit."""
    global bundled_reads
    bundled_reads = draw_one()
    assert abs(sum(bundled_reads) - 1.0) < 0.01, sum(bundled_reads)
    assert max(bundled_reads) == bundled_reads[1] > 0.6, bundled_reads
    program.find("label", "This is a 1")


def draw_while_pen_moves():
    """The bars follow while the button is still down."""
    left, top, width, height = program.place(program.canvas())
    seen = [program.probabilities()]
    lab_program.xdotool("mousemove", left + width * 3 // 10, top + height * 3 // 10, "mousedown", 1)
    for step in range(1, 4):
        lab_program.xdotool("mousemove", left + width * (3 + step) // 10, top + height * 3 // 10)
        wait("bars that follow the pointer", lambda: distance(seen[-1], program.probabilities()) > NEAR)
        seen.append(program.probabilities())
    lab_program.xdotool("mouseup", 1)


def clear():
    """Clear empties canvas and bars."""
    program.press("Clear")
    wait("empty bars", is_blank)
    program.find("label", "Draw a digit")


def number():
    """Digits side by side are read as a number, and the bars are those of the last."""
    program.draw([(0.3, 0.2, 0.3, 0.8), (0.5, 0.2, 0.8, 0.2), (0.8, 0.2, 0.62, 0.8)])
    program.find("label", "This is 17")
    wait("the bars of the 7", lambda: program.probabilities()[7] > 0.5)
    program.press("Clear")
    wait("empty bars", is_blank)


def train():
    """Train starts a run, whose epochs are counted on screen."""
    program.view("Train")
    program.press("Train", "button")
    first = wait("the first epoch", epoch_under_way)
    wait("the next epoch", lambda: epoch_under_way() > first)


def draw_while_training():
    """Drawing goes on while training runs; the bars follow the network."""
    program.view("Draw")
    before = epoch_under_way()
    reads = draw_one()
    assert abs(sum(reads) - 1.0) < 0.01, reads
    assert distance(bundled_reads, reads) > NEAR
    program.press("Clear")
    wait("empty bars", is_blank)
    wait("the next epoch", lambda: epoch_under_way() > before)


def stop():
    """Stop ends the run and keeps what it has learned."""
    global trained_reads
    program.view("Train")
    program.press("Stop", "button")
    program.find("label", lambda text: text.startswith("Training stopped:"))
    wait("the model file", lambda: os.path.exists(MODEL))
    program.view("Draw")
    trained_reads = draw_one()


def review():
    """Review shows the mistakes of the trained network on the test set."""
    program.view("Review")
    program.find("label", lambda text: re.search(r"\d+ mistakes? in 200", text))
    tile = program.find("image", lambda text: text.startswith("Labelled 0, read as 9"))
    program.click(tile)
    detail = program.find("frame", "Labelled 0, read as 9")
    bars = program.probabilities(inside=detail)
    assert max(bars) == bars[9] and abs(sum(bars) - 1.0) < 0.01, bars
    lab_program.xdotool("key", "Escape")
    wait("the detail to close", lambda: not program.find_all("frame", "Labelled 0, read as 9"))


def close():
    """The window closes; the program ends well and has kept its model."""
    assert program.close() == 0
    with open(MODEL, "rb") as file:
        assert b"logits" in file.read()


def start_again():
    """The second start has the trained network."""
    global program
    program = Program(BINARY).wait_for_window()
    program.view("Draw")
    program.find("label", "Draw a digit")
    again = draw_one()
    # The window may stand at another place, and the line a pixel further.
    assert distance(trained_reads, again) < 0.1 < distance(bundled_reads, again), (bundled_reads, trained_reads, again)


def built_in():
    """Training needs no folder: the program writes digits itself."""
    program.view("Train")
    program.click(program.find("check box", "Built-in Digits"))
    program.press("Train", "button")
    program.find("label", "Writing the digits…")
    wait("the first epoch", epoch_under_way)
    program.press("Stop", "button")
    program.find("label", lambda text: text.startswith("Stopped after"))
    program.click(program.find("check box", "MNIST"))


def close_while_training():
    """Closing the window in the middle of a run ends it and saves what it has learned."""
    with open(MODEL, "rb") as file:
        before = file.read()
    program.view("Train")
    program.press("Train", "button")
    wait("the second epoch", lambda: epoch_under_way() > 1)
    assert program.close() == 0
    with open(MODEL, "rb") as file:
        assert file.read() != before


PARTS = [start, draw, draw_while_pen_moves, clear, number, train, draw_while_training, stop, review, close, start_again,
         built_in, close_while_training]


def main():
    with tempfile.TemporaryDirectory() as data:
        lab_digits.write(data, train=4000, test=200, wrong_labels=20)
        lab_program.write_settings(data_folder=f"'{data}'", epochs="uint32 1000", batch_size="uint32 32",
                                   view="'draw'")
        print(f"1..{len(PARTS)}", flush=True)
        for number, part in enumerate(PARTS, 1):
            try:
                part()
            except Exception:
                print(f"not ok {number} {part.__name__}")
                traceback.print_exc()
                if program and program.app:
                    for node in program.find_all():
                        if node.get_role_name() in ("frame", "label", "level bar"):
                            print(f"{node.get_role_name()} “{node.get_name()}”", file=sys.stderr)
                if program:
                    program.kill()
                print("Bail out! The rest builds on this.")
                return 1
            print(f"ok {number} {part.__name__}", flush=True)
    return 0


sys.exit(main())
