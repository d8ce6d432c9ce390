"""How far a run is, on the terminal: a bar a step with rows and time left; a line a step where nobody looks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction

from baophu.core.languages import Language, Text
from baophu.core.numbers import count, decimal
from baophu.core.terminal import Progress, progress_bars
from baophu.results.doing import Watch
from baophu.results.steps import Step
from baophu.results.store import Done, NotDone


class _Lines:
    """A line a step, and bars beside it where there are any. Steps of single months are shown together."""

    def __init__(self, lang: Language, bars: Progress | None) -> None:
        self._lang, self._bars = lang, bars
        self._rows = 0

    def began(self, step: Step, rows: int) -> None:
        self._rows = max(rows, 1)
        self.at(step, 0)

    def at(self, step: Step, share: float) -> None:
        if self._bars:
            self._bars(step.title.say(self._lang), int(share * self._rows), self._rows)

    def ended(self, step: Step, done: Done | NotDone) -> None:
        if isinstance(done, Done):
            self.at(step, 1)
        if self._bars is None and (step.only is None or isinstance(done, NotDone)):
            print(f"{step.title.say(self._lang)}: {self._said(done)}", file=sys.stderr, flush=True)

    def _said(self, done: Done | NotDone) -> str:
        if isinstance(done, NotDone):
            return Text(f"không tính được, {done.why.vi}", f"not computed, {done.why.en}").say(self._lang)
        if done.taken_from:
            return Text("không đổi, lấy từ lần chạy trước", "unchanged, taken from an earlier run").say(self._lang)
        rows, seconds = sum(file.rows for file in done.files), Fraction(str(done.seconds))
        return Text(
            f"{count(rows, 'vi')} dòng, {decimal(seconds, 'vi')} giây",
            f"{count(rows, 'en')} rows, {decimal(seconds, 'en')} s",
        ).say(self._lang)


@contextmanager
def watching(lang: Language) -> Iterator[Watch]:
    """Give what a run tells of its steps to."""
    with progress_bars(lang, Text("dòng", "rows")) as bars:
        yield _Lines(lang, bars)
