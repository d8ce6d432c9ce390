"""Core: numbers and dates as people write them, clear errors, files that are whole or not there."""

from __future__ import annotations

import stat
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from baophu.core import numbers
from baophu.core.errors import BaophuError, nearest, unknown
from baophu.core.home import home, make_home, whole_file, whole_folder
from baophu.core.languages import Text
from baophu.core.names import fold
from baophu.core.records import check, read_yaml
from baophu.core.workdays import is_workday, last_workday, workdays_until


@given(st.fractions(), st.integers(0, 6))
def test_rounding_is_half_up_away_from_zero_and_exact(value: Fraction, decimals: int) -> None:
    shown = numbers.rounded(value, decimals)
    scale = 10**decimals
    assert abs(Fraction(shown) - value) * scale <= Fraction(1, 2)
    assert Fraction(numbers.rounded(-value, decimals)) == -Fraction(shown)
    half = Fraction(2 * int(abs(value)) + 1, 2)
    assert Fraction(numbers.rounded(half)) == int(half) + 1


@pytest.mark.parametrize(
    ("written", "vi", "en"),
    [
        (numbers.count, "17.515.946", "17,515,946"),
        (numbers.decimal, "17.515.946,0", "17,515,946.0"),
    ],
)
def test_thousands_are_marked_as_each_language_does(written, vi: str, en: str) -> None:  # type: ignore[no-untyped-def]
    assert (written(17515946, "vi"), written(17515946, "en")) == (vi, en)


def test_shares_points_money_and_growth() -> None:
    assert numbers.share(Decimal("0.451"), "vi") == "45,1\u00a0%"
    assert numbers.share_as_published(Decimal("0.4271"), "vi") == "42,71\u00a0%"
    assert numbers.points(Decimal("0.004"), "vi") == "+0,4 điểm"
    assert numbers.growth(Fraction(-1, 200), "en") == "−0.5\u00a0%"
    assert numbers.money(1_234_500_000_000, "vi") == "1.234,5\u00a0tỷ đồng"
    assert numbers.short_count(29_334_000, "vi") == "29,33\u00a0triệu"


@pytest.mark.parametrize(
    "write", [numbers.count, numbers.decimal, numbers.share, numbers.points, numbers.growth, numbers.money]
)
def test_a_missing_value_is_a_dash_and_never_zero(write) -> None:  # type: ignore[no-untyped-def]
    assert write(None, "vi") == "–"


@pytest.mark.parametrize("word", ["2025-11-30", "30/11/2025", " 30/11/2025 "])
def test_dates_are_read_as_offices_write_them(word: str) -> None:
    assert numbers.read_date(word) == date(2025, 11, 30)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("30-11-2025", "2025-11-30"),
        ("2025-13-01", "2025-01-13"),
        ("31/02/2025", "2025-02-28"),
        ("2025-11", "2025-11-30"),
    ],
)
def test_a_date_that_is_none_proposes_what_was_meant(word: str, meant: str) -> None:
    with pytest.raises(BaophuError) as caught:
        numbers.read_date(word)
    assert f"Did you mean: {meant}" in caught.value.say("en")
    assert f"Có phải ý bạn là: {meant}" in caught.value.say("vi")


@given(st.text(max_size=30))
def test_any_words_are_a_date_or_a_clear_error(words: str) -> None:
    try:
        assert isinstance(numbers.read_date(words), date)
    except BaophuError as error:
        assert "is not a date" in error.say("en")


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(words: str) -> None:
    assert fold(fold(words)) == fold(words)


def test_what_was_meant_is_found_without_diacritics() -> None:
    choices = {"75": "Đồng Nai", "79": "Hồ Chí Minh", "01": "Hà Nội"}
    assert nearest("dong nay", choices)[0] == "75"
    assert nearest("zzzz", choices) == []
    error = unknown(Text("tỉnh", "province"), "ha noi 1", choices)
    assert error.say("en") == "There is no province 'ha noi 1'.\nDid you mean: 01 (Hà Nội)?"


def test_the_home_is_its_users_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAOPHU_HOME", str(tmp_path / "named"))
    assert home() == tmp_path / "named"
    assert home(tmp_path / "given") == tmp_path / "given"
    made = make_home(tmp_path / "named")
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_a_file_that_was_not_finished_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    path.write_text("old")
    with pytest.raises(RuntimeError), whole_file(path) as part:
        part.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert [left.name for left in tmp_path.iterdir()] == ["figures.csv"]


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), whole_folder(tmp_path / "run") as part:
        (part / "a").write_text("half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    with whole_folder(tmp_path / "run") as part:
        (part / "a").write_text("whole")
    assert (tmp_path / "run" / "a").read_text() == "whole"


def test_a_full_disk_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(BaophuError) as caught, whole_file(tmp_path / "out.json") as part:
        part.symlink_to(full)
        part.write_text("x" * 100_000)
    assert "Cannot write" in caught.value.say("en")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BaophuError) as caught, whole_file(tmp_path / "file" / "out.json") as part:
        part.write_text("x")
    assert "Không ghi được" in caught.value.say("vi")


class Sample(BaseModel):
    model_config = ConfigDict(extra="forbid")
    share: Decimal
    on: date


def test_yaml_keeps_decimals_exact_and_on_a_word(tmp_path: Path) -> None:
    path = tmp_path / "sample.yaml"
    path.write_text("share: 0.0255\non: 2025-12-31\n")
    record = check(Sample, read_yaml(path), path.name)
    assert record.share == Decimal("0.0255")
    assert record.on == date(2025, 12, 31)


def test_a_misspelt_field_is_told_with_the_nearest_right_one(tmp_path: Path) -> None:
    path = tmp_path / "sample.yaml"
    path.write_text("shaer: 0.1\non: 2025-12-31\n")
    with pytest.raises(BaophuError) as caught:
        check(Sample, read_yaml(path), path.name)
    assert "sample.yaml, shaer: '0.1' no such field; nearest: share" in caught.value.say("en")


class Worded(BaseModel):
    name: Text


def test_a_text_that_a_comma_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sample.yaml"
    path.write_text("name: {vi: công an, quân đội, en: police}\n", encoding="utf-8")
    with pytest.raises(BaophuError) as caught:
        check(Worded, read_yaml(path), path.name)
    assert "quân đội" in caught.value.say("en")


def test_broken_yaml_is_told_by_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "sample.yaml"
    path.write_text("share: [1\nworse")
    with pytest.raises(BaophuError) as caught:
        read_yaml(path)
    assert "sample.yaml, line " in caught.value.say("en")


def test_working_days_know_tet_and_the_weekend() -> None:
    # Tết 2026: 16 to 20 February are holidays.
    assert not is_workday(date(2026, 2, 17))
    assert workdays_until(date(2026, 2, 13), date(2026, 2, 23)) == 1
    assert workdays_until(date(2026, 2, 23), date(2026, 2, 13)) == -1
    assert last_workday(date(2026, 12, 5)) == date(2026, 12, 4)  # a Saturday


def slow_workdays(start: date, end: date) -> int:
    days = range(start.toordinal() + 1, end.toordinal() + 1)
    return sum(is_workday(date.fromordinal(day)) for day in days)


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(0, 400))
def test_working_days_agree_with_counting_them(start: date, days: int) -> None:
    end = date.fromordinal(start.toordinal() + days)
    assert workdays_until(start, end) == slow_workdays(start, end)
