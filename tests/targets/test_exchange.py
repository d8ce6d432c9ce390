"""Values and targets as other systems take them, and nothing of a few people in them."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from made_runs import MONTH, indicators, made_run
from typer.testing import CliRunner

from baophu.areas.units import tree
from baophu.cli import Settings, app
from baophu.core.errors import BaophuError
from baophu.indicators.disclosure import THRESHOLD
from baophu.targets.exchange import formats
from baophu.targets.exchange.reading import reported_rows
from baophu.targets.exchange.release import released
from baophu.targets.exchange.values import Sent, down_to, values_of

COMMUNES = [area.code for area in tree().children("04")]
# What DHIS2 takes at /api/dataValueSets, of the parts that are written here.
DATA_VALUE_SETS = {
    "type": "object",
    "required": ["dataValues"],
    "additionalProperties": False,
    "properties": {
        "dataElementIdScheme": {"const": "CODE"},
        "orgUnitIdScheme": {"const": "CODE"},
        "dataValues": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["dataElement", "period", "orgUnit", "value"],
                "additionalProperties": False,
                "properties": {
                    "dataElement": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$", "maxLength": 50},
                    "period": {"type": "string", "pattern": r"^\d{4}(0[1-9]|1[0-2])?$"},
                    "orgUnit": {"type": "string", "pattern": r"^\d{2}(\d{3})?$"},
                    "value": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
                },
            },
        },
    },
}


def value(area: str, people: int, indicator: str = "si_total") -> Sent:
    return Sent("value", area, MONTH, indicator, "all", "managed", Decimal(people), people)


def target(area: str, people: int) -> Sent:
    return Sent("target", area, date(2026, 12, 1), "si_total", "all", "managed", Decimal(people))


SENT = [value("00", 900), target("00", 1_000), value("04", 500)]


def test_dhis2_takes_it() -> None:
    told = json.loads(formats.dhis2(SENT))
    Draft202012Validator(DATA_VALUE_SETS).validate(told)
    assert told["dataValues"][:2] == [
        {"dataElement": "si_total", "period": "202610", "orgUnit": "00", "value": "900"},
        {"dataElement": "si_total_target", "period": "2026", "orgUnit": "00", "value": "1000"},
    ]


def test_adx_has_the_shape_of_the_profile_s_schema() -> None:
    moment = datetime(2026, 11, 5, 8, 0, tzinfo=UTC)
    root = ElementTree.fromstring(formats.adx(SENT, moment))  # noqa: S314 (made here)
    name = "{urn:ihe:qrph:adx:2015}"
    assert root.tag == f"{name}adx"
    assert datetime.fromisoformat(root.attrib["exported"]) == moment
    groups = list(root)
    assert [group.tag for group in groups] == [f"{name}group"] * 3
    for group in groups:
        assert set(group.attrib) == {"orgUnit", "period", "dataSet"}
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}/P1[MY]", group.attrib["period"])
        assert len(group) >= 1
        for one in group:
            assert one.tag == f"{name}dataValue"
            assert set(one.attrib) == {"dataElement", "value"}
            assert Decimal(one.attrib["value"]) > 0
    assert groups[0].attrib["period"] == "2026-10-01/P1M"


def test_sdmx_csv_begins_with_the_structure_and_every_code_is_in_the_lists() -> None:
    rows = list(csv.DictReader(io.StringIO(formats.sdmx_csv(released([*SENT, value(COMMUNES[0], 3)])))))
    assert list(rows[0])[:3] == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
    assert {row["STRUCTURE"] for row in rows} == {"dataflow"}
    assert all(re.fullmatch(r"[A-Z]+:[A-Z_]+\(\d+\.\d+\.\d+\)", row["STRUCTURE_ID"]) for row in rows)
    assert [row["TIME_PERIOD"] for row in rows] == ["2026-10", "2026", "2026-10", "2026-10"]
    small = rows[-1]
    assert (small["OBS_VALUE"], small["OBS_STATUS"]) == ("", "Q")
    lists: dict[str, set[str]] = {}
    for row in csv.DictReader(io.StringIO(formats.code_lists([*SENT, value(COMMUNES[0], 3)]))):
        lists.setdefault(row["codelist"], set()).add(row["code"])
        assert row["name_vi"]
        assert row["name_en"]
    columns = {"REF_AREA": "CL_AREA", "INDICATOR": "CL_INDICATOR", "PLACE": "CL_PLACE", "SCOPE": "CL_SCOPE"}
    columns |= {"MEASURE": "CL_MEASURE", "FREQ": "CL_FREQ", "OBS_STATUS": "CL_OBS_STATUS", "UNIT_MEASURE": "CL_UNIT"}
    for column, name in columns.items():
        assert {row[column] for row in rows} <= lists[name]


def test_an_average_of_a_few_people_is_withheld_with_how_many_they_are() -> None:
    def average(area: str, people: int) -> Sent:
        name, base = "avg_monthly_contribution_base", Decimal(6_000_000)
        return Sent("value", area, MONTH, name, "all", "managed", base, 6_000_000 * people, people)

    few, other, most = COMMUNES[:3]
    sent = [average(few, 3), average(other, 40), average(most, 5_000), average("04", 5_043)]
    told = {one.area_code: one for one in released(sent)}
    # The second goes too: else the first could be had from the province's figures.
    assert {area for area, one in told.items() if one.withheld} == {few, other}
    assert {(told[area].value, told[area].numerator, told[area].denominator) for area in (few, other)} == {(None,) * 3}
    assert (told["04"].value, told["04"].denominator) == (6_000_000, 5_043)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=3, max_size=12), st.lists(st.integers(0, 60), min_size=12, max_size=12))
def test_no_small_figure_is_had_back_from_a_sum(compulsory: list[int], voluntary: list[int]) -> None:
    values = []
    both = list(zip(COMMUNES, compulsory, voluntary, strict=False))
    for area, one, two in [*both, ("04", sum(compulsory), sum(two for _, _, two in both))]:
        values += [value(area, one, "si_compulsory"), value(area, two, "si_voluntary"), value(area, one + two)]
    shown = {(one.indicator, one.area_code): one for one in released(values)}
    for one in values:
        if 0 < int(one.value or 0) < THRESHOLD:
            assert shown[one.indicator, one.area_code].value is None
    sums = [
        [(name, "04"), *((name, area) for area, _, _ in both)] for name in ("si_compulsory", "si_voluntary", "si_total")
    ]
    sums += [
        [(name, area) for name in ("si_total", "si_compulsory", "si_voluntary")]
        for area in (*COMMUNES[: len(both)], "04")
    ]
    for members in sums:
        assert sum(shown[key].withheld for key in members) != 1


def test_the_armed_forces_give_no_small_figure_back() -> None:
    others = [value(area, 400) for area in COMMUNES[1:4]]
    with_them = [Sent("value", COMMUNES[0], MONTH, "si_total", "all", "managed", Decimal(1003), 1003), *others]
    without = [
        Sent("value", one.area_code, MONTH, "si_total", "without_armed_forces", "managed", Decimal(people), people)
        for one, people in zip(with_them, (3, 400, 400, 400), strict=True)
    ]
    shown = {(one.area_code, one.scope): one for one in released([*with_them, *without])}
    assert shown[COMMUNES[0], "without_armed_forces"].withheld
    # Their number may be published: 1003 less 1000 is 3.
    assert shown[COMMUNES[0], "all"].withheld
    assert not shown[COMMUNES[1], "all"].withheld


def test_a_whole_without_the_armed_forces_has_the_voluntary_in_it() -> None:
    area = COMMUNES[0]
    values = [
        Sent("value", area, MONTH, "si_total", "without_armed_forces", "managed", Decimal(504), 504),
        Sent("value", area, MONTH, "si_compulsory", "without_armed_forces", "managed", Decimal(500), 500),
        value(area, 4, "si_voluntary"),
    ]
    assert sum(one.withheld for one in released(values)) == 2


def test_a_share_goes_with_the_people_behind_it() -> None:
    share = Sent("value", COMMUNES[0], MONTH, "si_coverage_working_age_lf", "all", "managed", Decimal("0.03"), 3, 100)
    (found,) = released([share])
    assert found.value is None
    assert found.numerator is None


@pytest.fixture
def home(tmp_path: Path) -> Path:
    values = {code: {MONTH: 100 + number} for number, code in enumerate(COMMUNES)} | {"unknown": {MONTH: 5}}
    values[COMMUNES[3]][MONTH] = 4
    values["04"] = {MONTH: sum(values[code][MONTH] for code in COMMUNES)}
    made_run(tmp_path / "home", {"indicators": indicators(values)})
    return tmp_path / "home"


def run(home: Path, *words: str) -> str:
    result = CliRunner().invoke(app, list(words), obj=Settings("en", home))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_areas_that_are_no_area_are_not_sent(home: Path) -> None:
    from baophu.results.store import newest

    values = values_of(home, newest(home, MONTH))
    assert "unknown" in {one.area_code for one in values}
    assert {one.area_code for one in down_to(values, "commune")} == {"04", *COMMUNES}
    assert {one.area_code for one in down_to(values, "province")} == {"04"}


def test_the_open_data_package_describes_its_own_files(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "open"
    told = run(home, "targets", "export", "--format", "open-data", "--month", "2026-10", "--out", str(out))
    assert "2 of them withheld" in told
    package = json.loads((out / "datapackage.json").read_text(encoding="utf-8"))
    assert re.fullmatch(r"[-a-z0-9._/]+", package["name"])
    assert date.fromisoformat(package["created"])
    assert [one["name"] for one in package["resources"]] == ["values", "areas", "indicators"]
    keys: dict[str, set[str]] = {}
    for resource in package["resources"]:
        content = (out / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{sha256(content).hexdigest()}"
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"))))
        assert list(rows[0]) == [field["name"] for field in resource["schema"]["fields"]]
        unique = [tuple(row[name] for name in resource["schema"]["primaryKey"]) for row in rows]
        assert len(unique) == len(set(unique))
        keys[resource["name"]] = {row[resource["schema"]["primaryKey"][0]] for row in rows}
        if resource["name"] == "values":
            measured = [row for row in rows if row["measure"] == "value"]
            assert {row["status"] for row in measured if row["area_code"] == COMMUNES[3]} == {"withheld"}
            assert all(re.fullmatch(r"\d*(\.\d+)?", row["value"]) for row in rows)
    assert keys["values"] == keys["areas"]


def test_an_export_is_not_written_over_another(home: Path, tmp_path: Path) -> None:
    with pytest.raises(BaophuError, match="is there already"):
        run(home, "targets", "export", "--format", "adx", "--out", str(tmp_path))


def test_reported_values_come_in_from_dhis2(tmp_path: Path) -> None:
    path = tmp_path / "values.json"
    own = {"dataElement": "satisfaction_procedures", "period": "2026Q3", "orgUnit": "04", "value": "0.91"}
    path.write_text(json.dumps({"dataValues": [own]}), encoding="utf-8")
    (row,) = csv.DictReader(io.StringIO(reported_rows(path)))
    assert (row["area_code"], row["period"], row["value"]) == ("04", "2026Q3", "0.91")
    wrong = {"dataElement": "satisfaction_procedure", "period": "202613", "orgUnit": "77", "value": "much"}
    path.write_text(json.dumps({"period": "2026", "dataValues": [own, wrong]}), encoding="utf-8")
    with pytest.raises(BaophuError) as caught:
        reported_rows(path)
    words = caught.value.say("en")
    assert "4 places to mend" in words
    assert "satisfaction_procedures" in words
    assert "Its area is now in: 79" in words
    path.write_text("{", encoding="utf-8")
    with pytest.raises(BaophuError, match="is no dataValueSets"):
        reported_rows(path)
