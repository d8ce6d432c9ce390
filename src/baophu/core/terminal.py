"""What commands show on the terminal: tables that fold their texts, and keep whole lines when they are piped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from baophu.core.languages import Language, Text
from baophu.core.numbers import count

# Told while something long is done: which step, how much of it is done, how much there is.
Progress = Callable[[str, int, int], None]


def print_table(
    lang: Language,
    headings: Iterable[Text],
    rows: Iterable[Sequence[str]],
    *,
    title: str = "",
    width: int = 140,
    whole_names: bool = False,
) -> None:
    """Print rows under their headings.

    `width` is that of what is piped into a file, which keeps whole lines. With `whole_names` the first column, a name
    that can be typed back, is never broken.
    """
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for number, heading in enumerate(headings):
        table.add_column(heading.say(lang), overflow="fold", no_wrap=whole_names and number == 0)
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    console = Console(width=None if sys.stdout.isatty() else width, highlight=False)
    if title:
        console.print(f"\n[bold]{escape(title)}[/bold]")
    console.print(table)


@contextmanager
def progress_bars(lang: Language, unit: Text) -> Iterator[Progress | None]:
    """Show a bar for each step, with rate and time left, where a person looks on; give None where nobody does."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    with Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    ) as bars:
        tasks = {}

        def told(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total, rate="")
            speed = bars.tasks[tasks[step]].speed
            rate = f"{count(int(speed), lang)} {unit.say(lang)}/s" if speed else ""
            bars.update(tasks[step], completed=done, total=total, rate=rate)

        yield told
