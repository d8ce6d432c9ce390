"""The commands `baophu results …`: list runs, show and take away their tables, compare two of them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from baophu.core.commands import home_of, lang_of
from baophu.core.languages import Language, Text, same
from baophu.core.numbers import MISSING, count, read_month, short_date
from baophu.core.terminal import print_table
from baophu.registers.options import PurposeOption, RevealOption

if TYPE_CHECKING:
    from baophu.results.differences import Pair
    from baophu.results.store import Manifest
    from baophu.results.summary import Summary

app = typer.Typer(
    help="Kết quả các lần chạy: xem, lấy ra, so sánh. / What runs gave: see, take away, compare.", no_args_is_help=True
)

_TableArgument = Annotated[str, typer.Argument(metavar="BẢNG|TABLE", help="Tên bảng. / The table: dues, findings …")]
_MonthOption = Annotated[
    str | None, typer.Option("--month", metavar="THÁNG|MONTH", help="Tháng: 2026-10. / The month, its newest run.")
]
_RunOption = Annotated[
    str | None, typer.Option("--run", metavar="MÃ|ID", help="Một lần chạy nhất định. / One certain run.")
]
_AreaOption = Annotated[
    str | None, typer.Option("--area", metavar="MÃ|CODE", help="Xã, tỉnh hoặc cả nước. / A commune, province or all.")
]
_FormatOption = Annotated[
    Literal["table", "json"], typer.Option("--format", help="Bảng hoặc JSON. / A table, or JSON for programs.")
]


@app.command("list")
def list_runs(ctx: typer.Context, month: _MonthOption = None, form: _FormatOption = "table") -> None:
    """Các lần chạy đã có. / The runs that there are."""
    from baophu.results.store import runs

    lang = lang_of(ctx)
    found = runs(home_of(ctx), read_month(month) if month else None)
    if form == "json":
        typer.echo(json.dumps([one.model_dump(mode="json") for one in found], ensure_ascii=False, indent=1))
        return
    if not found:
        typer.echo(
            Text("Chưa có lần chạy nào: baophu run --month 2026-10", "No run yet: baophu run --month 2026-10").say(lang)
        )
        return
    headings = (
        Text("Lần chạy", "Run"),
        Text("Tháng", "Month"),
        Text("Tính đến", "As of"),
        Text("Trạng thái", "State"),
        Text("Không tính được", "Not computed"),
        Text("Bảng", "Tables"),
    )
    print_table(lang, headings, (_line(one, lang) for one in found), whole_names=True)


def _line(run: Manifest, lang: Language) -> list[str]:
    state = Text("tạm tính", "provisional") if run.provisional else Text("đủ dữ liệu", "complete")
    missing = ", ".join(sorted({table for one in run.not_done for table in one.tables if table not in run.rows}))
    tables = ", ".join(f"{table} {count(rows, lang)}" for table, rows in sorted(run.rows.items()))
    return [run.run, f"{run.month:%Y-%m}", short_date(run.as_of, lang), state.say(lang), missing or MISSING, tables]


@app.command()
def show(
    ctx: typer.Context,
    table: Annotated[
        str | None, typer.Argument(metavar="BẢNG|TABLE", help="Tên bảng; bỏ trống: bản tóm tắt. / Empty: the summary.")
    ] = None,
    month: _MonthOption = None,
    run: _RunOption = None,
    area: _AreaOption = None,
    rows: Annotated[int, typer.Option("--rows", min=1, max=1000, help="Số dòng. / How many rows.")] = 20,
) -> None:
    """Xem tóm tắt, hoặc các dòng đầu của một bảng, đã che số. / Show the summary, or a table's first rows."""
    lang, home = lang_of(ctx), home_of(ctx)
    chosen = _chosen(home, month, run)
    if table is None:
        from baophu.results.store import folder

        typer.echo((folder(home, chosen) / "summary.md").read_text(encoding="utf-8").split("\n# ")[lang == "en"])
        return
    from baophu.results.export import Wanted, first_rows, said_of
    from baophu.results.tables import heading

    wanted = Wanted(chosen, table, area)
    found, every = first_rows(home, wanted, rows)
    columns = [[_cell(value, lang) for value in found.column(name).to_pylist()] for name in found.column_names]
    print_table(
        lang, map(heading, found.column_names), zip(*columns, strict=True), title=said_of(wanted, lang), width=200
    )
    typer.echo(
        Text(
            f"{count(found.num_rows, 'vi')} trong {count(every, 'vi')} dòng. "
            f"Lấy cả bảng: baophu results export {table} --run {chosen.run}",
            f"{count(found.num_rows, 'en')} of {count(every, 'en')} rows. "
            f"To take all: baophu results export {table} --run {chosen.run}",
        ).say(lang)
    )


