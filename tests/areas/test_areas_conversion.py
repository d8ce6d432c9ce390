from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baophu.areas import source, units
from baophu.areas.conversion import convert, formed_from, mapping
from baophu.areas.source import Correction
from baophu.areas.units import REACH, tree
from baophu.core.errors import BaophuError

BEFORE = date(2025, 6, 30)
NOW = date(2026, 11, 22)
ISLAND_DISTRICTS = {"318": "11948", "471": "19742", "498": "20333", "536": "21548", "755": "26732"}

old_code = st.sampled_from(sorted(units.former_areas()))


@pytest.mark.parametrize(
    ("code", "day", "status", "was", "now"),
    [
        # A commune that became part of one ward.
        ("26290", BEFORE, "moved", "Xã Quảng Tiến", ["26248"]),
        # A commune whose land went to two wards: both, never one.
        ("00007", BEFORE, "divided", "Phường Cống Vị", ["00008", "00025"]),
        # Old provinces.
        ("02", BEFORE, "moved", "Tỉnh Hà Giang", ["08"]),
        ("02", None, "moved", "Tỉnh Hà Giang", ["08"]),
        ("04", BEFORE, "unchanged", "Tỉnh Cao Bằng", ["04"]),
        # 15 was Yên Bái and is Lào Cai; 00004 was Trúc Bạch and is Ba Đình.
        ("15", BEFORE, "moved", "Tỉnh Yên Bái", ["15"]),
        ("15", None, "unchanged", "Tỉnh Lào Cai", ["15"]),
        ("00004", BEFORE, "moved", "Phường Trúc Bạch", ["00004"]),
        ("00004", None, "unchanged", "Phường Ba Đình", ["00004"]),
        # The same code, taken in others: not unchanged.
        ("26248", BEFORE, "moved", "Thị trấn Trảng Bom", ["26248"]),
        # A commune of 2025 that is a ward by now.
        ("26248", date(2025, 12, 1), "moved", "Xã Trảng Bom", ["26248"]),
        # An island district without communes, by its district code.
        ("318", None, "moved", "Huyện Bạch Long Vĩ", ["11948"]),
        ("11948", None, "unchanged", "Đặc khu Bạch Long Vĩ", ["11948"]),
        ("00", BEFORE, "unchanged", "Cả nước", ["00"]),
    ],
)
def test_where_a_code_went(code: str, day: date | None, status: str, was: str, now: list[str]) -> None:
    found = convert(code, day, to=NOW)
    assert found.was is not None
    assert (found.status, found.was.full_name, [area.code for area in found.units]) == (status, was, now)


def test_a_divided_commune_still_has_one_province() -> None:
    found = convert("00007", BEFORE)
    assert found.province is not None
    assert found.province.name == "Hà Nội"


@pytest.mark.parametrize(("code", "day"), [("99999", None), ("11948", BEFORE), ("02", date(2025, 7, 1)), ("", None)])
def test_a_code_that_no_unit_had_is_unknown(code: str, day: date | None) -> None:
    found = convert(code, day)
    assert (found.status, found.was, found.units, found.province) == ("unknown", None, (), None)


def test_without_a_day_an_earlier_meaning_is_mentioned() -> None:
    note = convert("00004").note
    assert note is not None
    assert note.vi == ("Trước ngày 01/07/2025, mã 00004 là Phường Trúc Bạch (Quận Ba Đình), nay thuộc Phường Ba Đình.")
    assert convert("26248").note is None  # the same name before


def test_a_day_before_the_data_is_read_by_the_earliest_list_and_says_so() -> None:
    found = convert("00004", date(2019, 5, 1))
    assert found.was is not None
    assert found.was.full_name == "Phường Trúc Bạch"
    assert found.note is not None
    assert "the earliest there is" in found.note.en


def test_codes_are_not_converted_back() -> None:
    with pytest.raises(BaophuError, match=r"of 1 Jul 2025 or later only"):
        convert("26248", to=BEFORE)


