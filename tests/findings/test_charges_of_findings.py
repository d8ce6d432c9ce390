"""Charges on people not registered and on bases too low: worked cases, random ones against plain Python, a country."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baophu.core.months import last_day, months_later
from baophu.engine import DuckDB, Engine, Spark
from baophu.findings.charging import charge_findings
from baophu.findings.finding import no_outcomes
from baophu.law.parameters import Book, book
from baophu.law.people.late import late_charge, late_class
from baophu.nation import reference
from baophu.results import store
from baophu.results.tables import FROM_FINDINGS
from engines import duck, engine, spark  # noqa: F401 (fixtures)
from findings.few_registers import Registers, all_found
from small_country import a_home, loaded, run

DAY = timedelta(days=1)
AUG, SEP, OCT = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)
FIRM, AN, BINH = "0101234567", "001085000001", "001085000002"
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("finding_id", "kind", "employer_id", "tax_code")),
        ("month", pa.date32()),
        *((name, pa.string()) for name in ("group_code", "region", "pay_method")),
        *((name, pa.int64()) for name in ("registered_wage", "lawful_wage")),
        *((name, pa.date32()) for name in ("liable_month", "registered_month")),
    ]
)
OUTCOMES = no_outcomes().schema
Row = dict[str, Any]


def absent(month: date, wage: int = 10_000_000, liable: date = AUG, **more: Any) -> Row:
    """A month of a worker who is not registered."""
    return {
        "finding_id": "f1", "kind": "uninsured_worker", "employer_id": "E1", "tax_code": FIRM, "month": month,
        "group_code": "a", "region": "I", "pay_method": "monthly", "registered_wage": None, "lawful_wage": wage,
        "liable_month": liable, "registered_month": None, **more,
    }  # fmt: skip


def too_low(month: date, registered: int, lawful: int, **more: Any) -> Row:
    """A month of a worker whose registered base is too low."""
    return absent(
        month, lawful, registered_wage=registered, liable_month=None, kind="underdeclared_wage", finding_id="f2", **more
    )


def charged(
    engine: Engine,  # noqa: F811
    months: Sequence[Row],
    as_of: date,
    place: Path,
    outcomes: Sequence[Row] = (),
    law: Book | None = None,
) -> list[Row]:
    table = pa.Table.from_pylist(list(months), SCHEMA)
    told = pa.Table.from_pylist(list(outcomes), OUTCOMES)
    rows: list[Row] = charge_findings(engine, table, told, as_of, law or book(), place).arrow().to_pylist()
    return sorted(rows, key=lambda row: (row["finding_id"], row["month"], row["fund"], row["first_day"]))


def short(row: Row) -> tuple[Any, ...]:
    return row["clause"], row["amount"], row["first_day"], row["days"], row["charge"]


def test_a_worker_not_registered_is_late_for_sixty_days_then_evaded(duck: DuckDB, tmp_path: Path) -> None:  # noqa: F811
    # Liable from 1 August, to register by 31 August, the 60 days end on 30 October. August is due on 30 September.
    late = charged(duck, [absent(AUG), absent(SEP)], date(2026, 10, 30), tmp_path)
    assert [short(row) for row in late] == [
        ("38(2)", 2_550_000, OCT, 30, 22_950),
        ("38(3)", 200_000, OCT, 30, 1_800),
    ]
    evaded = charged(duck, [absent(AUG)], date(2026, 10, 31), tmp_path)
    assert [short(row) for row in evaded] == [
        ("39(1)(a)", 2_550_000, OCT, 31, 23_715),
        ("39(1)(b)", 200_000, OCT, 31, 1_860),
    ]
    assert {(row["class"], row["basis"], row["tax_code"]) for row in evaded} == {("evasion", "finding", FIRM)}


def test_which_days_are_evasion_is_a_switch_and_changes_no_sum(duck: DuckDB, tmp_path: Path) -> None:  # noqa: F811
    day = date(2026, 11, 30)
    whole = charged(duck, [absent(AUG)], day, tmp_path)
    law = book().with_switches(unregistered_evasion_days="after_sixty_days")
    parts = charged(duck, [absent(AUG)], day, tmp_path, law=law)
    assert [short(row)[0::2][:2] for row in parts if row["fund"] == "si"] == [
        ("38(2)", OCT),
        ("39(1)(a)", date(2026, 10, 31)),
    ]
    assert sum(row["days"] for row in parts) == sum(row["days"] for row in whole)


def test_the_day_from_which_a_worker_is_liable_is_a_switch(duck: DuckDB, tmp_path: Path) -> None:  # noqa: F811
    law = book().with_switches(liable_from_day="last_of_month")
    (row, _) = charged(duck, [absent(AUG)], date(2026, 11, 29), tmp_path, law=law)
    assert (row["clause"], row["first_day"]) == ("38(2)", OCT)
    (row, _) = charged(duck, [absent(AUG)], date(2026, 11, 30), tmp_path, law=law)
    assert row["clause"] == "39(1)(a)"


@pytest.mark.parametrize(("registered", "clause"), [(OCT, "38(2)"), (date(2026, 11, 1), "39(1)(a)")])
def test_who_was_registered_within_the_sixty_days_was_registered_late(
    duck: DuckDB,  # noqa: F811
    tmp_path: Path,
    registered: date,
    clause: str,
) -> None:
    row, _ = charged(duck, [absent(AUG, registered_month=registered)], date(2026, 12, 31), tmp_path)
    assert (row["clause"], row["days"]) == (clause, 92)


def test_a_base_too_low_is_a_question_and_counts_from_the_day_after_the_due_date(
    duck: DuckDB,  # noqa: F811
    tmp_path: Path,
) -> None:
    rows = charged(duck, [too_low(AUG, 6_000_000, 10_000_000)], OCT, tmp_path)
    assert [short(row) for row in rows] == [
        ("39(1)(c)", 1_020_000, OCT, 1, 306),
        ("39(1)(d)", 80_000, OCT, 1, 24),
    ]
    assert {row["basis"] for row in rows} == {"question"}
    # Above the ceiling of social insurance nothing is missing there; that of unemployment insurance is higher.
    (row,) = charged(duck, [too_low(AUG, 60_000_000, 90_000_000)], OCT, tmp_path)
    assert short(row)[:2] == ("39(1)(d)", 600_000)


def test_a_cycle_of_three_months_has_its_own_due_date(duck: DuckDB, tmp_path: Path) -> None:  # noqa: F811
    months = [too_low(date(2026, 7, 1), 6_000_000, 10_000_000, pay_method="quarterly")]
    assert charged(duck, months, date(2026, 10, 31), tmp_path) == []
    assert {row["first_day"] for row in charged(duck, months, date(2026, 11, 1), tmp_path)} == {date(2026, 11, 1)}


def test_an_outcome_confirms_or_takes_away(duck: DuckDB, tmp_path: Path) -> None:  # noqa: F811
    def said(outcome: str, on: date) -> Row:
        return {"finding_id": "f2", "kind": "underdeclared_wage", "outcome": outcome, "on": on}

    months = [too_low(AUG, 6_000_000, 10_000_000)]
    told = [said("unanswered", date(2026, 9, 1)), said("confirmed", date(2026, 9, 9))]
    assert {row["basis"] for row in charged(duck, months, OCT, tmp_path, told)} == {"confirmed"}
    assert charged(duck, months, OCT, tmp_path, [*told, said("wrong", date(2026, 9, 20))]) == []


def test_nothing_found_is_charged_nothing(duck: DuckDB, tmp_path: Path) -> None:  # noqa: F811
    assert charged(duck, [], OCT, tmp_path) == []


def of_registers(it: Registers, duck: DuckDB, place: Path) -> list[Row]:  # noqa: F811
    return all_found(it, duck, place)["found_months"]


def test_the_months_of_a_payer_that_is_no_employer(
    duck: DuckDB,  # noqa: F811
    tmp_path: Path,
) -> None:
    it = Registers()
    it.person(AN)
    it.business(FIRM)
    it.pay(AN, FIRM, income=9_000_000)
    rows = of_registers(it, duck, tmp_path)
    assert [(row["month"], row["lawful_wage"], row["liable_month"]) for row in rows] == [
        (month, 9_000_000, AUG) for month in (AUG, SEP, OCT)
    ]
    assert {(row["employer_id"], row["tax_code"], row["kind"]) for row in rows} == {(None, FIRM, "uninsured_worker")}


def test_the_months_before_a_worker_was_registered_after_all(
    duck: DuckDB,  # noqa: F811
    tmp_path: Path,
) -> None:
    it = Registers()
    it.person(AN)
    it.employer("E1", FIRM)
    it.spell(AN, employer="E1", start=OCT)
    it.declare(AN, "E1", months=[OCT])
    it.pay(AN, FIRM)
    rows = of_registers(it, duck, tmp_path)
    assert [(row["month"], row["registered_month"]) for row in rows] == [(AUG, OCT), (SEP, OCT)]


def test_the_months_of_a_base_too_low(duck: DuckDB, tmp_path: Path) -> None:  # noqa: F811
    it = Registers()
    it.person(AN)
    it.employer("E1", FIRM)
    it.spell(AN, employer="E1")
    it.declare(AN, "E1", wage=6_000_000)
    it.pay(AN, FIRM, [AUG, SEP], income=10_000_000)
    it.pay(AN, FIRM, [OCT], income=5_000_000)
    rows = of_registers(it, duck, tmp_path)
    assert [(row["month"], row["registered_wage"], row["lawful_wage"]) for row in rows] == [
        (AUG, 6_000_000, 10_000_000),
        (SEP, 6_000_000, 10_000_000),
    ]


def slowly(months: Sequence[Row], as_of: date, first_of_month: bool = True) -> Iterator[tuple[Any, ...]]:
    """Work the charges out in plain whole numbers: amounts by the country's reference, days by counting them."""
    for row in months:
        lawful, registered = (
            (0, 0, 0)
            if row[name] is None
            else reference.worker_parts(row["group_code"], row["month"], row["region"], row[name], 0, False)
            for name in ("lawful_wage", "registered_wage")
        )
        due = reference.due_date(row["month"], row["pay_method"])
        for fund, at in (("si", 0), ("ui", 2)):
            amount, first = lawful[at] - registered[at], due + DAY
            clauses = {"si": ("38(2)", "39(1)(a)"), "ui": ("38(3)", "39(1)(b)")}[fund]
            if row["kind"] == "underdeclared_wage":
                clause = {"si": "39(1)(c)", "ui": "39(1)(d)"}[fund]
            else:
                liable = row["liable_month"] if first_of_month else last_day(row["liable_month"])
                until = liable + timedelta(days=90)
                first = max(first, liable + timedelta(days=31))
                in_time = row["registered_month"] is not None and row["registered_month"] <= until
                clause = clauses[as_of > until and not in_time]
            first = max(first, reference.LAW_BEGINS)
            days = sum(1 for number in range((as_of - first).days + 1) if first + number * DAY <= as_of)
            if amount > 0 and days > 0:
                charge = (amount * 3 * days * 2 + 10_000) // 20_000
                yield row["finding_id"], row["month"], fund, clause, amount, first, days, charge


