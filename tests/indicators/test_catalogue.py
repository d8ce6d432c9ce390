"""The catalogue is whole, bilingual, and refuses a wrong record with the file, the field and the nearest name."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from baophu.core.errors import BaophuError, UnknownName
from baophu.indicators.catalogue import FOLDER, catalogue, indicator, read_catalogue

COUNTS = ("si_compulsory", "si_voluntary", "si_total", "ui_total", "hi_total")
OVER_WORKING_AGE = (
    "si_coverage_working_age_lf",
    "si_compulsory_coverage_working_age_lf",
    "si_voluntary_coverage_working_age_lf",
    "ui_coverage_working_age_lf",
)
OVER_15 = ("si_coverage_labour_force", "si_voluntary_coverage_labour_force", "ui_coverage_labour_force")
TARGETED = (
    *COUNTS,
    *OVER_WORKING_AGE,
    *("hi_coverage_population", "hi_coverage_ethnic_minority", "pension_coverage_past_retirement_age"),
    *("primary_care_local", "satisfaction_procedures", "satisfaction_participants", "non_cash_benefits_urban"),
    *("online_services_full", "records_processed_online", "electronic_accounts", "citizen_card_health"),
    *("collections_vs_target", "late_payment_rate"),
)
PUBLISHED = (
    *("collections_si_hi_ui", "collections_si_hi_ui_ytd", "collections_si_hi_ui_usd", "collections_growth"),
    *("collections_compulsory_si", "late_payment_compulsory_si", "late_payment_interest"),
    *("late_payment_nonstate_sector", "late_payment_si_hi_ui", "avg_monthly_contribution_base"),
    *("plan_completion_compulsory", "plan_completion_hi", "plan_completion_voluntary", "plan_completion_total"),
    *("employers_participating", "employers_late_3_months", "employees_of_employers_late_3_months", "si_ui_employees"),
)
# The tables of the registers' contract: a counted indicator names those it is counted from.
REGISTERS = {
    *("population", "participants", "spells", "employers", "declarations", "payments", "notices", "voluntary"),
    *("tax_income", "businesses", "managers", "benefits", "offices", "other_receipts", "dossiers", "area_statistics"),
}
VIETNAMESE = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)


def test_every_indicator_that_is_asked_for_is_there_and_no_other() -> None:
    assert set(catalogue()) == {*TARGETED, *OVER_15, *PUBLISHED}


def test_the_targeted_ones_come_first() -> None:
    assert set(list(catalogue())[: len(TARGETED)]) == set(TARGETED)


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_both_languages_say_something_and_the_vietnamese_is_vietnamese(key: str) -> None:
    record = catalogue()[key]
    texts = [record.name, record.short, record.definition, record.numerator, record.denominator, record.note]
    for text in filter(None, texts):
        assert text.vi.strip() and text.en.strip()
        assert VIETNAMESE.search(text.vi), text.vi
        assert text.vi != text.en
        assert not VIETNAMESE.search(text.en), text.en


def test_two_texts_of_one_card_are_never_the_same() -> None:
    for lang in ("vi", "en"):
        shorts = [record.short.say(lang) for record in catalogue().values()]
        assert len(set(shorts)) == len(shorts)


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_registers_are_those_of_the_contract(key: str) -> None:
    record = catalogue()[key]
    assert set(record.registers) <= REGISTERS
    assert bool(record.registers) == (record.obtained == "counted")


def test_total_is_the_sum_of_compulsory_and_voluntary() -> None:
    assert indicator("si_total").parts == ("si_compulsory", "si_voluntary")


def test_the_two_denominators_are_never_mixed() -> None:
    assert {indicator(key).denominator_measure for key in OVER_WORKING_AGE} == {"working_age_labour_force"}
    assert {indicator(key).denominator_measure for key in OVER_15} == {"labour_force_15plus"}


def test_scope_matters_only_where_the_armed_forces_can_be_counted() -> None:
    for key in ("si_compulsory", "si_total", "hi_total"):
        assert indicator(key).scope("without_armed_forces") == "without_armed_forces"
    for key in ("si_voluntary", "ui_total"):
        record = indicator(key)
        assert record.scope("without_armed_forces") == "all"
        assert record.note is not None and "armed forces" in record.note.en


def test_a_share_has_the_scopes_of_its_numerator() -> None:
    for record in catalogue().values():
        if record.numerator_indicator:
            assert record.scopes == catalogue()[record.numerator_indicator].scopes, record.id


def test_what_is_late_is_better_low_and_all_else_better_high() -> None:
    lower = {record.id for record in catalogue().values() if record.direction == "at_most"}
    assert lower == {key for key in catalogue() if "late" in key.split("_")}


def test_a_word_that_is_no_indicator_is_answered_with_what_was_meant() -> None:
    with pytest.raises(UnknownName) as told:
        indicator("si_totl")
    assert "si_total" in told.value.say("en")
    with pytest.raises(UnknownName) as told:
        indicator("ty le cham dong")
    assert "late_payment_rate" in told.value.say("vi")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalogue of three records that can be spoilt."""
    for key in ("si_total", "si_compulsory", "si_voluntary"):
        shutil.copy(FOLDER / f"{key}.yaml", tmp_path)
    return tmp_path


