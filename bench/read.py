"""Reading CSV: chainrule's `inspect` beside pandas' default read_csv, in turn for several rounds.

    python3 bench/read.py ADULT_TRAIN_CSV [build/chainrule]

Three files of about 100 MB: UCI Adult repeated; numbers of six significant digits and short texts; columns
of doubles at full length. pandas' time is of read_csv alone. chainrule's is of the whole command, with the
start of the program, typing the columns and summing them up, less the same of the file's first 100 lines.
"""

import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas

ROUNDS = 5
BYTES = 100_000_000


def write(path, block):
    path.write_text(block * (BYTES // len(block)))


def mixed(rng):
    kinds = ["red", "green", "blue", "ultramarine"]
    return "".join(",".join([f"{rng.gauss(0, 100):.6g}" for _ in range(6)] +
                            [rng.choice(kinds), rng.choice("NSEW"), str(rng.randrange(90))]) + "\n"
                   for _ in range(20_000))


def doubles(rng):
    return "".join(",".join(repr(rng.gauss(0, 1)) for _ in range(8)) + "\n" for _ in range(20_000))


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def inspect(program, path):
    subprocess.run([program, "inspect", path], check=True, capture_output=True)


def main():
    program = sys.argv[2] if len(sys.argv) > 2 else "build/chainrule"
    rng = random.Random(1)
    files = {"adult": Path(sys.argv[1]).read_text().strip() + "\n", "mixed": mixed(rng),
             "doubles": doubles(rng)}
    with tempfile.TemporaryDirectory() as name:
        for kind, block in files.items():
            path, head = Path(name) / "d.csv", Path(name) / "head.csv"
            write(path, block)
            head.write_text("".join(block.splitlines(keepends=True)[:100]))
            ours, theirs = [], []
            for _ in range(ROUNDS):
                theirs.append(seconds(lambda: pandas.read_csv(path, header=None)))
                ours.append(seconds(lambda: inspect(program, path)) -
                            seconds(lambda: inspect(program, head)))
            ratio = statistics.median(a / b for a, b in zip(theirs, ours))
            print(f"{kind:8} pandas {statistics.median(theirs):.2f} s, chainrule "
                  f"{statistics.median(ours):.2f} s: {ratio:.2f} x", flush=True)


main()
