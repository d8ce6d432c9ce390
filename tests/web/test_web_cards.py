"""What cards and pages of indicators tell beside the value: forecasts, places, scopes, parts, boundaries."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from browsers import browser_of
from callers import API, caller_of, told
from hypothesis import given
from hypothesis import strategies as st
from site_by_hand import COMMUNE, FAR, OTHER_PROVINCE, PROVINCE, SHARE, SIBLING, manifest

from baophu.areas.units import COUNTRY, tree
from baophu.core.languages import LANGUAGES, Text
from baophu.indicators.catalogue import indicator
from baophu.targets.decisions import decided_targets
from baophu.web import boundary_paths, drawing, outlook
from baophu.web.accounts.scope import scope_of
from baophu.web.boundary_paths import outlines, prepare
from baophu.web.breakdowns import breakdowns
from baophu.web.figures import Card, Goal, Point, Trend, value_of
from baophu.web.outlook import NONE_IN_RUN, NOT_FORECAST, Outlook, Place, chance_text
from baophu.web.packed import months_of, pack, unpack
from baophu.web.reading import Reader


@pytest.fixture
def text(signed_in: Callable[..., Any]) -> Callable[..., str]:
    """Return what a page says to somebody of a role on an area."""

    browsers: dict[tuple[str, str], Any] = {}

    def read(path: str, role: str = "provincial", area: str = PROVINCE, lang: str = "vi") -> str:
        if (role, area) not in browsers:
            browsers[role, area] = signed_in(role, area)
        browser = browsers[role, area]
        browser.cookies["baophu_lang"] = lang
        answer = browser.get(path)
        assert answer.status_code == 200, path
        return str(answer.content.decode().replace("\u00a0", " "))

    return read


@pytest.fixture
def reader(home: Path, make_user: Callable[..., Any]) -> Reader:
    """Read the run by hand as somebody of the province."""
    return Reader(home, manifest(), scope_of(make_user("ministry", PROVINCE)))


# Packed months


@given(st.lists(st.none() | st.integers(), min_size=1, max_size=30))
def test_what_is_packed_comes_back(values: list[int | None]) -> None:
    assert unpack(pack(values), len(values)) == values


def test_a_share_is_worked_out_and_a_reported_figure_is_kept() -> None:
    row = {
        "area_code": "79", "indicator": SHARE, "place": "managed", "scope": "all", "months": "2026-09,2026-10",
        "numerators": "[1,3]", "denominators": "4", "figures": None, "sources": '"NSO"', "completeness": None,
        "estimated": "[0,1]",
    }  # fmt: skip
    first, last = months_of(row)
    assert (first["value"], last["value"], last["estimated"]) == (0.25, 0.75, True)
    assert [one["value"] for one in months_of({**row, "figures": "[0.3,null]"})] == [0.3, None]
    assert [one["month"] for one in months_of(row, ["2026-10-01"])] == ["2026-10-01"]


def test_an_average_is_worked_out_where_it_is_whole_and_told_as_it_was_rounded() -> None:
    row = {
        "area_code": "79", "indicator": "avg_monthly_contribution_base", "place": "managed", "scope": "all",
        "months": "2026-09,2026-10", "numerators": "[9000001,0]", "denominators": "[2,null]",
        "figures": "[4500001.0,null]", "sources": '"registers"', "completeness": None, "estimated": None,
    }  # fmt: skip
    first, last = months_of(row)
    assert (value_of(first), value_of(last)) == (4_500_001, None)
    whole = {**row, "numerators": "[9000000,0]", "figures": None}
    assert [value_of(one) for one in months_of(whole)] == [4_500_000, None]


# Forecasts


def test_a_sum_of_schemes_is_forecast_by_adding_them(reader: Reader) -> None:
    found = outlook.outlook(reader, PROVINCE, "si_total")
    assert isinstance(found, Outlook)
    assert (found.months[0], found.months[-1]) == (date(2026, 11, 1), date(2030, 12, 1))
    last = found.at(date(2030, 12, 31))
    # Two communes, each 900 + 100 people, 240 and 240 more by now and ten a month and scheme from there on.
    assert last is not None
    assert last.p50 == 2 * (1_000 + 2 * (240 + 500))
    # They err apart from each other: 49 each makes less than 98.
    assert last.p50 - last.p10 == pytest.approx((49**2 + 49**2) ** 0.5)
    assert not found.beats_naive
    assert "không mô hình nào" in found.method.vi


def test_what_is_not_forecast_says_why(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    assert outlook.outlook(reader, PROVINCE, SHARE) == NOT_FORECAST
    assert outlook.outlook(reader, PROVINCE, "hi_total") == NONE_IN_RUN
    monkeypatch.setattr(Reader, "forecasts", lambda self: False)
    assert outlook.outlook(reader, PROVINCE, "si_total") == NONE_IN_RUN


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_of_an_indicator_draws_its_forecast(text: Callable[..., str], lang: str) -> None:
    page = text(f"/areas/{PROVINCE}/indicators/si_voluntary", lang=lang)
    assert 'class="band"' in page
    # 2 x (100 + 240 + 500) people in the last month of 2030, less and more 49.
    assert ("≈ 1.680 (1.631 – 1.729)" if lang == "vi" else "≈ 1,680 (1,631 – 1,729)") in page
    assert ("không mô hình nào" if lang == "vi" else "no model came nearer") in page
    assert NOT_FORECAST.say(lang) in text(f"/areas/{PROVINCE}/indicators/{SHARE}", lang=lang)  # type: ignore[arg-type]


def test_a_run_without_forecasts_says_so(text: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert NONE_IN_RUN.vi not in text(f"/areas/{PROVINCE}?show=si_voluntary")
    monkeypatch.setattr(Reader, "forecasts", lambda self: False)
    assert NONE_IN_RUN.vi in text(f"/areas/{PROVINCE}")
    assert NONE_IN_RUN.en in text(f"/areas/{PROVINCE}", lang="en")


@pytest.mark.parametrize(
    ("chance", "words"), [(Fraction(1, 200), "dưới 1 %"), (Fraction(999, 1000), "trên 99 %"), (Fraction(1, 3), "33 %")]
)
def test_a_chance_is_never_told_as_certain(chance: Fraction, words: str) -> None:
    told = chance_text(chance)
    assert told is not None
    assert told.vi.replace("\u00a0", " ") == words
    assert chance_text(None) is None


# Scopes


def si_total(value: int, *, counted: str, asked: str = "all", direction: str = "at_least") -> Card:
    """A card of social insurance: so many counted in a scope, against a million asked in a scope."""
    target = next(one for one in decided_targets() if one.indicator == "si_total" and one.area_code == COUNTRY)
    target = replace(target, scope=asked, value=target.value.__class__(1_000_000), direction=direction)  # type: ignore[arg-type, union-attr]
    row = {"indicator": "si_total", "scope": counted, "numerator": value, "value": float(value)}
    trend = Trend(indicator("si_total"), [Point(date(2026, 10, 1), Fraction(value))], row)
    told = {"achieved": None, "development": None, "actual": None, "met": None, "reason": "scope_differs"}
    return Card(trend, Goal(target, told, "unknown", False))


def test_of_two_scopes_the_share_is_told_as_the_least() -> None:
    card = si_total(450_000, counted="without_armed_forces")
    assert card.least == Fraction(45, 100)
    assert card.state == "unknown"
    assert card.scope_words == Text(
        "giá trị không gồm lực lượng vũ trang, chỉ tiêu kể cả lực lượng vũ trang",
        "the value is without the armed forces, the target with the armed forces",
    )


def test_what_is_enough_without_the_armed_forces_is_enough_with_them() -> None:
    card = si_total(1_000_000, counted="without_armed_forces")
    assert (card.least, card.state, card.state_words.vi) == (1, "met", "Đạt")


@pytest.mark.parametrize(
    ("counted", "asked", "direction"),
    [
        ("all", "all", "at_least"),
        # With the armed forces counted in, what is reached without them cannot be said from below.
        ("all", "without_armed_forces", "at_least"),
        ("without_armed_forces", "all", "at_most"),
    ],
)
def test_nothing_is_told_as_the_least_where_it_is_not(counted: str, asked: str, direction: str) -> None:
    card = si_total(450_000, counted=counted, asked=asked, direction=direction)
    assert card.least is None
    assert (card.scope_words is None) == (counted == asked)


# Places


@pytest.mark.parametrize(
    ("before", "sign", "words"),
    [(3, "▲2", "lên 2 hạng"), (1, "", ""), (None, "", "chưa xếp hạng")],
)
def test_a_place_tells_how_it_moved(before: int | None, sign: str, words: str) -> None:
    place = Place(1, before, 10, None, "emulation", "provinces")
    assert place.moved == (sign or ("=" if before == 1 else ""))
    assert words in place.moved_words.vi


def test_an_area_is_told_its_place(text: Callable[..., str]) -> None:
    page = text(f"/areas/{PROVINCE}")
    assert "1/2" in page
    assert "▲1" in page
    assert "lên 1 hạng so với tháng trước" in page
    # The ranking that it stands in is of the country, which is not for its own officers to open.
    assert 'href="/areas/00/ranking"' not in page
    assert 'href="/areas/00/ranking"' in text(f"/areas/{PROVINCE}", "national", COUNTRY)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_ranking_of_communes_with_its_changes(text: Callable[..., str], lang: str) -> None:
    page = text(f"/areas/{PROVINCE}/ranking", lang=lang)
    rows = re.findall(r"<tr><td.*?</tr>", page, re.DOTALL)
    assert [re.search(r'href="/areas/(\d+)"', row).group(1) for row in rows] == [COMMUNE, SIBLING]  # type: ignore[union-attr]
    assert "▲2" in rows[0]
    assert "▼1" in rows[1]
    assert ("91,5" if lang == "vi" else "91.5") in rows[0]


def test_the_ranking_of_provinces_leads_to_theirs(text: Callable[..., str]) -> None:
    page = text("/areas/00/ranking", "national", COUNTRY)
    assert f'href="/areas/{PROVINCE}/ranking?by=emulation"' in page
    assert "tháng trước chưa xếp hạng" in page


def test_a_commune_has_no_ranking_below_it_and_says_so(text: Callable[..., str]) -> None:
    assert 'class="empty"' in text(f"/areas/{COMMUNE}/ranking", "commune", COMMUNE)


def test_places_are_read_in_ones_own_area_only(reader: Reader) -> None:
    assert {row["area_code"] for row in reader.places_below(PROVINCE, "all")} == {COMMUNE, SIBLING}
    assert [row["area_code"] for row in reader.places(COMMUNE, "all")] == [COMMUNE]
    assert reader.places_below(COUNTRY, "all") == reader.places(OTHER_PROVINCE, "all") == []
    assert reader.forecast(FAR, "voluntary") is None
    assert reader.breakdown(FAR, "any_si") == {}


# Parts


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_indicator_is_parted_by_sex(text: Callable[..., str], lang: str) -> None:
    page = text(f"/areas/{PROVINCE}/indicators/si_total", lang=lang)
    assert ("nữ" if lang == "vi" else "women") in page
    assert ("1.488" if lang == "vi" else "1,488") in page
    assert ("60,0 %" if lang == "vi" else "60.0 %") in page
    assert ("+6,3 %" if lang == "vi" else "+6.3 %") in page


def test_few_poor_people_are_not_told_to_who_may_not_see_them(reader: Reader) -> None:
    def poor(sensitive: bool) -> int | None:
        (found,) = breakdowns(reader, COMMUNE, "hi_total", sensitive=sensitive) or [None]
        assert found is not None
        return next(one.people for one in found.parts if one.words.vi == "người thuộc hộ nghèo")

    reader = replace(reader)
    assert (poor(False), poor(True)) == (None, 3)


GROUPS = {"grp": [("household", 4_000, 3_000), ("pensioner", 900, 880), ("policy", 0, 20), ("poor", 3, 4)]}


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Health insurance by group, where one sensitive group is of few people."""
    monkeypatch.setattr(Reader, "breakdown", lambda self, area, scheme: GROUPS)


