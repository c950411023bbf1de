# SPDX-License-Identifier: MIT
"""What others make of the models we write, as TAP.

python3-onnx's checker must accept each of them, and OpenCV's DNN module must
compute the same logits as we do. Called with the paths of onnx-logits and of
the bundled model.
"""

import gzip
import os
import struct
import subprocess
import sys
import tempfile

MODELS = ["mlp", "valid", "same", "even", "oblong", "pools", "activations", "norm", "cnn-bn"]
BATCHES = [1, 32]
TOLERANCE = 1e-4
N_GENERATED = 100
N_MNIST = 1000

try:
    import cv2
    import numpy
    import onnx
except ImportError as missing:
    print(f"1..0 # SKIP {missing}: python3-onnx and python3-opencv are needed")
    sys.exit(0)


def write_idx(path, images):
    with open(path, "wb") as file:
        file.write(struct.pack(">BBBB3I", 0, 0, 8, 3, *images.shape))
        file.write(images.tobytes())


def generate_images():
    """Noise, and strokes as a drawing has them."""
    random = numpy.random.default_rng(1)
    images = random.integers(0, 256, (N_GENERATED, 28, 28), dtype=numpy.uint8)
    for image in images[N_GENERATED // 2:]:
        image[:] = 0
        points = random.integers(4, 24, (6, 1, 2)).astype(numpy.int32)
        cv2.polylines(image, [points], False, 255, 2, cv2.LINE_AA)
    return images


def read_mnist(folder):
    path = os.path.join(folder, "mnist", "train-images-idx3-ubyte.gz")
    with gzip.open(path) as file:
        data = file.read(16 + N_MNIST * 784)
    return numpy.frombuffer(data, numpy.uint8, offset=16).reshape(N_MNIST, 28, 28)


class Report:
    def __init__(self):
        self.n_tests = 0
        self.failed = False

    def result(self, ok, text, note=""):
        self.n_tests += 1
        self.failed |= not ok
        print(f"{'ok' if ok else 'not ok'} {self.n_tests} - {text}{note}", flush=True)


def check_model(report, name, path, metadata):
    model = onnx.load(path)
    try:
        onnx.checker.check_model(model, full_check=True)
        onnx.shape_inference.infer_shapes(model, strict_mode=True)
        fault = ""
    except Exception as error:  # the checker has many kinds of error
        fault = f" # {error}".replace("\n", " ")
    report.result(not fault, f"{name}: onnx's checker", fault)

    opsets = [(o.domain, o.version) for o in model.opset_import]
    entries = [(p.key, p.value) for p in model.metadata_props]
    names = [v.name for v in list(model.graph.input) + list(model.graph.output)]
    report.result(opsets == [("", 13)] and names == ["image", "logits"] and set(metadata) <= set(entries),
                  f"{name}: opset, names and metadata")


def compare(report, program, name, path, title, images, images_path, folder):
    """Returns the largest difference of two logits."""
    blob = images.astype(numpy.float32)[:, None] / numpy.float32(255)
    network = cv2.dnn.readNetFromONNX(path)
    largest = 0
    for batch in BATCHES:
        out = os.path.join(folder, "logits")
        subprocess.run([program, "run", path, images_path, str(batch), out], check=True)
        ours = numpy.fromfile(out, numpy.float32).reshape(len(images), -1)
        theirs = []
        for first in range(0, len(images), batch):
            network.setInput(blob[first:first + batch])
            theirs.append(network.forward().copy())
        difference = float(numpy.abs(ours - numpy.concatenate(theirs)).max())
        largest = max(largest, difference)
        spread = float(numpy.ptp(ours, axis=0).max())
        # Logits that are alike for all images would prove nothing.
        report.result(difference <= TOLERANCE and spread > 0.5,
                      f"{name}: OpenCV on {title}, batch {batch}",
                      f" # differs by {difference:.2e}, a logit varies by {spread:.2f}")
    return largest


def main():
    program, bundled = sys.argv[1:]
    data = os.environ.get("DIGIT_LAB_DATA")
    pictures = [(f"{N_GENERATED} generated images", generate_images())]
    if data:
        pictures.append((f"{N_MNIST} MNIST images", read_mnist(data)))

    report = Report()
    largest = 0
    with tempfile.TemporaryDirectory() as folder:
        for i, (_, images) in enumerate(pictures):
            write_idx(os.path.join(folder, f"images-{i}"), images)
        models = [("bundled", bundled, [])]
        for name in MODELS:
            path = os.path.join(folder, name + ".onnx")
            subprocess.run([program, "write", name, path], check=True)
            models.append((name, path, [("preset", name)]))

        for name, path, metadata in models:
            check_model(report, name, path, metadata)
            for i, (title, images) in enumerate(pictures):
                difference = compare(report, program, name, path, title, images,
                                     os.path.join(folder, f"images-{i}"), folder)
                largest = max(largest, difference)
            if not data:
                report.result(True, f"{name}: OpenCV on MNIST", " # SKIP DIGIT_LAB_DATA is not set")
    print(f"1..{report.n_tests}")
    print(f"# the largest difference of all is {largest:.2e}")
    return 1 if report.failed else 0


sys.exit(main())
