"""The commands `baophu registers …` about contracts: which tables there are, what one holds, the workbook to fill in.

`cli.py` sets `ctx.obj` with `lang` (the language of the output) and `home` (the home folder given, or None), and
prints a BaophuError that is raised here.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from baophu.core.commands import lang_of
from baophu.core.languages import Language, Text
from baophu.core.numbers import MISSING
from baophu.core.terminal import print_table
from baophu.registers.contracts import LEVELS, REPLACES, TYPES, Column, Contract, contract, contracts

app = typer.Typer(
    name="registers",
    help="Dữ liệu đầu vào: bảng, cột, biểu mẫu. / What comes in: tables, columns, templates.",
    no_args_is_help=True,
)

_TableArgument = Annotated[
    str, typer.Argument(metavar="BẢNG|TABLE", help="Tên bảng, ví dụ participants. / A table, such as participants.")
]
_FormatOption = Annotated[
    Literal["table", "json"], typer.Option("--format", help="Bảng hoặc JSON. / A table, or JSON for programs.")
]

_YES = Text("có", "yes")
# Tables here begin with names that can be typed back, and hold long notes.
_print_names = partial(print_table, width=160, whole_names=True)


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


@app.command("list")
def list_tables(ctx: typer.Context, form: _FormatOption = "table") -> None:
    """Liệt kê các bảng dữ liệu đầu vào. / List the tables that come in."""
    lang = lang_of(ctx)
    records = contracts().values()
    if form == "json":
        _print_json([_summary(record, lang) for record in records])
        return
    _print_names(
        lang,
        (
            Text("Bảng", "Table"),
            Text("Tên gọi", "Title"),
            Text("Khóa", "Key"),
            Text("Tệp mới", "A newer file"),
            Text("Không bắt buộc", "Optional"),
        ),
        (
            (
                record.table,
                record.title.say(lang),
                ", ".join(record.key) or MISSING,
                REPLACES[record.replaces].say(lang),
                _YES.say(lang) if record.optional else "",
            )
            for record in records
        ),
    )


@app.command()
def show(ctx: typer.Context, table: _TableArgument, form: _FormatOption = "table") -> None:
    """Xem các cột và kiểm tra của một bảng. / Show the columns and checks of a table."""
    lang, record = lang_of(ctx), contract(table)
    if form == "json":
        _print_json(_whole(record, lang))
        return
    facts = [
        (Text("Bảng", "Table"), f"{record.table}: {record.title.say(lang)}"),
        (Text("Của", "Owner"), record.owner.say(lang)),
        (Text("Khóa", "Key"), ", ".join(record.key) or MISSING),
        (Text("Tệp mới", "A newer file"), REPLACES[record.replaces].say(lang)),
    ]
    if record.optional:
        facts.append((Text("Không bắt buộc", "Optional"), _YES.say(lang)))
    if record.note:
        facts.append((Text("Ghi chú", "Note"), record.note.say(lang)))
    width = max(len(heading.say(lang)) for heading, _ in facts)
    for heading, words in facts:
        typer.echo(f"{heading.say(lang).ljust(width)}  {words}")
    _print_names(
        lang,
        (
            Text("Cột", "Column"),
            Text("Tên gọi", "Title"),
            Text("Kiểu", "Type"),
            Text("Cần", "Needed"),
            Text("Giá trị", "Values"),
            Text("Ghi chú", "Note"),
        ),
        (
            (
                column.name,
                column.title.say(lang),
                TYPES[column.type].say(lang),
                column.needed().say(lang),
                _accepted(column, lang),
                column.note.say(lang) if column.note else "",
            )
            for column in record.columns
        ),
        title=Text("Các cột", "Columns").say(lang),
    )
    if record.checks:
        _print_names(
            lang,
            (Text("Kiểm tra", "Check"), Text("Cột", "Columns"), Text("Sai thì", "On failure"), Text("Lý do", "Reason")),
            (
                (check.id, ", ".join(check.columns), LEVELS[check.level].say(lang), check.reason.say(lang))
                for check in record.checks
            ),
            title=Text("Kiểm tra từng dòng", "Checks of each row").say(lang),
        )


@app.command()
def template(
    ctx: typer.Context,
    table: _TableArgument,
    xlsx: Annotated[
        bool, typer.Option("--xlsx", help="Excel: dạng duy nhất và mặc định. / Excel, the only form and the default.")
    ] = True,
    out: Annotated[
        Path | None, typer.Option("--out", help="Ghi vào tệp; không ghi là <bảng>.xlsx. / Else <table>.xlsx.")
    ] = None,
) -> None:
    """Ghi biểu mẫu Excel của một bảng. / Write the Excel workbook of a table, to be filled in."""
    from baophu.registers.template import write_register_template

    record = contract(table)
    path = write_register_template(record, out or Path(f"{record.table}.xlsx"))
    typer.echo(
        Text(
            f"Đã ghi biểu mẫu {record.table} vào {path}.", f"The template of {record.table} was written to {path}."
        ).say(lang_of(ctx))
    )


def _accepted(column: Column, lang: Language) -> str:
    limits = column.limits()
    parts = [limits.say(lang)] if limits else []
    return "; ".join([*parts, ", ".join(column.values)] if column.values else parts)


def _summary(record: Contract, lang: Language) -> dict[str, Any]:
    return {
        "table": record.table,
        "title": record.title.say(lang),
        "owner": record.owner.say(lang),
        "key": list(record.key),
        "replaces": record.replaces,
        "month_column": record.month_column,
        "optional": record.optional,
    }


def _whole(record: Contract, lang: Language) -> dict[str, Any]:
    columns = [
        {
            "name": column.name,
            "title": column.title.say(lang),
            "type": column.type,
            "column_required": column.column_required,
            "value_required": column.value_required,
            "values": {value: words.say(lang) for value, words in column.values.items()},
            "digits": list(column.digits),
            "number": column.number,
            "area": column.area,
            "least": column.least,
            "most": column.most,
            "default": column.default,
            "personal": column.personal,
            "personal_digits": list(column.personal_digits),
            "sensitive": column.sensitive,
            "references": column.references,
            "note": column.note.say(lang) if column.note else None,
        }
        for column in record.columns
    ]
    checks = [
        {
            "id": check.id,
            "columns": list(check.columns),
            "holds": check.holds,
            "level": check.level,
            "reason": check.reason.say(lang),
        }
        for check in record.checks
    ]
    note = record.note.say(lang) if record.note else None
    return {**_summary(record, lang), "note": note, "columns": columns, "checks": checks}
