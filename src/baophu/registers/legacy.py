"""Names in the encodings from before Unicode: TCVN3 (ABC, .VnTime) and VNI-Windows, read as Latin-1 by a later program.

Nothing in such a text says that it is one: "Hïng" may be "Hùng" in TCVN3 or somebody's name. A model of the
Vietnamese syllable decides: initial, rime and tone. A name is decoded only where it cannot be Vietnamese as it
stands and is Vietnamese once decoded; all else stays as it came.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

Encoding = Literal["unicode", "tcvn3", "vni"]

# Of each vowel, the letters without a tone and with huyền, hỏi, ngã, sắc, nặng.
_VOWELS = (
    *("aàảãáạ", "ăằẳẵắặ", "âầẩẫấậ", "eèẻẽéẹ", "êềểễếệ", "iìỉĩíị"),
    *("oòỏõóọ", "ôồổỗốộ", "ơờởỡớợ", "uùủũúụ", "ưừửữứự", "yỳỷỹýỵ"),
)

# The same letters in TCVN3, one byte each. The fonts with capitals (.VnTimeH) show the same bytes as capitals, so that
# only the seven letters in _TCVN3_CAPITALS have a capital of their own.
_TCVN3_VOWELS = (
    *("aµ¶·¸¹", "¨»¼½¾Æ", "©ÇÈÉÊË", "eÌÎÏÐÑ", "ªÒÓÔÕÖ", "i×ØÜÝÞ"),
    *("oßáâãä", "«åæçèé", "¬êëìíî", "uïñòóô", "\xadõö÷øù", "yúûüýþ"),
)
_TCVN3_CAPITALS = {"Ă": "¡", "Â": "¢", "Ê": "£", "Ô": "¤", "Ơ": "¥", "Ư": "¦", "Đ": "§"}

# In VNI-Windows a vowel is followed by a letter that shows its marks; i, đ and ỵ are single letters.
_VNI_TONES = "øûõùï"
_VNI_CIRCUMFLEX, _VNI_BREVE = "âàåãáä", "êèúüéë"
_VNI_BASES = {"a": "a", "e": "e", "o": "o", "u": "u", "y": "y", "ơ": "ô", "ư": "ö"}
_VNI_SINGLE = dict(zip("ìỉĩíịỵđ", "ìæóíòîñ", strict=True))


def _tcvn3_table() -> dict[str, str]:
    table = {"đ": "®", **_TCVN3_CAPITALS}
    for letters, codes in zip(_VOWELS, _TCVN3_VOWELS, strict=True):
        table.update(zip(letters, codes, strict=True))
    return {letter: code for letter, code in table.items() if letter != code or letter == "ý"}


def _vni_table() -> dict[str, str]:
    table: dict[str, str] = {}
    for letters in _VOWELS:
        bare = letters[0]
        if bare in "âêô":
            base = {"â": "a", "ê": "e", "ô": "o"}[bare]
            codes = [base + mark for mark in _VNI_CIRCUMFLEX]
        elif bare == "ă":
            codes = ["a" + mark for mark in _VNI_BREVE]
        elif bare == "i":
            codes = ["i", *(_VNI_SINGLE[letter] for letter in letters[1:])]
        else:
            codes = [_VNI_BASES[bare] + mark for mark in ("", *_VNI_TONES)]
        table.update(zip(letters, codes, strict=True))
    table.update(_VNI_SINGLE)
    table.update({letter.upper(): code.upper() for letter, code in list(table.items())})
    return {letter: code for letter, code in table.items() if letter != code or not letter.isascii()}


TCVN3: dict[str, str] = _tcvn3_table()
"""What stands in TCVN3 for each Vietnamese letter that it can write."""
VNI: dict[str, str] = _vni_table()
"""What stands in VNI-Windows for each Vietnamese letter, small and capital."""

_FROM_TCVN3 = {ord(code): letter for letter, code in TCVN3.items()} | {0x3BC: "à"}  # a Greek mu for the micro sign
_FROM_VNI = {code: letter for letter, code in VNI.items()}
_FROM_VNI |= {code[0] + code[1].lower(): letter for code, letter in _FROM_VNI.items() if len(code) == 2}
_FROM_VNI |= {code[0] + code[1].upper(): letter for code, letter in _FROM_VNI.items() if len(code) == 2}
# Letters beyond ASCII that an encoding gives a meaning, alone or as the mark of the vowel before.
_TCVN3_LETTERS = frozenset(chr(code) for code in _FROM_TCVN3 if code > 127)

_CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ") | frozenset(_TCVN3_CAPITALS.values())
_BEYOND_LATIN = re.compile("[^\x00-\xff]")
_CAPITAL_INSIDE = re.compile("[a-zß-ÿ][À-ÖØ-Þ]")  # "ThÕ": a small letter of TCVN3
_GAPS = re.compile(r"([ .,()/-]+)")

# The model of the syllable. A tone stands on one letter of the rime; stop finals take sắc or nặng only.
_INITIALS = (
    *("", "b", "c", "ch", "d", "đ", "dz", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh"),
    *("p", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x"),
)
_RIMES = frozenset(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et ê
    êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oc oi om on ong op ot ooc oong
    oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet ô ôc ôi ôm ôn ông ôp ôt ơ
    ơi ơm ơn ơp ơt u ua uc ui um un ung up ut uôc uôi uôm uôn uông uôt uân uâng uât uây uê uêch uên uênh uơ uy uya
    uych uyên uyêt uynh uyt uyp uyu ư ưa ưc ưi ưng ưt ươc ươi ươm ươn ương ươp ươt ươu ưu y yêm yên yêng yêt yêu ynh
    yt
    """.split()  # noqa: SIM905
)
_AFTER_QU = frozenset(
    """
    a ac ach ai an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt ân âng ât ây e en eo et ê ên ênh êt êch ôc i it inh ich
    ơ ơi ơn ơt y ych yên yêt ynh yt yu
    """.split()  # noqa: SIM905
)
_STOPS = ("c", "ch", "p", "t")
# Spelling: k, gh and ngh stand before e, ê, i, y; c, g and ng before the others. `gi` alone keeps its i.
_BEFORE_FRONT, _BEFORE_BACK = {"k", "gh", "ngh"}, {"c", "ng"}
_WITH_Y = {"", "d", "dz", "h", "k", "kh", "l", "m", "n", "nh", "ph", "s", "t", "th", "tr", "v", "x", "b", "g"}

