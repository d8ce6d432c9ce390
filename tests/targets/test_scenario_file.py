"""A scenario's file: what may stand in it, and how each mistake is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from baophu.core.errors import BaophuError
from baophu.targets.scenario_file import Enforcement, Lapsed, Plan, Support, read_plan, usual_plan

GOOD = """\
title: {vi: Kế hoạch, en: A plan}
area: Quảng Ninh
begins: 2026-11
until: 12/2027
measures:
  - {kind: support, extra_support: {near_poor: 0.30, other: 0.20}}
  - {kind: enforcement, findings: [uninsured_worker], officers: 4}
  - {kind: lapsed}
assumptions:
  - {name: answer_visits, low: 0.25, likely: 0.40, high: 0.60, source: our own visits of 2025}
"""


def read(folder: Path, text: str) -> Plan:
    path = folder / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    return read_plan(path)


def told(folder: Path, text: str) -> str:
    with pytest.raises(BaophuError) as error:
        read(folder, text)
    return error.value.say("en")


def test_a_whole_file(tmp_path: Path) -> None:
    plan = read(tmp_path, GOOD)
    assert (plan.begins, plan.until) == (date(2026, 11, 1), date(2027, 12, 1))
    support, enforcement, lapsed = plan.measures
    assert isinstance(support, Support)
    assert support.extra_support == {"near_poor": Decimal("0.30"), "other": Decimal("0.20")}
    assert enforcement == Enforcement(kind="enforcement", findings=("uninsured_worker",), officers=4)
    assert lapsed == Lapsed(kind="lapsed")
    assert plan.assumptions["answer_visits"].thousandths("likely") == 400
    assert plan.assumptions["answer_visits"].source.en == "our own visits of 2025"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("kind: lapsed", "kind: lapse", "plan.yaml, line 8, measures.2.kind: 'lapse' is one of"),
        ("kind: lapsed", "kind: lapse", "nearest: lapsed"),
        ("extra_support", "extra_suport", "line 6, measures.0.extra_suport: 'extra_suport' no such field"),
        ("extra_support", "extra_suport", "nearest: extra_support"),
        ("near_poor", "nearpoor", "line 6, measures.0.extra_support.nearpoor: 'nearpoor' must be one of"),
        ("near_poor: 0.30", "near_poor: 30", "'30' is a share of 1: 20 % is 0.20"),
        ("uninsured_worker", "uninsured_workers", "line 7, measures.1.findings.0: 'uninsured_workers' must be one of"),
        ("officers: 4", "officers: 0", "line 7, measures.1.officers: '0'"),
        ("name: answer_visits", "name: answer_visit", "'answer_visit' no such assumption; nearest: answer_visits"),
        ("low: 0.25", "low: 0.5", "low, likely, high come in this order"),
        ("high: 0.60", "high: 1.2", "a share is a fraction of 1"),
        ("until: 12/2027", "until: 2026-01", "line 4, until: '2026-01' is before `begins`"),
        ("begins: 2026-11", "begins: soon", "line 3, begins: 'soon' write it as 2026-11"),
        ("title: {vi: Kế hoạch, en: A plan}\n", "", "title: is missing"),
        ("area:", "aera:", "line 2, aera: 'aera' no such field; nearest: area"),
    ],
)
def test_a_mistake_is_told_by_file_line_and_field(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    assert expected in told(tmp_path, GOOD.replace(old, new, 1))


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    said = told(tmp_path, GOOD.replace("kind: lapsed", "kind: lapse").replace("officers: 4", "officers: few"))
    assert "line 7" in said
    assert "line 8" in said


def test_one_measure_as_usual() -> None:
    assert usual_plan("lapsed", 3).measures == (Lapsed(kind="lapsed", officers=3),)
    with pytest.raises(BaophuError, match="no officers"):
        usual_plan("support", 3)