def test_a_group_of_few_cannot_be_worked_out_from_the_others(reader: Reader, groups: None) -> None:
    (found,) = breakdowns(reader, COMMUNE, "hi_total", sensitive=False)
    # The smallest of the others that has people goes with it; shares are of what is left.
    assert [(one.people, one.share) for one in found.parts] == [(4_000, 1), (None, None), (None, None), (0, 0)]
    (full,) = breakdowns(reader, COMMUNE, "hi_total", sensitive=True)
    assert [one.people for one in full.parts] == [4_000, 900, 3, 0]
    assert full.parts[0].share == Fraction(4_000, 4_903)


def test_two_groups_of_few_hide_each_other(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {"grp": [("household", 4_000, 3_000), ("pensioner", 5, 5), ("poor", 3, 4)]}
    monkeypatch.setattr(Reader, "breakdown", lambda self, area, scheme: rows)
    (found,) = breakdowns(reader, COMMUNE, "hi_total", sensitive=False)
    assert [one.people for one in found.parts] == [4_000, None, None]


def test_page_file_and_api_hide_the_same_groups(make_user: Callable[..., Any], groups: None) -> None:
    user, path = make_user("provincial", PROVINCE), f"/areas/{COMMUNE}/indicators/hi_total"
    page = browser_of(user).get(path).content.decode()
    assert page.count("không nêu, để không suy ra nhóm dưới 10 người") == 2
    assert ">900<" not in page
    answer = browser_of(user).get(f"{path}/take?form=xlsx")
    content = b"".join(answer) if answer.streaming else answer.content
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Chia theo"]
    assert [row[2:4] for row in list(sheet.iter_rows(values_only=True))[-4:]] == [
        (4_000, 1), (None, None), (None, None), (0, 0),
    ]  # fmt: skip
    parts = told(caller_of(user).get(f"{API}{path}"))["breakdowns"][0]["parts"]
    assert [(one["people"], one["share"]) for one in parts] == [(4_000, 1), (None, None), (None, None), (0, 0)]


# Boundaries


def test_imported_boundaries_are_drawn_once_and_lead_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: Callable[..., str], home: Path
) -> None:
    square = [[105.0, 10.0], [105.0, 11.0], [106.0, 11.0], [106.0, 10.0], [105.0, 10.0]]
    geometries = {one.code: {"type": "Polygon", "coordinates": [square]} for one in tree().provinces}
    place = tmp_path / "warehouse" / "areas" / "boundaries" / "province" / "20260101T000000Z-00000000"
    place.mkdir(parents=True)
    (place / "manifest.json").write_text("{}", encoding="utf-8")
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": shape} for code, shape in geometries.items()
    ]
    (place / "boundaries.geojson").write_text(json.dumps({"features": features}), encoding="utf-8")
    assert outlines(tmp_path, COUNTRY) is None
    prepare(tmp_path)
    found = outlines(tmp_path, COUNTRY)
    assert found is not None
    assert set(found.paths) == set(geometries)
    assert found.paths["79"] == "M0.0 480.0L0.0 0.0L480.0 0.0L480.0 480.0Z"
    assert outlines(tmp_path, "79") is None
    monkeypatch.setattr("baophu.web.views_overview.outlines", lambda home, area: found)
    page = text("/areas/00", "national", COUNTRY).split('class="map" viewBox')[1].split("</svg>")[0]
    assert page.count("<path class=") >= 34
    assert f'href="/areas/{PROVINCE}?show=si_total"' in page


def test_an_outline_is_simplified_to_a_lines_width() -> None:
    wiggle = [[105 + at / 1000, 10 + (at % 2) / 100_000] for at in range(1000)]
    ring = [*wiggle, [106.0, 11.0], [105.0, 11.0], wiggle[0]]
    (path,) = boundary_paths._drawn({"79": {"type": "Polygon", "coordinates": [ring]}}, ["79"]).paths.values()
    assert path.count("L") < 10


def test_a_map_of_boundaries_hatches_what_is_not_known() -> None:
    shapes = boundary_paths.Outlines(10, 10, {"79": "M0 0L1 1Z", "01": "M2 2L3 3Z"})
    areas = [tree().get(code) for code in ("79", "01")]
    svg = drawing.boundary_map("si_total", {"79": Fraction(5)}, areas, shapes, lambda code: f"/{code}", "vi").svg
    assert svg.count('class="unknown"') == 1
    assert 'href="/79"' in svg
