"""Worked examples: all are reproduced, none by accident; what is misspelt is told by its place."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

import baophu.law
from baophu.cli import main
from baophu.core.errors import BaophuError
from baophu.law.check import check_example, check_examples, counts
from baophu.law.examples import FieldForm, decimal_text, plain, read_examples, schema
from baophu.law.parameters import book

OURS = sorted((Path(__file__).parent / "examples").glob("*.yaml"))
SHARED = Path(__file__).resolve().parents[3] / "shared" / "law"
Captured = pytest.CaptureFixture[str]

RATE = "- {id: R, topic: pension_rate, inputs: {sex: male, contribution_months: 240}, expected: {rate: %s}%s}\n"


@pytest.fixture
def written(tmp_path: Path):  # type: ignore[no-untyped-def]
    def write(text: str) -> Path:
        path = tmp_path / "mine.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def wrong(path: Path) -> str:
    with pytest.raises(BaophuError) as error:
        read_examples([path])
    return error.value.say("en")


def result(path: Path) -> str:
    (example,) = read_examples([path])
    return check_example(example, book()).result


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_our_examples_are_reproduced(path: Path) -> None:
    rows = check_examples(read_examples([path]), book())
    assert rows
    failed = [(row.id, row.reason, dict(row.expected), dict(row.got)) for row in rows if row.result != "reproduced"]
    assert [one for one in failed if one[0] not in DISPUTED] == []


DISPUTED = ["participation-former-presumptive-tax", "sickness_benefit-half-days"]


def test_our_examples_reach_every_topic() -> None:
    assert {example.topic for example in read_examples(OURS)} == set(schema())


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here: its examples are not run")
def test_the_examples_collected_elsewhere_are_reproduced() -> None:
    rows = check_examples(read_examples([SHARED / "examples.yaml"]), book())
    assert [row for row in rows if row.result != "reproduced"] == []


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here: the schemas are not compared")
def test_the_schema_asks_what_was_agreed() -> None:
    agreed = yaml.safe_load((SHARED / "examples.schema.yaml").read_text(encoding="utf-8"))
    assert list(schema()) == list(agreed["topics"])
    for name, topic in agreed["topics"].items():
        for part in ("inputs", "expected"):
            ours = getattr(schema()[name], part)
            assert list(ours) == list(topic[part]), name
            for key, one in topic[part].items():
                form: FieldForm = ours[key]
                choices = agreed["lists"][one["list"]] if "list" in one else one.get("values", [])
                wanted = {
                    when: tuple(v) if isinstance(v, list) else (v,) for when, v in one.get("required_if", {}).items()
                }
                assert form.type == one["type"] and form.choices == tuple(choices), (name, key)
                assert form.required == one.get("required", False) and form.required_if == wanted, (name, key)
                assert (form.least if form.type != "money" else None) == one.get("min"), (name, key)
                assert form.most == one.get("max") and form.decimals == one.get("decimals"), (name, key)
                assert form.tolerance == Fraction(one.get("tolerance", "0")), (name, key)
                assert str(form.default) == str(one.get("default")), (name, key)


def test_every_figure_has_words_in_both_languages() -> None:
    for topic in schema().values():
        for form in (*topic.inputs.values(), *topic.expected.values()):
            assert form.title.vi and form.title.en and form.title.vi != form.title.en, (topic.id, form.name)


@pytest.mark.parametrize(
    ("rate", "more", "expected"),
    [
        ('"0.45"', "", "reproduced"),
        ("0.45", "", "reproduced"),
        ('"0.450"', "", "reproduced"),
        ('"0.4500001"', "", "wrong"),
        ("null", "", "wrong"),
        ('"0.46"', ", disputed: {reason: why, article: Law 41/2024/QH15 art. 66}", "disputed"),
        ('"0.45"', ", disputed: {reason: why, article: Law 41/2024/QH15 art. 66}", "disputed"),
        ('"0.45"', ", status: excluded", "disputed"),
        ('"0.45"', ", status: source_error_corrected", "reproduced"),
    ],
)
def test_the_result_of_an_example(written, rate: str, more: str, expected: str) -> None:  # type: ignore[no-untyped-def]
    assert result(written(RATE % (rate, more))) == expected


@pytest.mark.parametrize(
    "text",
    [
        "- {id: A, topic: maternity_grant, inputs: {children: 1}, expected: {amount: 2000000}}",
        "- {id: A, topic: contribution_limits, inputs: {month: 1990-01}, expected: {si_ceiling: 1}}",
        "- {id: A, topic: contribution_due, inputs: {month: 2026-01, group: a, region: I, base_choice: floor},"
        " expected: {si_base: 1}}",
    ],
)
def test_what_the_program_cannot_answer_is_not_reproduced(written, text: str) -> None:  # type: ignore[no-untyped-def]
    assert result(written(text)) == "not_supported"


def test_averages_have_a_tolerance_and_shares_their_decimals(written) -> None:  # type: ignore[no-untyped-def]
    text = (
        "- {id: %s, topic: mixed_average, inputs: {compulsory_average: 1, compulsory_months: 1,"
        " indexed_voluntary_total: 0, voluntary_months: 2}, expected: {average: %s}}\n"
    )
    rows = check_examples(read_examples([written(text % ("A", '"0.34"') + text % ("B", '"0.35"'))]), book())
    assert [row.result for row in rows] == ["reproduced", "wrong"]
    assert rows[0].got == {"average": "0.33"}


def test_a_misspelling_is_told_by_file_line_example_and_field(written) -> None:  # type: ignore[no-untyped-def]
    said = wrong(
        written(
            "- id: A1\n"
            "  topic: voluntary_net\n"
            "  inputs:\n"
            "    month: 2026-13\n"
            "    incom: 5\n"
            "    support_groups: [poor, near_por]\n"
            "  expected: {nett: 1}\n"
            "  sorce: x\n"
        )
    )
    assert "mine.yaml, line 4, A1, inputs.month: '2026-13'" in said
    assert "mine.yaml, line 5, A1, inputs.incom: there is no such field; nearest: income" in said
    assert "mine.yaml, line 6, A1, inputs.support_groups.1: 'near_por' not in the list; nearest: near_poor" in said
    assert "mine.yaml, line 7, A1, expected.nett: there is no such field; nearest: net" in said
    assert "mine.yaml, line 8, A1, sorce: there is no such field; nearest: source" in said
    assert "inputs.income: is required" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RATE % ('"0.45"', ", status: excludet"), "status: 'excludet' not in the list; nearest: excluded"),
        (RATE % ('"0.45"', ", disputed: {reason: x}"), "disputed"),
        (RATE % ('"45 %"', ""), "a decimal text"),
        (RATE % ('"0.45"', "") * 2, "is used in line 1 already"),
        (RATE.replace("pension_rate", "pension_rates") % ('"0.45"', ""), "nearest: pension_rate"),
        (RATE.replace("240", "179") % ('"0.45"', ""), "the least is 180"),
        (RATE.replace("male", "yes") % ('"0.45"', ""), "'yes' not in the list"),
        (RATE.replace("240", "240, contribution_months: 241") % ('"0.45"', ""), "written twice"),
        ("{}", "not a list of examples"),
        ("- {id: A, topic: pension_rate, inputs: {sex: male, contribution_months: 240}, expected: {}}", "expected"),
        (
            "- {id: A, topic: participation, inputs: {date: 2026-01-01, role: business_household_owner},"
            " expected: {ui: false}}",
            "inputs.tax_method: is required with role: business_household_owner",
        ),
        (
            "- {id: A, topic: indexation, inputs: {scheme: voluntary_income, award_year: 2026,"
            " periods: [{year: 2020, month: 3, income: 1}]}, expected: {months: 3}}",
            "there is no such field; nearest: months",
        ),
        (
            "- {id: A, topic: due_date, inputs: {pay_cycle: monthly, cycle_start: 2026-01-15},"
            " expected: {due: 2026-02-28}}",
            "nearest: 2026-01",
        ),
        (
            "- {id: A, topic: due_date, inputs: {pay_cycle: monthly, cycle_start: 2026-01},"
            " expected: {due: 2026-02-31}}",
            "nearest: 2026-02-28",
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_told(written, text: str, said: str) -> None:  # type: ignore[no-untyped-def]
    assert said in wrong(written(text))


def test_days_and_months_may_stand_with_or_without_quotes(written) -> None:  # type: ignore[no-untyped-def]
    text = "- {id: A, topic: due_date, inputs: {pay_cycle: monthly, cycle_start: %s}, expected: {due: %s}}"
    assert result(written(text % ("2026-01", "2026-02-28"))) == "reproduced"
    assert result(written(text % ('"2026-01"', '"2026-02-28"'))) == "reproduced"


def run(capsys: Captured, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["law", "check", *arguments])
    captured = capsys.readouterr()
    return int(ended.value.code or 0), captured.out, captured.err


def test_the_command_gives_rows_for_programs(capsys: Captured, written) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = run(capsys, str(written(RATE % ('"0.46"', ""))), "--format", "json")
    (row,) = json.loads(out)
    assert code == 2
    assert (row["id"], row["topic"], row["result"]) == ("R", "pension_rate", "wrong")
    assert (row["expected"], row["got"]) == ({"rate": "0.46"}, {"rate": "0.45"})


@pytest.mark.parametrize(("rate", "code"), [('"0.45"', 0), ('"0.46"', 2)])
def test_the_command_ends_with_2_where_an_example_is_wrong(capsys: Captured, written, rate: str, code: int) -> None:  # type: ignore[no-untyped-def]
    ended, out, _ = run(capsys, str(written(RATE % (rate, ""))), "--lang", "en")
    assert ended == code
    assert ("stated 0.46, found 0.45" in out) is (code == 2)
    assert "In all: 1" in out


def test_the_command_tells_a_misspelling_in_words(capsys: Captured, written) -> None:  # type: ignore[no-untyped-def]
    code, out, told = run(capsys, str(written(RATE.replace("sex", "sexx") % ('"0.45"', ""))))
    assert (code, out) == (2, "")
    assert "dòng 1" in told and "line 1" in told and "Traceback" not in told


def test_every_result_is_counted() -> None:
    assert counts([]) == {"reproduced": 0, "wrong": 0, "not_supported": 0, "disputed": 0}


def test_numbers_in_plain_form() -> None:
    share = schema()["late_rate"].expected["rate"]
    assert plain(share, Fraction(1, 3)) == "0.3333" and plain(share, Fraction(49, 1000)) == "0.0490"
    assert decimal_text(Fraction(41, 2)) == "20.5"


def test_no_float_is_on_the_way_of_money() -> None:
    """Neither the type nor a number with a point stands in the law for people."""
    folder = Path(baophu.law.__file__).parent
    files = [
        *sorted((folder / "people").glob("*.py")),
        folder / "check.py",
        folder / "examples.py",
        folder / "topics.py",
    ]
    for path in files:
        code = re.sub(r'""".*?"""|"[^"\n]*"|#.*', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"\bfloat\b|\d\.\d|\bround\(", code), path.name
