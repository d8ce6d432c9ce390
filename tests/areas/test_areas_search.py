import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baophu.areas.search import find, find_in
from baophu.areas.units import Area, tree
from baophu.core.names import ascii_name

NOW = date(2026, 11, 22)
BEFORE = date(2025, 6, 30)
communes = st.sampled_from(tree(NOW).communes)


def first(words: str) -> str:
    return find(words, NOW)[0].area.code


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Đồng Nai", "75"),
        ("dong nai", "75"),
        ("DONG NAI", "75"),
        ("tinh dong nai", "75"),
        ("thành phố đồng nai", "75"),
        ("Dong Nai City", "75"),
        ("trang bom", "26248"),
        ("trang bom dong nai", "26248"),
        ("phường Trảng Bom, thành phố Đồng Nai", "26248"),
        ("dong nai trang bom", "26248"),
        ("trang bo", "26248"),  # still typing
        ("trangbom", "26248"),
        ("trang bon", "26248"),  # a slip
        ("rtang bom", "26248"),
        ("vnh long", "86"),
        ("hcm", "79"),
        ("tphcm", "79"),
        ("tp hcm", "79"),
        ("hanoi", "01"),
        ("hà tĩnh", "42"),  # 'tỉnh' without diacritics is a part of this name
        ("ha tinh", "42"),
        ("hoang sa", "20333"),
        ("xa tan phu vinh long", "28840"),
        ("26248", "26248"),
        ("ca nuoc", "00"),
    ],
)
def test_the_first_hit(words: str, code: str) -> None:
    assert first(words) == code


def test_a_province_stands_above_communes_of_the_same_name() -> None:
    codes = [hit.area.code for hit in find("bac ninh", NOW)]
    assert codes[0] == "24"


def test_diacritics_that_fit_rank_higher() -> None:
    typed = find("Hòa An", NOW)
    assert typed[0].area.name == "Hòa An"
    assert typed[0].score > find("hoa an", NOW)[0].score
    # The mark may stand on the other letter.
    assert find("Hoà An", NOW)[0].score == typed[0].score


def test_the_word_of_the_unit_ranks_its_kind_higher() -> None:
    kinds = [hit.area.unit_type for hit in find("xa tan phu", NOW)]
    assert kinds[:4] == ["commune"] * 4


def test_an_old_province_says_where_it_went() -> None:
    hit = find("Bình Phước", NOW)[0]
    assert hit.area.full_name == "Tỉnh Bình Phước"
    assert [area.full_name for area in hit.now] == ["Thành phố Đồng Nai"]
    assert hit.breadcrumb.vi == "Cả nước › Bình Phước"


def test_an_old_commune_says_where_it_went_and_stands_behind_present_ones() -> None:
    hit = find("ben nghe", NOW)[0]
    assert hit.area.full_name == "Phường Bến Nghé"
    assert hit.breadcrumb.vi == "Cả nước › Hồ Chí Minh › Quận 1 › Bến Nghé"
    assert [area.full_name for area in hit.now] == ["Phường Sài Gòn"]
    ages = [bool(hit.now) for hit in find("tan phu", NOW, limit=30) if hit.exact]
    assert ages == sorted(ages)


def test_a_present_commune_is_found_under_its_old_province() -> None:
    hit = find("Lộc Ninh, Bình Phước", NOW)[0]
    assert hit.area.full_name == "Phường Lộc Ninh"
    assert hit.breadcrumb.vi == "Cả nước › Đồng Nai › Lộc Ninh"


def test_every_word_must_fit() -> None:
    assert find("trang bom ha giang", NOW) == []
    assert find("qwrtp", NOW) == []
    assert find("", NOW) == []
    assert find("  ,. ", NOW) == []


def test_the_limit_is_kept() -> None:
    assert len(find("tan", NOW, limit=3)) == 3


def test_before_the_merger_old_names_are_the_names() -> None:
    hit = find("Bình Phước", BEFORE)[0]
    assert (hit.area.code, hit.now) == ("70", ())


def test_within_one_tree_no_old_name_is_found() -> None:
    assert all(not hit.now for hit in find_in(tree(NOW), "binh phuoc", 50))


@given(communes)
def test_any_commune_is_found_by_its_name_and_province(area: Area) -> None:
    province = tree(NOW).get(str(area.parent)).name
    for words in (f"{area.name}, {province}", f"{area.full_name} {province}", ascii_name(f"{area.name} {province}")):
        hits = find(words, NOW, limit=50)
        assert area.code in {hit.area.code for hit in hits if not hit.now}


@given(communes)
def test_any_commune_is_an_exact_hit_of_its_name(area: Area) -> None:
    exact = {hit.area.code for hit in find_in(tree(NOW), area.name, 100) if hit.exact}
    assert area.code in exact


@given(st.text(max_size=40))
def test_whatever_is_typed_scores_lie_between_0_and_1_in_order(words: str) -> None:
    scores = [hit.score for hit in find(words, NOW, limit=5)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


@pytest.mark.parametrize("words", ["t", "tan", "dong nai", "xa tan phu vinh long", "phuong bin than ho chi min"])
def test_a_search_takes_less_than_100_ms_of_cpu_once_loaded(words: str) -> None:
    find(words, NOW)
    spent = []
    for _ in range(3):
        start = time.process_time()
        find(words, NOW)
        spent.append(time.process_time() - start)
    assert min(spent) < 0.100
