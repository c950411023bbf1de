#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests of digit-lab-cli from outside, as TAP. The program is the argument."""

import csv
import json
import math
import os
import random
import signal
import struct
import subprocess
import sys
import tempfile
import traceback
import zlib

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import lab_digits

PROGRAM = sys.argv[1]
FOLDER = tempfile.TemporaryDirectory(prefix="digit-lab-cli-")
# A dense network: convolutions take minutes under the thread sanitizer.
TRAIN = ["train", "--preset", "mlp-128-128", "--epochs", "5", "--batch", "16", "--validation", "0.1", "--seed", "5"]


def path(name):
    return os.path.join(FOLDER.name, name)


def run(*arguments, status=0, stdout=subprocess.PIPE):
    """Runs the program and returns its output and its error output."""
    done = subprocess.run([PROGRAM, *arguments], stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=120)
    assert done.returncode == status, f"{arguments}: status {done.returncode}, not {status}: {done.stderr}"
    return done.stdout, done.stderr


def run_json(*arguments):
    """Returns the objects that the program prints, one on a line."""
    return [json.loads(line) for line in run(*arguments, "--json")[0].splitlines()]


def read(name):
    with open(path(name), "rb") as file:
        return file.read()


def write_png(name, pixels, side=28):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + pixels[i * side:(i + 1) * side] for i in range(side))
    with open(path(name), "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
                   + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def enlarged_and_inverted(pixels, factor=4):
    return bytes(255 - pixels[y // factor * 28 + x // factor] for y in range(28 * factor) for x in range(28 * factor))


def write_ink(name, writers=(1,)):
    """Writes a 1 and a 0 of each writer in UNIPEN text, whose y goes upward."""
    circle = [(100 + 40 * math.sin(i * math.pi / 20), 100 + 60 * math.cos(i * math.pi / 20)) for i in range(41)]
    with open(path(name), "w") as file:
        for writer in writers:
            for label, points in ((1, [(100 + writer, 200 - 10 * i) for i in range(15)]), (0, circle)):
                file.write(f'.SEGMENT DIGIT 0 ? "{label}"\n.COMMENT {label} {writer}\n.PEN_DOWN\n')
                file.writelines(f"{x:.0f} {y:.0f}\n" for x, y in points)
                file.write(".PEN_UP\n")


def test_help():
    for command in ("train", "evaluate", "predict", "info", "bench"):
        text, _ = run(command, "--help")
        assert text.startswith("Usage:") and f"digit-lab-cli {command} [OPTION" in text and "--json" in text, text
        assert "Example" in text, text
        assert command in run("--help")[0]
        assert run(command, "--version") == run("--version")
    assert run("--version")[0].startswith("digit-lab-cli 0."), run("--version")

    text, _ = run("train", "--help")
    for title in ("Run:", "Optimizer and learning rate:", "Regularization:", "Augmentation", "Application Options:"):
        assert text.count(title) == 1, text
    assert max(map(len, text.splitlines())) <= 120, text


def test_usage_errors():
    data = path("data")
    cases = [
        ([], "command"),
        (["paint"], "“paint”"),
        (["train", "--date", data], "--date"),
        (["train", "--data"], "--data"),
        (["train", "--data", data, "left-over"], "“left-over”"),
        (["train", "--data", data, "--preset", "huge"], "quick"),
        (["train", "--data", data, "--epochs", "0"], "--epochs"),
        (["train", "--data", data, "--epochs", "1.5"], "--epochs"),
        (["train", "--data", data, "--batch", "5000"], "--batch"),
        (["train", "--data", data, "--batch", "-1"], "--batch"),
        (["train", "--data", data, "--lr", "11"], "--lr"),
        (["train", "--data", data, "--lr", "nan"], "--lr"),
        (["train", "--data", data, "--lr", "0.1x"], "--lr"),
        (["train", "--data", data, "--validation", "0.9"], "--validation"),
        (["train", "--data", data, "--seed", "18446744073709551616"], "--seed"),
        (["train", "--data", data, "--threads", "99999"], "--threads"),
        (["train", "--data", data, "--optimizer", "rmsprop"], "sgd, adam"),
        (["train", "--data", data, "--schedule", "linear"], "constant, step, cosine, one-cycle, plateau"),
        (["train", "--data", data, "--optimizer", "sgd", "--momentum", "1"], "--momentum"),
        (["train", "--data", data, "--momentum", "0.9"], "--momentum has no effect with --optimizer adam"),
        (["train", "--data", data, "--schedule", "cosine", "--warm-up", "0.1"], "--warm-up has no effect with --schedule cosine"),
        (["train", "--data", data, "--schedule", "one-cycle", "--warm-up", "1"], "--warm-up"),
        (["train", "--data", data, "--schedule", "step", "--schedule-factor", "2"], "--schedule-factor"),
        (["train", "--data", data, "--schedule", "plateau", "--schedule-epochs", "0"], "--schedule-epochs"),
        (["train", "--data", data, "--schedule", "cosine", "--schedule-epochs", "2"], "--schedule cosine"),
        (["train", "--data", data, "--weight-decay", "-1"], "--weight-decay"),
        (["train", "--data", data, "--label-smoothing", "1"], "--label-smoothing"),
        (["train", "--data", data, "--clip-norm", "inf"], "--clip-norm"),
        (["train", "--data", data, "--augment", "maybe"], "“on”"),
        (["train", "--data", data, "--rotation", "90"], "--rotation"),
        (["train", "--data", data, "--shift", "x"], "--shift"),
        (["train", "--data", data, "--zoom", "0.6"], "--zoom"),
        (["train", "--data", data, "--shear", "nan"], "--shear"),
        (["train", "--data", data, "--patience", "-1"], "--patience"),
        (["train", "--data", data, "--restore-best", "1"], "“off”"),
        (["train", "--data", data, "--precision", "fp16"], "fp32, bf16"),
        (["train", "--data", data, "--model", "bundled"], "./bundled"),
        (["train", "--data", data, "--model", path("same"), "--log", path("same")], "--log"),
        (["train", "--data", data, "--writers", "1"], "--writers goes with --ink"),
        (["train", "--copies", "2"], "--copies goes with --ink"),
        (["train", "--ink", data, "--writers", "1,,2"], "“1,,2”"),
        (["train", "--ink", data, "--writers", ""], "“”"),
        (["train", "--ink", data, "--writers", "5-3"], "“5-3”"),
        (["train", "--ink", data, "--validation-writers", "0"], "“0”"),
        (["train", "--ink", data, "--validation-writers", "1-256"], "“1-256”"),
        (["train", "--ink", data, "--writers", "1-4", "--validation-writers", "4,7"], "writer 4"),
        (["train", "--ink", data, "--copies", "0"], "--copies"),
        (["train", "--handwriting", "2e3"], "--handwriting"),
        (["train", "--data", data, "--members", "0"], "--members"),
        (["train", "--data", data, "--doodles", "2"], "--doodles"),
        (["bench"], "--data"),
        (["bench", "--data", data, "--preset", "huge"], "cnn-bn"),
        (["bench", "--data", data, "--threads", "x"], "--threads"),
        (["bench", "--data", data, "--epochs", "0"], "--epochs"),
        (["bench", "--data", data, "--precision", "int8"], "fp32, bf16"),
        (["bench", "--data", data, "--only", "train,test"], "“test”"),
        (["evaluate"], "--ink"),
        (["evaluate", "--data", data, "--images", data], "--images"),
        (["evaluate", "--data", data, "--part", "half"], "“half”"),
        (["evaluate", "--ink", data, "--part", "test"], "--part goes with --data"),
        (["evaluate", "--data", data, "--writers", "1"], "--writers goes with --ink"),
        (["evaluate", "--ink", data, "--writers", "x"], "“x”"),
        (["evaluate", "--data", data, "--doodles", "10"], "exactly one"),
        (["evaluate", "--doodles", "0"], "--doodles"),
        (["evaluate", "--doodles", "10", "--doodle-kinds", "horses"], "“horses”"),
        (["evaluate", "--handwriting", "-1"], "--handwriting"),
        (["predict"], "PNG"),
    ]
    for arguments, word in cases:
        output, message = run(*arguments, status=2)
        assert output == "", output
        assert message.startswith("digit-lab-cli: ") and word in message, f"{arguments}: {message}"


def test_failures():
    model = path("a.onnx")
    cases = [
        (["train", "--data", path("nowhere")], "nowhere"),
        (["train", "--data", path("data"), "--model", path("nowhere/a.onnx")], "nowhere"),
        (["train", "--data", path("data"), "--model", path("data")], "data: this is a folder"),
        (["train", "--data", path("data"), "--log", path("nowhere/a.csv")], "nowhere"),
        (["bench", "--data", path("nowhere")], "nowhere"),
        (["evaluate", "--model", model, "--data", path("nowhere")], "nowhere"),
        (["evaluate", "--model", path("data/t10k-labels-idx1-ubyte"), "--data", path("data")], "t10k-labels"),
        (["evaluate", "--model", model, "--ink", path("a.csv")], "a.csv"),
        (["evaluate", "--model", model, "--ink", path("ink.unp"), "--writers", "9"], "ink.unp"),
        (["evaluate", "--model", model, "--model", path("nowhere.onnx"), "--handwriting", "10"], "nowhere.onnx"),
        (["train", "--ink", path("ink.unp"), "--validation-writers", "9"], "ink.unp"),
        (["info", "--model", path("nowhere.onnx")], "nowhere.onnx"),
    ]
    for arguments, word in cases:
        _, message = run(*arguments, status=1)
        assert "digit-lab-cli: " in message and word in message, f"{arguments}: {message}"

    if os.path.exists("/dev/full"):
        with open("/dev/full", "w") as full:
            _, message = run("info", "--model", model, status=1, stdout=full)
            assert "written" in message, message


def test_train():
    *epochs, summary = run_json(*TRAIN, "--data", path("data"), "--model", path("a.onnx"), "--log", path("a.csv"))
    assert [epoch["epoch"] for epoch in epochs] == list(range(1, 6)), epochs
    for epoch in epochs:
        assert sorted(epoch) == ["accuracy", "epoch", "loss", "lr", "seconds", "val_accuracy", "val_loss"], epoch
        assert 0 <= epoch["accuracy"] <= 1 and epoch["loss"] > 0 and epoch["seconds"] > 0, epoch
    assert epochs[-1]["accuracy"] >= 0.95, epochs
    assert epochs[-1]["val_accuracy"] >= 0.9, epochs
    assert [epoch["lr"] for epoch in epochs] == sorted((epoch["lr"] for epoch in epochs), reverse=True), epochs
    assert summary["state"] == "done" and summary["epochs"] == summary["epochs_trained"] == 5, summary
    assert summary["model"] == path("a.onnx") and summary["parameters"] > 1000, summary

    with open(path("a.csv"), newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "lr", "seconds"], rows
    assert len(rows) == 6, rows
    for row, epoch in zip(rows[1:], epochs):
        for name, number in zip(rows[0], row):
            assert math.isclose(float(number), epoch[name], rel_tol=1e-7), (row, epoch)


def test_train_text():
    text, message = run("train", "--data", path("data"), "--epochs", "2", "--batch", "64", "--lr", "0.001",
                        "--validation", "0", "--log", path("b.csv"))
    assert "saved" in message and "--model" in message, message
    assert len(text.splitlines()) == 2 and "2 of 2" in text and "held out" not in text, text
    with open(path("b.csv"), newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 and rows[0]["val_loss"] == "" and rows[0]["val_accuracy"] == "", rows

    epoch, _ = run_json("train", "--data", path("data"), "--epochs", "1", "--validation", "0")
    assert epoch["val_loss"] is None and epoch["val_accuracy"] is None, epoch


def test_same_seed():
    for threads in ("1", "2", "3"):
        run(*TRAIN, "--data", path("data"), "--threads", threads, "--model", path(threads + ".onnx"))
    assert read("1.onnx") == read("2.onnx") == read("3.onnx") == read("a.onnx")

    run(*TRAIN[:-1], "6", "--data", path("data"), "--model", path("other.onnx"))
    assert read("other.onnx") != read("a.onnx")


def train_one(*arguments):
    """Trains the smallest network on little and returns the epochs and the metadata."""
    *epochs, _ = run_json("train", "--data", path("data"), "--preset", "mlp-128-128", "--batch", "50", "--model", path("one.onnx"), *arguments)
    return epochs, run_json("info", "--model", path("one.onnx"))[0]["model"]["metadata"]


def test_settings():
    """Each option has its effect on the run, and is in the file."""
    given = {"optimizer": "sgd", "momentum": "0.5", "weight-decay": "0.01", "schedule": "one-cycle", "warm-up": "0.5",
             "label-smoothing": "0.1", "clip-norm": "2", "rotation": "5", "shift": "1", "zoom": "0.05", "shear": "3",
             "elastic": "1.5", "elastic-radius": "4", "line-width": "0.5", "average": "0.9",
             "patience": "5", "restore-best": "on", "precision": "fp32"}
    epochs, metadata = train_one("--epochs", "2", "--validation", "0.25", *(word for name, value in given.items()
                                                                          for word in ("--" + name, value)))
    assert len(epochs) == 2 and epochs[0]["val_loss"] > 0, epochs
    for name, value in given.items():
        assert metadata[name] == value, (name, metadata)
    assert metadata["epochs"] == "2" and metadata["validation-share"] == "0.25" and metadata["batch-size"] == "50", metadata
    assert "schedule-factor" not in metadata and "threads" not in metadata, metadata

    epochs, metadata = train_one("--epochs", "5", "--schedule", "step", "--schedule-factor", "0.5", "--schedule-epochs", "2", "--lr", "0.004")
    assert [round(epoch["lr"], 9) for epoch in epochs] == [0.004, 0.004, 0.002, 0.002, 0.001], epochs
    assert metadata["learning-rate"] == "0.004" and "rotation" not in metadata, metadata

    for switch, rotation in (("on", "10"), ("off", None)):
        _, metadata = train_one("--epochs", "1", "--augment", switch, "--shift", "1")
        assert metadata["shift"] == "1" and metadata.get("rotation") == rotation, metadata


def test_restore_best():
    """What is learned of noise is of no use for other noise: its loss grows,
    patience ends the run, and the network is the one of the best epoch."""
    chance = random.Random(8)
    os.mkdir(path("noise"))
    with open(path("noise/train-images-idx3-ubyte"), "wb") as file:
        file.write(struct.pack(">IIII", 0x803, 200, 28, 28) + chance.randbytes(200 * 784))
    with open(path("noise/train-labels-idx1-ubyte"), "wb") as file:
        file.write(struct.pack(">II", 0x801, 200) + bytes(chance.randrange(10) for _ in range(200)))

    arguments = ["train", "--data", path("noise"), "--preset", "mlp-128-128", "--epochs", "50", "--validation", "0.3",
                 "--patience", "3", "--restore-best", "on", "--model", path("best.onnx")]
    *epochs, summary = run_json(*arguments)
    losses = [epoch["val_loss"] for epoch in epochs]
    best = 1 + losses.index(min(losses))
    assert summary["state"] == "done" and summary["epochs"] == len(epochs) == best + 3 < 50, (summary, losses)
    assert summary["epochs_trained"] == best, (summary, losses)
    metadata = run_json("info", "--model", path("best.onnx"))[0]["model"]["metadata"]
    assert math.isclose(float(metadata["val-loss"]), min(losses), rel_tol=1e-5), (metadata, losses)

    text, _ = run(*arguments)
    assert "stopped falling" in text and f"that of epoch {best}." in text, text


def test_precision():
    [info] = run_json("info")
    arguments = ["--data", path("data"), "--preset", "mlp-128-128", "--precision", "bf16"]
    if info["isa"]["bf16"] is None:
        for command in ("train", "bench"):
            _, message = run(command, *arguments, status=1)
            assert "bfloat16" in message, message
        return
    epochs, metadata = train_one("--epochs", "1", "--precision", "bf16")
    assert metadata["precision"] == "bf16" and epochs[0]["loss"] > 0, (epochs, metadata)
    [result] = run_json("bench", *arguments, "--only", "latency")
    assert result["precision"] == "bf16" and result["isa"] == info["isa"]["bf16"], result


BENCH_KEYS = ["epoch_seconds", "epoch_seconds_all", "eval_images_per_second", "gflops", "isa", "latency_us_median", "latency_us_p99",
              "parameters", "peak_rss_mb", "peak_share", "precision", "preset", "samples_per_second", "threads"]


def test_bench():
    [result] = run_json("bench", "--data", path("data"), "--preset", "mlp-300-100", "--threads", "2")
    assert sorted(result) == BENCH_KEYS, result
    assert result["preset"] == "mlp-300-100" and result["threads"] == 2 and result["precision"] == "fp32", result
    assert result["isa"] == run_json("info")[0]["isa"]["fp32"], result
    assert result["parameters"] == 266610, result
    assert len(result["epoch_seconds_all"]) == 3 and result["epoch_seconds"] == sorted(result["epoch_seconds_all"])[1], result
    # 600 images, of which 1 in 12 is held out; 1.1268 MFLOP each.
    assert math.isclose(result["samples_per_second"] * result["epoch_seconds"], 550, rel_tol=1e-6), result
    assert math.isclose(result["gflops"], 1.1268e-3 * result["samples_per_second"], rel_tol=1e-6), result
    assert 0 < result["peak_share"] < 1.5 and result["eval_images_per_second"] > 100, result
    assert 0 < result["latency_us_median"] <= result["latency_us_p99"], result
    assert 1 < result["peak_rss_mb"] < 2000, result

    [result] = run_json("bench", "--data", path("data"), "--only", "eval,latency", "--threads", "1")
    assert sorted(result) == BENCH_KEYS, result
    assert result["epoch_seconds"] is None and result["epoch_seconds_all"] == [] and result["gflops"] is None, result
    assert result["eval_images_per_second"] > 100 and result["latency_us_median"] > 0, result

    text, _ = run("bench", "--data", path("data"), "--epochs", "2", "--only", "train")
    assert "Epoch 2 of 2" in text and "Training:" in text and "One image" not in text, text


def test_bench_interrupt():
    process = subprocess.Popen([PROGRAM, "bench", "--data", path("data"), "--epochs", "1000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, message = process.communicate(timeout=60)
    assert process.returncode == 1 and message.startswith("digit-lab-cli: "), (process.returncode, message)


def test_evaluate():
    [result] = run_json("evaluate", "--model", path("a.onnx"), "--data", path("data"))
    assert result["images"] == 100, result
    assert result["accuracy"] >= 0.95 and result["accuracy"] == 1 - result["errors"] / 100, result
    assert result["accuracy_low"] < result["accuracy"] <= result["accuracy_high"] <= 1, result
    assert result["loss"] > 0 and 0 <= result["calibration_error"] < 0.2 and result["refused"] <= 5, result
    assert result["doodles"] == result["doodles_refused"] == 0, result
    assert len(result["confusion"]) == 10 and all(len(row) == 10 for row in result["confusion"]), result
    assert [sum(row) for row in result["confusion"]] == [10] * 10, result
    assert sum(result["confusion"][i][i] for i in range(10)) == 100 - result["errors"], result
    assert sum(entry["errors"] for entry in result["classes"]) == result["errors"], result
    for i, entry in enumerate(result["classes"]):
        assert entry["label"] == i and entry["images"] == 10, entry
        assert entry["accuracy"] == result["confusion"][i][i] / 10, entry

    text, _ = run("evaluate", "--model", path("a.onnx"), "--data", path("data"))
    assert text.startswith("Network: ") and path("a.onnx") in text.splitlines()[0], text
    assert f"{100 * result['accuracy']:.2f} % (" in text and f"{result['errors']} of 100" in text, text
    assert len({len(line) - len(line.split(":", 1)[1].lstrip()) for line in text.splitlines()[:6]}) == 1, text

    [train] = run_json("evaluate", "--model", path("a.onnx"), "--data", path("data"), "--part", "train")
    assert train["images"] == 600 and train["accuracy"] >= 0.95, train


def test_saved_is_measured():
    """A hundred times the same picture: whatever is held out, a network has one
    loss on it, so that the saved network must have the loss that was printed,
    but for its calibration: the logits were divided by the temperature."""
    os.mkdir(path("same"))
    with open(path("same/train-images-idx3-ubyte"), "wb") as file:
        file.write(struct.pack(">IIII", 0x803, 100, 28, 28) + 100 * lab_digits.picture(3, random.Random(4)))
    with open(path("same/train-labels-idx1-ubyte"), "wb") as file:
        file.write(struct.pack(">II", 0x801, 100) + 100 * bytes([3]))

    epoch, _ = run_json("train", "--data", path("same"), "--epochs", "1", "--validation", "0.3", "--model", path("same.onnx"))
    [result] = run_json("evaluate", "--model", path("same.onnx"), "--data", path("same"), "--part", "train")
    metadata = run_json("info", "--model", path("same.onnx"))[0]["model"]["metadata"]
    assert math.isclose(float(metadata["val-loss"]), epoch["val_loss"], rel_tol=1e-5), (epoch, metadata)
    assert math.isclose(float(metadata["calibration-error"]), result["calibration_error"], abs_tol=1e-5), (metadata, result)
    assert 0.05 <= float(metadata["temperature"]) <= 20 and result["loss"] <= epoch["val_loss"], (epoch, metadata, result)
    assert epoch["val_accuracy"] == result["accuracy"], (epoch, result)
    assert abs(epoch["val_loss"] - epoch["loss"]) > 1e-3, epoch


def test_predict():
    chance = random.Random(3)
    os.mkdir(path("images"))
    for digit in range(10):
        pixels = lab_digits.picture(digit, chance)
        write_png(f"images/{digit}-small.png", pixels)
        write_png(f"images/{digit}-large.png", enlarged_and_inverted(pixels), 112)

    small, large = run_json("predict", "--model", path("a.onnx"), path("images/4-small.png"), path("images/4-large.png"))
    for result in (small, large):
        [found] = result["digits"]
        assert found["digit"] == 4 and found["verdict"] in ("digit", "not-sure", "not-a-digit"), result
        assert result["number"] == ("?" if found["verdict"] == "not-a-digit" else "4"), result
        assert len(found["probabilities"]) == 10 and math.isclose(sum(found["probabilities"]), 1, rel_tol=1e-5), result
        assert found["confidence"] == max(found["probabilities"]) == found["probabilities"][4], result
    assert small["file"] == path("images/4-small.png"), small

    text, _ = run("predict", "--model", path("a.onnx"), path("images/7-small.png"))
    assert "7-small.png: 7\n  This is a 7;" in text and len(text.splitlines()) == 12, text

    # One bad file does not keep the others from being read.
    text, message = run("predict", "--model", path("a.onnx"), path("a.csv"), path("images/7-small.png"), status=1)
    assert "7-small.png: 7\n" in text and "a.csv" in message and "1 of 2" in message, message

    [result] = run_json("evaluate", "--model", path("a.onnx"), "--images", path("images"))
    assert result["images"] == 20 and result["accuracy"] >= 0.8, result


def test_ink():
    write_ink("ink.unp")
    [result] = run_json("evaluate", "--model", path("a.onnx"), "--ink", path("ink.unp"))
    assert result["images"] == 2, result
    assert [entry["images"] for entry in result["classes"]] == [1, 1, 0, 0, 0, 0, 0, 0, 0, 0], result
    assert result["classes"][5]["accuracy"] is None, result

    write_ink("writers.unp", range(1, 7))
    [result] = run_json("evaluate", "--model", path("a.onnx"), "--ink", path("writers.unp"), "--writers", "2,4-6")
    assert result["images"] == 8, result


def test_sources():
    """Images come from any mixture of sources, and the file says from which."""
    write_ink("writers.unp", range(1, 7))
    ink = ["--ink", path("writers.unp")]
    built_in = ["--handwriting", "200"]
    mnist = ["--data", path("data")]
    cases = [
        (mnist, "data", None),
        (built_in, "built-in digits", None),
        (ink + ["--writers", "1-3"], "writers.unp 6", None),
        (ink + ["--validation-writers", "5,6"], "writers.unp 8", "writers.unp 4"),
        (ink + ["--writers", "1,2", "--copies", "5", "--validation-writers", "3"], "writers.unp 4 × 5", "writers.unp 2"),
        (mnist + built_in, "data 450, built-in digits 150", "data 150, built-in digits 50"),
        (mnist + ink + ["--validation-writers", "6"], "data 450, writers.unp 10", "data 150, writers.unp 2"),
        (mnist + ink + built_in + ["--validation", "0"], "data 600, writers.unp 12, built-in digits 200", None),
    ]
    for sources, data, validation_data in cases:
        *_, summary = run_json("train", "--preset", "mlp-128-128", "--validation", "0.25", "--epochs", "1", *sources,
                               "--model", path("sources.onnx"))
        assert summary["state"] == "done", summary
        metadata = run_json("info", "--model", path("sources.onnx"))[0]["model"]["metadata"]
        assert metadata["data"] == data and metadata.get("validation-data") == validation_data, (sources, metadata)
        assert ("threshold" in metadata) == (validation_data is not None or metadata["validation-share"] != "0"), metadata


def test_built_in():
    """Without any source, the program trains on its own digits, and learns to
    read others of them."""
    process = subprocess.Popen([PROGRAM, "train", "--model", path("never.onnx")], stderr=subprocess.PIPE, text=True)
    message = process.stderr.readline()
    process.kill()
    process.communicate()
    assert "60000 built-in digits" in message, message

    run("train", "--preset", "mlp-128-128", "--epochs", "4", "--handwriting", "4000", "--model", path("built-in.onnx"))
    [result] = run_json("evaluate", "--model", path("built-in.onnx"), "--handwriting", "1000")
    assert result["images"] == 1000 and result["accuracy"] > 0.75, result


def test_doodles():
    *_, summary = run_json("train", "--preset", "mlp-128-128", "--epochs", "4", "--handwriting", "4000", "--doodles", "0.5",
                           "--model", path("doodles.onnx"))
    assert summary["state"] == "done", summary
    assert run_json("info", "--model", path("doodles.onnx"))[0]["model"]["metadata"]["doodles"] == "0.5"
    [all_kinds] = run_json("evaluate", "--model", path("doodles.onnx"), "--doodles", "300")
    assert all_kinds["doodles"] == 300 and all_kinds["images"] == 0, all_kinds
    assert all_kinds["accuracy"] is None and all_kinds["loss"] is None and all_kinds["calibration_error"] is None, all_kinds
    [without] = run_json("evaluate", "--model", path("built-in.onnx"), "--doodles", "300")
    assert all_kinds["doodles_refused"] > 1.5 * without["doodles_refused"], (all_kinds, without)
    refused = []
    for kind in ("scribbles", "letters", "shapes"):
        [one_kind] = run_json("evaluate", "--model", path("doodles.onnx"), "--doodles", "300", "--doodle-kinds", kind)
        assert one_kind["doodles"] == 300, one_kind
        refused.append(one_kind["doodles_refused"])
    assert len(set(refused)) > 1, refused
    text, _ = run("evaluate", "--model", path("doodles.onnx"), "--doodles", "300")
    assert f"{all_kinds['doodles_refused']} of 300" in text and "Accuracy" not in text, text


def test_members():
    """Several networks are those of as many runs with the next seeds, and vote."""
    *lines, = run_json(*TRAIN, "--data", path("data"), "--model", path("team.onnx"), "--log", path("team.csv"), "--members", "2")
    assert [line["model"] for line in lines if "model" in line] == [path("team-1.onnx"), path("team-2.onnx")], lines
    assert read("team-1.onnx") == read("a.onnx")
    assert read("team-2.onnx") == read("other.onnx") # test_same_seed's seed 6
    assert len(read("team-1.csv").splitlines()) == len(read("team-2.csv").splitlines()) == 6

    both = ["--model", path("team-1.onnx"), "--model", path("team-2.onnx")]
    [vote] = run_json("evaluate", *both, "--data", path("data"))
    assert vote["model"] == path("team-1.onnx") + ", " + path("team-2.onnx") and vote["images"] == 100, vote
    assert vote["accuracy"] >= 0.95, vote
    text, _ = run("evaluate", *both, "--data", path("data"))
    assert text.startswith("Networks: "), text


def test_info():
    [info] = run_json("info", "--model", path("a.onnx"))
    assert run("--version")[0].split()[1] == info["version"], info
    assert info["libraries"]["glib"].startswith("2."), info
    assert "quick" in [preset["name"] for preset in info["presets"]], info
    assert all(preset["epochs"] > 0 and preset["batch"] > 0 and preset["lr"] > 0 for preset in info["presets"]), info
    presets = {preset["name"]: preset["settings"] for preset in info["presets"]}
    assert presets["cnn-bn"]["schedule"] == "plateau" and presets["mlp-300-100"]["optimizer"] == "sgd", presets
    assert info["isa"]["fp32"] in ("reference", "avx2", "avx512", "neon"), info
    assert info["model"]["metadata"]["preset"] == "mlp-128-128" and info["model"]["metadata"]["seed"] == "5", info
    [bundled] = run_json("info")
    assert bundled["model"]["file"] == "bundled" and bundled["model"]["parameters"] > 1000, bundled
    assert run_json("info", "--model", "bundled") == [bundled]
    text, _ = run("info", "--model", path("a.onnx"))
    assert f"parameters: {info['model']['parameters']}" in text and "quick" in text, text


def test_interrupt():
    """Ctrl+C during a long run: the network is saved and is as good as it was."""
    process = subprocess.Popen([PROGRAM, *TRAIN, "--epochs", "1000", "--data", path("data"), "--model", path("stopped.onnx"),
                                "--log", path("stopped.csv"), "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    lines = [process.stdout.readline() for _ in range(6)]
    process.send_signal(signal.SIGINT)
    rest, message = process.communicate(timeout=60)
    assert process.returncode == 0, message
    assert "Ctrl+C" in message, message

    *epochs, summary = [json.loads(line) for line in lines + rest.splitlines()]
    assert summary["state"] == "stopped" and summary["epochs"] == len(epochs) < 1000, summary
    assert len(read("stopped.csv").splitlines()) == 1 + len(epochs)
    [result] = run_json("evaluate", "--model", path("stopped.onnx"), "--data", path("data"))
    assert result["accuracy"] >= 0.9, result


TESTS = [test_help, test_usage_errors, test_train, test_train_text, test_same_seed, test_settings, test_restore_best,
         test_precision, test_evaluate, test_saved_is_measured, test_predict, test_ink, test_sources, test_built_in,
         test_doodles, test_members, test_info, test_failures,
         test_interrupt, test_bench, test_bench_interrupt]


def main():
    lab_digits.write(path("data"), 600, 100, 0)
    print("TAP version 13")
    print(f"1..{len(TESTS)}")
    failed = 0
    for number, test in enumerate(TESTS, 1):
        try:
            test()
            print(f"ok {number} /cli/{test.__name__[5:].replace('_', '-')}", flush=True)
        except Exception:
            failed += 1
            print(f"not ok {number} /cli/{test.__name__[5:].replace('_', '-')}")
            print("".join("# " + line + "\n" for line in traceback.format_exc().splitlines()), end="", flush=True)
    sys.exit(failed > 0)


main()
