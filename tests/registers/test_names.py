"""The compiled pass over names gives what plain Python gives, and the same key to the same name however typed."""

from __future__ import annotations

import random
import subprocess
import sys
import unicodedata
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from baophu.core.names import fold
from baophu.registers.legacy import decode, encode
from baophu.registers.names import KEYS, fold_letter, fold_name, name_keys

WHOLE = 1 << 64
name_keys(pa.array(["compiled", "now"]))  # so that no example is charged with it
SAME_LETTER = dict(zip("đðƀħıłøŧßæœþ", ["d", "d", "b", "h", "i", "l", "o", "t", "ss", "ae", "oe", "th"], strict=True))


def signed(value: int) -> int:
    return value - WHOLE if value >= WHOLE // 2 else value


def fnv(words: str) -> int:
    value = 0xCBF29CE484222325
    for byte in words.encode():
        value = (value ^ byte) * 0x100000001B3 % WHOLE
    return value


def stir(value: int) -> int:
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9 % WHOLE
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB % WHOLE
    return value ^ (value >> 31)


def reference_fold(clean: str) -> str:
    out = []
    for letter in clean:
        if letter in "'’‘ʼʻ`´′":
            continue
        for part in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).lower()):
            kind = unicodedata.category(part)
            if kind.startswith("M") or kind == "Cf" or part in "'’‘ʼʻ`´′":
                continue
            out.append(SAME_LETTER.get(part, part) if kind[0] in "LN" else " ")
    return " ".join("".join(out).split())


def reference_keys(name: str | None) -> dict[str, object]:
    """What the module's page says, one name at a time."""
    nothing: dict[str, object] = dict.fromkeys(("clean", "original", "encoding", *KEYS))
    if not name:
        return nothing
    clean, encoding = decode(" ".join(unicodedata.normalize("NFC", name).split()))
    row = nothing | {"clean": clean or None, "encoding": encoding if clean else None}
    row["original"] = name if name != clean else None
    words = reference_fold(clean).split()
    if words:
        bag = stir(sum(stir(fnv(word)) for word in words) % WHOLE)
        keys = (fnv(" ".join(words)), bag, fnv(words[0]), fnv(words[-1]))
        row.update(zip(KEYS, map(signed, keys), strict=True))
    return row


def key(name: str, which: str = "full_key") -> object:
    return getattr(name_keys(pa.array([name])), which)[0].as_py()


VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
SYLLABLES = """
Nguyễn Trần Lê Hoàng Đỗ Vũ Thị Văn Hùng Hương Ánh Lan Anh Hoà Vò Niê H'Lan Kđăm Müller Páo Höng Ý
""".split()  # noqa: SIM905
names = st.one_of(
    st.none(),
    st.text(),
    st.text(alphabet=VIETNAMESE + VIETNAMESE.upper() + "  .-'’,/()0123456789\t\xa0\u00ad"),
    st.text(alphabet=st.characters(min_codepoint=0x80, max_codepoint=0x24F)),
    st.text(alphabet=st.characters(min_codepoint=0x1E00, max_codepoint=0x206F)),
    st.text(alphabet="aeiouAEIOU\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323 🙂王Иı"),
    st.lists(st.sampled_from(SYLLABLES), max_size=5).map(" ".join),
    st.lists(st.sampled_from(SYLLABLES), max_size=5).map(lambda words: encode(" ".join(words), "tcvn3")),
    st.lists(st.sampled_from(SYLLABLES), max_size=5).map(lambda words: encode(" ".join(words), "vni")),
    st.lists(st.sampled_from(SYLLABLES), max_size=5).map(lambda words: unicodedata.normalize("NFD", " ".join(words))),
)


@given(st.lists(names, max_size=30))
@example([None, "", " ", "'", "-", "\ufeff", "ß", "İstanbul", "ǅ", "🙂 🙂", "a\x00b", "¨"])
@example(["Nguyễn Văn Hùng", "NguyÔn V¨n Hïng", "NguyÔn  V¨n Hïng", "Vò-Lan", "Lê/Müller", "Hoµ", "Hoμ", "\u00ad"])
def test_as_plain_python_says(column: list[str | None]) -> None:
    assert name_keys(pa.array(column, pa.string())).table().to_pylist() == [reference_keys(name) for name in column]


def test_very_long_names() -> None:
    long = ["x" * 50_000, "Á " * 30_000, "Nguyễn " * 9_000, "\u0301a" * 9_000]
    found = name_keys(pa.array(long))
    for which in KEYS:
        assert getattr(found, which).to_pylist() == [reference_keys(name)[which] for name in long]


@given(st.lists(st.lists(names, max_size=8), max_size=4), st.integers(0, 5), st.integers(0, 20))
def test_chunks_slices_and_kinds_of_columns_do_not_matter(parts: list[list[str | None]], start: int, size: int) -> None:
    flat = [name for part in parts for name in part]
    expected = [reference_keys(name) for name in flat]
    chunked = pa.chunked_array([pa.array(part, pa.string()) for part in parts], pa.string())
    large = pa.array(["not mine", *flat], pa.large_string())[1:]
    for column in (
        chunked,
        large,
        large.cast(pa.string_view()),
        large.dictionary_encode(),
        pl.Series(flat, dtype=pl.String),
    ):
        assert name_keys(column).table().to_pylist() == expected
    assert name_keys(chunked[start : start + size]).table().to_pylist() == expected[start : start + size]
    assert name_keys(large[start : start + size]).table().to_pylist() == expected[start : start + size]