MONTHS = [months_later(date(2025, 3, 1), number) for number in range(20)]


@st.composite
def found_months(draw: st.DrawFn) -> list[Row]:
    rows = []
    wages = st.sampled_from([0, 1, 2_340_000, 2_530_001, 7_654_321, 46_800_001, 99_200_001]) | st.integers(0, 10**9)
    for number in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(MONTHS) - 4))
        more = {
            "region": draw(st.sampled_from(["I", "II", "III", "IV"])),
            "pay_method": draw(st.sampled_from(["monthly", "quarterly", "half_yearly"])),
            "finding_id": f"f{number}",
        }
        low = draw(st.booleans())
        later = draw(st.none() | st.integers(3, 8))
        for month in MONTHS[at : at + draw(st.integers(1, 3))]:
            one = (
                {**too_low(month, draw(wages), draw(wages)), "group_code": draw(st.sampled_from("ail")), **more}
                if low
                else absent(
                    month,
                    draw(wages),
                    MONTHS[at],
                    registered_month=None if later is None else months_later(MONTHS[at], later),
                    **more,
                )
            )
            rows.append(one)
    return rows


@pytest.fixture(scope="module")
def one_thread() -> Iterator[DuckDB]:
    with DuckDB(memory="500MiB", threads=1) as it:
        yield it


