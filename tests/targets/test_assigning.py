"""Proposing targets for the units of an area: what they begin with, what they share by, what holds them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from made_runs import DECEMBER, MONTH, findings, indicators, made_run, scores
from typer.testing import CliRunner

from baophu.areas.units import tree
from baophu.cli import Settings, app
from baophu.core.errors import BaophuError
from baophu.targets.assigning import Proposal, Wish, propose
from baophu.targets.assignment import assignment, read_by
from baophu.targets.decisions import Assigned, Decision, Issued, Target, target_of
from baophu.targets.importing import read_targets
from baophu.targets.proposal_files import as_rows, write_proposals

PROVINCE = "22"  # Quảng Ninh: Cô Tô and Vân Đồn are special zones
COMMUNES = [area.code for area in tree().children(PROVINCE)]
ISLANDS = [area.code for area in tree().children(PROVINCE) if area.unit_type == "special_zone"]


def base_of(code: str) -> int:
    return 1_000 + 37 * COMMUNES.index(code)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose run counted Quảng Ninh, and found twice as many people to reach in the first commune."""
    values = {code: {DECEMBER: base_of(code), MONTH: base_of(code) + 10} for code in COMMUNES}
    values[PROVINCE] = {month: sum(values[code][month] for code in COMMUNES) for month in (DECEMBER, MONTH)}
    people = {(code, "uninsured_worker"): 40 for code in COMMUNES} | {(COMMUNES[0], "voluntary_candidate"): 80}
    tables = {
        "indicators": indicators(values),
        "findings": findings(people),
        "finding_scores": scores({"uninsured_worker": 500, "voluntary_candidate": 250}),
    }
    made_run(tmp_path / "home", tables)
    return tmp_path / "home"


def wish(total: int | None = None, by: str = "present", **more: object) -> Wish:
    return Wish("si_total", 2026, PROVINCE, read_by(by, assignment()), total, **more)  # type: ignore[arg-type]


def base_total() -> int:
    return sum(map(base_of, COMMUNES))


def targets(proposal: Proposal) -> dict[str, int]:
    return {row.area.code: row.target for row in proposal.rows}


def assigned(code: str, value: Decimal | int, year: int = 2026, indicator: str = "si_total", **more: object) -> Target:
    decision = Decision.model_validate(
        {
            "id": "qd-1",
            "number": "1/QĐ",
            "title": {"vi": "Giao chỉ tiêu", "en": "Targets"},
            "issuer": {"vi": "UBND", "en": "The province"},
            "issued": Issued(on=date(2026, 1, 5)),
            "sources": ["a test"],
        }
    )
    fields = {"direction": "at_least", "value": value, "base_date": date(2025, 12, 31)} | more
    return target_of(
        decision,
        Assigned.model_validate({"indicator": indicator, "area_code": code, "period_end": date(year, 12, 31)} | fields),
    )


