"""Published figures add up, name their sources, and a row that is not whole is told with file and line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from baophu.core.errors import BaophuError
from baophu.indicators.catalogue import catalogue
from baophu.indicators.published import Figure, all_figures, figures_before_merger, read, series

EVERYWHERE = (*all_figures(), *figures_before_merger())
HEADER = "area_code,date,indicator,scope,value,growth,kind,qualifier,used,why,note,source"
GOOD = "00,2025-11-30,si_total,all,20040000,,counted,over,yes,,,a page"


def step(figure: Figure) -> Fraction:
    """The unit of the last digit that a figure was told with: 17,030,000 to 10,000 and 0.4271 to 0.0001.

    A count in whole millions is held to be told to 100,000, as the press does: "19 million" is not 18.6.
    """
    last = Fraction(10) ** int(figure.value.normalize().as_tuple().exponent)
    return min(last, Fraction(100_000)) if figure.value > 1 else last


def used(figures: Iterable[Figure]) -> dict[tuple[str, str, date, str], Figure]:
    return {
        (figure.indicator, figure.area_code, figure.date, figure.scope): figure for figure in figures if figure.used
    }


def sums() -> list[tuple[Figure, list[Figure]]]:
    """Every published figure of which all parts are published too, with its parts."""
    found = []
    for figures in (all_figures(), figures_before_merger()):
        at = used(figures)
        for (key, *rest), whole in at.items():
            if not catalogue()[key].parts:
                continue
            parts = []
            for part in catalogue()[key].parts:
                scope = catalogue()[part].scope(whole.scope)
                parts.append(at.get((part, rest[0], rest[1], scope)))  # type: ignore[arg-type]
            complete = [part for part in parts if part is not None]
            if len(complete) == len(parts):
                found.append((whole, complete))
    return found


def test_a_whole_is_the_sum_of_its_parts_within_their_rounding() -> None:
    for whole, parts in sums():
        # A rounded number is off by half its step, and one told as "more than" or "nearly" by a whole one.
        loose = ("over", "nearly")
        allowed = sum(step(told) / (1 if told.qualifier in loose else 2) for told in (whole, *parts))
        difference = abs(Fraction(whole.value) - sum(Fraction(part.value) for part in parts))
        assert difference <= allowed, f"{whole.indicator} {whole.area_code} {whole.date}: {difference} > {allowed}"


def test_enough_sums_are_tried() -> None:
    tried = {(whole.indicator, whole.area_code, whole.date.isoformat()) for whole, _ in sums()}
    assert {
        ("si_total", "00", "2022-09-30"),
        ("si_total", "00", "2024-09-30"),
        ("si_total", "00", "2025-04-30"),
        ("si_total", "00", "2025-11-30"),
        ("si_coverage_working_age_lf", "00", "2025-12-31"),
        ("si_coverage_working_age_lf", "15", "2025-12-31"),
        ("si_total", "77", "2021-12-31"),
    } <= tried


def test_the_figure_that_is_not_used_would_not_add_up() -> None:
    total = series("si_total", "00", "all")
    day = date(2022, 9, 30)
    parts = [series(key, "00", "all").on(day) for key in ("si_compulsory", "si_voluntary")]
    added = sum(part.value for part in parts if part)
    chosen = total.on(day)
    assert chosen is not None and chosen.value == added == 17_240_000
    assert [figure.value for figure in total.unused if figure.date == day] == [17_080_000]


def test_one_figure_of_a_conflict_is_used_and_both_say_why() -> None:
    groups = defaultdict(list)
    for figure in all_figures():
        groups[figure.indicator, figure.area_code, figure.date, figure.scope].append(figure)
    conflicts = [figures for figures in groups.values() if len(figures) > 1]
    assert len(conflicts) == 1
    for figures in conflicts:
        assert [figure.used for figure in figures].count(True) == 1
        assert all(figure.why for figure in figures)


def test_what_rests_on_an_unused_figure_says_so() -> None:
    for key, day in (("si_total", date(2021, 12, 31)), ("si_coverage_working_age_lf", date(2022, 9, 30))):
        figure = series(key, "00", "all").on(day)
        assert figure is not None and "17.08 million" in figure.why


def implied(measure: str) -> dict[date, list[Fraction]]:
    """The denominators that used national shares imply with the counts used for the same day."""
    at = used(all_figures())
    found = defaultdict(list)
    for figure in at.values():
        record = catalogue()[figure.indicator]
        if figure.area_code != "00" or record.denominator_measure != measure or not record.numerator_indicator:
            continue
        count = at.get((record.numerator_indicator, "00", figure.date, figure.scope))
        if count:
            found[figure.date].append(Fraction(count.value) / Fraction(figure.value))
    return dict(found)


def test_the_working_age_labour_force_is_46_to_47_and_a_half_million() -> None:
    found = implied("working_age_labour_force")
    assert len(found) >= 5
    for day, people in found.items():
        assert all(46_000_000 <= value <= 47_500_000 for value in people), day


def test_the_labour_force_15plus_of_the_press_is_49_to_50_million() -> None:
    found = implied("labour_force_15plus")
    assert len(found) >= 6
    for day, people in found.items():
        assert all(49_200_000 <= value <= 49_800_000 for value in people), day


def test_the_two_labour_forces_stay_apart() -> None:
    narrow = [value for people in implied("working_age_labour_force").values() for value in people]
    wide = [value for people in implied("labour_force_15plus").values() for value in people]
    assert max(narrow) + 1_500_000 < min(wide)


def population(day: date) -> float:
    """About how many people there were: 92.7 million on average in 2016 (statistics office), 1.05 % more each year."""
    years = (day - date(2016, 7, 1)).days / 365.25
    return float(92_695_100 * 1.0105**years)


def test_the_population_that_health_coverage_implies_follows_the_statistics() -> None:
    found = implied("population")
    assert len(found) >= 9
    for day, people in found.items():
        assert all(abs(float(value) / population(day) - 1) < 0.02 for value in people), day


def test_the_health_share_that_is_not_used_is_off() -> None:
    [figure] = series("hi_coverage_population", "00", "all").unused
    count = series("hi_total", "00", "all").on(figure.date)
    assert count is not None and float(count.value / figure.value) / population(figure.date) > 1.04


def test_growth_that_was_published_is_kept() -> None:
    day = date(2024, 9, 30)
    compulsory, voluntary, total = (
        series(key, "00", "all").on(day) for key in ("si_compulsory", "si_voluntary", "si_total")
    )
    assert compulsory and voluntary and total
    assert compulsory.growth == Decimal("0.0725")
    assert voluntary.growth == Decimal("0.3935")
    assert total.growth == Decimal("0.099")
    # The growth of the two parts implies that of the whole.
    before = compulsory.value / (1 + compulsory.growth) + voluntary.value / (1 + voluntary.growth)
    assert round((compulsory.value + voluntary.value) / before - 1, 3) == total.growth


def test_the_late_rate_fits_only_the_due_of_the_whole_year() -> None:
    day = date(2025, 4, 30)
    late, rate, paid = (
        series(key, "00", "all").on(day)
        for key in ("late_payment_si_hi_ui", "late_payment_rate", "collections_si_hi_ui_ytd")
    )
    assert late and rate and paid
    due = late.value / rate.value
    assert Decimal("597e12") < due < Decimal("598e12")
    assert due > 3 * paid.value


def test_shares_are_fractions_and_counts_are_whole() -> None:
    for figure in EVERYWHERE:
        record = catalogue()[figure.indicator]
        if record.unit == "share":
            assert 0 < figure.value < Decimal("1.2"), figure
        else:
            assert figure.value == figure.value.to_integral_value() and figure.value > 0, figure


def test_every_row_has_a_source_and_says_what_its_scope_rests_on() -> None:
    for figure in EVERYWHERE:
        assert len(figure.source) > 5 and figure.source != "same", figure
        if len(catalogue()[figure.indicator].scopes) > 1:
            assert "scope" in figure.note or "armed forces" in figure.note, figure


def test_codes_of_former_provinces_never_reach_the_present_ones() -> None:
    former = figures_before_merger()
    assert {figure.area_code for figure in former} == {"08", "77"}
    assert all(figure.date < date(2025, 7, 1) for figure in former)
    assert series("si_total", "08", "all").figures == []
    assert series("si_total", "77", "all").figures == []


def test_the_files_are_sorted_utf8_without_mark_and_with_plain_line_ends() -> None:
    from baophu.indicators.published import BEFORE_MERGER, FILES

    for path in (*FILES, BEFORE_MERGER):
        assert not path.read_bytes().startswith(b"\xef\xbb\xbf")
        assert b"\r" not in path.read_bytes()
        keys = [(figure.indicator, figure.area_code, figure.date) for figure in read(path)]
        assert keys == sorted(keys)


def told(tmp_path: Path, *rows: str, header: str = HEADER) -> str:
    """What the reader says of a file that has a good row and then these."""
    path = tmp_path / "figures.csv"
    path.write_text("\n".join([header, GOOD, *rows]) + "\n", encoding="utf-8")
    with pytest.raises(BaophuError) as error:
        read(path)
    assert "figures.csv, dòng" in error.value.say("vi")
    return error.value.say("en")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("00,2025-13-30,si_total,all,1,,counted,,yes,,,a page", "month must be in 1..12"),
        ("00,2025-12-31,si_totl,all,1,,counted,,yes,,,a page", "nearest: si_total"),
        ("00,2025-12-31,ui_total,without_armed_forces,1,,counted,,yes,,,a page", "of scope without_armed_forces"),
        ("00,2025-12-31,si_total,all,20.04m,,counted,,yes,,,a page", "value '20.04m' is not a number"),
        ("00,2025-12-31,si_total,all,NaN,,counted,,yes,,,a page", "value 'NaN' is not a number"),
        ("00,2025-12-31,si_total,all,1.5,,counted,,yes,,,a page", "value 1.5 is not whole"),
        ("00,2025-12-31,si_total,all,1,9%,counted,,yes,,,a page", "growth '9%' is not a number"),
        ("00,2025-12-31,si_total,all,1,,guessed,,yes,,,a page", "kind 'guessed' is none of"),
        ("00,2025-12-31,si_total,all,1,,counted,maybe,yes,,,a page", "qualifier 'maybe' is none of"),
        ("00,2025-12-31,si_total,all,1,,counted,,1,,,a page", "used '1' is neither yes nor no"),
        ("00,2025-12-31,si_total,all,1,,counted,,no,,,a page", "says why"),
        ("00,2025-12-31,si_total,all,1,,counted,,yes,,,", "no source"),
        ("00,2025-12-31,si_total,all,1,,counted,,yes,,", "cells than columns"),
        ("00,2025-12-31,si_total,all,1,,counted,,yes,,,a page, of 2026", "cells than columns"),
        ("00,2025-11-30,si_total,all,2,,counted,,yes,,,another page", "a second used figure"),
    ],
)
def test_a_bad_row_is_told_with_file_and_line(tmp_path: Path, row: str, reason: str) -> None:
    words = told(tmp_path, row)
    assert "figures.csv, line 3" in words and reason in words


def test_a_missing_column_is_told(tmp_path: Path) -> None:
    assert "no 'kind'" in told(tmp_path, header=HEADER.replace("kind", "sort"))


def test_two_figures_of_one_day_are_read_while_one_is_used(tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    other = "00,2025-11-30,si_total,all,20000000,,counted,,no,rounder,,another page"
    path.write_text("\n".join([HEADER, GOOD, other]) + "\n", encoding="utf-8")
    assert [figure.used for figure in read(path)] == [True, False]


def test_a_series_gives_the_day_the_last_and_the_span() -> None:
    total = series("si_total", "00", "all")
    last = total.latest(date(2025, 10, 31))
    assert last is not None and last.date == date(2025, 4, 30)
    assert total.on(date(2025, 10, 31)) is None
    assert total.latest(date(2009, 1, 1)) is None
    assert [figure.date for figure in total.between(date(2025, 1, 1), date(2025, 12, 31))] == [
        date(2025, 3, 31),
        date(2025, 4, 30),
        date(2025, 11, 30),
    ]
    assert series("si_total", "99", "all").figures == []
