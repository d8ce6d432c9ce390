"""The forms of other systems: DHIS2's dataValueSets (JSON), ADX (IHE QRPH, XML), SDMX-CSV 2.0 with its code lists."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

from baophu.areas.units import tree
from baophu.indicators.catalogue import SCOPES, UNITS, catalogue
from baophu.targets.exchange.values import Sent
from baophu.targets.measured import PLACES

DATA_SET = "BAOPHU"
ADX_NAMESPACE = "urn:ihe:qrph:adx:2015"
DATAFLOW = "BAOPHU:DF_COVERAGE(1.0.0)"
SDMX_COLUMNS = (
    *("STRUCTURE", "STRUCTURE_ID", "ACTION", "FREQ", "REF_AREA", "INDICATOR", "PLACE", "SCOPE", "MEASURE"),
    *("TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "UNIT_MEASURE"),
)


def dhis2(values: Iterable[Sent]) -> str:
    """Return the JSON that DHIS2 takes at `/api/dataValueSets`: areas and data elements by their codes.

    What is withheld is not sent: DHIS2 has no value that says so. A month is `202610`, a target's year `2026`.
    """
    told: dict[str, Any] = {
        "dataElementIdScheme": "CODE",
        "orgUnitIdScheme": "CODE",
        "dataValues": [
            {
                "dataElement": one.element,
                "period": f"{one.month:%Y}" if one.kind == "target" else f"{one.month:%Y%m}",
                "orgUnit": one.area_code,
                "value": one.text,
            }
            for one in values
            if not one.withheld
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def adx(values: Iterable[Sent], exported: datetime | None = None) -> str:
    """Return an ADX message: a group for each area and period, in it a `dataValue` for each data element.

    The shape is that of the profile's own schema (namespace `urn:ihe:qrph:adx:2015`): `exported`, `orgUnit`, `period`
    (`2026-10-01/P1M`), `dataElement` and `value` are required; a group has at least one value.
    """
    ElementTree.register_namespace("", ADX_NAMESPACE)
    moment = (exported or datetime.now(UTC)).isoformat(timespec="seconds")
    root = ElementTree.Element(f"{{{ADX_NAMESPACE}}}adx", exported=moment)
    groups: dict[tuple[str, str], ElementTree.Element] = {}
    for one in values:
        if one.withheld:
            continue
        period = f"{one.month:%Y}-01-01/P1Y" if one.kind == "target" else f"{one.month:%Y-%m-%d}/P1M"
        key = (one.area_code, period)
        if key not in groups:
            groups[key] = ElementTree.SubElement(
                root, f"{{{ADX_NAMESPACE}}}group", dataSet=DATA_SET, orgUnit=one.area_code, period=period
            )
        ElementTree.SubElement(groups[key], f"{{{ADX_NAMESPACE}}}dataValue", dataElement=one.element, value=one.text)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def sdmx_csv(values: Iterable[Sent]) -> str:
    """Return SDMX-CSV 2.0: the structure columns, the dimensions, the value, its attributes.

    `OBS_STATUS` is `A` (normal), or `Q` (suppressed) with an empty value.
    """
    rows = [
        [
            *("dataflow", DATAFLOW, "I"),
            "A" if one.kind == "target" else "M",
            one.area_code,
            one.indicator,
            one.place,
            one.scope,
            one.kind,
            f"{one.month:%Y}" if one.kind == "target" else f"{one.month:%Y-%m}",
            one.text,
            "Q" if one.withheld else "A",
            catalogue()[one.indicator].unit,
        ]
        for one in values
    ]
    return as_csv(SDMX_COLUMNS, rows)


def code_lists(values: Sequence[Sent]) -> str:
    """Return the codes that the values use, with their words: `codelist,code,name_vi,name_en`."""
    areas = tree()
    rows: list[list[str]] = []
    for code in sorted({one.area_code for one in values}):
        area = areas.get(code)
        rows.append(["CL_AREA", code, area.full_name, area.full_name_en])
    for name in sorted({one.indicator for one in values}):
        record = catalogue()[name]
        rows.append(["CL_INDICATOR", name, record.name.vi, record.name.en])
    for unit in sorted({catalogue()[one.indicator].unit for one in values}):
        rows.append(["CL_UNIT", unit, UNITS[unit].vi, UNITS[unit].en])
    rows += [["CL_PLACE", place, words.vi, words.en] for place, words in PLACES.items()]
    rows += [["CL_SCOPE", scope, words.vi, words.en] for scope, words in SCOPES.items()]
    rows += [
        ["CL_MEASURE", "value", "Giá trị đo được", "Measured value"],
        ["CL_MEASURE", "target", "Chỉ tiêu được giao", "Assigned target"],
        ["CL_FREQ", "M", "Tháng", "Monthly"],
        ["CL_FREQ", "A", "Năm", "Annual"],
        ["CL_OBS_STATUS", "A", "Bình thường", "Normal value"],
        ["CL_OBS_STATUS", "Q", "Không công bố vì số nhỏ", "Suppressed"],
    ]
    return as_csv(("codelist", "code", "name_vi", "name_en"), rows)


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV under their columns (RFC 4180, lines ended by a line feed)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()
