"""The folder that a generated country becomes: the registers as their contracts say, the truth beside them.

A table is `<table>/part-00000.parquet`, … or `<table>.csv` or `<table>.xlsx`; the truth is Parquet under `truth/`;
`nation.json` tells what the folder is, how many rows each table has, and the SHA-256 of each file. The same rows give
the same bytes. The folder appears by one rename, whole or not at all.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Literal, Self, get_args

from baophu import __version__
from baophu.core.errors import BaophuError, unknown
from baophu.core.hashes import sha256
from baophu.core.home import whole_folder
from baophu.core.languages import Text, same
from baophu.registers.contracts import Contract, Type, contract

if TYPE_CHECKING:
    import polars as pl
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

Form = Literal["parquet", "csv", "xlsx"]
FORMS: tuple[Form, ...] = get_args(Form)
MANIFEST = "nation.json"
TRUTH = "truth"
SHEET_ROWS = 1_048_575
_ROW_GROUP = 1 << 17
# A workbook tells when it was made; it must not, or no two would be alike.
_MADE = datetime(2026, 1, 1, tzinfo=UTC)
_WHOLE: tuple[Type, ...] = ("money", "integer")


def form_of(word: str) -> Form:
    """Return the form of a word; UnknownName proposes what was probably meant."""
    if word in FORMS:
        return word
    raise unknown(Text("dạng tệp", "form of files"), word, dict.fromkeys(FORMS, ""))


class Writer:
    """Writes a country part by part. As a context it closes when all went well and leaves nothing behind when not."""

    def __init__(self, out: Path, form: str, facts: Mapping[str, object] | None = None) -> None:
        """`out` does not exist or is empty; `facts` (the seed, …) stand in `nation.json`."""
        self._form = form_of(form)
        self._facts = dict(facts or {})
        self._rows: dict[str, int] = {}
        self._parts: dict[str, int] = {}
        self._columns: dict[str, list[str]] = {}
        self._texts: dict[str, IO[bytes]] = {}
        self._books: dict[str, _Book] = {}
        self._stack = ExitStack()
        with _told(out):
            self._folder = self._stack.enter_context(whole_folder(out))
        self._out = out

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
            return
        for text in self._texts.values():
            text.close()
        self._stack.__exit__(kind, error, trace)

    def part(self, table: str, frame: pl.DataFrame) -> None:
        """Append rows to a table. Columns that its contract does not name are left out.

        Dates and months are dates or texts, whole numbers of any width, texts of any kind. Every part of a table has
        the same columns.
        """
        about = contract(table)
        shaped = _shaped(frame, about)
        if self._columns.setdefault(table, shaped.columns) != shaped.columns:
            raise ValueError(f"{table}: a part has the columns {shaped.columns}, those before {self._columns[table]}")
        with _told(self._out):
            if self._form == "parquet":
                self._parquet(table, shaped)
            elif self._form == "csv":
                self._csv(table, shaped)
            else:
                book = self._books.get(table) or self._books.setdefault(table, _Book(self._folder, about))
                book.add(shaped)
        self._rows[table] = self._rows.get(table, 0) + shaped.height

    def truth(self, name: str, frame: pl.DataFrame) -> None:
        """Append rows to a table of the truth, in any columns."""
        with _told(self._out):
            self._parquet(f"{TRUTH}/{name}", frame)
        self._rows[f"{TRUTH}/{name}"] = self._rows.get(f"{TRUTH}/{name}", 0) + frame.height

    def rows(self, table: str) -> int:
        """Return how many rows a table has so far; one of the truth is `truth/<name>`."""
        return self._rows.get(table, 0)

    def note(self, **facts: object) -> None:
        """Put more facts into `nation.json`; they must be what JSON can tell."""
        self._facts.update(facts)

    def close(self) -> dict[str, int]:
        """Finish every file, write `nation.json` and let the folder appear; return the rows by table."""
        with _told(self._out):
            for text in self._texts.values():
                text.close()
            for book in self._books.values():
                book.close()
            paths = sorted(path for path in self._folder.rglob("*") if path.is_file())
            told = {
                **self._facts,
                "program": __version__,
                "form": self._form,
                "rows": dict(sorted(self._rows.items())),
                "sha256": {path.relative_to(self._folder).as_posix(): sha256(path) for path in paths},
            }
            words = json.dumps(told, ensure_ascii=False, indent=1)
            (self._folder / MANIFEST).write_text(words + "\n", encoding="utf-8")
            self._stack.close()
        return dict(self._rows)

    def _parquet(self, name: str, frame: pl.DataFrame) -> None:
        number = self._parts.get(name, 0)
        self._parts[name] = number + 1
        path = self._folder / name / f"part-{number:05d}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(path, compression="zstd", compression_level=1, row_group_size=_ROW_GROUP, statistics=False)

    def _csv(self, table: str, frame: pl.DataFrame) -> None:
        text = self._texts.get(table)
        first = text is None
        if text is None:
            text = self._texts[table] = (self._folder / f"{table}.csv").open("wb")
        frame.write_csv(text, include_header=first)


class _Book:
    """A workbook that grows sheet by sheet, a row at a time."""

    def __init__(self, folder: Path, about: Contract) -> None:
        from xlsxwriter.workbook import Workbook

        self._about = about
        options = {
            "constant_memory": True,
            "tmpdir": str(folder),
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }
        self._book: Workbook = Workbook(str(folder / f"{about.table}.xlsx"), options)
        self._book.set_properties({"created": _MADE})
        self._sheet: Worksheet | None = None
        self._sheets = 0
        self._row = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Write rows: whole numbers as numbers, all else as text, so that no zero is eaten."""
        for row in frame.iter_rows():
            if self._sheet is None or self._row > SHEET_ROWS:
                self._sheets += 1
                self._sheet = self._book.add_worksheet(f"{self._about.table[:25]} {self._sheets}")
                self._sheet.write_row(0, 0, frame.columns)
                self._row = 1
            for column, value in enumerate(row):
                if isinstance(value, bool):
                    self._sheet.write_string(self._row, column, str(value).lower())
                elif isinstance(value, int | float):
                    self._sheet.write_number(self._row, column, value)
                elif value is not None:
                    self._sheet.write_string(self._row, column, str(value))
            self._row += 1
        if self._sheet is None:
            self._sheets = 1
            self._sheet = self._book.add_worksheet(f"{self._about.table[:25]} 1")
            self._sheet.write_row(0, 0, frame.columns)
            self._row = 1

    def close(self) -> None:
        self._book.close()


