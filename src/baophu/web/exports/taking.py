"""Who takes something away, and what a page that can be taken away says of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from baophu.areas.units import COUNTRY
from baophu.core.languages import Language, Text
from baophu.results.store import Manifest
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import Scope
from baophu.web.exports.sheets import Book, Column, Form, Kind
from baophu.web.reading import Reader

FIGURES = Text(
    "Baophu, tính từ các sổ đã nạp; định nghĩa từng chỉ tiêu ở trang của chỉ tiêu",
    "Baophu, counted from the registers that were loaded; each indicator's page defines it",
)
LISTS_SOURCE = Text("Baophu, đối chiếu các sổ đã nạp", "Baophu, from the registers that were loaded")
PAGE = 2_000


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes something away: what he may see, in which run, in which language, numbers in full or not."""

    home: Path
    run: Manifest
    scope: Scope
    lang: Language
    revealed: bool = False
    # Up to how many people are counted.
    people: int = 0

    @property
    def reader(self) -> Reader:
        """What reads the run for him."""
        return Reader(self.home, self.run, self.scope)

    def say(self, words: Text) -> str:
        """Say words in his language."""
        return words.say(self.lang)


Where = Mapping[str, str]
Filters = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """A page that can be taken away: the right that it needs, its forms, the filters of its address."""

    right: Right
    book: Callable[[Taker, Where, Filters], Book | None]
    forms: tuple[Form, ...] = ("xlsx",)
    filters: tuple[str, ...] = ()
    # Whether it tells of people, so that there is more to choose than a form.
    choices: bool = False


def text(name: str, vi: str, en: str, width: int = 14) -> Column:
    """Return a column of texts."""
    return Column(name, Text(vi, en), "text", width)


def column(name: str, kind: Kind, vi: str, en: str, width: int = 14) -> Column:
    """Return a column of a kind."""
    return Column(name, Text(vi, en), kind, width)


AREA_CODE = text("area_code", "Mã đơn vị hành chính", "Area code", 11)
AREA = text("area", "Đơn vị hành chính", "Area", 26)
AMOUNTS = {"monthly": Text("mỗi tháng", "each month"), "total": Text("cả khoảng", "the whole stretch")}


def own_area(taker: Taker, right: Right) -> str:
    """Return the area where a right holds that a list is of which belongs to no area."""
    return min(taker.scope.roots(right), key=lambda code: (len(code), code), default=COUNTRY)
