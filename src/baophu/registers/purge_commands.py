"""The commands `registers retention` and `registers purge`: what is kept until when, and destroying it."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from baophu.core.commands import home_of, lang_of
from baophu.core.errors import BaophuError
from baophu.core.languages import Language, Text
from baophu.core.numbers import MISSING, count, read_date
from baophu.core.terminal import print_table

if TYPE_CHECKING:
    from baophu.registers.persons import Person
    from baophu.registers.purging import Held
    from baophu.registers.store import Manifest
    from baophu.registers.tombstones import Tombstone


def retention(
    ctx: typer.Context,
    form: Annotated[
        Literal["table", "json"], typer.Option("--format", help="Bảng hoặc JSON. / A table, or JSON for programs.")
    ] = "table",
) -> None:
    """Lần nạp nào được lưu đến khi nào. / Which load is kept until when."""
    from baophu.registers import store
    from baophu.registers.retention import retention as years

    lang, home = lang_of(ctx), home_of(ctx)
    every = sorted(store.loads(home), key=lambda one: (one.basis.retain_until or date.max, one.load))
    if form == "json":
        typer.echo(json.dumps([_facts(one) for one in every], ensure_ascii=False, indent=2))
        return
    _print_loads(every, lang)
    held = years(home)
    typer.echo(
        Text(
            f"Khi lần nạp không ghi thời hạn, số năm theo bảng được dùng ({held.source.vi}).",
            f"Where a load does not say it, the years of its table hold ({held.source.en}).",
        ).say(lang)
    )


def purge(
    ctx: typer.Context,
    expired: Annotated[
        bool, typer.Option("--expired", help="Hủy lần nạp quá hạn lưu. / Loads past their day.")
    ] = False,
    on: Annotated[
        str | None, typer.Option("--on", metavar="NGÀY|DATE", help="Tính đến ngày này. / As of this day; else today.")
    ] = None,
    person: Annotated[
        bool,
        typer.Option("--person", help="Hủy dữ liệu một người; số được hỏi. / One person's data; asks for numbers."),
    ] = False,
    person_file: Annotated[
        Path | None,
        typer.Option("--person-file", metavar="TỆP|FILE", help="Tệp ghi các số, mỗi dòng một số. / One number a line."),
    ] = None,
    exact: Annotated[
        bool, typer.Option("--exact", help="Chỉ dùng các số đã ghi. / Follow no links to other numbers.")
    ] = False,
    reapply: Annotated[
        Path | None,
        typer.Option("--reapply", metavar="KHO|HOME", help="Hủy lại theo biên bản của kho khác. / By its tombstones."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Làm nốt lần hủy bị ngắt. / Finish what was cut off.")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", help="Lý do, số văn bản. / Why, by which document.")] = "",
    decided_by: Annotated[str, typer.Option("--decided-by", help="Chức vụ người quyết định. / Who decided.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ đếm, không hủy. / Count only.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Không hỏi lại. / Do not ask.")] = False,
) -> None:
    """Hủy dữ liệu quá hạn hoặc của một người, để lại biên bản. / Destroy what expired or is a person's.

    Số của một người được hỏi, đọc từ tệp hoặc đầu vào chuẩn, không ghi trên dòng lệnh: dòng lệnh nằm lại trong lịch sử
    và người khác trên máy thấy được. / A person's number is asked for, or read from a file or the standard input, never
    given on the command line, which stays in the shell's history and is seen by others on the machine.
    """
    from baophu.registers import purging, tombstones

    lang, home = lang_of(ctx), home_of(ctx)
    if sum((expired, person or person_file is not None, reapply is not None, resume)) != 1:
        raise BaophuError(
            Text("Chọn đúng một cách hủy.", "Choose one kind of purge."),
            Text("--expired | --person | --reapply | --resume", "--expired | --person | --reapply | --resume"),
        )
    finished = [] if dry_run else purging.resume(home)
    for name in finished:
        typer.echo(Text(f"Đã làm nốt lần hủy {name}.", f"Finished the purge {name}.").say(lang))
    if resume:
        if not finished:
            typer.echo(Text("Không có lần hủy nào dở dang.", "No purge was cut off.").say(lang))
        return
    if reapply is not None:
        place = tombstones.folder(reapply) if tombstones.folder(reapply).is_dir() else reapply
        found = tombstones.tombstones(place)
        typer.echo(Text(f"{len(found)} biên bản trong {place}.", f"{len(found)} tombstones in {place}.").say(lang))
        if dry_run or not found:
            return
        _confirm(yes, lang)
        again = purging.reapply(home, place)
    elif expired:
        day = read_date(on) if on else date.today()
        loads = purging.expired(home, day)
        _print_loads(loads, lang)
        if dry_run or not loads:
            return
        decision = purging.Decision(reason, decided_by)
        decision.check()
        _confirm(yes, lang)
        done = purging.purge_expired(home, day, decision)
        again = [done] if done else []
    else:
        given = _numbers(person_file, lang)
        held = purging.find_person(home, given, exact=exact)
        _print_person(home, held, lang)
        if dry_run:
            return
        decision = purging.Decision(reason, decided_by)
        decision.check()
        _confirm(yes, lang)
        done = purging.purge_person(home, given, decision, exact=exact)
        again = [done] if done else []
    _say_done(home, again, lang)


def held(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="Ghi vào tệp Excel. / The Excel file to write.")],
    purpose: Annotated[str, typer.Option("--purpose", help="Mục đích, số đơn. / What for; which request.")],
    person_file: Annotated[
        Path | None,
        typer.Option("--person-file", metavar="TỆP|FILE", help="Tệp ghi các số, mỗi dòng một số. / One number a line."),
    ] = None,
    exact: Annotated[
        bool, typer.Option("--exact", help="Chỉ dùng các số đã ghi. / Follow no links to other numbers.")
    ] = False,
) -> None:
    """Lấy mọi dòng đang giữ về một người, không che. / Take every row that is held of a person, unmasked.

    Dùng khi người đó yêu cầu được cung cấp dữ liệu của mình. Số được hỏi hoặc đọc từ tệp, không ghi trên dòng lệnh. /
    For who asks for his own data. His number is asked for, or read from a file, never given on the command line.
    """
    from baophu.registers import holding, purging, revealing
    from baophu.registers.persons import masked

    lang, home = lang_of(ctx), home_of(ctx)
    revealing.check_purpose(True, purpose)
    given = _numbers(person_file, lang)
    found = purging.find_person(home, given, exact=exact)
    tables = holding.tables_of(home, found)
    numbers = ", ".join(f"{kind} {number}" for kind, number in masked(found.who).items())
    revealing.note(home, "held", purpose, rows=found.rows, tables=sorted({table.name for table in tables}))
    about = [
        (Text("Của ai", "Of whom").say(lang), numbers),
        (Text("Mục đích", "Purpose").say(lang), purpose),
        (Text("Ngày", "Day").say(lang), date.today().isoformat()),
        (Text("Số dòng", "Rows").say(lang), str(found.rows)),
    ]
    rows = holding.write_held(tables, about, Text("Dữ liệu đang giữ", "What is held").say(lang), out)
    typer.echo(
        Text(
            f"Đã ghi {count(rows, 'vi')} dòng của {len(tables)} bảng vào {out}.",
            f"{count(rows, 'en')} rows of {len(tables)} tables were written to {out}.",
        ).say(lang)
    )


def _numbers(file: Path | None, lang: Language) -> Person:
    from baophu.registers.persons import person

    if file is not None and str(file) != "-":
        try:
            return person(file.read_text(encoding="utf-8-sig").splitlines())
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "UTF-8"
            raise BaophuError(Text(f"Không đọc được {file}: {reason}.", f"Cannot read {file}: {reason}.")) from None
    if not sys.stdin.isatty():
        return person(sys.stdin.read().splitlines())
    asked = Text("Số định danh hoặc mã số BHXH (không hiện)", "Personal or social insurance number (not shown)")
    return person([typer.prompt(asked.say(lang), hide_input=True)])


def _confirm(yes: bool, lang: Language) -> None:
    if not yes:
        asked = Text("Hủy hẳn, không lấy lại được. Tiếp tục?", "This cannot be undone. Go on?")
        typer.confirm(asked.say(lang), abort=True)


def _print_loads(loads: list[Manifest], lang: Language) -> None:
    headings = (
        Text("Lưu đến", "Kept until"),
        Text("Bảng", "Table"),
        Text("Lần nạp", "Load"),
        Text("Dòng", "Rows"),
        Text("Bên cung cấp", "Supplier"),
        Text("Trạng thái", "State"),
    )
    print_table(
        lang,
        headings,
        (
            (
                str(one.basis.retain_until or MISSING),
                one.table,
                one.load,
                count(one.loaded + one.held, lang),
                one.basis.supplier or MISSING,
                Text("đã hủy", "destroyed").say(lang) if one.destroyed_on else "",
            )
            for one in loads
        ),
    )


def _facts(one: Manifest) -> dict[str, object]:
    basis = one.basis.model_dump(mode="json")
    return {"table": one.table, "load": one.load, **basis, "destroyed_on": one.destroyed_on and str(one.destroyed_on)}


def _print_person(home: Path, held: Held, lang: Language) -> None:
    from baophu.registers.persons import masked

    rows: Counter[str] = Counter()
    files: Counter[str] = Counter()
    for share in held.files:
        parts = share.path.relative_to(home / "warehouse").parts
        name = "/".join(parts[:2])
        rows[name] += share.found.rows
        files[name] += 1
    numbers = ", ".join(f"{kind}: {number}" for kind, number in masked(held.who).items())
    typer.echo(Text(f"Các số của người này: {numbers}", f"Numbers of this person: {numbers}").say(lang))
    print_table(
        lang,
        (Text("Nơi", "Where"), Text("Tệp", "Files"), Text("Dòng", "Rows")),
        ((name, count(files[name], lang), count(rows[name], lang)) for name in rows),
    )
    typer.echo(
        Text(
            "Danh sách trả lại, bảng Excel đã đánh dấu và bàn làm việc cũng được dọn. Dòng không ghi số của người "
            "(một số dòng thu nhập của thuế) không được tìm theo tên.",
            "Lists of rejects, marked workbooks and the desk are cleaned too. Rows without the person's number "
            "(some of the tax register's pay) are not looked for by name.",
        ).say(lang)
    )


def _say_done(home: Path, done: list[Tombstone], lang: Language) -> None:
    from baophu.desk.backup import made
    from baophu.registers import tombstones

    if not done:
        typer.echo(Text("Không có gì để hủy.", "There is nothing to destroy.").say(lang))
        return
    for one in done:
        path = tombstones.folder(home) / f"{one.id}.json"
        typer.echo(
            Text(
                f"Đã hủy {count(one.rows, lang)} dòng trong {len(one.changes)} tệp. Biên bản: {path}",
                f"Destroyed: {count(one.rows, lang)} rows in {len(one.changes)} files. Tombstone: {path}",
            ).say(lang)
        )
    older = [(at, path) for at, path in made(home) if at < done[-1].at]
    if older:
        typer.echo(Text("Các bản sao lưu trước đó vẫn còn dữ liệu ấy:", "Older backups still hold it:").say(lang))
    for at, path in older:
        typer.echo(f"  {at:%Y-%m-%d %H:%M}Z  {path}")
    typer.echo(
        Text(
            f"Chép thư mục {tombstones.folder(home)} ra nơi khác, để hủy lại nếu khôi phục bản sao lưu cũ.",
            f"Copy the folder {tombstones.folder(home)} elsewhere, to purge again should an older backup be restored.",
        ).say(lang)
    )
