"""One way for pages, reports and the API to read what a run has counted: a few rows of one area, at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from baophu.core.errors import BaophuError, unknown
from baophu.core.languages import Text
from baophu.indicators.catalogue import Scope, indicator
from baophu.indicators.measuring import formulas
from baophu.results import store
from baophu.results.store import Manifest

Dimension = Literal["sex", "age_band", "grp", "sector"]
DIMENSIONS = ("sex", "age_band", "grp", "sector")


def view(
    home: Path,
    run: Manifest,
    area: str,
    name: str,
    months: Sequence[date] | None = None,
    *,
    by: Dimension | None = None,
    place: str | None = None,
    scope: Scope | None = None,
) -> list[dict[str, Any]]:
    """Return the rows of one area and indicator, oldest first: those of the table `indicators`, or of `breakdowns`.

    `months`: all that are kept unless told. `place`: by where people are managed unless told, or the only one there
    is. `scope`: without the armed forces unless told, or the only one. `by` parts participants by a dimension.
    UnknownName where there is no such indicator; BaophuError where the run has not counted it.
    """
    record = indicator(name)
    if by is not None:
        return _parted(home, run, area, name, months, by, place or "managed")
    wanted: dict[str, str] = {"area_code": area, "indicator": name}
    places = [str(row["place"]) for row in formulas() if row["indicator"] == name]
    wanted["place"] = place or ("managed" if "managed" in places or not places else places[0])
    wanted["scope"] = scope or record.scope("without_armed_forces")
    return _rows(store.table(home, run, "indicators"), wanted, months)


def _parted(
    home: Path, run: Manifest, area: str, name: str, months: Sequence[date] | None, by: str, place: str
) -> list[dict[str, Any]]:
    if by not in DIMENSIONS:
        raise unknown(Text("chiều", "dimension"), by, {one: one for one in DIMENSIONS})
    scheme = next((str(row["numerator"]) for row in formulas() if row["indicator"] == name), "")
    found = _rows(
        store.table(home, run, "breakdowns"),
        {"area_code": area, "place": place, "scheme": scheme, "dimension": by},
        months,
    )
    if not found and indicator(name).group != "participants":
        raise BaophuError(
            Text(f"Chỉ tiêu {name} không chia theo {by}.", f"{name} is not parted by {by}."),
            Text("Bỏ --by, hoặc chọn chỉ tiêu về số người tham gia.", "Leave it out, or choose one of participants."),
        )
    return found


def _rows(files: Sequence[Path], wanted: dict[str, str], months: Sequence[date] | None) -> list[dict[str, Any]]:
    """Read the row groups that can hold the area; the table lies in the order of its areas."""
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.compute as compute  # type: ignore[import-untyped]

    parts = []
    for path in files:
        file, least, most = _opened(path)
        groups = [at for at, low in enumerate(least) if low <= wanted["area_code"] <= most[at]]
        if groups:
            parts.append(file.read_row_groups(groups, use_threads=False))
    if not parts:
        return []
    table = pa.concat_tables(parts)
    for column, value in wanted.items():
        table = table.filter(compute.equal(table[column], value))
    rows: list[dict[str, Any]] = table.to_pylist()
    return sorted((row for row in rows if months is None or row["month"] in months), key=lambda row: row["month"])


@lru_cache(maxsize=32)
def _opened(path: Path) -> tuple[Any, list[str], list[str]]:
    """Return a file of a run, which never changes, with the first and last area of each of its row groups."""
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]

    file = parquet.ParquetFile(path)
    at = file.schema_arrow.names.index("area_code")
    edges = [file.metadata.row_group(group).column(at).statistics for group in range(file.metadata.num_row_groups)]
    return file, [str(edge.min) for edge in edges], [str(edge.max) for edge in edges]
