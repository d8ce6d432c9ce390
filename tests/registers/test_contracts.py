"""The contracts hold what the registers send: every table, every column, and checks that run and can fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from baophu.core.errors import BaophuError, UnknownName
from baophu.core.records import check, read_yaml
from baophu.registers.contracts import FOLDER, Column, Contract, Level, RowCheck, Type, contract, contracts
from spec.reading import table as rows_of

# The registers as agreed with their owners, in the order in which they are loaded. In a list of columns `?` marks one
# that a file may be without, `-` one that may be empty; the key stands first where there is one.
AGREED = {
    "population": (
        "pid",
        "pid old_id? full_name birth_date- birth_year? sex commune_code household_id- village? address? ethnic- "
        "poverty- deceased_on-",
    ),
    "participants": (
        "si_code",
        "si_code pid? old_id? full_name birth_date- birth_year? sex commune_code- village? address? phone? "
        "registered_on-",
    ),
    "employers": (
        "employer_id",
        "employer_id tax_code? name commune_code address? phone? region sector pay_method status registered_on-",
    ),
    "spells": ("", "si_code scheme group_code- employer_id? commune_code agent_id? start_month end_month-"),
    "declarations": ("month employer_id si_code", "month employer_id si_code group_code wage unpaid_days?"),
    "payments": ("payment_id", "payment_id employer_id paid_on amount"),
    "notices": ("notice_id", "notice_id employer_id month sent_on"),
    "voluntary": (
        "",
        "si_code commune_code support_group chosen_income method start_month months paid_on amount agent_id?",
    ),
    "businesses": (
        "tax_code",
        "tax_code name kind status commune_code registered_on- closed_on- owner_pid- tax_method-",
    ),
    "tax_income": (
        "",
        "month tax_code pid? full_name birth_date? income? insurance_deducted? months_covered? contract "
        "contract_months?",
    ),
    "managers": ("tax_code pid", "tax_code pid role- paid from_date to_date-"),
    "benefits": ("", "month si_code? pid? benefit amount paid_by commune_code"),
    "offices": ("office_id commune_code from_date", "office_id name level commune_code from_date to_date-"),
    "other_receipts": ("", "month area_code payer fund due paid"),
    "dossiers": (
        "dossier_id",
        "dossier_id procedure area_code channel received_on due_on- settled_on- digitised- rating?",
    ),
    "area_statistics": ("area_code period measure", "area_code period measure value source"),
    "reported_indicators": (
        "area_code period indicator",
        "area_code period indicator value numerator- denominator- source",
    ),
}

COMPULSORY = "a b c d đ e g h i k l m n"
HEALTH = (
    "employee pensioner household student farm_average poor near_poor child ethnic_minority policy armed_forces other"
)
VALUES = {
    "population.sex": "M F",
    "population.ethnic": "kinh other",
    "population.poverty": "poor near_poor none",
    "participants.sex": "M F",
    "spells.scheme": "compulsory voluntary unemployment health",
    "spells.group_code": f"{COMPULSORY} {HEALTH}",
    "employers.region": "I II III IV",
    "employers.sector": "state foreign private cooperative household other",
    "employers.pay_method": "monthly quarterly half_yearly",
    "employers.status": "active suspended closed",
    "declarations.group_code": COMPULSORY,
    "voluntary.support_group": "poor island_commune near_poor ethnic_minority other",
    "voluntary.method": "monthly quarterly half_yearly yearly years_ahead missing_months",
    "tax_income.contract": "labour service other",
    "businesses.kind": "enterprise cooperative household state other",
    "businesses.status": "active suspended closed",
    "businesses.tax_method": "declaration presumptive",
    "benefits.benefit": "pension monthly_si social_pension unemployment",
    "benefits.paid_by": "account cash",
    "offices.level": "province grassroots",
    "other_receipts.payer": "state_budget household participant other",
    "other_receipts.fund": "si hi ui",
    "dossiers.channel": "online_full online_part counter post",
}

COLUMNS = [(table, column) for table, record in contracts().items() for column in record.columns]
CHECKS = [(table, rule) for table, record in contracts().items() for rule in record.checks]
COLUMN_NAMES = [f"{table}.{column.name}" for table, column in COLUMNS]
CHECK_NAMES = [f"{table}.{rule.id}" for table, rule in CHECKS]


# Tables and columns


def test_every_register_has_its_contract_in_the_order_of_loading() -> None:
    assert list(contracts()) == list(AGREED)
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(AGREED)


@pytest.mark.parametrize("table", AGREED)
def test_a_contract_has_the_agreed_columns_and_key_and_no_other(table: str) -> None:
    key, columns = AGREED[table]

    def marked(column: Column) -> str:
        return column.name + ("?" if not column.column_required else "" if column.value_required else "-")

    assert " ".join(contract(table).key) == key
    assert " ".join(marked(column) for column in contract(table).columns) == columns


def test_a_column_that_may_be_absent_may_also_be_empty() -> None:
    wrong = [name for name, (_, c) in zip(COLUMN_NAMES, COLUMNS, strict=True) if not c.column_required]
    assert wrong
    assert all(not column.value_required for _, column in COLUMNS if not column.column_required)


def test_closed_lists_are_those_agreed() -> None:
    assert {f"{table}.{column.name}": " ".join(column.values) for table, column in COLUMNS if column.values} == VALUES


def test_only_what_is_said_to_be_optional_is() -> None:
    assert [table for table, record in contracts().items() if record.optional] == [
        "offices",
        "other_receipts",
        "dossiers",
    ]


def test_what_comes_month_by_month_is_replaced_by_month_and_ledgers_only_grow() -> None:
    by_replaces: dict[str, list[str]] = {}
    for table, record in contracts().items():
        by_replaces.setdefault(record.replaces, []).append(table)
    assert by_replaces["month"] == ["declarations", "tax_income", "benefits", "other_receipts"]
    assert by_replaces["adds"] == ["payments", "notices"]
    assert all(record.month_column == "month" for record in contracts().values() if record.replaces == "month")
    # Where nothing is replaced, only a key can tell a row that is sent twice.
    assert all(contract(table).key for table in by_replaces["adds"])


def test_numbers_of_identity_are_text_of_the_agreed_width_wherever_they_stand() -> None:
    widths = {"pid": (12,), "owner_pid": (12,), "old_id": (9,), "si_code": (10,), "commune_code": (5,)}
    for table, column in COLUMNS:
        if column.name in widths:
            assert (column.type, column.digits) == ("code", widths[column.name]), f"{table}.{column.name}"
        if column.name == "tax_code":
            # A manager is one of an enterprise or cooperative, whose code is never its owner's number.
            households = (10, 12, 13) if table != "managers" else (10, 13)
            assert (column.number, column.digits) == ("tax_code", households), table
        if column.name == "area_code":
            assert (column.type, column.digits) == ("code", (2, 5)), table
        if column.name.endswith("_code") and column.name not in ("group_code", "si_code", "tax_code"):
            assert column.area is not None, f"{table}.{column.name}"


def test_money_is_not_negative_except_a_refund() -> None:
    money = {f"{table}.{column.name}": column.least for table, column in COLUMNS if column.type == "money"}
    assert len(money) == 9
    assert [name for name, least in money.items() if least != 0] == ["payments.amount"]


def test_bounds_and_defaults() -> None:
    said = {
        f"{table}.{column.name}": (column.least, column.most, column.default)
        for table, column in COLUMNS
        if column.type == "integer" and column.name != "birth_year"
    }
    assert said == {
        "declarations.unpaid_days": (0, 31, "0"),
        "voluntary.months": (1, 60, None),
        "tax_income.months_covered": (1, 12, "1"),
        "tax_income.contract_months": (0, None, None),
        "dossiers.rating": (1, 5, None),
    }


def test_what_names_a_person_is_personal() -> None:
    naming = {"pid", "owner_pid", "old_id", "si_code", "full_name", "birth_date", "birth_year", "address", "phone"}
    for table, column in COLUMNS:
        assert not (column.name in naming and not column.personal), f"{table}.{column.name}"
        if column.digits and 12 in column.digits:
            # A household's tax code may be its owner's number.
            assert column.personal or column.personal_digits == (12,), f"{table}.{column.name}"


def test_ethnicity_poverty_and_benefits_need_a_right_of_their_own() -> None:
    assert {f"{table}.{column.name}" for table, column in COLUMNS if column.sensitive} == {
        "population.ethnic",
        "population.poverty",
        "voluntary.support_group",
        "benefits.benefit",
        "benefits.amount",
    }


def test_a_table_is_loaded_after_those_that_it_refers_to() -> None:
    order = {table: record.order for table, record in contracts().items()}
    referring = [(table, column.references) for table, column in COLUMNS if column.references]
    assert ("spells", "participants.si_code") in referring
    for table, reference in referring:
        assert order[reference.partition(".")[0]] < order[table]


def test_a_number_that_may_be_mistyped_is_left_to_linkage() -> None:
    assert contract("participants").column("pid").references is None
    assert contract("tax_income").column("pid").references is None


# Words


def texts(value: Any, at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what is written in two languages, with its place; a comma in an unquoted text would split it."""
    if isinstance(value, dict) and ("vi" in value or "en" in value):
        yield at, value
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from texts(below, f"{at}.{key}")
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from texts(below, f"{at}.{number}")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_text_is_whole_in_both_languages(path: Path) -> None:
    found = list(texts(read_yaml(path), path.stem))
    assert len(found) > 5
    for at, words in found:
        assert set(words) == {"vi", "en"}, at
        assert all(isinstance(word, str) and word.strip() == word and word for word in words.values()), at


