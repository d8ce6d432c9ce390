"""Names in TCVN3 and VNI are read; whatever is not surely one of them stays as it came."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baophu.registers.legacy import FAMILIES, TCVN3, VNI, decode, encode, from_tcvn3, from_vni, is_syllable
from baophu.registers.legacy import latin_syllables as latin

LETTERS = "aăâeêioôơuưy"
MARKS = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
SMALL = [unicodedata.normalize("NFC", letter + mark) for letter in LETTERS for mark in MARKS] + ["đ"]

FAMILY = """
Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đào Đoàn Vương Trịnh Đinh Tạ
""".split()  # noqa: SIM905
MIDDLE = """
Thị Văn Hữu Đức Đình Ngọc Thanh Xuân Quốc Công Bá Viết Trọng Thế Quý Tiến Mạnh Diệu Mỹ Bích Thuỳ
Vĩnh
""".split()  # noqa: SIM905
GIVEN = """
Anh Ánh Ân Bình Bảo Cường Chiến Dũng Diễm Duyên Đạt Đông Giàu Hà Hải Hạnh Hằng Hiếu Hoà Hòa Hoàng
Huệ Huyền Hùng Hương Hưng Kiên Khuê Kỳ Lợi Lực Luân Mẫn Mười Mỹ Nghĩa Nguyệt Nhã Nhật Như Oanh Phụng
Phước Phượng Quỳnh Quyết Sáng Sửu Sỹ Tài Tám Tuấn Tuyết Thảo Thắng Thoại Thơm Thuý Thủy Thuỵ Thưởng
Toản Trâm Trễ Uyên Ưu Vĩ Vượng Xuyến Ý Yến Ỷ Út Ẩn Ổn Ngoãn Khiết Thoắt Huỵch Quờn Quới Gìn Giềng
Nghị Ghềnh Kỷ Cẩm
""".split()  # noqa: SIM905


@pytest.mark.parametrize(
    ("came", "name", "encoding"),
    [
        ("NguyÔn V¨n Hïng", "Nguyễn Văn Hùng", "tcvn3"),
        ("Nguyeãn Vaên Huøng", "Nguyễn Văn Hùng", "vni"),
        ("NGUYÔN V¡N HïNG", "NGUYỄN VĂN HÙNG", "tcvn3"),  # capitals typed in the ordinary font
        ("NGUYEÃN VAÊN HUØNG", "NGUYỄN VĂN HÙNG", "vni"),
        ("NguyÔn ThÞ ¸nh", "Nguyễn Thị Ánh", "tcvn3"),  # TCVN3 has no Á: the name's other words tell
        ("Nguyeãn Thò AÙnh", "Nguyễn Thị Ánh", "vni"),
        ("Nguyeãn Thò Aùnh", "Nguyễn Thị Ánh", "vni"),  # a small mark after a capital
        ("§ç ý", "Đỗ Ý", "tcvn3"),
        ("Tr­¬ng Quang D­¬ng", "Trương Quang Dương", "tcvn3"),
        ("Hoà Ngoïc Haø", "Hồ Ngọc Hà", "vni"),  # "Hoà" alone would be Vietnamese as it stands
        ("Vò ThÞ Lan", "Vũ Thị Lan", "tcvn3"),
        ("Ñaëng Thuøy Döông", "Đặng Thùy Dương", "vni"),
        ("NguyÔn ThÞ Anna", "Nguyễn Thị Anna", "tcvn3"),  # a foreign word beside two that convince
        ("Vâ Anna", "Võ Anna", "tcvn3"),  # or beside a family name
        ("NguyÔn V.Hïng", "Nguyễn V.Hùng", "tcvn3"),
        ("Leâ Höng", "Lê Hưng", "vni"),
        ("Höng", "Hưng", "vni"),  # TCVN3 would be Hửng, which is no usual name
        ("Nguyễn".replace("ễ", "Ô") + " Hoμ", "Nguyễn Hoà", "tcvn3"),  # a Greek mu for the micro sign
    ],
)
def test_decodes(came: str, name: str, encoding: str) -> None:
    assert decode(came) == (name, encoding)


@pytest.mark.parametrize(
    "name",
    [
        *("Nguyễn Văn Hùng", "Lê Hoàng Toán", "Hoà Thanh Lan", "Vò Lan Anh", "Phùng Khoàn", "Tô Hoài", "Lò Văn Páo"),
        *("Nguyen Van Hung", "Hoan", "Tuan", "Quyen", "Toan", "Doan Thi Hoa", "LE VAN OANH", ""),
        *(
            "Müller",
            "José García",
            "Nguyễn Thị Anna",
            "João da Silva",
            "Björn Åkesson",
            "François Lefèvre",
            "Zoë",
            "Noël",
        ),
        *("Chloé Núñez", "Jürgen Weiß", "Søren Kierkegård", "Þór Björk", "Peña", "Lê Müller", "Köhn Smith", "Élise"),
        *("Y Bhuăt Niê Kđăm", "H'Lan Êban", "K'Brèo", "Sùng A Páo", "Đinh Y Phơ̆n", "Y Niê", "Siu Blê", "Ksor Hê"),
        *("Rơ Châm H'Phêt", "Thào A Chôp", "Kôn Sơ", "Y Pôk Êñuôl", "Hồ Văn Kôr", "Giàng Seo Phừ", "Ma Văn Kháng"),
        *("Иван Петров", "王小明", "김철수", "Nguyễn 🙂", "A & B", "½", "\u0301"),
    ],
)
def test_leaves_alone(name: str) -> None:
    assert decode(name) == (name, "unicode")


@pytest.mark.parametrize("word", [*FAMILY, *MIDDLE, *GIVEN, "Dzũng", "Quốc", "Giếng", "Khuỷu", "Nghiêng", "Ỷ"])
def test_real_words_are_syllables(word: str) -> None:
    assert is_syllable(word)
    assert is_syllable(word.upper())


@pytest.mark.parametrize(
    "word", ["", "Müller", "Anna", "Hảt", "Hac", "Kông", "Ceng", "Ngi", "Qươ", "Hòá", "Nguyn", "đ"]
)
def test_other_words_are_not(word: str) -> None:
    assert not is_syllable(word)


def test_minorities_may_break_spelling_but_not_the_rime() -> None:
    assert is_syllable("Kôn", strict=False) and is_syllable("Phêt", strict=False)
    assert not is_syllable("Niê", strict=False) and not is_syllable("Blê", strict=False)


@pytest.mark.parametrize("letter", [letter for small in SMALL for letter in (small, small.upper())])
def test_every_letter_goes_there_and_back(letter: str) -> None:
    assert from_vni(encode(letter, "vni")) == letter
    assert from_tcvn3(encode(letter, "tcvn3")).lower() == letter.lower()
    if letter in TCVN3 or letter.isascii():
        assert from_tcvn3(encode(letter, "tcvn3")) == letter


def test_the_tables_hold_each_letter_once() -> None:
    accented = [letter for letter in SMALL if not letter.isascii()]
    assert {*accented, *"ĂÂÊÔƠƯĐ"} == set(TCVN3)
    assert {letter for small in accented for letter in (small, small.upper())} == set(VNI)
    assert len(set(TCVN3.values())) == len(TCVN3) and len(set(VNI.values())) == len(VNI)


@pytest.mark.parametrize(
    ("letters", "codes"),
    # The alphabets as the fonts' makers print them.
    [
        ("àảãáạằẳẵắặầẩẫấậ", "µ¶·¸¹»¼½¾ÆÇÈÉÊË"),
        ("èẻẽéẹềểễếệìỉĩíị", "ÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞ"),
        ("òỏõóọồổỗốộờởỡớợ", "ßáâãäåæçèéêëìíî"),
        ("ùủũúụừửữứựỳỷỹýỵ", "ïñòóôõö÷øùúûüýþ"),
    ],
)
def test_tcvn3_as_printed(letters: str, codes: str) -> None:
    assert from_tcvn3(codes) == letters


words = st.tuples(st.sampled_from(FAMILY), st.sampled_from(MIDDLE), st.sampled_from(GIVEN)).map(" ".join)


@given(words, st.sampled_from(["tcvn3", "vni"]), st.sampled_from([str, str.upper]))
def test_real_names_go_there_and_back(name: str, encoding: str, case: type[str]) -> None:
    name = case(name)
    came = encode(name, encoding)  # type: ignore[arg-type]
    found = decode(came)
    if came == name:  # nothing beyond ASCII in it
        assert found == (name, "unicode")
    elif all(word.isascii() or is_syllable(word, strict=False) for word in came.split()):
        assert found == (came, "unicode")  # Vietnamese as it stands: it cannot be told
    else:
        assert (found[0].lower(), found[1]) == (name.lower(), encoding)  # TCVN3 may not tell capitals: ¢n


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_almost_all_real_names_are_recognised(encoding: str) -> None:
    names = [f"{family} {middle} {given}" for family in FAMILY for middle in MIDDLE for given in GIVEN]
    missed = [name for name in names if decode(encode(name, encoding))[0] != name]  # type: ignore[arg-type]
    assert len(missed) < 0.003 * len(names), missed[:20]


@given(words)
def test_right_vietnamese_is_never_changed(name: str) -> None:
    for form in (name, name.upper(), name.lower()):
        assert decode(form) == (form, "unicode")


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_ascii_is_never_changed(name: str) -> None:
    assert decode(name) == (name, "unicode")


@given(st.text())
def test_any_text_decodes_to_something(name: str) -> None:
    decoded, encoding = decode(name)
    assert (decoded == name) or encoding != "unicode"


def test_what_the_fast_pass_lets_through_is_never_decoded() -> None:
    syllables = list(latin())
    assert len(syllables) > 5000
    assert all(is_syllable(word, strict=False) and not word.isascii() for word in syllables)
    assert {"hoàng", "lê", "toán", "vò", "páo"} <= set(syllables)


def test_family_names_are_syllables() -> None:
    assert all(is_syllable(name) for name in FAMILIES)