def test_by_who_takes_part_everybody_grows_alike(home: Path) -> None:
    proposal = propose(home, wish(base_total() * 11 // 10), [])
    assert sum(targets(proposal).values()) == base_total() * 11 // 10
    for row in proposal.rows:
        assert abs(row.target - row.base.value * 1.1) < 1.5
        assert row.base.held == row.base.value + 10
        assert row.base.month == DECEMBER


def test_by_who_can_be_reached_findings_weigh_as_often_as_they_succeed(home: Path) -> None:
    proposal = propose(home, wish(base_total() + 1_200, by="reachable"), [])
    found = {row.area.code: row.target - row.base.value for row in proposal.rows}
    # 40 workers at one half are 20 people; 80 candidates at one quarter are 20 more.
    assert abs(found[COMMUNES[0]] - 2 * found[COMMUNES[1]]) <= 2


def test_a_mix_lies_between_what_it_is_mixed_of(home: Path) -> None:
    total = base_total() + 2_000
    ways = [targets(propose(home, wish(total, by=by), [])) for by in ("present", "reachable", "present=1,reachable=1")]
    for present, reachable, mixed in zip(*(way.values() for way in ways), strict=True):
        assert min(present, reachable) - 1 <= mixed <= max(present, reachable) + 1


def test_islands_are_eased_and_it_is_said(home: Path) -> None:
    proposal = propose(home, wish(base_total() * 12 // 10), [])
    for row in proposal.rows:
        if row.area.code in ISLANDS:
            assert row.target == row.base.value * 115 // 100
            assert row.share.binding is not None
            assert row.share.binding.why == "island"
        else:
            assert row.target > row.base.value * 1.2 - 1
    assert len(ISLANDS) == 2


def test_nobody_is_assigned_less_than_is_held(home: Path) -> None:
    proposal = propose(home, wish(base_total() + 10 * len(COMMUNES)), [])
    assert targets(proposal) == {code: base_of(code) + 10 for code in COMMUNES}


def test_a_total_below_what_is_held_names_the_floors_in_the_way(home: Path) -> None:
    with pytest.raises(BaophuError) as caught:
        propose(home, wish(base_total() - 500), [])
    words = caught.value.say("en")
    assert f"their floors come to {500 + 10 * len(COMMUNES):,} more" in words
    assert "not below what is held" in words


def test_a_total_beyond_all_ceilings_names_them_and_the_growth_that_would_do(home: Path) -> None:
    with pytest.raises(BaophuError) as caught:
        propose(home, wish(base_total() * 2), [])
    assert "with all at their ceilings" in caught.value.say("en")
    assert "a growth of about 100.0 % a year" in caught.value.say("en").replace("\u202f", " ").replace("\xa0", " ")


def test_the_area_s_own_target_is_shared_and_one_of_a_later_year_on_the_way_to_it(home: Path) -> None:
    total = base_total() + 1_000
    assert propose(home, wish(), [assigned(PROVINCE, total)]).total == total
    later = propose(home, wish(), [assigned(PROVINCE, base_total() + 5_000, year=2030)])
    assert later.total == base_total() + 1_000
    assert any("no target of its own" in note.en for note in later.notes)


def test_without_any_target_the_total_is_asked_for(home: Path) -> None:
    with pytest.raises(BaophuError, match="has no target"):
        propose(home, wish(), [])


def test_a_province_is_not_assigned_less_than_its_communes_were(tmp_path: Path) -> None:
    provinces = [area.code for area in tree().provinces]
    values = {code: {DECEMBER: 10_000, MONTH: 10_000} for code in provinces}
    made_run(tmp_path / "home", {"indicators": indicators(values)})
    below = [assigned(code, 12_000 // len(COMMUNES) + 1) for code in COMMUNES]
    proposal = propose(tmp_path / "home", Wish("si_total", 2026, total=350_000), below)
    row = next(row for row in proposal.rows if row.area.code == PROVINCE)
    assert row.target == len(COMMUNES) * (12_000 // len(COMMUNES) + 1)
    assert row.share.binding is not None
    assert row.share.binding.why == "children"


def test_the_whole_tree_adds_up_at_every_level_and_milestone(tmp_path: Path) -> None:
    areas = tree()
    values = {area.code: {DECEMBER: 50 + int(area.code) % 900} for area in areas.communes}
    for province in areas.provinces:
        values[province.code] = {DECEMBER: sum(values[one.code][DECEMBER] for one in areas.children(province.code))}
    made_run(tmp_path / "home", {"indicators": indicators(values)})
    base = sum(values[area.code][DECEMBER] for area in areas.provinces)
    proposal = propose(tmp_path / "home", Wish("si_total", 2026, total=base * 108 // 100, to_communes=True), [])
    assert len(proposal.rows) == len(areas.provinces) + len(areas.communes)
    assert sum(row.target for row in proposal.below("00")) == base * 108 // 100
    for province in proposal.below("00"):
        below = proposal.below(province.area.code)
        assert sum(row.target for row in below) == province.target
        for at in range(12):
            assert sum(row.months[at].value for row in below) == province.months[at].value
        for at in range(3):
            assert sum(row.phases[at].value for row in below) == province.phases[at].value


def test_a_share_is_assigned_through_the_people_it_takes(tmp_path: Path) -> None:
    values = {code: {DECEMBER: 400 + number, MONTH: 400 + number} for number, code in enumerate(COMMUNES)}
    made = indicators(values, indicator="si_coverage_working_age_lf", denominators=dict.fromkeys(COMMUNES, 1_000))
    made_run(tmp_path / "home", {"indicators": made})
    own = assigned(PROVINCE, Decimal("0.45"), indicator="si_coverage_working_age_lf")
    proposal = propose(tmp_path / "home", Wish("si_coverage_working_age_lf", 2026, PROVINCE), [own])
    assert proposal.total == 450 * len(COMMUNES)
    assert [row["target_share"] for row in as_rows(proposal)] == [row.target / 1_000 for row in proposal.rows]


def test_scopes_are_not_mixed(tmp_path: Path) -> None:
    values = {code: {DECEMBER: 400} for code in COMMUNES}
    made_run(tmp_path / "home", {"indicators": indicators(values, scope="without_armed_forces")})
    with pytest.raises(BaophuError, match="they do not mix"):
        propose(tmp_path / "home", wish(), [assigned(PROVINCE, 20_000)])


def test_the_months_follow_the_season_of_the_years_before(home: Path) -> None:
    months = [date(2024, 12, 1), *(date(2025, month, 1) for month in range(1, 13))]
    # All of the year's increase came in November.
    people = [100] * 11 + [200] * 2
    series = pl.DataFrame(
        [
            {
                "area_code": COMMUNES[0],
                "place": "managed",
                "scheme": "compulsory",
                "month": month,
                "participants": count,
            }
            for month, count in zip(months, people, strict=True)
        ]
    )
    values = {code: {DECEMBER: base_of(code)} for code in COMMUNES}
    made_run(home / "other", {"indicators": indicators(values), "series": series})
    proposal = propose(home / "other", wish(base_total() + 1_000), [])
    row = proposal.rows[0]
    assert [one.value for one in row.months] == [row.base.value] * 10 + [row.target] * 2


def test_without_a_run_published_figures_and_the_labour_force_do(tmp_path: Path) -> None:
    from baophu.targets.decisions import decided_targets

    proposal = propose(tmp_path, Wish("si_total", 2030), decided_targets())
    assert proposal.total == 29_334_000 == sum(row.target for row in proposal.rows)
    assert {row.base.origin for row in proposal.rows} == {"estimated"}
    with pytest.raises(BaophuError, match="is not known"):
        propose(tmp_path, Wish("si_total", 2026, PROVINCE, total=400_000), decided_targets())


def test_money_and_rates_that_should_fall_are_not_shared_out(tmp_path: Path) -> None:
    for name in ("late_payment_rate", "collections_si_hi_ui"):
        with pytest.raises(BaophuError, match="cannot be shared out"):
            propose(tmp_path, Wish(name, 2026), [])


def test_the_workbook_comes_back_through_the_import(home: Path, tmp_path: Path) -> None:
    proposal = propose(home, wish(base_total() * 11 // 10), [])
    (path,) = write_proposals(proposal, tmp_path / "de-xuat.xlsx", [])
    book = openpyxl.load_workbook(path)
    facts = {"Số, ký hiệu quyết định": "12/QĐ-UBND", "Ngày ban hành": "05/01/2026", "Cơ quan ban hành": "UBND tỉnh"}
    for row in book["Quyết định"].iter_rows():
        if row[0].value in facts:
            row[1].value = facts[row[0].value]
        if row[0].value == "Trích yếu":
            row[1].value = "Giao chỉ tiêu năm 2026"
    book.save(path)
    checked = read_targets(path)
    assert [fault.problem.say("en") for fault in checked.faults] == []
    assert {one.area_code: one.value for one in checked.targets} == targets(proposal)
    assert book["Căn cứ"]["G2"].value == "=F2-C2"


def test_the_command_gives_rows_and_asks_for_a_known_way(home: Path) -> None:
    def run(*words: str) -> str:
        arguments = ["targets", "assign", "--indicator", "si_total", "--year", "2026", "--area", PROVINCE, *words]
        result = CliRunner().invoke(app, arguments, obj=Settings("en", home))
        return result.stdout if result.exception is None else str(result.exception)

    rows = json.loads(run("--total", str(base_total() + 900), "--format", "json"))
    assert {row["area_code"] for row in rows} == set(COMMUNES)
    assert {"area_code", "target", "base", "floor", "binding"} <= set(rows[0])
    table = run("--total", str(base_total() * 12 // 10))
    assert "the most growth (an island)" in table
    assert "units are held by a limit" in table
    assert "no way to share 'luck'" in run("--by", "luck")
