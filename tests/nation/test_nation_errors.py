"""The damage of a generated country: at its rates, listed whole, and let in by the loader unless it says otherwise."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from baophu.areas import units
from baophu.core.names import fold
from baophu.nation import errors
from baophu.nation.errors import (
    damage_employers,
    damage_participants,
    damage_population,
    damage_tax_income,
    rates,
)
from baophu.nation.writing import Writer
from baophu.registers.legacy import decode
from baophu.registers.loading import load

COUNT = 60_000
NAMES = ("Nguyễn Thị Ngọc Ánh", "Đỗ Văn Kỳ", "Trần Hữu Đức", "Lý Mỹ Huyền", "Phạm Quốc Việt", "Hồ Ỷ Lan", "Võ Ân")
FIRMS = ("Công ty TNHH Thương mại Đông Á", "Công ty Cổ phần Ánh Dương", "Hợp tác xã Ỷ Tý", "Ủy ban nhân dân xã Mỹ Đức")
Damager = Callable[[pl.DataFrame, np.random.Generator], tuple[pl.DataFrame, pl.DataFrame]]


def people(count: int = COUNT) -> pl.DataFrame:
    communes = [area.code for area in units.tree().communes]
    born = [date(1946, 1, 1) + timedelta(days=at * 7919 % 28_000) for at in range(count)]
    return pl.DataFrame(
        {
            "si_code": [f"{1_000_000_000 + at}" for at in range(count)],
            "pid": [f"{at % 90 + 1:03d}{at * 104729 % 1_000_000_000:09d}" for at in range(count)],
            "old_id": [f"{200_000_000 + at}" for at in range(count)],
            "full_name": [NAMES[at % len(NAMES)] for at in range(count)],
            "birth_date": born,
            "sex": ["M" if at % 2 else "F" for at in range(count)],
            "commune_code": [communes[at % len(communes)] for at in range(count)],
            "household_id": ["H1"] * count,
            "ethnic": ["kinh"] * count,
            "poverty": ["none"] * count,
            "deceased_on": [None] * count,
            "registered_on": [day + timedelta(days=20) for day in born],
            "place": range(count),
        },
        schema_overrides={"deceased_on": pl.Date},
    )


def paid(count: int = COUNT) -> pl.DataFrame:
    return people(count).select(
        pl.lit(date(2026, 10, 1)).alias("month"),
        pl.lit("0100233488").alias("tax_code"),
        "pid",
        "full_name",
        "birth_date",
        pl.lit("labour").alias("contract"),
    )


def firms(count: int = COUNT) -> pl.DataFrame:
    return people(count).select(
        pl.col("si_code").alias("employer_id"),
        pl.lit("0100233488").alias("tax_code"),
        pl.Series("name", [FIRMS[at % len(FIRMS)] for at in range(count)]),
        "commune_code",
        pl.lit("I").alias("region"),
        pl.lit("private").alias("sector"),
        pl.lit("monthly").alias("pay_method"),
        pl.lit("active").alias("status"),
        "registered_on",
    )


TABLES: dict[str, tuple[Callable[[], pl.DataFrame], Damager]] = {
    "population": (people, damage_population),
    "participants": (people, damage_participants),
    "tax_income": (paid, damage_tax_income),
    "employers": (firms, damage_employers),
}
EVERY = pytest.mark.parametrize("table", TABLES)


def damaged(table: str, seed: int = 1) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the rows as they are, as they come in, and the errors."""
    return made(table, seed) if seed == 1 else fresh(table, seed)


def fresh(table: str, seed: int) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    make, damage = TABLES[table]
    frame = make()
    return frame, *damage(frame, np.random.default_rng(seed))


made = lru_cache(fresh)


@EVERY
def test_every_kind_comes_at_its_rate(table: str) -> None:
    _, _, found = damaged(table)
    counted = Counter(found["kind"].to_list())
    wanted = {kind: rate for kinds in rates()[table].values() for kind, rate in kinds.items()}
    assert set(counted) == set(wanted)
    # Kinds that do not fit every row (a day above 12, a name of two words) come less often.
    some = {"y_for_i", "middle_name_lost", "day_month_swapped", "diacritics_lost", "capitals", "nfd", "tcvn3", "vni"}
    some |= {"old_commune", "hold:divided_commune", "legal_form_variant", "typo"}
    for kind, rate in wanted.items():
        expected = rate * COUNT / 100_000
        assert counted[kind] <= expected + 5 * expected**0.5 + 1, kind
        if kind not in some:
            assert counted[kind] >= expected - 5 * expected**0.5 - 1, kind


@EVERY
def test_the_list_of_errors_is_the_list_of_differences(table: str) -> None:
    before, after, found = damaged(table)
    texts = before.with_columns(pl.col("birth_date").cast(pl.String)) if "birth_date" in before.columns else before
    wanted = {
        (row, column)
        for column in before.columns
        for row in np.flatnonzero(texts[column].ne_missing(after[column]).to_numpy()).tolist()
    }
    # Of two errors in a name, the second may set right what the first did: then nothing differs.
    listed = set(found.select("row", "column").rows())
    assert wanted <= listed
    assert len(listed - wanted) <= 5
    assert after.columns[: len(before.columns)] == before.columns
    assert after.height == before.height


