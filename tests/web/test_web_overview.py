"""The pages of an area, its indicators and targets: what they say, and that everything on them leads on."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from browsers import browser_of
from site_by_hand import COMMUNE, FAR, OTHER_PROVINCE, PROVINCE, SHARE, SIBLING, manifest

from baophu.areas.units import COUNTRY, tree
from baophu.core.home import SITE_INDEX
from baophu.core.languages import LANGUAGES
from baophu.indicators.catalogue import catalogue
from baophu.targets.progress import STATES
from baophu.web import drawing, figures
from baophu.web.accounts import actions
from baophu.web.accounts.scope import scope_of
from baophu.web.figures import Point, Trend
from baophu.web.reading import Reader


@pytest.fixture
def text(signed_in: Callable[..., Any]) -> Callable[..., str]:
    """Return what a page says to somebody of a role on an area."""

    def read(path: str, role: str = "provincial", area: str = PROVINCE, lang: str = "vi") -> str:
        browser = signed_in(role, area)
        browser.cookies["baophu_lang"] = lang
        answer = browser.get(path)
        assert answer.status_code == 200, path
        return str(answer.content.decode().replace("\u00a0", " "))

    return read


def links(page: str) -> set[str]:
    return set(re.findall(r'href="([^"#]+)', page))


def test_one_begins_with_ones_own_area(signed_in: Callable[..., Any]) -> None:
    assert signed_in("commune", COMMUNE).get("/").headers["Location"] == f"/areas/{COMMUNE}"
    assert "quản trị" in signed_in(None).get("/").content.decode()


def test_an_area_says_how_it_stands_and_as_of_when(text: Callable[..., str]) -> None:
    page = text(f"/areas/{PROVINCE}")
    assert "Thành phố Hồ Chí Minh</h1>" in page
    assert "31/10/2026" in page
    assert "tạm tính" in page
    assert "97,0 %" in page
    # Two communes of 1,000 people at first and 10 more in each of 24 months.
    assert "2.480" in page
    assert "+0,8 %" in page  # 2,480 on 2,460
    assert "+10,7 %" in page  # 2,480 on 2,240
    assert "31,0 %" in page  # 2,480 of 8,000


def test_the_same_in_english(text: Callable[..., str]) -> None:
    page = text(f"/areas/{PROVINCE}", lang="en")
    assert "Ho Chi Minh City</h1>" in page
    assert "2,480" in page
    assert "provisional" in page
    assert "tạm tính" not in page


def test_everything_leads_down(text: Callable[..., str]) -> None:
    page = links(text(f"/areas/{PROVINCE}"))
    assert {f"/areas/{PROVINCE}/indicators/{name}" for name in figures.CARDS} <= page
    assert {f"/areas/{one}?show=si_total" for one in (COMMUNE, SIBLING)} <= page
    assert f"/areas/{PROVINCE}/targets" in page
    assert f"/areas/{PROVINCE}/findings?kind=uninsured_worker" in page
    assert not any(FAR in one for one in page)


def test_the_way_up_is_told_and_opens_only_what_may_be_opened(text: Callable[..., str]) -> None:
    crumbs = text(f"/areas/{COMMUNE}").split('class="crumbs"')[1].split("</nav>")[0]
    assert f'href="/areas/{PROVINCE}"' in crumbs
    assert "Cả nước" in crumbs
    assert 'href="/areas/00"' not in crumbs


def test_who_sees_figures_only_is_shown_no_findings(text: Callable[..., str]) -> None:
    page = text("/areas/00", "ministry", COUNTRY)
    assert "Cần xử lý" not in page
    assert not any("findings" in one for one in links(page))


@pytest.mark.parametrize(
    ("sort", "first"), [("-value", PROVINCE), ("value", OTHER_PROVINCE), ("-findings", PROVINCE), ("nonsense", None)]
)
def test_the_areas_below_are_ordered_as_asked(text: Callable[..., str], sort: str, first: str | None) -> None:
    rows = text(f"/areas/00?sort={sort}", "national", COUNTRY).split("<tbody>")[-1]
    codes = re.findall(r'href="/areas/(\d+)\?show', rows)
    assert len(set(codes)) == 34
    assert first is None or codes[0] == first


def test_the_country_is_a_map_of_tiles_that_lead_to_the_provinces(text: Callable[..., str]) -> None:
    page = text("/areas/00", "national", COUNTRY).split('class="map" viewBox')[1].split("</svg>")[0]
    assert len(links(page)) == 34
    assert "Hoàng Sa" in page
    assert "Trường Sa" in page
    # Two provinces have a value; the others and the two archipelagos do not all.
    assert page.count('<rect class="unknown"') >= 32


def test_a_province_is_a_map_of_its_communes(text: Callable[..., str]) -> None:
    page = text(f"/areas/{PROVINCE}").split('class="map" viewBox')[1].split("</svg>")[0]
    assert len(links(page)) == len([one for one in tree().children(PROVINCE) if one.lat is not None])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", list(catalogue()))
def test_every_indicator_says_what_it_measures(text: Callable[..., str], name: str, lang: str) -> None:
    page = text(f"/areas/{PROVINCE}/indicators/{name}", lang=lang)
    record = catalogue()[name]
    words = record.definition.vi if lang == "vi" else record.definition.en
    assert words.split("'")[0][:40] in page


def test_an_indicator_gives_its_two_numbers_and_their_source(text: Callable[..., str]) -> None:
    page = text(f"/areas/{PROVINCE}/indicators/{SHARE}")
    assert "2.480" in page
    assert "8.000" in page
    assert "NSO 2026" in page
    assert manifest().run in page


def test_an_indicator_that_there_is_not_has_no_page(signed_in: Callable[..., Any]) -> None:
    assert signed_in("ministry", PROVINCE).get(f"/areas/{PROVINCE}/indicators/nonsense").status_code == 404


def test_the_targets_name_their_decisions(text: Callable[..., str]) -> None:
    page = text("/areas/00/targets", "ministry", COUNTRY)
    assert "29.334.000" in page
    assert "403/NQ-CP" in page


def test_before_the_first_run_the_pages_say_what_to_do(signed_in: Callable[..., Any], home: Any) -> None:
    browser, hidden = signed_in("ministry"), home / "hidden"
    (home / SITE_INDEX).rename(hidden)
    try:
        answer = browser.get("/areas/00")
    finally:
        hidden.rename(home / SITE_INDEX)
    assert answer.status_code == 200
    assert "baophu run" in answer.content.decode()
    assert browser.get("/areas/00").content.decode().count("class=&quot;card") == 0


def points(*values: int | None) -> Trend:
    months = [date(2026, at, 1) for at in range(1, len(values) + 1)]
    found = [Point(one, None if value is None else Fraction(value)) for one, value in zip(months, values, strict=True)]
    return Trend(catalogue()["si_total"], found, None)


def test_a_line_is_broken_where_a_month_is_not_known() -> None:
    drawn = str(drawing.sparkline(points(1, 2, None, 4), "vi"))
    assert drawn.count("M") == 2
    assert "01/2026" in drawn
    assert drawing.sparkline(points(1, None), "vi") == ""


def test_changes_of_counts_are_relative_and_of_shares_differences() -> None:
    assert figures.change("si_total", Fraction(11), Fraction(10)) == Fraction(1, 10)
    assert figures.change(SHARE, Fraction(5, 10), Fraction(4, 10)) == Fraction(1, 10)
    assert figures.change("si_total", Fraction(11), None) is None
    assert figures.change("si_total", Fraction(11), Fraction(0)) is None


@pytest.mark.parametrize("even", [True, False])
@pytest.mark.parametrize("values", [[], [5], [5, 5], [1, 100], [Fraction(94, 100), Fraction(96, 100)], [0, 10**12]])
def test_limits_are_few_round_and_between_the_values(values: list[Any], even: bool) -> None:
    limits = drawing.round_limits([Fraction(one) for one in values], even=even)
    assert len(limits) <= 4
    assert limits == sorted(set(limits))
    assert all(min(values) < one < max(values) for one in limits)
    if even and values and min(values) != max(values):
        assert limits


def test_states_are_told_by_shape_and_word(make_user: Callable[..., Any], home: Any) -> None:
    reader = Reader(home, manifest(), scope_of(make_user("ministry")))
    for card in figures.cards(reader, COUNTRY):
        assert card.state in STATES
        assert card.state_words.vi.strip() and card.state_words.en.strip()


@pytest.fixture
def of_two_areas(make_user: Callable[..., Any]) -> Any:
    """Somebody who sees the country's figures, and the lists of one province and of a commune of another."""
    user = make_user("ministry", COUNTRY)
    for area in (FAR, PROVINCE):
        actions.grant(actor="test", user=user, role="provincial" if area == PROVINCE else "commune", area_code=area)
    return browser_of(user)


