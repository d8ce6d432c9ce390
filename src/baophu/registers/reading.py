"""What people send, as rows of texts with the number that the sender sees beside each row.

A plain CSV file is read by DuckDB where it lies. A Parquet file too. What needs care (a workbook; a CSV file with line
breaks in its cells, blank lines, mixed line ends, rows that are much too long) is read by Python and put into a scratch
Parquet file. However it is read, the rows are counted apart from the reading, so that none can be lost unseen.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any, Literal

from baophu.core.errors import BaophuError
from baophu.core.languages import Text, same
from baophu.registers.checking import literal, quoted
from baophu.registers.contracts import Contract
from baophu.registers.recognise import DEEPEST, Header, Sought, find_header, why_not

Kind = Literal["csv", "xlsx", "parquet"]

SUFFIXES = {".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".parquet"}
SEPARATORS = ",;\t|"
_CHUNK = 1 << 24
_HEAD = 1 << 18
_BATCH = 50_000
_LONGEST_CELL = 1 << 20


@dataclass(frozen=True, slots=True)
class Print:
    """What tells that a file is still the same: its bytes' hash and size, and when it was last written."""

    sha256: str
    size: int
    written: int
    inode: int


@dataclass(frozen=True, slots=True)
class Part:
    """One table in a file: where its header is, which of its cells hold the contract's columns."""

    path: Path
    kind: Kind
    sheet: str
    taken: Print
    header: Header
    width: int
    separator: str = ""
    plain: bool = False
    lines: int = 0

    @property
    def contract(self) -> Contract:
        """The table."""
        return self.header.match.contract

    @property
    def name(self) -> str:
        """The file's name, with the sheet where it has several."""
        return f"{self.path.name} [{self.sheet}]" if self.sheet else self.path.name

    @property
    def found(self) -> dict[str, str]:
        """Which column of the reading holds each of the contract's columns."""
        return {name: f"c{at}" for name, at in self.header.match.columns.items()}


@dataclass(frozen=True, slots=True)
class Source:
    """A part ready to be read: SQL of its rows, and how many there must be."""

    sql: str
    rows: int


def refused(path: Path, why: Text, mend: Text | None = None) -> BaophuError:
    """Make the error for a file that cannot be read as it is."""
    return BaophuError(
        Text(
            f"Không đọc được {path.name}: {why.vi}. Không có gì được nạp.",
            f"Cannot read {path.name}: {why.en}. Nothing was loaded.",
        ),
        mend
        or Text(
            "Mở tệp bằng Excel, chọn Lưu thành (Save As), kiểu Excel Workbook (.xlsx) hoặc CSV UTF-8, rồi nạp lại.",
            "Open it in Excel, choose Save As, type Excel Workbook (.xlsx) or CSV UTF-8, and load it again.",
        ),
    )


def files(paths: Iterable[Path]) -> list[Path]:
    """Return the files that are meant: files, all tables in a folder, what a glob matches; each once, by name."""
    found: dict[Path, None] = {}
    for path in paths:
        path = path.expanduser()
        if path.is_dir():
            below = sorted(
                file
                for file in path.rglob("*")
                if file.is_file() and file.suffix.lower() in SUFFIXES and not file.name.startswith((".", "~$"))
                if not _is_truth(file, path)
            )
            if not below:
                raise BaophuError(
                    Text(f"Thư mục {path} không có tệp nào để nạp.", f"The folder {path} holds no file to load.")
                )
            found.update(dict.fromkeys(below))
        elif path.exists():
            found[path] = None
        else:
            anchor = Path(path.anchor) if path.is_absolute() else Path()
            pattern = str(path.relative_to(path.anchor)) if path.is_absolute() else str(path)
            matched = (
                sorted(file for file in anchor.glob(pattern) if file.is_file()) if set(str(path)) & set("*?[") else []
            )
            if not matched:
                raise BaophuError(Text(f"Không có tệp {path}.", f"There is no file {path}."))
            found.update(dict.fromkeys(matched))
    return list(found)


def _is_truth(file: Path, folder: Path) -> bool:
    """Return whether a file below a folder is the truth of a generated country, which is no register."""
    above = file.relative_to(folder.parent).parents
    return any(place.name == "truth" and (folder.parent / place.parent / "nation.json").is_file() for place in above)


@dataclass(frozen=True, slots=True)
class _Survey:
    """What one look at all bytes of a text file tells."""

    taken: Print
    lines: int
    plain: bool


