"""The loads that came in: an immutable folder each, which of them hold good, and how one is undone.

    <home>/warehouse/registers/<table>/<load id>/data-….parquet      the rows that went on, by month where they have one
                                                 held.parquet        rows kept aside for a person to decide
                                                 rejects.parquet     what is wrong: row, column, value, reason
                                                 manifest.json
    <home>/warehouse/registers/<table>/undone/<load id>.json          a load that no longer counts
    <home>/warehouse/registers/<table>/lock                           held by the process that loads
    <home>/warehouse/registers/<table>/merged/                        copies without replaced rows; may be deleted

A folder appears by one rename. Nothing in it changes afterwards; what holds good is worked out from the manifests.

An employer's form is a load of its own table (`d02_lt`); what it means for the registers are loads that name it as
their `form`. They replace the rows of the employers in their scopes, and count for as long as the form's load stands,
so that all of them appear, and are undone, at once.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from baophu.core import ledger
from baophu.core.errors import BaophuError, did_you_mean
from baophu.core.hashes import sha256, sha256_of
from baophu.core.home import PART, make_home, whole_file
from baophu.core.languages import Text
from baophu.registers.contracts import Contract
from baophu.registers.retention import kept_until

MANIFEST = "manifest.json"
COPIES = "merged"
# The legal day is that of Viet Nam.
VIET_NAM = timezone(timedelta(hours=7))
_TIME = "%Y%m%dT%H%M%S%fZ"

_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s.\-]{1,3}(?=\d)")
# 22.11.2026, 2026-11-22, 11-2026: standing alone, not as part of a longer number.
_DAY, _MONTH, _YEAR = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])", "(?:19|20)[0-9]{2}"
_DATES = re.compile(
    rf"(?<!\d)(?<!\d[.\-])(?:(?:{_DAY}[.\-])?{_MONTH}[.\-]{_YEAR}|{_YEAR}-{_MONTH}(?:-{_DAY})?)(?![.\-]?\d)"
)
# 1.500.000.000, 2.350.000 đồng: by thousands, not begun with 0 as personal numbers are. Nine digits may be somebody's
# old number, and are an amount only in whole thousands or with the unit.
_THOUSANDS = r"[1-9]\d{0,2}(?:\.\d{3})+"
_AMOUNTS = re.compile(
    rf"(?<!\d)(?<!\d[\s.\-])(?:{_THOUSANDS}(?=\s?(?:đồng|đ|₫|VND|VNĐ)(?!\w))"
    rf"|(?!\d{{3}}\.\d{{3}}\.(?!000)\d{{3}}(?![.\d])){_THOUSANDS}(?![.\-]?\d|\s[\d.\-]))",
    re.IGNORECASE,
)


class Input(BaseModel):
    """A file that was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    sheet: str = ""
    sha256: str
    size: int
    read: int = Field(description="rows below the header that hold something")
    blank: int = Field(description="rows below the header that hold nothing")
    ignored: tuple[str, ...] = Field(default=(), description="headings that the contract does not name")


class Stored(BaseModel):
    """A Parquet file of the load."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    rows: int
    sha256: str
    month: date | None = None


class Beside(BaseModel):
    """Another file of the load: a workbook that goes back to its sender."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    sha256: str


class Basis(BaseModel):
    """On which legal basis and for which purpose personal data came in, from whom, and until when it is kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    legal_basis: str | None = None
    purpose: str | None = None
    supplier: str | None = None
    retain_until: date | None = None


class Scope(BaseModel):
    """Whose rows a load replaces: those of some employers in one month, or in all of a table that has no months."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    month: date | None = None
    employers: tuple[str, ...]


class Manifest(BaseModel):
    """What a load says of itself. It names columns and reasons, and never a person's value."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    load: str
    table: str
    replaces: Literal["month", "whole", "employers", "adds"]
    scopes: tuple[Scope, ...] = Field(default=(), description="the employers of a form, and whose rows it replaces")
    form: str | None = Field(default=None, description="`table/load` of the form that this load was made from")
    months: tuple[date, ...] = ()
    month_given: date | None = None
    inputs: tuple[Input, ...]
    read: int
    loaded: int
    rejected: int
    held: int
    reasons: dict[str, int] = Field(description="`column|reason` -> how many rows were rejected or held for it")
    warnings: dict[str, int] = Field(description="`column|flag` -> how many loaded rows were mended or warned of")
    unchecked: tuple[str, ...] = Field(default=(), description="columns whose table of reference was not loaded then")
    files: tuple[Stored, ...]
    beside: tuple[Beside, ...] = ()
    contract_sha256: str
    program: str
    loaded_at: datetime
    basis: Basis = Basis()
    purged: int = Field(default=0, description="rows that a purge took out of what was loaded or held")
    destroyed_on: date | None = Field(default=None, description="the day on which all its rows were destroyed")


class Undone(BaseModel):
    """That a load no longer counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    load: str
    undone_at: datetime
    reason: str = ""


