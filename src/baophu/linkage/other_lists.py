"""Links of employers and of paid workers as a list for people to decide; `review` writes it and reads it back.

A row is known by its place among the rows of the run's table, a worker's by the first of his rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.core.languages import Text
from baophu.linkage.decisions import EmployerDecided, WorkerDecided
from baophu.linkage.places import communes
from baophu.linkage.workers import rows_before
from baophu.registers.store import current, folder
from baophu.results import store

if TYPE_CHECKING:
    from baophu.linkage.review import Wanted
    from baophu.results.store import Manifest

TABLES = {"employers": "employer_links", "workers": "worker_matches"}
_ANSWER = Text("Đúng là một? (có/không)", "The same? (yes/no)")
_HOW = (Text("Quy tắc", "Rule"), Text("Số ứng viên khác", "Other candidates"))
HEADINGS = {
    "employers": (
        *(Text("Dòng", "Row"), Text("Mã đơn vị", "Employer"), Text("Tên (BHXH)", "Name (SI)")),
        *(Text("Xã (BHXH)", "Commune (SI)"), Text("Mã số thuế", "Tax code"), Text("Tên (thuế)", "Name (tax)")),
        *(Text("Xã (thuế)", "Commune (tax)"), *_HOW, _ANSWER),
    ),
    "workers": (
        *(Text("Dòng", "Row"), Text("Nơi trả", "Payer"), Text("Số khai", "Number told"), Text("Tên khai", "Name told")),
        *(Text("Ngày sinh khai", "Birth told"), Text("Số định danh", "Personal number")),
        *(Text("Tên (dân cư)", "Name (residents)"), Text("Ngày sinh (dân cư)", "Birth (residents)"), *_HOW, _ANSWER),
    ),
}
# Of each list the columns between the row's number and the rule.
_SHOWN = {
    "employers": ("employer_id", "name", "commune_code", "tax_code", "other_name", "other_commune_code"),
    "workers": ("tax_code", "told_pid", "full_name", "born", "pid", "other_full_name", "other_birth"),
}

_EMPLOYERS = """
WITH ordered AS (SELECT *, row_number() OVER (ORDER BY employer_id) AS place_in_table FROM read_parquet($links))
SELECT one.place_in_table, one.employer_id, mine.name, mine.commune_code, one.tax_code, theirs.name AS other_name,
    theirs.commune_code AS other_commune_code, one.rule, one.rivals, one.status
FROM ordered AS one
JOIN read_parquet($employers) AS mine USING (employer_id)
LEFT JOIN communes ON communes.commune = mine.commune_code
LEFT JOIN read_parquet($businesses) AS theirs ON theirs.tax_code = one.tax_code
WHERE $area IS NULL OR $area IN (mine.commune_code, province)
"""
# The rows of a worker are many months of one: he is shown once.
_WORKERS = """
WITH told AS (
    SELECT load.load AS load_id, load.rows + one._row - 1 AS row_id, one.pid_number, one.full_name, one.full_key,
        one.birth_date
    FROM read_parquet($tax_income, filename = true) AS one
    JOIN load ON load.load = parse_path(one.filename)[-2] AND load.file = one._file
),
worker AS (
    SELECT found.tax_code, told.pid_number AS told_number, told.full_key, told.birth_date, found.pid, found.rule,
        found.status, found.rivals, min(told.full_name) AS full_name, min((found.load_id, found.row_id)) AS place
    FROM read_parquet($links) AS found
    JOIN told USING (load_id, row_id)
    GROUP BY ALL
),
-- Placed before an area is chosen, so that the places are the same when the list is read back.
placed AS (SELECT *, row_number() OVER (ORDER BY place) AS place_in_table FROM worker)
SELECT one.place_in_table, one.tax_code,
    lpad(CAST(told_number AS VARCHAR), 12, '0') AS told_pid, one.full_name, one.full_key,
    CAST(one.birth_date AS VARCHAR) AS born, one.birth_date AS birth_day, one.pid, person.full_name AS other_full_name,
    COALESCE(CAST(person.birth_date AS VARCHAR), CAST(person.birth_year AS VARCHAR)) AS other_birth, one.rule,
    one.rivals, one.status
FROM placed AS one
LEFT JOIN read_parquet($population) AS person ON person.pid = one.pid
LEFT JOIN communes ON communes.commune = person.commune_code
WHERE $area IS NULL OR $area IN (person.commune_code, province)
"""


def rows(home: Path, wanted: Wanted) -> Any:
    """Return the rows that are wanted, as an Arrow table with all that is shown, in the order of their places."""
    import duckdb

    kind = wanted.of
    chosen = (
        "status = 'review' ORDER BY place_in_table LIMIT $limit"
        if wanted.kind == "review"
        # Drawn by a hash, so that who draws again for the same run gets the same.
        else "status = 'accepted' AND rule <> 'decision' QUALIFY row_number() OVER "
        "(PARTITION BY rule ORDER BY md5(CAST(place_in_table AS VARCHAR) || $run)) <= $limit ORDER BY place_in_table"
    )
    seed = {"run": wanted.run.run} if wanted.kind == "sample" else {}
    area = None if wanted.area in (None, "00") else wanted.area
    with duckdb.connect() as connection:
        given = {**_opened(connection, home, wanted.run, kind), "area": area, "limit": wanted.limit, **seed}
        every = _EMPLOYERS if kind == "employers" else _WORKERS
        return connection.sql(f"FROM ({every}) WHERE {chosen}", params=given).to_arrow_table()


def cells(row: dict[str, Any], of: str) -> Iterator[Any]:
    """Give the cells of a row between its number and its rule."""
    yield from (row[name] for name in _SHOWN[of])


def decided(
    home: Path, run: Manifest, of: str, answers: dict[int, bool], sampled: bool
) -> Iterable[EmployerDecided | WorkerDecided]:
    """Give what was answered of rows, by their places."""
    import duckdb

    with duckdb.connect() as connection:
        given = _opened(connection, home, run, of)
        every = _EMPLOYERS if of == "employers" else _WORKERS
        asked = {**given, "area": None, "places": list(answers)}
        found = connection.sql(f"FROM ({every}) WHERE list_contains($places, place_in_table)", params=asked)
        rows_answered: list[dict[str, Any]] = found.to_arrow_table().to_pylist()
    for row in rows_answered:
        answer = answers[row["place_in_table"]]
        if of == "employers":
            yield EmployerDecided(row["employer_id"], row["tax_code"], answer, row["rule"], sampled)
        else:
            said = (row["tax_code"], row["told_pid"] or "", row["full_key"], row["birth_day"])
            yield WorkerDecided(*said, row["pid"], answer, row["rule"], sampled)


def _opened(connection: Any, home: Path, run: Manifest, of: str) -> dict[str, Any]:
    """Put small tables at hand, and return where the great ones are."""
    connection.register("communes", communes())
    tables = ("employers", "businesses") if of == "employers" else ("tax_income", "population")
    files = {name: [str(path) for path in current(home, name)] for name in tables}
    if of == "workers":
        import pyarrow as pa  # type: ignore[import-untyped]

        loads = {Path(path).parent.name for path in files["tax_income"]}
        every = [
            {"load": load, **one}
            for load in sorted(loads)
            for one in rows_before(folder(home, "tax_income") / load).to_pylist()
        ]
        connection.register("load", pa.Table.from_pylist(every))
    return {"links": [str(path) for path in store.table(home, run, TABLES[of])], **files}