@pytest.mark.parametrize(("table", "rule"), CHECKS, ids=CHECK_NAMES)
def test_a_reason_is_a_sentence_in_both_languages(table: str, rule: RowCheck) -> None:
    assert rule.reason.vi != rule.reason.en
    for words in (rule.reason.vi, rule.reason.en):
        assert words[0].isupper()
        assert words[-1] in ".?"


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=COLUMN_NAMES)
def test_a_column_that_may_be_empty_says_what_that_means(table: str, column: Column) -> None:
    # What is plainly optional (a second number, an address, a village) needs no words.
    if column.column_required and not column.value_required:
        assert column.note is not None


def test_limits_are_said_in_both_languages() -> None:
    days = contract("declarations").column("unpaid_days").limits()
    assert days is not None
    assert (days.vi, days.en) == ("từ 0 đến 31; bỏ trống là 0", "from 0 to 31; empty means 0")
    code = contract("businesses").column("tax_code").limits()
    assert code is not None
    assert (code.vi, code.en) == ("10 hoặc 12 hoặc 13 chữ số", "10 or 12 or 13 digits")
    assert contract("payments").column("amount").limits() is None


# Checks


# What the checks see: clean columns of these types, on DuckDB and on Spark.
SQL_TYPES: dict[Type, str] = {
    "text": "VARCHAR",
    "code": "VARCHAR",
    "name": "VARCHAR",
    "period": "VARCHAR",
    "date": "DATE",
    "month": "DATE",
    "money": "BIGINT",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
    "number": "DECIMAL(28, 6)",
}
OUTCOMES: dict[Level, str] = {"reject": "rejected", "hold": "held", "warn": "warned"}
PORTABLE = ["COALESCE", "EXTRACT", "LENGTH", "LOWER", "ABS", "CAST", "NULLIF"]
KEYWORDS = ["AND", "OR", "NOT", "IS", "NULL", "IN", "BETWEEN", "LIKE", "CASE", "WHEN", "THEN", "ELSE", "END"]
KEYWORDS += ["FROM", "YEAR", "AS", "DOUBLE", "BIGINT", "CURRENT_DATE"]


