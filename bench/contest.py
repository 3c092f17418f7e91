"""Contenders as processes: started, told to go one at a time while the others sleep, timed by
themselves (README.md has the conversation).
"""

import json
import os
import select
import shlex
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 600  # seconds for an answer
SETTLE = 0.05  # for the threads of the last contender to stop spinning
SLOW = 5.0  # a contender whose single epoch takes longer, in seconds, runs in FEW rounds only
FEW = 3


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
        """That its own threads have used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

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


def start_fastest(entry: Entry, commands: dict[str, str], places: dict, log: Path) -> None:
    """Tries every variant on one epoch, twice, and leaves the fastest running."""
    best = None
    reasons = []
    for variant, command in commands.items():
        words = [word.format(**places) for word in shlex.split(command)]
        try:
            process = Process(words, log.with_suffix(f".{len(reasons)}{variant.replace(' ', '_')}.log"))
            first = process.go(1)
            seconds = first["seconds"] if first["seconds"] > SLOW else process.go(1)["seconds"]
        except NotHere as reason:
            reasons.append(str(reason))
            continue
        if best is not None and seconds >= best:
            process.close()
            continue
        if entry.process:
            entry.process.close()
        best = seconds
        entry.process, entry.variant, entry.loss = process, variant, first["loss"]
    if entry.process is None:
        entry.absent = reasons[0]
        return
    entry.slow = best > SLOW


def run_rounds(entries: list[Entry], rounds: int, seconds: float) -> None:
    """Alternates: in each round every contender runs once, for about `seconds`, starting with another
    one each time."""
    here = [entry for entry in entries if entry.process]
    for entry in here:
        measured = entry.process.go(1)["seconds"] if not entry.slow else SLOW
        entry.epochs = max(1, round(seconds / measured))
    for r in range(rounds):
        first = r % max(1, len(here))
        for entry in here[first:] + here[:first]:
            if entry.slow and r >= FEW:
                continue
            time.sleep(SETTLE)
            others = [e for e in here if e is not entry]
            before = [e.process.processor_seconds() for e in others]
            begin = time.perf_counter()
            entry.seconds.append(entry.process.go(entry.epochs)["seconds"] / entry.epochs)
            for other, used in zip(others, before):
                other.waited += time.perf_counter() - begin
                other.used_waiting += other.process.processor_seconds() - used
    for entry in here:
        entry.process.close()