def test_no_count_of_findings_is_told_where_one_may_not_look(of_two_areas: Any) -> None:
    country = of_two_areas.get(f"/areas/{COUNTRY}").content.decode()
    rows = country.split('<table class="children">')[1].split("</tbody>")[0].split("<tr>")

    def counted(area: str) -> str:
        (row,) = (one for one in rows if f'href="/areas/{area}?show' in one)
        return row.rsplit('<td class="num">', 1)[1]

    assert f'<a href="/areas/{PROVINCE}/findings">2</a>' in counted(PROVINCE)
    assert counted(OTHER_PROVINCE).startswith("–<")
    assert "Nothing is open" not in country and "Không có trường hợp nào đang mở" not in country
    own = of_two_areas.get(f"/areas/{PROVINCE}").content.decode()
    assert f'href="/areas/{PROVINCE}/findings?kind=uninsured_worker"' in own
    # A commune of one's own with nothing open has none, and that is told.
    quiet = next(one.code for one in tree().children(PROVINCE) if one.code not in (COMMUNE, SIBLING))
    assert f'<a href="/areas/{quiet}/findings">0</a>' in own
    other = of_two_areas.get(f"/areas/{OTHER_PROVINCE}").content.decode()
    assert f'<a href="/areas/{FAR}/findings">1</a>' in other


def test_the_file_of_an_area_has_an_empty_cell_where_one_may_not_look(of_two_areas: Any) -> None:
    answer = of_two_areas.get(f"/areas/{COUNTRY}/take?form=xlsx")
    assert answer.status_code == 200
    content = b"".join(answer) if answer.streaming else answer.content
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))
    found = {row[1]: row[-1] for row in rows if row[1] in (PROVINCE, OTHER_PROVINCE)}
    assert found == {PROVINCE: 2, OTHER_PROVINCE: None}


def test_the_menu_leads_to_lists_that_may_be_opened(of_two_areas: Any) -> None:
    menu = links(of_two_areas.get(f"/areas/{COUNTRY}").content.decode())
    assert {f"/areas/{PROVINCE}/findings", f"/areas/{PROVINCE}/employers"} <= menu
    assert not {f"/areas/{COUNTRY}/findings", f"/areas/{COUNTRY}/employers"} & menu
    assert of_two_areas.get(f"/areas/{PROVINCE}/findings").status_code == 200
