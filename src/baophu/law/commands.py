"""The commands `baophu law …` about the figures of the law: what holds on a day, how it changed, what to look up.

`cli.py` sets `ctx.obj` with `lang` (the language of the output) and `home`, and prints a BaophuError that is raised.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from baophu.core.commands import lang_of
from baophu.core.errors import BaophuError, did_you_mean
from baophu.core.languages import Language, Text
from baophu.core.numbers import MISSING, read_date, short_date
from baophu.core.terminal import print_table
from baophu.law import explain_commands

if TYPE_CHECKING:
    from baophu.law.parameters import Parameter, Value

app = typer.Typer(
    name="law",
    help="Luật dưới dạng dữ liệu: tham số có ngày, căn cứ, nguồn. / The law as data: dated figures, basis, source.",
    no_args_is_help=True,
)
app.add_typer(explain_commands.app, name="explain")

_NameArgument = Annotated[
    str,
    typer.Argument(
        metavar="TÊN|NAME", help="Tên tham số, ví dụ reference_level. / A parameter, such as reference_level."
    ),
]
_OnOption = Annotated[
    str | None, typer.Option("--on", help="Ngày áp dụng: 2026-07-01 (hôm nay / today). / The day on which it holds.")
]
_GroupOption = Annotated[list[str] | None, typer.Option("--group", help="Chỉ các nhóm này: a … n, đ. / These groups.")]
_RegionOption = Annotated[list[str] | None, typer.Option("--region", help="Chỉ các vùng này: I … IV. / These regions.")]
_SexOption = Annotated[list[str] | None, typer.Option("--sex", help="male, female (nam, nữ / men, women).")]
_ByOption = Annotated[
    list[str] | None,
    typer.Option("--by", help="Chiều khác: support_group=poor. / Another dimension: support_group=poor."),
]
_FormatOption = Annotated[
    Literal["table", "json"], typer.Option("--format", help="Bảng hoặc JSON. / A table, or JSON for programs.")
]

_print_names = partial(print_table, width=200)


def _chosen(parameter: Parameter, group: Iterable[str], others: dict[str, Iterable[str]], by: Iterable[str]) -> Any:
    """Return the dimensions asked for: name -> the values that are wanted. BaophuError for one that is not there."""
    from baophu.core.errors import unknown
    from baophu.law.parameters import group_key

    wanted = {"group": [group_key(code) for code in group], **{name: list(values) for name, values in others.items()}}
    for pair in by:
        dim, found, value = pair.partition("=")
        if not found:
            words = Text(f"'{pair}' không có dạng chiều=giá trị.", f"'{pair}' is not dimension=value.")
            raise BaophuError(words, did_you_mean(["--by support_group=poor"]))
        wanted.setdefault(dim, []).append(value)
    chosen = {dim: values for dim, values in wanted.items() if values}
    for dim, values in chosen.items():
        if dim not in parameter.dims:
            kind = Text(f"chiều của {parameter.name}", f"dimension of {parameter.name}")
            raise unknown(kind, dim, dict.fromkeys(parameter.dims, ""))
        held = dict.fromkeys((value.dims[dim] for value in parameter.values), "")
        for value in values:
            if value not in held:
                raise unknown(Text(f"giá trị '{dim}'", dim), value, held)
    return chosen


def _among(values: Iterable[Value], chosen: dict[str, list[str]]) -> list[Value]:
    return [value for value in values if all(value.dims[dim] in wanted for dim, wanted in chosen.items())]


@app.command()
def show(
    ctx: typer.Context,
    name: _NameArgument,
    on: _OnOption = None,
    group: _GroupOption = None,
    region: _RegionOption = None,
    sex: _SexOption = None,
    by: _ByOption = None,
    form: _FormatOption = "table",
) -> None:
    """Xem giá trị của một tham số vào một ngày. / Show what a parameter is on a day."""
    from baophu.law.parameters import book

    lang, parameter = lang_of(ctx), book().parameter(name)
    day = read_date(on) if on else date.today()
    chosen = _chosen(parameter, group or (), {"region": region or (), "sex": sex or ()}, by or ())
    among = _among(parameter.values, chosen)
    values = [value for value in among if value.holds(day)]
    if among and not values:
        raise _not_on(parameter, among, day)
    if form == "json":
        _print_json(parameter, values, lang)
    else:
        _print_head(parameter, lang, [value.option for value in values])
        if values:
            _print_values(parameter, values, lang, title=short_date(day, lang))
    _warn(book().warnings(day, [name]), lang)


@app.command()
def history(
    ctx: typer.Context,
    name: _NameArgument,
    group: _GroupOption = None,
    region: _RegionOption = None,
    sex: _SexOption = None,
    by: _ByOption = None,
    form: _FormatOption = "table",
) -> None:
    """Xem một tham số đã thay đổi thế nào. / Show how a parameter changed."""
    from baophu.law.parameters import book

    lang, parameter = lang_of(ctx), book().parameter(name)
    chosen = _chosen(parameter, group or (), {"region": region or (), "sex": sex or ()}, by or ())
    values = _among(book().history(name), chosen)
    if form == "json":
        _print_json(parameter, values, lang)
        return
    _print_head(parameter, lang)
    if values:
        _print_values(parameter, values, lang)


@app.command()
def stale(ctx: typer.Context, on: _OnOption = None, form: _FormatOption = "table") -> None:
    """Liệt kê giá trị quá hạn kiểm tra, chưa kiểm chứng hoặc còn thiếu. / List what a person should look up."""
    from baophu.law.parameters import Unit, book

    lang, day = lang_of(ctx), read_date(on) if on else date.today()
    values = [value for value in book().stale(day) if value.unit is not Unit.choice]
    missing = [parameter for parameter in map(book().parameter, book().names()) if not parameter.values]
    if form == "json":
        found = [{**as_json(value), "reason": _reason(value, day).say(lang)} for value in values]
        found += [{"name": parameter.name, "reason": _MISSING.say(lang)} for parameter in missing]
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    rows = [
        (
            value.label(),
            figure_of(value, lang),
            short_date(value.valid_from, lang),
            _reason(value, day).say(lang),
            basis_words(value.source, lang),
        )
        for value in values
    ]
    rows += [(parameter.name, MISSING, MISSING, _MISSING.say(lang), MISSING) for parameter in missing]
    headings = (
        Text("Tham số", "Parameter"),
        Text("Giá trị", "Value"),
        Text("Từ", "From"),
        Text("Vì sao cần xem lại", "Why to look it up"),
        Text("Nguồn", "Source"),
    )
    _print_names(lang, headings, rows, title=Text("Cần kiểm tra lại", "To be looked up").say(lang))
    title = Text("Điểm luật chưa rõ, chương trình đang chọn", "Open points of the law, and what is taken").say(lang)
    switches = map(book().parameter, book().switches())
    _print_names(
        lang,
        (Text("Công tắc", "Switch"), Text("Điểm chưa rõ", "Open point"), Text("Đang chọn", "Taken")),
        [(one.name, one.title.say(lang), one.options[book().switch(one.name)].say(lang)) for one in switches],
        title=title,
    )


_MISSING = Text("chưa có giá trị nào", "no value is held")


def _reason(value: Value, day: date) -> Text:
    """Say why a value should be looked up."""
    if not value.verified:
        return Text("chưa kiểm chứng", "not verified")
    until = value.verified_until
    assert until is not None and until < day  # noqa: S101 (the only other reason)
    return Text(f"chỉ chắc đến {short_date(until, 'vi')}", f"known to hold until {short_date(until, 'en')} only")


def figure_of(value: Value, lang: Language) -> str:
    """Write a value with its unit; a choice with its words."""
    from baophu.law.parameters import Unit, book, figure

    if value.unit is Unit.choice:
        return book().parameter(value.name).options[value.option].say(lang)
    return figure(value, lang)


_KINDS = {
    "Law": "Luật",
    "Decree": "Nghị định",
    "Circular": "Thông tư",
    "Resolution": "Nghị quyết",
    "Letter": "Công văn",
}


def basis_words(basis: str, lang: Language) -> str:
    """Write the legal basis as the language writes it.

    >>> basis_words("Law 41/2024/QH15 arts 32, 34(1); Decree 158/2025/NĐ-CP art. 5", "vi")
    'Điều 32, khoản 1 Điều 34 Luật 41/2024/QH15; Điều 5 Nghị định 158/2025/NĐ-CP'
    """
    from baophu.law.trace import article_words

    if lang == "en":
        return basis
    words = article_words(basis, lang)
    for kind, said in _KINDS.items():
        words = re.sub(rf"\b{kind}(?= \d)", said, words)
    return re.sub(r"\barts?\.? (?=\d)", "Điều ", words)


def as_json(value: Value) -> dict[str, Any]:
    """Return a value as JSON carries it: the number as value and scale, days as `YYYY-MM-DD`."""
    return {
        "name": value.name,
        "dims": value.dims,
        "value": value.value,
        "scale": value.scale,
        "unit": str(value.unit),
        "option": value.option or None,
        "valid_from": value.valid_from.isoformat(),
        "valid_to": value.valid_to.isoformat() if value.valid_to else None,
        "basis": value.basis,
        "gazette": value.gazette.isoformat() if value.gazette else None,
        "source": value.source,
        "recorded": value.recorded.isoformat(),
        "verified": value.verified,
        "verified_until": value.verified_until.isoformat() if value.verified_until else None,
        "note": {"vi": value.note.vi, "en": value.note.en} if value.note else None,
    }


def _print_json(parameter: Parameter, values: Iterable[Value], lang: Language) -> None:
    whole = {
        "name": parameter.name,
        "title": parameter.title.say(lang),
        "unit": str(parameter.unit),
        "dims": list(parameter.dims),
        "dated_by": parameter.dated_by,
        "options": {option: words.say(lang) for option, words in parameter.options.items()},
        "note": parameter.note.say(lang) if parameter.note else None,
        "values": [as_json(value) for value in values],
    }
    typer.echo(json.dumps(whole, ensure_ascii=False, indent=2))


def _print_head(parameter: Parameter, lang: Language, taken: Sequence[str] = ()) -> None:
    """Print what the parameter is; of a switch, its options and which one is taken."""
    from baophu.law.parameters import DATED_BY, UNITS

    facts = [
        (Text("Tham số", "Parameter"), f"{parameter.name}: {parameter.title.say(lang)}"),
        (Text("Đơn vị", "Unit"), UNITS[parameter.unit].say(lang)),
    ]
    if parameter.dated_by != "in_force":
        facts.append((Text("Tính theo", "Goes by"), DATED_BY[parameter.dated_by].say(lang)))
    if parameter.note:
        facts.append((Text("Ghi chú", "Note"), parameter.note.say(lang)))
    if not parameter.values:
        facts.append((Text("Giá trị", "Value"), _MISSING.say(lang)))
    width = max(len(heading.say(lang)) for heading, _ in facts)
    for heading, words in facts:
        typer.echo(f"{heading.say(lang).ljust(width)}  {words}")
    if parameter.options and not parameter.dims:
        chosen = Text("đang chọn", "taken").say(lang)
        rows = [
            (option, words.say(lang), chosen if option in taken else "") for option, words in parameter.options.items()
        ]
        headings = (Text("Lựa chọn", "Option"), Text("Nghĩa là", "What it means"), Text("", ""))
        _print_names(lang, headings, rows, title=Text("Các lựa chọn", "Options").say(lang))


def _print_values(parameter: Parameter, values: Sequence[Value], lang: Language, title: str = "") -> None:
    from baophu.law.parameter_files import dimensions

    lists = dimensions()
    headings = [
        *(lists[dim].title for dim in parameter.dims),
        Text("Giá trị", "Value"),
        Text("Từ", "From"),
        Text("Trước ngày", "Before"),
        Text("Căn cứ", "Basis"),
        Text("Nguồn", "Source"),
        Text("Chắc đến", "Verified until"),
    ]
    rows = []
    for value in values:
        until = short_date(value.verified_until, lang)
        named = [_named(lists[dim].values.get(value.dims[dim]), value.dims[dim], lang) for dim in parameter.dims]
        rows.append(
            (
                *named,
                figure_of(value, lang),
                short_date(value.valid_from, lang),
                short_date(value.valid_to, lang),
                basis_words(value.basis, lang),
                basis_words(value.source, lang),
                until if value.verified else Text("chưa kiểm chứng", "not verified").say(lang),
            )
        )
    _print_names(lang, headings, rows, title=title)
    for note in dict.fromkeys(value.note for value in values if value.note):
        typer.echo(f"{Text('Ghi chú', 'Note').say(lang)}: {note.say(lang)}")


def _named(words: Text | None, key: str, lang: Language) -> str:
    return f"{key}: {words.say(lang)}" if words else key


def _not_on(parameter: Parameter, values: Sequence[Value], day: date) -> BaophuError:
    name, first = parameter.name, min(value.valid_from for value in values)
    return BaophuError(
        Text(
            f"{name} không có giá trị vào ngày {short_date(day, 'vi')}; sớm nhất từ {short_date(first, 'vi')}.",
            f"{name} has no value on {short_date(day, 'en')}; the first is from {short_date(first, 'en')}.",
        ),
        Text(f"Xem: baophu law history {parameter.name}", f"See: baophu law history {parameter.name}"),
    )


def _warn(values: Sequence[Value], lang: Language) -> None:
    """Tell on the other stream that values are used after the time for which they were verified."""
    if values:
        until = min(value.verified_until for value in values if value.verified_until)
        words = Text(
            f"CẢNH BÁO: giá trị chỉ được kiểm chứng đến {short_date(until, 'vi')}; tra văn bản mới trước khi dùng.",
            f"WARNING: verified only until {short_date(until, 'en')}; look for newer texts before using it.",
        )
        typer.echo(words.say(lang), err=True)
