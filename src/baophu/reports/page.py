"""The one page: where an area stands, how far it is to its targets, what comes next. Self-contained and printable."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from baophu import __version__
from baophu.areas.boundaries import boundaries
from baophu.areas.tiles import tiles
from baophu.core import numbers
from baophu.core.languages import Language, Text
from baophu.indicators.catalogue import GROUPS, indicator
from baophu.indicators.published import series
from baophu.reports.boundary_map import boundary_map
from baophu.reports.charts import Drawing, inline_svg
from baophu.reports.style import FAMILY, FONTS, PALETTE
from baophu.reports.tables import achieved_cell, heads, reason_words, standing, value_cell
from baophu.reports.tile_map import tile_map
from baophu.reports.trajectory import sparkline, trajectory
from baophu.reports.view import View, farthest, headline, in_view, known_children, lead
from baophu.targets.decisions import COUNTRY
from baophu.targets.duties import deadlines
from baophu.targets.explain import explain
from baophu.targets.progress import REASONS, Progress, published_completion
from baophu.targets.words import (
    change_text,
    difference_text,
    issued_text,
    short_value,
    target_text,
)

HEADLINES = (
    *("si_total", "si_voluntary", "si_coverage_working_age_lf"),
    *("ui_coverage_working_age_lf", "hi_coverage_population", "late_payment_rate"),
)
CHARTED = ("si_total", "si_coverage_working_age_lf")
DEADLINES_SHOWN = 5


def _facts(view: View) -> list[dict[str, str]]:
    days = [row.figure.date for row in view.rows if row.figure and row.actual is not None]
    facts = [
        {"label": view.say("Xem ngày", "As of"), "value": numbers.short_date(view.as_of, view.lang)},
        {
            "label": view.say("Số liệu mới nhất", "Latest figure"),
            "value": numbers.short_date(max(days), view.lang) if days else view.say("chưa có", "none"),
        },
    ]
    known = [row for row in view.rows if row.governs]
    with_value = sum(row.actual is not None for row in known)
    facts.append(
        {
            "label": view.say("Chỉ tiêu đã có số liệu", "Targets with a figure"),
            "value": f"{with_value}/{len(known)}",
        }
    )
    facts.append({"label": view.say("Nguồn", "From"), "value": view.say("số liệu công bố", "published figures")})
    if view.area.code != COUNTRY:
        path = view.tree.breadcrumb(view.area.code).say(view.lang)
        facts.insert(0, {"label": view.say("Đơn vị", "Area"), "value": path})
    return facts


def _drawn(drawing: Drawing | None) -> dict[str, Any] | None:
    if drawing is None:
        return None
    return {
        "svg": Markup(inline_svg(drawing)),  # noqa: S704 (made by the chart renderer, its texts escaped there)
        "alternative": drawing.alternative,
        "head": drawing.head,
        "rows": drawing.rows,
    }


def _state(row: Progress, lang: Language) -> dict[str, str]:
    return {"state": row.state, "state_words": row.state_text.say(lang)}


def _anchor(row: Progress) -> str:
    return row.target.target_id.replace(":", "-").replace("/", "-")


def _card(view: View, row: Progress, milestone: Progress | None) -> dict[str, Any]:
    lang, target = view.lang, row.target
    figure = row.figure if row.actual is not None else None
    shown = short_value(target.indicator, figure.value if figure else None, lang)
    value, _, unit = shown.partition(numbers.NARROW)
    if figure and figure.approximate:
        value = f"≈ {value}"
    goal = target_text(target).say(lang)
    lines = [view.say(f"Chỉ tiêu {target.period_end.year}: {goal}", f"Target {target.period_end.year}: {goal}")]
    if row.achieved is not None and target.direction != "at_most":
        share = numbers.share(row.achieved, lang)
        lines.append(view.say(f"Đạt {share} chỉ tiêu", f"{share} of the target"))
    if row.yoy is not None:
        change = change_text(target.indicator, row.yoy).say(lang)
        lines.append(view.say(f"So cùng kỳ năm trước: {change}", f"Over the year: {change}"))
    if row.pace:
        needed = difference_text(target.indicator, row.pace.required).say(lang)
        lines.append(view.say(f"Cần mỗi tháng: {needed}", f"Needed each month: {needed}"))
    if milestone is not None:
        word, year = milestone.state_text.say(lang).lower(), milestone.target.period_end.year
        lines.append(view.say(f"Mốc {year}: {word}", f"Milestone {year}: {word}"))
    dated = numbers.short_date(figure.date, lang) if figure else reason_words(row, lang)
    spark = None
    if figure:
        published = series(target.indicator, target.area_code, figure.scope)
        spark = _drawn(sparkline(published.figures, row.goal, target.period_end, view.as_of, lang))
    return {
        **_state(row, lang),
        "anchor": _anchor(row),
        "name": indicator(target.indicator).short.say(lang),
        "value": value,
        "unit": unit,
        "value_date": view.say(f"ngày {dated}", dated) if figure else dated,
        "lines": lines,
        "spark": spark,
    }


def _table(view: View, rows: Sequence[Progress]) -> list[dict[str, Any]]:
    """The rows that have a value, or one of another scope, by group."""
    labels = heads(view.lang)
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        target = row.target
        phase = f" – {target.phase.name.say(view.lang)}" if target.phase else ""
        known = row.figure is not None and row.actual is not None
        day = numbers.short_date(row.figure.date, view.lang) if row.figure and known else ""
        written = [
            (2, value_cell(row, view.lang), day if known else _first_reason(row, view.lang), "num"),
            (4, target_text(target).say(view.lang), "", "num"),
            (5, numbers.short_date(target.period_end, view.lang), "", "day"),
            (6, achieved_cell(row, view.lang), "", "num"),
            (7, numbers.share(row.development, view.lang), "", "num"),
            (8, change_text(target.indicator, row.yoy).say(view.lang), "", "num"),
            (9, target.decision.number, standing(row, view.lang), ""),
        ]
        groups.setdefault(GROUPS[indicator(target.indicator).group].say(view.lang), []).append(
            {
                **_state(row, view.lang),
                "anchor": _anchor(row),
                "superseded": not row.governs,
                "name": indicator(target.indicator).name.say(view.lang) + phase,
                "explanation": explain(row, view.targets).as_json(view.lang),
                "cells": [
                    {
                        "label": labels[place],
                        "words": words,
                        "note": note_,
                        "kind": kind,
                        "empty": words == numbers.MISSING and not note_,
                    }
                    for place, words, note_, kind in written
                ],
            }
        )
    return [{"name": name, "rows": found} for name, found in groups.items()]


def _first_reason(row: Progress, lang: Language) -> str:
    """Why there is no value, and what the publisher says of the target where he says something."""
    words = REASONS[row.reasons[0]].say(lang) if row.reasons else ""
    said = published_completion(row)
    if said is None:
        return words
    share = numbers.share_as_published(said.value, lang)
    return words + Text(f"; công bố: đạt {share}", f"; published: {share} done").say(lang)


def _without_value(view: View, rows: Sequence[Progress]) -> list[dict[str, Any]]:
    """The indicators of which nothing was published: one line each, with its targets in the order of their dates."""
    found: dict[str, list[Progress]] = {}
    for row in rows:
        found.setdefault(row.target.indicator, []).append(row)
    lines = []
    for name, own in found.items():
        said = []
        for row in own:
            words = f"{target_text(row.target).say(view.lang)} ({row.target.period_end.year})"
            superseded = view.say(
                f", {row.target.decision.number}, đã thay", f", {row.target.decision.number}, superseded"
            )
            said.append(words if row.governs else words[:-1] + superseded + ")")
        explanations = [explain(row, view.targets).as_json(view.lang) for row in own]
        lines.append(
            {"name": indicator(name).name.say(view.lang), "targets": "; ".join(said), "children": explanations}
        )
    return lines


def _table_heads(lang: Language) -> list[dict[str, Any]]:
    named = heads(lang)
    return [{"words": named[place], "num": place in (2, 4, 6, 7, 8)} for place in (0, 1, 2, 4, 5, 6, 7, 8, 9)]


def map_of_targets(view: View) -> Drawing | None:
    """Draw the provinces' targets of participants, in the imported boundaries or as tiles; only for the country."""
    if view.area.code != COUNTRY:
        return None
    values = known_children(view, "si_total")
    names = {area.code: area.label.say(view.lang) for area in view.tree.provinces}
    top = max(values, key=lambda code: values[code], default=None)
    if top is None:
        title = view.say("Chưa có chỉ tiêu của tỉnh nào", "No province's target is known yet")
    else:
        whole = next(
            (row.goal for row in view.rows if row.target.indicator == "si_total" and not row.ended and row.governs),
            None,
        )
        part = numbers.share(sum(values.values()) / whole, view.lang, 0) if whole else ""
        title = view.say(
            f"Đã biết số giao của {len(values)}/{len(names)} tỉnh, thành phố, bằng {part} cả nước; "
            f"lớn nhất là {names[top]}",
            f"The shares of {len(values)} of {len(names)} provinces are known, {part} of the country; "
            f"{names[top]} has the largest",
        )
    subtitle = view.say(
        "Người tham gia BHXH được giao đến năm 2030, triệu người.",
        "Social insurance participants assigned by 2030, millions.",
    )
    imported = boundaries("province", view.home)
    if imported is not None:
        return boundary_map(values, imported, names, title, subtitle, view.lang)
    return tile_map(values, tiles(), names, title, subtitle, view.lang)


