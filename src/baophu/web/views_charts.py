"""The charts of a page as pictures: PNG for a document, SVG for print."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from baophu.core.languages import Text
from baophu.core.numbers import short_date
from baophu.indicators.catalogue import catalogue
from baophu.web import drawing, figures, outlook, views_overview
from baophu.web.accounts.rights import Right
from baophu.web.drawing_outlook import outlook_chart
from baophu.web.index import index_file
from baophu.web.pictures import Picture, alone, png, told
from baophu.web.reading import Reader, reader_of
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import area_name, language, month, said

TYPES = {"png": "image/png", "svg": "image/svg+xml"}
_KEPT = 600


@rule(Right.SEE, area="area_code")
@require_safe
def chart(request: HttpRequest, area_code: str, indicator: str, chart: str, form: str) -> HttpResponse:
    """Give a chart of an indicator of an area as a picture; the same for all who may see it, so it is kept a while."""
    if indicator not in catalogue() or chart not in CHARTS or form not in TYPES:
        raise Http404
    reader = reader_of(request)
    index = index_file(reader.home, reader.run).stat()
    key = hashlib.sha256(f"{reader.run.run} {index.st_mtime_ns} {request.path} {language()}".encode()).hexdigest()
    content: bytes | None = caches["charts"].get(key)
    if content is None:
        picture = CHARTS[chart](reader, area_code, indicator)
        if picture is None:
            raise Http404
        content = png(picture) if form == "png" else alone(picture)
        caches["charts"].set(key, content, _KEPT)
    answer = HttpResponse(content, content_type=TYPES[form])
    name = f"baophu-{chart}-{indicator}-{area_code}-{reader.run.month:%Y-%m}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _line(reader: Reader, area: str, name: str) -> Picture | None:
    of = figures.trend(reader, area, name)
    goal = figures.standing(figures.goals(reader, area), name)
    words = Text(
        "Đường đậm: 13 tháng gần nhất. Đường xám: cùng kỳ năm trước. Trục không bắt đầu từ 0.",
        "Strong line: the last 13 months. Grey line: the same months a year before. The axis does not begin at 0.",
    )
    return _picture(reader, area, str(drawing.wide_line(of, goal, language())), said(words))


def _forecast(reader: Reader, area: str, name: str) -> Picture | None:
    of = figures.trend(reader, area, name)
    card = figures.card(reader, area, figures.goals(reader, area), name)
    if not isinstance(card.outlook, outlook.Outlook):
        return None
    words = Text(
        "Dải màu: tám phần mười khả năng nằm trong đó. Đường đứt: lộ trình tới chỉ tiêu. Trục không bắt đầu từ 0.",
        "The band holds eight chances in ten. Dashed: the path to the target. The axis does not begin at 0.",
    )
    return _picture(reader, area, str(outlook_chart(of, card.outlook, card.goal, language())), said(words))


def _map(reader: Reader, area: str, name: str) -> Picture | None:
    of = figures.trend(reader, area, name)
    found = figures.children(reader, area, of)
    if not found:
        return None
    drawn = views_overview.map_of(reader, area, of, found)
    title = f"{said(of.record.short)}, {area_name(area)}"
    key = [(f"c{shade}", words) for shade, words in drawn.key]
    key.append(("unknown", said(Text("chưa có số liệu", "no figure yet"))))
    return _picture(reader, area, str(drawn.svg), f"{drawn.unit} ({month(of.month)})", title, tuple(key))


def _picture(
    reader: Reader, area: str, svg: str, subtitle: str, title: str = "", key: tuple[tuple[str, str], ...] = ()
) -> Picture | None:
    if not svg:
        return None
    run = reader.run
    day = short_date(figures.as_of(reader), language())
    provisional = Text(" (tạm tính)", " (provisional)") if run.provisional else Text("", "")
    footer = Text(
        f"Số liệu đến {day}{provisional.vi}. Nguồn: Baophu, lần chạy {run.run}.",
        f"As of {day}{provisional.en}. Source: Baophu, run {run.run}.",
    )
    return Picture(svg, title or f"{area_name(area)}. {told(svg)}", subtitle, said(footer), key)


CHARTS: dict[str, Callable[[Reader, str, str], Picture | None]] = {"line": _line, "forecast": _forecast, "map": _map}