def table_with(record: Contract, row: dict[str, str] | None) -> duckdb.DuckDBPyRelation:
    """Make the table of a contract, with one row (what is not given is NULL) or none."""
    connection = duckdb.connect()
    columns = ", ".join(f'"{column.name}" {SQL_TYPES[column.type]}' for column in record.columns)
    connection.execute(f"CREATE TABLE rows ({columns})")
    if row is not None:
        connection.table("rows").insert([row.get(column.name) or None for column in record.columns])
    return connection.table("rows")


@pytest.mark.parametrize("table", AGREED)
def test_every_check_runs_over_the_columns_of_its_table(table: str) -> None:
    empty = table_with(contract(table), None)
    for rule in contract(table).checks:
        told = empty.project(rule.holds)
        assert [str(kind) for kind in told.types] == ["BOOLEAN"]
        assert told.fetchall() == []


@pytest.mark.parametrize(("table", "rule"), CHECKS, ids=CHECK_NAMES)
def test_a_check_is_written_in_sql_that_every_engine_knows(table: str, rule: RowCheck) -> None:
    bare = re.sub(r"'[^']*'", "''", rule.holds)
    words = re.findall(r"[^\W\d]\w*", bare)
    names = {word for word in words if word not in PORTABLE + KEYWORDS}
    assert names == set(rule.columns), "a check names the columns that it is about, and calls portable functions only"
    assert re.fullmatch(r"[\w\s()',<>=*/+.-]*", bare), "no operator of one engine only"


