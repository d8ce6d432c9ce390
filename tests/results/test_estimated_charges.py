"""What findings would bring stands beside what was declared: shown, taken away, explained, and in no late sum."""

from __future__ import annotations

import csv
import json
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from typer.testing import CliRunner

from baophu.core.errors import BaophuError
from baophu.findings.explain_commands import charge as explain_charge
from baophu.law.explain_commands import app as explain
from baophu.results import store
from baophu.results.compare import compare
from baophu.results.export import Wanted, export, first_rows
from baophu.results.summary import Summary
from baophu.results.tables import FROM_FINDINGS, declared
from small_country import a_home, loaded, run

if not any(command.callback is explain_charge for command in explain.registered_commands):
    explain.command("charge")(explain_charge)


@cache
def a_run() -> tuple[Path, Summary]:
    home = a_home(loaded()[1].parent / "estimated")
    return home, run(home, as_of=date(2026, 12, 15))


def charges() -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of what was declared, and those of findings."""
    home, done = a_run()
    files = store.table(home, done.run, "charges")
    return pl.read_parquet(declared(files)), pl.read_parquet([one for one in files if one.name == FROM_FINDINGS])


def test_all_rows_are_shown_and_say_what_they_rest_on(tmp_path: Path) -> None:
    home, done = a_run()
    of_declared, of_findings = charges()
    shown, every = first_rows(home, Wanted(done.run, "charges"), 1000)
    assert every == len(of_declared) + len(of_findings)
    assert {"basis", "finding_id", "tax_code"} <= set(shown.column_names)
    export(home, Wanted(done.run, "charges"), tmp_path / "charges.csv", "csv")
    with (tmp_path / "charges.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert sum(row["basis"] == "declared" for row in rows) == len(of_declared) > 0
    assert sum(row["basis"] in ("finding", "question") for row in rows) == len(of_findings) > 0
    # A household's tax code is its owner's number.
    assert not any(len(row["tax_code"]) == 12 and row["tax_code"].isdigit() for row in rows)


def test_the_summary_tells_an_estimate_and_keeps_it_apart() -> None:
    _, done = a_run()
    of_declared, of_findings = charges()
    open_ = of_declared.filter(pl.col("paid_on").is_null())
    assert sum(row["charge"] for row in done.classes) == open_["charge"].sum()
    told = json.loads(done.as_json())["estimated_charges"]
    assert sum(row["charge"] for row in told) == of_findings["charge"].sum()
    owed = of_findings.group_by("finding_id", "month", "fund").agg(pl.col("amount").max())
    assert sum(row["amount"] for row in told) == owed["amount"].sum()
    assert sum("Ước tính" in sentence for sentence in done.sentences("vi")) == 1
    assert sum("An estimate" in sentence for sentence in done.sentences("en")) == 1


def test_an_estimate_is_explained_to_the_dong() -> None:
    home, _ = a_run()
    _, of_findings = charges()
    for basis in ("finding", "question"):
        some = of_findings.filter(basis=basis)["finding_id"].sort()[0]
        asked = ["charge", "--finding", some, "--format", "json"]
        done = CliRunner().invoke(explain, asked, obj=SimpleNamespace(lang="en", home=home), catch_exceptions=False)
        told = json.loads(done.stdout)
        assert told["value"] == of_findings.filter(finding_id=some)["charge"].sum()
        assert ("question" in done.stdout) == (basis == "question")


def test_a_finding_without_an_estimate_is_told() -> None:
    home, _ = a_run()
    with pytest.raises(BaophuError, match="no estimate"):
        CliRunner().invoke(
            explain, ["charge", "--finding", "none"], obj=SimpleNamespace(lang="en", home=home), catch_exceptions=False
        )


def test_runs_of_two_days_are_compared() -> None:
    home, done = a_run()
    later = run(home, as_of=date(2026, 12, 31)).run
    (difference,) = [one for one in compare(home, done.run, later).differences if one.table == "charges"]
    assert difference.columns["days"] > 0
