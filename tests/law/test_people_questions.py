"""What people ask: must I join, what does it cost me, when do I retire, take the money or stay."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from baophu.core.errors import BaophuError
from baophu.law.examples import read_examples
from baophu.law.parameters import book
from baophu.law.people.questions import must_join, pension_outlook, voluntary_plan, withdraw_or_stay
from baophu.law.topics import TOPICS, explain
from baophu.law.trace import Step, render_text, to_json

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.yaml"))
YIELD = Fraction(31, 10_000)


def value(step: Step, id: str) -> Any:
    found = step.find(id)
    assert found is not None, id
    return found.value


def test_an_owner_learns_from_when_they_must_join_and_why_not_yet() -> None:
    asked = {"date": date(2026, 3, 1), "role": "business_household_owner", "tax_method": "other"}
    answer = must_join(book(), **asked)
    assert answer.value is False
    assert value(answer, "group_start.m") == date(2029, 7, 1)
    assert value(answer, "voluntary_allowed") is True
    assert "2029-07-01" in render_text(answer, "en")


@pytest.mark.parametrize(
    ("reading", "turnover", "day", "joins"),
    [
        ("from_2026", None, date(2025, 12, 31), False),
        ("from_2026", None, date(2026, 1, 1), True),
        ("from_2026_taxed", 1_000_000_000, date(2026, 1, 1), False),
        ("from_2026_taxed", 1_000_000_001, date(2026, 1, 1), True),
        ("from_2029", None, date(2029, 6, 30), False),
        ("from_2029", None, date(2029, 7, 1), True),
    ],
)
def test_former_payers_of_presumptive_tax_join_by_the_switch(
    reading: str, turnover: int | None, day: date, joins: bool
) -> None:
    law = book().with_switches(former_presumptive_owners=reading)
    answer = must_join(
        law, paid_presumptive_tax=True, yearly_turnover=turnover, date=day, role="business_household_owner"
    )
    assert answer.value is joins


def test_a_plan_shows_each_way_of_paying_with_its_last_day() -> None:
    plan = voluntary_plan(
        book(),
        month=date(2026, 3, 1),
        income=2_000_000,
        support_groups=["near_poor"],
        months_supported_before=110,
        place="01",
        fund_yield=YIELD,
    )
    monthly = 440_000 - 132_000 - 198_000
    assert value(plan, "support_months_left") == 10
    assert value(plan, "net.monthly") == monthly
    assert value(plan, "net.six_monthly") == 6 * monthly
    assert value(plan, "net.twelve_monthly") == 12 * monthly + 2 * 132_000
    due = plan.find("net.twelve_monthly")
    assert due is not None and value(due, "due") == date(2026, 9, 30)
    exact = sum(Fraction(440_000) / (1 + YIELD) ** month for month in range(24))
    assert value(plan, "net.2_years") == int(exact + Fraction(1, 2)) - 10 * 132_000


def test_without_the_yield_years_ahead_are_not_guessed() -> None:
    plan = voluntary_plan(book(), month=date(2026, 3, 1), income=2_000_000, support_groups=["other"])
    step = plan.find("net.5_years")
    assert step is not None and step.value is None and step.failed


def test_an_outlook_tells_the_age_the_rate_and_what_more_months_do() -> None:
    outlook = pension_outlook(
        book(),
        sex="female",
        birth_month=date(1975, 5, 1),
        month=date(2026, 3, 1),
        months_paid=170,
        average_base=6_000_000,
    )
    assert outlook.value == "2035-06"
    assert value(outlook, "months_until") == 111
    assert value(outlook, "missing_months") == 10
    assert value(outlook, "pension.after_0") is None
    assert value(outlook, "pension.after_12") == 2_760_000  # 182 months: 15.5 years, 46 %
    assert value(outlook, "pension.after_111") == 3_720_000  # 281 months: 23.5 years, 62 %


def test_missing_months_may_be_paid_at_once_near_the_age() -> None:
    asked: dict[str, Any] = {
        "sex": "male",
        "birth_month": date(1967, 5, 1),
        "month": date(2029, 4, 1),
        "average_base": 5_000_000,
        "income": 1_000_000,
        "fund_yield": YIELD,
    }
    near = pension_outlook(book(), **asked, months_paid=178)
    line = 2_200_000  # an income below the line is lifted to it
    exact = Fraction(22, 100) * line * ((1 + YIELD) + (1 + YIELD) ** 2)
    assert value(near, "pay_missing") == int(exact + Fraction(1, 2))
    assert value(near, "pay_missing.from") == "2029-04"
    far = pension_outlook(book(), **asked, months_paid=119).find("pay_missing")
    assert far is not None and far.value is None and far.failed


def test_staying_is_compared_with_the_withdrawal() -> None:
    answer = withdraw_or_stay(
        book(),
        sex="female",
        birth_month=date(1985, 5, 1),
        month=date(2026, 3, 1),
        average_base=7_000_000,
        months_before_2014=20,
        months_from_2014=100,
        idle_months=14,
        state_support_received=500_000,
    )
    assert value(answer, "withdrawal") == 136_000_000
    assert value(answer, "pension.after_0") == 3_150_000
    assert answer.value == 44


@pytest.mark.parametrize(
    ("more", "allowed"),
    [
        ({"idle_months": 12}, True),
        ({"idle_months": 11}, False),
        ({"idle_months": 12, "months_from_2014": 240}, False),
        ({"idle_months": 12, "paid_before_2025_07": False}, False),
        ({"idle_months": 0, "birth_month": date(1960, 1, 1)}, True),
    ],
)
def test_who_may_withdraw(more: dict[str, Any], allowed: bool) -> None:
    asked = {
        "sex": "female",
        "birth_month": date(1985, 5, 1),
        "month": date(2026, 3, 1),
        "average_base": 7_000_000,
        "months_from_2014": 100,
    }
    step = withdraw_or_stay(book(), **{**asked, **more}).find("withdrawal")
    assert step is not None and (not step.failed) is allowed


def test_a_topic_explains_itself_in_both_languages_and_as_json() -> None:
    step = explain("pension_amount", {"sex": "male", "contribution_months": 192, "average_base": 10_000_000})
    assert value(step, "monthly") == 4_100_000
    vietnamese, english = render_text(step, "vi"), render_text(step, "en")
    assert "Lương hưu hằng tháng: 4.100.000" in vietnamese and "Monthly pension: 4,100,000" in english
    assert "20 full years or more were paid" in english  # the rule that did not apply
    assert to_json(step)["version"] == 1


def test_a_question_that_is_misspelt_brings_the_nearest() -> None:
    with pytest.raises(BaophuError) as wrong:
        explain("pension_amount", {"sex": "man", "contribution_month": 192, "average_base": 1})
    said = wrong.value.say("en")
    assert "nearest: male" in said and "contribution_months" in said
    with pytest.raises(BaophuError, match="pension_amont"):
        explain("pension_amont", {})


def test_every_topic_of_the_schema_has_an_answer() -> None:
    from baophu.law.examples import schema

    assert set(TOPICS) == set(schema())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_explains_itself(path: Path) -> None:
    """Each figure has an article or is made from others; the tree is text in both languages, and JSON."""
    for example in read_examples([path]):
        answer = TOPICS[example.topic].answer(book(), **example.inputs)
        assert set(answer) == set(TOPICS[example.topic].form.expected)
        for name in example.expected:
            step = answer[name]
            assert step.article or step.parts or step.value is None, (example.id, name)
            assert render_text(step, "vi") != render_text(step, "en"), (example.id, name)
            assert json.loads(json.dumps(to_json(step)))["id"]


def test_days_of_the_law_are_told_as_days() -> None:
    told = render_text(explain("participation", {"date": "2026-03-01", "role": "standing_militia"}), "en")
    owner = {"date": "2026-03-01", "role": "business_household_owner", "tax_method": "other"}
    told += render_text(must_join(book(), **{**owner, "date": date(2026, 3, 1)}), "en")
    assert "1 Jul 2029" in told and "20,290,701" not in told
