"""Contenders as processes: started, told to go one at a time while the others sleep, timed by
themselves (README.md has the conversation).
"""

import json
import select
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from machine import QUIET, busy_seconds, others_share, process_seconds, wait_for_quiet

PATIENCE = 600  # seconds for an answer
SETTLE = 0.05  # for the threads of the last contender to stop spinning
SLOW = 5.0  # a contender whose single epoch takes longer, in seconds, runs in FEW rounds only
FEW = 3
TRIES = 4  # at a round that others disturb


class NotHere(Exception):
    """A contender that cannot take part, and why."""


class Process:
    """One variant of a contender, running."""

    def __init__(self, command: list[str], log: Path):
        self.log = log
        try:
            with open(log, "w") as errors:
                self.process = subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
                )
        except OSError as error:
            raise NotHere(f"{command[0]}: {error.strerror}") from error
        self.note = self.answer()["note"]

    def answer(self) -> dict:
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        line = self.process.stdout.readline() if ready else b""
        if line:
            return json.loads(line)
        self.close()
        said = self.log.read_text().strip().splitlines()
        raise NotHere(said[-1] if said else f"no answer within {PATIENCE} s" if not ready else "it died")

    def go(self, epochs: int) -> dict:
        self.process.stdin.write(f"go {epochs}\n".encode())
        self.process.stdin.flush()
        return self.answer()

    def processor_seconds(self) -> float:
        return process_seconds(self.process.pid)

    def close(self) -> None:
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass
class Entry:
    """A contender in a work, and what was measured of it."""

    name: str
    title: str
    limit: bool
    process: Process | None = None
    variant: str = ""
    absent: str = ""  # why it is not here
    loss: float | None = None
    epochs: int = 1  # in a round
    seconds: list[float] = field(default_factory=list)  # of an epoch, by round
    waited: float = 0  # seconds, while others ran
    used_waiting: float = 0  # processor seconds meanwhile
    slow: bool = False
    disturbed: int = 0  # rounds in which others used the machine too


def trial(process: Process, wait: float) -> tuple[float, float | None]:
    """The least seconds of an epoch in a few, again where others disturb, and its loss. The first epoch
    warms up."""
    first = process.go(1)
    least = first["seconds"]
    for _ in range(0 if least > SLOW else TRIES if wait else 1):
        wait_for_quiet(wait)
        begin, busy, used = time.perf_counter(), busy_seconds(), process.processor_seconds()
        least = min(least, *(process.go(1)["seconds"] for _ in range(FEW)))
        if others_share(begin, busy, process.processor_seconds() - used) < QUIET:
            break
    return least, first["loss"]


def start_fastest(entry: Entry, commands: dict[str, list[str]], log: Path, wait: float) -> None:
    """Tries every variant, and leaves the fastest running."""
    best = None
    reasons = []
    for variant, command in commands.items():
        try:
            process = Process(command, log.with_suffix(f".{variant.replace(' ', '_')}.log"))
            seconds, loss = trial(process, wait)
        except NotHere as reason:
            reasons.append(str(reason))
            continue
        if best is not None and seconds >= best:
            process.close()
            continue
        if entry.process:
            entry.process.close()
        best = seconds
        entry.process, entry.variant, entry.loss = process, variant, loss
    if entry.process:
        entry.slow = best > SLOW
    else:
        entry.absent = reasons[0]


def run_once(entry: Entry, here: list[Entry]) -> tuple[float, float]:
    """The seconds of an epoch, and the share of the machine that was not ours meanwhile."""
    time.sleep(SETTLE)
    before = [e.process.processor_seconds() for e in here]
    begin, busy = time.perf_counter(), busy_seconds()
    seconds = entry.process.go(entry.epochs)["seconds"] / entry.epochs
    wall = time.perf_counter() - begin
    used = [e.process.processor_seconds() - b for e, b in zip(here, before)]
    for other, waiting in zip(here, used):
        if other is not entry:
            other.waited += wall
            other.used_waiting += waiting
    return seconds, others_share(begin, busy, sum(used))


def run_round(entry: Entry, here: list[Entry], wait: float) -> None:
    """Runs it once; again, up to TRIES times in all, where others disturb."""
    attempts = []
    for _ in range(TRIES if wait else 1):
        wait_for_quiet(wait)
        attempts.append(run_once(entry, here))
        if attempts[-1][1] < QUIET:
            break
    seconds, others = min(attempts, key=lambda attempt: attempt[1])
    entry.seconds.append(seconds)
    entry.disturbed += others >= QUIET


def run_rounds(entries: list[Entry], rounds: int, seconds: float, wait: float) -> None:
    """Alternates: in each round every contender runs once, for about `seconds`, starting with another
    one each time. Waits up to `wait` seconds each time for the rest of the machine to be quiet."""
    here = [entry for entry in entries if entry.process]
    for entry in here:
        measured = entry.process.go(1)["seconds"] if not entry.slow else SLOW
        entry.epochs = max(1, round(seconds / measured))
    for r in range(rounds):
        first = r % max(1, len(here))
        for entry in here[first:] + here[:first]:
            if not entry.slow or r < FEW:
                run_round(entry, here, wait)
    for entry in here:
        entry.process.close()
