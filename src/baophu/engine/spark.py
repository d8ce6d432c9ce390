"""Spark, the engine of a country that outgrows a machine: the same steps, translated by SQLGlot (`dialect`)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.core.errors import BaophuError
from baophu.core.home import PART, make_home, whole_file
from baophu.core.languages import Text, same
from baophu.engine.steps import OUT_OF_MEMORY, WRONG_VALUE, Progress, Task, failed

if TYPE_CHECKING:
    from types import TracebackType

    import pyarrow as pa  # type: ignore[import-untyped]


class Spark:
    """A Spark session: on this machine's cores, or `session`, one that is there already.

    `temp` holds what is spilled and handed over; it must be seen by all of a session's workers.
    """

    name = "spark"

    def __init__(self, temp: Path, memory: str = "2g", cores: int = 2, session: Any = None) -> None:
        self._temp = make_home(temp)
        self._kept: dict[str, tuple[Path, ...]] = {}
        self._own = session is None
        self._session = session or _local_session(self._temp, memory, cores)

    def __enter__(self) -> Spark:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the session, if it was begun here."""
        if self._own:
            self._session.stop()

    def run(self, task: Task, out: Path | None, progress: Progress | None = None) -> tuple[int, pa.Table | None]:
        """Run a task; see `Engine`. Spark does not say how much of a step is done: progress is told at its end."""
        with tempfile.TemporaryDirectory(prefix=PART, dir=self._temp) as place:
            try:
                rows, table = self._run(task, out, Path(place))
            except KeyboardInterrupt:
                self._session.sparkContext.cancelAllJobs()
                raise
            except Exception as error:
                told = _told(task.name, error)
                if told is None:
                    raise
                raise told from error
            finally:
                for name in (*self._kept, *task.tables, *task.files):
                    self._session.catalog.dropTempView(name)
        if progress:
            progress(1.0)
        return rows, table

    def keep(self, task: Task, progress: Progress | None = None) -> int:
        """Run a task and keep its rows; see `Engine`. They lie in a file, since Spark would make them again."""
        path = self._temp / "kept" / f"{task.name}.parquet"
        make_home(path.parent)
        rows, _ = self.run(task, path, progress)
        self._kept[task.name] = (path,)
        return rows

    def _run(self, task: Task, out: Path | None, place: Path) -> tuple[int, pa.Table | None]:
        from baophu.engine.dialect import to_spark

        dates = {name for table in self._open(task, place) for name, kind in table.dtypes if kind == "date"}
        given = self._session.sql(to_spark(task.sql, task.parameters, dates))
        if out is None:
            table = given.toArrow()
            return table.num_rows, table
        given.write.parquet(str(place / "out"), compression="lz4_raw")
        with whole_file(out) as part:
            return _one_file(place / "out", part), None

    def _open(self, task: Task, place: Path) -> list[Any]:
        """Make the input views. An Arrow table is handed over as a file, since Spark takes few of its types."""
        import pyarrow.parquet as parquet  # type: ignore[import-untyped]

        given = {**self._kept, **task.files}
        for name, table in task.tables.items():
            given[name] = (place / f"{name}.parquet",)
            parquet.write_table(table, given[name][0])
        frames = []
        for name, paths in given.items():
            frame = self._session.read.parquet(*(str(path) for path in paths))
            frame.createOrReplaceTempView(name)
            frames.append(frame)
        return frames


def _local_session(temp: Path, memory: str, cores: int) -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise BaophuError(
            Text("Chưa cài PySpark.", "PySpark is not installed."),
            Text("Cài bằng: pip install 'baophu[spark]'.", "Install it with: pip install 'baophu[spark]'."),
        ) from None
    settings = {
        "spark.driver.memory": memory,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": str(temp),
        "spark.sql.warehouse.dir": str(temp / "spark-warehouse"),
        "spark.sql.shuffle.partitions": str(cores * 2),
        "spark.sql.session.timeZone": "UTC",
        # Overflow and a value that does not fit are errors, as in DuckDB.
        "spark.sql.ansi.enabled": "true",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    builder = SparkSession.builder.master(f"local[{cores}]").appName("baophu")
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as error:
        raise BaophuError(
            Text("Không khởi động được Spark.", "Spark cannot be started."),
            Text("Cài Java 17 và đặt JAVA_HOME.", "Install Java 17 and set JAVA_HOME."),
        ) from error


def _one_file(folder: Path, out: Path) -> int:
    """Put the parts that the workers wrote into one file; return the number of rows."""
    import pyarrow.parquet as parquet

    rows = 0
    parts = sorted(folder.glob("part-*.parquet"))
    with parquet.ParquetWriter(out, parquet.read_schema(parts[0]), compression="lz4") as writer:
        for path in parts:
            for batch in parquet.ParquetFile(path).iter_batches(500_000):
                writer.write_batch(batch)
                rows += batch.num_rows
    return rows


def _told(step: str, error: Exception) -> BaophuError | None:
    """Put an error of Spark into words; None for what is none of Spark's."""
    condition = getattr(error, "getCondition", None) or getattr(error, "getErrorClass", None)
    if condition is None:
        return failed(step, "Spark", OUT_OF_MEMORY) if "OutOfMemory" in str(error) else None
    from pyspark.errors import AnalysisException, ArithmeticException, NumberFormatException, ParseException

    if isinstance(error, AnalysisException | ParseException):
        return failed(step, "Spark", same(str(error).splitlines()[0]))
    if isinstance(error, ArithmeticException | NumberFormatException):
        return failed(step, "Spark", WRONG_VALUE)
    return failed(step, "Spark", same(str(condition() or type(error).__name__)))
