"""Areas: figures at a glance, an indicator with its months, the areas below with their standing, targets, duties."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router, Schema

from baophu.areas.units import tree
from baophu.core.languages import Text
from baophu.findings.kinds import kinds
from baophu.indicators.catalogue import DIRECTIONS, UNITS, Indicator, catalogue
from baophu.targets.ranking import BY
from baophu.web import figures
from baophu.web.accounts.rights import Right
from baophu.web.api.etags import marked
from baophu.web.api.site import NotValid
from baophu.web.api.told import AreaCode, Coded, Place, Stamp, answers, number, place, stamp, told, words
from baophu.web.breakdowns import Breakdown as Parted
from baophu.web.breakdowns import breakdowns
from baophu.web.calendar_of_duties import KINDS, DutyOnDay, duties_between, month_asked, next_duties, reach
from baophu.web.figures import Child, Goal, Trend
from baophu.web.outlook import Outlook
from baophu.web.outlook import Place as PlaceAmong
from baophu.web.reading import Reader, reader_of
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import said
from baophu.web.views_overview import ordered
from baophu.web.views_ranking import ranked

_DUTIES = 4
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
    unit: Coded = told(
        "Đơn vị tính; share là phần của 1", "Unit; a share is a fraction of 1", {"code": "person", "words": "người"}
    )


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
    state: Coded = told("Tình trạng", "State", {"code": "attention", "words": "Cần chú ý"})
    achieved: int | float | None = told("Giá trị so với chỉ tiêu", "The value as a share of the target", 0.93)
    development: int | float | None = told(
        "Phần đã đi của quãng đường từ gốc", "Part of the way from the base that was made", 0.61
    )
    gap: int | float | None = told("Còn thiếu", "What is still missing", 1390000)
    forecast_low: int | float | None = told("Dự báo, mức thấp (p10)", "Forecast, low (p10)", 20900000)
    forecast: int | float | None = told("Dự báo, mức giữa (p50)", "Forecast, middle (p50)", 21300000)
    forecast_high: int | float | None = told("Dự báo, mức cao (p90)", "Forecast, high (p90)", 21700000)
    probability: int | float | None = told("Khả năng đạt", "Chance of meeting it", 0.34)
    phase: str | None = told("Giai đoạn của đợt cao điểm", "Phase of the sprint", None)
    reasons: list[str] = told("Vì sao chưa nói được", "Why something cannot be said", [])


class Rank(Schema):
    """A place among peers."""

    by: Coded = told("Xếp theo gì", "By what", {"code": "emulation", "words": "Điểm thi đua"})
    rank: int = told("Hạng", "Rank", 3)
    before: int | None = told("Hạng tháng trước", "Rank in the month before", 5)
    of: int = told("Trong bao nhiêu đơn vị", "Of how many", 34)
    score: int | float | None = told("Điểm, hoặc tỷ lệ đạt", "Score, or share achieved", 0.93)
    among: str = told("Nhóm so sánh", "The group of peers", "các tỉnh, thành phố")


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
    state: Coded = told(
        "Tình trạng so với chỉ tiêu", "State towards the target", {"code": "attention", "words": "Cần chú ý"}
    )
    target: Standing | None = told("Chỉ tiêu gần nhất", "The next target", None)
    rank: Rank | None = told("Thứ hạng", "Rank", None)
    sprint: Standing | None = told("Giai đoạn của đợt cao điểm", "The phase of the sprint", None)


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
    """What falls due."""

    due: date = told("Hạn", "Due on", "2026-12-15")
    kind: Coded = told("Loại", "Kind", {"code": "report", "words": "Báo cáo"})
    title: str = told("Việc", "What", "Báo cáo năm")
    note: str = told("Ghi chú, căn cứ", "Note, article of law", "BHXH tỉnh → UBND tỉnh")
    ready_by: date | None = told(
        "Ngày làm việc cuối, nếu hạn là ngày nghỉ", "Last working day, where it is a day of rest", None
    )
    workdays: int | None = told(
        "Số ngày làm việc còn lại; trống là đã qua hạn", "Working days left; null where the day is past", 12
    )


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


class Ahead(Schema):
    """The forecast of a month."""

    month: date = told("Tháng", "Month", "2026-12-01")
    low: int = told("Mức thấp (p10)", "Low (p10)", 20900000)
    middle: int = told("Mức giữa (p50)", "Middle (p50)", 21300000)
    high: int = told("Mức cao (p90)", "High (p90)", 21700000)


class Part(Schema):
    """A part of an indicator's participants."""

    name: str = told("Nhóm", "Group", "nữ")
    people: int | None = told(
        "Số người; trống là không nêu, để không suy ra nhóm quá ít người",
        "People; null where not told, so that a group of too few cannot be worked out",
        9876543,
    )
    share: int | float | None = told("Phần của tất cả", "Share of all", 0.49)
    on_year: int | float | None = told("So với cùng kỳ", "On the same month of the year before", 0.05)