def _children(view: View) -> dict[str, Any] | None:
    total, voluntary = known_children(view, "si_total"), known_children(view, "si_voluntary")
    if not total and not voluntary:
        return None
    areas = {area.code: area for area in view.tree.children(view.area.code)}
    named = [code for code in areas if code in total or code in voluntary]
    named.sort(key=lambda code: -total.get(code, Fraction(0)))

    def line(name: str, count: Fraction | None, of_which: Fraction | None) -> list[str]:
        share = of_which / count if count and of_which is not None else None
        return [
            name,
            numbers.count(count, view.lang),
            numbers.count(of_which, view.lang),
            numbers.share(share, view.lang),
        ]

    rows = [line(areas[code].label.say(view.lang), total.get(code), voluntary.get(code)) for code in named]
    parents = {
        row.target.indicator: row.goal
        for row in view.rows
        if row.target.indicator in ("si_total", "si_voluntary") and row.governs and not row.ended
    }
    whole, whole_voluntary = parents.get("si_total"), parents.get("si_voluntary")
    missing = len(areas) - len(named)
    if missing and whole is not None and whole_voluntary is not None:
        rows.append(
            line(
                view.say(f"{missing} đơn vị còn lại (số còn lại)", f"The other {missing} (what remains)"),
                whole - sum(total.values()),
                whole_voluntary - sum(voluntary.values()),
            )
        )
    if whole is not None:
        rows.append(line(view.say("Được giao cho cả đơn vị", "Assigned to the whole"), whole, whole_voluntary))
    return {
        "title": view.say("Chỉ tiêu của các đơn vị", "Targets of the units below"),
        "note": view.say(
            "Số tham gia BHXH đến năm 2030. Nhập phụ lục đủ các đơn vị bằng «baophu targets import».",
            "Participants by 2030. The full annex enters with “baophu targets import”.",
        ),
        "heads": [
            view.say("Đơn vị", "Area"),
            view.say("Người tham gia BHXH", "Participants"),
            view.say("trong đó tự nguyện, ít nhất", "of whom voluntary, at least"),
            view.say("Tỷ trọng tự nguyện", "Voluntary share"),
        ],
        "rows": rows,
    }


