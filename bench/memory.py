"""Peak anonymous memory of training, from /proc/PID/status (RssAnon), looked at every 5 ms.

    python3 bench/memory.py MNIST_FOLDER [build/chainrule]        MNIST from IDX, beside 100 rows of it
    python3 bench/memory.py --command build/chainrule train ...   any command

The bar for MNIST: at most twice the decoded pixels above the same command on 100 rows.
"""

import gzip
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NETWORK = """input x[784]
target y: class(10)
u = x / 255
h = dense(u, 128, relu)
o = dense(h, 10, identity)
loss cross_entropy(o, y)
"""


def peak_anonymous(command):
    """Bytes."""
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while run.poll() is None:
        try:
            for line in Path(f"/proc/{run.pid}/status").read_text().splitlines():
                if line.startswith("RssAnon:"):
                    peak = max(peak, int(line.split()[1]) * 1024)
        except OSError:
            break
        time.sleep(0.005)
    if run.wait() != 0:
        raise SystemExit(f"{' '.join(map(str, command))} failed")
    return peak


def first_rows(source, target, rows):
    data = gzip.decompress(source.read_bytes())
    dimensions = struct.unpack(f">{data[3]}I", data[4:4 + 4 * data[3]])
    item = 1
    for size in dimensions[1:]:
        item *= size
    header = data[:4] + struct.pack(f">{data[3]}I", rows, *dimensions[1:])
    target.write_bytes(header + data[4 + 4 * data[3]:][:rows * item])
    return dimensions[0] * item


def main():
    if sys.argv[1] == "--command":
        print(f"peak anonymous memory {peak_anonymous(sys.argv[2:]) / 1e6:.1f} MB")
        return
    mnist = Path(sys.argv[1])
    program = sys.argv[2] if len(sys.argv) > 2 else "build/chainrule"
    images, labels = mnist / "train-images-idx3-ubyte.gz", mnist / "train-labels-idx1-ubyte.gz"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "net.nn").write_text(NETWORK)
        decoded = first_rows(images, folder / "images", 100)
        first_rows(labels, folder / "labels", 100)
        command = [program, "train", folder / "net.nn", "--epochs", "2", "--optimizer", "adam"]
        small = peak_anonymous(command + ["--data", folder / "images", "--labels", folder / "labels"])
        whole = peak_anonymous(command + ["--data", images, "--labels", labels])
    print(f"100 rows {small / 1e6:.1f} MB, all {whole / 1e6:.1f} MB: {(whole - small) / 1e6:.1f} MB "
          f"more, {(whole - small) / decoded:.2f} x the {decoded / 1e6:.1f} MB of pixels (at most 2)")


main()
