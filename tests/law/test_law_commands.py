"""The commands that show the figures of the law."""

from __future__ import annotations

import json
import re

import pytest

from baophu.cli import main
from baophu.law.commands import basis_words

Captured = pytest.CaptureFixture[str]


def run(capsys: Captured, *arguments: str, code: int = 0) -> tuple[str, str]:
    """Run a command; return its output with all blanks as one, and what it told beside it."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert (ended.value.code or 0) == code
    captured = capsys.readouterr()
    return re.sub(r"\s+", " ", captured.out), captured.err


def test_a_figure_on_a_day_with_its_basis_and_source(capsys: Captured) -> None:
    shown, told = run(capsys, "law", "show", "reference_level", "--on", "2026-06-30")
    assert "Mức tham chiếu" in shown
    assert "2.340.000 đồng/tháng 01/07/2024 01/07/2026" in shown
    assert "khoản 13 Điều 141 Luật 41/2024/QH15" in shown
    assert told == ""


def test_the_same_in_english(capsys: Captured) -> None:
    shown, _ = run(capsys, "--lang", "en", "law", "show", "reference_level", "--on", "2026-07-01")
    assert "2,530,000 VND a month 1 Jul 2026" in shown
    assert "Law 41/2024/QH15 art. 141(13)" in shown


def test_only_the_groups_that_were_asked_for(capsys: Captured) -> None:
    shown, _ = run(
        capsys, *("--lang", "en", "law", "show", "rate.retirement.employer", "--on", "2026-01-01"), "--group", "đ"
    )
    assert "dd: conscripts" in shown
    assert "22 %" in shown
    assert "14 %" not in shown


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        (["regional_minimum_wage", "--region", "IV"], 3_700_000),
        (["retirement_age_months", "--sex", "male"], 738),
        (["voluntary_support", "--by", "support_group=near_poor"], 40),
        (["fine_cap", "--by", "fund=ui", "--by", "fine_decree=decree_283_2026"], 75_000_000),
    ],
)
def test_one_value_for_programs(capsys: Captured, arguments: list[str], value: int) -> None:
    shown, _ = run(capsys, "law", "show", *arguments, "--on", "2026-11-01", "--format", "json")
    (only,) = json.loads(shown)["values"]
    assert only["value"] == value
    assert only["basis"] and only["source"] and only["recorded"] == "2026-11-21"


def test_a_day_after_the_last_check_warns_beside_the_result(capsys: Captured) -> None:
    shown, told = run(capsys, "--lang", "en", "law", "show", "reference_level", "--on", "2027-02-01")
    assert "2,530,000" in shown
    assert told.startswith("WARNING: verified only until 31 Dec 2026")


def test_a_switch_shows_its_options_and_the_one_taken(capsys: Captured) -> None:
    shown, _ = run(capsys, "--lang", "en", "law", "show", "charge_last_day_counted")
    assert "no not counted: at its end the money was paid taken" in shown
    assert "yes the day of payment is counted" in shown


def test_a_figure_that_is_not_known_says_so(capsys: Captured) -> None:
    shown, _ = run(capsys, "--lang", "en", "law", "show", "monthly_fund_yield")
    assert "no value is held" in shown


def test_a_history_goes_from_old_to_new(capsys: Captured) -> None:
    shown, _ = run(capsys, "law", "history", "reference_level")
    amounts = re.findall(r"(\d\.\d{3}\.\d{3}) đồng", shown)
    assert amounts == ["1.490.000", "1.800.000", "2.340.000", "2.530.000"]


def test_a_history_of_one_group_for_programs(capsys: Captured) -> None:
    shown, _ = run(capsys, "law", "history", "rate.sickness_maternity.employer", "--group", "k", "--format", "json")
    assert [(one["value"], one["scale"]) for one in json.loads(shown)["values"]] == [(0, 0), (3, 2)]


@pytest.mark.parametrize(
    ("arguments", "nearest"),
    [
        (["show", "referense_level"], "reference_level"),
        (["history", "luong toi thieu vung"], "regional_minimum_wage"),
        (["show", "regional_minimum_wage", "--region", "VI"], "IV"),
        (["show", "voluntary_support", "--by", "support_grup=poor"], "support_group"),
        (["show", "voluntary_support", "--by", "poor"], "--by support_group=poor"),
    ],
)
def test_what_is_misspelt_brings_the_nearest(capsys: Captured, arguments: list[str], nearest: str) -> None:
    _, told = run(capsys, "law", *arguments, code=2)
    assert nearest in told


def test_a_day_before_the_first_value_is_told(capsys: Captured) -> None:
    _, told = run(capsys, "--lang", "en", "law", "show", "reference_level", "--on", "2001-01-01", code=2)
    assert "the first is from 1 Jul 2019" in told


def test_what_should_be_looked_up(capsys: Captured) -> None:
    shown, _ = run(capsys, "--lang", "en", "law", "stale", "--on", "2027-02-01")
    assert "known to hold until 31 Dec 2026 only" in shown
    assert "hi_ceiling_multiple 20 times 1 Jul 2019 not verified" in shown
    assert "monthly_fund_yield – – no value is held" in shown
    assert "fund_order Which fund of a month is paid first health, unemployment, social insurance" in shown


def test_what_should_be_looked_up_for_programs(capsys: Captured) -> None:
    shown, _ = run(capsys, "--lang", "en", "law", "stale", "--on", "2026-11-21", "--format", "json")
    reasons = {one["name"]: one["reason"] for one in json.loads(shown)}
    assert reasons["hi_ceiling_multiple"] == "not verified"
    assert reasons["monthly_fund_yield"] == "no value is held"
    assert "reference_level" not in reasons


@pytest.mark.parametrize(
    ("basis", "vietnamese"),
    [
        ("Law 41/2024/QH15 art. 31(1)(đ)", "điểm đ khoản 1 Điều 31 Luật 41/2024/QH15"),
        ("Law 41/2024/QH15 arts 32, 34(1)", "Điều 32, khoản 1 Điều 34 Luật 41/2024/QH15"),
    ],
)
def test_the_basis_in_vietnamese(basis: str, vietnamese: str) -> None:
    assert basis_words(basis, "vi") == vietnamese
    assert basis_words(basis, "en") == basis