def _deadlines(view: View) -> list[dict[str, str]]:
    shown = []
    for deadline in deadlines(view.as_of)[:DEADLINES_SHOWN]:
        who = view.say(
            f"{deadline.duty.by.vi} gửi {deadline.duty.to.vi}", f"{deadline.duty.by.en} to {deadline.duty.to.en}"
        )
        left = view.say(f"còn {deadline.workdays} ngày làm việc", f"{deadline.workdays} working days left")
        if deadline.workdays == 0:
            left = view.say("hôm nay", "today")
        if deadline.ready_by != deadline.due:
            ready = numbers.short_date(deadline.ready_by, view.lang)
            left = view.say(
                f"{left}; rơi vào ngày nghỉ, cần xong trong ngày {ready}", f"{left}; a day of rest, ready by {ready}"
            )
        document = f" ({deadline.duty.document})" if deadline.duty.document else ""
        shown.append(
            {
                "day": numbers.short_date(deadline.due, view.lang),
                "name": deadline.duty.name.say(view.lang),
                "who": who + document,
                "left": left,
            }
        )
    return shown


def _sources(rows: Sequence[Progress], lang: Language) -> list[str]:
    found = []
    for decision in {row.target.decision.id: row.target.decision for row in rows}.values():
        day = issued_text(decision).say(lang)
        found.append(f"{decision.number} ({day}) – {decision.title.say(lang)}. {'; '.join(decision.sources)}")
    figures = {(row.figure.source, row.figure.date) for row in rows if row.figure and row.actual is not None}
    latest: dict[str, date] = {}
    for source, day_ in sorted(figures):
        latest[source] = max(day_, latest.get(source, day_))
    found += [f"{numbers.short_date(day_, lang)} – {source}" for source, day_ in latest.items()]
    return found


