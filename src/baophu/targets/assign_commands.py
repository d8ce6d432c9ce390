"""`baophu targets assign`, `path`, `check`: proposing targets, the way to one, and whether those that are there fit."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from baophu.core.commands import home_of, lang_of
from baophu.core.languages import Language, Text
from baophu.core.numbers import MISSING, count, growth, read_month, share, short_date
from baophu.core.terminal import print_table

if TYPE_CHECKING:
    from baophu.targets.assigning import Proposal, Row
    from baophu.targets.decisions import Target
    from baophu.targets.pace import Milestone

_Indicator = Annotated[str, typer.Option("--indicator", metavar="MÃ|ID", help="Mã chỉ tiêu. / The indicator.")]
_Area = Annotated[str, typer.Option("--area", metavar="MÃ|CODE", help="Mã hoặc tên đơn vị. / Code or name of an area.")]
_Scope = Annotated[
    Literal["all", "without_armed_forces"] | None,
    typer.Option("--scope", help="Phạm vi; mặc định của chỉ tiêu được giao. / The scope; default: the target's."),
]
_Place = Annotated[
    Literal["managed", "resident"],
    typer.Option("--place", help="Đếm theo nơi quản lý hay nơi cư trú. / Counted where managed, or where they live."),
]
_Month = Annotated[
    str | None,
    typer.Option("--month", metavar="THÁNG|MONTH", help="Số liệu của tháng chạy này. / The month's newest run."),
]
_Run = Annotated[str | None, typer.Option("--run", metavar="MÃ|ID", help="Một lần chạy nhất định. / One certain run.")]
_Settings = Annotated[
    Path | None,
    typer.Option("--settings", metavar="TỆP|FILE", help="Tệp thay cho assignment.yaml. / In place of assignment.yaml."),
]
_Format = Annotated[
    Literal["table", "json", "xlsx"], typer.Option("--format", help="Dạng kết quả. / Form of the result.")
]
_Out = Annotated[Path | None, typer.Option("--out", metavar="TỆP|FILE", help="Ghi vào tệp. / Write to this file.")]


def known_targets(home: Path) -> list[Target]:
    """Return all targets: those of the program, and over them those that were imported."""
    from baophu.targets.decisions import decided_targets, merged
    from baophu.targets.snapshot import imported_targets

    return merged(decided_targets(), imported_targets(home))


def assign(
    context: typer.Context,
    indicator: _Indicator,
    year: Annotated[int, typer.Option("--year", min=2020, max=2045, help="Năm của chỉ tiêu. / The targets' year.")],
    area: _Area = "00",
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="CÁCH|WAY",
            help="present, labour_force, reachable, mix, hoặc/or present=30,reachable=70",
        ),
    ] = "present",
    total: Annotated[
        int | None, typer.Option("--total", min=0, help="Tổng cần chia, khi chưa có số giao. / What is to be shared.")
    ] = None,
    to: Annotated[
        Literal["children", "commune"],
        typer.Option("--to", help="commune: từ cả nước xuống tận xã. / commune: from the country down to communes."),
    ] = "children",
    scope: _Scope = None,
    place: _Place = "managed",
    month: _Month = None,
    run: _Run = None,
    settings: _Settings = None,
    form: _Format = "table",
    out: _Out = None,
) -> None:
    """Đề xuất chỉ tiêu cho từng đơn vị trực thuộc / Propose a target for every unit below an area.

    Không ghi gì vào bàn làm việc: lấy tệp xlsx, sửa, điền quyết định rồi nạp bằng baophu targets import. / Nothing is
    decided: take the xlsx, change it, fill in the decision, and import it.
    """
    from baophu.targets.assigning import Wish, propose
    from baophu.targets.assignment import assignment, read_assignment, read_by

    lang, home = lang_of(context), home_of(context)
    chosen = read_assignment(settings) if settings else assignment()
    wish = Wish(
        indicator=indicator,
        year=year,
        area=area,
        by=read_by(by, chosen),
        total=total,
        scope=scope,
        to_communes=to == "commune",
        place=place,
        run=run,
        month=read_month(month) if month else None,
        settings=chosen,
    )
    known = known_targets(home)
    proposal = propose(home, wish, known)
    if form == "xlsx":
        _write_books(proposal, out, known, lang)
    elif form == "json":
        from baophu.targets.proposal_files import as_rows

        _write(json.dumps(as_rows(proposal), ensure_ascii=False, indent=1), out, lang)
    else:
        _show(proposal, lang)
    if form != "table":
        for note in proposal.notes:
            typer.echo(note.say(lang), err=True)


def _write(text: str, out: Path | None, lang: Language) -> None:
    from baophu.core.home import whole_file

    if out is None:
        typer.echo(text)
        return
    with whole_file(out) as part:
        part.write_text(text + "\n", encoding="utf-8")
    typer.echo(Text(f"Đã ghi {out.absolute()}", f"Written: {out.absolute()}").say(lang), err=True)


def _write_books(proposal: Proposal, out: Path | None, known: list[Target], lang: Language) -> None:
    from baophu.targets.proposal_files import write_proposals

    wish = proposal.wish
    name = f"baophu-de-xuat-{proposal.indicator.id}-{proposal.parent.code}-{wish.year}"
    place = out or Path(name if wish.to_communes and proposal.parent.level == "country" else f"{name}.xlsx")
    written = write_proposals(proposal, place, known)
    where = written[0].absolute() if len(written) == 1 else place.absolute()
    books = Text("", "") if len(written) == 1 else Text(f" ({len(written)} tệp)", f" ({len(written)} files)")
    typer.echo(
        Text(
            f"Đã ghi {where}{books.vi}. Sửa nếu cần, điền trang 'Quyết định', rồi nạp: baophu targets import "
            f"{written[0]}",
            f"Written: {where}{books.en}. Change it, fill in the sheet 'Quyết định', then: baophu targets import "
            f"{written[0]}",
        ).say(lang),
        err=True,
    )


def _show(proposal: Proposal, lang: Language) -> None:
    from baophu.targets.assignment import CRITERIA

    parent, wish = proposal.parent, proposal.wish
    rows = proposal.below(parent.code)
    ways = Text(
        ", ".join(f"{CRITERIA[name].vi} {part}" for name, part in wish.by.items()),
        ", ".join(f"{CRITERIA[name].en} {part}" for name, part in wish.by.items()),
    )
    if len(wish.by) == 1:
        ways = CRITERIA[next(iter(wish.by))]
    title = Text(
        f"Đề xuất {proposal.indicator.short.vi} năm {wish.year} cho các đơn vị thuộc {parent.full_name}, "
        f"chia phần tăng theo {ways.vi}",
        f"Proposed {proposal.indicator.short.en} of {wish.year} for the units of {parent.full_name_en}, "
        f"the increase shared by {ways.en}",
    )
    headings = [
        Text("Mã", "Code"),
        Text("Đơn vị", "Area"),
        Text("Số đầu kỳ", "Base"),
        Text("Đang có", "Held"),
        Text("Đề xuất", "Proposed"),
        Text("Tăng thêm", "Increase"),
        Text("Tỷ lệ tăng", "Growth"),
        Text("Giới hạn chặn", "Limit that binds"),
    ]
    if proposal.indicator.unit == "share":
        headings.insert(5, Text("Tỷ lệ", "Share"))
    print_table(
        lang,
        headings,
        [*(_line(proposal, row, lang) for row in rows), _sum(proposal, rows, lang)],
        title=title.say(lang),
    )
    for words in _said(proposal, rows):
        typer.echo(words.say(lang))


def _line(proposal: Proposal, row: Row, lang: Language) -> list[str]:
    from fractions import Fraction

    binding = row.share.binding
    base, target = row.base.value, row.target
    estimate = "≈" if row.base.origin == "estimated" else ""
    cells = [
        row.area.code,
        row.area.label.say(lang),
        estimate + count(base, lang),
        count(row.base.held, lang),
        count(target, lang),
        count(target - base, lang),
        growth(Fraction(target, base) - 1, lang) if base else MISSING,
        proposal.wish.settings.words(binding.why).say(lang) if binding else "",
    ]
    if proposal.indicator.unit == "share":
        cells.insert(5, share(Fraction(target, row.denominator), lang) if row.denominator else MISSING)
    return cells


def _sum(proposal: Proposal, rows: list[Row], lang: Language) -> list[str]:
    from fractions import Fraction

    base, target = sum(row.base.value for row in rows), sum(row.target for row in rows)
    held = [row.base.held for row in rows if row.base.held is not None]
    cells = [
        "",
        Text("Tổng cộng", "Total").say(lang),
        count(base, lang),
        count(sum(held), lang) if len(held) == len(rows) else MISSING,
        count(target, lang),
        count(target - base, lang),
        growth(Fraction(target, base) - 1, lang) if base else MISSING,
        "",
    ]
    if proposal.indicator.unit == "share":
        people = sum(row.denominator or 0 for row in rows)
        cells.insert(5, share(Fraction(target, people), lang) if people else MISSING)
    return cells


def _said(proposal: Proposal, rows: list[Row]) -> Iterable[Text]:
    """Say what a table does not: how many are held by a limit, the phases, what the proposal rests on."""
    held = [row for row in rows if row.share.binding]
    if held:
        yield Text(
            f"{len(held)} trong {len(rows)} đơn vị bị giới hạn chặn; phần còn lại chia lại cho các đơn vị khác.",
            f"{len(held)} of {len(rows)} units are held by a limit; what is left was shared among the others.",
        )
    if rows[0].phases:
        whole = [(one, sum(row.phases[at].value for row in rows)) for at, one in enumerate(rows[0].phases)]
        parts = [(one.id, one.day, value) for one, value in whole]
        yield Text(
            "Các đợt nước rút: "
            + "; ".join(f"đợt {name} đến {short_date(day, 'vi')}: {count(value, 'vi')}" for name, day, value in parts),
            "The sprint: "
            + "; ".join(f"phase {name} by {short_date(day, 'en')}: {count(value, 'en')}" for name, day, value in parts),
        )
    deeper = len(proposal.rows) - len(rows)
    if deeper:
        yield Text(
            f"Đã chia tiếp cho {count(deeper, 'vi')} xã, phường, đặc khu: lấy bằng --format json hoặc --format xlsx.",
            f"Shared on among {count(deeper, 'en')} communes: take them with --format json or --format xlsx.",
        )
    yield from proposal.notes


def path(
    context: typer.Context,
    indicator: _Indicator,
    area: _Area = "00",
    scope: _Scope = None,
    place: _Place = "managed",
    month: _Month = None,
    run: _Run = None,
    settings: _Settings = None,
    form: Annotated[Literal["table", "json"], typer.Option("--format", help="Dạng kết quả. / Form.")] = "table",
) -> None:
    """Đường đi tới chỉ tiêu: từng năm, rồi từng tháng, từng đợt của năm tới / The way to a target, year by year."""
    from baophu.targets.assignment import assignment, read_assignment
    from baophu.targets.ways import way_of

    lang, home = lang_of(context), home_of(context)
    way = way_of(
        home,
        known_targets(home),
        indicator,
        area,
        scope=scope,
        place=place,
        run=run,
        month=read_month(month) if month else None,
        settings=read_assignment(settings) if settings else assignment(),
    )
    if form == "json":
        told = {
            "area_code": way.area.code,
            "indicator": way.indicator.id,
            "scope": way.scope,
            "target_id": way.target.target_id,
            "base_month": f"{way.base_month:%Y-%m}",
            "base": way.base,
            **{
                name: [
                    {"id": one.id, "date": str(one.day), "share": float(one.share), "value": one.value} for one in part
                ]
                for name, part in (("years", way.years), ("months", way.months), ("phases", way.phases))
            },
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    base = Text(
        f"{way.area.full_name}, {way.indicator.short.vi}: {count(way.base, 'vi')} (tháng {way.base_month:%m/%Y})",
        f"{way.area.full_name_en}, {way.indicator.short.en}: {count(way.base, 'en')} ({way.base_month:%Y-%m})",
    )
    typer.echo(base.say(lang))
    titles = (
        (Text("Từng năm", "Year by year"), way.years),
        (Text("Từng tháng của năm gần nhất", "Month by month of the first year to come"), way.months),
        (Text("Các đợt nước rút", "The phases of the sprint"), way.phases),
    )
    headings = (
        Text("Mốc", "Milestone"),
        Text("Đến ngày", "By"),
        Text("Phần của mức tăng", "Share of the increase"),
        Text("Phải đạt", "Due"),
    )
    for title, part in titles:
        print_table(lang, headings, (_milestone(one, lang) for one in part), title=title.say(lang))
    for note in way.notes:
        typer.echo(note.say(lang))


def _milestone(one: Milestone, lang: Language) -> list[str]:
    return [one.id, short_date(one.day, lang), share(one.share, lang), count(one.value, lang)]