def registers(home: Path) -> Path:
    """Return the folder of all registers. It need not exist."""
    return home / "warehouse" / "registers"


def folder(home: Path, table: str) -> Path:
    """Return the folder of a table's loads. It need not exist."""
    return registers(home) / table


def ledger_file(home: Path) -> Path:
    """Return the list of every load, undoing and purge. It need not exist."""
    return registers(home) / ledger.NAME


def loads(home: Path, table: str | None = None) -> list[Manifest]:
    """Return all loads of a table, or of all tables, oldest first; also those replaced or undone."""
    tables = [folder(home, table)] if table else sorted(path for path in registers(home).glob("*") if path.is_dir())
    found = [_read(path) for below in tables for path in below.glob(f"[0-9]*/{MANIFEST}")]
    return sorted(found, key=lambda one: one.load)


def _read(path: Path) -> Manifest:
    try:
        return Manifest.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BaophuError(
            Text(
                f"Lần nạp {path.parent} bị sửa hoặc bị hỏng ({path.name}).",
                f"The load {path.parent} was changed or is damaged ({path.name}).",
            ),
        ) from error


def find(home: Path, word: str) -> Manifest:
    """Return a load by its id or by the beginning or end of it; BaophuError where there is none, or several."""
    every = loads(home)
    found = [one for one in every if word in (one.load, f"{one.table}/{one.load}")]
    found = found or [one for one in every if one.load.startswith(word) or one.load.endswith(word)]
    if len(found) == 1:
        return found[0]
    what = (
        Text(f"Có nhiều lần nạp là '{word}'.", f"Several loads are '{word}'.")
        if found
        else Text(f"Không có lần nạp nào là '{word}'.", f"There is no load '{word}'.")
    )
    raise BaophuError(what, did_you_mean(one.load for one in (found or every)[-3:]))


def undone(home: Path, table: str, known_on: date | None = None) -> set[str]:
    """Return the ids of the loads of a table that no longer count, or did not at the end of the day `known_on`."""
    records = (folder(home, table) / "undone").glob("*.json")
    if known_on is None:
        return {path.stem for path in records}
    every = (Undone.model_validate_json(path.read_text(encoding="utf-8")) for path in records)
    return {one.load for one in every if one.undone_at.astimezone(VIET_NAM).date() <= known_on}


def standing(home: Path, table: str, known_on: date | None = None) -> list[Manifest]:
    """Return the loads of which at least a part holds good, or did at the end of the day `known_on`."""
    chosen = {load for load, _ in _chosen(_counting(home, table, known_on))}
    return [one for one in loads(home, table) if one.load in chosen]


def current(home: Path, table: str, month: date | None = None, known_on: date | None = None) -> list[Path]:
    """Return the files whose rows hold good, or those of one month; with `known_on`, as it was at the end of that day.

    Of a table replaced by month each month comes from the newest load that has rows of it; of one replaced as a whole
    all comes from the newest load; of the others every load counts. A load that was undone, or from which nothing
    went on, takes nobody's place; one whose rows were destroyed keeps its place. Where forms replaced the rows of some
    employers, a copy without them stands for the file; it is made here when first asked for.
    """
    from baophu.registers.merging import without

    copies = folder(home, table) / COPIES
    return [without(path, employers, copies) for path, employers in parts(home, table, month, known_on)]


def parts(
    home: Path, table: str, month: date | None = None, known_on: date | None = None
) -> list[tuple[Path, frozenset[str]]]:
    """Return the files of which rows hold good, each with the employers whose rows in it were replaced since."""
    place = folder(home, table)
    counting = _counting(home, table, known_on)
    found = []
    for load, file in _chosen(counting):
        if month in (None, file.month):
            later = [scope for one in counting if one.load > load for scope in one.scopes if scope.month == file.month]
            found.append((place / load / file.name, frozenset(name for scope in later for name in scope.employers)))
    return found


def held(home: Path, table: str) -> list[Path]:
    """Return the files of rows that wait for a person to decide, of the loads that hold good."""
    place = folder(home, table)
    every = [place / one.load / "held.parquet" for one in standing(home, table) if one.held]
    return [path for path in every if path.is_file()]