@settings(max_examples=25, deadline=None)
@given(months=found_months(), as_of=st.dates(date(2025, 7, 1), date(2027, 3, 31)), first=st.booleans())
def test_random_findings_meet_plain_whole_numbers(
    one_thread: DuckDB,
    tmp_path_factory: pytest.TempPathFactory,
    months: list[Row],
    as_of: date,
    first: bool,
) -> None:
    law = book() if first else book().with_switches(liable_from_day="last_of_month")
    rows = charged(one_thread, months, as_of, tmp_path_factory.mktemp("charged"), law=law)
    names = ("finding_id", "month", "fund", "clause", "amount", "first_day", "days", "charge")
    assert [tuple(row[name] for name in names) for row in rows] == sorted(slowly(months, as_of, first))


@settings(max_examples=12, deadline=None)
@given(as_of=st.dates(date(2026, 9, 1), date(2027, 2, 28)), wage=st.integers(2_530_000, 10**8))
def test_lists_say_the_same_as_single_cases(
    one_thread: DuckDB,
    tmp_path_factory: pytest.TempPathFactory,
    as_of: date,
    wage: int,
) -> None:
    """The rules of `law.people.late`, written apart, answer one case at a time."""
    months = [absent(AUG, wage), too_low(AUG, 2_530_000, wage)]
    for row in charged(one_thread, months, as_of, tmp_path_factory.mktemp("charged")):
        given = {"fund": row["fund"], "start_day_counted": False, "as_of": as_of}
        conduct = {"f1": "not_registered", "f2": "base_too_low"}[row["finding_id"]]
        asked = late_class(book(), conduct=conduct, month=AUG, liable_from=AUG, **given)
        assert (asked["class"].value, str(asked["class"].article)) == (
            row["class"],
            f"Law 41/2024/QH15 art. {row['clause']}",
        )
        if row["finding_id"] == "f2":
            funds = ("sick_maternity", "retirement", "accident") if row["fund"] == "si" else ("unemployment",)
            single = late_charge(
                book(), form="base_too_low", month=AUG, funds=funds, registered_base=2_530_000,
                legal_base=min(wage, 50_600_000 if row["fund"] == "si" else 106_200_000), paid_on=as_of + DAY,
            )  # fmt: skip
            assert [single[name].value for name in ("shortfall", "first_day", "days", "charge")] == [
                row[name] for name in ("amount", "first_day", "days", "charge")
            ]


