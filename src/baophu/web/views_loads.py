"""What came into the registers: each load with its counts, why rows went back, who sent it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from baophu.core.languages import Text
from baophu.registers import store
from baophu.registers.contracts import Contract, contracts
from baophu.registers.rejects import reason
from baophu.results.masking import masked_value
from baophu.web.accounts.rights import Right
from baophu.web.lists import Chip, address, at
from baophu.web.reading import PAGE
from baophu.web.rules import rule
from baophu.web.templatetags.baophu import language, said

STATES = {
    "stands": ("met", Text("Đang dùng", "In use")),
    "replaced": ("unknown", Text("Đã có lần nạp mới thay", "Replaced by a later load")),
    "undone": ("late", Text("Đã bỏ", "Undone")),
}


@rule(Right.LOADS, looks_up=True)
@require_safe
def loads(request: HttpRequest) -> HttpResponse:
    """List the loads, the newest first; of one table where the address names it. Counts only, of no area or person."""
    every, states = known(settings.HOME)
    present = {one.table for one in every}
    table = request.GET.get("table") if request.GET.get("table") in present else None
    chosen = [one for one in reversed(every) if table in (None, one.table)]
    begun = at(request.GET)
    path = reverse("loads")
    return render(
        request,
        "web/loads.html",
        {
            "tables": [Chip(said(Text("Tất cả", "All")), path, table is None, len(every))]
            + [
                Chip(said(about.title), address(path, table=name), name == table, sum(o.table == name for o in every))
                for name, about in contracts().items()
                if name in present
            ],
            "rows": [shown(one, states[one.load]) for one in chosen[begun : begun + PAGE]],
            "read": sum(one.read for one in chosen),
            "rejected": sum(one.rejected for one in chosen),
            "count": len(chosen),
            "first": begun + 1,
            "last": min(begun + PAGE, len(chosen)),
            "next": address(path, table=table, at=begun + PAGE) if begun + PAGE < len(chosen) else None,
            "start": address(path, table=table) if begun else None,
        },
    )


def shown(one: store.Manifest, state: str) -> dict[str, Any]:
    """Return what the list says of a load."""
    about = contracts().get(one.table)
    return {
        "load": one.load,
        "title": about.title if about else Text(one.table, one.table),
        "loaded_at": one.loaded_at,
        "months": one.months,
        "read": one.read,
        "loaded": one.loaded,
        "rejected": one.rejected,
        "held": one.held,
        "supplier": one.basis.supplier or (about.owner.say(language()) if about else ""),
        "purpose": one.basis.purpose,
        "files": [masked_value("file", f"{given.name} {given.sheet}".strip()) for given in one.inputs],
        "reasons": _counted(about, one.reasons),
        "warnings": _counted(about, one.warnings),
        "state": STATES[state],
    }


def known(home: Path) -> tuple[list[store.Manifest], dict[str, str]]:
    """Return the loads, the oldest first, and of each whether it is in use."""
    return _known(home, _changed(home))


def _changed(home: Path) -> int:
    """Return when a load, an undoing or a purge was last noted."""
    file = store.ledger_file(home)
    return file.stat().st_mtime_ns if file.exists() else 0


@lru_cache(maxsize=2)
def _known(home: Path, changed: int) -> tuple[list[store.Manifest], dict[str, str]]:
    """Return the loads, and of each whether it is in use, as of a change of the ledger."""
    del changed
    every = store.loads(home)
    states = {one.load: "replaced" for one in every}
    for table in {one.table for one in every}:
        states |= {one.load: "stands" for one in store.standing(home, table)}
        states |= dict.fromkeys(store.undone(home, table), "undone")
    return every, states


def _counted(about: Contract | None, counts: dict[str, int]) -> list[tuple[int, str, str]]:
    """Say how many rows each reason holds for: number, column, words."""
    found = []
    for told, number in sorted(counts.items(), key=lambda one: -one[1]):
        column, _, code = told.partition("|")
        words = reason(about, column, code).say(language()) if about else code
        found.append((number, _column(about, column), words))
    return found


def _column(about: Contract | None, name: str) -> str:
    known = about is not None and any(column.name == name for column in about.columns)
    return about.column(name).title.say(language()) if about is not None and known else name