def _counting(home: Path, table: str, known_on: date | None = None) -> list[Manifest]:
    """Return the loads that were not undone and hold something, from the newest of a whole table on."""
    gone = undone(home, table, known_on)
    known = (
        one for one in loads(home, table) if known_on is None or one.loaded_at.astimezone(VIET_NAM).date() <= known_on
    )
    counting = [one for one in known if one.load not in gone and (one.loaded or one.scopes)]
    counting = [one for one in counting if one.form is None or stands(home, one.form, known_on)]
    wholes = [at for at, one in enumerate(counting) if one.replaces == "whole"]
    return counting[wholes[-1] :] if wholes else counting


def stands(home: Path, form: str, known_on: date | None = None) -> bool:
    """Return whether a form's load, `table/load`, is whole and was not undone (by the end of the day `known_on`)."""
    table, _, load = form.partition("/")
    return (folder(home, table) / load / MANIFEST).is_file() and load not in undone(home, table, known_on)


def _chosen(counting: list[Manifest]) -> list[tuple[str, Stored]]:
    data = [(one, file) for one in counting for file in one.files if file.name.startswith("data-")]
    newest = {file.month: one.load for one, file in data if one.replaces == "month"}
    good = [(one, file) for one, file in data if one.load >= newest.get(file.month, "")]
    return [(one.load, file) for one, file in good if one.destroyed_on is None]


def undo(home: Path, word: str, reason: str = "") -> Manifest:
    """Make a load count no longer, so that what it replaced holds good again; its folder stays."""
    if not names_nobody(reason):
        raise BaophuError(
            Text("Lý do không được ghi số của ai.", "The reason may not hold anybody's number."),
            Text("Sổ ghi giữ mãi lý do này.", "The ledger keeps it for good."),
        )
    one = find(home, word)
    place = folder(home, one.table)
    with locked(home, one.table):
        if one.load in undone(home, one.table):
            raise BaophuError(
                Text(f"Lần nạp {one.load} đã được bỏ trước đó.", f"The load {one.load} was undone before.")
            )
        _check_forms(home, one)
        record = Undone(load=one.load, undone_at=datetime.now(UTC), reason=reason)
        text = record_text(record)
        facts = {"table": one.table, "load": one.load, "sha256_of_record": sha256_of(text)}
        ledger.append(ledger_file(home), "undo", **facts, record=record.model_dump(mode="json"))
        _write_undone(place, one.load, text)
    return one


def names_nobody(words: str) -> bool:
    """Tell whether words that are kept for good are free of what may be a person's number: nine digits or more.

    Spaces, dots and hyphens between digits part no number. Dates, months and amounts by thousands are none, and part
    what stands around.

    >>> names_nobody("QĐ 12/2026, ngày 22.11.2026, nợ 1.500.000.000 đồng"), names_nobody("số 079 099 000 001")
    (True, False)
    """
    return re.search(r"\d{9}", _BETWEEN_DIGITS.sub("", _AMOUNTS.sub("/", _DATES.sub("/", words)))) is None


