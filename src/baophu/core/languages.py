"""The two languages of the interface. Both stand side by side where the words are used, so none can be missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Vietnamese and in English."""

    # In a record, a third field is a mistake: a comma without quotes cuts a text short.
    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 (read by the library)

    vi: str
    en: str

    def say(self, lang: Language) -> str:
        """Return the words in one language."""
        return self.vi if lang == "vi" else self.en

    def fill(self, **values: object) -> Text:
        """Put values into the `{name}` places of both languages."""
        return Text(self.vi.format(**values), self.en.format(**values))


def same(words: str) -> Text:
    """Words that need no translation: a name, a code, a number of a document."""
    return Text(words, words)