@lru_cache(maxsize=1)
def page_css() -> str:
    """Return the style of all pages: palette, type and layout, with the fonts in it."""

    def variables(place: int) -> str:
        return "".join(f"  --{name}: {both[place]};\n" for name, both in PALETTE.items())

    faces = []
    for family, stem in ((FAMILY, "BeVietnamPro"), ("Baophu Figures", "BaophuFigures")):
        for weight, name in ((400, "Regular"), (600, "SemiBold")):
            data = base64.b64encode((FONTS / f"{stem}-{name}.woff2").read_bytes()).decode()
            faces.append(
                f"@font-face {{ font-family: '{family}'; font-weight: {weight}; font-display: swap; "
                f"src: url(data:font/woff2;base64,{data}) format('woff2'); }}"
            )
    template = (Path(__file__).parent / "templates" / "page.css").read_text(encoding="utf-8")
    for name, words in (
        ("light", variables(0)),
        ("dark", variables(1)),
        ("print", variables(0)),
        ("fonts", "\n".join(faces)),
    ):
        template = template.replace("{{ " + name + " }}", words)
    return template


def drawings(view: View, width: int = 620) -> dict[str, Drawing]:
    """Return the charts of a page by name: a trajectory for each headline with something to draw, and the tile map."""
    found: dict[str, Drawing] = {}
    for name in HEADLINES:
        row = farthest(view.rows, name)
        if row is not None and (row.actual is not None or not row.ended):
            found[name] = trajectory(row, view.targets, view.lang, width=width)
    map_ = map_of_targets(view)
    if map_:
        found["map"] = map_
    return found


def page(view: View) -> str:
    """Return the page as one self-contained HTML text: no script, no address that it loads anything from."""
    shown = in_view(view.rows, view.as_of)
    main_rows = {name: headline(view.rows, name) for name in HEADLINES}
    cards = [_card(view, row, before) for row, before in main_rows.values() if row is not None]
    charted = [row for name in CHARTED if (row := farthest(view.rows, name)) is not None and row.actual is not None]
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = {
        "skip": view.say("Đến nội dung chính", "Skip to the content"),
        "cards": view.say("Các chỉ tiêu chính", "Main indicators"),
        "no_spark": view.say("Chưa đủ số liệu trong 24 tháng để vẽ", "Too few figures in 24 months to draw"),
        "way": view.say("Lộ trình đến chỉ tiêu", "The way to the target"),
        "targets": view.say("Từng chỉ tiêu", "Each target"),
        "targets_note": view.say(
            "Bấm «Vì sao» để xem định nghĩa, công thức, nguồn. Dấu – là chưa có số liệu, không phải 0.",
            "“Why” opens definition, formula and source. A dash means that there is no figure; it is not zero.",
        ),
        "why": view.say("Vì sao", "Why"),
        "as_table": view.say("Xem số liệu", "The data as a table"),
        "no_targets": view.say(
            "Chưa có chỉ tiêu nào còn hiệu lực của đơn vị này. Nhập bằng «baophu targets import TỆP.xlsx».",
            "No target of this area is in view. They enter with “baophu targets import FILE.xlsx”.",
        ),
        "without_value": view.say("Chỉ tiêu chưa có số liệu công bố", "Targets of which no figure has been published"),
        "deadlines": view.say("Hạn báo cáo sắp tới", "Reports due next"),
        "sources": view.say("Văn bản và nguồn số liệu", "Documents and sources"),
        "signs": view.say(
            "≈ số ước tính hoặc làm tròn; – chưa có số liệu; số đầu kỳ suy từ các đợt có nêu khoảng làm tròn.",
            "≈ an estimate or rounded; – no figure; a base implied by phases is given with the range of its rounding.",
        ),
        "made": view.say(
            f"Lập bằng Baophu {__version__} từ số liệu công bố; không chứa dữ liệu cá nhân.",
            f"Made by Baophu {__version__} from published figures; holds no personal data.",
        ),
    }
    return environment.get_template("page.html.j2").render(
        lang=view.lang,
        version=__version__,
        title=view.title,
        css=Markup(page_css()),  # noqa: S704 (our own file)
        w=words,
        lead=lead(view),
        facts=_facts(view),
        cards=cards,
        wide=[_drawn(trajectory(row, view.targets, view.lang)) for row in charted],
        narrow=[_drawn(trajectory(row, view.targets, view.lang, width=320, height=240)) for row in charted],
        tiles=_drawn(map_of_targets(view)),
        heads=_table_heads(view.lang),
        groups=_table(view, [row for row in shown if row.figure or row.other_scope]),
        without_value=_without_value(view, [row for row in shown if not row.figure and not row.other_scope]),
        children=_children(view),
        deadlines=_deadlines(view),
        sources=_sources(shown, view.lang),
    )
