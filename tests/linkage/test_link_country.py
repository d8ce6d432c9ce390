"""A generated country at the country's density: every rule held to the truth."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from baophu.engine import DuckDB
from baophu.linkage.employers import link_employers
from baophu.linkage.persons import link_persons
from baophu.linkage.workers import match_workers
from baophu.registers.store import current

Linked = tuple[Path, Path]


@pytest.fixture(scope="module")
def linked(country: Linked, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Path]]:
    """A connection with the tables of links and of the truth, and the folder of the links."""
    files, home = country
    place = tmp_path_factory.mktemp("linked")
    registers = {
        name: current(home, name)
        for name in ("population", "participants", "employers", "businesses", "declarations", "tax_income")
    }
    with DuckDB(memory="1GiB", threads=2, temp=place / "spilled") as engine:
        link_persons(
            engine,
            registers["participants"],
            registers["population"],
            links=place / "links.parquet",
            review=place / "review.parquet",
            temp=place,
        )
        link_employers(
            engine, registers["employers"], registers["businesses"], out=place / "employer_links.parquet", temp=place
        )
        match_workers(
            engine,
            registers,
            links=[place / "links.parquet"],
            employer_links=[place / "employer_links.parquet"],
            out=place / "workers",
            temp=place,
        )
    with duckdb.connect() as connection:
        for name, path in {
            "links": place / "links.parquet",
            "review": place / "review.parquet",
            "employer_links": place / "employer_links.parquet",
            "worker_matches": place / "workers" / "*.parquet",
            "true_links": files / "truth" / "links" / "*.parquet",
            "true_employers": files / "truth" / "employer_links" / "*.parquet",
            "true_workers": files / "truth" / "worker_links" / "*.parquet",
        }.items():
            connection.execute(f"CREATE VIEW {name} AS FROM read_parquet('{path}')")
        paths = [str(path) for path in registers["participants"]]
        connection.execute(f"CREATE VIEW participants AS FROM read_parquet({paths!r})")
        yield connection, place


def asked(linked: tuple[Any, Path], sql: str) -> Any:
    return linked[0].execute(sql).fetchall()


def test_no_rule_links_a_participant_to_somebody_else(linked: tuple[Any, Path]) -> None:
    false = asked(
        linked,
        "SELECT rule, count(*), count(*) FILTER (links.pid <> true_links.pid) "
        "FROM links JOIN true_links USING (si_code) WHERE status = 'accepted' GROUP BY rule",
    )
    assert {rule for rule, _, _ in false} >= {"number", "old_number", "name_birth_commune", "number_mistyped", "model"}
    # One in 10,000 in any rule: of so few links, none.
    assert [(rule, wrong) for rule, _, wrong in false if wrong] == []


def test_nearly_every_participant_is_linked_and_none_is_lost(linked: tuple[Any, Path]) -> None:
    ((every, right),) = asked(
        linked,
        "SELECT count(*), count(links.pid = true_links.pid OR NULL) FROM participants JOIN true_links USING (si_code) "
        "LEFT JOIN (FROM links WHERE status = 'accepted') AS links USING (si_code)",
    )
    assert right / every >= 0.997
    lost = asked(
        linked,
        "SELECT count(*) FROM participants WHERE si_code NOT IN (SELECT si_code FROM links WHERE status = 'accepted') "
        "AND si_code NOT IN (SELECT si_code FROM review)",
    )
    assert lost == [(0,)]


def test_employers_are_linked_to_their_own_business(linked: tuple[Any, Path]) -> None:
    ((every, right, wrong),) = asked(
        linked,
        "SELECT count(*), count(*) FILTER (one.tax_code = other.tax_code), "
        "count(*) FILTER (one.tax_code <> other.tax_code) FROM true_employers AS other "
        "LEFT JOIN (FROM employer_links WHERE status = 'accepted') AS one USING (employer_id)",
    )
    assert wrong == 0
    assert right / every >= 0.99


def test_paid_workers_are_matched_row_by_row(linked: tuple[Any, Path]) -> None:
    ((every, right, wrong, elsewhere),) = asked(
        linked,
        "SELECT count(*), count(*) FILTER (one.pid = other.pid), count(*) FILTER (one.pid <> other.pid), "
        "count(*) FILTER (one.tax_code <> other.tax_code) FROM true_workers AS other "
        "LEFT JOIN (FROM worker_matches WHERE status = 'accepted') AS one ON one.row_id = other.row",
    )
    assert wrong <= every / 10_000
    assert right / every >= 0.997
    # A row's place is the one that it had in the file.
    assert elsewhere == 0


def test_linking_again_gives_the_same(linked: tuple[Any, Path], country: Linked, tmp_path: Path) -> None:
    _, home = country
    with DuckDB(memory="1GiB", threads=1, temp=tmp_path / "spilled") as engine:
        link_persons(
            engine,
            current(home, "participants"),
            current(home, "population"),
            links=tmp_path / "links.parquet",
            review=tmp_path / "review.parquet",
            temp=tmp_path,
            memory=1 << 20,
        )
    linked[0].execute(f"CREATE OR REPLACE VIEW again AS FROM read_parquet('{tmp_path / 'links.parquet'}')")
    same = "SELECT count(*) FROM links JOIN again USING (si_code, pid, rule, status, rivals) WHERE {}"
    ((every,),) = asked(linked, "SELECT count(*) FROM links")
    assert asked(linked, "SELECT count(*) FROM again") == [(every,)]
    assert asked(linked, same.format("abs(links.score - again.score) < 1e-9")) == [(every,)]
