"""Rows a second of a 14-64-64-1 network's forward pass over a million rows in memory: chainrule's
`predict`, and PyTorch's eager module where it is installed, in turn for several rounds: PyTorch all
rows at once, and in blocks that fit its caches.

    python3 bench/predict.py [build/chainrule] [threads ...]

Both compute in single precision. chainrule's time is that of `--verbose`: from the rows in memory to
the probabilities and the class of each; PyTorch's from the tensor to the probabilities alone.
"""

import array
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = 1_000_000
INPUTS = 14
ROUNDS = 7
NETWORK = """input x[14]
target y: class(2)
h1 = dense(x, 64, relu)
h2 = dense(h1, 64, relu)
o = dense(h2, 1, identity)
z = o[0]
output z
loss binary_cross_entropy_with_logits(z, y)
"""


def write_npy(path, code, shape, numbers):
    """Version 1.0 of NumPy's format: numpy.lib.format says how."""
    header = f"{{'descr': '{code}', 'fortran_order': False, 'shape': {shape}, }}"
    header = header.ljust((10 + len(header)) // 64 * 64 + 64 - 11) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little")
                     + header.encode() + numbers)


def write_rows(folder):
    """Arrays, which take no time to read: chainrule reads the next part while it computes one."""
    rng = random.Random(1)
    few = 1000
    rows = array.array("f", (rng.gauss(0, 1) for _ in range(few * INPUTS)))
    labels = bytes(int(sum(rows[i * INPUTS:i * INPUTS + 3]) > 0) for i in range(few))
    write_npy(folder / "small.npy", "<f4", (few, INPUTS), rows.tobytes())
    write_npy(folder / "labels.npy", "|u1", (few,), labels)
    write_npy(folder / "rows.npy", "<f4", (ROWS, INPUTS), rows.tobytes() * (ROWS // few))


def train(program, folder):
    (folder / "net.nn").write_text(NETWORK)
    subprocess.run([program, "train", "net.nn", "--data", "small.npy", "--labels", "labels.npy",
                    "--epochs", "2", "--out", "net.safetensors"], cwd=folder, check=True,
                   capture_output=True)


def chainrule_rate(program, folder, threads):
    run = subprocess.run([program, "predict", "net.safetensors", "--data", "rows.npy", "-o",
                          "out.npy", "--threads", str(threads), "--verbose"],
                         cwd=folder, check=True, capture_output=True, text=True)
    seconds = float(re.search(r"rows in ([0-9.e+-]+) s", run.stderr).group(1))
    return ROWS / seconds


def torch_rate_of():
    """A function of the number of threads and the rows of a call to rows a second, or None."""
    try:
        import torch
    except ImportError:
        return None
    layers = torch.nn.Sequential(
        torch.nn.Linear(INPUTS, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64), torch.nn.ReLU(),
        torch.nn.Linear(64, 1), torch.nn.Sigmoid())
    rows = torch.randn(ROWS, INPUTS)

    def rate(threads, block):
        torch.set_num_threads(threads)
        with torch.inference_mode():
            start = time.perf_counter()
            for first in range(0, ROWS, block):
                layers(rows[first:first + block])
            return ROWS / (time.perf_counter() - start)

    rate(1, ROWS)
    return rate


def main():
    program = Path(sys.argv[1] if len(sys.argv) > 1 else "build/chainrule").resolve()
    torch_rate = torch_rate_of()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_rows(folder)
        train(program, folder)
        for threads in [int(each) for each in sys.argv[2:]] or [1, 2]:
            own, peers = [], {ROWS: [], 8192: []}
            for _ in range(ROUNDS):
                own.append(chainrule_rate(program, folder, threads))
                for block in peers if torch_rate else ():
                    peers[block].append(torch_rate(threads, block))
            print(f"{threads} threads: chainrule {statistics.median(own):.3g} rows/s", flush=True)
            for block, peer in peers.items() if torch_rate else ():
                ratios = [a / b for a, b in zip(own, peer)]
                print(f"  {statistics.median(ratios):.2f} x ({min(ratios):.2f} to {max(ratios):.2f})"
                      f" PyTorch by {block} rows at a time, {statistics.median(peer):.3g} rows/s",
                      flush=True)


main()
