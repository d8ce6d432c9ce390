"""Loading files: recognise, read, check, store. A load appears whole or not at all, and every row is accounted for."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu import __version__
from baophu.core.errors import BaophuError
from baophu.core.home import whole_folder
from baophu.core.languages import Text
from baophu.registers import across, reading, rejects, store
from baophu.registers.checking import FATES, Fate, Given, literal, prepare, quoted, statement, streaming
from baophu.registers.contracts import Contract, contracts
from baophu.registers.files import HELD, MARKED, REJECTS, Files
from baophu.registers.keys import with_keys
from baophu.registers.reading import Part
from baophu.registers.rejects import Reject
from baophu.registers.store import Basis, Input, Manifest, Stored

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa  # type: ignore[import-untyped]
    from duckdb import DuckDBPyConnection

MEMORY = "1GiB"
_BATCH = 122_880

# Told while rows are read: the table, rows done, rows in all.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of one table's files; `new` is false where they were loaded before and hold good."""

    manifest: Manifest
    folder: Path
    new: bool


@dataclass(frozen=True, slots=True)
class Options:
    """How to load."""

    month: date | None = None
    memory: str = MEMORY
    threads: int | None = None
    wait: bool = True
    basis: Basis = field(default_factory=Basis)


def load(
    paths: Iterable[Path],
    home: Path,
    table: Contract | None = None,
    options: Options | None = None,
    progress: Progress | None = None,
) -> list[Loaded]:
    """Load files, folders and globs: one load for each table that they hold. BaophuError keeps what was there.

    The files of one table are one load, so that the parts of a month do not take each other's place.
    """
    options = options or Options()
    if options.month is not None and options.month.day != 1:
        raise BaophuError(Text("Tháng phải ghi bằng ngày đầu tháng.", "A month is written as its first day."))
    tables = [table] if table else list(contracts().values())
    by_table: dict[str, list[Part]] = {}
    for path in reading.files(paths):
        for part in reading.parts(path, tables, options.month is not None):
            by_table.setdefault(part.contract.table, []).append(part)
    ordered = sorted(by_table.values(), key=lambda some: some[0].contract.order)
    return [_load_table(some, home, options, progress) for some in ordered]


def _load_table(parts: list[Part], home: Path, options: Options, progress: Progress | None) -> Loaded:
    contract = parts[0].contract
    with store.locked(home, contract.table, options.wait) as place:
        fresh = _not_yet(parts, home, contract, options)
        if isinstance(fresh, Manifest):
            return Loaded(fresh, place / fresh.load, False)
        load_id = store.new_id(place, fresh[0].taken.sha256)
        try:
            with whole_folder(place / load_id) as part:
                manifest = _Load(fresh, contract, part, home, options, progress).run(load_id)
                store.write_manifest(part, manifest)
            store.sync_folder(place)
        except OSError as error:
            raise store.not_written(place, error) from error
        return Loaded(manifest, place / load_id, True)


def _not_yet(parts: list[Part], home: Path, contract: Contract, options: Options) -> list[Part] | Manifest:
    """Return the parts that are new, each content once; or the load that holds good and has them all."""
    once = list({(part.taken.sha256, part.sheet): part for part in parts}.values())
    version = store.contract_sha256(contract)
    standing = [
        one
        for one in store.standing(home, contract.table)
        if one.contract_sha256 == version and one.month_given == options.month
    ]
    wanted = {(part.taken.sha256, part.sheet) for part in once}
    for one in reversed(standing):
        if wanted <= {(given.sha256, given.sheet) for given in one.inputs}:
            return one
    if contract.replaces == "adds":
        there = {(given.sha256, given.sheet) for one in standing for given in one.inputs}
        once = [part for part in once if (part.taken.sha256, part.sheet) not in there] or once[:0]
        if not once:
            return standing[-1]
    return once


class _Again(Exception):
    """A file holds a row that DuckDB's reader does not take; it is to be read with care."""

    def __init__(self, file: int) -> None:
        super().__init__(file)
        self.file = file


@dataclass(slots=True)
class _Counts:
    """What became of the rows of each file, and why."""

    by_file: list[Counter[str]]
    reasons: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)

    def total(self, fate: str) -> int:
        return sum(counter[fate] for counter in self.by_file)


