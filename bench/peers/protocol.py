"""What the Python contenders share: reading a work's folder (../prepare.py), the conversation with the
driver (../README.md), and the events of a start.
"""

import argparse
import gzip
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path


def options() -> argparse.Namespace:
    """Of the command line. The threads of BLAS and OpenMP are bound before they are loaded."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--unroll", type=int, default=1)
    chosen = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(chosen.threads)
    return chosen


@dataclass
class Work:
    """The keys of work.txt."""

    kind: str
    rows: int
    batch: int
    rate: float
    layers: list[int]
    hidden: str
    loss: str
    bias: bool
    data: Path
    images: Path
    labels: Path
    folder: Path

    @property
    def classes(self) -> bool:
        return self.loss == "cross_entropy"

    @property
    def scalar(self) -> bool:
        """A chain of single numbers, trained row by row."""
        return max(self.layers) == 1


def read_work(folder: Path) -> Work:
    keys = dict(line.split(" ", 1) for line in (folder / "work.txt").read_text().splitlines())
    return Work(
        kind=keys["kind"],
        rows=int(keys["rows"]),
        batch=int(keys["batch"]),
        rate=float(keys["rate"]),
        layers=[int(width) for width in keys["layers"].split()],
        hidden=keys["hidden"],
        loss=keys["loss"],
        bias=keys["bias"] == "1",
        data=Path(keys["data"]),
        images=Path(keys["images"]),
        labels=Path(keys["labels"]),
        folder=folder,
    )


def read_rows(work: Work):
    """Rows [rows, inputs], targets (integers where they are classes) and the order of an epoch."""
    import numpy

    inputs = work.layers[0]
    x = numpy.fromfile(work.data / "x.f32", numpy.float32).reshape(-1, inputs)
    y = numpy.fromfile(work.data / "y.f32", numpy.float32)
    order = numpy.fromfile(work.folder / "order.i32", numpy.int32)
    return x, y.astype(numpy.int32) if work.classes else y, order


def read_images(work: Work):
    """MNIST from its own files, as read_rows gives it."""
    import numpy

    pixels = numpy.frombuffer(gzip.decompress(work.images.read_bytes()), numpy.uint8, offset=16)
    labels = numpy.frombuffer(gzip.decompress(work.labels.read_bytes()), numpy.uint8, offset=8)
    x = pixels.reshape(-1, work.layers[0]).astype(numpy.float32) / numpy.float32(255)
    return x, labels.astype(numpy.int32), numpy.fromfile(work.folder / "order.i32", numpy.int32)


def read_weights(work: Work):
    """W1, b1, W2, b2, ... as arrays; W is [out, in]. Without biases W1, W2, ..."""
    import numpy

    flat = numpy.fromfile(work.folder / "weights.f32", numpy.float32)
    weights = []
    for fan_in, fan_out in zip(work.layers, work.layers[1:]):
        for shape in [(fan_out, fan_in), (fan_out,)][: 1 + work.bias]:
            size = int(numpy.prod(shape))
            weights.append(flat[:size].reshape(shape))
            flat = flat[size:]
    return weights


def chain_rows(count: int):
    """The numbers of c/chain.h."""
    import numpy

    i = numpy.arange(count, dtype=numpy.uint32)
    i *= numpy.uint32(2654435761)
    i >>= numpy.uint32(8)
    x = i.astype(numpy.float32)
    x /= numpy.float32(16777216)
    x -= numpy.float32(0.5)
    return x


CHAIN_A, CHAIN_B = 1.5, 0.25
LOSS_ROWS = 4096  # results are compared by the mean loss of the first so many rows


def say(record: dict) -> None:
    print(json.dumps(record), flush=True)


def serve(note: str, run) -> None:
    """`run(epochs)` gives (seconds, loss); a loss of None is not compared."""
    say({"note": note})
    for line in sys.stdin:
        seconds, loss = run(int(line.split()[1]))
        say({"seconds": seconds, "loss": loss})


def timed(function) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
