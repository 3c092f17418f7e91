"""Makes quoted.json: random tables as Python's csv module writes them, and the cells that it reads back.

    python3 tests/data/quoted/make.py

Cells have no blanks at their ends, which chainrule trims and Python keeps, and no lone CR, which it refuses;
no row is one empty cell, which chainrule takes for a blank line.
"""

import csv
import io
import json
import random
from pathlib import Path

PIECES = ["a", "bc", "1.5", "-7", ",", ";", "|", "\t", '"', '""', "\n", "\r\n", "é", "日本", " x", "'"]
TABLES = 200


def cell(rng):
    text = "".join(rng.choice(PIECES) for _ in range(rng.randrange(5)))
    return text.strip(" \t")


def table(rng):
    columns = rng.randrange(2, 6)
    rows = [[cell(rng) for _ in range(columns)] for _ in range(rng.randrange(1, 8))]
    rows[0] = [f"h{i}" for i in range(columns)]
    delimiter = rng.choice(",;\t|")
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=rng.choice(["\n", "\r\n"]),
               quoting=rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])).writerows(rows)
    read = list(csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=delimiter))
    return {"delimiter": delimiter, "text": out.getvalue(), "rows": read}


def main():
    rng = random.Random(7)
    tables = [table(rng) for _ in range(TABLES)]
    kept = [t for t in tables if all(any(row) for row in t["rows"])]
    path = Path(__file__).with_name("quoted.json")
    path.write_text("[\n" + ",\n".join(json.dumps(t) for t in kept) + "\n]\n")


main()
