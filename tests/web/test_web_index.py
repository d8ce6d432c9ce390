"""The index of a run says what the run says; it is made when it is lacking, and goes with a purge."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from baophu.areas.units import COUNTRY, tree
from baophu.core.home import SITE_INDEX
from baophu.core.months import months_later
from baophu.dues.account import account
from baophu.dues.explain_charge import explain_charge
from baophu.dues.explain_sums import explain_sums
from baophu.dues.registered import Registered
from baophu.engine import DuckDB
from baophu.law.tree import tree_of
from baophu.registers import store as registers
from baophu.registers.purging import Decision, purge_expired
from baophu.results import store
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import Held, Scope
from baophu.web.employer_law import explained
from baophu.web.index import bring_up_to_date, index_file, indexed
from baophu.web.packed import months_of
from baophu.web.reading import Reader
from small_country import a_home, rows, run


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a month that was run, and its index."""
    home = a_home(tmp_path_factory.mktemp("indexed"))
    run(home, whole=True)
    told: list[date] = []
    assert bring_up_to_date(home, tell=lambda one: told.append(one.month)) == 1
    assert told == [store.runs(home)[-1].month]
    return home


def asked(home: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(indexed(home)[-1]) as connection:
        return connection.execute(sql).fetchall()


def test_every_row_of_the_run_is_there(place: Path) -> None:
    manifest = store.runs(place)[-1]
    for table in ("findings", "dues", "charges", "steps"):
        count = 1 if table == "charges" else manifest.rows[table]
        assert asked(place, f"SELECT count(*) >= {count} FROM {table}") == [(1,)], table  # noqa: S608
    assert asked(place, "SELECT count(*) FROM findings") == [(len(rows(place, manifest, "findings")),)]


def test_the_values_are_those_of_the_run(place: Path) -> None:
    manifest = store.runs(place)[-1]
    names = ("area_code", "indicator", "place", "scope", "month", "numerator", "denominator", "value",
             "denominator_source", "completeness", "estimated")  # fmt: skip
    areas = ["00", *(one.code for one in tree().provinces), *(one.code for one in tree().children("79"))]

    def told(row: Mapping[str, object]) -> tuple[str, ...]:
        return tuple(str(bool(row[name]) if name == "estimated" else row[name]) for name in names)

    sql = "SELECT * FROM variants JOIN series USING (variant)"
    count = 0
    with sqlite3.connect(indexed(place)[-1]) as connection:
        connection.row_factory = sqlite3.Row
        found = set()
        for row in connection.execute(sql):
            count += len(row["months"].split(","))
            if row["area_code"] in areas:
                found |= {told(month) for month in months_of(dict(row))}
    of_run = parquet.read_table(store.table(place, manifest, "indicators"), filters=[("area_code", "in", areas)])
    assert found == {told(row) for row in of_run.to_pylist()}
    assert count == manifest.rows["indicators"] > 10_000


def test_what_is_measured_takes_little_room(place: Path) -> None:
    size = dict(asked(place, "SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))  # type: ignore[arg-type]
    # A row a month in SQLite took more than 150 bytes.
    assert int(str(size["series"])) + int(str(size["variants"])) < 20 * store.runs(place)[-1].rows["indicators"]


def test_the_counts_of_a_province_are_those_of_its_communes(place: Path) -> None:
    provinces = asked(
        place, "SELECT sum(findings) FROM finding_counts WHERE length(area_code) = 2 AND area_code <> '00'"
    )
    communes = asked(place, "SELECT sum(findings) FROM finding_counts WHERE length(area_code) = 5")
    country = asked(place, "SELECT sum(findings) FROM finding_counts WHERE area_code = '00'")
    assert provinces == communes == country != [(0,)]


def test_what_is_there_is_not_made_again(place: Path) -> None:
    before = indexed(place)[-1].stat().st_mtime_ns
    assert bring_up_to_date(place) == 0
    assert indexed(place)[-1].stat().st_mtime_ns == before


def test_the_index_of_a_run_that_is_not_shown_any_more_is_deleted(place: Path) -> None:
    old = place / SITE_INDEX / "2020-01-20200201T000000000000Z.sqlite"
    old.write_bytes(b"")
    bring_up_to_date(place)
    assert not old.exists()
    assert len(indexed(place)) == 1


def test_everybody_a_finding_or_a_spell_is_about_is_known_by_a_key_without_digits_of_a_number(place: Path) -> None:
    lacking = "SELECT count(*) FROM findings WHERE person NOT IN (SELECT person FROM persons)"
    assert asked(place, lacking) == [(0,)]
    assert asked(place, "SELECT count(*) > 0 FROM findings WHERE person IS NOT NULL") == [(1,)]
    assert asked(place, "SELECT count(*) > 0 FROM person_spells JOIN persons USING (person)") == [(1,)]
    told = "SELECT count(*) FROM persons WHERE instr(person, pid) > 0 OR length(person) <> 20"
    assert asked(place, told) == [(0,)]


def test_a_person_has_another_key_on_another_site(place: Path, tmp_path: Path) -> None:
    from baophu.web.index import _secret

    assert _secret(place).to_pylist() == _secret(place).to_pylist() != _secret(tmp_path).to_pylist()


def table(home: Path, name: str) -> list[dict[str, object]]:
    return list(parquet.read_table(store.table(home, store.runs(home)[-1], name)).to_pylist())  # type: ignore[no-untyped-call]


def test_the_places_are_those_of_the_run(place: Path) -> None:
    names = ("peer_group", "criterion", "indicator", "scope", "period")
    found = [
        (*row[:5], code, rank, before, score)
        for row in asked(place, f"SELECT {', '.join(names)}, places FROM rankings")  # noqa: S608
        for code, rank, before, score in json.loads(str(row[5]))
    ]
    told = [
        (*(row[name] for name in names), row["area_code"], row["rank"], row["previous_rank"], row["score"])
        for row in table(place, "rankings")
    ]
    assert sorted(found, key=str) == sorted(told, key=str) != []


def test_the_parts_are_those_of_the_run(place: Path) -> None:
    month = store.runs(place)[-1].month
    found = {
        (area, scheme, dimension, member): people
        for area, scheme, dimension, members in asked(place, "SELECT * FROM breakdowns")
        for member, people, _ in json.loads(str(members))
        if people
    }
    told = {
        (row["area_code"], row["scheme"], row["dimension"], row["member"]): row["participants"]
        for row in table(place, "breakdowns")
        if row["place"] == "managed" and row["month"] == month and row["participants"]
    }
    assert found == told != {}


def test_the_groups_of_an_employers_month_make_what_the_run_says_is_due(place: Path) -> None:
    dues = {
        (row["employer_id"], f"{row['month']}"): (row["participants"], row["due_si"], row["due_hi"], row["due_ui"])
        for row in table(place, "dues")
    }
    found = {
        (code, month): tuple(sum(one[at] for one in json.loads(str(alike))) for at in (4, 8, 9, 10))
        for code, month, alike in asked(place, "SELECT employer_id, month, alike FROM due_groups")
    }
    assert len(found) > 10
    assert found == {key: dues[key] for key in found}


def test_the_workers_are_those_of_the_tax_register_and_of_the_declarations(place: Path) -> None:
    paid: Counter[tuple[object, str]] = Counter()
    for path in registers.current(place, "tax_income"):
        for row in parquet.read_table(path, columns=["tax_code", "month", "months_covered"]).to_pylist():  # type: ignore[no-untyped-call]
            for back in range(row["months_covered"] or 1):
                paid[row["tax_code"], f"{months_later(row['month'], -back)}"] += 1
    of = {row["employer_id"]: row["tax_code"] for row in table(place, "employer_links") if row["status"] == "accepted"}
    declared: Counter[tuple[object, str]] = Counter()
    for row in table(place, "dues"):
        if row["employer_id"] in of:
            declared[of[row["employer_id"]], f"{row['month']}"] += int(str(row["participants"]))
    rows_ = asked(place, "SELECT employer_id, tax_code, months FROM employer_workers")
    assert len(rows_) > 10
    for employer, code, months in rows_:
        assert of[employer] == code
        for month, tax, own, unseen in json.loads(str(months)):
            assert (tax or 0, own or 0) == (paid[code, month], declared[code, month])
            assert unseen >= 0


def test_the_explanation_of_a_charge_is_that_of_the_registers(place: Path) -> None:
    run_ = store.runs(place)[-1]
    reader = Reader(place, run_, Scope((Held(frozenset(Right), frozenset({COUNTRY})),)))
    charged = asked(place, "SELECT employer_id FROM employers WHERE charge > 0 ORDER BY charge DESC LIMIT 5")
    compared = 0
    for (code,) in charged:
        row = reader.employer(str(code))
        assert row is not None
        with DuckDB("1GiB") as engine:
            tables = Registered(place).of_employer(engine, str(code), run_.as_of)
            own = account(engine, str(code), tables, run_.as_of)
        for month in {charge["month"] for charge in own.charges}:
            told = explained(reader, row, month, "vi")
            assert told is not None
            # What the page has explained above is not explained again.
            above: dict[str, str] = {}
            tree_of(explain_sums(own, month, ()), "vi", above)
            trees = (told.charge, tree_of(explain_charge(own, month), "vi", above))
            of_index, of_registers = (
                [(part["title"], part["value"], part["article"], part["failed"]) for part in one["parts"]]
                for one in trees
            )
            assert (trees[0]["value"], of_index) == (trees[1]["value"], of_registers)
            compared += 1
    assert compared > 1


def test_a_purge_deletes_the_index_and_it_can_be_made_again(place: Path) -> None:
    manifest = store.runs(place)[-1]
    last = max(until for one in registers.loads(place) if (until := one.basis.retain_until))
    purge_expired(place, last.replace(year=last.year + 1), Decision(reason="test", decided_by="test"))
    assert not index_file(place, manifest).exists()
    assert not (place / SITE_INDEX).exists()
