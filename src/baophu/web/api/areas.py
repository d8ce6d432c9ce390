"""Areas: figures at a glance, an indicator with its months, the areas below with their standing, targets, duties."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router, Schema

from baophu.areas.units import tree
from baophu.findings.kinds import kinds
from baophu.indicators.catalogue import DIRECTIONS, UNITS, Indicator, catalogue
from baophu.targets.duties import deadlines
from baophu.web import figures
from baophu.web.accounts.rights import Right
from baophu.web.api.etags import marked
from baophu.web.api.told import AreaCode, Coded, Place, Stamp, answers, number, place, stamp, told, words
from baophu.web.figures import Child, Goal, Trend
from baophu.web.reading import Reader, reader_of
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import said
from baophu.web.views_overview import ordered

router = Router(tags=["Đơn vị hành chính / Areas"])
IndicatorId = Annotated[str, Path(description="Mã chỉ tiêu / Code of an indicator", examples=["si_total"])]


class AreaWithin(Place):
    """An area, with those above and below it."""

    above: list[Place] = told("Các cấp trên", "Those above", [])
    below: list[Place] = told("Các đơn vị dưới một cấp", "Those one level below", [])


class Measured(Schema):
    """What an indicator measures."""

    indicator: str = told("Mã chỉ tiêu", "Code of the indicator", "si_total")
    name: str = told("Tên", "Name", "Số người tham gia BHXH")
    unit: Coded = told("Đơn vị tính; share là phần của 1", "Unit; a share is a fraction of 1", None)


class Definition(Measured):
    """An indicator as the handbook defines it."""

    definition: str = told("Định nghĩa", "Definition", "Người đang tham gia BHXH bắt buộc hoặc tự nguyện.")
    numerator: str = told("Tử số, hoặc số được đếm", "Numerator, or what is counted", "Người đang tham gia BHXH")
    denominator: str | None = told("Mẫu số của tỷ lệ", "Denominator of a share", None)
    better: str = told("Chiều tốt", "Which way is better", "càng cao càng tốt")


class Dated(Schema):
    """A value in a month."""

    month: date = told("Tháng", "Month", "2026-10-01")
    value: int | float | None = told("Giá trị", "Value", 20110000)


class Standing(Schema):
    """A target, and how an area stands towards it."""

    target_id: str = told("Mã chỉ tiêu được giao", "The target", "qd-1234:si_total:00:2030-12-31")
    indicator: str = told("Mã chỉ tiêu", "Code of the indicator", "si_total")
    decision: str = told("Số quyết định", "Number of the decision", "1234/QĐ-TTg")
    period_end: date = told("Ngày phải đạt", "The day by which it is to be met", "2026-12-31")
    value: int | float | None = told("Giá trị được giao", "Value assigned", 21500000)
    high: int | float | None = told("Đầu trên của khoảng", "Upper end of a range", None)
    words: str = told("Chỉ tiêu bằng lời", "The target in words", "ít nhất 21.500.000 người")
    state: Coded = told("Tình trạng", "State", None)
    achieved: int | float | None = told("Giá trị so với chỉ tiêu", "The value as a share of the target", 0.93)
    development: int | float | None = told(
        "Phần đã đi của quãng đường từ gốc", "Part of the way from the base that was made", 0.61
    )
    gap: int | float | None = told("Còn thiếu", "What is still missing", 1390000)
    rank: int | None = told("Thứ hạng trong các đơn vị cùng cấp trên", "Rank among its siblings", 3)
    forecast_low: int | float | None = told("Dự báo, mức thấp (p10)", "Forecast, low (p10)", 20900000)
    forecast: int | float | None = told("Dự báo, mức giữa (p50)", "Forecast, middle (p50)", 21300000)
    forecast_high: int | float | None = told("Dự báo, mức cao (p90)", "Forecast, high (p90)", 21700000)
    probability: int | float | None = told("Khả năng đạt", "Chance of meeting it", 0.34)
    phase: str | None = told("Giai đoạn của đợt cao điểm", "Phase of the sprint", None)
    reasons: list[str] = told("Vì sao chưa nói được", "Why something cannot be said", [])


class Value(Measured):
    """An indicator of an area: its newest value, its changes, its target."""

    month: date | None = told("Tháng của giá trị", "Month of the value", "2026-10-01")
    value: int | float | None = told("Giá trị mới nhất", "The newest value", 20110000)
    text: str = told("Giá trị bằng chữ", "The value as it is written", "20.110.000 người")
    numerator: int | None = told("Tử số", "Numerator", 20110000)
    denominator: int | None = told("Mẫu số", "Denominator", None)
    denominator_source: str | None = told("Nguồn của mẫu số", "Source of the denominator", None)
    completeness: int | float | None = told("Mức đầy đủ của dữ liệu", "How complete the data are", 0.97)
    on_month: int | float | None = told(
        "So với tháng trước: phần của 1, tỷ lệ là hiệu",
        "On the month before: a fraction of 1, of shares the difference",
        0.004,
    )
    on_year: int | float | None = told("So với cùng kỳ năm trước", "On the same month of the year before", 0.071)
    target: Standing | None = told("Chỉ tiêu gần nhất", "The next target", None)


class Card(Value):
    """An indicator at a glance."""

    series: list[Dated] = told("Các tháng", "The months", [])


class KindCount(Schema):
    """The open findings of a kind."""

    kind: str = told("Loại", "Kind", "uninsured_worker")
    title: str = told("Tên", "Title", "Lao động có lương mà chưa tham gia")
    findings: int = told("Số trường hợp", "How many", 120)
    amount: int = told("Số tiền, đồng", "Amount in dong", 45000000)
    amount_is: str = told(
        "monthly: của một tháng; total: của cả đợt", "monthly: of a month; total: of the stretch", "monthly"
    )


class Duty(Schema):
    """A report that falls due."""

    duty: str = told("Mã", "Code", "annual-report")
    name: str = told("Tên", "Name", "Báo cáo năm")
    by: str = told("Cơ quan phải làm", "Who owes it", "BHXH tỉnh")
    to: str = told("Gửi ai", "To whom", "UBND tỉnh")
    due: date = told("Hạn", "Due on", "2026-12-15")
    ready_by: date = told("Ngày làm việc cuối trước hạn", "Last working day before it", "2026-12-15")
    workdays: int = told("Số ngày làm việc còn lại", "Working days left", 12)


class Overview(Schema):
    """An area at a glance."""

    area: Place
    run: Stamp
    cards: list[Card] = told("Các chỉ tiêu chính", "The main indicators", [])
    findings: list[KindCount] = told("Trường hợp đang mở theo loại", "Open findings by kind", [])
    duties: list[Duty] = told("Hạn sắp tới", "What falls due next", [])


class Indicators(Schema):
    """The indicators of an area."""

    area: Place
    run: Stamp
    rows: list[Value] = told("Các chỉ tiêu", "The indicators", [])


class OneIndicator(Schema):
    """An indicator of an area, with its months and its definition."""

    area: Place
    run: Stamp
    definition: Definition
    now: Value
    series: list[Dated] = told("Các tháng", "The months", [])


class Below(Schema):
    """An area below, with its value of an indicator."""

    area: Place | None = told("Đơn vị; trống là chưa rõ nơi nào", "The area; null where the place is not known", None)
    value: int | float | None = told("Giá trị", "Value", 1234567)
    on_month: int | float | None = told("So với tháng trước", "On the month before", 0.004)
    on_year: int | float | None = told("So với cùng kỳ", "On the same month of the year before", 0.07)
    findings: int | None = told("Trường hợp đang mở; cần quyền", "Open findings; needs the right", 12)
    target: Standing | None = told("Chỉ tiêu", "Its target", None)


class Children(Schema):
    """The areas below one, in an order: what a ranking is made from."""

    area: Place
    run: Stamp
    measured: Measured
    month: date | None = told("Tháng", "Month", "2026-10-01")
    rows: list[Below] = told("Các đơn vị dưới", "The areas below", [])


class HandedOn(Schema):
    """What the areas below were given of a target."""

    units: int = told("Số đơn vị dưới", "How many areas are below", 34)
    given: int = told("Số đơn vị đã được giao", "How many of them were given one", 34)
    total: int | float | None = told("Cộng lại", "Together", 21500000)
    difference: int | float | None = told("Chênh so với chỉ tiêu trên", "Less the target above", 0)


class TargetAndBelow(Standing):
    """A target, how an area stands towards it, and what was handed on."""

    name: str = told("Tên chỉ tiêu", "Name of the indicator", "Số người tham gia BHXH")
    handed_on: HandedOn


class Targets(Schema):
    """The targets of an area."""

    area: Place
    run: Stamp
    rows: list[TargetAndBelow] = told("Các chỉ tiêu được giao", "The targets", [])


class Calendar(Schema):
    """The duties to report."""

    today: date = told("Hôm nay", "Today", "2026-11-22")
    rows: list[Duty] = told("Các hạn, gần trước", "What falls due, the nearest first", [])


class Catalogue(Schema):
    """What every indicator measures."""

    rows: list[Definition] = told("Các chỉ tiêu", "The indicators", [])


@router.get(
    "/areas/{area_code}",
    response=answers(AreaWithin),
    summary="Một đơn vị, cấp trên và cấp dưới / An area, those above and below it",
)
@rule(Right.SEE, area="area_code")
def area(request: HttpRequest, area_code: AreaCode) -> AreaWithin:
    """Tên, cấp và các đơn vị dưới một cấp. / Its name, its level and the areas one level down."""
    known = tree()
    one = place(known.get(area_code))
    above = [place(unit) for unit in known.ancestors(area_code)]
    return AreaWithin(**one.dict(), above=above, below=[place(unit) for unit in known.children(area_code)])


@router.get(
    "/areas/{area_code}/overview",
    response=answers(Overview),
    summary="Tổng quan của một đơn vị / An area at a glance",
)
@marked
@rule(Right.SEE, area="area_code")
def overview(request: HttpRequest, area_code: AreaCode) -> Overview:
    """Thẻ chỉ tiêu, trường hợp đang mở theo loại, hạn sắp tới. / Cards, open findings by kind, what falls due next."""
    reader = reader_of(request)
    return Overview(
        area=_place(area_code),
        run=stamp(reader),
        cards=[
            Card(**_value(one.trend, one.goal).dict(), series=_series(one.trend))
            for one in figures.cards(reader, area_code)
        ],
        findings=_open(reader, area_code),
        duties=_duties()[:4],
    )


@router.get(
    "/areas/{area_code}/indicators",
    response=answers(Indicators),
    summary="Mọi chỉ tiêu của một đơn vị / Every indicator of an area",
)
@marked
@rule(Right.SEE, area="area_code")
def indicators(request: HttpRequest, area_code: AreaCode) -> Indicators:
    """Giá trị mới nhất, thay đổi, chỉ tiêu được giao. / The newest value, its changes, its target."""
    reader = reader_of(request)
    goals = figures.goals(reader, area_code)
    trends = (figures.trend(reader, area_code, name) for name in catalogue())
    rows = [_value(one, figures.standing(goals, one.record.id)) for one in trends if one.points]
    return Indicators(area=_place(area_code), run=stamp(reader), rows=rows)


@router.get(
    "/areas/{area_code}/indicators/{indicator}",
    response=answers(OneIndicator),
    summary="Một chỉ tiêu, các tháng và định nghĩa / An indicator with its months and definition",
)
@marked
@rule(Right.SEE, area="area_code")
def indicator(request: HttpRequest, area_code: AreaCode, indicator: IndicatorId) -> OneIndicator:
    """Chuỗi tháng, tử số và mẫu số của tháng cuối. / Its months; numerator and denominator of the last one."""
    reader = reader_of(request)
    of = _trend(reader, area_code, indicator)
    goal = figures.standing(figures.goals(reader, area_code), indicator)
    return OneIndicator(
        area=_place(area_code),
        run=stamp(reader),
        definition=_definition(of.record),
        now=_value(of, goal),
        series=_series(of),
    )


@router.get(
    "/areas/{area_code}/indicators/{indicator}/children",
    response=answers(Children),
    summary="Xếp các đơn vị dưới theo một chỉ tiêu / The areas below, ranked by an indicator",
)
@marked
@rule(Right.SEE, area="area_code")
def children(
    request: HttpRequest,
    area_code: AreaCode,
    indicator: IndicatorId,
    sort: Annotated[
        Literal["value", "month", "year", "target", "findings", "name"],
        Query(description="Xếp theo gì / By what they are ordered", examples=["value"]),
    ] = "value",
    rising: Annotated[
        bool,
        Query(description="Nhỏ trước; mặc định lớn trước / The smallest first; else the largest", examples=[False]),
    ] = False,
) -> Children:
    """Giá trị, thay đổi, chỉ tiêu và thứ hạng của từng đơn vị. / Value, changes, target and rank of each area."""
    reader = reader_of(request)
    of = _trend(reader, area_code, indicator)
    found = ordered(figures.children(reader, area_code, of), sort, not rising)
    return Children(
        area=_place(area_code),
        run=stamp(reader),
        measured=_measured(of.record),
        month=of.month,
        rows=[_below(one) for one in found],
    )


@router.get(
    "/areas/{area_code}/targets",
    response=answers(Targets),
    summary="Chỉ tiêu được giao / Targets of an area",
)
@marked
@rule(Right.SEE, area="area_code")
def targets(
    request: HttpRequest,
    area_code: AreaCode,
    every: Annotated[
        bool,
        Query(description="Cả những năm đã qua lâu, chưa có số / Also those of the distant past", examples=[False]),
    ] = False,
) -> Targets:
    """Giá trị, tình trạng, dự báo, phần đã giao xuống. / Value, state, forecast, and what was handed on."""
    reader = reader_of(request)
    found = [one for one in figures.goals(reader, area_code) if every or figures.in_view(one, reader.run.as_of)]
    return Targets(area=_place(area_code), run=stamp(reader), rows=[_target(reader, area_code, one) for one in found])


@router.get(
    "/areas/{area_code}/calendar",
    response=answers(Calendar),
    summary="Lịch báo cáo / The duties to report",
)
@rule(Right.SEE, area="area_code")
def calendar(request: HttpRequest, area_code: AreaCode) -> Calendar:
    """Các hạn từ hôm nay, gần trước. / What falls due from today, the nearest first."""
    return Calendar(today=date.today(), rows=_duties())


@router.get(
    "/indicators",
    response=answers(Catalogue),
    summary="Danh mục chỉ tiêu / What the indicators measure",
)
@rule(Right.SEE, looks_up=True)
def definitions(request: HttpRequest) -> Catalogue:
    """Mã, tên, định nghĩa, đơn vị tính. / Code, name, definition, unit."""
    return Catalogue(rows=[_definition(one) for one in catalogue().values()])


def _place(code: str) -> Place:
    return place(tree().get(code))


def _trend(reader: Reader, area_code: str, name: str) -> Trend:
    if name not in catalogue():
        raise Http404
    return figures.trend(reader, area_code, name)


def _measured(record: Indicator) -> Measured:
    return Measured(indicator=record.id, name=said(record.name), unit=_unit(record))


def _unit(record: Indicator) -> Coded:
    return Coded(code=record.unit, words=said(UNITS[record.unit]))


def _definition(record: Indicator) -> Definition:
    return Definition(
        indicator=record.id,
        name=said(record.name),
        unit=_unit(record),
        definition=said(record.definition),
        numerator=said(record.numerator),
        denominator=words(record.denominator),
        better=said(DIRECTIONS[record.direction]),
    )


def _series(of: Trend) -> list[Dated]:
    return [Dated(month=one.month, value=number(one.value)) for one in of.points]


def _value(of: Trend, goal: Goal | None) -> Value:
    last = of.last or {}
    return Value(
        indicator=of.record.id,
        name=said(of.record.name),
        unit=_unit(of.record),
        month=of.month,
        value=number(of.value),
        text=said(figures.Card(of, goal).exact),
        numerator=last.get("numerator"),
        denominator=last.get("denominator"),
        denominator_source=last.get("denominator_source"),
        completeness=number(last.get("completeness")),
        on_month=number(of.since(1)),
        on_year=number(of.since(12)),
        target=_standing(goal) if goal else None,
    )


def _standing(goal: Goal) -> Standing:
    target, row = goal.target, goal.row or {}
    phase = target.phase.name if target.phase else None
    return Standing(
        target_id=target.target_id,
        indicator=target.indicator,
        decision=target.decision.number,
        period_end=target.period_end,
        value=number(target.value),
        high=number(target.high),
        words=said(goal.words),
        state=Coded(code=goal.state, words=said(goal.state_words)),
        achieved=number(goal.achieved),
        development=number(row.get("development")),
        gap=number(row.get("gap")),
        rank=row.get("rank"),
        forecast_low=number(row.get("forecast_p10")),
        forecast=number(row.get("forecast_p50")),
        forecast_high=number(row.get("forecast_p90")),
        probability=number(row.get("probability")),
        phase=words(phase),
        reasons=[said(one) for one in goal.why],
    )


def _target(reader: Reader, area_code: str, goal: Goal) -> TargetAndBelow:
    below = figures.handed_on(reader, area_code, goal.target)
    return TargetAndBelow(
        **_standing(goal).dict(),
        name=said(catalogue()[goal.target.indicator].name),
        handed_on=HandedOn(
            units=below.units,
            given=len(below.given),
            total=number(below.total),
            difference=number(below.difference),
        ),
    )


def _below(one: Child) -> Below:
    return Below(
        area=_place(one.code) if one.code else None,
        value=number(one.value),
        on_month=number(one.on_month),
        on_year=number(one.on_year),
        findings=one.findings,
        target=_standing(one.goal) if one.goal else None,
    )


def _open(reader: Reader, area_code: str) -> list[KindCount]:
    rows = [row for row in reader.finding_counts(area_code) if row["status"] == "open" and row["kind"] in kinds()]
    return [
        KindCount(
            kind=row["kind"],
            title=said(kinds()[row["kind"]].title),
            findings=row["findings"],
            amount=row["amount"],
            amount_is=kinds()[row["kind"]].amount,
        )
        for row in sorted(rows, key=lambda row: -row["findings"])
    ]


def _duties() -> list[Duty]:
    return [
        Duty(
            duty=one.duty.id,
            name=said(one.duty.name),
            by=said(one.duty.by),
            to=said(one.duty.to),
            due=one.due,
            ready_by=one.ready_by,
            workdays=one.workdays,
        )
        for one in deadlines(date.today())
    ]
