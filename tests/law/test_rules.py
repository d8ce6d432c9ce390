"""The rules as records: what is wrong in them is told by name, and a reform is one record more."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from baophu.core.errors import BaophuError
from baophu.law import worker_months
from baophu.law.compiling import compile, names_in
from baophu.law.parameters import book
from baophu.law.rules import FOLDER, GROUPS, Rules, read_rules, rules
from baophu.law.trace import article_words, render_text, to_json

MONTH = date(2026, 3, 1)


def law(tmp_path: Path, *records: dict[str, Any]) -> Rules:
    """Read rules made of records that say only what the test is about."""
    (tmp_path / "_inputs.yaml").write_text((FOLDER / "_inputs.yaml").read_text("utf-8"), "utf-8")
    title = {"vi": "-", "en": "-"}
    whole = [{"title": title, "unit": "vnd", "from": date(2025, 7, 1), "article": "Law 1", **one} for one in records]
    (tmp_path / "one.yaml").write_text(yaml.safe_dump({"title": title, "rules": whole}, allow_unicode=True), "utf-8")
    return read_rules(tmp_path)


def test_two_rules_that_could_both_hold_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(BaophuError) as told:
        law(
            tmp_path,
            {"name": "base", "value": "wage", "groups": ["a", "b"]},
            {"name": "base", "value": "0", "from": date(2026, 1, 1), "groups": ["b", "k"]},
        )
    assert "two rules hold at once from 1 Jan 2026" in told.value.say("en")
    assert "'b'" in told.value.say("en")


def test_a_reform_is_a_rule_with_a_later_day(tmp_path: Path) -> None:
    reformed = law(
        tmp_path,
        {"name": "base", "value": "wage", "to": date(2026, 1, 1)},
        {"name": "base", "value": "wage * 2", "from": date(2026, 1, 1)},
    )
    assert reformed.rule("base", date(2025, 12, 1), "a").value == "wage"
    assert reformed.rule("base", date(2026, 1, 1), "a").value == "wage * 2"
    compiled = compile(book(), [date(2025, 12, 1), MONTH], ["base"], law=reformed)
    assert "v_base" in compiled.grid.column_names


@pytest.mark.parametrize(
    ("records", "word"),
    [
        ([{"name": "base", "value": "wages"}], "wage"),
        ([{"name": "base", "value": "wage +"}], "wage +"),
        ([{"name": "base", "value": "other"}, {"name": "other", "value": "base"}], "circle: base, other"),
        ([{"name": "base", "value": "wage * rate.retirement.worker"}], "rounding"),
        ([{"name": "base", "value": "wage + rate.retirement.worker", "rounding": "half_up"}], "end of a product"),
        ([{"name": "base", "value": "wage", "groups": ["a"]}], "no rule base for group b"),
        ([{"name": "base", "value": "local_support"}], "dimension"),
    ],
)
def test_what_cannot_be_compiled_is_told(tmp_path: Path, records: list[dict[str, Any]], word: str) -> None:
    with pytest.raises(BaophuError) as told:
        compile(book(), [MONTH], ["base"], law=law(tmp_path, *records))
    assert word in told.value.say("en")


@pytest.mark.parametrize(
    ("record", "word"),
    [
        ({"name": "base", "value": "wage", "valeu": "wage"}, "value"),
        ({"name": "base", "value": "wage", "groups": ["x"]}, "is no group"),
        ({"name": "wage", "value": "0"}, "also the name of an input"),
        ({"name": "base"}, "one.yaml, base, value"),
    ],
)
def test_a_record_that_is_wrong_is_told(tmp_path: Path, record: dict[str, Any], word: str) -> None:
    with pytest.raises(BaophuError) as told:
        law(tmp_path, record)
    assert word in told.value.say("en")


def test_every_rule_names_what_is_there_and_covers_every_group() -> None:
    for name in rules().names():
        for rule in rules().named(name):
            for text in rule.texts():
                assert names_in(text, rules(), book()) or text in ("0", "true", "false")
        for month in (date(2023, 7, 1), date(2025, 6, 1), date(2025, 7, 1), date(2026, 12, 1)):
            for group in GROUPS:
                assert rules().rule(name, month, group)


# Switches: what the law leaves open is computed as told


def test_switches_are_followed() -> None:
    def due(figure: str, law_book: Any, **told: Any) -> int:
        return worker_months.one(root=figure, law_book=law_book, month="2026-03", wage=10_000_000, **told).value

    still = book().with_switches(health_without_pay="still_due")
    assert due("due_hi", book(), group_code="a", unpaid_days=20) == 0
    assert due("due_hi", still, group_code="a", unpaid_days=20) == 450_000
    accident = book().with_switches(foreign_accident_fund="covered")
    assert due("employer_accident", book(), group_code="foreign") == 0
    assert due("employer_accident", accident, group_code="foreign") == 50_000
    unemployment = book().with_switches(foreign_unemployment="covered")
    assert due("due_ui", book(), group_code="foreign") == 0
    assert due("due_ui", unemployment, group_code="foreign") == 200_000
    military = book().with_switches(military_base="reference_level")
    assert due("si_base", book(), group_code="đ") == 10_000_000
    assert due("si_base", military, group_code="đ") == 2_340_000


# The explanation


def test_an_explanation_tells_rule_article_parameter_and_what_did_not_apply() -> None:
    step = worker_months.one(month="2026-08", group_code="a", region="I", wage=60_000_000, unpaid_days=3)
    base = step.find("si_base")
    assert base is not None
    assert (base.value, base.counted) == (50_600_000, "ceiling")
    assert [failed.condition.en for failed in base.failed][:2] == ["nothing is due this month", "below the floor"]
    retirement = step.find("worker_retirement")
    assert retirement is not None
    assert [(value.name, value.valid_from.year) for value in retirement.parameters] == [
        ("rate.retirement.worker", 2022)
    ]
    told = render_text(step, "vi")
    assert "Căn cứ đóng BHXH: 50.600.000\u00a0đồng (tính theo mức cao nhất)" in told
    assert "điểm đ khoản 1 Điều 31 Luật 41/2024/QH15" in told
    assert "từ 01/07/2026" in told
    assert told.count("Mức cao nhất làm căn cứ đóng BHTN") == 1
    plain = to_json(step)
    assert (plain["version"], plain["id"], plain["value"]) == (1, "total", step.value)


def test_a_month_that_is_not_due_says_by_which_article() -> None:
    step = worker_months.one(
        root="si_due", month="2026-03", group_code="a", wage=9_000_000, absence_kind="maternity_birth", unpaid_days=2
    )
    assert (step.value, step.article) == (False, "Law 41/2024/QH15 art. 53(8)")


def test_an_overlay_changes_the_answer_and_what_is_told() -> None:
    value = next(one for one in book().history("reference_level") if one.holds(MONTH))
    from dataclasses import replace

    other = book().overlay([replace(value, value=3_000_000, basis="what if")])
    step = worker_months.one(root="si_floor", law_book=other, month="2026-03", group_code="a")
    assert (step.value, step.parameters[0].basis) == (3_000_000, "what if")


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"month": "2026-13"}, "2026-13"),
        ({"group_code": "z"}, "Group 'z'"),
        ({"wages": 5}, "wage"),
        ({"wage": -1}, "-1"),
        ({"wage": 1.5}, "1.5"),
        ({"region": "V"}, "'V'"),
        ({"month": None}, "missing"),
    ],
)
def test_an_input_that_does_not_fit_is_told(told: dict[str, Any], word: str) -> None:
    with pytest.raises(BaophuError) as error:
        worker_months.one(**{"month": "2026-03", "group_code": "a", "wage": 5, **told})
    assert word in error.value.say("en")


def test_articles_are_written_as_the_language_does() -> None:
    assert (
        article_words("Law 41/2024/QH15 arts 33(5), 34(3)", "vi")
        == "khoản 5 Điều 33, khoản 3 Điều 34 Luật 41/2024/QH15"
    )
    assert article_words("open point", "vi") == "open point"
    assert article_words("Law 41/2024/QH15 art. 2", "en") == "Law 41/2024/QH15 art. 2"
