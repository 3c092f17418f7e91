"""Writes what every contender of a work reads: a folder with work.txt (a key and its values on each
line), the rows `x.f32` and targets `y.f32`, the order of the rows in an epoch `order.i32`, and the
initial weights `weights.f32` (W1, b1, W2, b2, ...; W is [out, in], row-major). Numbers are raw, in the
machine's order. What is there already is kept.
"""

import gzip
import math
import random
from array import array
from pathlib import Path

from works import WORKS, Work

SEED = 1


def write(path: Path, typecode: str, values) -> None:
    partial = path.with_suffix(".partial")
    with open(partial, "wb") as file:
        array(typecode, values).tofile(file)
    partial.rename(path)


def initial_weights(layers: tuple[int, ...], bias: bool, source: random.Random):
    """Xavier-uniform weights and, where there are biases, zeros."""
    for fan_in, fan_out in zip(layers, layers[1:]):
        bound = math.sqrt(6 / (fan_in + fan_out))
        yield from (source.uniform(-bound, bound) for _ in range(fan_in * fan_out))
        if bias:
            yield from (0.0 for _ in range(fan_out))


def write_teacher_rows(work: Work, folder: Path, source: random.Random) -> None:
    """Rows of uniform numbers, labelled by a noisy linear teacher."""
    inputs = work.layers[0]
    teacher = [source.uniform(-1, 1) for _ in range(inputs)]
    rows, labels = [], []
    for _ in range(work.rows):
        row = [source.uniform(-1.7, 1.7) for _ in range(inputs)]
        score = sum(a * b for a, b in zip(row, teacher)) + source.gauss(0, 0.5)
        rows += row
        labels.append(float(score > 0))
    write(folder / "x.f32", "f", rows)
    write(folder / "y.f32", "f", labels)


def mnist_files(shared: Path) -> tuple[Path, Path]:
    folder = shared / "mnist"
    return folder / "train-images-idx3-ubyte.gz", folder / "train-labels-idx1-ubyte.gz"


def write_mnist(folder: Path, shared: Path, source: random.Random) -> None:
    """MNIST's training part with pixels in 0..1, or noise of its shape where MNIST is not there."""
    images, labels = mnist_files(shared)
    if images.exists():
        pixels = gzip.decompress(images.read_bytes())[16:]
        classes = gzip.decompress(labels.read_bytes())[8:]
    else:
        pixels = source.randbytes(60000 * 784)
        classes = bytes(source.randrange(10) for _ in range(60000))
    scaled = [byte / 255 for byte in range(256)]
    write(folder / "x.f32", "f", map(scaled.__getitem__, pixels))
    write(folder / "y.f32", "f", map(float, classes))


def description(kind: str, work: Work, rows_of: Path, shared: Path) -> str:
    """`work` is the training work whose network and data these are."""
    images, labels = mnist_files(shared)
    lines = {
        "kind": kind,
        "rows": work.rows,
        "batch": work.batch,
        "rate": work.rate,
        "layers": " ".join(map(str, work.layers)),
        "hidden": work.hidden,
        "loss": work.loss,
        "bias": int(work.bias),
        "network": Path(__file__).parent / "networks" / f"{work.name}.nn",
        "data": rows_of,
        "images": images,
        "labels": labels,
    }
    return "".join(f"{key} {value}\n" for key, value in lines.items())


def prepare(work: Work, root: Path, shared: Path) -> Path:
    """The folder of the work, below `root`."""
    folder = root / work.name
    folder.mkdir(parents=True, exist_ok=True)
    source = random.Random(SEED)
    trained = next(w for w in WORKS if w.name == work.network) if work.network else work
    rows_of = root / "mnist_rows" if trained.data == "mnist" else root / trained.name
    rows_of.mkdir(exist_ok=True)
    (folder / "work.txt").write_text(description(work.kind, trained, rows_of, shared))
    if work.kind == "chain":
        return folder
    if not (rows_of / "y.f32").exists():
        if trained.data == "mnist":
            write_mnist(rows_of, shared, source)
        else:
            write_teacher_rows(trained, rows_of, source)
    if not (folder / "weights.f32").exists():
        order = list(range(trained.rows))
        source.shuffle(order)
        write(folder / "order.i32", "i", order)
        write(
            folder / "weights.f32", "f", initial_weights(trained.layers, trained.bias, source)
        )
    return folder
