"""Loading forms: read, check, work out what the lines mean, and put form and registers on the disk as one.

A form's load (table `d02_lt`, `tk1_ts`) keeps its lines, what was rejected and held, and the marked workbook. What the
lines mean goes into loads of `participants`, `spells` and `declarations` that name the form's load and count with it;
the form's load is written last, so that a process killed before leaves nothing that counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from baophu import __version__
from baophu.core.errors import BaophuError
from baophu.core.home import whole_folder
from baophu.core.languages import Text, same
from baophu.registers import reading, rejects, store
from baophu.registers.contracts import Contract, contracts
from baophu.registers.files import MARKED, Files
from baophu.registers.forms import lines, sheet
from baophu.registers.forms.form import Form, forms
from baophu.registers.forms.lines import Checked
from baophu.registers.forms.registered import Registered, Row
from baophu.registers.forms.sheet import Sheet
from baophu.registers.forms.working import Work, register_people, work_out
from baophu.registers.keys import with_keys
from baophu.registers.rejects import Reject
from baophu.registers.retention import kept_until
from baophu.registers.store import Basis, Input, Manifest, Scope

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

_TABLES = ("participants", "spells", "declarations")


@dataclass(frozen=True, slots=True)
class Options:
    """How to load: what stands in for what the workbook does not say, and whether only to tell what would come."""

    month: date | None = None
    employer_id: str | None = None
    dry_run: bool = False
    wait: bool = True
    basis: Basis = field(default_factory=Basis)


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of the workbooks of a form; `new` is false where they were loaded before, `made` are the registers'."""

    form: Form
    manifest: Manifest
    folder: Path | None
    new: bool
    made: tuple[Manifest, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    sheet: Sheet
    taken: reading.Print


def holds_form(path: Path, home: Path) -> bool:
    """Return whether a file is a workbook that holds one of the forms."""
    return sheet.is_workbook(path) and bool(sheet.read_workbook(path, forms(home).values()))


def load_forms(paths: Iterable[Path], home: Path, options: Options | None = None) -> list[Taken]:
    """Load the forms in some workbooks: one load a form, people's registrations before changes.

    BaophuError where a workbook holds no form, or does not say whose or of which month it is; then nothing is loaded.
    """
    options = options or Options()
    known = forms(home)
    by_form: dict[str, list[_Found]] = {}
    for path in reading.files(paths):
        taken = reading.fingerprint(path)
        found = sheet.read_workbook(path, known.values()) if sheet.is_workbook(path) else []
        if not found:
            raise _no_form(path, known.values())
        for one in found:
            _settle_above(one, path, options)
            by_form.setdefault(one.form.name, []).append(_Found(path, one, taken))
    ordered = sorted(by_form, key=lambda name: known[name].kind == "changes")
    return [_load(known[name], by_form[name], home, options) for name in ordered]


def _settle_above(one: Sheet, path: Path, options: Options) -> None:
    """Hold what stands above the table against what the command says."""
    if one.form.kind != "changes":
        return
    if options.month is not None and one.month not in (None, options.month):
        raise BaophuError(
            Text(
                f"{path.name} là danh sách tháng {one.month:%m/%Y}, không phải {options.month:%m/%Y}. Không nạp gì.",
                f"{path.name} is the list of {one.month:%Y-%m}, not of {options.month:%Y-%m}. Nothing was loaded.",
            )
        )
    if options.employer_id is not None and one.employer_id not in ("", options.employer_id):
        raise BaophuError(
            Text(
                f"{path.name} là của đơn vị {one.employer_id}, không phải {options.employer_id}. Không nạp gì.",
                f"{path.name} is of employer {one.employer_id}, not {options.employer_id}. Nothing was loaded.",
            )
        )
    one.month = one.month or options.month
    one.employer_id = one.employer_id or options.employer_id or ""
    if one.month is None or not one.employer_id:
        lacking = [
            words
            for words, there in (
                (Text("tháng (ví dụ 'Tháng 10 năm 2026')", "the month (such as 'Tháng 10 năm 2026')"), one.month),
                (Text("mã đơn vị (ví dụ 'Mã đơn vị: …')", "the employer (such as 'Mã đơn vị: …')"), one.employer_id),
            )
            if not there
        ]
        raise BaophuError(
            Text(
                f"{path.name} [{one.name}]: phía trên bảng không thấy {', '.join(w.vi for w in lacking)}. "
                "Không nạp gì.",
                f"{path.name} [{one.name}]: above the table there is not {', '.join(w.en for w in lacking)}. "
                "Nothing was loaded.",
            ),
            Text(
                "Ghi vào tệp, hoặc nói bằng --month 2026-10 và --employer MÃ.",
                "Write it there, or say it by --month 2026-10 and --employer CODE.",
            ),
        )


def _no_form(path: Path, known: Iterable[Form]) -> BaophuError:
    codes = ", ".join(form.code for form in known)
    return BaophuError(
        Text(
            f"{path.name}: không nhận ra biểu mẫu nào ({codes}). Không nạp gì.",
            f"{path.name}: none of the forms was recognised ({codes}). Nothing was loaded.",
        ),
        Text(
            "Tiêu đề cột phải như mẫu; xem bằng baophu forms show, sửa ánh xạ bằng baophu forms mapping.",
            "The headings must be the form's: see baophu forms show; edit the mapping with baophu forms mapping.",
        ),
    )


def _load(form: Form, found: Sequence[_Found], home: Path, options: Options) -> Taken:
    with ExitStack() as stack:
        places = {
            table: stack.enter_context(store.locked(home, table, options.wait)) for table in (form.name, *_TABLES)
        }
        once = {(one.taken.sha256, one.sheet.name, one.sheet.employer_id, one.sheet.month): one for one in found}
        fresh = list(once.values())
        before = _loaded_before(home, form, fresh)
        if before is not None:
            return Taken(form, before, places[form.name] / before.load, False)
        contract, checked, batch = lines.check_lines(form, [one.sheet for one in fresh])
        registered = Registered(home)
        work = work_out(form, checked, registered) if form.kind == "changes" else register_people(checked, registered)
        load_id = store.new_id(places[form.name], fresh[0].taken.sha256)
        manifest = _manifest(form, contract, fresh, checked, load_id, work, home, options)
        if options.dry_run:
            return Taken(form, manifest, None, True)
        try:
            made = [
                _write_register(table, work, places[table], f"{form.name}/{load_id}", manifest, options.basis)
                for table in _TABLES
                if work.rows.get(table) or work.scopes.get(table)
            ]
            with whole_folder(places[form.name] / load_id) as part:
                with Files(part, contract) as files:
                    if batch is not None:
                        _write_lines(files, contract, batch, checked)
                _mark(part, fresh, checked, contract)
                stored = tuple(files.stored())
                for one in fresh:
                    if reading.fingerprint(one.path) != one.taken:
                        raise _changed(one.path)
                manifest = manifest.model_copy(update={"files": stored})
                store.write_manifest(part, manifest)
            store.sync_folder(places[form.name])
        except OSError as error:
            raise store.not_written(places[form.name], error) from error
        return Taken(form, manifest, places[form.name] / load_id, True, tuple(made))


def _loaded_before(home: Path, form: Form, fresh: Sequence[_Found]) -> Manifest | None:
    """Return the standing load that has all of these sheets, if there is one."""
    wanted = {(one.taken.sha256, one.sheet.name) for one in fresh}
    gone = store.undone(home, form.name)
    scope = {(one.sheet.month, one.sheet.employer_id) for one in fresh if one.sheet.employer_id}
    for one in reversed(store.loads(home, form.name)):
        theirs = {(part.month, name) for part in one.scopes for name in part.employers}
        same_sheets = wanted <= {(given.sha256, given.sheet) for given in one.inputs}
        if one.load not in gone and same_sheets and scope <= theirs:
            return one
    return None


def _write_lines(files: Files, contract: Contract, batch: pa.RecordBatch, checked: Sequence[Checked]) -> None:
    for fate, add in (("loaded", files.add_data), ("held", files.add_held)):
        rows = lines.stored_batch(batch, checked, fate)
        if rows.num_rows:
            add(with_keys(rows, contract))
    told = []
    for one in checked:
        for reason in one.reasons:
            column, _, code = reason.partition("|")
            told.append(Reject(one.input, one.line.row, column, one.written(column), code, one.fate))
    files.add_rejects(told)


def _mark(part: Path, fresh: Sequence[_Found], checked: Sequence[Checked], contract: Contract) -> None:
    """Give each sender the workbook back with the cells to mend marked."""
    by_path: dict[Path, list[Checked]] = {}
    for one in checked:
        if one.reasons:
            by_path.setdefault(fresh[one.input].path, []).append(one)
    for at, (path, theirs) in enumerate(by_path.items(), 1):
        marks: dict[tuple[str, int, int], Text] = {}
        listed = []
        for one in theirs:
            for told in one.reasons:
                column, _, code = told.partition("|")
                words = rejects.reason(contract, column, code)
                title = contract.column(column).title
                row, cell = one.place(column)
                before = marks.get((one.sheet.name, row, cell))
                shown = Text(f"{title.vi}: {words.vi}", f"{title.en}: {words.en}")
                marks[one.sheet.name, row, cell] = (
                    Text(f"{before.vi}\n{shown.vi}", f"{before.en}\n{shown.en}") if before else shown
                )
                place = f"{one.sheet.name}, dòng {one.line.row}, {title.vi}"
                listed.append((place, one.written(column) or "", shown))
        sheets = reading.sheets_of(path, sheet.MOST_ROWS)
        if sheets is not None:
            rejects.write_marked(part / f"{MARKED}{at}-{path.stem}.xlsx", sheets, marks, listed)


def _manifest(
    form: Form,
    contract: Contract,
    fresh: Sequence[_Found],
    checked: Sequence[Checked],
    load_id: str,
    work: Work,
    home: Path,
    options: Options,
) -> Manifest:
    now = datetime.now(UTC)
    basis = options.basis
    if basis.retain_until is None:
        basis = basis.model_copy(update={"retain_until": kept_until(home, "declarations", now.date())})
    fates = Counter(one.fate for one in checked)
    read = Counter(one.input for one in checked)
    months = sorted({one.sheet.month for one in fresh if one.sheet.month})
    by_month = {
        month: tuple(sorted({one.sheet.employer_id for one in fresh if one.sheet.month == month})) for month in months
    }
    return Manifest(
        load=load_id,
        table=form.name,
        replaces="adds",
        scopes=tuple(Scope(month=month, employers=employers) for month, employers in by_month.items()),
        months=tuple(months),
        month_given=options.month,
        inputs=tuple(
            Input(
                name=one.path.name,
                sheet=one.sheet.name,
                sha256=one.taken.sha256,
                size=one.taken.size,
                read=read[at],
                blank=one.sheet.blank,
            )
            for at, one in enumerate(fresh)
        ),
        read=len(checked),
        loaded=fates["loaded"],
        rejected=fates["rejected"],
        held=fates["held"],
        reasons=dict(Counter(reason for one in checked for reason in set(one.reasons)).most_common()),
        warnings=dict(Counter(flag for one in checked if one.fate == "loaded" for flag in one.flags).most_common()),
        files=(),
        contract_sha256=store.contract_sha256(contract),
        program=__version__,
        loaded_at=now,
        basis=basis,
    )


def _write_register(table: str, work: Work, place: Path, form: str, about: Manifest, basis: Basis) -> Manifest:
    """Write what a form means for one register as a load of its own."""
    contract = contracts()[table]
    rows = work.rows.get(table, [])
    scopes = work.scopes.get(table, ())
    load_id = store.new_id(place, about.inputs[0].sha256)
    replaces: Literal["employers", "adds"] = "employers" if scopes else "adds"
    with whole_folder(place / load_id) as part:
        with Files(part, contract) as files:
            if rows:
                files.add_data(with_keys(_batch(contract, rows), contract))
        manifest = Manifest(
            load=load_id,
            table=table,
            replaces=replaces,
            scopes=tuple(scopes),
            form=form,
            months=tuple(scope.month for scope in scopes if scope.month is not None),
            inputs=tuple(
                Input(name=given.name, sheet=given.sheet, sha256=given.sha256, size=given.size, read=read, blank=0)
                for given, read in zip(about.inputs, [len(rows)] + [0] * len(about.inputs), strict=False)
            ),
            read=len(rows),
            loaded=len(rows),
            rejected=0,
            held=0,
            reasons={},
            warnings={},
            files=tuple(files.stored()),
            contract_sha256=store.contract_sha256(contract),
            program=__version__,
            loaded_at=datetime.now(UTC),
            basis=basis,
        )
        store.write_manifest(part, manifest)
    store.sync_folder(place)
    return manifest


def _batch(contract: Contract, rows: Sequence[Row]) -> pa.RecordBatch:
    """Return rows as a load's files have them; a row that was carried over is of no file."""
    import pyarrow as pa

    kinds: dict[str, Any] = {"date": pa.date32(), "month": pa.date32(), "money": pa.int64(), "integer": pa.int64()}
    fields = [pa.field(column.name, kinds.get(column.type, pa.string())) for column in contract.columns]
    fields += [pa.field("_file", pa.int32()), pa.field("_row", pa.int64()), pa.field("_flags", pa.list_(pa.string()))]
    # What `Files` takes out of every batch before it is stored.
    fields += [pa.field(name, pa.null()) for name in ("_fate", "_reasons", "_cells", "_key")]
    schema = pa.schema(fields)
    return pa.record_batch([pa.array([row.get(one.name) for row in rows], one.type) for one in schema], schema=schema)


def _changed(path: Path) -> BaophuError:
    return BaophuError(
        Text(
            f"{path.name} thay đổi trong lúc đang đọc. Không có gì được nạp.",
            f"{path.name} changed while it was being read. Nothing was loaded.",
        ),
        same(""),
    )
