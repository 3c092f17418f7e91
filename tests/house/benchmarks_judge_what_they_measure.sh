#!/bin/sh
# From rounds to verdicts in bench/report.py, on made-up numbers: ratios are taken round by round, a row
# with a wrong result does not count, and bars are met and missed.
set -eu
cd "$(dirname "$0")/../../bench"
PYTHONDONTWRITEBYTECODE=1 exec python3 - <<'PYTHON'
from dataclasses import replace
from types import SimpleNamespace

from contest import Entry
from report import objection, ratios, table, verdicts
from works import CONTENDERS, WORKS, Bar

assert all(name in CONTENDERS for work in WORKS for name in work.contenders)
assert all(name in CONTENDERS for work in WORKS for row in work.bars for bar in row for name in bar.of)


def entry(name, seconds, loss=0.5, absent=""):
    return Entry(name, name, name == "sgemm", SimpleNamespace(note=""), "", absent, loss, 1, seconds)


work = replace(WORKS[0], tolerance=1e-3, bars=())
ours, c = entry("chainrule", [1.0, 2.0, 4.0]), entry("c", [2.0, 4.0, 2.0])
wrong, absent = entry("torch", [0.1] * 3, loss=0.51), entry("jax", [], absent="no jax")
limit = entry("sgemm", [0.5, 1.0, 1.0], loss=0)
entries = [ours, c, wrong, absent, limit, entry("eigen", [3.0] * 3)]

# The machine slowed down by the third round: paired ratios do not mind as medians of times would.
assert ratios(c, ours) == [2.0, 2.0, 0.5]
assert objection(work, wrong, entries).startswith("does not count: loss 0.51")
assert objection(work, entry("jax", [1.0], loss=float("nan")), entries).startswith("does not count")
assert objection(work, absent, entries) == "not here: no jax"
assert objection(work, limit, entries) == ""


def verdict(*bars):
    return verdicts(replace(work, bars=(bars,)), entries)[0]


assert verdict(Bar("b", ("c",), 1.9)).endswith("2 x c, met")
assert verdict(Bar("b", ("c",), 2.1)).endswith("missed")
# What does not count is no rival, however fast.
assert verdict(Bar("b", ("c", "torch"), 1.9)).endswith("2 x c, met")
assert verdict(Bar("b", ("torch",), 1.9)) == "b: none of them is here"
# The limit leaves room for 4 times here: then the bar stands; for less, being ahead is enough.
assert verdict(Bar("b", ("c",), 3, limit="sgemm")).endswith("missed")
assert verdict(Bar("b", ("c",), 5, limit="sgemm")).endswith("met")
assert "met" in verdict(Bar("b", ("c",), 9), Bar("d", ("c",), 1)).split("; or ")[1]

_, rows, _ = table(work, entries)
assert rows[0][3] == "x chainrule" and rows[2][3] == "2" and rows[3][3] == ""
PYTHON
