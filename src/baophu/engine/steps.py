"""One step of the data path: a SELECT, its inputs and parameters, and what came out; the same for every engine."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from baophu.core.errors import BaophuError
from baophu.core.languages import Text

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

# An Arrow table, one Parquet file, or several with the same columns.
Input: TypeAlias = "pa.Table | Path | Sequence[Path]"
# What a `$name` may be bound to. No float: an amount must not pass through one.
Scalar = int | str | bool | date | None
# Told how much of the step is done, 0 to 1, as far as the engine knows.
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Task:
    """A step made ready: the text of its SELECT, inputs by name (Arrow, or Parquet paths that exist), parameters."""

    name: str
    sql: str
    tables: Mapping[str, pa.Table] = field(default_factory=dict)
    files: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    parameters: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step gave: `rows` rows, in the file `path`, or as `table` where no file was asked for."""

    step: str
    engine: str
    rows: int
    seconds: float
    path: Path | None = None
    table: pa.Table | None = None

    def arrow(self) -> pa.Table:
        """Return the rows as an Arrow table, read from the file where there is one. Their order is not promised."""
        if self.table is not None:
            return self.table
        import pyarrow.parquet as parquet  # type: ignore[import-untyped]

        return parquet.read_table(self.path)


class Engine(Protocol):
    """What runs a task. `out`, where given, is written by one rename; else the rows come back as Arrow."""

    @property
    def name(self) -> str:
        """Return the engine's name, as it stands in manifests."""
        ...

    def run(self, task: Task, out: Path | None, progress: Progress | None) -> tuple[int, pa.Table | None]:
        """Run a task and return the number of rows, and the rows where `out` is None. BaophuError in words."""
        ...

    def keep(self, task: Task, progress: Progress | None) -> int:
        """Run a task and keep its rows in the engine, where later tasks find them by its name; return their number.

        The next task of that name takes its place.
        """
        ...


def run_step(
    engine: Engine,
    sql: Path | str,
    inputs: Mapping[str, Input] | None = None,
    parameters: Mapping[str, Scalar] | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
    *,
    keep: bool = False,
) -> Outcome:
    """Run one SELECT (its text, or the `.sql` file that holds it) on an engine.

    `inputs` are the tables that it names, `parameters` its `$name`s. With `out` the rows go to that Parquet file, which
    appears whole or not at all; without it they come back as Arrow, or, with `keep`, stay in the engine, where later
    steps find them by this step's name. BaophuError says in words what cannot be done;
    Ctrl-C ends the step and leaves no file.
    """
    name = sql.stem if isinstance(sql, Path) else "sql"
    text = sql.read_text(encoding="utf-8") if isinstance(sql, Path) else sql
    tables: dict[str, pa.Table] = {}
    files: dict[str, tuple[Path, ...]] = {}
    for word, given in (inputs or {}).items():
        if isinstance(given, Path):
            files[word] = (given,)
        elif isinstance(given, Sequence):
            files[word] = tuple(given)
        else:
            tables[word] = given
    _files_are_there(name, files)
    _scalars(name, parameters or {})
    task = Task(name, text.strip().rstrip(";"), tables, files, parameters or {})
    begun = time.perf_counter()
    if keep:
        return Outcome(name, engine.name, engine.keep(task, progress), time.perf_counter() - begun)
    rows, table = engine.run(task, out, progress)
    return Outcome(name, engine.name, rows, time.perf_counter() - begun, out, table)


def _files_are_there(step: str, files: Mapping[str, tuple[Path, ...]]) -> None:
    for name, paths in files.items():
        missing = [path for path in paths if not path.is_file()]
        if paths and not missing:
            continue
        what = ", ".join(str(path) for path in missing[:3]) or "–"
        raise BaophuError(
            Text(
                f"Bước {step}: không có tệp đầu vào cho bảng {name} ({what}).",
                f"Step {step}: no input file for table {name} ({what}).",
            ),
            Text("Nạp bảng này trước, rồi chạy lại.", "Load this table first, then run again."),
        )


def _scalars(step: str, parameters: Mapping[str, object]) -> None:
    for name, value in parameters.items():
        if not isinstance(value, int | str | bool | date | None):
            raise BaophuError(
                Text(
                    f"Bước {step}: tham số {name} phải là số nguyên, chữ, ngày hoặc đúng/sai.",
                    f"Step {step}: parameter {name} must be a whole number, a text, a day or a truth value.",
                )
            )


def failed(step: str, engine: str, why: Text, mend: Text | None = None) -> BaophuError:
    """Make the error of a step that an engine could not run."""
    return BaophuError(
        Text(
            f"Bước {step} không chạy được trên {engine}: {why.vi}. Không có gì được ghi.",
            f"Step {step} could not run on {engine}: {why.en}. Nothing was written.",
        ),
        mend,
    )


OUT_OF_MEMORY = Text("hết bộ nhớ hoặc hết chỗ tạm trên đĩa", "out of memory, or of room for temporary files")
MORE_MEMORY = Text(
    "Đặt giới hạn bộ nhớ cao hơn hoặc dọn đĩa, rồi chạy lại.",
    "Set a higher memory limit or free the disk, then run again.",
)
# The engines' own words on data that does not fit may hold a person's value, so they are not repeated.
WRONG_VALUE = Text("một giá trị không đúng kiểu hoặc quá lớn", "a value of the wrong type, or too large")
