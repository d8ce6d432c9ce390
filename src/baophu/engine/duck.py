"""DuckDB, the engine of one machine: a memory limit, its own temporary folder, progress, and an end on Ctrl-C."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.core.errors import BaophuError
from baophu.core.home import make_home, whole_file
from baophu.core.languages import Text, same
from baophu.engine.steps import MORE_MEMORY, OUT_OF_MEMORY, WRONG_VALUE, Progress, Task, failed

if TYPE_CHECKING:
    from types import TracebackType

    import duckdb
    import pyarrow as pa  # type: ignore[import-untyped]

# How often progress is told and Ctrl-C is looked for, in seconds.
_TICK = 0.2


def keep_freed_memory() -> None:
    """Let DuckDB keep the memory that it freed, instead of giving it back and asking for it anew in the next step.

    New pages cost a run of many large steps an eighth of its processor time. It reuses what it kept, and still heeds
    its limit. Of use only before this process has loaded DuckDB, and until the process ends.
    """
    os.environ.setdefault("DUCKDB_JE_MALLOC_CONF", "dirty_decay_ms:-1")


class DuckDB:
    """One connection in memory. `memory` is DuckDB's limit (`4GiB`), `threads` None for all cores.

    What does not fit spills into `temp`, a folder of this run that its user alone can read; without one nothing spills.
    """

    name = "duckdb"

    def __init__(self, memory: str = "4GiB", threads: int | None = None, temp: Path | None = None) -> None:
        import duckdb

        from baophu.engine.dialect import duckdb_macros

        config: dict[str, Any] = {
            "memory_limit": memory,
            "preserve_insertion_order": False,
            "temp_directory": str(make_home(temp)) if temp else "",
        }
        if threads:
            config["threads"] = threads
        try:
            self._connection = duckdb.connect(config=config)
        except duckdb.Error:
            raise BaophuError(
                Text(f"Giới hạn bộ nhớ '{memory}' không đọc được.", f"The memory limit '{memory}' cannot be read."),
                Text("Viết như 4GiB hoặc 800MiB.", "Write it as 4GiB or 800MiB."),
            ) from None
        self._connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
        self._connection.execute(duckdb_macros())
        self._worker = ThreadPoolExecutor(1, "duckdb")

    def __enter__(self) -> DuckDB:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        self._worker.shutdown()
        self._connection.close()

    def run(self, task: Task, out: Path | None, progress: Progress | None = None) -> tuple[int, pa.Table | None]:
        """Run a task; see `Engine`."""
        import duckdb

        try:
            self._open(task)
            if out is None:
                table = self._wait(lambda: self._arrow(task), progress)
                return table.num_rows, table
            with whole_file(out) as part:
                # Whole numbers and days by their differences: written in two thirds of the time and the room. What has
                # thousands of values in a group is not collected into a dictionary first: another sixth of the time.
                options = "FORMAT parquet, COMPRESSION lz4_raw, PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT 4000"
                copy = f"COPY ({task.sql}\n) TO '{str(part).replace(chr(39), chr(39) * 2)}' ({options})"
                rows = self._wait(lambda: self._connection.execute(copy, self._bound(task)).fetchall(), progress)
            return int(rows[0][0]), None
        except duckdb.Error as error:
            raise _told(task.name, error) from error
        finally:
            self._shut(task)

    def keep(self, task: Task, progress: Progress | None = None) -> int:
        """Run a task and keep its rows; see `Engine`."""
        import duckdb

        try:
            self._open(task)
            make = f'CREATE OR REPLACE TEMP TABLE "{task.name}" AS {task.sql}'
            rows = self._wait(lambda: self._connection.execute(make, self._bound(task)).fetchall(), progress)
            return int(rows[0][0])
        except duckdb.Error as error:
            raise _told(task.name, error) from error
        finally:
            self._shut(task)

    def typed(self, task: Task) -> dict[str, str]:
        """Return the type of each column that a task gives, without running it."""
        return {row[0]: row[1] for row in self._asked("DESCRIBE", task)}

    def explained(self, task: Task) -> str:
        """Return DuckDB's plan of a task, without running it."""
        return "\n".join(row[1] for row in self._asked("EXPLAIN", task))

    def _asked(self, question: str, task: Task) -> list[Any]:
        import duckdb

        try:
            self._open(task)
            return self._connection.execute(f"{question} {task.sql}", self._bound(task)).fetchall()
        except duckdb.Error as error:
            raise _told(task.name, error) from error
        finally:
            self._shut(task)

    def _bound(self, task: Task) -> dict[str, Any]:
        return dict(task.parameters)

    def _arrow(self, task: Task) -> pa.Table:
        return self._connection.sql(task.sql, params=self._bound(task)).to_arrow_table()

    def _open(self, task: Task) -> None:
        for name, table in task.tables.items():
            # Copied in, since the planner does not know how many rows an Arrow table has, and joins it the wrong way.
            self._connection.register(f"{name}_given", table)
            self._connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS FROM "{name}_given"')
            self._connection.unregister(f"{name}_given")
        for name, paths in task.files.items():
            quoted = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
            view = f'CREATE OR REPLACE TEMP VIEW "{name}" AS'
            self._connection.execute(f"{view} FROM read_parquet([{quoted}])")

    def _shut(self, task: Task) -> None:
        import duckdb

        with suppress(duckdb.Error):
            for name in task.tables:
                self._connection.execute(f'DROP TABLE IF EXISTS "{name}"')
            for name in task.files:
                self._connection.execute(f'DROP VIEW IF EXISTS "{name}"')

    def _wait(self, work: Any, progress: Progress | None) -> Any:
        """Do the work in a thread of its own, so that this one can tell progress and hear Ctrl-C."""
        doing = self._worker.submit(work)
        try:
            while True:
                try:
                    return doing.result(timeout=_TICK)
                except NotYet:
                    if doing.done():
                        raise
                    if progress:
                        progress(min(max(self._connection.query_progress(), 0.0), 100.0) / 100)
        except KeyboardInterrupt:
            self._connection.interrupt()
            doing.exception()
            raise


def _told(step: str, error: duckdb.Error) -> BaophuError:
    import duckdb

    if isinstance(error, duckdb.OutOfMemoryException) or "No space left" in str(error):
        return failed(step, "DuckDB", OUT_OF_MEMORY, MORE_MEMORY)
    if isinstance(error, duckdb.ProgrammingError | duckdb.InvalidInputException) and not isinstance(
        error, duckdb.ConversionException | duckdb.OutOfRangeException
    ):
        # A mistake in the SQL itself: names and places of the statement, no values of rows.
        return failed(step, "DuckDB", same(str(error).splitlines()[0]))
    if isinstance(error, duckdb.DataError):
        return failed(step, "DuckDB", WRONG_VALUE)
    return failed(step, "DuckDB", same(type(error).__name__))