class Breakdown(Schema):
    """An indicator's participants by a dimension."""

    dimension: str = told("Chiều", "Dimension", "sex")
    title: str = told("Tên", "Title", "Giới tính")
    parts: list[Part] = told("Các phần", "The parts", [])


class OneIndicator(Schema):
    """An indicator of an area, with its months and its definition."""

    area: Place
    run: Stamp
    definition: Definition
    now: Value
    series: list[Dated] = told("Các tháng", "The months", [])
    ahead: list[Ahead] = told("Dự báo, không kể lực lượng vũ trang", "Forecast, without the armed forces", [])
    ahead_note: str = told(
        "Dự báo thế nào, hoặc vì sao không có", "How it is forecast, or why not", "Chỉ dự báo số người."
    )
    breakdowns: list[Breakdown] = told("Theo giới, tuổi, nhóm, khu vực", "By sex, age, group, sector", [])


class Below(Schema):
    """An area below, with its value of an indicator."""

    area: Place | None = told("Đơn vị; trống là chưa rõ nơi nào", "The area; null where the place is not known", None)
    value: int | float | None = told("Giá trị", "Value", 1234567)
    on_month: int | float | None = told("So với tháng trước", "On the month before", 0.004)
    on_year: int | float | None = told("So với cùng kỳ", "On the same month of the year before", 0.07)
    findings: int | None = told("Trường hợp đang mở; cần quyền", "Open findings; needs the right", 12)
    target: Standing | None = told("Chỉ tiêu", "Its target", None)
    rank: Rank | None = told("Thứ hạng", "Rank", None)


class Children(Schema):
    """The areas below one, in an order: what a ranking is made from."""

    area: Place
    run: Stamp
    measured: Measured
    month: date | None = told("Tháng", "Month", "2026-10-01")
    rows: list[Below] = told("Các đơn vị dưới", "The areas below", [])


class Way(Schema):
    """A way to rank."""

    by: Coded = told("Xếp theo gì", "By what", {"code": "emulation", "words": "Điểm thi đua"})
    indicator: str | None = told("Chỉ tiêu; trống là mọi chỉ tiêu", "The indicator; null for all together", "si_total")


class Ranked(Rank):
    """An area in the ranking."""

    area: Place


class Ranking(Schema):
    """The areas below one by their place."""

    area: Place
    run: Stamp
    by: Coded | None = told("Xếp theo gì; trống là chưa xếp hạng", "By what; null where nothing is ranked", None)
    indicator: str | None = told("Chỉ tiêu; trống là mọi chỉ tiêu", "The indicator; null for all together", "si_total")
    period: str | None = told(
        "Tháng xếp hạng, hoặc ngày phải đạt", "Month of the ranking, or day of the target", "2026-10"
    )
    rows: list[Ranked] = told("Các đơn vị theo hạng", "The areas in order", [])
    ways: list[Way] = told("Các cách xếp hạng có được", "The ways there are", [])


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
        cards=[Card(**_value(one).dict(), series=_series(one.trend)) for one in figures.cards(reader, area_code)],
        findings=_open(reader, area_code),
        duties=[_duty(one) for one in next_duties(reader, area_code, _DUTIES)],
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
    cards = (figures.card(reader, area_code, goals, name) for name in catalogue())
    rows = [_value(one) for one in cards if one.trend.points]
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
    if indicator not in catalogue():
        raise Http404
    card = figures.card(reader, area_code, figures.goals(reader, area_code), indicator)
    sensitive = reader.scope.sees(area_code, Right.SENSITIVE)
    return OneIndicator(
        area=_place(area_code),
        run=stamp(reader),
        definition=_definition(card.trend.record),
        now=_value(card),
        series=_series(card.trend),
        ahead=_ahead(card.outlook),
        ahead_note=said(card.outlook.method if isinstance(card.outlook, Outlook) else card.outlook),
        breakdowns=[_breakdown(one) for one in breakdowns(reader, area_code, indicator, sensitive=sensitive)],
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
        Literal["value", "month", "year", "target", "rank", "findings", "name"],
        Query(description="Xếp theo gì / By what they are ordered", examples=["value"]),
    ] = "value",
    rising: Annotated[
        bool,
        Query(description="Nhỏ trước; mặc định lớn trước / The smallest first; else the largest", examples=[False]),
    ] = False,
) -> Children:
    """Giá trị, thay đổi, chỉ tiêu và thứ hạng của từng đơn vị. / Value, changes, target and rank of each area."""
    reader = reader_of(request)
    if indicator not in catalogue():
        raise Http404
    of = figures.trend(reader, area_code, indicator)
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
    summary="Lịch công việc / What falls due",
)
@marked
@rule(Right.SEE, area="area_code")
def calendar(
    request: HttpRequest,
    area_code: AreaCode,
    month: Annotated[
        str | None, Query(description="Một tháng / One month", pattern=r"^\d{4}-\d{2}$", examples=["2026-12"])
    ] = None,
) -> Calendar:
    """Một năm từ hôm nay, hoặc một tháng, gần trước. / A year from today, or a month, the nearest first."""
    today = date.today()
    if month and month_asked(month, today) is None:
        raise NotValid({"query.month": said(Text("Tháng không có, hoặc quá xa.", "No such month, or too far off."))})
    found = duties_between(reader_of(request), area_code, *reach(month, today))
    return Calendar(today=today, rows=[_duty(one) for one in found])


