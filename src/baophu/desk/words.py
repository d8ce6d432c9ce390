"""Words of the models in both languages, side by side; Django's active language chooses when they are shown."""

from __future__ import annotations

from django.utils.functional import lazy
from django.utils.translation import get_language


def _say(vi: str, en: str) -> str:
    return en if (get_language() or "vi").startswith("en") else vi


_lazy_say = lazy(_say, str)


def words(vi: str, en: str) -> str:
    """Return words that are said in the language that is active when they are shown.

    >>> from django.utils.translation import override
    >>> with override("en"):
    ...     str(words("Quyết định", "Decision"))
    'Decision'
    """
    return _lazy_say(vi, en)
