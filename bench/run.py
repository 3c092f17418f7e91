#!/usr/bin/env python3
"""Measures chainrule against its peers and prints a table of ratios for each work (README.md).

    run.py --build DIR [--rounds 7] [--seconds 0.5] [--markdown FILE] [WORK...]
"""

import argparse
import sys
import time
from pathlib import Path

import machine
from contest import Entry, run_rounds, start_fastest
from prepare import mnist_files, prepare
from report import as_markdown, as_text, table
from works import CONTENDERS, WORKS, Work

BENCH = Path(__file__).resolve().parent
SHARED = BENCH.parent.parent / "shared" / "data"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, required=True, help="the folder of the built programs")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.5, help="of a contender in a round")
    parser.add_argument(
        "--wait", type=float, default=20, help="seconds for others to be quiet, each time; 0: do not"
    )
    parser.add_argument("--markdown", type=Path, help="writes the tables there too")
    parser.add_argument("--list", action="store_true", help="prints the works")
    parser.add_argument("works", nargs="*", metavar="WORK", help="all, without")
    chosen = parser.parse_args()
    unknown = set(chosen.works) - {work.name for work in WORKS}
    if unknown:
        parser.error(f"no such work: {', '.join(sorted(unknown))}; --list prints them")
    return chosen


def measure(work: Work, chosen: argparse.Namespace) -> list[Entry]:
    folder = prepare(work, chosen.build / "works", SHARED)
    places = {
        "bin": chosen.build / "bench",
        "bench": BENCH,
        "python": chosen.build / "venv" / "bin" / "python",
        "work": folder,
        "name": work.name,
    }
    prefix = "{python} {bench}/start.py " if work.kind == "start" else ""
    entries = []
    for name in work.contenders:
        contender = CONTENDERS[name]
        entry = Entry(name, contender.title, contender.limit)
        entries.append(entry)
        print(f"{work.name}: {contender.title} ...", file=sys.stderr)
        commands = {
            variant: [word.format(**places) for word in (prefix + command).split()]
            for variant, command in contender.variants.items()
        }
        start_fastest(entry, commands, folder / name, chosen.wait)
    run_rounds(entries, chosen.rounds, chosen.seconds, chosen.wait)
    return entries


def main() -> None:
    chosen = arguments()
    if chosen.list:
        print("\n".join(f"{work.name:20}{work.title}" for work in WORKS))
        return
    started = time.strftime("%Y-%m-%d")
    head = f"{machine.description()}; {started}; median of {chosen.rounds} alternating rounds, ± half the range"
    print(head)
    sections = [head]
    for work in WORKS:
        if chosen.works and work.name not in chosen.works:
            continue
        if work.kind == "start" and not mnist_files(SHARED)[0].exists():
            print(f"\n{work.title}\n  skipped: there is no {mnist_files(SHARED)[0]}")
            continue
        result = table(work, measure(work, chosen))
        print("\n" + as_text(*result), flush=True)
        sections.append(as_markdown(*result))
    if chosen.markdown:
        chosen.markdown.write_text("\n\n".join(sections) + "\n")


if __name__ == "__main__":
    main()