def record_text(record: BaseModel) -> str:
    """Return the text in which a record is kept."""
    return json.dumps(record.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"


def _write_undone(place: Path, load: str, text: str) -> None:
    with whole_file(place / "undone" / f"{load}.json") as part:
        part.write_text(text, encoding="utf-8")


def _check_forms(home: Path, one: Manifest) -> None:
    """Refuse to undo a part of a form, or a form on which a later one of the same employer builds."""
    if one.form is not None:
        raise BaophuError(
            Text(
                f"Lần nạp {one.load} là một phần của biểu mẫu đã nạp; không bỏ riêng được.",
                f"The load {one.load} is part of a form that was loaded; it cannot be undone alone.",
            ),
            Text(f"Bỏ cả biểu mẫu: baophu loads undo {one.form}", f"Undo the form: baophu loads undo {one.form}"),
        )
    employers = {name for scope in one.scopes for name in scope.employers}
    gone = undone(home, one.table)
    later = [
        other.load
        for other in loads(home, one.table)
        if other.load > one.load
        and other.load not in gone
        and employers & {name for scope in other.scopes for name in scope.employers}
    ]
    if later:
        raise BaophuError(
            Text(
                "Biểu mẫu nộp sau của cùng đơn vị đã dựa vào lần nạp này.",
                "A later form of the same employer builds on this load.",
            ),
            Text(f"Bỏ lần nạp sau trước: {later[-1]}", f"Undo the later one first: {later[-1]}"),
        )


def contract_sha256(contract: Contract) -> str:
    """Return what tells one version of a contract from another."""
    return sha256_of(contract.model_dump_json())


@contextmanager
def locked(home: Path, table: str, wait: bool = True) -> Iterator[Path]:
    """Hold a table for one change and give its folder, swept of what killed loads left; the lock ends with its process.

    Where another process holds it: wait, or BaophuError.
    """
    make_home(home)
    place = folder(home, table)
    try:
        place.mkdir(parents=True, exist_ok=True)
        file = (place / "lock").open("w")
    except OSError as error:
        raise not_written(place, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise BaophuError(
                Text(f"Một lần nạp khác vào bảng {table} đang chạy.", f"Another load of {table} is running."),
                Text("Đợi lần ấy xong, rồi nạp lại.", "Wait for it to end, then load again."),
            ) from None
        known = _settle(place)
        try:
            yield place
        except BaseException:
            _withdraw(place, known)
            raise


def _settle(place: Path) -> int:
    """Finish what a killed process had announced in the ledger, sweep the rest; return the number of lines there.

    Only a process that holds the lock writes here, so what is unfinished now belongs to nobody.
    """
    book = ledger.read(place.parent / ledger.NAME)
    last = next((line.entry for line in reversed(book.lines) if line.entry.get("table") == place.name), None)
    if last and last["what"] == "undo" and not (place / "undone" / f"{last['load']}.json").exists():
        _write_undone(place, last["load"], record_text(Undone.model_validate(last["record"])))
    if last and last["what"] == "load" and not (place / last["load"]).exists():
        for part in place.glob(f"{PART}*-{last['load']}"):
            if (part / MANIFEST).is_file() and sha256(part / MANIFEST) == last["manifest_sha256"]:
                part.rename(place / last["load"])
                sync_folder(place)
    for left in place.glob(f"{PART}*"):
        shutil.rmtree(left, ignore_errors=True)
    return len(book.lines)


def _withdraw(place: Path, known: int) -> None:
    """Take back in the ledger what was announced since it had `known` lines and did not come about."""
    path = place.parent / ledger.NAME
    for line in ledger.read(path).lines[known:]:
        here = line.entry["what"] == "load" and line.entry["table"] == place.name
        if here and not (place / str(line.entry["load"])).exists():
            ledger.append(path, "withdraw", table=place.name, load=line.entry["load"])


def new_id(place: Path, sha256: str) -> str:
    """Return the id of a load that begins now: after every other of its table, also where the clock was put back."""
    now = datetime.now(UTC)
    for path in place.glob("[0-9]*"):
        last = datetime.strptime(path.name.partition("-")[0], _TIME).replace(tzinfo=UTC)
        now = max(now, last + timedelta(microseconds=1))
    return f"{now:{_TIME}}-{sha256[:8]}"


def write_manifest(part: Path, manifest: Manifest) -> None:
    """Put the manifest beside the files, all of it on the disk, and announce the load in the ledger.

    The manifest is told of the other files in the folder and, where nobody said it, until when the load is kept.
    """
    named = {file.name for file in manifest.files}
    others = sorted(path for path in part.iterdir() if path.name not in named)
    manifest = manifest.model_copy(
        update={
            "beside": tuple(Beside(name=path.name, sha256=sha256(path)) for path in others),
            "basis": _with_end(manifest, part.parents[3]),
        }
    )
    text = record_text(manifest)
    (part / MANIFEST).write_text(text, encoding="utf-8")
    for path in part.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(part)
    place = part.parent
    facts = {"table": manifest.table, "load": manifest.load, "manifest_sha256": sha256_of(text)}
    ledger.append(place.parent / ledger.NAME, "load", **facts)


def _with_end(manifest: Manifest, home: Path) -> Basis:
    basis = manifest.basis
    if basis.retain_until is not None:
        return basis
    day = manifest.loaded_at.astimezone(VIET_NAM).date()
    return basis.model_copy(update={"retain_until": kept_until(home, manifest.table, day)})


def sync_folder(path: Path) -> None:
    """Put the names in a folder on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def not_written(place: Path, error: OSError) -> BaophuError:
    """Make the error for a folder that cannot be written to, or a disk that is full."""
    return BaophuError(
        Text(
            f"Không ghi được vào {place}: {error.strerror or error}. Không có gì được nạp.",
            f"Cannot write into {place}: {error.strerror or error}. Nothing was loaded.",
        ),
        Text(
            "Kiểm tra quyền ghi và chỗ trống của đĩa, rồi nạp lại.",
            "Check the right to write and the room on the disk, then load again.",
        ),
    )
