"""A small run written by hand: a few areas, two years of figures, a finding and an employer in each commune.

What is in an area is called after its code, so that a page that shows what it should not is found out by a word.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from baophu.areas.units import COUNTRY, tree
from baophu.core.months import last_day, months_later
from baophu.results import store
from baophu.results.store import Manifest
from baophu.web.index import TABLES, Indexed, index_file, write
from baophu.web.packed import pack

MONTH = date(2026, 10, 1)
PROVINCE, OTHER_PROVINCE = "79", "01"
COMMUNE, SIBLING = (area.code for area in tree().children(PROVINCE)[:2])
FAR = tree().children(OTHER_PROVINCE)[0].code
COMMUNES = (COMMUNE, SIBLING, FAR)
AREAS = (COUNTRY, PROVINCE, OTHER_PROVINCE, *COMMUNES)
MONTHS = tuple(months_later(MONTH, -back) for back in range(24, -1, -1))
COUNTED = {"si_total": 1_000, "si_compulsory": 900, "si_voluntary": 100, "hi_total": 4_000, "ui_total": 800}
SHARE = "si_coverage_labour_force"
VARIANTS = [
    {"variant": at, "indicator": name, "place": "managed", "scope": "all",
     "months": ",".join(f"{month:%Y-%m}" for month in MONTHS)}
    for at, name in enumerate((*COUNTED, SHARE))
]  # fmt: skip


RANKINGS = [
    {"peer_group": group, "criterion": "emulation", "indicator": "all", "scope": "all", "period": "2026-10",
     "places": json.dumps(places)}
    for group, places in (
        ("communes:79", [[COMMUNE, 1, 3, 91.5], [SIBLING, 2, 1, 80.0]]),
        ("provinces", [[PROVINCE, 1, 2, 88.0], [OTHER_PROVINCE, 2, None, 70.25]]),
    )
]  # fmt: skip
SPELLS = (
    ("compulsory", "2015-03-01", "2018-01-01", "a"),
    ("compulsory", "2019-01-01", None, "a"),
    ("health", "2019-01-01", None, "poor"),
)


def finding_id(commune: str) -> str:
    """The finding in a commune."""
    return f"F{commune}"


def employer_id(commune: str) -> str:
    """The employer in a commune."""
    return f"E{commune}"


def person(commune: str) -> str:
    """The name under which the site knows the person of the finding in a commune."""
    return f"{commune}{'0' * 19}"


def company(commune: str) -> str:
    """The name of the employer in a commune, which no other area's pages may say."""
    return f"Công ty Riêng {commune}"


def person_name(commune: str) -> str:
    """The name of the person in a commune."""
    return f"Trần Thị Riêng {commune}"


def pid(commune: str) -> str:
    """His personal number, which no page may say unasked."""
    return f"0790990{commune}"


def si_code(commune: str) -> str:
    """His insurance number, likewise."""
    return f"79123{commune}"


def weight(area: str) -> int:
    """How many of the communes lie in an area."""
    known = tree()
    return sum(area in (one, *(above.code for above in known.ancestors(one))) for one in COMMUNES)


def manifest() -> Manifest:
    """What the run says of itself."""
    at = datetime(2026, 11, 2, 8, tzinfo=UTC)
    return Manifest(
        run="20261102T080000000000Z", month=MONTH, as_of=last_day(MONTH), provisional=True, engine="duckdb",
        law_sha256="0" * 64, switches={}, program="0.1.0", begun_at=at, ended_at=at, seconds=1.0, memory=10**9,
        inputs=(), rows={"indicators": 1, "findings": 3}, steps=(),
    )  # fmt: skip


