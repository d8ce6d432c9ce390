"""What commands show on the terminal: tables that fold their texts, and keep whole lines when they are piped."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from baophu.core.languages import Language, Text


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
