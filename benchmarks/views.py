"""How long any view of figures takes: every indicator and filter of many areas, each looked at once; against 50 ms.

    python benchmarks/views.py --home HOME [--communes 300] [--work FOLDER]

The home needs a run; it is only read. A folder of its own holds the index of the run, where the home has none yet.
Of each kind of view the median, the 99th percentile and the slowest are told, with what that showed. CPU milliseconds
are held against the limit, since wall time is that of whoever else uses the machine; it stands beside. What a page adds
(its template, the way over the network) is measured by `serving.py`.
"""

from __future__ import annotations

import argparse
import atexit
import gc
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from serving import own_home

LIMIT = 0.050
STATES = (None, "open", "closed")


def views(home: Path, communes: int) -> Iterator[tuple[str, Callable[..., Any], tuple[Any, ...]]]:
    """Yield the kind of each view, what reads it, and what it is asked for."""
    from baophu.areas.units import COUNTRY, tree
    from baophu.indicators.catalogue import catalogue
    from baophu.indicators.codes import SCHEMES
    from baophu.targets import following_reading as terminal
    from baophu.web import figures
    from baophu.web.accounts.rights import Right
    from baophu.web.accounts.scope import Held, Scope
    from baophu.web.index import FINDING_SORTS, bring_up_to_date
    from baophu.web.reading import Reader, newest_indexed
    from baophu.web.warming import warm

    bring_up_to_date(home)
    run = newest_indexed(home)
    if run is None:
        sys.exit("this home has no run")
    reader = Reader(home, run, Scope((Held(frozenset(Right), frozenset({COUNTRY})),)))
    every = [one.code for one in tree().communes]
    chosen = random.Random(7).sample(every, min(communes, len(every)))  # noqa: S311 (which to look at)
    areas = [COUNTRY, *(one.code for one in tree().provinces), *chosen]
    kinds = sorted({row["kind"] for row in reader.finding_counts(COUNTRY)})

    def of_card(area: str, name: str) -> Any:
        return figures.card(reader, area, figures.goals(reader, area), name)

    def of_children(area: str, name: str) -> Any:
        return figures.children(reader, area, figures.trend(reader, area, name))

    def of_findings(area: str, kind: str | None, status: str | None, sort: str) -> Any:
        return reader.findings(area, kind, status, sort=sort)

    def of_progress(area: str) -> Any:
        return terminal.progress_rows(home, run, [area])

    def of_ranks(area: str) -> Any:
        return terminal.ranks_of(home, run, area)

    # What a process of the server has read before its first request.
    warm()
    of_progress(COUNTRY)
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)
    for area in areas:
        for name in catalogue():
            yield "an indicator with its target, trend, forecast", of_card, (area, name)
            yield "an indicator in the areas below", of_children, (area, name)
            yield "places by an indicator", reader.places, (area, name)
        yield "places by the emulation score", reader.places, (area, "all")
        yield "all indicators of an area", partial(figures.cards, reader), (area,)
        yield "targets of an area", partial(figures.goals, reader), (area,)
        for scheme in SCHEMES:
            yield "who takes part, by dimension", reader.breakdown, (area, scheme)
        yield "findings by kind and state", reader.finding_counts, (area,)
        yield "open findings of the areas below", reader.open_below, (area,)
        for asked in product((None, *kinds), STATES, FINDING_SORTS):
            yield "a page of findings", of_findings, (area, *asked)
        yield "a page of employers", reader.employers, (area,)
        yield "duties of employers by day", reader.duty_counts, (area,)
    for area in areas[:50]:
        yield "terminal: progress of an area", of_progress, (area,)
        yield "terminal: places of an area", of_ranks, (area,)


def main() -> None:
    """Look at every view once, and print how long each kind took."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 1)[0])
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--communes", type=int, default=300)
    parser.add_argument("--work", type=Path, default=None)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="baophu-views-", dir=given.work) as folder:
        home = own_home(given.home.absolute(), Path(folder))
        from baophu.web.serving import begin

        begin(home)
        taken: dict[str, list[tuple[float, float, str]]] = {}
        for kind, read, asked in views(home, given.communes):
            begun, used = time.perf_counter(), time.process_time()
            read(*asked)
            cpu, wall = time.process_time() - used, time.perf_counter() - begun
            taken.setdefault(kind, []).append((cpu, wall, " ".join(map(str, asked))))
    print(f"{'CPU milliseconds':48}{'views':>8}{'median':>8}{'p99':>8}{'slowest':>8}{'of 50':>7}   wall: slowest")
    for kind, found in taken.items():
        found.sort()
        cpus = [cpu for cpu, _, _ in found]
        shown = (statistics.median(cpus), cpus[int(len(cpus) * 0.99)], cpus[-1])
        times = "".join(f"{one * 1000:8.1f}" for one in shown)
        longest = max(wall for _, wall, _ in found) * 1000
        print(f"{kind:48}{len(found):8}{times}{shown[-1] / LIMIT:7.2f}{longest:10.1f}  {found[-1][2]}", flush=True)
    every = sorted(one for found in taken.values() for one in found)
    median, worst = every[len(every) // 2][0], every[-1][0]
    print(f"all views: median {median * 1000:.1f} ms, slowest {worst * 1000:.1f} ms, {worst / LIMIT:.2f} of the limit")


if __name__ == "__main__":
    main()