def fingerprint(path: Path) -> Print:
    """Return what the file is now."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return _print(file, digest)
    except OSError as error:
        raise refused(path, same(str(error.strerror)), Text("", "")) from None


def _print(file: IO[bytes], digest: str) -> Print:
    state = os.fstat(file.fileno())
    return Print(digest, state.st_size, state.st_mtime_ns, state.st_ino)


def unchanged(part: Part) -> None:
    """Refuse a file that was written to while it was read."""
    if fingerprint(part.path) != part.taken:
        raise BaophuError(
            Text(
                f"{part.path.name} thay đổi trong lúc đang đọc. Không có gì được nạp.",
                f"{part.path.name} changed while it was being read. Nothing was loaded.",
            ),
            Text("Đợi chương trình kia ghi xong, rồi nạp lại.", "Wait until it has been written, then load it again."),
        )


def _survey(path: Path) -> _Survey:
    """Look at a CSV file once: its hash, whether it is UTF-8, its lines, and whether each line is surely one row."""
    import numpy as np

    from baophu.registers import text_kernels as kernels

    digest = hashlib.sha256()
    state = np.zeros(kernels.STATE, np.int64)
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                kernels.survey_pass(np.frombuffer(chunk, np.uint8), state)
                if state[kernels.NULLS] or state[kernels.WRONG]:
                    break
            taken = _print(file, digest.hexdigest())
    except OSError as error:
        raise refused(path, same(str(error.strerror)), Text("", "")) from None
    if state[kernels.NULLS]:
        raise refused(path, Text("tệp không phải là văn bản", "it is no text"))
    if state[kernels.WRONG] or state[kernels.WANTED]:
        raise refused(
            path,
            Text(
                "bảng mã không phải UTF-8 (có thể là Windows-1258, TCVN3 hoặc VNI)",
                "its encoding is not UTF-8 (it may be Windows-1258, TCVN3 or VNI)",
            ),
        )
    ends, returns, both = (int(state[place]) for place in (kernels.LINES, kernels.RETURNS, kernels.BOTH))
    mixed = returns > 0 and not returns == both == ends
    plain = not (mixed or state[kernels.BROKEN] or state[kernels.BLANK] or state[kernels.INSIDE])
    return _Survey(taken, ends + (state[kernels.LAST] != ord("\n")), plain)


def parts(path: Path, tables: Sequence[Contract], month_given: bool = False) -> list[Part]:
    """Return the tables that a file holds, known by their headers; BaophuError says why there is none."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise refused(path, same(str(error.strerror)), Text("", "")) from None
    if not head:
        raise refused(path, Text("tệp trống", "the file is empty"))
    if head.startswith(b"PK"):
        return list(_xlsx_parts(path, tables, month_given))
    if head.startswith(b"PAR1"):
        return [_parquet_part(path, tables, month_given)]
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise refused(
            path,
            Text("đây là tệp Excel đời cũ (.xls) hoặc có mật khẩu", "it is an old Excel file (.xls) or has a password"),
        )
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refused(path, Text("bảng mã là UTF-16, không phải UTF-8", "its encoding is UTF-16 and not UTF-8"))
    return [_csv_part(path, tables, month_given)]


def _csv_part(path: Path, tables: Sequence[Contract], month_given: bool) -> Part:
    survey = _survey(path)
    with path.open("rb") as file:
        head = file.read(_HEAD).decode("utf-8-sig", errors="ignore")
    best: tuple[int, str, Header, list[list[str]]] | None = None
    nearest = Sought()
    for separator in SEPARATORS:
        rows = _first_rows(head, separator)
        found = find_header(rows, tables, month_given)
        if isinstance(found, Sought):
            nearest.matches += found.matches
        elif best is None or len(found.match.columns) > best[0]:
            best = (len(found.match.columns), separator, found, rows)
    if best is None:
        raise why_not(path.name, nearest)
    _, separator, header, rows = best
    width = len(rows[header.row])
    # A title above the header may have a line break of its own; then the header is not on the line of its number.
    in_order = all("\n" not in cell and "\r" not in cell for row in rows[: header.row + 1] for cell in row)
    in_order = in_order and len(head.lstrip("\r\n")) == len(head)
    plain = survey.plain and in_order
    return Part(path, "csv", "", survey.taken, header, width, separator, plain, survey.lines)