@pytest.mark.parametrize(("table", "rule"), CHECKS, ids=CHECK_NAMES)
def test_a_check_says_nothing_of_a_row_in_which_nothing_is_known(table: str, rule: RowCheck) -> None:
    ((holds,),) = table_with(contract(table), {}).project(rule.holds).fetchall()
    is_about_absence = rule.id in ("birth_known", "person_named")
    assert (holds is False) == is_about_absence


def cases() -> Iterator[tuple[str, str, list[dict[str, str]]]]:
    for path in sorted((Path(__file__).parent / "contract_cases").glob("*.yaml")):
        for name, text in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            yield path.stem, name, rows_of(text)


CASES = list(cases())


def test_every_check_has_a_row_that_it_accepts_and_one_that_it_does_not() -> None:
    assert {path.stem for path in (Path(__file__).parent / "contract_cases").glob("*.yaml")} == set(AGREED)
    assert sorted(f"{table}.{name}" for table, name, _ in CASES) == sorted(CHECK_NAMES)
    for table, name, rows in CASES:
        outcomes = {row["outcome"] for row in rows}
        assert "accepted" in outcomes, f"{table}.{name}"
        assert len(outcomes) == 2, f"{table}.{name}"


@pytest.mark.parametrize(("table", "name", "rows"), CASES, ids=[f"{table}.{name}" for table, name, _ in CASES])
def test_a_check_accepts_and_refuses_as_the_examples_say(table: str, name: str, rows: list[dict[str, str]]) -> None:
    record = contract(table)
    (rule,) = (rule for rule in record.checks if rule.id == name)
    for row in rows:
        ((holds,),) = table_with(record, row).project(rule.holds).fetchall()
        assert ("accepted" if holds is not False else OUTCOMES[rule.level]) == row["outcome"], row


def test_the_compulsory_groups_of_a_check_are_those_of_the_column() -> None:
    spells = {rule.id: rule for rule in contract("spells").checks}
    for name, agreed in (("compulsory_group", COMPULSORY), ("health_group", HEALTH)):
        (listed,) = re.findall(r"IN \((.*?)\)", spells[name].holds)
        assert re.findall(r"'(\w+)'", listed) == agreed.split()


# Wrong records


def payments(**changes: object) -> dict[str, Any]:
    raw: dict[str, Any] = read_yaml(FOLDER / "payments.yaml")
    return {**raw, **changes}


def test_the_example_that_is_changed_below_is_right() -> None:
    assert check(Contract, payments(), "payments.yaml").table == "payments"