def write_run(home: Path, crowd: int = 0) -> Manifest:
    """Write the run and its index into a home; with a crowd, FAR has as many more findings, each of somebody else."""
    run = manifest()
    place = store.folder(home, run)
    place.mkdir(parents=True)
    (place / store.MANIFEST).write_text(run.model_dump_json(), encoding="utf-8")
    tables = {one.name: one for one in TABLES}
    file = index_file(home, run)
    file.parent.mkdir(parents=True, exist_ok=True)
    given = []
    for name, rows in _rows(crowd).items():
        table = tables[name]
        given.append((table, sorted((_tuple(table, row) for row in rows), key=lambda row, of=table: _key(of, row))))
    write(file, run, given)
    return run


def _tuple(table: Indexed, row: dict[str, Any]) -> tuple[Any, ...]:
    assert row.keys() <= set(table.columns), row
    return tuple(row.get(name) for name in table.columns)


def _key(table: Indexed, row: tuple[Any, ...]) -> list[str]:
    return [str(row[table.columns.index(name)]) for name in table.key]


def _rows(crowd: int) -> dict[str, list[dict[str, Any]]]:
    return {
        "variants": VARIANTS,
        "series": [row for area in AREAS for row in _series(area)],
        "forecasts": [row for area in AREAS for row in _forecasts(area)],
        "rankings": RANKINGS,
        "breakdowns": [row for area in AREAS for row in _breakdowns(area)],
        "due_groups": [
            {"employer_id": employer_id(one), "month": "2026-10-01",
             "alike": "[[\"a\",2,2,2,7,20000,20000,20000,6000,2000,1000,5000,0]]"}
            for one in COMMUNES
        ],
        "employer_letters": [
            {"employer_id": employer_id(one), "region": "I", "letters": "[[\"2026-09-01\",\"2026-11-05\"]]"}
            for one in COMMUNES
        ],
        "employer_workers": [
            {"employer_id": employer_id(one), "tax_code": "0301234567", "employers": 1,
             "months": "[[\"2026-09-01\",null,7,0],[\"2026-10-01\",9,7,2]]"}
            for one in COMMUNES
        ],
        "findings": [*(_finding(one) for one in COMMUNES), *(_further(FAR, place) for place in range(crowd))],
        "finding_counts": [
            {"area_code": area, "kind": "uninsured_worker", "status": "open",
             "findings": weight(area) + (crowd if area in (COUNTRY, OTHER_PROVINCE, FAR) else 0), "amount": 1_000}
            for area in AREAS
        ],
        "employers": [_employer(one) for one in COMMUNES],
        "dues": [
            {"employer_id": employer_id(one), "month": "2026-10-01", "due_date": "2026-11-30", "participants": 7,
             "due": 9_000, "paid": 4_000, "outstanding": 5_000, "due_si": 6_000, "due_hi": 2_000, "due_ui": 1_000,
             "paid_si": 4_000, "paid_hi": 0, "paid_ui": 0}
            for one in COMMUNES
        ],
        "charges": [
            {"employer_id": employer_id(one), "month": "2026-09-01", "fund": "si", "clause": "38(1)", "class": "late",
             "amount": 5_000, "first_day": "2026-11-01", "days": 1, "charge": 2, "as_of": "2026-10-31"}
            for one in COMMUNES
        ],
        "steps": [
            {"employer_id": employer_id(one), "month": "2026-09-01", "outstanding": 5_000, "days_late": 3,
             "evasion_from": "2027-01-01", "demand_by": "2026-11-15", "step": "list", "step_on": "2026-11-15"}
            for one in COMMUNES
        ],
        "duty_counts": [
            {"area_code": area, "what": what, "due_on": on, "employers": weight(area), "amount": amount}
            for area in AREAS
            for what, on, amount in (("list", "2026-11-15", 5_000 * weight(area)), ("pays_monthly", "", 0))
        ],
        "persons": [
            {"person": person(one), "full_name": person_name(one), "birth_year": 1985, "sex": "F", "area_code": one,
             "province": _province(one), "pid": pid(one), "ethnic": "other", "poverty": "poor"}
            for one in COMMUNES
        ],
        "person_numbers": [
            {"person": person(one), "si_code": si_code(one), "status": "accepted", "rule": "number", "score": 1.0,
             "rivals": 0, "registered_on": "2015-03-01"}
            for one in COMMUNES
        ],
        "person_spells": [
            {"person": person(one), "place": place, "scheme": scheme, "start_month": start, "end_month": end,
             "group_code": group, "employer_id": employer_id(one), "area_code": one}
            for one in COMMUNES for place, (scheme, start, end, group) in enumerate(SPELLS)
        ],
        "person_benefits": [
            {"person": person(one), "benefit": "unemployment", "from_month": "2018-02-01", "to_month": "2018-06-01",
             "months": 5}
            for one in COMMUNES
        ],
    }  # fmt: skip


