"""What became of findings: kept at the desk, from a file of the agency or from the site, and frozen for the run.

<home>/warehouse/frozen/outcomes/<number>-<hash8>/outcomes.parquet
<home>/warehouse/frozen/outcomes/current    the name of the folder that holds good
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from baophu.areas.units import COUNTRY, tree
from baophu.core import ledger
from baophu.core.errors import BaophuError, Problem, did_you_mean, nearest
from baophu.core.hashes import sha256
from baophu.core.home import PART, whole_file, whole_folder
from baophu.core.languages import Text
from baophu.core.numbers import read_date
from baophu.desk.database import has_desk
from baophu.desk.store import locked, told_clearly
from baophu.registers.contracts import contracts
from baophu.registers.reading import sheets_of
from baophu.registers.store import ledger_file, names_nobody
from baophu.results import store

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

    from baophu.desk.outcomes import FindingOutcome

NAME = "outcomes"
OUTCOMES = {
    "confirmed": Text("đúng", "confirmed"),
    "wrong": Text("sai", "wrong"),
    "unanswered": Text("chưa trả lời", "unanswered"),
}
NEEDED = ("finding_id", "outcome", "decided_on", "by")
COLUMNS = (*NEEDED, "cost", "register", "why")
# As frozen: `on` is the day of the decision, `kind` that of the finding; cost in VND.
TYPES = {
    **dict.fromkeys(("finding_id", "kind", "outcome"), "string"),
    "on": "date32",
    **dict.fromkeys(("register", "why", "by"), "string"),
    "cost": "int64",
}
_MOST_ROWS = 1_000_000
_SHOWN = 50
_LONGEST_NAME = 150
_COST_DIGITS = 15

Row = dict[str, Any]
# What is wrong: the column, what is given (nothing where it may be somebody's number), why.
Wrong = tuple[str, str, Text]


@dataclass(frozen=True, slots=True)
class Taken:
    """How many outcomes of a file were new, took the place of one of the same day, or were known already."""

    new: int
    replaced: int
    known: int


def folder(home: Path) -> Path:
    """Return the folder of the frozen outcomes. It need not exist."""
    return home / "warehouse" / "frozen" / NAME


def take(home: Path, path: Path, today: date, *, actor: str) -> Taken:
    """Take the outcomes of a file (CSV or XLSX, columns `COLUMNS`) whole, or refuse it with each line to be mended.

    Of a finding the outcome of the latest day counts; one of the same day takes the other's place.
    """
    from baophu.desk.start import start

    rows = _checked(home, _lines(path), today)
    start(home)
    from baophu.desk.actions import take_outcomes

    with told_clearly(home), locked(folder(home) / "lock"):
        _adopt(home)
        new, replaced = take_outcomes(actor=actor, entries=[entry(row) for row in rows], sha256=sha256(path))
        if new or replaced:
            ledger.append(ledger_file(home), "outcomes", file=sha256(path), rows=len(rows), new=new)
        _freeze(home)
    return Taken(new, replaced, len(rows) - new - replaced)


def freeze(home: Path) -> None:
    """Freeze the outcomes that count at the desk, where there are any; a copy that holds them already stays."""
    if not has_desk(home):
        return
    from baophu.desk.start import start

    start(home)
    with told_clearly(home), locked(folder(home) / "lock"):
        _adopt(home)
        _freeze(home)


def entry(row: Row) -> FindingOutcome:
    """Return a row as the desk keeps it; unsaved, without place and recorder."""
    from baophu.desk.outcomes import FindingOutcome

    area = row["area_code"] if row["area_code"] in tree() else COUNTRY
    province = next((one.code for one in (*tree().ancestors(area), tree().get(area)) if one.level == "province"), "")
    return FindingOutcome(
        finding_id=row["finding_id"], kind=row["kind"], area_code=area, province=province, outcome=row["outcome"],
        decided_on=row["on"], decided_by=row["by"], cost=row["cost"], register=row["register"] or "",
        why=row["why"] or "",
    )  # fmt: skip


def _adopt(home: Path) -> None:
    """Take to the desk what was frozen before outcomes were kept there."""
    from baophu.desk.actions import take_outcomes
    from baophu.desk.outcomes import FindingOutcome

    rows = standing(home)
    strange = {row["finding_id"] for row in rows} - set(FindingOutcome.objects.values_list("finding_id", flat=True))
    if strange:
        areas = {name: area for name, (_, area) in _found(home, strange).items()}
        old = [
            entry({**row, "area_code": areas.get(row["finding_id"])}) for row in rows if row["finding_id"] in strange
        ]
        take_outcomes(actor="baophu", entries=old, sha256="")


def standing(home: Path) -> list[Row]:
    """Return the outcomes that the next run counts, as they were frozen last; a row a finding and day."""
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]

    try:
        current = (folder(home) / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return []
    rows: list[Row] = parquet.read_table(folder(home) / current / f"{NAME}.parquet").to_pylist()
    return rows


def as_table(rows: Sequence[Row]) -> pa.Table:
    """Return outcomes as a table with the columns of the frozen file."""
    import pyarrow as pa

    schema = pa.schema([(name, getattr(pa, kind)()) for name, kind in TYPES.items()])
    return pa.Table.from_pylist(list(rows), schema=schema)


def _freeze(home: Path) -> None:
    import pyarrow.parquet as parquet

    from baophu.desk.outcomes import FindingOutcome
    from baophu.desk.outcomes import standing as counting

    rows = [
        {"finding_id": one.finding_id, "kind": one.kind, "outcome": one.outcome, "on": one.decided_on,
         "register": one.register or None, "why": one.why or None, "by": one.decided_by, "cost": one.cost}
        for one in counting(FindingOutcome.objects.all())
    ]  # fmt: skip
    if rows == standing(home):
        return
    place = folder(home)
    number = 1 + sum(1 for one in place.iterdir() if one.is_dir() and not one.name.startswith("."))
    with TemporaryDirectory(prefix=PART, dir=place) as scratch:
        path = Path(scratch) / f"{NAME}.parquet"
        parquet.write_table(as_table(rows), path)
        frozen = place / f"{number}-{sha256(path)[:8]}"
        with whole_folder(frozen) as part:
            path.rename(part / path.name)
    with whole_file(place / "current") as part:
        part.write_text(frozen.name + "\n", encoding="utf-8")


def _lines(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a file with their line numbers; BaophuError where it is not such a table."""
    if path.suffix.lower() == ".xlsx":
        sheets = sheets_of(path, _MOST_ROWS)
        table = [[_as_text(cell) for cell in row] for row in sheets[0][1]] if sheets else []
    else:
        try:
            table = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise BaophuError(
                Text(f"Không đọc được {path.name}.", f"{path.name} cannot be read."),
                Text("Cần tệp CSV (UTF-8) hoặc XLSX.", "A CSV file (UTF-8) or XLSX is needed."),
            ) from error
    heads = [cell.strip() for cell in table[0]] if table else []
    strange = [name for name in heads if name and name not in COLUMNS]
    missing = [name for name in NEEDED if name not in heads]
    if strange or missing:
        told = ", ".join(missing or strange)
        raise BaophuError(
            Text(f"{path.name}: thiếu cột {told}.", f"{path.name}: column missing: {told}.")
            if missing
            else Text(f"{path.name}: cột lạ {told}.", f"{path.name}: unknown column: {told}."),
            Text(f"Các cột: {', '.join(COLUMNS)}.", f"The columns: {', '.join(COLUMNS)}."),
        )
    rows = [(at, dict(zip(heads, map(str.strip, row), strict=False))) for at, row in enumerate(table[1:], 2)]
    return [(at, row) for at, row in rows if any(row.values())]