def _chosen(home: Path, month: str | None, run: str | None) -> Manifest:
    from baophu.core.errors import BaophuError
    from baophu.results import store

    if run is not None:
        return store.find(home, run)
    if month is not None:
        return store.newest(home, read_month(month))
    every = store.runs(home)
    if not every:
        raise BaophuError(
            Text("Chưa có lần chạy nào.", "There is no run yet."),
            Text("Chạy tháng: baophu run --month 2026-10", "Run a month: baophu run --month 2026-10"),
        )
    return every[-1]


def _cell(value: Any, lang: Language) -> str:
    if value is None:
        return MISSING
    if isinstance(value, date):
        return value.isoformat()
    return count(value, lang) if isinstance(value, int) and not isinstance(value, bool) else str(value)


@app.command()
def export(
    ctx: typer.Context,
    table: _TableArgument,
    month: _MonthOption = None,
    run: _RunOption = None,
    area: _AreaOption = None,
    form: Annotated[
        Literal["csv", "xlsx", "parquet"], typer.Option("--format", help="Dạng tệp. / The form of the file.")
    ] = "csv",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="TỆP|FILE", help="Ghi vào tệp này. / Write to this file.")
    ] = None,
    reveal: RevealOption = False,
    purpose: PurposeOption = None,
) -> None:
    """Lấy một bảng ra tệp; số cá nhân được che, mỗi lần lấy được ghi sổ. / Take a table away; numbers are masked."""
    from dataclasses import replace

    from baophu.results.export import Wanted, parts
    from baophu.results.export import export as write

    lang, home = lang_of(ctx), home_of(ctx)
    chosen = _chosen(home, month, run)
    whole = out or Path(f"baophu-{table}-{chosen.month:%Y-%m}.{form}")
    wanted = Wanted(chosen, table, area, reveal, purpose)
    for part in parts(home, wanted):
        path = whole if part is None else whole.with_stem(f"{whole.stem}-{part}")
        written = write(home, replace(wanted, part=part), path, form)
        _tell_written(lang, path, written, reveal)