def _series(area: str) -> list[dict[str, Any]]:
    sizes = [*((size, None) for size in COUNTED.values()), (1_000, weight(area) * 4_000)]
    return [
        {"area_code": area, "variant": at, "numerators": pack([weight(area) * (size + 10 * no) for no in range(25)]),
         "denominators": pack([of]), "sources": pack(["NSO 2026" if of else None]), "completeness": pack([0.97])}
        for at, (size, of) in enumerate(sizes)
    ]  # fmt: skip


def _forecasts(area: str) -> list[dict[str, Any]]:
    """Ten more each month than the month before, up to the end of 2030; the band widens by one."""
    found = []
    for scheme, size in (("compulsory", 900), ("voluntary", 100)):
        middle = [weight(area) * (size + 240 + 10 * at) for at in range(1, 51)]
        told = {
            "p10": [one - at for at, one in enumerate(middle)], "p50": middle,
            "p90": [one + at for at, one in enumerate(middle)],
        }  # fmt: skip
        found.append(
            {"area_code": area, "scheme": scheme, "first": "2026-11-01", "model": "drift", "beats_naive": 0,
             "why": "no_better", **{name: json.dumps(values) for name, values in told.items()}}
        )  # fmt: skip
    return found


def _breakdowns(area: str) -> list[dict[str, Any]]:
    people = weight(area)
    return [
        {"area_code": area, "scheme": "any_si", "dimension": "sex",
         "members": json.dumps([["F", 744 * people, 700 * people], ["M", 496 * people, 500 * people]])},
        {"area_code": area, "scheme": "health", "dimension": "grp",
         "members": json.dumps([["household", 4_000 * people, 4_000 * people], ["poor", 3, 4]])},
    ]  # fmt: skip


def _province(commune: str) -> str:
    return str(tree().get(commune).parent)


def _finding(commune: str) -> dict[str, Any]:
    return {
        "finding_id": finding_id(commune), "kind": "uninsured_worker", "area_code": commune,
        "province": _province(commune), "pid": pid(commune), "employer_id": employer_id(commune),
        "tax_code": "0301234567", "from_month": "2026-05-01", "to_month": "2026-10-01", "amount": 1_000,
        "priority": 0.5, "reason": "employer_not_registered", "evidence": f'{{"name":"{company(commune)}"}}',
        "first_seen": "2026-10-31", "status": "open", "deadline_month": "2026-12-01", "person": person(commune),
        "months": 6, "part_money": 150, "part_months": 650, "part_sure": 800, "part_deadline": 650,
        "part_success": 600,
    }  # fmt: skip


def _further(commune: str, place: int) -> dict[str, Any]:
    return _finding(commune) | {
        "finding_id": f"{finding_id(commune)}-{place:05}", "pid": f"0010900{place:05}", "person": None, "priority": 0.4,
    }  # fmt: skip


def _employer(commune: str) -> dict[str, Any]:
    return {
        "employer_id": employer_id(commune), "name": company(commune), "tax_code": "0301234567", "area_code": commune,
        "province": _province(commune), "sector": "private", "status": "active", "pay_method": "monthly",
        "participants": 7, "outstanding": 5_000, "owes_since": "2026-10-01", "late": 5_000, "evaded": 0, "charge": 2,
        "findings": 1,
    }  # fmt: skip
