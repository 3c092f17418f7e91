"""What else the machine is doing, so that a time taken beside other work is known for what it is."""

import os
import platform
import time
from pathlib import Path

TICK = 1 / os.sysconf("SC_CLK_TCK")
GLANCE = 0.2  # seconds over which quiet is judged
QUIET = 0.05  # share of the machine that others may use


def busy_seconds() -> float:
    """Processor seconds used by everything since the start of the machine, stolen ones included."""
    user, nice, system, _, _, irq, softirq, steal = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    )
    return TICK * (user + nice + system + irq + softirq + steal)


def process_seconds(pid: int) -> float:
    """Processor seconds used by a process's own threads so far, and by its children that ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return TICK * sum(map(int, fields[11:15]))


def others_share(begin: float, busy: float, ours: float) -> float:
    """The share of the machine that others used since the time `begin`, when busy_seconds() was `busy`;
    `ours` is what we used since. A few ticks, the resolution of the counters, are passed over."""
    used = busy_seconds() - busy - ours - 4 * TICK
    return max(0.0, used / ((time.perf_counter() - begin) * os.cpu_count()))


def wait_for_quiet(patience: float) -> None:
    """Returns when nothing else runs, or after `patience` seconds."""
    end = time.perf_counter() + patience
    while time.perf_counter() < end:
        begin, busy = time.perf_counter(), busy_seconds()
        time.sleep(GLANCE)
        if others_share(begin, busy, 0) < QUIET:
            return


def description() -> str:
    cpu = Path("/proc/cpuinfo").read_text()
    lines = dict(line.split(":", 1) for line in cpu.splitlines() if ":" in line)
    model = next((v.strip() for k, v in lines.items() if k.strip() == "model name"), "unknown")
    widest = next((name for name in ("avx512f", "avx2") if f" {name} " in cpu), "")
    return f"{model}, {os.cpu_count()} processors, {widest}, Linux {platform.release()}"