COLUMN = {"name": "x", "title": {"vi": "x", "en": "x"}, "type": "text"}


@pytest.mark.parametrize(
    ("changes", "place", "reason"),
    [
        ({"keys": ["payment_id"]}, "payments.yaml, keys", "no such field; nearest: key"),
        ({"replaces": "day"}, "payments.yaml, replaces", "Input should be 'month', 'whole' or 'adds'"),
        ({"key": ["payment"]}, "payments.yaml, -", "names columns that it does not have: payment"),
        ({"replaces": "month"}, "payments.yaml, -", "names its month column"),
        ({"columns": [COLUMN, COLUMN], "key": [], "checks": []}, "payments.yaml, -", "two columns of one name"),
        (
            {"columns": [{**COLUMN, "value_required": False}], "key": ["x"], "checks": []},
            "payments.yaml, -",
            "a key is never empty: x",
        ),
        ({"columns": [{**COLUMN, "digits": [12]}]}, "payments.yaml, columns.0", "only a code has digits"),
        ({"columns": [{**COLUMN, "least": 0}]}, "payments.yaml, columns.0", "only numbers have bounds"),
        ({"columns": [{**COLUMN, "area": "any"}]}, "payments.yaml, columns.0", "an area is named by a code"),
        ({"columns": [{**COLUMN, "personal_digits": [12]}]}, "payments.yaml, columns.0", "are among the digits"),
        ({"columns": [{**COLUMN, "default": "0"}]}, "payments.yaml, columns.0", "required has no default"),
        (
            {"columns": [{**COLUMN, "value_required": False, "default": "z", "values": {"y": {"vi": "y", "en": "y"}}}]},
            "payments.yaml, columns.0",
            "the default is none of the values",
        ),
        ({"columns": [{**COLUMN, "typ": "text"}]}, "payments.yaml, columns.0.typ", "no such field"),
        ({"columns": [{**COLUMN, "title": {"vi": "x"}}]}, "payments.yaml, columns.0.title.en", "Field required"),
        ({"checks": [{"id": "x", "columns": ["amount"], "holds": "TRUE"}]}, "payments.yaml, checks.0.reason", "Field"),
        ({"checks": payments()["checks"] * 2}, "payments.yaml, -", "two checks of one name"),
    ],
)
def test_a_wrong_record_is_refused_with_its_file_and_field(changes: dict[str, Any], place: str, reason: str) -> None:
    with pytest.raises(BaophuError) as error:
        check(Contract, payments(**changes), "payments.yaml")
    assert any(problem.where.en == place and reason in problem.reason.en for problem in error.value.problems), (
        error.value.say("en")
    )


def copied(folder: Path) -> Path:
    for path in FOLDER.glob("*.yaml"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("payments", "employers.employer_id", "employers.id", "payments.employer_id refers to employers.id"),
        ("payments", "employers.employer_id", "firms.id", "payments.employer_id refers to firms.id"),
        ("payments", "order: 60", "order: 70", "Two contracts have one table or one order"),
        ("payments", "table: payments", "table: notices", "Two contracts have one table or one order"),
    ],
)
def test_contracts_that_do_not_fit_together_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, old: str, new: str, said: str
) -> None:
    changed(copied(tmp_path) / f"{name}.yaml", old, new)
    monkeypatch.setattr("baophu.registers.contracts.FOLDER", tmp_path)
    contracts.cache_clear()
    try:
        with pytest.raises(BaophuError) as error:
            contracts()
    finally:
        contracts.cache_clear()
    assert said in error.value.say("en")


def test_an_unknown_table_proposes_the_nearest_by_name_or_title() -> None:
    with pytest.raises(UnknownName) as error:
        contract("payment")
    assert "payments (Tiền đơn vị đã đóng)" in error.value.say("en")
    with pytest.raises(UnknownName) as error:
        contract("nguoi tham gia")
    assert "participants (Người tham gia)" in error.value.say("vi")