def spoil(folder: Path, key: str, **changes: Any) -> str:
    """Change fields of one record (None takes one out) and return what the reader says of it."""
    path = folder / f"{key}.yaml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8")) | changes
    raw = {field: value for field, value in raw.items() if value is not None}
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    with pytest.raises(BaophuError) as told:
        read_catalogue(folder)
    return told.value.say("en")


def test_the_three_records_are_right_until_they_are_spoilt(folder: Path) -> None:
    assert list(read_catalogue(folder)) == ["si_total", "si_compulsory", "si_voluntary"]


def test_a_misspelt_field_is_told_with_the_right_one(folder: Path) -> None:
    told = spoil(folder, "si_total", breakdown=["area"])
    assert "si_total.yaml, breakdown" in told and "nearest: breakdowns" in told


def test_a_share_without_a_denominator_is_refused(folder: Path) -> None:
    assert "a share has a denominator" in spoil(folder, "si_total", unit="share")


def test_a_count_with_a_denominator_is_refused(folder: Path) -> None:
    assert "a share has a denominator" in spoil(folder, "si_total", denominator={"vi": "Dân số.", "en": "People."})


def test_a_part_that_is_no_indicator_is_told_with_the_nearest(folder: Path) -> None:
    told = spoil(folder, "si_total", parts=["si_compulsary", "si_voluntary"])
    assert "si_total.yaml, parts: 'si_compulsary'" in told and "nearest: si_compulsory" in told


def test_a_numerator_that_is_no_indicator_is_told(folder: Path) -> None:
    assert "si_total.yaml, numerator_indicator: 'si_al'" in spoil(folder, "si_total", numerator_indicator="si_al")


def test_a_measure_that_statistics_do_not_have_is_refused(folder: Path) -> None:
    told = spoil(folder, "si_total", denominator_measure="workers")
    assert "si_total.yaml, denominator_measure: 'workers'" in told


def test_a_text_that_lacks_a_language_is_refused(folder: Path) -> None:
    assert "si_total.yaml, name.en" in spoil(folder, "si_total", name={"vi": "Tham gia"})


def test_a_blank_text_is_refused(folder: Path) -> None:
    assert "`name` is empty" in spoil(folder, "si_total", name={"vi": "Tham gia", "en": " "})


def test_a_counted_indicator_without_registers_is_refused(folder: Path) -> None:
    assert "names the registers" in spoil(folder, "si_total", registers=None)


def test_an_indicator_without_a_document_is_refused(folder: Path) -> None:
    assert "names the document" in spoil(folder, "si_total", documents=[])


def test_a_record_in_another_ones_file_is_refused(folder: Path) -> None:
    assert "si_voluntary.yaml, id: 'si_willing'" in spoil(folder, "si_voluntary", id="si_willing")


def test_two_records_of_one_place_are_refused(folder: Path) -> None:
    assert "si_voluntary.yaml, order: '10' is the order of si_total too" in spoil(folder, "si_voluntary", order=10)