def test_the_hash_is_fnv_1a() -> None:
    # The test values that the authors of the hash publish.
    assert key("a") == signed(0xAF63DC4C8601EC8C)
    assert key("FooBar") == signed(0x85944171F73967E8)


@pytest.mark.parametrize(
    "same",
    [
        [
            "Đỗ Thị Ánh",
            "ĐỖ THỊ ÁNH",
            "Do Thi Anh",
            "  đỗ\tthị  ánh ",
            unicodedata.normalize("NFD", "Đỗ Thị Ánh"),
            "§ç ThÞ ¸nh",
        ],
        [
            "Nguyễn Văn Hoà",
            "Nguyễn Văn Hòa",
            "Nguyeãn Vaên Hoøa",
            "NGUYEN-VAN-HOA",
            "Nguyễn.Văn.Hoà",
            "Nguyễn, Văn Hòa",
        ],
        ["H'Lan Êban", "H’Lan Êban", "HLAN EBAN", "H`lan Êban", "Hʼlan Ê\u200bban"],
        ["Đinh Y Phơ̆n", "DINH Y PHON", "đinh y phờn"],
        ["Hộ kinh doanh 24/7", "HO KINH DOANH 24 7", "hộ kinh doanh ２４-７"],
    ],
)
def test_one_name_however_typed(same: list[str]) -> None:
    for which in KEYS:
        assert len({key(name, which) for name in same}) == 1


def test_order_family_and_given() -> None:
    one, other = "Trần Văn An", "An Trần Văn"
    assert key(one) != key(other)
    assert key(one, "set_key") == key(other, "set_key") != key("Trần Văn Văn", "set_key")
    assert key("An An Bình", "set_key") != key("An Bình Bình", "set_key") != key("An Bình", "set_key")
    assert key(one, "family_key") == key("TRAN") == key(other[3:], "family_key")
    assert key(one, "given_key") == key("an") == key("Ân", "full_key")


def test_what_came_is_kept_where_it_was_changed() -> None:
    found = name_keys(pa.array(["NguyÔn V¨n Hïng", "Lê  Lan", "Lê Lan", None, "", "  "]))
    assert found.clean.to_pylist() == ["Nguyễn Văn Hùng", "Lê Lan", "Lê Lan", None, None, None]
    assert found.original.to_pylist() == ["NguyÔn V¨n Hïng", "Lê  Lan", None, None, None, "  "]
    assert found.encoding.to_pylist() == ["tcvn3", "unicode", "unicode", None, None, None]
    assert found.full_key.null_count == 3
    assert [str(field.type) for field in found.table().schema][-4:] == ["int64"] * 4


def test_no_rows_and_no_names() -> None:
    for column in (pa.array([], pa.string()), pa.chunked_array([], pa.large_string()), pl.Series([], dtype=pl.String)):
        assert name_keys(column).table().num_rows == 0
    assert name_keys(pa.nulls(3)).full_key.to_pylist() == [None] * 3


@given(st.text(alphabet=VIETNAMESE + VIETNAMESE.upper() + " "))
def test_folds_vietnamese_as_the_rest_of_the_program_does(name: str) -> None:
    assert fold_name(name) == fold(name)


def test_every_letter_folds_to_what_folds_to_itself() -> None:
    for code in [*range(0xD800), *range(0xE000, 0x30000)]:
        letter = fold_letter(chr(code))
        assert "".join(fold_letter(part) for part in letter) == letter or letter.isspace(), hex(code)


def test_no_two_of_many_names_share_a_key() -> None:
    words = [f"{first}{middle}{last}" for first in "bcdghklmnprstvx" for middle in "aeiouy" for last in "acemnoptuy"]
    drawn = random.Random(7)  # noqa: S311
    column = list({" ".join(drawn.choices(words, k=3)) for _ in range(200_000)})
    found = name_keys(pa.array(column))
    assert len(np.unique(found.full_key.to_numpy())) == len(column)
    bags = {tuple(sorted(name.split())) for name in column}
    assert len(np.unique(found.set_key.to_numpy())) == len(bags)


def test_another_process_gives_the_same_keys_and_compiles_outside_the_package(tmp_path: Path) -> None:
    script = (
        "import pyarrow as pa; from baophu.registers import compiled; from baophu.registers.names import name_keys\n"
        "print(compiled.FOLDER); print(name_keys(pa.array(['Nguyễn Văn Hùng'])).full_key[0].as_py())"
    )
    env = {"XDG_CACHE_HOME": str(tmp_path), "HOME": str(tmp_path), "PATH": "/usr/bin", "PYTHONHASHSEED": "3"}
    said = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True).stdout
    folder, value = said.split()
    assert Path(folder) == tmp_path / "baophu" / "numba" and list(Path(folder).rglob("*.nbc"))
    assert Path(folder).stat().st_mode & 0o077 == 0
    assert int(value) == key("NGUYEN VAN HUNG")


def test_a_folder_that_others_can_write_to_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "baophu" / "numba").mkdir(parents=True)
    (tmp_path / "baophu" / "numba").chmod(0o777)
    env = {"XDG_CACHE_HOME": str(tmp_path), "HOME": str(tmp_path), "PATH": "/usr/bin"}
    script = "from baophu.registers import compiled; print(compiled.FOLDER)"
    said = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True).stdout
    assert said.strip() == "None"
