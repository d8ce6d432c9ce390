"""The ways in which a firm's name may be written: with its legal form in full, or short as people write it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import RootModel

from baophu.core.records import check, read_yaml

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

_FORMS = Path(__file__).with_name("legal_forms.yaml")


class LegalForms(RootModel[tuple[tuple[str, ...], ...]]):
    """Each legal form with the ways in which it is written, in plain small letters."""


@cache
def _ways() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return each way of writing with all ways of its form, the longest first."""
    forms = check(LegalForms, read_yaml(_FORMS), _FORMS.name).root
    return tuple(sorted(((way, form) for form in forms for way in form), key=lambda one: -len(one[0])))


def spellings(folded: str) -> Iterator[str]:
    """Give a folded name in all ways in which its legal form is written, as it is among them.

    >>> list(spellings("dntn hoa binh"))[:3]
    ['dntn hoa binh', 'doanh nghiep tu nhan hoa binh', 'doanh nghiep tn hoa binh']
    """
    yield folded
    for way, form in _ways():
        if folded.startswith(f"{way} "):
            yield from (other + folded[len(way) :] for other in form if other != way)
            return


def spelled(employers: Iterable[tuple[str, str]]) -> pa.Table:
    """Return all spellings of employers' names (`employer_id`, name): `employer_id`, `words`, and their `full_key`.

    A legal form that somebody repeats or puts behind the name is not looked for.
    """
    import pyarrow as pa

    from baophu.registers.names import fold_name, name_keys

    rows = [(employer, words) for employer, name in employers for words in spellings(fold_name(name))]
    texts = pa.array([words for _, words in rows], pa.string())
    return pa.table(
        {
            "employer_id": pa.array([one for one, _ in rows], pa.string()),
            "words": texts,
            "full_key": name_keys(texts).full_key,
        }
    )
