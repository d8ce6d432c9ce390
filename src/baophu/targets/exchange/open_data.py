"""The open-data package of a month: CSV tables and `datapackage.json`, a Frictionless tabular data package."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import baophu
from baophu.areas.units import tree
from baophu.core.hashes import sha256_of
from baophu.indicators.catalogue import catalogue
from baophu.results.store import Manifest
from baophu.targets.exchange.formats import as_csv
from baophu.targets.exchange.values import Sent

_VALUES: dict[str, tuple[str, str]] = {
    "area_code": ("string", "The area; 00 the country, 2 digits a province, 5 digits a commune"),
    "month": ("yearmonth", "The month of a value; of a target the month in which it is due"),
    "indicator": ("string", "Id in indicators.csv"),
    "measure": ("string", "value (measured) or target (assigned)"),
    "place": ("string", "managed: where the employer or office manages them; resident: where they live"),
    "scope": ("string", "all: with the armed forces; without_armed_forces"),
    "value": ("number", "In the unit of the indicator; shares are fractions of 1; empty where it is withheld"),
    "numerator": ("integer", "What was counted; empty where it is withheld"),
    "denominator": ("integer", "What a share is of"),
    "denominator_source": ("string", "Source and year of the denominator"),
    "status": ("string", "shown, or withheld: a small figure, or one by which a small one could be had back"),
}
_AREAS: dict[str, tuple[str, str]] = {
    "area_code": ("string", "Code of the area"),
    "name_vi": ("string", "Full name in Vietnamese"),
    "name_en": ("string", "Full name in English"),
    "level": ("string", "country, province or commune"),
    "parent": ("string", "Code of the area above; empty for the country"),
}
_INDICATORS: dict[str, tuple[str, str]] = {
    "indicator": ("string", "Id of the indicator"),
    "name_vi": ("string", "Name in Vietnamese"),
    "name_en": ("string", "Name in English"),
    "unit": ("string", "person, employer, share (a fraction of 1), vnd or usd"),
    "definition_vi": ("string", "Definition in Vietnamese"),
    "definition_en": ("string", "Definition in English"),
}


def write_package(values: Sequence[Sent], run: Manifest, folder: Path, licence: str | None, created: date) -> None:
    """Write the package into a folder that is there and empty. `licence` is the address of the licence, if any."""
    areas, codes = tree(run.month), sorted({one.area_code for one in values})
    names = sorted({one.indicator for one in values})
    records = [catalogue()[name] for name in names]
    tables: dict[str, tuple[dict[str, tuple[str, str]], Sequence[Sequence[object]], list[str]]] = {
        "values": (
            _VALUES,
            [_row(one) for one in values],
            ["area_code", "month", "indicator", "measure", "place", "scope"],
        ),
        "areas": (
            _AREAS,
            [
                (area.code, area.full_name, area.full_name_en, area.level, area.parent or "")
                for area in map(areas.get, codes)
            ],
            ["area_code"],
        ),
        "indicators": (
            _INDICATORS,
            [(one.id, one.name.vi, one.name.en, one.unit, one.definition.vi, one.definition.en) for one in records],
            ["indicator"],
        ),
    }
    resources = []
    for name, (fields, rows, key) in tables.items():
        text = as_csv(list(fields), rows)
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        resources.append(_resource(name, fields, key, text))
    resources[0]["schema"]["foreignKeys"] = [
        {"fields": "area_code", "reference": {"resource": "areas", "fields": "area_code"}},
        {"fields": "indicator", "reference": {"resource": "indicators", "fields": "indicator"}},
    ]
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": f"baophu-{run.month:%Y-%m}",
        "id": run.run,
        "title": f"Social insurance coverage, {run.month:%Y-%m}",
        "description": "Small figures are withheld, and others by which they could be had back. "
        "Missing is not zero." + (" The month is provisional." if run.provisional else ""),
        "version": f"{run.month:%Y.%m}+{run.run}",
        "created": created.isoformat(),
        "sources": [{"title": f"baophu {baophu.__version__}, run {run.run} as of {run.as_of}"}],
        "resources": resources,
    }
    if licence:
        package["licenses"] = [{"path": licence}]
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _row(one: Sent) -> list[object]:
    return [
        one.area_code,
        f"{one.month:%Y-%m}",
        one.indicator,
        one.kind,
        one.place,
        one.scope,
        one.text,
        "" if one.numerator is None else one.numerator,
        "" if one.denominator is None else one.denominator,
        one.denominator_source,
        "withheld" if one.withheld else "shown",
    ]


def _resource(name: str, fields: dict[str, tuple[str, str]], key: list[str], text: str) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(text.encode()),
        "hash": f"sha256:{sha256_of(text)}",
        "schema": {
            "fields": [{"name": field, "type": kind, "description": words} for field, (kind, words) in fields.items()],
            "missingValues": [""],
            "primaryKey": key,
        },
    }