def _as_text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.date().isoformat() if hasattr(cell, "date") else str(cell)


def _checked(home: Path, lines: Sequence[tuple[int, Mapping[str, str]]], today: date) -> list[Row]:
    known = _found(home, {row.get("finding_id", "") for _, row in lines})
    rows: list[Row] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, date], int] = {}
    for at, given in lines:
        row, wrong = checked(given, known, today)
        place = Text(f"Dòng {at}", f"Line {at}")
        problems += [Problem(place, value, _of_column(name, why)) for name, value, why in wrong]
        if wrong:
            continue
        first = seen.setdefault((row["finding_id"], row["on"]), at)
        if first != at:
            why = Text(f"đã có ở dòng {first}, cùng ngày", f"is on line {first} already, of the same day")
            problems.append(Problem(place, row["finding_id"], why))
        rows.append(row)
    if problems:
        more = len(problems) - _SHOWN
        rest = Text(f" Còn {more} chỗ khác.", f" {more} more.") if more > 0 else Text("", "")
        raise BaophuError(
            Text("Tệp có chỗ cần sửa; chưa ghi gì.", "There are places to mend; nothing was kept."),
            Text("Sửa các dòng này rồi nạp lại." + rest.vi, "Mend these lines and import again." + rest.en),
            problems[:_SHOWN],
        )
    return rows