@pytest.mark.spark
def test_both_engines_charge_the_same(duck: DuckDB, spark: Spark, tmp_path: Path) -> None:  # noqa: F811
    months = [
        *(absent(month, 7_654_321, registered_month=OCT) for month in (AUG, SEP)),
        *(absent(month, 90_000_000, finding_id="f3", employer_id=None, pay_method="quarterly") for month in (AUG, SEP)),
        *(too_low(month, 5_310_000, 12_345_678, group_code="i") for month in (AUG, SEP, OCT)),
    ]
    told = [{"finding_id": "f2", "kind": "underdeclared_wage", "outcome": "confirmed", "on": SEP}]
    for law in (book(), book().with_switches(unregistered_evasion_days="after_sixty_days")):
        here, there = (
            charged(one, months, date(2026, 12, 15), tmp_path / one.name, told, law) for one in (duck, spark)
        )
        assert here == there
        assert len(here) > len(months)


@pytest.mark.spark
def test_both_engines_find_the_same_months(
    duck: DuckDB,  # noqa: F811
    spark: Spark,  # noqa: F811
    tmp_path: Path,
) -> None:
    def found(one: Engine, place: Path) -> list[Row]:
        it = Registers()
        for pid in (AN, BINH):
            it.person(pid)
        it.employer("E1", FIRM)
        it.spell(AN, employer="E1")
        it.declare(AN, "E1", wage=6_000_000)
        it.pay(AN, FIRM, income=10_000_000)
        it.pay(BINH, FIRM, [AUG, SEP])
        it.spell(BINH, employer="E1", start=OCT)
        rows = all_found(it, one, place)["found_months"]
        return sorted(rows, key=lambda row: (row["finding_id"], row["month"]))

    here, there = found(duck, tmp_path / "duck"), found(spark, tmp_path / "spark")
    assert here == there
    assert len(here) == 5


