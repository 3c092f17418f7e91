#!/usr/bin/env python3
"""Writes the NPY and NPZ files that npy_test.cpp reads, with NumPy 2.4: tests/data/npy/make_files.py

Every array is [[-4, -1, 2], [5, 8, 11]], or without signs [[0, 40, 80], [120, 160, 200]], unless its
name says otherwise.
"""
import pathlib

import numpy as np

here = pathlib.Path(__file__).parent
signed = np.arange(6).reshape(2, 3) * 3 - 4
unsigned = np.arange(6).reshape(2, 3) * 40


def save(name, array, version=None):
    with open(here / f"{name}.npy", "wb") as file:
        np.lib.format.write_array(file, array, version=version, allow_pickle=True)


for code in ["i1", "<i2", "<i4", "<i8", "<f4", "<f8", ">i2", ">i4", ">i8", ">f4", ">f8"]:
    save(code.replace("<", "little_").replace(">", "big_"), signed.astype(code))
for code in ["u1", "<u2", "<u4", "<u8", ">u2"]:
    save(code.replace("<", "little_").replace(">", "big_"), unsigned.astype(code))
save("bool", unsigned > 50)
save("version_2", signed.astype("<f4"), version=(2, 0))
save("version_3", signed.astype("<f4"), version=(3, 0))
save("fortran", np.asfortranarray(signed.astype("<f4")))
save("fortran_3d", np.asfortranarray(np.arange(24, dtype="u1").reshape(2, 3, 4)))
save("vector", np.array([3, 1, 2], dtype="u1"))

save("scalar", np.array(1.0))
save("half", signed.astype("<f2"))
save("complex", signed.astype("<c8"))
save("objects", np.array([1, "a"], dtype=object))
save("structured", np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f4")]))
save("text", np.array(["a", "bc"]))
save("dates", np.array(["2020-01-01"], dtype="datetime64[D]"))

arrays = {"x": signed.astype("<f4"), "y": np.array([0, 1], dtype="u1")}
np.savez(here / "stored.npz", **arrays)
np.savez_compressed(here / "deflated.npz", **arrays)
np.savez(here / "unnamed.npz", signed.astype("<f4"), np.array([0, 1], dtype="<i8"))
