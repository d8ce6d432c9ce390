"""The commands `baophu areas …`: find an area, show it, convert an old code, take in offices and boundaries.

`cli.py` sets `ctx.obj` with `lang` (the language of the output) and `home` (the home folder given, or None), and
prints a BaophuError that is raised here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import typer

from baophu.areas import conversion, source, units
from baophu.areas.units import Area
from baophu.core.commands import home_of, lang_of
from baophu.core.languages import Language, Text
from baophu.core.names import ascii_name
from baophu.core.numbers import MISSING, count, decimal, read_date, short_date
from baophu.core.terminal import print_table

app = typer.Typer(
    help="Đơn vị hành chính, cơ quan BHXH, ranh giới. / Areas, offices, boundaries.", no_args_is_help=True
)

_OnOption = Annotated[
    str | None,
    typer.Option(
        "--on", metavar="NGÀY|DATE", help="Ngày, ví dụ 2026-06-30; không ghi là hôm nay. / A day, else today."
    ),
]
_FormatOption = Annotated[
    Literal["table", "json"], typer.Option("--format", help="Bảng hoặc JSON. / A table, or JSON for programs.")
]

_CODE = Text("Mã", "Code")
_NAME = Text("Tên", "Name")
_TYPE = Text("Loại", "Type")


def _day(words: str | None) -> date | None:
    return None if words is None else read_date(words)


def _plain(value: object) -> object:
    """Make what JSON carries: dates as YYYY-MM-DD, paths as text."""
    return value.isoformat() if isinstance(value, date) else str(value)


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _print_facts(lang: Language, facts: Iterable[tuple[Text, str]]) -> None:
    shown = [(heading.say(lang), value) for heading, value in facts]
    width = max(len(heading) for heading, _ in shown)
    for heading, value in shown:
        typer.echo(f"{heading.ljust(width)}  {value}")


def _areas_in_words(areas: Iterable[Area], lang: Language) -> str:
    return "; ".join(f"{area.code} {area.full_label.say(lang)}" for area in areas)


def _span(area: Area, lang: Language) -> str:
    begin = "…" if area.valid_from is None else short_date(area.valid_from, lang)
    end = Text("nay", "now").say(lang) if area.valid_to is None else short_date(area.valid_to, lang)
    return f"{begin} → {end}"


def _district(area: Area, lang: Language) -> str:
    return area.district if lang == "vi" else ascii_name(area.district)


def _version_facts(area: Area) -> dict[str, Any]:
    return {**asdict(area), "document": area.document or None, "region": area.region or None}


@app.command()
def find(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="TÊN|WORDS", help="Tên, có dấu hay không. / A name.")],
    on: _OnOption = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Số dòng nhiều nhất. / At most so many.")] = 10,
    form: _FormatOption = "table",
) -> None:
    """Tìm đơn vị hành chính theo tên, kể cả tên cũ. / Find areas by name, old names too."""
    from baophu.areas.search import find as search

    lang, typed = lang_of(ctx), " ".join(words)
    hits = search(typed, _day(on), limit)
    if form == "json":
        _print_json(
            [
                {
                    "code": hit.area.code,
                    "name": hit.area.full_label.say(lang),
                    "level": hit.area.level,
                    "breadcrumb": hit.breadcrumb.say(lang),
                    "score": hit.score,
                    "now": [area.code for area in hit.now],
                }
                for hit in hits
            ]
        )
        return
    if not hits:
        typer.echo(Text(f"Không tìm thấy đơn vị nào có tên '{typed}'.", f"No area is named '{typed}'.").say(lang))
        return
    now = Text("nay thuộc", "now in").say(lang)
    print_table(
        lang,
        (_CODE, _NAME, Text("Ở đâu", "Where"), Text("Tên cũ", "Old name")),
        (
            (
                hit.area.code,
                hit.area.full_label.say(lang),
                hit.breadcrumb.say(lang),
                f"{now} {_areas_in_words(hit.now, lang)}" if hit.now else "",
            )
            for hit in hits
        ),
    )


@app.command()
def show(
    ctx: typer.Context,
    code: Annotated[
        list[str], typer.Argument(metavar="MÃ|CODE", help="Mã, hoặc tên không trùng. / A code, or a unique name.")
    ],
    on: _OnOption = None,
    form: _FormatOption = "table",
) -> None:
    """Xem mọi điều về một đơn vị hành chính. / Show everything about an area."""
    lang = lang_of(ctx)
    areas = units.tree(_day(on))
    area = areas.resolve(" ".join(code))
    children = areas.children(area.code)
    versions = [area] if area.level == "country" else units.history(area.code)
    parts = [] if area.valid_to == units.MERGER else conversion.formed_from(area.code)
    if form == "json":
        _print_json(
            {
                **_version_facts(area),
                "breadcrumb": areas.breadcrumb(area.code).say(lang),
                "children": [{"code": child.code, "full_name": child.full_name} for child in children],
                "history": [_version_facts(version) for version in versions],
                "formed_from": [
                    {"code": part.area.code, "full_name": part.area.full_name, "partly": part.partly} for part in parts
                ],
            }
        )
        return
    facts = [
        (_CODE, area.code),
        (_NAME, area.full_label.say(lang)),
        (Text("Tên tiếng Anh", "In Vietnamese"), area.full_name_en if lang == "vi" else area.full_name),
        (_TYPE, units.UNIT_TYPES[area.unit_type].say(lang)),
        (Text("Ở đâu", "Where"), areas.breadcrumb(area.code).say(lang)),
    ]
    if area.region:
        facts.append((Text("Vùng", "Region"), source.regions()[area.region].say(lang)))
    if area.lat is not None and area.lon is not None:
        facts.append((Text("Điểm giữa", "Centre"), _centre(area.lat, area.lon, lang)))
    facts.append((Text("Đơn vị trực thuộc", "Areas below"), _below(children, lang)))
    if area.source:
        facts.append((Text("Nguồn", "Source"), area.source))
    _print_facts(lang, facts)
    if area.level != "country":
        print_table(
            lang,
            (Text("Thời gian", "Time"), _NAME, _TYPE, Text("Văn bản", "Document")),
            (
                (
                    _span(version, lang),
                    version.full_label.say(lang),
                    units.UNIT_TYPES[version.unit_type].say(lang),
                    version.document or MISSING,
                )
                for version in versions
            ),
            title=Text(f"Lịch sử của mã {area.code}", f"History of the code {area.code}").say(lang),
        )
    if parts:
        partly = Text("một phần", "in part").say(lang)
        print_table(
            lang,
            (_CODE, _NAME, Text("Huyện cũ", "Former district"), Text("", "")),
            (
                (
                    part.area.code,
                    part.area.full_label.say(lang),
                    _district(part.area, lang),
                    partly if part.partly else "",
                )
                for part in parts
            ),
            title=Text("Hình thành từ", "Formed from").say(lang),
        )
    if children:
        print_table(
            lang,
            (_CODE, _NAME, _TYPE),
            (
                (child.code, child.full_label.say(lang), units.UNIT_TYPES[child.unit_type].say(lang))
                for child in children
            ),
            title=Text("Đơn vị trực thuộc", "Areas below").say(lang),
        )


def _centre(lat: float, lon: float, lang: Language) -> str:
    from decimal import Decimal

    north, east = (decimal(Decimal(str(value)), lang, 4) for value in (lat, lon))
    return Text(f"{north}° B, {east}° Đ", f"{north}° N, {east}° E").say(lang)


def _below(children: Sequence[Area], lang: Language) -> str:
    if not children:
        return MISSING
    kinds: dict[units.UnitType, int] = {}
    for child in children:
        kinds[child.unit_type] = kinds.get(child.unit_type, 0) + 1
    counted = ", ".join(
        f"{count(number, lang)} {_plural(kind, number, lang)}" for kind, number in sorted(kinds.items())
    )
    return f"{count(len(children), lang)} ({counted})"


def _plural(kind: units.UnitType, number: int, lang: Language) -> str:
    word = units.UNIT_TYPES[kind].say(lang)
    if lang == "vi" or number == 1:
        return word
    return {
        "centrally-run city": "centrally-run cities",
        "district without communes": "districts without communes",
    }.get(word, f"{word}s")


@app.command()
def convert(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="MÃ|CODE", help="Mã tỉnh hoặc xã, cũ hay mới. / An old or new code.")],
    on: _OnOption = None,
    form: _FormatOption = "table",
) -> None:
    """Đổi mã cũ sang đơn vị hiện nay. / Convert an old code to the present areas.

    --on là ngày mã được dùng. / --on is the day on which the code was in use.
    """
    lang = lang_of(ctx)
    found = conversion.convert(code, _day(on))
    if found.was is None and form == "table":
        raise units.unknown_area(found.code, units.tree())
    if form == "json":
        _print_json(
            {
                "code": found.code,
                "status": found.status,
                "was": None if found.was is None else _version_facts(found.was),
                "now": [_version_facts(area) for area in found.units],
                "province": None if found.province is None else found.province.code,
                "note": None if found.note is None else found.note.say(lang),
            }
        )
        return
    was = cast(Area, found.was)
    district = f" ({_district(was, lang)})" if was.district and was.district != was.full_name else ""
    facts = [
        (_CODE, found.code),
        (Text("Là", "Was"), f"{was.full_label.say(lang)}{district}"),
        (Text("Kết quả", "Result"), conversion.STATUSES[found.status].say(lang)),
        (Text("Nay là", "Now"), _areas_in_words(found.units, lang)),
    ]
    if found.province and found.province not in found.units:
        facts.append((Text("Thuộc", "In"), found.province.full_label.say(lang)))
    _print_facts(lang, facts)
    if found.status == "divided":
        typer.echo(
            Text(
                "Đơn vị này đã chia: không có mã nào thay được cho cả đơn vị, chỉ gắn được với cấp tỉnh.",
                "It was divided: no single code stands for all of it, only the province does.",
            ).say(lang)
        )
    if found.note:
        typer.echo(found.note.say(lang))


@app.command()
def offices(
    ctx: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="TỆP|FILE", help="CSV hoặc XLSX để nạp; không ghi thì liệt kê. / Else: list."),
    ] = None,
    on: _OnOption = None,
    form: _FormatOption = "table",
) -> None:
    """Nạp danh sách cơ quan BHXH, hoặc liệt kê. / Import the offices, or list them."""
    from baophu.areas import offices as the_offices

    lang, home = lang_of(ctx), home_of(ctx)
    if file is not None:
        stored = the_offices.import_offices(file, home)
        rows, number = stored.manifest["rows"], stored.manifest["offices"]
        what = Text(
            f"{count(number, 'vi')} cơ quan, {count(rows, 'vi')} dòng",
            f"{count(number, 'en')} {'office' if number == 1 else 'offices'} in {count(rows, 'en')} "
            f"{'row' if rows == 1 else 'rows'}",
        )
        _print_stored(lang, form, stored, what)
        return
    known, day = the_offices.offices(home), _day(on)
    listed = [(office, known.communes(office.office_id, day)) for office in known.all(day)]
    if form == "json":
        _print_json(
            [
                {
                    "office_id": office.office_id,
                    "name": office.name.say(lang),
                    "level": office.level,
                    "communes": list(communes),
                }
                for office, communes in listed
            ]
        )
        return
    if not known.services:
        typer.echo(
            Text(
                "Chưa nạp danh sách cơ quan BHXH: mỗi tỉnh là một cơ quan. Nạp bằng: baophu areas offices TỆP",
                "No offices were imported: each province is one. To import: baophu areas offices FILE",
            ).say(lang)
        )
    print_table(
        lang,
        (_CODE, _NAME, Text("Cấp", "Level"), Text("Số xã", "Communes")),
        (
            (
                office.office_id,
                office.name.say(lang),
                the_offices.OFFICE_LEVELS[office.level].say(lang),
                count(len(communes), lang),
            )
            for office, communes in listed
        ),
    )


@app.command()
def boundaries(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="TỆP|FILE", help="Tệp GeoJSON cấp tỉnh hoặc cấp xã. / A GeoJSON file.")
    ],
    form: _FormatOption = "table",
) -> None:
    """Nạp ranh giới chính thức của các tỉnh hoặc các xã. / Import official boundaries of provinces or communes."""
    from baophu.areas.boundaries import import_boundaries

    lang = lang_of(ctx)
    stored = import_boundaries(file, home_of(ctx))
    level: units.Level = stored.manifest["level"]
    rows = stored.manifest["rows"]
    what = Text(
        f"ranh giới {count(rows, 'vi')} đơn vị {units.LEVELS[level].vi}", f"boundaries of {count(rows, 'en')} {level}s"
    )
    _print_stored(lang, form, stored, what)


def _print_stored(lang: Language, form: str, stored: Any, what: Text) -> None:
    if form == "json":
        _print_json({**stored.manifest, "folder": str(stored.folder), "new": stored.new})
        return
    if stored.new:
        typer.echo(Text(f"Đã nhận {what.vi}.", f"Taken: {what.en}.").say(lang))
    else:
        typer.echo(Text(f"Tệp này đã nhận từ trước: {what.vi}.", f"This file was taken before: {what.en}.").say(lang))
    typer.echo(str(stored.folder))
    left_out = stored.manifest.get("left_out")
    if left_out:
        names = ", ".join(left_out)
        typer.echo(Text(f"Cột không dùng đến: {names}.", f"Columns left out: {names}.").say(lang))


@app.command()
def tiles(ctx: typer.Context, form: _FormatOption = "table") -> None:
    """In bản đồ ô của các tỉnh. / Print the tile map of the provinces."""
    from baophu.areas.tiles import draw
    from baophu.areas.tiles import tiles as all_tiles

    lang = lang_of(ctx)
    if form == "json":
        _print_json([{**asdict(tile), "name": tile.name.say(lang)} for tile in all_tiles()])
        return
    typer.echo(draw())
    typer.echo(
        Text(
            "\n(HS) Hoàng Sa, Đà Nẵng; (TS) Trường Sa, Khánh Hòa", "\n(HS) Hoang Sa, Da Nang; (TS) Truong Sa, Khanh Hoa"
        ).say(lang)
    )