@app.command()
def compare(
    ctx: typer.Context,
    before: Annotated[
        str, typer.Argument(metavar="LẦN_CHẠY|RUN", help="Lần chạy trước, hoặc tháng. / The earlier run.")
    ],
    after: Annotated[str, typer.Argument(metavar="LẦN_CHẠY|RUN", help="Lần chạy sau, hoặc tháng. / The later run.")],
    table: Annotated[
        str | None,
        typer.Option("--table", metavar="BẢNG|TABLE", help="Từng dòng của bảng này. / This table, row by row."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="TỆP|FILE", help="Ghi các dòng vào tệp. / Write the rows to a file.")
    ] = None,
    form: Annotated[
        Literal["table", "json", "csv", "xlsx", "parquet"],
        typer.Option("--format", help="Dạng kết quả. / The form of the result."),
    ] = "table",
    reveal: RevealOption = False,
    purpose: PurposeOption = None,
) -> None:
    """So sánh hai lần chạy: dòng nào mới, hết, đổi, vì sao. / Compare two runs: what is new, gone, changed, and why.

    Với --table: từng dòng vì sao, và ghi ra tệp với --out. / With --table each row has its reason, and --out takes the
    rows away.
    """
    from baophu.results.compare import compare as compared
    from baophu.results.differences import Pair
    from baophu.results.store import find
    from baophu.results.tables import about, heading

    lang, home = lang_of(ctx), home_of(ctx)
    if table is not None:
        _compare_rows(lang, Pair(home, find(home, before), find(home, after), table), out, form, (reveal, purpose))
        return
    found = compared(home, find(home, before), find(home, after))
    if form == "json":
        told = {
            "version": 1,
            "before": found.before.run,
            "after": found.after.run,
            "tables": {
                one.table: {"new": one.new, "gone": one.gone, "changed": one.changed, "columns": one.columns}
                for one in found.differences
            },
            "reasons": [{"vi": one.vi, "en": one.en} for one in found.reasons],
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    headings = (
        Text("Bảng", "Table"),
        Text("Mới", "New"),
        Text("Hết", "Gone"),
        Text("Đổi", "Changed"),
        Text("Cột đổi", "Columns that changed"),
    )
    print_table(
        lang,
        headings,
        (
            (
                f"{one.table} ({about(one.table).title.say(lang)})",
                *(count(number, lang) for number in (one.new, one.gone, one.changed)),
                "; ".join(f"{heading(name).say(lang)} {count(number, lang)}" for name, number in one.columns.items()),
            )
            for one in found.differences
        ),
        title=f"{found.before.month:%Y-%m}/{found.before.run} → {found.after.month:%Y-%m}/{found.after.run}",
    )
    typer.echo(Text("Vì sao:", "Why:").say(lang))
    for words in found.reasons or (Text("hai lần chạy có cùng đầu vào", "both runs read the same"),):
        typer.echo(f"  - {words.say(lang)}")


def _compare_rows(lang: Language, pair: Pair, out: Path | None, form: str, revealed: tuple[bool, str | None]) -> None:
    """Tell how many rows of a table differ and why; write them to a file where one is asked for."""
    from baophu.results import differences

    if out is not None or form in ("csv", "xlsx", "parquet"):
        kind = cast(Literal["csv", "xlsx", "parquet"], form if form in ("xlsx", "parquet") else "csv")
        path = out or Path(f"baophu-{pair.table}-{pair.before.month:%Y-%m}-{pair.after.month:%Y-%m}.{kind}")
        written = differences.export(pair, path, kind, reveal=revealed[0], purpose=revealed[1])
        _tell_written(lang, path, written, revealed[0])
        return
    found = differences.counted(pair)
    if form == "json":
        rows = [{"change": a, "why": b, "registers": (c or "").split(), "rows": d} for a, b, c, d in found]
        told = {"version": 1, "before": pair.before.run, "after": pair.after.run, "table": pair.table, "rows": rows}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    headings = (Text("Thay đổi", "Change"), Text("Vì sao", "Why"), Text("Sổ", "Registers"), Text("Số dòng", "Rows"))
    print_table(
        lang,
        headings,
        (
            (
                differences.CHANGES[change].say(lang),
                differences.WHYS[why].say(lang),
                names or MISSING,
                count(rows, lang),
            )
            for change, why, names, rows in found
        ),
        title=f"{pair.table}: {pair.before.month:%Y-%m}/{pair.before.run} → {pair.after.month:%Y-%m}/{pair.after.run}",
    )


def _tell_written(lang: Language, path: Path, rows: int, revealed: bool) -> None:
    hidden = Text("", "") if revealed else Text(" Số cá nhân đã được che.", " Personal numbers are masked.")
    typer.echo(
        Text(
            f"Đã ghi {path.absolute()}: {count(rows, 'vi')} dòng.{hidden.vi}",
            f"Written: {path.absolute()}, {count(rows, 'en')} rows.{hidden.en}",
        ).say(lang),
        err=True,
    )


def tell(summary: Summary, lang: Language) -> None:
    """Show what came of a run."""
    typer.echo(f"\n{summary.title(lang)}")
    for words in summary.sentences(lang):
        typer.echo(f"  {words}")
    for title, headings, rows in summary.tables(lang):
        print_table(lang, map(same, headings), rows, title=title, width=120)
    for words in summary.missing(lang):
        typer.echo(f"  ! {words}")
    typer.echo(
        Text(
            f"Lấy bảng ra: baophu results export dues --month {summary.run.month:%Y-%m}",
            f"To take a table away: baophu results export dues --month {summary.run.month:%Y-%m}",
        ).say(lang)
    )
