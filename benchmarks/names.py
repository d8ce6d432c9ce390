"""Rows per CPU second of keys of names and checks of numbers, beside DuckDB and Polars in the same run.

python benchmarks/names.py [ROWS ...]

DuckDB's strip_accents and Polars' replace_many only fold a name; name_keys also cleans, decodes and makes four keys.
"""

from __future__ import annotations

import random
import sys
import time
import unicodedata
from collections.abc import Callable

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa

from baophu.core.names import ascii_name
from baophu.registers.legacy import encode
from baophu.registers.names import name_keys
from baophu.registers.numbers import check_numbers

FAMILY = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý"
SHARES = (38, 12, 9, 7, 5, 4, 4, 3, 3, 3, 2, 2, 2, 2, 2, 2)
MIDDLE = "Thị Văn Hữu Đức Đình Ngọc Minh Thanh Xuân Quốc Công Bá Viết Trọng Thế Duy Quang"
GIVEN = (
    "An Anh Bình Chi Cường Dũng Dung Đạt Giang Hà Hải Hạnh Hiếu Hoa Hòa Hùng Hương Khánh Lan Linh Long Mai Nam Nga "
    "Ngân Nhung Phong Phúc Phương Quân Quyên Sơn Tâm Thảo Thắng Thủy Toàn Trang Trung Tuấn Tùng Tuyết Vân Yến"
)
LETTERS = "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđ"


def mixed(rows: int) -> pa.Array:
    """Make names: a quarter in capitals, 10 % without marks, 3 % decomposed, 1 % in TCVN3 or VNI."""
    drawn = random.Random(1)  # noqa: S311
    families, middles, given = FAMILY.split(), MIDDLE.split(), GIVEN.split()
    names = []
    for family in drawn.choices(families, SHARES, k=rows):
        words = [family, drawn.choice(middles), *drawn.choices(given, k=2 if drawn.random() < 0.35 else 1)]
        name, share = " ".join(words), drawn.random()
        if share < 0.25:
            name = name.upper()
        elif share < 0.35:
            name = ascii_name(name)
        elif share < 0.38:
            name = unicodedata.normalize("NFD", name)
        elif share < 0.39:
            name = encode(name, "tcvn3" if share < 0.385 else "vni")
        names.append(name)
    return pa.array(names, pa.large_string())


def per_second(rows: int, work: Callable[[], object]) -> float:
    """Return rows per CPU second, the best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return rows / best


def compare(rows: int) -> None:
    """Print a table for a number of rows."""
    names = mixed(rows)
    series = pl.Series(names)
    table = pa.table({"name": names})
    connection = duckdb.connect()
    connection.register("people", table)
    old, new = list(LETTERS + LETTERS.upper()), [ascii_name(letter) for letter in LETTERS + LETTERS.upper()]
    sql = "SELECT sum(hash(replace(lower(strip_accents(name)), 'đ', 'd'))) FROM people"
    drawn = np.random.default_rng(1)
    pids = pa.array([f"{number:012d}" for number in drawn.integers(10**9, 96 * 10**9, rows)], pa.large_string())
    sexes = pa.array(np.array(["M", "F"])[drawn.integers(0, 2, rows)].tolist())
    years = pa.array(drawn.integers(1940, 2020, rows))
    name_keys(names[:9]), check_numbers("pid", pids[:9])
    figures = {
        "name_keys": per_second(rows, lambda: name_keys(names)),
        "Polars replace_many, lower": per_second(rows, lambda: series.str.replace_many(old, new).str.to_lowercase()),
        "DuckDB strip_accents, lower, hash": per_second(rows, lambda: connection.execute(sql).fetchall()),
        "check_numbers pid, sex, birth year": per_second(
            rows, lambda: check_numbers("pid", pids, sex=sexes, birth_year=years)
        ),
        "check_numbers si_code": per_second(rows, lambda: check_numbers("si_code", pids)),
        "check_numbers tax_code": per_second(rows, lambda: check_numbers("tax_code", pids)),
    }
    print(f"{rows:,} rows ({pl.Series(names).n_unique():,} distinct names)")
    for what, speed in figures.items():
        print(f"  {what:36} {speed / 1e6:6.2f} M rows per CPU s, {speed / figures['name_keys']:5.2f} of name_keys")


if __name__ == "__main__":
    for word in sys.argv[1:] or ["1000000", "5000000"]:
        compare(int(word))
