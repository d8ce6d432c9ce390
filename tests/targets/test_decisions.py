"""The decisions as they were decided, and the duties to report."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from baophu.areas.units import tree
from baophu.core.errors import BaophuError
from baophu.core.languages import same
from baophu.core.records import read_records
from baophu.targets.decisions import (
    Assigned,
    Decision,
    Issued,
    decided_targets,
    decision,
    decisions,
    governing,
    merged,
    target_of,
)
from baophu.targets.duties import deadlines, duties

# What the documents assign to the country, as this project's issue lists it.
ASSIGNED = """
nq-403-2025  si_total                              2030-12-31 29334000 at_least
nq-403-2025  si_voluntary                          2030-12-31 2444500  at_least
ctr-883      si_coverage_working_age_lf            2025-12-31 0.45     at_least
ctr-883      si_voluntary_coverage_working_age_lf  2025-12-31 0.025    at_least over
ctr-883      ui_coverage_working_age_lf            2025-12-31 0.35     at_least
ctr-883      hi_coverage_population                2025-12-31 0.95     at_least
ctr-883      hi_coverage_ethnic_minority           2025-12-31 0.98     at_least
ctr-883      satisfaction_procedures               2025-12-31 0.90     at_least
ctr-883      satisfaction_participants             2025-12-31 0.85     at_least
ctr-883      non_cash_benefits_urban               2025-12-31 0.68     at_least over
ctr-883      online_services_full                  2025-12-31 1        at_least
ctr-883      records_processed_online              2025-12-31 0.95     at_least
ctr-883      electronic_accounts                   2025-12-31 1        at_least
ctr-883      citizen_card_health                   2025-12-31 1        at_least
ctr-883      si_coverage_working_age_lf            2030-12-31 0.60     at_least
ctr-883      si_voluntary_coverage_working_age_lf  2030-12-31 0.05     at_least about
ctr-883      ui_coverage_working_age_lf            2030-12-31 0.45     at_least
ctr-883      hi_coverage_population                2030-12-31 0.97     at_least over
ctr-883      pension_coverage_past_retirement_age  2030-12-31 0.60     at_least about
ctr-883      primary_care_local                    2030-12-31 0.95     at_least over
ctr-883      satisfaction_procedures               2030-12-31 0.95     at_least
ctr-883      satisfaction_participants             2030-12-31 0.90     at_least
ctr-883      non_cash_benefits_urban               2030-12-31 0.75     at_least over
ctr-883      records_processed_online              2030-12-31 1        at_least
qd-171-2022  si_coverage_working_age_lf            2022-12-31 0.37     range
qd-171-2022  ui_coverage_working_age_lf            2022-12-31 0.31     at_least
qd-171-2022  hi_coverage_population                2022-12-31 0.92     at_least
qd-171-2022  si_coverage_working_age_lf            2023-12-31 0.402    at_least
qd-171-2022  ui_coverage_working_age_lf            2023-12-31 0.317    at_least
qd-171-2022  hi_coverage_population                2023-12-31 0.932    at_least
qd-171-2022  non_cash_benefits_urban               2025-12-31 0.60     at_least
cv-2440-2025 si_compulsory                         2025-11-30 17449773 at_least
cv-2440-2025 hi_total                              2025-11-30 96324472 at_least
cv-2440-2025 si_voluntary                          2025-11-30 2890152  at_least
cv-2440-2025 si_compulsory                         2025-12-31 17515946 at_least
cv-2440-2025 hi_total                              2025-12-31 96505880 at_least
cv-2440-2025 si_voluntary                          2025-12-31 2947418  at_least
cv-2440-2025 late_payment_rate                     2025-12-31 0.0255   at_most
cv-2440-2025 collections_vs_target                 2025-12-31 1        at_least over
"""


@pytest.mark.parametrize("line", ASSIGNED.strip().splitlines())
def test_what_was_assigned_to_the_country(line: str) -> None:
    number, name, end, value, direction, *bound = line.split()
    (found,) = [
        target
        for target in decided_targets()
        if (target.decision.id, target.indicator, target.area_code, target.period_end.isoformat())
        == (number, name, "00", end)
    ]
    assert (found.value, found.direction, found.bound) == (Decimal(value), direction, "".join(bound))


def test_the_range_of_2022_has_both_ends() -> None:
    (found,) = [target for target in decided_targets() if target.direction == "range"]
    assert (found.value, found.high) == (Decimal("0.37"), Decimal("0.38"))


def test_the_sprint_has_three_phases_of_which_the_first_has_no_known_share() -> None:
    phases = decisions()["cv-2440-2025"].phases
    assert [(phase.date, phase.share) for phase in phases] == [
        (date(2025, 10, 31), None),
        (date(2025, 11, 30), Decimal("0.91")),
        (date(2025, 12, 31), Decimal(1)),
    ]


def test_the_dispatch_counts_without_the_armed_forces_where_they_can_be_counted() -> None:
    scopes = {t.indicator: t.scope for t in decided_targets() if t.decision.id == "cv-2440-2025"}
    assert scopes["si_compulsory"] == scopes["hi_total"] == "without_armed_forces"
    assert scopes["si_voluntary"] == "all"


def test_the_provinces_known_so_far_leave_what_the_press_computed() -> None:
    """The six rows of the press sum with the computed remainder of the other 29 to the national figures."""
    rest = {"si_total": 14_322_611, "si_voluntary": 1_966_893}
    for name, remainder in rest.items():
        own = {t.area_code: t.value for t in decided_targets() if (t.decision.id, t.indicator) == ("nq-403-2025", name)}
        known = [value for code, value in own.items() if code != "00" and value is not None]
        assert len(known) == 5
        assert sum(known) + remainder == own["00"]


def test_every_target_names_an_area_that_is_there_and_has_one_id() -> None:
    targets = decided_targets()
    assert len({target.target_id for target in targets}) == len(targets)
    for target in targets:
        tree().get(target.area_code)


def test_a_decision_is_found_by_its_number_and_a_wrong_one_proposes() -> None:
    assert decision("403/NQ-CP").id == decision("nq-403-2025").id
    with pytest.raises(BaophuError) as caught:
        decision("403/NQ-TTg")
    assert "nq-403-2025 (403/NQ-CP)" in caught.value.say("en")


def made(name: str, day: str, value: int, rank: str = "decided"):  # type: ignore[no-untyped-def]
    record = Decision(
        id=name, number=name, title=same(name), issuer=same(name), issued=Issued(on=day), rank=rank, sources=("x",)
    )  # fmt: skip
    line = Assigned(
        indicator="ui_total", period_end="2025-12-31", base_date="2024-12-31", value=value, direction="at_least"
    )
    return target_of(record, line)


def test_the_later_decision_governs_and_the_press_never_does_over_one() -> None:
    old, new, press = made("a", "2022-01-01", 1), made("b", "2023-01-01", 2), made("c", "2025-01-01", 3, "reported")
    for order in ([old, new, press], [press, new, old]):
        assert governing(order)[old.subject] is new


def test_an_imported_target_stands_before_the_programs_own() -> None:
    ours, theirs = made("a", "2022-01-01", 1), made("a", "2022-01-01", 5)
    assert merged([ours], [theirs]) == [theirs]


@pytest.mark.parametrize(
    "change",
    [
        {"value": None},
        {"direction": "range"},
        {"direction": "above_last_year"},
        {"base_date": "2026-01-01"},
        {"high": 5},
        {"colour": "red"},
    ],
)
def test_a_line_that_is_not_whole_is_refused(change: dict[str, object]) -> None:
    line = {
        "indicator": "ui_total",
        "period_end": "2025-12-31",
        "base_date": "2024-12-31",
        "value": 1,
        "direction": "at_least",
    }
    assert Assigned.model_validate(line)
    with pytest.raises(ValidationError):
        Assigned.model_validate({**line, **change})


def test_a_decision_file_with_a_misspelt_field_is_told_by_file_and_field(tmp_path: Path) -> None:
    path = tmp_path / "qd-1.yaml"
    path.write_text(
        "id: qd-1\nnumer: 1/QĐ\ntitle: {vi: a, en: a}\nissuer: {vi: a, en: a}\nissued: {on: 2025-01-01}\nsources: [x]\n"
    )
    with pytest.raises(BaophuError) as caught:
        read_records(Decision, [path])
    assert "qd-1.yaml, numer" in caught.value.say("en")
    assert "nearest: number" in caught.value.say("en")


def test_an_indicator_that_is_not_in_the_catalogue_is_refused() -> None:
    line = Assigned(indicator="si_totl", period_end="2025-12-31", base_date="2024-12-31", value=1, direction="at_least")
    with pytest.raises(BaophuError, match="si_totl is not in the catalogue"):
        target_of(decisions()["nq-403-2025"], line)


def test_the_duties_to_report_are_all_there() -> None:
    dates = {duty.each_year or duty.once for duty in duties()}
    assert dates == {"06-30", "12-31", "12-30", "12-05", date(2028, 7, 31), date(2031, 1, 31)}


def test_the_next_deadlines_come_in_order_with_working_days() -> None:
    found = deadlines(date(2026, 11, 22))
    assert [deadline.due for deadline in found][:3] == [date(2026, 12, 5), date(2026, 12, 30), date(2026, 12, 31)]
    first = found[0]  # a Saturday: it must be ready on the Friday before
    assert first.ready_by == date(2026, 12, 4)
    assert first.workdays == 9  # 24 November is a holiday


def test_a_duty_that_is_past_for_good_is_gone() -> None:
    assert "final-review" not in {deadline.duty.id for deadline in deadlines(date(2031, 2, 1))}


def test_on_the_day_itself_a_duty_is_still_due() -> None:
    (found,) = [d for d in deadlines(date(2026, 6, 30)) if d.duty.id == "home-affairs-june"]
    assert found.due == date(2026, 6, 30)
    assert found.workdays == 0
