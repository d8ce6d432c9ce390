"""Holding the registers against their ledger: every load's manifest and files, what is missing, what nobody wrote."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from baophu.core import ledger
from baophu.core.errors import BaophuError
from baophu.core.hashes import sha256_of
from baophu.core.home import PART
from baophu.core.languages import Text
from baophu.core.soundness import RESTORE, Fault, Look, changed, foreign, missing
from baophu.registers import purging, store, tombstones
from baophu.registers.checking import literal
from baophu.registers.contracts import contracts
from baophu.registers.files import HELD, REJECTS
from baophu.registers.store import MANIFEST, Manifest
from baophu.registers.tombstones import Successors

RELOAD = Text(
    "Khôi phục từ bản sao lưu, hoặc bỏ lần nạp (baophu loads undo) rồi nạp lại tệp gốc.",
    "Bring it back from a backup, or undo the load (baophu loads undo) and load the sender's file again.",
)
REMAKE = Text("Xóa tệp này; nó được làm lại khi cần.", "Delete it; it is made again when it is needed.")


@dataclass(slots=True)
class _Told:
    """What the ledger tells of the registers."""

    loads: dict[tuple[str, str], str] = field(default_factory=dict)  # table, load -> hash of the manifest
    undone: dict[tuple[str, str], str] = field(default_factory=dict)
    purges: dict[str, str] = field(default_factory=dict)


def verify(home: Path, look: Look) -> list[Fault]:
    """Return what is wrong with the registers and tombstones of a home. What killed processes left is settled first.

    A purge waits until it is done. Loads may go on: of a load, what is in the ledger is looked at when its folder is
    there.
    """
    if not store.registers(home).is_dir():
        return []
    purging.resume(home)
    _settle(home)
    with tombstones.held(home, shared=True):
        return _Verification(home, look).run()


def head(home: Path) -> str:
    """Return the number and hash of the ledger's last line, `12:0a1b…`: written down elsewhere, it shows a cut."""
    lines = ledger.read(store.ledger_file(home)).lines
    return f"{lines[-1].number}:{lines[-1].sha256}" if lines else f"0:{ledger.NOTHING}"


def verify_head(home: Path, noted: str) -> list[Fault]:
    """Return a fault where the ledger no longer has a line that was noted down, `12:0a1b…` as `head` gave it."""
    number, _, digest = noted.partition(":")
    lines = {str(line.number): line.sha256 for line in ledger.read(store.ledger_file(home)).lines}
    if noted == f"0:{ledger.NOTHING}" or lines.get(number) == digest:
        return []
    where = store.ledger_file(home).relative_to(home).as_posix()
    words = Text(f"không còn dòng đã chép lại ({number})", f"no longer has the line that was noted ({number})")
    return [Fault(f"{where}:{number}", words, RESTORE)]


def _settle(home: Path) -> None:
    """Let each table that nobody holds finish what a killed process had announced."""
    for path in _folders(store.registers(home)):
        with suppress(BaophuError), store.locked(home, path.name, wait=False):
            pass


def _folders(place: Path) -> list[Path]:
    return sorted(path for path in place.iterdir() if path.is_dir())


