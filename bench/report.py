"""From measured rounds to ratios, verdicts and tables. No measuring here: numbers in, text out."""

from statistics import median

from contest import Entry
from works import Bar, Work


def spread(values: list[float]) -> float:
    """Half the range, relative to the median."""
    return (max(values) - min(values)) / 2 / median(values)


def ratios(of: Entry, base: Entry) -> list[float]:
    """How many times as long as `base` it took, round by round."""
    return [a / b for a, b in zip(of.seconds, base.seconds)]


def expected_loss(entries: list[Entry]) -> float | None:
    """The median of the contenders' losses: one that is wrong cannot move it far."""
    losses = [e.loss for e in entries if e.seconds and not e.limit and e.loss is not None]
    return median(losses) if losses else None


def objection(work: Work, entry: Entry, entries: list[Entry]) -> str:
    """Why the row does not count; empty where it does."""
    if not entry.seconds:
        return f"not here: {entry.absent}"
    expected = expected_loss(entries)
    if entry.limit or expected is None or entry.loss is None:
        return ""
    if not abs(entry.loss - expected) <= work.tolerance * abs(expected):
        return f"does not count: loss {entry.loss:.6g}, the others {expected:.6g}"
    return ""


def counted(work: Work, entries: list[Entry]) -> dict[str, Entry]:
    return {e.name: e for e in entries if not objection(work, e, entries)}


def base_of(work: Work, entries: list[Entry]) -> Entry | None:
    """What ratios are taken against: chainrule, and without it the fastest peer."""
    here = counted(work, entries)
    peers = [e for e in here.values() if not e.limit and e.name != "reference"]
    return here.get("chainrule") or min(peers, key=lambda e: median(e.seconds), default=None)


def time_text(seconds: float) -> str:
    for scale, unit in ((1, "s"), (1e-3, "ms"), (1e-6, "us")):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}" if seconds < 100 * scale else f"{seconds / scale:.0f} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def row(work: Work, entry: Entry, base: Entry | None, entries: list[Entry]) -> tuple[str, ...]:
    reason = objection(work, entry, entries)
    if not entry.seconds:
        return (entry.title, "", "", "", "", reason)
    times = (time_text(median(entry.seconds) / work.steps), f"{spread(entry.seconds):.0%}")
    against = ratios(entry, base) if base and not reason else []
    ratio = (f"{median(against):.3g}", f"{spread(against):.0%}") if against else ("", "")
    idle = entry.used_waiting / entry.waited if entry.waited else 0
    remarks = (
        reason,
        entry.variant,
        entry.process.note,
        f"used {idle:.0%} of a processor while waiting" if idle > 0.05 else "",
        f"disturbed in {entry.disturbed} of {len(entry.seconds)} rounds" if entry.disturbed else "",
    )
    return (entry.title, *times, *ratio, ", ".join(filter(None, remarks)))


def bar_verdict(bar: Bar, here: dict[str, Entry]) -> tuple[bool | None, str]:
    """Whether it is met (None: cannot be told), and how it stands."""
    ours = here.get("chainrule")
    rivals = [here[name] for name in bar.of if name in here]
    if not ours or not rivals:
        return None, f"{bar.text}: " + ("no chainrule" if not ours else "none of them is here")
    best = min(rivals, key=lambda e: median(e.seconds))
    ratio = median(ratios(best, ours))
    needed = bar.at_least
    if bar.limit and bar.limit in here and median(ratios(best, here[bar.limit])) < needed:
        needed = 1
    met = ratio >= needed
    return met, f"{bar.text}: {ratio:.3g} x {best.title}, {'met' if met else 'missed'}"


def verdicts(work: Work, entries: list[Entry]) -> list[str]:
    here = counted(work, entries)
    lines = []
    for alternatives in work.bars:
        judged = [bar_verdict(bar, here) for bar in alternatives]
        lines.append("; or ".join(text for _, text in judged))
    if work.at_most_seconds and "chainrule" in here:
        seconds = median(here["chainrule"].seconds)
        met = "met" if seconds < work.at_most_seconds else "missed"
        lines.append(f"under {time_text(work.at_most_seconds)}: {time_text(seconds)}, {met}")
    return lines


def table(work: Work, entries: list[Entry]) -> tuple[str, list[tuple[str, ...]], list[str]]:
    """The title, the rows with the header first, and the verdicts."""
    base = base_of(work, entries)
    against = base.title if base else "nothing"
    header = ("contender", f"per {work.unit}", "±", f"x {against}", "±", "remark")
    rows = [row(work, entry, base, entries) for entry in entries]
    return work.title, [header, *rows], verdicts(work, entries)


def as_text(title: str, rows: list[tuple[str, ...]], bars: list[str]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(r, widths)).rstrip() for r in rows]
    return "\n".join([title, *(f"  {line}" for line in lines), *(f"  bar: {bar}" for bar in bars)])


def as_markdown(title: str, rows: list[tuple[str, ...]], bars: list[str]) -> str:
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in r) + " |" for r in rows]
    lines.insert(1, "|---|--:|--:|--:|--:|---|")
    return "\n".join([f"### {title}", "", *lines, "", *(f"- {bar}" for bar in bars)]).rstrip()
