"""Dues and charges of a generated country against its truth, on every row and to the dong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from baophu.dues.settling import settle
from baophu.engine import DuckDB
from baophu.law import worker_months
from baophu.nation.country import generate

# Two reforms lie in these months: the law of 2025-07 and the reference level of 2026-07.
MONTHS, END = 18, date(2026, 10, 1)


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("nation") / "country"
    generate(out, 20_000, 7, MONTHS, END, "parquet")
    return out


def test_dues_and_charges_meet_the_truth_on_every_row(country: Path, duck: DuckDB, tmp_path: Path) -> None:
    def files(table: str) -> list[Path]:
        return sorted((country / table).glob("*.parquet"))

    sums = tmp_path / "sums.parquet"
    worker_months.sums(duck, files("declarations"), files("employers"), sums, spells=files("spells"))
    truth = {name: pl.read_parquet(country / "truth" / name / "*.parquet") for name in ("dues", "charges")}
    (as_of,) = truth["charges"]["as_of"].unique()
    made = settle(
        duck, sums=[sums], employers=files("employers"), payments=files("payments"), notices=files("notices"),
        as_of=as_of, out=tmp_path / "out",
    )  # fmt: skip
    for name, paths in (("dues", made.dues), ("charges", made.charges)):
        expected = truth[name]
        got = pl.read_parquet(list(paths)).select(expected.columns)
        assert len(got) > 1_000
        assert_frame_equal(got, expected, check_row_order=False, check_dtypes=False)
