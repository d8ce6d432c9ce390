"""What would help: people gained and money paid, against references that take one person and month after another."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import ceil, floor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_runs import MONTH, indicators, made_run
from typer.testing import CliRunner

from baophu.areas.units import tree
from baophu.cli import Settings, app
from baophu.core.errors import BaophuError
from baophu.core.languages import same
from baophu.core.months import months_later
from baophu.findings.kinds import agency
from baophu.law.parameters import book
from baophu.law.people.telling import amount_of
from baophu.law.people.voluntary import voluntary_net
from baophu.registers.loading import load
from baophu.targets.decisions import Target, decided_targets
from baophu.targets.scenario import Estimate, Scenario, scenario
from baophu.targets.scenario_assumptions import Assumption, Scores, beta_thousandths, lasting, standing
from baophu.targets.scenario_file import Enforcement, Lapsed, Measure, Plan, Support, usual_plan

QUANG_NINH, LANG_SON = "22", "20"
COMMUNES = [one.code for one in tree().children(QUANG_NINH)]
OTHER_COMMUNE = tree().children(LANG_SON)[0].code
BOUNDS = ("low", "likely", "high")


def finding(kind: str, person: str | None, commune: str | None = None, **more: object) -> dict[str, object]:
    row = {
        "finding_id": f"{kind}-{person}-{more.get('tax_code')}",
        "kind": kind,
        "area_code": commune or COMMUNES[0],
        "pid": person,
        "si_code": None,
        "tax_code": None,
        "priority": 0.5,
        "evidence": "{}",
        "status": "open",
    }
    return row | more


def frame(rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    text = ("finding_id", "kind", "area_code", "pid", "si_code", "tax_code", "evidence", "status")
    return pl.DataFrame(rows, schema={**dict.fromkeys(text, pl.String), "priority": pl.Float64})


def score(kind: str, **more: int | None) -> dict[str, Any]:
    still = {f"{name}_{months}": 0 for name in ("still", "of") for months in (3, 6, 12)}
    return {"kind": kind, "confirmed": 0, "wrong": 0, "cost_of_a_case": None, **still, **more}


def make_run(home: Path, rows: Sequence[Mapping[str, object]], **more: pl.DataFrame) -> Path:
    tables = {"findings": frame(rows), "finding_scores": pl.DataFrame([score("uninsured_worker")])} | more
    made_run(home, tables)
    return home


def plan(*measures: Measure, until: date = date(2027, 4, 1), **given: tuple[str, str, str]) -> Plan:
    """A plan in which some assumptions are set, each by its low, likely and high value."""
    assumptions = {}
    for name, values in given.items():
        unit = standing()[name].unit if name in standing() else "share"
        low, likely, high = map(Decimal, values)
        assumptions[name] = Assumption(
            name=name, unit=unit, title=same(name), source=same("a test"), low=low, likely=likely, high=high
        )
    return Plan(same("A test"), "", QUANG_NINH, "si_total", date(2026, 11, 1), until, measures, assumptions)


ALL = ("1", "1", "1")
CERTAIN: dict[str, tuple[str, str, str]] = {
    **{f"{scheme}_after_{months}": ALL for scheme in ("compulsory", "voluntary") for months in (3, 6, 12)},
    **{f"right_{kind}": ALL for kind in ("uninsured_worker", "lapsed_voluntary", "voluntary_candidate")},
    **dict.fromkeys(("answer_letters", "answer_lapsed", "months_to_join", "joins_per_tenth", "present_payers"), ALL),
    "months_of_joining": ALL,
}


def gained(found: Scenario, at: int = -1) -> Estimate:
    return found.gained[at]


# One person once


def test_workers_of_an_employer_that_is_not_registered_are_its_findings(tmp_path: Path) -> None:
    rows = [
        finding("unregistered_employer", None, tax_code="T1"),
        finding("unregistered_employer", None, tax_code="T2"),
    ]
    rows += [finding("uninsured_worker", f"p{n}", tax_code="T1") for n in range(3)]
    rows += [finding("uninsured_worker", "q", tax_code="T9")]
    home = make_run(tmp_path / "home", rows)
    employers = Enforcement(kind="enforcement", findings=("unregistered_employer",))
    found = scenario(home, plan(employers), [])
    assert (found.effects[0].found, found.effects[0].cases) == (3, 1)
    assert any("1 unregistered employers have no open finding" in note.en for note in found.notes)
    both = scenario(home, plan(Enforcement(kind="enforcement")), [])
    assert (both.effects[0].found, both.effects[0].cases) == (4, 2)


def test_a_person_counts_in_the_first_measure_only(tmp_path: Path) -> None:
    rows = [finding("uninsured_worker", "p"), finding("lapsed_voluntary", "p"), finding("lapsed_voluntary", "q")]
    rows += [finding("uninsured_worker", "p", tax_code="T2"), finding("lapsed_voluntary", "far", OTHER_COMMUNE)]
    home = make_run(tmp_path / "home", rows)
    drive, back = Enforcement(kind="enforcement"), Lapsed(kind="lapsed")
    first = scenario(home, plan(drive, back, **CERTAIN), [])
    assert [(one.found, one.taken) for one in first.effects] == [(1, 0), (1, 1)]
    assert gained(first) == (2, 2, 2)
    second = scenario(home, plan(back, drive, **CERTAIN), [])
    assert [(one.found, one.taken) for one in second.effects] == [(2, 0), (0, 1)]
    assert gained(second) == (2, 2, 2)


def test_held_and_resolved_findings_do_not_count(tmp_path: Path) -> None:
    rows = [finding("lapsed_voluntary", name, status=name) for name in ("open", "held", "resolved")]
    found = scenario(make_run(tmp_path / "home", rows), plan(Lapsed(kind="lapsed"), **CERTAIN), [])
    assert found.effects[0].found == 1


def test_units_sum_to_the_area(tmp_path: Path) -> None:
    rows = [finding("lapsed_voluntary", f"p{n}", COMMUNES[n % 3]) for n in range(10)]
    found = scenario(make_run(tmp_path / "home", rows), plan(Lapsed(kind="lapsed"), **CERTAIN), [])
    assert {code: unit.gained.likely for code, unit in found.effects[0].by_unit.items()} == {
        COMMUNES[0]: 4,
        COMMUNES[1]: 3,
        COMMUNES[2]: 3,
    }


# The reference: each person, each month, each speed that is assumed


def stays(chosen: Mapping[str, tuple[str, str, str]], bound: int, months: int) -> Fraction:
    """Who still pays so many months later: straight lines, rounded up to thousandths, never rising."""
    points = [(0, Fraction(1))]
    for after in (3, 6, 12):
        points.append((after, min(Fraction(chosen[f"compulsory_after_{after}"][bound]), points[-1][1])))
    if months >= 12:
        return points[-1][1]
    at = max(n for n, (start, _) in enumerate(points) if start <= months)
    (start, first), (end, last) = points[at], points[at + 1]
    exact = first + (last - first) * Fraction(months - start, end - start)
    return Fraction(ceil(exact * 1000), 1000)


def reference(
    sizes: Sequence[int], officers: int, chosen: Mapping[str, tuple[str, str, str]], months: int
) -> Iterator[Estimate]:
    speeds, delays = (range(int(chosen[n][0]), int(chosen[n][2]) + 1) for n in ("cases_per_officer", "months_to_join"))
    likely = (int(chosen["cases_per_officer"][1]), int(chosen["months_to_join"][1]))
    order = sorted(sizes, reverse=True)
    for month in range(months):
        ends: list[Fraction] = []
        for bound in range(3):
            share = Fraction(chosen["right_uninsured_worker"][bound]) * Fraction(chosen["answer_visits"][bound])
            tried = []
            for speed, delay in product(speeds, delays):
                if bound == 1 and (speed, delay) != likely:
                    continue
                there = Fraction(0)
                for place, size in enumerate(order):
                    joined = place // (officers * speed) + delay
                    for _worker in range(size):
                        there += share * stays(chosen, bound, month - joined) if joined <= month else 0
                tried.append(there)
            ends.append(max(tried) if bound == 2 else min(tried))
        yield Estimate(floor(ends[0]), floor(ends[1] + Fraction(1, 2)), ceil(ends[2]))


def three(least: int, most: int, scale: int = 1) -> st.SearchStrategy[tuple[str, str, str]]:
    values = st.lists(st.integers(least, most), min_size=3, max_size=3).map(sorted)
    return values.map(lambda found: tuple(str(Decimal(value) / scale) for value in found))  # type: ignore[arg-type, return-value]


@settings(max_examples=25, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 6), min_size=1, max_size=12),
    officers=st.integers(1, 3),
    chosen=st.fixed_dictionaries(
        {
            "right_uninsured_worker": three(0, 1000, 1000),
            "answer_visits": three(0, 1000, 1000),
            "cases_per_officer": three(1, 4),
            "months_to_join": three(1, 4),
            **{f"compulsory_after_{months}": three(0, 1000, 1000) for months in (3, 6, 12)},
        }
    ),
)
def test_a_drive_is_what_every_worker_and_month_sum_to(
    sizes: list[int], officers: int, chosen: dict[str, tuple[str, str, str]]
) -> None:
    rows = [
        finding("uninsured_worker", f"p{case}-{n}", tax_code=f"T{case:02}")
        for case, size in enumerate(sizes)
        for n in range(size)
    ]
    with TemporaryDirectory() as folder:
        home = make_run(Path(folder) / "home", rows)
        drive = Enforcement(kind="enforcement", findings=("uninsured_worker",), officers=officers)
        found = scenario(home, plan(drive, until=date(2028, 2, 1), **chosen), [])
    assert list(found.gained) == list(reference(sizes, officers, chosen, 16))
    assert all(low <= likely <= high for low, likely, high in found.gained)


def test_the_handbooks_five_employers(tmp_path: Path) -> None:
    rows = [finding("uninsured_worker", f"p{n}", tax_code=f"T{n // 2}") for n in range(10)]
    likely = {"answer_letters": ("0", "0.3", "1"), "months_to_join": ("2", "2", "2")}
    stay = {"compulsory_after_3": ("0", "0.85", "1"), "right_uninsured_worker": ALL}
    home = make_run(tmp_path / "home", rows)
    found = scenario(home, plan(Enforcement(kind="enforcement"), **likely, **stay), [])
    by_month = {f"{month:%Y-%m}": one.likely for month, one in zip(found.months, found.gained, strict=True)}
    assert found.effects[0].cases == 5
    assert (by_month["2026-12"], by_month["2027-01"], by_month["2027-04"]) == (0, 3, 3)
    assert found.gained[-1] == (0, 3, 10)


# Money by the law


PAID = "si_code,commune_code,support_group,chosen_income,method,start_month,months,paid_on,amount"


def load_voluntary(folder: Path, *rows: tuple[object, ...]) -> Path:
    path = folder / "voluntary.csv"
    path.write_text("\n".join([PAID, *(",".join(map(str, row)) for row in rows)]) + "\n", encoding="utf-8")
    for loaded in load([path], folder / "home"):
        assert loaded.manifest.loaded == loaded.manifest.read, loaded.manifest.reasons
    return folder / "home"


def by_the_law(months: int, group: str, income: int, local: Fraction, before: int = 0) -> tuple[int, int]:
    """The State's and the place's support of one person who pays each month from 2026-11 on."""
    state = place = 0
    for at in range(months):
        one = voluntary_net(
            book(),
            month=months_later(date(2026, 11, 1), at),
            income=income,
            support_groups=[group],
            months_supported_before=before + at,
            local_rate=local,
        )
        state, place = state + amount_of(one["state_support"]), place + amount_of(one["local_support"])
    return state, place


@pytest.mark.parametrize("months", [4, 20])
def test_support_of_newcomers_is_the_laws_own(tmp_path: Path, months: int) -> None:
    # Quảng Ninh adds 30 % for the near-poor, and 20 % for all others, until the end of 2027.
    evidence = '{"least_contribution":330000,"support_group":"near_poor","support":132000}'
    home = make_run(tmp_path / "home", [finding("voluntary_candidate", "p", evidence=evidence)])
    extra = Support(kind="support", extra_support={"near_poor": Decimal("0.15")})
    until = months_later(date(2026, 11, 1), months - 1)
    found = scenario(home, plan(extra, until=until, **CERTAIN), [])
    held_until = 14
    inside = by_the_law(min(months, held_until), "near_poor", 0, Fraction(45, 100))
    whole = by_the_law(months, "near_poor", 0, Fraction(15, 100))
    to_then = by_the_law(min(months, held_until), "near_poor", 0, Fraction(15, 100))
    state, local = whole[0], inside[1] + whole[1] - to_then[1]
    assert gained(found) == (1, 1, 1)
    assert found.effects[0].state == (state, state, state)
    assert found.effects[0].local == (local, local, local)


def test_who_comes_back_has_his_last_group_and_his_months_of_support(tmp_path: Path) -> None:
    code = "9900000001"
    # 116 months supported before: four more are, of the six that he pays.
    rows = [
        (code, COMMUNES[0], "other", 1_500_000, "years_ahead", start, 60 if start < "2022-06" else 36, day, 1)
        for start, day in (("2018-01-01", "2018-01-05"), ("2023-01-01", "2023-01-05"))
    ]
    rows.append((code, COMMUNES[0], "near_poor", 2_000_000, "half_yearly", "2026-01-01", 6, "2026-01-05", 1))
    rows += [
        (code, COMMUNES[0], "near_poor", 2_000_000, "monthly", f"2026-{m:02}-01", 1, f"2026-{m:02}-05", 1)
        for m in (7, 8)
    ]
    home = load_voluntary(tmp_path, *rows)
    supported = 60 + 36 + 8
    make_run(home, [finding("lapsed_voluntary", "p", si_code=code)])
    until = months_later(date(2026, 11, 1), 23)
    found = scenario(home, plan(Lapsed(kind="lapsed"), until=until, **CERTAIN | {"months_to_join": ALL}), [])
    # He joins in the second month; what the first would have been is no cost.
    whole = by_the_law(24, "near_poor", 2_000_000, Fraction(0), supported)
    first = by_the_law(1, "near_poor", 2_000_000, Fraction(0), supported)
    assert found.effects[0].state.likely == whole[0] - first[0]
    assert whole[0] < by_the_law(24, "near_poor", 2_000_000, Fraction(0))[0]


def test_present_payers_get_the_extra_support_too_and_no_run_is_needed(tmp_path: Path) -> None:
    home = load_voluntary(
        tmp_path,
        ("9900000001", COMMUNES[0], "other", 1_500_000, "yearly", "2026-01-01", 12, "2026-01-05", 1),
        ("9900000002", COMMUNES[0], "poor", 1_500_000, "yearly", "2026-01-01", 12, "2026-10-05", 1),
        ("9900000003", OTHER_COMMUNE, "other", 1_500_000, "yearly", "2026-01-01", 12, "2026-01-05", 1),
    )
    extra = Support(kind="support", extra_support={"other": Decimal("0.10")})
    found = scenario(home, plan(extra, until=date(2026, 12, 1), **CERTAIN), [])
    assert found.run is None
    assert found.effects[0].found is None
    assert found.effects[0].gained == ()
    # 10 % of 22 % of 1,500,000, for one person and two months; Lạng Sơn and the poor get nothing more.
    assert found.effects[0].present == (66_000, 66_000, 66_000)
    assert any("There is no run" in note.en for note in found.notes)


def test_what_needs_findings_says_so(tmp_path: Path) -> None:
    home = load_voluntary(
        tmp_path, ("9900000001", COMMUNES[0], "other", 1_500_000, "monthly", "2026-10-01", 1, "2026-10-05", 1)
    )
    with pytest.raises(BaophuError) as error:
        scenario(home, plan(Lapsed(kind="lapsed")), [])
    assert "rests on findings" in error.value.say("en")
    with pytest.raises(BaophuError, match="nothing to compute"):
        scenario(tmp_path / "empty", usual_plan("support"), [])


# Assumptions that a run measured


def test_shares_that_the_run_measured_go_before_ours() -> None:
    rows = {"lapsed_voluntary": score("lapsed_voluntary", confirmed=30, wrong=10, still_3=40, of_3=50, of_6=3)}
    known = Scores(rows, agency())
    right = known.right("lapsed_voluntary")
    # (30 + 6) of (40 + 10)
    assert right.thousandths("likely") == 720
    assert (right.thousandths("low"), right.thousandths("high")) == (
        beta_thousandths(36, 14, 0.1),
        beta_thousandths(36, 14, 0.9),
    )
    measured = {one.name: one for one in known.lasting("voluntary", ["lapsed_voluntary"])}
    # After 6 months too few are known.
    assert list(measured) == ["voluntary_after_3"]
    assert measured["voluntary_after_3"].thousandths("likely") == 800


@pytest.mark.parametrize(("right", "wrong"), [(1, 1), (6, 4), (36, 14), (900, 100)])
def test_a_beta_quantile_is_that_of_the_distribution(right: int, wrong: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    for chance in (0.1, 0.5, 0.9):
        assert abs(beta_thousandths(right, wrong, chance) - stats.beta.ppf(chance, right, wrong) * 1000) <= 0.51


def test_who_stays_never_rises() -> None:
    chosen = dict(standing())
    chosen["voluntary_after_6"] = chosen["voluntary_after_3"].model_copy(update={"high": Decimal(1)})
    share = lasting(chosen, "voluntary", "high", 20)
    assert share[0] == 1000
    assert share[3] == 950
    assert share == sorted(share, reverse=True)


def test_cases_cost_what_they_cost_so_far(tmp_path: Path) -> None:
    scored = pl.DataFrame([score("uninsured_worker", cost_of_a_case=50_000)], infer_schema_length=None)
    rows = [finding("uninsured_worker", f"p{n}", tax_code=f"T{n}") for n in range(100)]
    home = make_run(tmp_path / "home", rows, finding_scores=scored)
    drive = Enforcement(kind="enforcement", findings=("uninsured_worker",), officers=1)
    found = scenario(home, plan(drive, until=date(2027, 1, 1)), [])
    assert found.effects[0].worked == (30, 60, 90)
    assert found.effects[0].handling == (1_500_000, 3_000_000, 4_500_000)


# Against a target


def target() -> Target:
    return next(
        one for one in decided_targets() if (one.indicator, one.area_code, one.scope) == ("si_voluntary", "79", "all")
    )


def test_the_gap_and_the_chance_before_and_after(tmp_path: Path) -> None:
    goal = int(target().value or 0)
    commune = tree().children("79")[0].code
    december = date(2030, 12, 1)
    row = {"area_code": "79", "scheme": "voluntary", "month": december, "p10": goal - 40, "p50": goal - 20, "p90": goal}
    home = make_run(
        tmp_path / "home",
        [finding("lapsed_voluntary", f"p{n}", commune) for n in range(20)],
        indicators=indicators({"79": {MONTH: 100}}, "si_voluntary"),
        forecasts=pl.DataFrame([row]),
    )
    asked = plan(Lapsed(kind="lapsed"), until=december, **CERTAIN | {"answer_lapsed": ("0", "0.5", "1")})
    asked = replace(asked, area="79", indicator="si_voluntary")
    found = scenario(home, asked, decided_targets())
    (held,) = found.targets
    assert held.gained == (0, 10, 20)
    assert (held.gap_before, held.gap_after) == (20, (20, 10, 0))
    assert held.chance_before == 0.1
    assert held.chance_after is not None
    low, likely, high = held.chance_after
    assert (low, high) == (0.1, 0.5)
    assert 0.1 < likely < 0.5


def test_without_a_forecast_the_gap_is_from_what_is_held(tmp_path: Path) -> None:
    home = make_run(tmp_path / "home", [], indicators=indicators({"79": {MONTH: 100}}, "si_voluntary"))
    asked = Plan(same("-"), "", "79", "si_voluntary", None, date(2030, 12, 1), (Lapsed(kind="lapsed"),), {})
    (held,) = scenario(home, asked, decided_targets()).targets
    assert held.without == 100
    assert held.chance_before is None


# As a user sees it


@pytest.fixture
def command(tmp_path: Path) -> Any:
    rows = [finding("uninsured_worker", f"p{n}", tax_code=f"T{n % 4}") for n in range(40)]
    home = make_run(tmp_path / "home", rows + [finding("lapsed_voluntary", f"v{n}") for n in range(9)])

    def run(*words: str) -> Any:
        return CliRunner().invoke(app, ["targets", "scenario", *words], obj=Settings("en", home))

    return run


def test_the_command_lists_every_assumption_and_no_point(command: Any, tmp_path: Path) -> None:
    shown = command("--kind", "lapsed", "--area", QUANG_NINH)
    assert shown.exit_code == 0, shown.output
    assert "answer_lapsed" in shown.output
    assert "written: likely (low – high)" in shown.output
    told = json.loads(command("--kind", "enforcement", "--officers", "1", "--format", "json").stdout)
    assert told["measures"][0]["found"] == 40
    assert all(row["low"] <= row["likely"] <= row["high"] for row in told["gained"])
    sources = {one["name"]: one["source"] for one in told["assumptions"]}
    assert sources["cases_per_officer"] == "our assumption"
    assert set(sources) >= {"answer_visits", "cases_per_officer", "compulsory_after_12"}


def test_the_workbook_has_ranges_in_three_columns_and_the_assumptions(command: Any, tmp_path: Path) -> None:
    book_ = tmp_path / "plan.xlsx"
    assert command("--kind", "lapsed", "--format", "xlsx", "--out", str(book_)).exit_code == 0
    sheets = openpyxl.load_workbook(book_)
    assert sheets.sheetnames == ["Gained", "Cost", "By month", "By area", "Assumptions", "Notes"]
    heads = [cell.value for cell in sheets["By month"][4]]
    assert heads[1:] == [f"Bringing back the lapsed: {bound}" for bound in BOUNDS]
    names = [row[0].value for row in sheets["Assumptions"].iter_rows(min_row=5)]
    assert "answer_lapsed" in names


def test_a_file_or_a_kind(command: Any) -> None:
    nothing = command()
    assert "either a scenario's file or --kind" in str(nothing.exception)
    assert "--officers goes with --kind" in str(command(__file__, "--officers", "2").exception)