@router.get(
    "/areas/{area_code}/ranking",
    response=answers(Ranking),
    summary="Xếp hạng các đơn vị dưới / The ranking of the areas below",
)
@marked
@rule(Right.SEE, area="area_code")
def ranking(
    request: HttpRequest,
    area_code: AreaCode,
    by: Annotated[
        Literal["emulation", "achieved", "development"],
        Query(description="Xếp theo gì / By what", examples=["achieved"]),
    ] = "emulation",
    indicator: Annotated[
        str | None, Query(description="Chỉ tiêu / The indicator", pattern="^[a-z0-9_]{1,60}$", examples=["si_total"])
    ] = None,
    period: Annotated[
        date | None, Query(description="Ngày phải đạt / The day of the target", examples=["2026-12-31"])
    ] = None,
) -> Ranking:
    """Hạng, hạng tháng trước, điểm. / Rank, rank in the month before, score."""
    reader = reader_of(request)
    found = ranked(reader, area_code, {"by": by, "indicator": indicator or "", "period": f"{period or ''}"})
    return Ranking(
        area=_place(area_code),
        run=stamp(reader),
        by=next((Coded(code=way, words=said(words)) for way, words in BY.items() if way == found.by), None),
        indicator=_named(found.indicator),
        period=found.period,
        rows=[Ranked(**_rank(one.place).dict(), area=_place(one.code)) for one in found.rows],
        ways=[
            Way(by=Coded(code=by, words=said(BY[by])), indicator=_named(name))
            for by, name in dict.fromkeys((one["criterion"], one["indicator"]) for one in found.ways)
        ],
    )


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


def _named(name: str) -> str | None:
    """Return an indicator; None for all of them together."""
    return name if name in catalogue() else None


def _value(card: figures.Card) -> Value:
    of, goal = card.trend, card.goal
    last = of.last or {}
    return Value(
        indicator=of.record.id,
        name=said(of.record.name),
        unit=_unit(of.record),
        month=of.month,
        value=number(of.value),
        text=said(card.exact),
        numerator=last.get("numerator"),
        denominator=last.get("denominator"),
        denominator_source=last.get("denominator_source"),
        completeness=number(last.get("completeness")),
        on_month=number(of.since(1)),
        on_year=number(of.since(12)),
        state=Coded(code=card.state, words=said(card.state_words)),
        target=_standing(goal) if goal else None,
        rank=_rank(card.place) if card.place else None,
        sprint=_standing(card.phase) if card.phase else None,
    )


def _rank(one: PlaceAmong) -> Rank:
    return Rank(
        by=Coded(code=one.criterion, words=said(one.by)),
        rank=one.rank,
        before=one.before,
        of=one.of,
        score=number(one.score),
        among=said(one.among),
    )


def _ahead(found: Outlook | Text) -> list[Ahead]:
    if not isinstance(found, Outlook):
        return []
    told = zip(found.months, found.quantiles, strict=True)
    return [Ahead(month=month, low=round(q.p10), middle=round(q.p50), high=round(q.p90)) for month, q in told]


def _breakdown(one: Parted) -> Breakdown:
    parts = [
        Part(name=said(part.words), people=part.people, share=number(part.share), on_year=number(part.on_year))
        for part in one.parts
    ]
    return Breakdown(dimension=one.dimension, title=said(one.title), parts=parts)


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
        rank=_rank(one.place) if one.place else None,
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


def _duty(one: DutyOnDay) -> Duty:
    return Duty(
        due=one.day,
        kind=Coded(code=one.kind, words=said(KINDS[one.kind])),
        title=said(one.title),
        note=said(one.note),
        ready_by=one.ready_by,
        workdays=one.workdays(date.today()),
    )