class _Verification:
    """What stands is listed before the ledger is read, and the ledger hears of a load before it appears."""

    def __init__(self, home: Path, look: Look) -> None:
        self._home, self._look = home, look
        self._place = store.registers(home)
        self._faults: list[Fault] = []
        tables = _folders(self._place)
        self._there = {(table.name, path.name): path for table in tables for path in _folders(table) if _is_load(path)}
        self._told = _Told()
        self._successors = Successors(())

    def run(self) -> list[Fault]:
        self._ledger()
        self._tombstones()
        for one, expected in self._told.loads.items():
            if one in self._there:
                self._load(self._there[one], expected)
            elif not self._coming(*one):
                self._add(missing(self._where(self._place / one[0] / one[1]), RELOAD))
        for one in sorted(set(self._there) - set(self._told.loads)):
            self._add(
                Fault(
                    self._where(self._there[one]),
                    Text("sổ ghi không biết lần nạp này", "the ledger does not know this load"),
                    Text(
                        "Nếu sổ ghi bị cắt, khôi phục ledger.jsonl từ bản sao lưu; nếu không, chuyển thư mục này đi.",
                        "If the ledger was cut, bring ledger.jsonl back from a backup; if not, move the folder out.",
                    ),
                )
            )
        self._undone()
        self._strangers()
        return self._faults

    def _ledger(self) -> None:
        path = store.ledger_file(self._home)
        book = ledger.read(path)
        for number in book.broken:
            self._add(
                Fault(
                    f"{self._where(path)}:{number}",
                    Text(
                        "dòng này của sổ ghi bị sửa, hoặc dòng trước đó mất",
                        "it was changed, or one before it is gone",
                    ),
                    RESTORE,
                )
            )
        if book.torn:
            mend = Text(
                "Lần nạp sau sẽ bỏ phần ghi dở; nếu còn báo thiếu, khôi phục từ bản sao lưu.",
                "The next load takes it away; bring the file back from a backup if something is then missing.",
            )
            self._add(Fault(self._where(path), Text("dòng cuối ghi dở", "its last line is cut off"), mend))
        for line in book.lines:
            with suppress(KeyError):
                self._take(line.entry)

    def _take(self, entry: dict[str, Any]) -> None:
        if entry["what"] == "purge":
            self._told.purges[entry["tombstone"]] = entry["sha256_of_tombstone"]
            return
        one = (entry["table"], entry["load"])
        if entry["what"] == "load":
            self._told.loads[one] = entry["manifest_sha256"]
        elif entry["what"] == "withdraw":
            self._told.loads.pop(one, None)
        elif entry["what"] == "undo":
            self._told.undone[one] = entry["sha256_of_record"]

    def _tombstones(self) -> None:
        place = tombstones.folder(self._home)
        there = {path.stem: path for path in place.glob("*.json")}
        hashes = self._look.hashes(there.values())
        for name, path in there.items():
            if name not in self._told.purges:
                self._add(foreign(self._where(path)))
            elif hashes[path] != self._told.purges[name]:
                self._add(changed(self._where(path)))
        for name in sorted(set(self._told.purges) - set(there)):
            self._add(missing(self._where(place / f"{name}.json")))
        self._successors = Successors(tombstones.vouched(self._home))

    def _load(self, place: Path, expected: str) -> None:
        path = place / MANIFEST
        where = path.relative_to(self._home / "warehouse").as_posix()
        found = self._look.hashes([path])[path]
        if found != self._successors.of(where, expected):
            self._add(missing(self._where(path), RELOAD) if found is None else changed(self._where(path), RELOAD))
        try:
            manifest = Manifest.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        self._files(place, manifest)
        self._counts(place, manifest)

    def _files(self, place: Path, manifest: Manifest) -> None:
        gone = manifest.destroyed_on is not None
        named = {file.name: file.sha256 for file in manifest.files} | {one.name: one.sha256 for one in manifest.beside}
        if gone:
            named = {}
        hashes = self._look.hashes(place / name for name in named)
        for name, expected in named.items():
            path = place / name
            if hashes[path] is None:
                self._add(missing(self._where(path), RELOAD))
            elif hashes[path] != expected:
                self._add(changed(self._where(path), RELOAD))
        for path in sorted(place.rglob("*")):
            if path.is_file() and path.relative_to(place).as_posix() not in {*named, MANIFEST}:
                self._add(foreign(self._where(path)))

    def _counts(self, place: Path, manifest: Manifest) -> None:
        held = sum(file.rows for file in manifest.files if file.name == HELD)
        loaded = sum(file.rows for file in manifest.files if file.name.startswith("data-"))
        read = sum(given.read for given in manifest.inputs)
        whole = manifest.loaded + manifest.rejected + manifest.held + manifest.purged == manifest.read == read
        if not whole or (held, loaded) != (manifest.held, manifest.loaded):
            words = Text(
                "số dòng nạp, trả lại, giữ lại và đã hủy không bằng số dòng đã đọc",
                "rows loaded, rejected, held and purged are not the rows read",
            )
            self._add(Fault(self._where(place / MANIFEST), words, RELOAD))
        if manifest.destroyed_on is None:
            self._parquet(place, manifest)

    def _parquet(self, place: Path, manifest: Manifest) -> None:
        import pyarrow as pa  # type: ignore[import-untyped]
        import pyarrow.parquet as pq  # type: ignore[import-untyped]

        contract = contracts().get(manifest.table)
        same = contract is not None and store.contract_sha256(contract) == manifest.contract_sha256
        wanted = {column.name for column in contract.columns} if contract and same else set()
        for file in manifest.files:
            try:
                found = pq.ParquetFile(place / file.name)
            except (OSError, pa.ArrowException):
                continue  # told by its hash
            with found:
                rows, names = found.metadata.num_rows, set(found.schema_arrow.names)
            if rows != file.rows:
                words = Text(
                    f"có {rows} dòng, bản kê ghi {file.rows}", f"has {rows} rows, the manifest says {file.rows}"
                )
                self._add(Fault(self._where(place / file.name), words, RELOAD))
            lacking = ", ".join(sorted(wanted - names))
            if lacking and file.name != REJECTS:
                words = Text(f"thiếu cột {lacking}", f"lacks the columns {lacking}")
                self._add(Fault(self._where(place / file.name), words, RELOAD))

    def _undone(self) -> None:
        for (table, load), expected in self._told.undone.items():
            path = self._place / table / "undone" / f"{load}.json"
            if not path.exists():
                self._add(missing(self._where(path)))
            elif sha256_of(path.read_bytes()) != expected:
                self._add(changed(self._where(path)))

    def _strangers(self) -> None:
        """Tell what lies among the registers and is of no load."""
        for path in sorted(self._place.iterdir()):
            if path.is_file() and path.name not in ("lock", ledger.NAME):
                self._add(foreign(self._where(path)))
        for table in _folders(self._place):
            for path in sorted(table.iterdir()):
                if path.name in ("lock", "undone", store.COPIES) or path.name.startswith(PART) or _is_load(path):
                    continue
                self._add(foreign(self._where(path)))
            for path in sorted((table / "undone").glob("*")):
                if (table.name, path.stem) not in self._told.undone and not path.name.startswith(PART):
                    self._add(foreign(self._where(path)))
            for path in sorted((table / store.COPIES).glob("*")):
                if not path.name.startswith(PART) and not _true_copy(table, path):
                    self._add(changed(self._where(path), REMAKE))

    def _coming(self, table: str, load: str) -> bool:
        """Tell whether a load that was announced is just about to appear."""
        place = self._place / table
        return any(place.glob(f"{PART}*-{load}")) or (place / load).exists()

    def _where(self, path: Path) -> str:
        return path.relative_to(self._home).as_posix()

    def _add(self, fault: Fault) -> None:
        self._faults.append(fault)


def _is_load(path: Path) -> bool:
    return path.is_dir() and path.name[:1].isdigit()


def _true_copy(table: Path, copy: Path) -> bool:
    """Tell whether a copy holds exactly the rows of a load's file, without those of some employers."""
    import duckdb

    for load in _folders(table):
        name = copy.name.removeprefix(f"{load.name}-")
        _, _, name = name.partition("-")
        if _is_load(load) and copy.name.startswith(f"{load.name}-") and (load / name).is_file():
            here, there = (
                f"(SELECT * FROM read_parquet({literal(str(path))}, hive_partitioning = false))"  # noqa: S608
                for path in (copy, load / name)
            )
            kept = (
                f"(SELECT * FROM {there} WHERE employer_id IS NULL OR employer_id IN (SELECT employer_id FROM {here}))"  # noqa: S608
            )
            with duckdb.connect() as connection, suppress(duckdb.Error):
                connection.execute("SET threads = 2")
                counted = connection.execute(
                    f"SELECT (SELECT count(*) FROM (FROM {here} EXCEPT ALL FROM {kept})), "  # noqa: S608
                    f"(SELECT count(*) FROM (FROM {kept} EXCEPT ALL FROM {here}))"
                ).fetchone()
                return counted == (0, 0)
    return False
