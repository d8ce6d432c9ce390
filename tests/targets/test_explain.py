"""Every figure explains itself: value, rule, source, in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from baophu.core.languages import LANGUAGES
from baophu.indicators.catalogue import catalogue
from baophu.targets.decisions import decided_targets
from baophu.targets.explain import explain_indicator
from baophu.targets.progress import REASONS, progress

AS_OF = date(2025, 11, 30)


def told(name: str, lang: str = "en") -> str:
    targets = decided_targets()
    node = explain_indicator(name, progress(targets, AS_OF, {"00"}), targets, AS_OF)
    return "\n".join(node.lines(lang))  # type: ignore[arg-type]


def test_the_total_tells_its_target_value_source_gap_pace_and_denominator() -> None:
    text = told("si_total")
    for words in (
        "at least 29,334,000\u00a0people by 31 Dec 2030",
        "403/NQ-CP",
        "over 20,040,000\u00a0people, 30 Nov 2025",
        "https://en.nhandan.vn/number-of-social-insurance-participants-surpasses-20-million-post156605.html",
        "achieved: 68.3\u00a0%",
        "9,294,000\u00a0people from the target",
        "needed each month from the as-of date: 152,361\u00a0people, for 61 months",
        "the denominator is 48,890,000 people",
    ):
        assert words in text, f"{words!r} is not in\n{text}"


def test_an_implied_base_is_told_with_its_rounding() -> None:
    text = told("si_compulsory", "vi")
    assert "số đầu kỳ: 16.780.690\u00a0người, ngày 31/12/2024" in text
    assert "từ 16.737.440\u00a0người đến 16.819.388\u00a0người" in text
    assert "khác phạm vi" in text
    assert "Đợt 2, đến 30/11/2025: 91\u00a0% mức phải tăng của cả kỳ" in text
    assert "97,0\u00a0% (làm tròn)" in text


def test_of_two_conflicting_figures_the_other_is_told_with_the_reason() -> None:
    targets = decided_targets()
    day = date(2022, 9, 30)
    node = explain_indicator("si_total", progress(targets, day, {"00"}), targets, day)
    text = "\n".join(node.lines("en"))
    assert "17,240,000\u00a0people" in text
    assert "another, not used: 17,080,000\u00a0people" in text


@pytest.mark.parametrize("name", list(catalogue()))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_indicator_explains_itself(name: str, lang: str) -> None:
    text = told(name, lang)
    assert catalogue()[name].definition.say(lang) in text  # type: ignore[arg-type]
    assert "None" not in text


@pytest.mark.parametrize("text", REASONS.values())
def test_reasons_are_worded_in_both_languages(text) -> None:  # type: ignore[no-untyped-def]
    assert text.vi
    assert text.en
    assert text.vi != text.en