@given(old_code)
def test_an_old_code_gives_present_units_only_and_one_province(code: str) -> None:
    found = convert(code, BEFORE, to=NOW)
    areas = tree(NOW)
    assert found.units
    assert all(areas.get(area.code) is area for area in found.units)
    assert (found.status == "divided") == (len(found.units) > 1)
    assert found.province is not None


@given(old_code)
def test_a_province_goes_where_its_communes_go(code: str) -> None:
    was = units.former_areas()[code]
    if was.level == "commune":
        home = convert(str(was.parent), BEFORE).units[0]
        assert convert(code, BEFORE).province == home


def test_the_mapping_has_a_row_for_each_part() -> None:
    rows = mapping(NOW)
    assert Counter(row.level for row in rows) == {"province": 63, "commune": 10_602}
    assert len({row.old_code for row in rows}) == 63 + 10_040
    parts = Counter(row.old_code for row in rows)
    assert all(row.divided == (parts[row.old_code] > 1) for row in rows)
    assert {row.new_code for row in rows} == {area.code for area in (*tree(NOW).provinces, *tree(NOW).communes)}


def test_formed_from_tells_what_came_in_part() -> None:
    assert [part.area.full_name for part in formed_from("75")] == ["Tỉnh Bình Phước", "Tỉnh Đồng Nai"]
    parts = {part.area.code: part.partly for part in formed_from("00008")}
    assert parts["00007"] is True
    assert parts["00006"] is False


def test_a_later_merger_carries_old_codes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line of data from 2027 (Trảng Bom into Hố Nai, invented) moves all that had gone to Trảng Bom."""
    line = Correction("26248", date(2027, 1, 1), "into", "26005", "1/2027/X", None, "test", 1)
    corrections = [*source.corrections(), line]
    caches = (units.versions, units._present_tree)
    monkeypatch.setattr(source, "corrections", lambda: corrections)
    for cache in caches:
        cache.cache_clear()
    try:
        found = convert("26290", BEFORE, to=date(2027, 1, 1))
        assert [area.code for area in found.units] == ["26005"]
        assert [area.code for area in convert("26290", BEFORE, to=date(2026, 12, 31)).units] == ["26248"]
        ended = convert("26248", date(2026, 12, 31), to=date(2027, 1, 1))
        assert (ended.status, [area.code for area in ended.units]) == ("moved", ["26005"])
        rows = {row.new_code for row in mapping(date(2027, 1, 1)) if row.old_code == "26290"}
        assert rows == {"26005"}
    finally:
        for cache in caches:
            cache.cache_clear()


# Against the reference tables.


def test_communes_agree_with_the_reference_but_for_five_without_a_code(
    shared_rows: Callable[[str], list[dict[str, str]]],
) -> None:
    reference = shared_rows("commune_map_old_to_new.csv")
    theirs = {
        (row["old_commune_code"], row["new_commune_code"], row["old_commune_divided"] == "True")
        for row in reference
        if row["old_commune_code"]
    }
    ours = {(row.old_code, row.new_code, row.divided) for row in mapping() if row.level == "commune"}
    islands = {(old, new, False) for old, new in ISLAND_DISTRICTS.items()}
    assert len(reference) == len(ours) == 10_602
    assert ours - islands == theirs
    # The five island districts have no code in the reference; they go to the same special zones there.
    no_code = {row["new_commune_code"] for row in reference if not row["old_commune_code"]}
    assert no_code == set(ISLAND_DISTRICTS.values())


def test_the_names_of_old_communes_agree_with_the_reference(
    shared_rows: Callable[[str], list[dict[str, str]]],
) -> None:
    areas = tree(REACH)
    for row in shared_rows("commune_map_old_to_new.csv"):
        if row["old_commune_code"]:
            area = areas.get(row["old_commune_code"])
            assert area.full_name.lower() == row["old_commune"].lower()  # 'Thị Trấn Ái Tử' there, 'Thị trấn' here
            assert area.district == row["old_district"]


def test_provinces_agree_with_the_reference(shared_rows: Callable[[str], list[dict[str, str]]]) -> None:
    theirs = {(row["old_code"], row["new_code"]) for row in shared_rows("province_map_63_to_34.csv")}
    assert {(row.old_code, row.new_code) for row in mapping() if row.level == "province"} == theirs