_TONE_OF = {letter: (letters[0], tone) for letters in _VOWELS for tone, letter in enumerate(letters)}
_SHARP_OR_HEAVY = (4, 5)


def _toneless(syllable: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a syllable in small letters without its tone, and the places and tones that were written in it."""
    bare, tones = [], []
    for place, letter in enumerate(syllable):
        plain, tone = _TONE_OF.get(letter, (letter, 0))
        bare.append(plain)
        if tone:
            tones.append((place, tone))
    return "".join(bare), tones


@lru_cache(maxsize=1024)
def _tone_places(rime: str) -> tuple[int, ...]:
    """Return the letters of a rime that may carry its tone: two in `hoà` or `hòa`, else one."""
    marked = [place for place, letter in enumerate(rime) if letter in "ăâêôơ"]
    if marked:
        return (marked[-1],)
    if rime in ("oa", "oe", "uy"):
        return (0, 1)
    vowels = [place for place, letter in enumerate(rime) if letter in "aeiouưy"]
    if len(vowels) < len(rime):  # a consonant follows
        return (vowels[-1],)
    return (1,) if len(vowels) == 3 else (0,)


def _fits(initial: str, rime: str, strict: bool) -> bool:
    if initial == "qu":
        return rime in _AFTER_QU
    if rime not in _RIMES:
        return False
    if not strict:
        return True
    if initial in _BEFORE_FRONT and rime[0] not in "eêiy":
        return False
    if initial in _BEFORE_BACK and rime[0] in "eêiy":
        return False
    if initial == "g" and rime[0] in "eêy":
        return False
    return rime[0] != "y" or (initial in _WITH_Y and (rime in ("y", "yt", "ynh") or not initial))


@lru_cache(maxsize=1 << 16)
def is_syllable(word: str, strict: bool = True) -> bool:
    """Tell whether a word is a well-formed Vietnamese syllable.

    Not strict: spelling rules of initials and the tones of stop finals may be broken, as in names of minorities.

    >>> is_syllable("Nguyễn"), is_syllable("NguyÔn"), is_syllable("Müller"), is_syllable("Anna")
    (True, False, False, False)
    """
    bare, tones = _toneless(unicodedata.normalize("NFC", word).lower())
    if len(tones) > 1 or not bare:
        return False
    if strict and bare.endswith(_STOPS) and (not tones or tones[0][1] not in _SHARP_OR_HEAVY):
        return False
    return any(
        bare[:cut] in _INITIALS
        and _fits(bare[:cut], bare[cut:], strict)
        and (not tones or tones[0][0] - cut in _tone_places(bare[cut:]))
        for cut in range(min(4, len(bare)))
    )


def latin_syllables() -> Iterator[str]:
    """Yield each syllable, spelling not minded, that has letters beyond ASCII and all of them in Latin-1.

    A name of such syllables and ASCII words needs no decoding, unless a capital stands inside a word.
    """
    for initial in _INITIALS:
        for rime in _AFTER_QU if initial == "qu" else _RIMES:
            written = {rime}
            for place in _tone_places(rime):
                tones = next(letters for letters in _VOWELS if letters[0] == rime[place])
                written |= {rime[:place] + tone + rime[place + 1 :] for tone in tones}
            for syllable in written:
                word = initial + syllable
                if not word.isascii() and _BEYOND_LATIN.search(word) is None:
                    yield word


def encode(name: str, encoding: Encoding) -> str:
    """Write a Vietnamese name in a legacy encoding, as its program would have kept it.

    >>> encode("Nguyễn Văn Hùng", "tcvn3"), encode("Nguyễn Văn Hùng", "vni")
    ('NguyÔn V¨n Hïng', 'Nguyeãn Vaên Huøng')
    """
    name = unicodedata.normalize("NFC", name)
    if encoding == "unicode":
        return name
    if encoding == "vni":
        return "".join(VNI.get(letter, letter) for letter in name)
    return "".join(TCVN3.get(letter, TCVN3.get(letter.lower(), letter)) for letter in name)


def from_tcvn3(word: str) -> str:
    """Put Unicode letters in the place of the TCVN3 ones. Capitals that TCVN3 cannot write stay small."""
    return word.translate(_FROM_TCVN3)


def from_vni(word: str) -> str:
    """Put Unicode letters in the place of the VNI-Windows ones; a mark after another letter stays as it is."""
    out, place = [], 0
    while place < len(word):
        pair = word[place : place + 2]
        if len(pair) == 2 and pair in _FROM_VNI:
            out.append(_FROM_VNI[pair])
            place += 2
        else:
            out.append(_FROM_VNI.get(pair[0], pair[0]))
            place += 1
    return "".join(out)


@lru_cache(maxsize=1 << 16)
def _cased(word: str, decoded: str, capitals: bool, starts: bool) -> str:
    """Give a TCVN3 word the capitals that the encoding could not write.

    Capitals throughout where the other letters of the word are, or where the name is and the word has no other
    letters; a capital at its start where the name's other words have one.
    """
    plain = word.encode("ascii", "ignore")
    if capitals if len(plain) < 2 and (not plain or plain.isupper()) else plain.isupper():
        return decoded.upper()
    return decoded[:1].upper() + decoded[1:] if starts else decoded


class _Word(NamedTuple):
    plain: bool  # ASCII only: it means the same in every encoding
    fits: bool  # Vietnamese as it stands
    tcvn3: str | None  # the decoded syllable, where it is one
    vni: str | None


@lru_cache(maxsize=1 << 16)
def _word(word: str) -> _Word:
    if word.isascii():
        return _Word(True, not word or is_syllable(word, False), word, word)
    fits = is_syllable(word, False) and not _CAPITAL_INSIDE.search(word)
    tcvn3 = vni = None
    if all(letter.isascii() or letter in _TCVN3_LETTERS for letter in word):
        decoded = from_tcvn3(word)
        tcvn3 = decoded if is_syllable(decoded) else None
    if all(ord(letter) < 256 for letter in word):
        decoded = from_vni(word)
        vni = decoded if is_syllable(decoded) and (decoded[1:].islower() or decoded.isupper()) else None
    return _Word(False, fits, tcvn3, vni)


# Family names, for names with one doubtful word only and for words that both encodings can read.
FAMILIES = frozenset(
    """
    nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đào đoàn vương trịnh trương đinh lâm
    phùng mai tô tạ hà cao chu châu thái quách lương lưu la từ kiều khổng doãn giang bạch tôn triệu văn hứa thạch
    tống nghiêm vi nông lò quàng cầm hoàng lường tòng đồng bế hà thân ninh mạc ông âu tăng phí đàm lục quan kim danh
    sơn tiêu lại diệp hồng cù cung khúc uông ung viên thiều thang nhâm phó đậu đường đàng giàng sùng vàng thào mùa
    lầu cư hầu
    """.split()  # noqa: SIM905
)
_COMMON = FAMILIES | frozenset(
    """
    thị văn hữu đức đình ngọc minh thanh xuân quốc công bá viết trọng thế duy quang hoàng anh bảo gia hải hùng dũng
    hưng hương hường hoa hòa hoà hiền hiếu hạnh huệ huyền hằng hà hồng hậu lan liên linh loan long lộc lợi luân lực
    ly mạnh mẫn mỹ nam nga ngân nghĩa nguyên nguyệt nhàn nhân nhung nhật ninh oanh phát phong phú phúc phước phương
    phượng quân quý quyên quyền quỳnh sang sáng sinh sơn sự tài tâm tân tấn thắm thạch thái thảo thắng thành thiện
    thịnh thọ thoa thơm thu thuận thủy thuỷ thúy thuý thư thương tiến tiền tình toàn toản trang trí trinh trung
    trường tuấn tuân tùng tuyên tuyền tuyết tư tú tùng uyên vân việt vinh vĩnh vũ vượng xuyến yên yến ánh ân đại đạt
    đông định diễm diệp diệu dung duyên chi như nhã ngà trâm khuê chiến chung chính chương cúc cường
    bích bình cảnh giang hân hạ hiệp hoàn
    hợp hợi kiên kiệt kỳ khánh khoa khôi
    """.split()  # noqa: SIM905
)


def _suits(words: list[_Word], decoded: list[str | None]) -> bool:
    """Tell whether the decoded words of a name convince: all are syllables, or several are beside foreign ones."""
    if None in decoded:
        return False
    if all(word.fits for word in words if word.plain):
        return True
    return sum(not word.plain for word in words) > 1 or str(decoded[0]).lower() in FAMILIES


def decode(name: str) -> tuple[str, Encoding]:
    """Return a name in Unicode, and the encoding in which it came; unchanged where it is not surely a legacy one.

    A name that is Vietnamese as it stands ("Vò Lan Anh") is never decoded, though it may have been meant in TCVN3.

    >>> decode("NguyÔn V¨n Hïng"), decode("Nguyeãn Vaên Huøng")
    (('Nguyễn Văn Hùng', 'tcvn3'), ('Nguyễn Văn Hùng', 'vni'))
    >>> decode("José García"), decode("Nguyen Van Quyen"), decode("H'Lan Êban")
    (('José García', 'unicode'), ('Nguyen Van Quyen', 'unicode'), ("H'Lan Êban", 'unicode'))
    """
    if name.isascii() or _BEYOND_LATIN.search(name.replace("μ", "µ")):
        return name, "unicode"
    pieces = _GAPS.split(name)  # words, with what stands between them in every second place
    words = [_word(piece) for piece in pieces[::2]]
    if all(word.fits or word.plain for word in words):
        return name, "unicode"
    tcvn3, vni = [word.tcvn3 for word in words], [word.vni for word in words]
    as_tcvn3, as_vni = _suits(words, tcvn3), _suits(words, vni)
    if as_tcvn3 and as_vni:  # e.g. "Höng": Hửng or Hưng
        known = [sum(str(syllable).lower() in _COMMON for syllable in decoded) for decoded in (tcvn3, vni)]
        as_tcvn3, as_vni = known[0] > known[1], known[1] > known[0]
    if as_vni:
        pieces[::2] = map(str, vni)
        return "".join(pieces), "vni"
    if not as_tcvn3:
        return name, "unicode"
    plain = name.encode("ascii", "ignore")
    capitals = plain.isupper() and any(len(word) > 1 for word in plain.split())  # not those of "Lª B¸ Hµ"
    starts = not capitals and any(piece[0] in _CAPITALS for piece in pieces[::2] if piece)
    pieces[::2] = [_cased(piece, str(word), capitals, starts) for piece, word in zip(pieces[::2], tcvn3, strict=True)]
    return "".join(pieces), "tcvn3"