def _of_column(name: str, why: Text) -> Text:
    return Text(f"cột {name}: {why.vi}", f"column {name}: {why.en}")


def checked(given: Mapping[str, str], known: Mapping[str, tuple[str, str]], today: date) -> tuple[Row, list[Wrong]]:
    """Return what is given under the names of COLUMNS as a row, and what is wrong with it.

    `known`: the kind and the area of findings by their identity.
    """
    wrong: list[Wrong] = []
    row: Row = {name: given.get(name) or None for name in ("finding_id", "outcome", "by", "register", "why")}
    kind, area = known.get(given.get("finding_id", ""), (None, None))
    row |= {"kind": kind, "area_code": area, "on": None, "cost": None}
    if row["kind"] is None:
        why = Text("không có trường hợp nào mang mã này", "no finding has this id")
        wrong.append(("finding_id", given.get("finding_id", ""), why))
    if row["outcome"] not in OUTCOMES:
        words = ", ".join(OUTCOMES)
        why = Text(f"kết quả là một trong: {words}", f"an outcome is one of: {words}")
        wrong.append(("outcome", given.get("outcome", ""), why))
    try:
        row["on"] = read_date(given.get("decided_on", ""))
    except BaophuError as error:
        wrong.append(("decided_on", given.get("decided_on", ""), error.what))
    if row["on"] and row["on"] > today:
        wrong.append(("decided_on", given["decided_on"], Text("ngày chưa đến", "the day has not come")))
    if not row["by"] or len(row["by"]) > _LONGEST_NAME:
        why = Text(
            "chưa ghi ai quyết định, hoặc tên quá dài (cột by)", "who decided is not said or too long (column by)"
        )
        wrong.append(("by", "", why))
    if cost := given.get("cost"):
        if cost.isascii() and cost.isdigit() and len(cost) <= _COST_DIGITS:
            row["cost"] = int(cost)
        else:
            why = Text("chi phí là số đồng nguyên, không dấu", "a cost is a whole number of VND")
            wrong.append(("cost", cost, why))
    if row["register"]:
        wrong += _wrong_register(row)
    for name in ("by", "why"):
        if row[name] and not names_nobody(row[name]):
            wrong.append((name, "", Text("không được ghi số của ai", "it may hold nobody's number")))
    return row, wrong


def _wrong_register(row: Row) -> list[Wrong]:
    name = row["register"]
    found: list[Wrong] = []
    if name not in contracts():
        near = did_you_mean(nearest(name, dict.fromkeys(contracts(), ""))) or Text("", "")
        found.append(("register", name, Text(f"không có sổ này. {near.vi}", f"there is no such register. {near.en}")))
    if row["outcome"] != "wrong":
        wrong = OUTCOMES["wrong"]
        why = Text(
            f"chỉ ghi sổ khi kết quả là {wrong.vi} (wrong)",
            f"a register is named only where the outcome is {wrong.en}",
        )
        found.append(("register", name, why))
    if not row["why"]:
        why = Text("cần lý do gửi cơ quan quản lý sổ", "its owner is to be told why")
        found.append(("why", name, why))
    return found


def _found(home: Path, wanted: set[str]) -> dict[str, tuple[str, str]]:
    """Return the kind and the area of each finding that any run knows, by its identity."""
    import polars as pl

    found: dict[str, tuple[str, str]] = {}
    for run in reversed(store.runs(home)):
        if found.keys() >= wanted:
            break
        if run.rows.get("findings"):
            rows = pl.scan_parquet(store.table(home, run, "findings")).select("finding_id", "kind", "area_code")
            left = list(wanted - found.keys())
            rows = rows.filter(pl.col("finding_id").is_in(left))
            found |= {name: (kind, area) for name, kind, area in rows.collect().iter_rows()}
    return found
