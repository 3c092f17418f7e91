#!/usr/bin/env python3
"""Measures chainrule against its peers and prints a table of ratios for each work (README.md).

    run.py --build DIR [--rounds 7] [--seconds 0.5] [--markdown FILE] [WORK...]
"""

import argparse
import os
import platform
import sys
import time
from pathlib import Path

from contest import Entry, run_rounds, start_fastest
from prepare import mnist_files, prepare
from report import as_markdown, as_text, table
from works import CONTENDERS, WORKS, Work

BENCH = Path(__file__).resolve().parent
SHARED = BENCH.parent.parent / "shared" / "data"
BUSY = 0.5  # a load average above this is worth a warning


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, required=True, help="the folder of the built programs")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.5, help="of a contender in a round")
    parser.add_argument("--markdown", type=Path, help="writes the tables there too")
    parser.add_argument("--list", action="store_true", help="prints the works")
    parser.add_argument("works", nargs="*", metavar="WORK", help="all, without")
    chosen = parser.parse_args()
    unknown = set(chosen.works) - {work.name for work in WORKS}
    if unknown:
        parser.error(f"no such work: {', '.join(sorted(unknown))}; --list prints them")
    return chosen


def machine() -> str:
    cpu = Path("/proc/cpuinfo").read_text()
    model = next((l.split(":")[1].strip() for l in cpu.splitlines() if "model name" in l), "unknown")
    instructions = [name for name in ("avx2", "avx512f") if f" {name} " in cpu]
    return f"{model}, {os.cpu_count()} processors, {' '.join(instructions)}, Linux {platform.release()}"


def load_warning() -> str:
    load = os.getloadavg()[0]
    return f"the machine is busy (load {load:.1f}): take these for noise" if load > BUSY else ""


def measure(work: Work, chosen: argparse.Namespace) -> list[Entry]:
    folder = prepare(work, chosen.build / "works", SHARED)
    places = {
        "bin": chosen.build / "bench",
        "bench": BENCH,
        "python": chosen.build / "venv" / "bin" / "python",
        "work": folder,
        "name": work.name,
    }
    entries = []
    for name in work.contenders:
        contender = CONTENDERS[name]
        entry = Entry(name, contender.title, contender.limit)
        entries.append(entry)
        print(f"{work.name}: {contender.title} ...", file=sys.stderr)
        commands = contender.variants
        if work.kind == "start":
            commands = {k: "{python} {bench}/start.py " + v for k, v in commands.items()}
        start_fastest(entry, commands, places, folder / name)
    run_rounds(entries, chosen.rounds, chosen.seconds)
    return entries


def main() -> None:
    chosen = arguments()
    if chosen.list:
        print("\n".join(f"{work.name:20}{work.title}" for work in WORKS))
        return
    started = time.strftime("%Y-%m-%d")
    head = f"{machine()}; {started}; median of {chosen.rounds} alternating rounds, ± half the range"
    print(head)
    sections = [head]
    for work in WORKS:
        if chosen.works and work.name not in chosen.works:
            continue
        if work.kind == "start" and not mnist_files(SHARED)[0].exists():
            print(f"\n{work.title}\n  skipped: there is no {mnist_files(SHARED)[0]}")
            continue
        result = table(work, measure(work, chosen))
        warning = load_warning()
        print("\n" + as_text(*result) + (f"\n  {warning}" if warning else ""), flush=True)
        sections.append(as_markdown(*result) + (f"\n\n{warning}" if warning else ""))
    if chosen.markdown:
        chosen.markdown.write_text("\n\n".join(sections) + "\n")


if __name__ == "__main__":
    main()
