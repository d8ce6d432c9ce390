"""`baophu targets check` and `follow`: do the targets that are there fit, and those of units that are gone."""

from __future__ import annotations

import getpass
import json
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from baophu.core.commands import home_of, lang_of
from baophu.core.languages import Text
from baophu.core.numbers import MISSING, as_float, count, read_date, read_month, short_date
from baophu.core.terminal import print_table

if TYPE_CHECKING:
    from pathlib import Path

    from baophu.targets.measured import Values


def check(
    context: typer.Context,
    month: Annotated[
        str | None, typer.Option("--month", metavar="THÁNG|MONTH", help="So với số của tháng này. / Held against it.")
    ] = None,
    form: Annotated[Literal["table", "json"], typer.Option("--format", help="Dạng kết quả. / Form.")] = "table",
) -> None:
    """Kiểm tra cây chỉ tiêu: tổng từng cấp, thấp hơn số đang có, đơn vị không còn / Check the tree of targets.

    Không tự sửa gì. Mã thoát 0: khớp; 2: có chỗ cần xem. / Nothing is changed. The exit code is 0 where all fits.
    """
    from baophu.targets.assign_commands import known_targets
    from baophu.targets.tree_check import check_tree

    lang, home = lang_of(context), home_of(context)
    known = known_targets(home)
    found = check_tree(known, _values(home, {one.indicator for one in known}, month))
    if form == "json":
        told = {
            "sums": [
                {
                    "area_code": one.area_code,
                    "indicator": one.indicator.id,
                    "scope": one.scope,
                    "period_end": str(one.period_end),
                    "units": one.units,
                    "assigned": one.assigned,
                    "total": as_float(one.total),
                    "parent": as_float(one.parent),
                    "difference": as_float(one.difference),
                }
                for one in found.sums
            ],
            "problems": [
                {"kind": kind, "where": one.where.say(lang), "value": one.value, "what": one.reason.say(lang)}
                for kind, one in found.problems
            ],
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        headings = (
            Text("Đơn vị", "Area"),
            Text("Chỉ tiêu", "Indicator"),
            Text("Đến ngày", "By"),
            Text("Đã giao", "Assigned"),
            Text("Cộng cấp dưới", "Units' sum"),
            Text("Số giao", "Own target"),
            Text("Chênh lệch", "Difference"),
        )
        from baophu.areas.units import tree

        rows = [
            (
                tree().get(one.area_code).label.say(lang),
                one.indicator.short.say(lang),
                short_date(one.period_end, lang),
                f"{one.assigned}/{one.units}",
                count(one.total, lang),
                count(one.parent, lang),
                MISSING
                if one.difference is None
                else f"{one.difference:+,f}".replace(",", "." if lang == "vi" else ","),
            )
            for one in found.sums
        ]
        print_table(lang, headings, rows)
        for _, problem in found.problems:
            typer.echo(f"  - {problem.say(lang)}")
        if not found.problems:
            typer.echo(Text("Mọi cấp đều khớp.", "Every level fits.").say(lang))
    if found.problems:
        raise typer.Exit(2)


def _values(home: Path, indicators: set[str], month: str | None) -> dict[str, Values]:
    """Return what was measured of the indicators that can be; empty where there is no run."""
    from baophu.core.errors import BaophuError
    from baophu.indicators.catalogue import catalogue
    from baophu.targets.measured import newest_run, values_of_run

    run = newest_run(home, None, read_month(month) if month else None)
    found: dict[str, Values] = {}
    for name in indicators if run is not None and "indicators" in run.rows else ():
        try:
            found[name] = values_of_run(home, run, catalogue()[name], None, "managed")  # type: ignore[arg-type]
        except BaophuError:
            continue  # not counted from registers
    return found


def follow(
    context: typer.Context,
    on: Annotated[
        str | None, typer.Option("--on", metavar="NGÀY|DAY", help="Theo đơn vị của ngày này. / The units of that day.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Ghi vào bàn làm việc, kèm cách chuyển. / Record it, with how it was done.")
    ] = False,
) -> None:
    """Chuyển chỉ tiêu của đơn vị đã sáp nhập, chia tách / Let targets follow units that merged or split.

    Không có --write thì chỉ cho xem. Lần nạp cũ vẫn được lưu; lần mới ghi từng bước chuyển. / Without --write it is
    only shown. The earlier import is kept; the new one records every move.
    """
    from fractions import Fraction

    from baophu.areas.units import tree
    from baophu.targets.measured import newest_run, values_of_run
    from baophu.targets.snapshot import imported_targets
    from baophu.targets.succession import followed_targets, record

    lang, home = lang_of(context), home_of(context)
    day = read_date(on) if on else date.today()
    areas = tree(day)
    imported = imported_targets(home)
    gone = {one.decision.id for one in imported if one.area_code not in areas}
    if not gone:
        typer.echo(Text("Mọi đơn vị có chỉ tiêu đều còn.", "All units that have targets are in force.").say(lang))
        return
    run = newest_run(home, None, None)
    keys: dict[str, Fraction] = {}
    if run is not None and "indicators" in run.rows:
        from baophu.indicators.catalogue import indicator

        values = values_of_run(home, run, indicator("si_total"), None, "managed")
        keys = {code: Fraction(max(own.items())[1]) for code, own in values.by_area.items()}
    for decision in sorted(gone):
        own = [one for one in imported if one.decision.id == decision]
        followed = followed_targets(own, keys, day)
        typer.echo(own[0].decision.number)
        for move in followed.moves:
            typer.echo(f"  {move.words.say(lang)}")
        for target in followed.left:
            typer.echo(
                Text(
                    f"  {target.target_id}: tỷ lệ không cộng được, giao lại bằng quyết định",
                    f"  {target.target_id}: shares do not add up; assign again by a decision",
                ).say(lang)
            )
        if write:
            record(home, followed, getpass.getuser(), day)
    if not write:
        typer.echo(
            Text("Chưa ghi gì. Ghi bằng --write.", "Nothing was recorded yet. Record it with --write.").say(lang)
        )