def _shaped(frame: pl.DataFrame, about: Contract) -> pl.DataFrame:
    """Return the contract's columns in its order, whole numbers as 64-bit."""
    import polars as pl

    missing = [column.name for column in about.columns if column.column_required and column.name not in frame.columns]
    if missing:
        raise ValueError(f"{about.table}: columns that it must have are missing: {', '.join(missing)}")
    there = [column for column in about.columns if column.name in frame.columns]
    return frame.select(
        pl.col(column.name).cast(pl.Int64) if column.type in _WHOLE else pl.col(column.name) for column in there
    )


@contextmanager
def _told(out: Path) -> Iterator[None]:
    """Tell in words when the folder cannot be written. Polars wraps some of the system's errors in its own."""
    from polars.exceptions import ComputeError

    try:
        yield
    except (OSError, ComputeError) as error:
        full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "(os error 28)" in str(error)
        if isinstance(error, ComputeError) and not full:
            raise
        why = Text("đĩa đã đầy", "the disk is full") if full else same(str(getattr(error, "strerror", error)))
        raise BaophuError(
            Text(f"Không ghi được {out}: {why.vi}.", f"Cannot write {out}: {why.en}."),
            Text(
                "Không để lại tệp dở dang. Chọn thư mục khác bằng --out, hoặc giảm --people, --months.",
                "No half-written file was left. Choose another folder with --out, or fewer --people or --months.",
            ),
        ) from error
