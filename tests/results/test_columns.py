"""The reference of the result tables holds: a run's tables have the columns that are listed, of the types listed."""

from __future__ import annotations

import duckdb
import pytest

from baophu.core.languages import same
from baophu.results import store
from baophu.results.columns import columns, meaning
from baophu.results.tables import TABLES
from small_country import undisturbed

KINDS = {"VARCHAR": "text", "BIGINT": "whole", "INTEGER": "whole", "DOUBLE": "number", "DATE": "date"}
KINDS |= {"BOOLEAN": "truth"}


def test_every_table_that_a_run_writes_is_listed() -> None:
    _, manifest = undisturbed(whole=True)
    written = {table for step in manifest.steps for table in step.tables}
    assert written <= set(columns()), f"not in results/columns.yaml: {written - set(columns())}"
    assert written <= set(TABLES), f"not in results/tables.py: {written - set(TABLES)}"
    assert set(columns()) == set(TABLES)


@pytest.mark.parametrize("table", sorted(columns()))
def test_its_columns_are_those_listed_in_their_order_and_of_their_types(table: str) -> None:
    home, manifest = undisturbed(whole=True)
    if table not in manifest.rows:
        pytest.skip("not a table of every run")
    files = [str(path) for path in store.table(home, manifest, table)]
    found = duckdb.execute("DESCRIBE SELECT * FROM read_parquet(?, union_by_name = true)", [files]).fetchall()
    assert {row[0]: KINDS[row[1]] for row in found} == {name: one.type for name, one in columns()[table].items()}


def test_every_column_is_said_in_both_languages_and_keys_are_columns() -> None:
    for table, listed in columns().items():
        assert set(TABLES[table].key) <= set(listed), table
        for name, column in listed.items():
            assert meaning(name, column) != same(name), (table, name)