@EVERY
def test_the_same_seed_makes_the_same_errors_and_another_makes_others(table: str) -> None:
    _, after, found = damaged(table)
    _, again, found_again = fresh(table, 1)
    _, other, _ = damaged(table, seed=2)
    assert after.equals(again) and found.equals(found_again)
    assert not after.equals(other)


@EVERY
def test_the_loader_gives_back_and_holds_exactly_what_is_meant(table: str, tmp_path: Path) -> None:
    _, after, found = damaged(table)
    with Writer(tmp_path / "nation", "parquet") as writer:
        writer.part(table, after)
    (one,) = load([tmp_path / "nation"], tmp_path / "home")
    for fate, words in (("rejected", "reject:"), ("held", "hold:")):
        meant = set(found.filter(pl.col("kind").str.starts_with(words))["row"].to_list())
        if fate == "held":
            meant -= set(found.filter(pl.col("kind").str.starts_with("reject:"))["row"].to_list())
        told = set()
        if (one.folder / "rejects.parquet").is_file():
            rejects = pl.read_parquet(one.folder / "rejects.parquet").filter(pl.col("fate") == fate)
            told = set((rejects["row"] - 1).to_list())
        assert told == meant


def changes(table: str, kind: str) -> list[tuple[str, str]]:
    """Return the values before and after of the rows that have this error and no other."""
    before, after, found = damaged(table)
    alone = found.filter(pl.len().over("row", "column") == 1).filter(pl.col("kind") == kind)
    (column,) = alone["column"].unique().to_list()
    rows = alone["row"]
    return list(zip(before[column].gather(rows).cast(pl.String), after[column].gather(rows), strict=True))


def test_a_mistyped_number_differs_in_one_digit_or_two_neighbours() -> None:
    ways = set()
    for old, new in changes("participants", "pid_mistyped"):
        differs = [at for at in range(12) if old[at] != new[at]]
        assert len(new) == 12 and new.isdigit()
        assert len(differs) == 1 or (len(differs) == 2 and differs[1] == differs[0] + 1)
        ways.add(len(differs))
    assert ways == {1, 2}


def test_a_borrowed_number_is_somebody_elses() -> None:
    numbers = set(people()["pid"])
    borrowed = changes("participants", "pid_borrowed")
    assert all(new != old and new in numbers for old, new in borrowed)


@pytest.mark.parametrize("kind", ["tcvn3", "vni"])
@pytest.mark.parametrize(("table", "names"), [("participants", NAMES), ("employers", FIRMS)])
def test_names_in_old_encodings_are_read_back_as_they_were(table: str, names: tuple[str, ...], kind: str) -> None:
    pairs = set(changes(table, kind))
    assert len(pairs) >= 3
    for old, new in pairs:
        assert all(ord(letter) < 256 for letter in new)
        read, encoding = decode(new)
        assert encoding == kind
        # TCVN3 has no capitals of letters with tones.
        assert read.lower() == old.lower()


def test_names_lose_marks_middles_and_letters() -> None:
    assert all(new == new.upper() and fold(old) == fold(new) for old, new in changes("participants", "capitals"))
    assert all(new.isascii() and fold(old) == fold(new) for old, new in changes("participants", "diacritics_lost"))
    nfd = changes("participants", "nfd")
    assert all(unicodedata.normalize("NFC", new) == old and new != old for old, new in nfd)
    assert ("Trần Hữu Đức", "Trần Đức") in changes("participants", "middle_name_lost")
    assert ("Lý Mỹ Huyền", "Lí Mĩ Huyền") in changes("participants", "y_for_i")
    assert not any("Thỵ" in new for _, new in changes("participants", "y_for_i"))
    assert all(abs(len(old) - len(new)) <= 1 for old, new in changes("participants", "typo"))
    assert ("Công ty Cổ phần Ánh Dương", "CTCP Ánh Dương") in changes("employers", "legal_form_variant")


def test_births_lose_their_day_or_change_it() -> None:
    for old, new in changes("participants", "day_month_swapped"):
        assert (old[:4], old[5:7], old[8:]) == (new[:4], new[8:], new[5:7])
    assert all(int(old[:4]) - int(new[:4]) == 1 for old, new in changes("participants", "year_off"))
    before, after, found = damaged("participants")
    rows = found.filter(pl.col("kind") == "year_only")["row"]
    assert after["birth_date"].gather(rows).null_count() == len(rows)
    assert after["birth_year"].gather(rows).to_list() == before["birth_date"].gather(rows).dt.year().to_list()


def test_old_communes_lie_in_the_present_one() -> None:
    from baophu.areas.conversion import convert

    for old, new in set(changes("participants", "old_commune")):
        assert [area.code for area in convert(new).units] == [old]
    for old, new in set(changes("participants", "hold:divided_commune")):
        found = [area.code for area in convert(new).units]
        assert old in found and len(found) > 1


def test_a_wrong_file_of_rates_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from baophu.core.errors import BaophuError

    (tmp_path / "errors.yaml").write_text("participants: {pid: {pid_missing: often}}")
    monkeypatch.setattr(errors, "_RATES", tmp_path / "errors.yaml")
    rates.cache_clear()
    with pytest.raises(BaophuError):
        rates()
    rates.cache_clear()
