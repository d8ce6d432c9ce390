"""The commands `baophu load` and `baophu loads …`: take files in; list, show and undo loads; give rejects back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from baophu.core.commands import home_of, lang_of
from baophu.core.errors import BaophuError
from baophu.core.home import whole_file
from baophu.core.languages import Language, Text
from baophu.core.numbers import MISSING, count, read_month
from baophu.core.terminal import print_table, progress_bars
from baophu.registers import store
from baophu.registers.options import (
    LegalBasisOption,
    RetainUntilOption,
    SupplierOption,
    TakenForOption,
    WaitOption,
    basis_of,
)

if TYPE_CHECKING:
    from baophu.registers.contracts import Contract
    from baophu.registers.store import Manifest

app = typer.Typer(
    help="Các lần nạp: xem, lấy dòng bị trả lại, bỏ. / Loads: see, give rejects back, undo.", no_args_is_help=True
)

_IdArgument = Annotated[
    str, typer.Argument(metavar="ID", help="Mã lần nạp, hoặc phần đầu, phần cuối. / A load, or how it begins or ends.")
]
_TableOption = Annotated[str | None, typer.Option("--table", metavar="BẢNG|TABLE", help="Tên bảng. / The table.")]

_FormatOption = Annotated[
    Literal["table", "json"], typer.Option("--format", help="Bảng hoặc JSON. / A table, or JSON for programs.")
]

_STATES = {
    "in_use": Text("đang dùng", "in use"),
    "replaced": Text("đã bị thay", "replaced"),
    "undone": Text("đã bỏ", "undone"),
    "no_rows": Text("không có dòng nào", "no rows"),
}


_TABLE = Text("Bảng", "Table")
_FATES = (Text("Đọc", "Read"), Text("Nạp", "Loaded"), Text("Trả lại", "Rejected"), Text("Giữ lại", "Held"))


def load(
    ctx: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="TỆP|PATH", help="Tệp, thư mục hoặc mẫu *.csv. / Files, folders, globs.")
    ],
    table: _TableOption = None,
    month: Annotated[
        str | None, typer.Option("--month", metavar="THÁNG|MONTH", help="Tháng của tệp: 2026-10. / Its month.")
    ] = None,
    legal_basis: LegalBasisOption = None,
    purpose: TakenForOption = None,
    supplier: SupplierOption = None,
    retain_until: RetainUntilOption = None,
    memory: Annotated[str, typer.Option("--memory", help="Bộ nhớ cho DuckDB. / Memory for DuckDB.")] = "1GiB",
    threads: Annotated[int | None, typer.Option("--threads", min=1, help="Số luồng. / Threads.")] = None,
    wait: WaitOption = True,
) -> None:
    """Nạp tệp của các sổ đăng ký: kiểm tra từng dòng, trả lại dòng sai. / Load register files, row by row checked."""
    from baophu.registers.contracts import contract
    from baophu.registers.forms import commands as forms
    from baophu.registers.forms.form import about
    from baophu.registers.forms.taking import Options as FormOptions
    from baophu.registers.forms.taking import holds_form, load_forms
    from baophu.registers.loading import Options
    from baophu.registers.loading import load as load_files
    from baophu.registers.reading import files

    lang, home = lang_of(ctx), home_of(ctx)
    options = Options(
        month=None if month is None else read_month(month),
        memory=memory,
        threads=threads,
        wait=wait,
        basis=basis_of(legal_basis, purpose, supplier, retain_until),
    )
    listed = files(paths)
    sent = [] if table else [path for path in listed if holds_form(path, home)]
    form_options = FormOptions(month=options.month, wait=wait, basis=options.basis)
    for taken in load_forms(sent, home, form_options):
        forms.tell(taken, lang)
    others = [path for path in listed if path not in sent]
    with progress_bars(lang, Text("dòng", "rows")) as told:
        done = load_files(others, home, contract(table) if table else None, options, told)
    for number, one in enumerate(done):
        if number:
            typer.echo()
        if not one.new:
            typer.echo(
                Text(
                    f"Tệp này đã được nạp và đang dùng: {one.manifest.load}. Không nạp lại.",
                    f"This file was loaded before and holds good: {one.manifest.load}. It was not loaded again.",
                ).say(lang)
            )
        say_load(one.manifest, lang, about(one.manifest.table))
    if len(done) > 1:
        typer.echo()
        _say_all([one.manifest for one in done], lang)


def _say_all(done: list[Manifest], lang: Language) -> None:
    """Show what became of all rows, a line a load and a line for all: loaded, rejected and held make what was read."""
    figures = [(one.read, one.loaded, one.rejected, one.held) for one in done]
    words = [one.table for one in done] + [Text("Tất cả", "All").say(lang)]
    figures.append(tuple(map(sum, zip(*figures, strict=True))))  # type: ignore[arg-type]
    rows = [(word, *(count(number, lang) for number in row)) for word, row in zip(words, figures, strict=True)]
    print_table(lang, (_TABLE, *_FATES), rows, whole_names=True)


def say_load(one: Manifest, lang: Language, about: Contract) -> None:
    """Tell what came of a load: its counts, why rows went back, what was mended."""
    from baophu.registers.rejects import reason

    facts = [
        (Text("Bảng", "Table"), f"{one.table} ({about.title.say(lang)})"),
        (Text("Lần nạp", "Load"), one.load),
        (Text("Tháng", "Months"), ", ".join(f"{month:%Y-%m}" for month in one.months) or MISSING),
        (Text("Đọc", "Read"), count(one.read, lang)),
        (Text("Nạp", "Loaded"), count(one.loaded, lang)),
        (Text("Trả lại", "Rejected"), count(one.rejected, lang)),
        (Text("Giữ lại", "Held"), count(one.held, lang)),
    ]
    width = max(len(name.say(lang)) for name, _ in facts)
    for name, value in facts:
        typer.echo(f"{name.say(lang).ljust(width)}  {value}")
    for heading, counted in (
        (Text("Vì sao trả lại hoặc giữ lại", "Why rejected or held"), one.reasons),
        (Text("Đã sửa hoặc cảnh báo", "Mended or warned of"), one.warnings),
    ):
        if counted:
            typer.echo(f"{heading.say(lang)}:")
        for told, number in counted.items():
            column, _, code = told.partition("|")
            typer.echo(f"  {count(number, lang)} × {column or '-'}: {reason(about, column, code).say(lang)}")
    for column in one.unchecked:
        table = (about.column(column).references or "").partition(".")[0]
        typer.echo(
            Text(
                f"Chưa đối chiếu {column}: bảng {table} chưa được nạp.",
                f"{column} was not held against {table}, which is not loaded.",
            ).say(lang)
        )
    for given in one.inputs:
        if given.ignored:
            ignored = ", ".join(given.ignored)
            typer.echo(
                Text(
                    f"{given.name}: cột không nằm trong mẫu, không lấy: {ignored}",
                    f"{given.name}: columns that the contract does not name, kept out: {ignored}",
                ).say(lang)
            )
    if one.rejected or one.held:
        typer.echo(
            Text(
                f"Lấy danh sách để sửa: baophu loads rejects {one.load}",
                f"The list to mend: baophu loads rejects {one.load}",
            ).say(lang)
        )


@app.command("list")
def list_loads(ctx: typer.Context, table: _TableOption = None, format: _FormatOption = "table") -> None:
    """Các lần nạp, lần mới nhất ở cuối. / The loads, the newest last."""
    lang, home = lang_of(ctx), home_of(ctx)
    every = store.loads(home, table)
    states = _states(home, every)
    if format == "json":
        listed = [one.model_dump(mode="json") | {"state": states[one.load]} for one in every]
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    if not every:
        typer.echo(Text("Chưa có lần nạp nào.", "There are no loads.").say(lang))
        return
    headings = (
        Text("Lần nạp", "Load"),
        _TABLE,
        Text("Tháng", "Months"),
        *_FATES,
        Text("Trạng thái", "State"),
    )
    rows = []
    for one in every:
        numbers = (count(number, lang) for number in (one.read, one.loaded, one.rejected, one.held))
        months = ", ".join(f"{month:%Y-%m}" for month in one.months)
        rows.append((one.load, one.table, months or MISSING, *numbers, _STATES[states[one.load]].say(lang)))
    print_table(lang, headings, rows, whole_names=True)


def _states(home: Path, every: list[Manifest]) -> dict[str, str]:
    """Return which of `_STATES` each load is in."""
    tables = {one.table for one in every}
    good = {one.load for name in tables for one in store.standing(home, name)}
    gone = {load for name in tables for load in store.undone(home, name)}

    def state(one: Manifest) -> str:
        if one.load in gone:
            return "undone"
        if not one.loaded:
            return "no_rows"
        return "in_use" if one.load in good else "replaced"

    return {one.load: state(one) for one in every}


@app.command()
def show(ctx: typer.Context, load_id: _IdArgument, format: _FormatOption = "table") -> None:
    """Một lần nạp: tệp, số dòng, lý do trả lại, căn cứ. / One load: its files, counts, reasons, basis."""
    lang = lang_of(ctx)
    if format == "json":
        found = store.find(home_of(ctx), load_id)
        state = _states(home_of(ctx), [found])[found.load]
        typer.echo(json.dumps(found.model_dump(mode="json") | {"state": state}, ensure_ascii=False, indent=2))
        return
    from baophu.registers.forms.form import about

    one = store.find(home_of(ctx), load_id)
    say_load(one, lang, about(one.table, home_of(ctx)))
    for given in one.inputs:
        sheet = f" [{given.sheet}]" if given.sheet else ""
        typer.echo(f"{given.name}{sheet}  SHA-256 {given.sha256}  {count(given.size, lang)} B")
    for heading, value in (
        (Text("Căn cứ pháp lý", "Legal basis"), one.basis.legal_basis),
        (Text("Mục đích", "Purpose"), one.basis.purpose),
        (Text("Bên cung cấp", "Supplier"), one.basis.supplier),
        (Text("Lưu đến", "Kept until"), one.basis.retain_until),
    ):
        if value:
            typer.echo(f"{heading.say(lang)}: {value}")


@app.command("rejects")
def give_rejects(
    ctx: typer.Context,
    load_id: _IdArgument,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="THƯ_MỤC|FOLDER", help="Ghi vào thư mục này. / Write them here.")
    ] = None,
) -> None:
    """Ghi danh sách ô cần sửa (CSV) và bảng Excel đã đánh dấu. / Write the list to mend and the marked workbooks."""
    lang, home = lang_of(ctx), home_of(ctx)
    one = store.find(home, load_id)
    place = store.folder(home, one.table) / one.load
    if not (place / "rejects.parquet").is_file():
        typer.echo(Text("Lần nạp này không trả lại dòng nào.", "This load gave no row back.").say(lang))
        return
    folder = out or Path(f"baophu-rejects-{one.load}")
    if folder.exists() and not folder.is_dir():
        raise BaophuError(Text(f"{folder} không phải là thư mục.", f"{folder} is no folder."))
    with whole_file(folder / f"rejects-{one.load}.csv") as part:
        _write_list(one, place, part)
    written = [folder / f"rejects-{one.load}.csv"]
    for path in sorted(place.glob("rejects-*.xlsx")):
        with whole_file(folder / path.name) as part:
            shutil.copyfile(path, part)
        written.append(folder / path.name)
    for path in written:
        typer.echo(Text(f"Đã ghi {path.absolute()}", f"Written: {path.absolute()}").say(lang), err=True)


def _write_list(one: Manifest, place: Path, out: Path) -> None:
    """Write the reject file as a CSV file that spreadsheets open as UTF-8, with the names of the sender's files."""
    import csv

    import duckdb

    names = [f"{given.name} [{given.sheet}]" if given.sheet else given.name for given in one.inputs]
    with duckdb.connect() as connection, out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "row", "column", "value", "reason", "reason_vi", "reason_en", "fate"])
        found = connection.execute(
            """SELECT file_number, row, "column", value, reason, reason_vi, reason_en, fate FROM read_parquet(?)
            ORDER BY file_number, row""",
            [str(place / "rejects.parquet")],
        )
        while rows := found.fetchmany(10_000):
            writer.writerows((names[number], *(_safe(cell) for cell in cells)) for number, *cells in rows)


def _safe(cell: object) -> object:
    """Keep a spreadsheet from taking a sender's text for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "@") else cell


@app.command()
def undo(
    ctx: typer.Context,
    load_id: _IdArgument,
    reason: Annotated[str, typer.Option("--reason", help="Vì sao bỏ. / Why.")] = "",
) -> None:
    """Bỏ một lần nạp; dữ liệu mà nó thay lại được dùng. / Undo a load; what it replaced holds good again."""
    lang, home = lang_of(ctx), home_of(ctx)
    one = store.undo(home, load_id, reason)
    words = Text(f"Đã bỏ lần nạp {one.load}. Tệp vẫn còn, đọc lại được.", f"Undone: {one.load}. Its files stay.")
    typer.echo(words.say(lang))
    for other in store.standing(home, one.table):
        typer.echo(Text(f"Đang dùng: {other.load}", f"In use: {other.load}").say(lang))