def test_a_country_is_charged_what_its_truth_says(tmp_path: Path) -> None:
    """Whoever the truth says is paid and not insured, where the registers can tell: every row, to the dong."""
    home, as_of = a_home(tmp_path), date(2026, 12, 15)
    done = run(home, as_of=as_of).run
    country = loaded()[0]

    def register(table: str) -> pl.DataFrame:
        return pl.read_parquet(country / table / "*.parquet")

    def result(table: str) -> pl.DataFrame:
        return pl.read_parquet(store.table(home, done, table))

    truth = register("truth/findings").filter((pl.col("kind") == "uninsured_worker") & pl.col("decidable"))
    findings = result("findings").filter(kind="uninsured_worker", status="open")
    same = findings.join(truth, on=["pid", "tax_code", "from_month", "to_month"])
    assert len(same) >= 0.9 * len(truth) > 20
    of_employer = {
        row["employer_id"]: {"region": row["region"], "pay_method": row["pay_method"]}
        for row in register("employers").iter_rows(named=True)
    }
    pay = (
        register("tax_income")
        .filter(pl.col("contract") == "labour")
        .group_by("pid", "tax_code", "month")
        .agg(pl.col("income").sum(), told=pl.col("income").is_not_null().all())
    )
    months = [
        absent(
            row["month"], row["income"], row["from_month"], finding_id=row["finding_id"],
            employer_id=row["employer_id"], **of_employer.get(row["employer_id"], {}),
        )
        for row in same.join(pay, on=["pid", "tax_code"])
        .filter((pl.col("month") >= pl.col("from_month")) & (pl.col("month") < pl.col("to_month")) & pl.col("told"))
        .iter_rows(named=True)
    ]  # fmt: skip
    expected = sorted(slowly(months, as_of))
    files = [path for path in store.table(home, done, "charges") if path.name == FROM_FINDINGS]
    of_these = pl.DataFrame(
        {"finding_id": [row["finding_id"] for row in months], "month": [row["month"] for row in months]}
    )
    got = (
        pl.read_parquet(files)
        .join(of_these, on=["finding_id", "month"], how="semi")
        .select("finding_id", "month", "fund", "clause", "amount", "first_day", "days", "charge")
    )
    assert sorted(got.iter_rows()) == expected
    assert len(expected) > 100
    # Of those who began to be missing within the last three months, a country this small may have none.
    assert {"39(1)(a)", "39(1)(b)"} <= {row[3] for row in expected}
    # What was declared stands apart, and has none of these clauses.
    declared = parquet.read_table(store.table(home, done, "charges")[0])
    assert "basis" not in declared.column_names
    assert set(declared["clause"].to_pylist()) <= {"38(1)", "39(1)(đ)", "39(1)(e)", "HI"}
