"""The command `baophu law check …`: worked examples against the law of this program.

`cli.py` sets `ctx.obj` with `lang`, and prints a BaophuError that is raised here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from baophu.core.commands import lang_of
from baophu.core.languages import Language, Text
from baophu.core.numbers import MISSING
from baophu.core.terminal import print_table

if TYPE_CHECKING:
    from baophu.law.check import Row

WRONG = 2  # the exit code of what a user can mend, here: examples that do not come out

_FilesArgument = Annotated[
    list[Path],
    typer.Argument(
        metavar="TỆP…|FILES…",
        exists=True,
        dir_okay=False,
        help="Tệp ví dụ YAML. / YAML files of examples.",
    ),
]
_FormatOption = Annotated[
    Literal["table", "json"], typer.Option("--format", help="Bảng hoặc JSON. / A table, or JSON for programs.")
]


def check(ctx: typer.Context, files: _FilesArgument, form: _FormatOption = "table") -> None:
    """Đối chiếu ví dụ đã tính sẵn với luật trong chương trình. / Hold worked examples against the law.

    Mã thoát 2 nếu có ví dụ sai. / The exit code is 2 where an example is wrong.
    """
    from baophu.law.check import check_examples, counts
    from baophu.law.examples import read_examples
    from baophu.law.parameters import book

    lang = lang_of(ctx)
    rows = check_examples(read_examples(files), book())
    if form == "json":
        typer.echo(json.dumps([row.as_json() for row in rows], ensure_ascii=False, indent=1))
    else:
        _print_rows(rows, lang)
    if counts(rows)["wrong"]:
        raise typer.Exit(WRONG)


def _print_rows(rows: Sequence[Row], lang: Language) -> None:
    """Print a line for each example, and how many there are of each result."""
    from baophu.law.check import RESULTS, counts

    headings = (
        Text("Ví dụ", "Example"),
        Text("Chủ đề", "Topic"),
        Text("Kết quả", "Result"),
        Text("Chi tiết", "Details"),
    )
    shown = [(row.id, row.topic, RESULTS[row.result].say(lang), _details(row, lang)) for row in rows]
    print_table(lang, headings, shown, width=200, whole_names=True)
    found = counts(rows)
    total = Text("Tổng số", "In all").say(lang)
    each = ", ".join(f"{found[result]} {words.say(lang)}" for result, words in RESULTS.items())
    typer.echo(f"{total}: {len(rows)} ({each})")


def _details(row: Row, lang: Language) -> str:
    """Say what differs, field by field, or why there is no answer; what agrees needs no words."""
    words = [row.reason.say(lang)] if row.reason else []
    words += [_difference(name, row.expected, row.got, lang) for name in row.differs]
    return "; ".join(words)


def _difference(name: str, expected: Mapping[str, Any], got: Mapping[str, Any], lang: Language) -> str:
    wanted, found = (_written(values.get(name)) for values in (expected, got))
    return Text(f"{name}: ví dụ ghi {wanted}, tính được {found}", f"{name}: stated {wanted}, found {found}").say(lang)


def _written(value: Any) -> str:
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
