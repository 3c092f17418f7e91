#!/usr/bin/env python3
"""Makes the CSV files and nist.json of this folder from NIST's files, and checks them against each other.

The Statistical Reference Datasets for nonlinear regression (StRD) of the National Institute of Standards and
Technology, https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml: observations, two starting points, and
parameters certified to 11 digits. The files (Misra1a.dat, ...) are public; lmfit's source package carries them
too, in NIST_STRD.

    pip install numpy && tests/data/nist/make.py FOLDER_WITH_DAT_FILES

The models below are NIST's, as chainrule writes them; with the certified parameters each has to give the
certified sum of squares.
"""
import csv
import json
import math
import pathlib
import re
import sys

import numpy

PI = repr(math.pi)
WAVES = [f"{cosine}*cos(2*{PI}*x/{period}) + {sine}*sin(2*{PI}*x/{period})"
         for cosine, sine, period in [("b2", "b3", "12"), ("b5", "b6", "b4"), ("b8", "b9", "b7")]]
DECAYS = "b1*exp(-b2*x) + b3*exp(-b4*x) + b5*exp(-b6*x)"
PEAKS = "b1*exp(-b2*x) + b3*exp(-(x - b4)^2/b5^2) + b6*exp(-(x - b7)^2/b8^2)"

MODELS = {
    "Misra1a": "b1*(1 - exp(-b2*x))",
    "Chwirut1": "exp(-b1*x)/(b2 + b3*x)",
    "Chwirut2": "exp(-b1*x)/(b2 + b3*x)",
    "Lanczos3": DECAYS,
    "Gauss1": PEAKS,
    "Gauss2": PEAKS,
    "DanWood": "b1*x^b2",
    "Misra1b": "b1*(1 - (1 + b2*x/2)^(-2))",
    "Kirby2": "(b1 + b2*x + b3*x^2)/(1 + b4*x + b5*x^2)",
    "Hahn1": "(b1 + b2*x + b3*x^2 + b4*x^3)/(1 + b5*x + b6*x^2 + b7*x^3)",
    "Nelson": "b1 - b2*x1*exp(-b3*x2)",
    "MGH17": "b1 + b2*exp(-x*b4) + b3*exp(-x*b5)",
    "Lanczos1": DECAYS,
    "Lanczos2": DECAYS,
    "Gauss3": PEAKS,
    "Misra1c": "b1*(1 - (1 + 2*b2*x)^(-0.5))",
    "Misra1d": "b1*b2*x/(1 + b2*x)",
    "Roszman1": f"b1 - b2*x - atan(b3/(x - b4))/{PI}",
    "ENSO": "b1 + " + " + ".join(WAVES),
    "MGH09": "b1*(x^2 + x*b2)/(x^2 + x*b3 + b4)",
    "Thurber": "(b1 + b2*x + b3*x^2 + b4*x^3)/(1 + b5*x + b6*x^2 + b7*x^3)",
    "BoxBOD": "b1*(1 - exp(-b2*x))",
    "Rat42": "b1/(1 + exp(b2 - b3*x))",
    "MGH10": "b1*exp(b2/(x + b3))",
    "Eckerle4": "b1/b2*exp(-0.5*((x - b3)/b2)^2)",
    "Rat43": "b1/(1 + exp(b2 - b3*x))^(1/b4)",
    "Bennett5": "b1*(b2 + x)^(-1/b3)",
}
NUMBER = r"[-+]?\d*\.?\d+(?:[EeD][-+]?\d+)?"


def read(path):
    lines = path.read_text().splitlines()
    starts, certified = [[], []], []
    for line in lines:
        found = re.match(rf"\s*b\d+\s*=\s*({NUMBER})\s+({NUMBER})\s+({NUMBER})\s+{NUMBER}", line)
        if found:
            for column, text in zip([*starts, certified], found.groups()):
                column.append(float(text))
    text = "\n".join(lines)
    squares = float(re.search(rf"Residual Sum of Squares:\s*({NUMBER})", text).group(1))
    head = max(i for i, line in enumerate(lines) if line.startswith("Data:"))
    rows = [line.split() for line in lines[head + 1:] if line.strip()]
    return starts, certified, squares, rows


def certified_sum(model, certified, inputs, rows):
    """The sum of squares at the certified parameters."""
    values = numpy.array([[float(cell) for cell in row] for row in rows])
    names = {"exp": numpy.exp, "cos": numpy.cos, "sin": numpy.sin, "atan": numpy.arctan}
    names |= {name: values[:, i + 1] for i, name in enumerate(inputs)}
    names |= {f"b{i + 1}": value for i, value in enumerate(certified)}
    return float(((values[:, 0] - eval(model.replace("^", "**"), names)) ** 2).sum())


def main(folder):
    here = pathlib.Path(__file__).parent
    sets = []
    for name, model in MODELS.items():
        starts, certified, squares, rows = read(pathlib.Path(folder) / f"{name}.dat")
        inputs = ["x"] if len(rows[0]) == 2 else ["x1", "x2"]
        if name == "Nelson":  # its model is of log(y)
            rows = [[repr(math.log(float(row[0]))), *row[1:]] for row in rows]
        got = certified_sum(model, certified, inputs, rows)
        # Of Lanczos1 the certified sum, 1.4e-25, is what 11 digits of the parameters leave of it.
        assert abs(got - squares) <= 1e-8 * squares or name == "Lanczos1", (name, got, squares)
        print(f"{name}: sum of squares {got:.10e}, certified {squares:.10e}", file=sys.stderr)
        with open(here / f"{name.lower()}.csv", "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["y", *inputs])
            writer.writerows(rows)
        sets.append({"name": name, "rows": len(rows), "inputs": inputs, "model": model,
                     "starts": starts, "certified": certified, "sum_of_squares": squares})
    lines = ",\n".join("  " + json.dumps(one) for one in sets)
    (here / "nist.json").write_text(f"[\n{lines}\n]\n")


main(sys.argv[1])
