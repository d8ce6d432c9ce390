"""What went wrong, where, and how to mend it. A user sees these words and never a stack trace."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from baophu.core.languages import Language, Text
from baophu.core.names import fold


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in what came in: the place, the value as it was written, the reason."""

    where: Text
    value: str
    reason: Text

    def say(self, lang: Language) -> str:
        """Return the problem as one line."""
        value = f" '{self.value}'" if self.value else ""
        return f"{self.where.say(lang)}:{value} {self.reason.say(lang)}"


class BaophuError(Exception):
    """An error that a user can mend; `what` says what happened and what was kept, `mend` what to do."""

    def __init__(self, what: Text, mend: Text | None = None, problems: Iterable[Problem] = ()) -> None:
        super().__init__(what.en)
        self.what = what
        self.mend = mend
        self.problems = list(problems)

    def say(self, lang: Language) -> str:
        """Return the whole message, a line for each problem."""
        lines = [self.what.say(lang)]
        lines += [f"  - {problem.say(lang)}" for problem in self.problems]
        if self.mend:
            lines.append(self.mend.say(lang))
        return "\n".join(lines)


class UnknownName(BaophuError):
    """A name that is not in a closed list; proposes what was probably meant."""


def nearest(word: str, choices: dict[str, str], limit: int = 3) -> list[str]:
    """Return the keys of `choices` whose key or words come nearest to `word`, best first.

    `choices` maps a name to the words by which a person may know it; diacritics and capitals do not count.
    """
    wanted = fold(word)
    scored = []
    for key, words in choices.items():
        candidates = [fold(key), fold(words)]
        score = max(difflib.SequenceMatcher(None, wanted, candidate).ratio() for candidate in candidates)
        if wanted and any(wanted in candidate for candidate in candidates):
            score = max(score, 0.8)
        if score >= 0.5:
            scored.append((-score, key))
    return [key for _, key in sorted(scored)[:limit]]


def did_you_mean(proposals: Iterable[str]) -> Text | None:
    """Word the proposals, or nothing where there are none."""
    words = "; ".join(proposals)
    return Text(f"Có phải ý bạn là: {words}?", f"Did you mean: {words}?") if words else None


def unknown(kind: Text, word: str, choices: dict[str, str]) -> UnknownName:
    """Make the error for a name that is not in `choices` (name -> words), with what was probably meant."""
    proposals = [f"{key} ({choices[key]})" if choices[key] else key for key in nearest(word, choices)]
    what = Text(f"Không có {kind.vi} nào là '{word}'.", f"There is no {kind.en} '{word}'.")
    return UnknownName(what, did_you_mean(proposals))


def wrong_date(word: str, proposals: Iterable[str] = ()) -> BaophuError:
    """Make the error for a date that cannot be read, with what was probably meant."""
    meant = did_you_mean(proposals)
    how = Text(
        "Viết năm-tháng-ngày, ví dụ 2025-11-30, hoặc 30/11/2025.",
        "Write year-month-day, such as 2025-11-30, or 30/11/2025.",
    )
    if meant:
        how = Text(f"{meant.vi} {how.vi}", f"{meant.en} {how.en}")
    return BaophuError(Text(f"'{word}' không phải là ngày.", f"'{word}' is not a date."), how)