class _Load:
    """One load while it is made, in a folder that nobody sees yet."""

    def __init__(
        self,
        parts: list[Part],
        contract: Contract,
        place: Path,
        home: Path,
        options: Options,
        progress: Progress | None,
    ) -> None:
        self._parts, self._contract, self._place, self._options = list(parts), contract, place, options
        self._home = home
        self._unchecked: tuple[str, ...] = ()
        self._progress = progress
        self._scratch = place / "scratch"
        self._counts = _Counts([])

    def run(self, load_id: str) -> Manifest:
        """Fill the folder and return what it holds."""
        while True:
            try:
                files = self._fill()
                break
            except _Again as again:
                self._parts[again.file] = replace(self._parts[again.file], plain=False)
                for path in self._place.glob("*.parquet"):
                    path.unlink()
                shutil.rmtree(self._scratch)
        for part in self._parts:
            reading.unchanged(part)
        self._mark()
        shutil.rmtree(self._scratch)
        return self._manifest(load_id, files)

    def _fill(self) -> list[Stored]:
        import duckdb

        self._scratch.mkdir()
        self._counts = _Counts([Counter() for _ in self._parts])
        try:
            with duckdb.connect() as connection:
                self._settings(connection)
                with Files(self._place, self._contract) as files:
                    prepare(connection, self._contract)
                    with streaming(connection):
                        keys = self._pass(connection, files)
                    files.close_data()
                    self._settle_duplicates(connection, files, keys)
                    self._settle_known(connection, files)
                stored = files.stored()
                self._check(stored)
                self._hold_references(connection, stored)
        except duckdb.OutOfMemoryException as error:
            raise BaophuError(
                Text(
                    f"Không đủ bộ nhớ ({self._options.memory}) hoặc đĩa tạm đã đầy. Không có gì được nạp.",
                    f"Not enough memory ({self._options.memory}), or the disk is full. Nothing was loaded.",
                ),
                Text("Cho thêm bằng --memory, ví dụ --memory 4GiB.", "Give more with --memory, such as --memory 4GiB."),
            ) from error
        except duckdb.IOException as error:
            raise OSError(None, str(error).splitlines()[0]) from error
        return stored

    def _settings(self, connection: DuckDBPyConnection) -> None:
        connection.execute("SET preserve_insertion_order = true; SET enable_progress_bar = false")
        connection.execute(f"SET temp_directory = {literal(str(self._scratch))}")
        try:
            connection.execute(f"SET memory_limit = {literal(self._options.memory)}")
        except Exception as error:
            raise BaophuError(
                Text(
                    f"'{self._options.memory}' không phải là lượng bộ nhớ.",
                    f"'{self._options.memory}' is no amount of memory.",
                ),
                Text("Ví dụ --memory 2GiB.", "For example --memory 2GiB."),
            ) from error
        if self._options.threads:
            connection.execute(f"SET threads = {int(self._options.threads)}")

    def _pass(self, connection: DuckDBPyConnection, files: Files) -> np.ndarray[Any, np.dtype[np.uint64]]:
        """Send the rows of every file through the statement and put each where it belongs; return the keys' hashes."""
        import duckdb
        import numpy as np

        keys: list[np.ndarray[Any, np.dtype[np.uint64]]] = []
        total = sum(part.lines for part in self._parts)
        done = 0
        for at, part in enumerate(self._parts):
            source = reading.source(part, self._scratch / f"{at}.parquet", connection)
            total += source.rows - part.lines
            given = Given(self._options.month)
            sql = statement(self._contract, part.found, f"SELECT *, {at}::INTEGER AS _file FROM ({source.sql})", given)  # noqa: S608
            try:
                for batch in connection.sql(sql).to_arrow_reader(_BATCH):
                    keys.append(self._take(at, batch, files))
                    done += batch.num_rows
                    if self._progress:
                        self._progress(self._contract.table, done, total)
            except duckdb.Error as error:
                if part.kind == "csv" and part.plain and "CSV" in str(error):
                    raise _Again(at) from error
                raise
            if sum(self._counts.by_file[at].values()) != source.rows:
                if part.plain:
                    raise _Again(at)
                raise _not_all(part)
        return np.concatenate(keys) if keys else np.empty(0, np.uint64)

    def _take(self, at: int, batch: pa.RecordBatch, files: Files) -> np.ndarray[Any, np.dtype[np.uint64]]:
        """Put one batch's rows where they belong; return the hashes of the keys of those that may stay."""
        import numpy as np
        import pyarrow.compute as pc  # type: ignore[import-untyped]

        fates = batch.column("_fate").to_numpy()
        counted = np.bincount(fates, minlength=len(FATES))
        self._counts.by_file[at].update({fate: int(number) for fate, number in zip(FATES, counted, strict=True)})
        loaded = with_keys(_only(batch, fates == 0), self._contract)
        files.add_data(loaded)
        for flag in pc.value_counts(loaded.column("_flags").flatten()):
            self._counts.warnings[flag["values"].as_py()] += flag["counts"].as_py()
        if counted[1] or counted[2]:
            bad = _only(batch, (fates == 1) | (fates == 2))
            files.add_held(with_keys(_only(bad, bad.column("_fate").to_numpy() == 2), self._contract))
            files.add_rejects(list(self._told(bad)))
        found = batch.column("_key").drop_null().to_numpy()
        return np.asarray(found, np.uint64)

    def _told(self, bad: pa.RecordBatch) -> Iterator[Reject]:
        order = {column.name: at for at, column in enumerate(self._contract.columns)}
        picked = (bad.column(name).to_pylist() for name in ("_file", "_row", "_fate", "_reasons", "_cells"))
        for file, row, fate, reasons, cells in zip(*picked, strict=True):
            self._counts.reasons.update(set(reasons))
            for told in reasons:
                column, _, code = told.partition("|")
                value = cells[order[column]] if column else None
                yield Reject(file, row, column, value, code, FATES[fate])

    def _settle_duplicates(
        self, connection: DuckDBPyConnection, files: Files, keys: np.ndarray[Any, np.dtype[np.uint64]]
    ) -> None:
        """Send back the rows that share a key: all where they differ, all but the first where they repeat it."""
        import numpy as np
        import pyarrow as pa

        keys.sort()
        shared = np.unique(keys[1:][keys[1:] == keys[:-1]])
        if not len(shared):
            return
        connection.register("_shared", pa.table({"key": shared}))
        names = [quoted(name) for name in self._contract.key]
        key = ", ".join(names)
        every = ", ".join(quoted(column.name) for column in self._contract.columns)
        listed = ", ".join(literal(str(path)) for path in files.row_files())
        shown = " || ' + ' || ".join(f"{name}::VARCHAR" for name in names)
        connection.execute(f"""
            CREATE OR REPLACE TEMP TABLE _gone AS
            WITH candidates AS (
                SELECT {every}, _file, _row, filename, hash({every}) AS _content
                FROM read_parquet([{listed}], filename = true, union_by_name = true, hive_partitioning = false)
                WHERE hash({key}) IN (SELECT key FROM _shared)
            ),
            compared AS (
                SELECT _file, _row, filename, {shown} AS _value,
                    row_number() OVER (PARTITION BY {key} ORDER BY _file, _row) AS _place,
                    min(_content) OVER (PARTITION BY {key}) <> max(_content) OVER (PARTITION BY {key}) AS _differ
                FROM candidates
            )
            SELECT _file, _row, filename, _value, CASE WHEN _differ THEN 'duplicate_key' ELSE 'repeat' END AS _code
            FROM compared WHERE _differ OR _place > 1""")  # noqa: S608
        connection.unregister("_shared")
        column = self._contract.key[-1]
        found = connection.execute("SELECT _file, _row, filename, _value, _code FROM _gone ORDER BY ALL")
        while rows := found.fetchmany(_BATCH):
            files.add_rejects(
                [Reject(file, row, column, value, code, "rejected") for file, row, _, value, code in rows]
            )
            for file, _, name, _, code in rows:
                self._counts.by_file[file]["held" if Path(name).name == HELD else "loaded"] -= 1
                self._counts.by_file[file]["rejected"] += 1
                self._counts.reasons[f"{column}|{code}"] += 1
        for (name,) in connection.execute("SELECT DISTINCT filename FROM _gone").fetchall():
            files.without(connection, Path(name), f"SELECT _file, _row FROM _gone WHERE filename = {literal(name)}")  # noqa: S608

    def _settle_known(self, connection: DuckDBPyConnection, files: Files) -> None:
        """Send back the rows whose key another load holds for another row; hold those that it has already."""
        if not across.known_elsewhere(connection, self._home, self._contract, files.row_files(), "_known"):
            return
        column = self._contract.key[-1]
        found = connection.execute("SELECT _file, _row, filename, _value, load, same FROM _known ORDER BY ALL")
        while rows := found.fetchmany(_BATCH):
            told = []
            for file, row, name, value, load, same in rows:
                fate: Fate = "held" if same else "rejected"
                code = f"{'known' if same else 'key_taken'}:{load}"
                told.append(Reject(file, row, column, value, code, fate))
                self._counts.by_file[file]["held" if Path(name).name == HELD else "loaded"] -= 1
                self._counts.by_file[file][fate] += 1
                self._counts.reasons[f"{column}|{code}"] += 1
            files.add_rejects(told)
        reason = f"[{literal(f'{column}|known:')} || load]"
        names = [Path(name) for (name,) in connection.execute("SELECT DISTINCT filename FROM _known").fetchall()]
        for path in names:
            here = f"FROM _known WHERE filename = {literal(str(path))}"
            if path.name == HELD:
                here += " AND NOT same"
            else:
                files.hold(connection, path, f"SELECT _file, _row, {reason} AS _reasons {here} AND same")
            files.without(connection, path, f"SELECT _file, _row {here}")

    def _hold_references(self, connection: DuckDBPyConnection, stored: list[Stored]) -> None:
        rows = [self._place / file.name for file in stored if file.name.startswith("data-")]
        found = across.references(connection, self._home, self._contract, rows, self._place)
        self._counts.warnings.update(found.unknown)
        self._unchecked = found.unchecked

    def _check(self, stored: list[Stored]) -> None:
        """Hold the program to it: what the files hold is what was counted, and together it is what was read."""
        rows = {"loaded": 0, "held": 0}
        for file in stored:
            if file.name != REJECTS:
                rows["held" if file.name == HELD else "loaded"] += file.rows
        for fate, number in rows.items():
            if number != self._counts.total(fate):
                raise BaophuError(
                    Text(
                        "Số dòng đã ghi không khớp số dòng đã đọc. Không có gì được nạp.",
                        "The rows written are not the rows read. Nothing was loaded.",
                    )
                )

    def _mark(self) -> None:
        """Give senders of workbooks their own back, with the cells to mend marked."""
        path = self._place / REJECTS
        if not path.is_file():
            return
        for at, part in enumerate(self._parts):
            if part.kind == "xlsx" and part.path not in [other.path for other in self._parts[:at]]:
                same_book = [index for index, other in enumerate(self._parts) if other.path == part.path]
                rejects.mark_workbook(
                    path,
                    self._contract,
                    {index: self._parts[index] for index in same_book},
                    self._place / f"{MARKED}{at + 1}-{part.path.stem}.xlsx",
                )

    def _manifest(self, load_id: str, files: list[Stored]) -> Manifest:
        counts = self._counts
        inputs = tuple(
            Input(
                name=part.path.name,
                sheet=part.sheet,
                sha256=part.taken.sha256,
                size=part.taken.size,
                read=sum(counter[fate] for fate in ("loaded", "rejected", "held")),
                blank=counter["blank"],
                ignored=part.header.match.others,
            )
            for part, counter in zip(self._parts, counts.by_file, strict=True)
        )
        month = self._options.month
        months = sorted({file.month for file in files if file.month is not None} | ({month} if month else set()))
        return Manifest(
            load=load_id,
            table=self._contract.table,
            replaces=self._contract.replaces,
            months=tuple(months),
            month_given=month,
            inputs=inputs,
            read=sum(given.read for given in inputs),
            loaded=counts.total("loaded"),
            rejected=counts.total("rejected"),
            held=counts.total("held"),
            reasons=dict(counts.reasons.most_common()),
            warnings=dict(counts.warnings.most_common()),
            unchecked=self._unchecked,
            files=tuple(files),
            contract_sha256=store.contract_sha256(self._contract),
            program=__version__,
            loaded_at=datetime.now(UTC),
            basis=self._options.basis,
        )


def _only(batch: pa.RecordBatch, keep: np.ndarray[Any, np.dtype[np.bool_]]) -> pa.RecordBatch:
    """Return some rows of a batch; where nearly all are kept, the stretches between the others are joined."""
    import numpy as np
    import pyarrow as pa

    left_out = keep.size - int(np.count_nonzero(keep))
    if not left_out:
        return batch
    if left_out > keep.size // 100:
        return batch.filter(pa.array(keep))
    edges = np.flatnonzero(np.diff(keep.astype(np.int8), prepend=0, append=0))
    pieces = [batch.slice(start, end - start) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    (joined,) = pa.Table.from_batches(pieces).combine_chunks().to_batches()
    return joined


def _not_all(part: Part) -> BaophuError:
    return BaophuError(
        Text(
            f"{part.name}: số dòng đọc được không khớp số dòng của tệp. Không có gì được nạp.",
            f"{part.name}: the rows read are not the rows that the file has. Nothing was loaded.",
        )
    )
