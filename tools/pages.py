"""What the tools that make pages of the documentation share: tables, and writing the pages or checking them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path


def cell(words: str) -> str:
    """Put words into a cell of a table."""
    return " ".join(words.split()).replace("|", "\\|")


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield a table of cells, and an empty line behind it."""
    named = list(heads)
    yield f"| {' | '.join(named)} |"
    yield f"| {' | '.join('---' for _ in named)} |"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def table_of_words(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield a table of words as they come, each put into its cell."""
    return table(heads, ([cell(words) for words in row] for row in rows))


def main(pages: Mapping[str, Callable[[], str]], folder: Path, description: str | None) -> int:
    """Write each page into the folder under its name; with `--check` only compare, and return 1 where one differs."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a page differs")
    parser.add_argument("--out", type=Path, default=folder, help="the folder of the pages")
    given = parser.parse_args()
    stale = []
    for name, make in pages.items():
        path, page = given.out / name, make()
        if given.check:
            if not path.exists() or path.read_text(encoding="utf-8") != page:
                stale.append(str(path))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page, encoding="utf-8", newline="\n")
    if stale:
        print(f"Out of date: {', '.join(stale)}. Run: python {sys.argv[0]}", file=sys.stderr)
    return 1 if stale else 0
