"""`baophu law explain …`: worker-months, voluntary plans, pensions and topics, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from baophu.cli import main
from baophu.core.numbers import read_month
from baophu.law.explaining import bounds_passed, parameters_under
from baophu.law.explaining import steps as explained_steps

Captured = pytest.CaptureFixture[str]
WORKER = ("worker-month", "--month", "2026-10", "--group", "a", "--region", "I", "--wage", "1000000")
PENSION = ("pension", "--sex", "female", "--birth-month", "1975-03", "--month", "2026-10", "--months-paid", "184")
PENSION = (*PENSION, "--average-base", "6000000")
VOLUNTARY = ("voluntary", "--month", "2026-10", "--income", "3000000", "--support-group", "poor")
TOPIC = ("topic", "pension_amount", "sex=male", "contribution_months=192", "average_base=10000000")


def run(capsys: Captured, *arguments: str, lang: str = "en", code: int = 0) -> tuple[str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["--lang", lang, "law", "explain", *arguments])
    assert (ended.value.code or 0) == code
    shown = capsys.readouterr()
    return shown.out.replace("\u00a0", " "), shown.err


def test_a_worker_month_tells_bound_article_and_dated_parameter(capsys: Captured) -> None:
    shown, _ = run(capsys, *WORKER)
    assert "Due for the month: 809,600 VND" in shown
    assert "Base of social insurance: 2,530,000 VND (the floor counted)" in shown
    assert "2,530,000 VND a month, since 1 Jul 2026" in shown
    assert "Due to the health insurance fund: 113,850 VND" in shown
    assert "does not apply, since it is not so that: nothing is due this month" in shown


def test_the_same_in_vietnamese(capsys: Captured) -> None:
    shown, _ = run(capsys, *WORKER, lang="vi")
    assert "Căn cứ đóng BHXH: 2.530.000 đồng (tính theo mức thấp nhất)" in shown
    assert "khoản 1 Điều 31 Luật 41/2024/QH15" in shown


def test_a_month_off_is_not_due_and_a_part_timer_below_the_floor_neither(capsys: Captured) -> None:
    shown, _ = run(capsys, *WORKER, "--unpaid-days", "14", "--format", "json")
    assert json.loads(shown)["value"] == 0
    part_time = ("worker-month", "--month", "2026-10", "--group", "l", "--region", "IV", "--wage", "2000000")
    shown, _ = run(capsys, *part_time)
    assert "Due for the month: 0 VND" in shown


@pytest.mark.parametrize("asked", [WORKER, VOLUNTARY, PENSION, TOPIC], ids=lambda asked: str(asked[0]))
def test_every_explanation_comes_as_text_as_json_and_as_a_page(
    capsys: Captured, tmp_path: Path, asked: tuple[str, ...]
) -> None:
    text, _ = run(capsys, *asked)
    assert "since" in text and "by: " in text
    shown, _ = run(capsys, *asked, "--format", "json")
    assert json.loads(shown)["version"] == 1
    page = tmp_path / "page.html"
    _, note = run(capsys, *asked, "--format", "html", "--out", str(page))
    assert str(page) in note
    content = page.read_text(encoding="utf-8")
    assert content.startswith("<!doctype html>")
    assert "<script" not in content and "https://" not in content


def test_a_pension_of_somebody(capsys: Captured) -> None:
    shown, _ = run(capsys, *PENSION, "--further", "12")
    assert "First month of pension: 2034-12" in shown
    assert "No month more: 2,760,000 VND a month" in shown
    assert "12 months more: 2,880,000 VND a month" in shown


def test_a_plan_tells_what_cannot_be_said_without_the_funds_yield(capsys: Captured) -> None:
    shown, _ = run(capsys, *VOLUNTARY)
    assert "Paid monthly: 495,000 VND" in shown
    assert "the fund's yield, as it is published, is given" in shown
    shown, _ = run(capsys, *VOLUNTARY, "--fund-yield", "0,005", "--format", "json")
    ahead = next(part for part in json.loads(shown)["parts"] if part["id"] == "net.2_years")
    assert ahead["value"] > 0


def test_a_topic_with_a_list(capsys: Captured) -> None:
    inputs = ("month=2026-10", "income=3000000", "support_groups=poor,ethnic_minority")
    shown, _ = run(capsys, "topic", "voluntary_net", *inputs, "--format", "json")
    assert json.loads(shown)["parts"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("topic", "pensin_amount"), "pension_amount"),
        (("topic", "pension_amount", "sex=mal", "contribution_months=1", "average_base=1"), "nearest: male"),
        (("topic", "pension_amount", "contribution_month=1"), "nearest: contribution_months"),
        (("topic", "pension_amount", "sex"), "sex=…"),
        (("topic", "pension_amount", "sex=male", "contribution_months=many", "average_base=1"), "whole number"),
        (("topic", "indexation", "override={"), "JSON"),
        ((*WORKER, "--absence-kind", "maternity_brth"), "maternity_birth"),
        ((*WORKER[:4], "z"), "'z'"),
        ((*VOLUNTARY[:-1], "por"), "poor"),
        ((*VOLUNTARY, "--fund-yield", "much"), "0.005"),
        ((*VOLUNTARY, "--place", "nowhere"), "nowhere"),
        (("pension", "--sex", "femal", *PENSION[3:]), "female"),
    ],
    ids=lambda asked: " ".join(asked[-2:]) if isinstance(asked, tuple) else "",
)
def test_what_is_misspelt_is_told_with_what_was_probably_meant(
    capsys: Captured, asked: tuple[str, ...], words: str
) -> None:
    shown, error = run(capsys, *asked, code=2)
    assert shown == ""
    assert words in error


def test_the_topics_are_listed_with_their_inputs(capsys: Captured) -> None:
    shown, _ = run(capsys, "topics")
    assert "pension_amount" in shown
    assert "contribution_months" in shown


def test_parameters_under_a_figure_are_those_of_a_worker_month() -> None:
    month = read_month("2026-10")
    found = {value.name for value in parameters_under("due_si", month, "a", "I")}
    explained = explained_steps(("due_si",), month=month, group_code="a", region="I", wage=90_000_000, unpaid_days=3)
    used = {value.name for step in explained["due_si"].walk() for value in step.parameters}
    assert used <= found
    assert {"reference_level", "base_ceiling_multiple", "rate.retirement.worker"} <= found


def test_bounds_are_told_up_to_the_one_that_counted() -> None:
    month = read_month("2026-10")
    passed = {bound: len(bounds_passed("si_base", month, "a", bound)) for bound in ("floor", "ceiling", "wage")}
    assert passed == {"floor": 0, "ceiling": 1, "wage": 2}
