"""Reads a spec: small text tables in, expected values out. The handbook's pages are made from the same files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from baophu.core.languages import Text, same
from baophu.indicators.published import Book, Figure
from baophu.targets.decisions import Assigned, Decision, Issued, Phase, Target, target_of

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One example: what it shows, the tables it starts from, the rows that must come out."""

    name: str
    title: Text
    says: Text
    as_of: date
    figures: list[dict[str, str]]
    armed_forces: list[dict[str, str]]
    targets: list[dict[str, str]]
    expect: list[dict[str, str]]


def table(text: str) -> list[dict[str, str]]:
    """Read a table whose columns are parted by bars."""
    head, *lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    assert all(len(line) == len(head) for line in lines), f"a line of another width: {text}"
    return [dict(zip(head, line, strict=True)) for line in lines]


def cases(folder: str) -> list[Case]:
    """Read the cases of one folder, in the order of their files."""
    return [_case(path) for path in sorted((FOLDER / folder).glob("*.yaml"))]


def _case(path: Path) -> Case:
    raw: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    tables = {name: table(raw.get(name, "-")) for name in ("figures", "armed_forces", "targets", "expect")}
    return Case(path.stem, Text(**raw["title"]), Text(**raw["says"]), raw["as_of"], **tables)


def book(case: Case) -> Book:
    """Make the figures of a case."""
    figures = [
        Figure(
            area_code=row.get("area", "00"),
            date=date.fromisoformat(row["date"]),
            indicator=row["indicator"],
            scope=row.get("scope", "all"),  # type: ignore[arg-type]
            value=Decimal(row["value"]),
            growth=Decimal(row["growth"]) if row.get("growth") else None,
            kind="counted",
            qualifier=row.get("qualifier", ""),  # type: ignore[arg-type]
            used=True,
            why="",
            note="",
            source="spec",
        )
        for row in case.figures
    ]
    armed = {
        (row["indicator"], row.get("area", "00"), date.fromisoformat(row["date"])): Fraction(row["people"])
        for row in case.armed_forces
    }
    return Book(figures, armed)


def targets(case: Case) -> list[Target]:
    """Make the targets of a case; lines of one decision share its phases."""
    phases: dict[str, list[Phase]] = {}
    for row in case.targets:
        if row.get("share"):
            phases.setdefault(row["decision"], []).append(
                Phase(id=row["share"], date=row["by"], share=row["share"], name=same(row["share"]))  # type: ignore[arg-type]
            )
    made = []
    for row in case.targets:
        decision = Decision(
            id=row["decision"],
            number=row["decision"],
            title=same(row["decision"]),
            issuer=same("spec"),
            issued=Issued(on=row.get("issued") or "2020-01-01"),  # type: ignore[arg-type]
            rank=row.get("rank") or "decided",  # type: ignore[arg-type]
            sources=("spec",),
            phases=tuple(phases.get(row["decision"], ())),
        )
        direction = row.get("direction") or "at_least"
        assigned = Assigned.model_validate(
            {
                "indicator": row["indicator"],
                "area_code": row.get("area", "00"),
                "scope": row.get("scope") or "all",
                "period_end": row["by"],
                "base_date": row["from"],
                "value": row.get("value") or None,
                "high": row.get("high") or None,
                "direction": direction,
                "bound": row.get("bound") or "",
                "phase": row.get("share") or None,
                "yearly": row.get("yearly") == "yes",
            }
        )
        made.append(target_of(decision, assigned))
    return made
