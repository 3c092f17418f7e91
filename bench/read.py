"""Reading CSV: chainrule beside pandas' default read_csv, each from a path to typed columns in memory.

    cmake --preset bench && cmake --build build-bench --target read_contender
    python3 bench/read.py FOLDER_OF_ADULT [build-bench/bench/read_contender]

Three files of about 100 MB: UCI Adult (adult-train.csv) repeated; numbers of six significant digits and short
texts; columns of doubles at full length. Both read each file in turn for several rounds, from the page cache, and
each does so twice in a round: the second time counts, so that neither pays for its first memory. chainrule's side
is read_table, all that `train` does before it takes columns for inputs: kinds from all rows, categories as codes,
every number correctly rounded.

Printed are medians of the seconds on the clock and of those of all threads on processors, and the median of
the rounds' ratios with half their range; first with the threads that each takes by itself (pandas reads with several
from version 3.1 on), then both on one processor.
"""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas

ROUNDS = 7
BYTES = 100_000_000


def adult(folder):
    return (Path(folder) / "adult-train.csv").read_text().strip() + "\n"


def mixed(rng):
    kinds = ["red", "green", "blue", "ultramarine"]
    return "".join(",".join([f"{rng.gauss(0, 100):.6g}" for _ in range(6)] +
                            [rng.choice(kinds), rng.choice("NSEW"), str(rng.randrange(90))]) + "\n"
                   for _ in range(20_000))


def doubles(rng):
    return "".join(",".join(repr(rng.gauss(0, 1)) for _ in range(8)) + "\n" for _ in range(20_000))


def pandas_times(path):
    for _ in range(2):
        clock, processors = time.perf_counter(), time.process_time()
        table = pandas.read_csv(path, header=None)
        times = time.perf_counter() - clock, time.process_time() - processors
        del table
    return times


def chainrule_times(contender, path):
    printed = subprocess.run([contender, path, "2"], check=True, capture_output=True, text=True).stdout
    return tuple(map(float, printed.splitlines()[-1].split()))


def spread(ratios):
    return f"{statistics.median(ratios):.2f} ± {(max(ratios) - min(ratios)) / 2:.2f}"


def contest(kind, path, contender):
    rounds = [(pandas_times(path), chainrule_times(contender, path)) for _ in range(ROUNDS)]
    cells = []
    for which in (0, 1):
        theirs, ours = ([side[which] for side in sides] for sides in zip(*rounds))
        cells += [f"{statistics.median(theirs):.3f} s", f"{statistics.median(ours):.3f} s",
                  spread([a / b for a, b in zip(theirs, ours)])]
    print(f"| {kind} | " + " | ".join(cells) + " |", flush=True)


def main():
    folder = sys.argv[1]
    contender = sys.argv[2] if len(sys.argv) > 2 else "build-bench/bench/read_contender"
    rng = random.Random(1)
    blocks = {"Adult": adult(folder), "numbers and text": mixed(rng), "doubles": doubles(rng)}
    all_processors = os.sched_getaffinity(0)
    with tempfile.TemporaryDirectory() as name:
        for kind, block in blocks.items():
            (Path(name) / f"{kind}.csv").write_text(block * (BYTES // len(block)))
        for title, processors in (("as they come", all_processors),
                                  ("on one processor", {max(all_processors)})):
            os.sched_setaffinity(0, processors)
            print(f"\npandas {pandas.__version__} and chainrule, {title}, load {os.getloadavg()[0]:.1f}\n")
            print("| file | pandas, clock | chainrule | ratio | pandas, processors | chainrule | ratio |")
            print("|---|---|---|---|---|---|---|")
            for kind in blocks:
                contest(kind, f"{name}/{kind}.csv", contender)


main()
