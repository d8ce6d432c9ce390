"""What the published figures and decisions imply: each must hold, with its source."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from baophu.core.numbers import rounded
from baophu.indicators.published import series
from baophu.targets import arithmetic
from baophu.targets.decisions import decided_targets
from baophu.targets.progress import Progress, progress


def row(name: str, end: date, as_of: date, decision: str | None = None) -> Progress:
    """The country's row of an indicator and date."""
    rows = progress(decided_targets(), as_of, {"00"})
    (found,) = [
        row
        for row in rows
        if (row.target.indicator, row.target.period_end) == (name, end) and decision in (None, row.target.decision.id)
    ]
    return found


@pytest.mark.parametrize(
    ("name", "phase", "target", "base"),
    [
        ("si_compulsory", 17_449_773, 17_515_946, 16_780_690),
        ("hi_total", 96_324_472, 96_505_880, 94_490_236),
        ("si_voluntary", 2_890_152, 2_947_418, 2_311_129),
    ],
)
def test_the_sprints_phase_implies_the_bases_of_the_end_of_2024(name: str, phase: int, target: int, base: int) -> None:
    """Dispatch 2440/BHXH-TCCB: by 30 November 91 % of the required increase (baolaocai.vn, 2025-10-02)."""
    implied = arithmetic.implied_base(phase, target, Decimal("0.91"), 2)
    assert implied is not None
    assert rounded(implied.value) == base
    # The rounding of 91 % is shown: the share lies between 90.5 and 91.5 %.
    assert implied.low < base < implied.high
    for end in (implied.low, implied.high):
        share = (phase - end) / (target - end)
        assert abs(share - Fraction(91, 100)) == Fraction(1, 200)
    found = row(name, date(2025, 11, 30), date(2025, 11, 30), "cv-2440-2025")
    assert found.base is not None
    assert found.base.implied == implied
    assert found.row()["base"] == base


def test_growth_of_the_parts_implies_growth_of_the_total() -> None:
    """17.03 m (+7.25 %) and 1.99 m (+39.35 %) at the end of September 2024 (VSS conference, October 2024): +9.9 %."""
    day = date(2024, 9, 30)
    parts = [series(name, "00", "all").on(day) for name in ("si_compulsory", "si_voluntary")]
    assert [part and (part.value, part.growth) for part in parts] == [
        (17_030_000, Decimal("0.0725")),
        (1_990_000, Decimal("0.3935")),
    ]
    total = arithmetic.growth_of_sum([(part.value, part.growth) for part in parts if part and part.growth])
    assert rounded(total, 3) == Decimal("0.099")
    published = series("si_total", "00", "all").on(day)
    assert published is not None
    assert published.growth == Decimal("0.099")


def test_the_targets_of_2030_imply_one_labour_force() -> None:
    """Resolution 403/NQ-CP with Action Programme 883-CTr/BCSĐ: 60 % and 5 % of the same 48,890,000 people."""
    found = {target.target_id: target for target in decided_targets()}

    def value(decision: str, name: str) -> Decimal:
        (target,) = [
            target
            for target in found.values()
            if (target.decision.id, target.indicator, target.area_code, target.period_end.year)
            == (decision, name, "00", 2030)
        ]
        assert target.value is not None
        return target.value

    total = arithmetic.implied_denominator(
        value("nq-403-2025", "si_total"), value("ctr-883", "si_coverage_working_age_lf")
    )
    voluntary = arithmetic.implied_denominator(
        value("nq-403-2025", "si_voluntary"), value("ctr-883", "si_voluntary_coverage_working_age_lf")
    )
    assert total == voluntary == 48_890_000


def test_compulsory_of_november_2025_is_not_divided_by_a_target_of_another_scope() -> None:
    """18.032 m counts the armed forces, the dispatch's 17,515,946 does not; the published 97 % is shown beside."""
    found = row("si_compulsory", date(2025, 12, 31), date(2025, 11, 30))
    assert found.other_scope is not None
    assert found.other_scope.value == 18_032_000
    assert (found.actual, found.achieved, found.development, found.met) == (None, None, None, None)
    assert "scope_differs" in found.reasons
    from baophu.targets.progress import published_completion

    said = published_completion(found)
    assert said is not None
    assert said.value == Decimal("0.97")


def test_voluntary_of_november_2025_is_68_4_percent_of_the_year_as_published() -> None:
    found = row("si_voluntary", date(2025, 12, 31), date(2025, 11, 30))
    assert found.achieved is not None
    assert rounded(found.achieved, 3) == Decimal("0.684")


def test_two_decisions_on_payment_without_cash_are_both_shown_and_the_later_governs() -> None:
    """60 % by Decision 171/QĐ-BHXH (2022), over 68 % by the Action Programme (after November 2023)."""
    rows = [
        found
        for found in progress(decided_targets(), date(2025, 11, 30), {"00"})
        if found.target.indicator == "non_cash_benefits_urban" and found.target.period_end.year == 2025
    ]
    assert {found.target.decision.id: found.governs for found in rows} == {"ctr-883": True, "qd-171-2022": False}
    assert all(found.governed_by.decision.id == "ctr-883" for found in rows)


def test_coverage_of_2025_met_its_target() -> None:
    """45.1 % at the end of 2025 (vss.gov.vn, 2026-01-06) against 45 %; the base was 42.71 %."""
    found = row("si_coverage_working_age_lf", date(2025, 12, 31), date(2026, 1, 31))
    assert found.met is True
    assert found.state == "met"
    assert found.development == (Fraction("0.451") - Fraction("0.4271")) / (Fraction("0.45") - Fraction("0.4271"))
    assert found.yoy == Fraction("0.0239")


def test_the_pace_to_2030_is_told_with_the_pace_that_was_made() -> None:
    found = row("si_total", date(2030, 12, 31), date(2025, 11, 30))
    assert found.pace is not None
    assert found.pace.months_left == 61
    assert found.pace.required == Fraction(29_334_000 - 20_040_000, 61)
    # No figure of November 2024 was published; the nearest is the end of December.
    assert found.pace.recent_from is not None
    assert found.pace.recent_from.date == date(2024, 12, 31)
    assert found.pace.recent == Fraction(20_040_000 - 20_110_000, 11)
    assert found.state == "late"


def test_an_as_of_date_later_than_the_data_says_so() -> None:
    found = row("si_total", date(2030, 12, 31), date(2026, 11, 22))
    assert "value_older_than_as_of" in found.reasons
    assert found.row()["value_date"] == "2025-11-30"
    assert found.row()["as_of"] == "2026-11-22"


def test_a_value_older_than_a_year_gives_no_light() -> None:
    found = row("si_total", date(2030, 12, 31), date(2027, 6, 30))
    assert found.state == "unknown"