def _first_rows(head: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(head, newline=""), delimiter=separator):
            rows.append(row)
            if len(rows) == DEEPEST:
                break
    except csv.Error:
        pass
    return rows


def _xlsx_parts(path: Path, tables: Sequence[Contract], month_given: bool) -> Iterator[Part]:
    taken = fingerprint(path)
    nearest = Sought()
    some = False
    with _workbook(path) as workbook:
        names = workbook.sheet_names
        for name in names:
            rows = [[_text(value) for value in row] for row in _top(_sheet_rows(path, workbook, name))]
            found = find_header(rows, tables, month_given)
            if isinstance(found, Sought):
                nearest.matches += found.matches
                continue
            some = True
            yield Part(path, "xlsx", name, taken, found, len(rows[found.row]))
    if not some:
        raise why_not(path.name, nearest)


def sheets_of(path: Path, most: int) -> list[tuple[str, list[list[Any]]]] | None:
    """Return all sheets of a workbook with their values, or None where they have more rows than `most`."""
    with _workbook(path) as workbook:
        found = [(name, list(_sheet_rows(path, workbook, name))) for name in workbook.sheet_names]
    return found if sum(len(rows) for _, rows in found) <= most else None


def _top(rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    for _, row in zip(range(DEEPEST), rows, strict=False):
        yield row


@contextmanager
def _workbook(path: Path) -> Iterator[Any]:
    import python_calamine

    with _calamine_told(path):
        workbook = python_calamine.load_workbook(path)
    try:
        yield workbook
    finally:
        workbook.close()


@contextmanager
def _calamine_told(path: Path) -> Iterator[None]:
    try:
        yield
    except (BaophuError, GeneratorExit, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # calamine is compiled: on damaged files it may also panic, which is no Exception
        raise refused(
            path, Text("tệp không phải bảng Excel hoặc bị hỏng", "it is no Excel workbook, or is damaged")
        ) from error


def _sheet_rows(path: Path, workbook: Any, name: str) -> Iterator[list[Any]]:
    """Give the rows of a sheet from its first on, so that a row's place is its number; cells from column A on."""
    with _calamine_told(path):
        sheet = workbook.get_sheet_by_name(name)
        if sheet.start is None:
            return
        # One row at a time: all of them as Python's objects would take as much memory again as the sheet does.
        left = [""] * sheet.start[1]
        yield from ([*left, *row] for row in sheet.iter_rows())


def _text(value: object) -> str:
    """Return a cell's value as a text that reads the same way in the checks."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return str(value).lower()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case float():
            words = repr(value)
            # 1.234 in a number's cell is no 1234: more places than a group of thousands has keep the two apart.
            return words if "e" in words else words + "0" * max(0, 7 - len(words.partition(".")[2]))
        case datetime():
            return f"{value:%Y-%m-%d}" if value.time() == time() else value.isoformat(" ")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _parquet_part(path: Path, tables: Sequence[Contract], month_given: bool) -> Part:
    import pyarrow.parquet as pq  # type: ignore[import-untyped]
    from pyarrow import ArrowException

    taken = fingerprint(path)
    try:
        with pq.ParquetFile(path) as file:
            names, rows = file.schema_arrow.names, file.metadata.num_rows
    except (ArrowException, OSError) as error:
        raise refused(path, Text("tệp Parquet bị hỏng", "the Parquet file is damaged")) from error
    found = find_header([names], tables, month_given)
    if isinstance(found, Sought):
        raise why_not(path.name, found)
    return Part(path, "parquet", "", taken, found, len(names), lines=rows)


def source(part: Part, scratch: Path, connection: Any) -> Source:
    """Return SQL of a part's rows: `_row`, `_width` and a text `c0`, `c1`, … for each column of the file."""
    if part.kind == "parquet":
        return _parquet_source(part, connection)
    if part.kind == "csv" and part.plain:
        return Source(_plain_sql(part), part.lines - part.header.row - 1)
    return _careful_source(part, scratch)


def _plain_sql(part: Part) -> str:
    names = [*(f"c{at}" for at in range(part.width)), "beyond"]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    last = names[-2]
    # A cell that is not there is NULL; an empty one is an empty text.
    return f"""
        SELECT * EXCLUDE (beyond), row_number() OVER () + {part.header.row + 1} AS _row,
            CASE WHEN {last} IS NULL THEN 'too_few_cells' WHEN beyond <> '' THEN 'too_many_cells' END AS _width
        FROM read_csv({literal(str(part.path))}, delim = {literal(part.separator)}, quote = '"', escape = '"',
            header = false, skip = {part.header.row + 1}, auto_detect = false, all_varchar = true, null_padding = true,
            nullstr = '\x01', max_line_size = {_LONGEST_CELL}, columns = {{{columns}}})"""  # noqa: S608


def _parquet_source(part: Part, connection: Any) -> Source:
    described = connection.execute(
        f"DESCRIBE FROM read_parquet({literal(str(part.path))}, hive_partitioning = false)"
    ).fetchall()
    columns = ", ".join(f"{_as_text(name, kind)} AS c{at}" for at, (name, kind, *_) in enumerate(described))
    sql = f"""
        SELECT {columns}, file_row_number + 1 AS _row, NULL::VARCHAR AS _width
        FROM read_parquet({literal(str(part.path))}, file_row_number = true, hive_partitioning = false)"""  # noqa: S608
    return Source(sql, part.lines)


def _as_text(name: str, kind: str) -> str:
    column = quoted(name)
    if kind.startswith(("FLOAT", "DOUBLE")):
        text = (
            f"CASE WHEN {column} = trunc({column}) AND abs({column}) < 1e15 THEN {column}::BIGINT::VARCHAR "
            f"ELSE {column}::DECIMAL(38, 10)::VARCHAR END"
        )
        text = f"CASE WHEN isfinite({column}) AND abs({column}) < 1e27 THEN {text} ELSE {column}::VARCHAR END"
    elif kind.startswith("DECIMAL") and not kind.endswith(",0)"):
        text = f"coalesce(TRY_CAST({column} AS DECIMAL(38, 10))::VARCHAR, {column}::VARCHAR)"
    else:
        text = f"{column}::VARCHAR"
    return f"coalesce({text}, '')"


def _careful_source(part: Part, scratch: Path) -> Source:
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = [f"c{at}" for at in range(part.width)]
    schema = pa.schema([*((name, pa.string()) for name in names), ("_row", pa.int64()), ("_width", pa.string())])
    count = 0
    with pq.ParquetWriter(scratch, schema, compression="zstd") as writer:
        batch: list[tuple[Any, ...]] = []

        def write() -> None:
            columns = list(zip(*batch, strict=True))
            arrays = [pa.array(column, kind.type) for column, kind in zip(columns, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            batch.clear()

        for row, cells, width in _careful_rows(part):
            batch.append((*cells, row, width))
            count += 1
            if len(batch) == _BATCH:
                write()
        if batch:
            write()
    columns = ", ".join(names)
    return Source(f"SELECT {columns}, _row, _width FROM read_parquet({literal(str(scratch))})", count)  # noqa: S608


def _careful_rows(part: Part) -> Iterator[tuple[int, list[str | None], str | None]]:
    """Give each row below the header: its number, its cells, what is wrong with its width."""
    rows: Iterator[tuple[int, list[str]]] = _csv_rows(part) if part.kind == "csv" else _xlsx_rows(part)
    for at, cells in rows:
        if at <= part.header.row + 1:
            continue
        width = None
        if len(cells) < part.width:
            width = "too_few_cells" if part.kind == "csv" else None
        elif any(cell.strip() for cell in cells[part.width :]):
            width = "too_many_cells" if part.kind == "csv" else None
        yield at, [*cells[: part.width], *([None] * (part.width - len(cells)))], width


def _csv_rows(part: Part) -> Iterator[tuple[int, list[str]]]:
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        with part.path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=part.separator, strict=True)
            try:
                yield from enumerate(reader, 1)
            except csv.Error:
                line = reader.line_num
                raise refused(
                    part.path,
                    Text(
                        f"dấu ngoặc kép không khép ở dòng {line} hoặc trước đó",
                        f"a quotation mark is not closed at line {line} or before it",
                    ),
                    Text(
                        'Sửa dấu " ở dòng ấy, hoặc lưu tệp thành .xlsx rồi nạp lại.',
                        'Mend the mark " in that line, or save the file as .xlsx and load it again.',
                    ),
                ) from None
    finally:
        csv.field_size_limit(before)


def _xlsx_rows(part: Part) -> Iterator[tuple[int, list[str]]]:
    with _workbook(part.path) as workbook:
        for at, row in enumerate(_sheet_rows(part.path, workbook, part.sheet), 1):
            yield at, [_text(value) for value in row]
