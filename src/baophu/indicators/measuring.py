"""The step of a run that gives every area's indicators: measures of communes, rolled up, over their denominators."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baophu.areas.units import COUNTRY, tree
from baophu.core.languages import Text
from baophu.core.months import last_day, months_later
from baophu.engine import Engine, run_step
from baophu.indicators import codes
from baophu.indicators.catalogue import catalogue, other_scope
from baophu.indicators.counting import nothing, write_sorted
from baophu.results.steps import Step, Work

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

    from baophu.engine.steps import Input

SQL = Path(__file__).parent / "sql"
COUNTED = Path(__file__).parent / "counted.yaml"
ORDER = ("area_code", "indicator", "place", "scope", "month")
# Measures that hold for the run's day alone; those of the months before are taken from the runs of those months.
AS_OF = ("late", "late_si", "late_nonstate", "charged", "employers_late", "employees_late")
# Units are to report within these days after the period's end.
REPORT_WITHIN_DAYS = 15


@cache
def formulas() -> tuple[dict[str, Any], ...]:
    """Return how counted indicators are computed: a row an indicator, place and scope (see sql/indicators.sql)."""
    import yaml

    own = {row["indicator"]: row for row in yaml.safe_load(COUNTED.read_text(encoding="utf-8"))}
    rows = []
    for name, record in catalogue().items():
        if record.obtained != "counted":
            continue
        base = own.get(str(record.numerator_indicator), {})
        stated = own.get(name) or ({**base, "counted": None} if record.denominator_measure else {})
        numerator = stated.get("numerator") or base.get("numerator")
        if numerator is None or not stated:
            continue
        row = {
            "indicator": name,
            "numerator": numerator,
            "counted": stated.get("counted"),
            "statistic": record.denominator_measure,
            "share": record.unit == "share",
            "mean": record.is_mean,
            "units": stated.get("units", "none"),
        }
        for place in stated["places"]:
            for scope in record.scopes:
                both = len(record.scopes) > 1
                forces = stated.get("forces") if both and scope != other_scope("all") else None
                if not both or scope == other_scope("all") or forces:
                    rows.append({**row, "place": place, "scope": scope, "forces": forces})
    return tuple(rows)


def formula_table() -> pa.Table:
    """Return the formulas as indicators.sql takes them."""
    import pyarrow as pa

    kinds = dict.fromkeys(
        ("indicator", "place", "scope", "numerator", "counted", "statistic", "forces", "units"), pa.string()
    )
    return pa.Table.from_pylist(
        list(formulas()), schema=pa.schema([*kinds.items(), ("share", pa.bool_()), ("mean", pa.bool_())])
    )


def denominators(engine: Engine, statistics: Input, first: date, last: date) -> pa.Table:
    """Return the statistics of areas month by month, with where they are from and whether they are estimates."""
    given = {"statistics": spans(engine, statistics), "months": codes.months_table(first, last)}
    return run_step(engine, SQL / "denominators.sql", given).arrow()


def spans(engine: Engine, table: Input) -> pa.Table:
    """Return rows that tell of periods with the numbers of their first month and of the month after their last."""
    return run_step(engine, SQL / "spans.sql", {"told": table}).arrow()


def _measures(work: Work, first: date) -> tuple[pa.Table, pa.Table]:
    """Return the measures of leaves, and of which measures and months the registers tell."""
    import pyarrow as pa

    from baophu.findings.law_tables import retirement

    engine, month = work.engine, work.month
    months = codes.months_table(first, month)
    placed = _placed(month)
    employers = work.registers("employers") or nothing("employers")
    year_from = months_later(month, -11)
    series = work.result("series")
    parts: list[pa.Table] = []
    covered: list[tuple[str, date]] = []
    every = months.column("month").to_pylist()

    def add(name: str, inputs: Mapping[str, Input], tells: Mapping[str, list[date]], **asked: date) -> None:
        parts.append(run_step(engine, SQL / "measures" / f"{name}.sql", inputs, asked).arrow())
        covered.extend((measure, one) for measure, on in tells.items() for one in on if first <= one <= month)

    if series:
        told = run_step(engine, "SELECT DISTINCT month FROM series", {"series": series}).arrow()["month"].to_pylist()
        measures = (*codes.SCHEMES, "health_minority")
        given: dict[str, Input] = {"series": series, "minority_series": work.result("minority_series")}
        add("participants", given, dict.fromkeys(measures, told), first=first)
    if work.result("dues"):
        declared = work.months("declarations")
        year = [month] if sum(year_from <= one <= month for one in declared) == 12 else []
        tells = {**{name: [month] for name in AS_OF}, "due_year": year, "employers": declared}
        given = {
            "dues": work.result("dues"),
            "charges": work.result("charges"),
            "employers": employers,
            "placed": placed,
        }
        late_from = last_day(months_later(work.as_of, -3))
        add("dues", given, tells, month=month, year_from=year_from, as_of=work.as_of, late_from=late_from)
    if work.result("sums"):
        given = {"sums": work.result("sums"), "employers": employers, "placed": placed}
        tells = dict.fromkeys(("bases", "with_base"), work.months("declarations"))
        add("bases", given, tells, first=first, month=month)
    if work.registers("payments"):
        payments: list[Path] = work.registers("payments")
        begun = run_step(engine, "SELECT min(paid_on) AS begun FROM payments", {"payments": payments}).arrow()
        since = begun["begun"][0].as_py()
        # A year of which the first payments are not loaded has no sum since January.
        whole = [one for one in every if since is not None and since <= last_day(one.replace(month=1))]
        given = {
            "payments": payments,
            "employers": employers,
            "other_receipts": work.registers("other_receipts") or _no_receipts(),
            "placed": placed,
            "months": months,
        }
        compared = [one for one in whole if months_later(one, -12) in whole]
        tells = {
            "revenue": whole,
            "revenue_year": [one for one in whole if one.month == 12],
            "revenue_grown": compared,
            "revenue_before": compared,
        }
        add("receipts", given, tells, month=month, year_from=year_from)
        if work.result("collected"):
            # Money is split among the funds by what was declared, so that this too has to go back to January.
            known = min(work.months("declarations"), default=month)
            split = [one for one in whole if known <= one.replace(month=1)]
            given = {"collected": work.result("collected"), "placed": placed, "months": months}
            add("collected", given, {"collected_si": split})
    if work.registers("benefits") and work.registers("population"):
        last = codes.number(month)
        people = {"population": work.registers("population"), "retirement": retirement(work.law, last)}
        persons = run_step(engine, SQL / "old.sql", people, {"last": last}).arrow()
        wards = [area.code for area in tree(month).communes if area.unit_type == "ward"]
        given = {
            "benefits": work.registers("benefits"),
            "links": work.result("links") or nothing("links"),
            "persons": persons,
            "placed": placed,
            "wards": pa.table({"area_code": wards}),
            "months": months,
        }
        on = work.months("benefits")
        add("benefits", given, {"paid_urban": on, "paid_noncash": on, "old_covered": on})
    if work.registers("dossiers"):
        given = {"dossiers": work.registers("dossiers"), "placed": placed, "months": months}
        add("dossiers", given, {})
        on = sorted(set(parts[-1]["month"].to_pylist()))
        covered.extend((name, one) for name in ("settled", "settled_online", "rated", "rated_good") for one in on)
    shape = pa.schema(
        [(name, pa.string()) for name in ("area_code", "place")]
        + [("month", pa.date32()), ("measure", pa.string()), ("amount", pa.int64())]
    )
    whole_table = pa.concat_tables([part.select(shape.names).cast(shape) for part in parts] or [shape.empty_table()])
    told_of = {"measure": [row[0] for row in covered], "month": pa.array([row[1] for row in covered], pa.date32())}
    return whole_table, pa.table(told_of)


def _placed(month: date) -> pa.Table:
    """Return for each code of a register the leaf it counts in: a commune itself, a province its unknown commune."""
    import pyarrow as pa

    areas = tree(month)
    pairs = [(area.code, area.code) for area in areas.communes]
    pairs += [(area.code, area.code + codes.UNKNOWN_IN) for area in areas.provinces]
    return pa.table({"given_code": [pair[0] for pair in pairs], "leaf_code": [pair[1] for pair in pairs]})


def _no_receipts() -> pa.Table:
    import pyarrow as pa

    columns = [("month", pa.date32()), ("area_code", pa.string()), ("due", pa.int64()), ("paid", pa.int64())]
    return pa.schema(columns).empty_table()


def _parents(month: date) -> pa.Table:
    import pyarrow as pa

    areas = tree(month)
    pairs = [(area.code, COUNTRY) for area in areas.provinces]
    pairs += [(area.code, str(area.parent)) for area in areas.communes]
    return pa.table({"area_code": [pair[0] for pair in pairs], "parent": [pair[1] for pair in pairs]})


def _measure(work: Work) -> Mapping[str, int]:
    import pyarrow as pa
    import pyarrow.compute as compute  # type: ignore[import-untyped]

    engine, month = work.engine, work.month
    first = months_later(month, 1 - codes.FLOW_MONTHS)
    months = codes.months_table(first, month)
    measures, covered = _measures(work, first)
    above, statistics = codes.above(month), work.registers("area_statistics")
    rolled = run_step(engine, SQL / "rolled.sql", {"measures": measures, "above": above}).arrow()
    places = compute.unique(pa.concat_arrays([*_chunks(rolled["area_code"]), pa.array(_every_area(month))]))
    given: dict[str, Input] = {
        "rolled": rolled,
        "denominators": denominators(engine, statistics, first, month) if statistics else _no_denominators(),
        "completeness": _completeness(work, months, above),
        "areas": pa.table({"area_code": places}),
        "formulas": formula_table(),
        "covered": covered,
    }
    found = run_step(engine, SQL / "indicators.sql", given).arrow()
    parts = [found]
    told = work.registers("reported_indicators")
    rows = {}
    reporting = _no_reporting()
    if told:
        spanned = spans(engine, told)
        known = pa.table({"indicator": [name for name, one in catalogue().items() if one.obtained == "reported"]})
        inputs = {"reported_indicators": spanned, "months": months, "parents": _parents(month), "known": known}
        parts.append(run_step(engine, SQL / "reported.sql", inputs, {"last": codes.number(month)}).arrow())
        days = _came_on(spanned, told)
        reporting = run_step(
            engine, SQL / "reporting.sql", {"told": days, "parents": _parents(month)}, {"within": REPORT_WITHIN_DAYS}
        ).arrow()
    if work.previous_result("indicators"):
        names = pa.table({"indicator": [row["indicator"] for row in formulas() if row["numerator"] in AS_OF]})
        earlier = {"indicators": work.previous_result("indicators"), "names": names}
        asked = {"first": first, "month": month}
        parts.append(run_step(engine, SQL / "indicators_before.sql", earlier, asked).arrow())
    whole = pa.concat_tables([part.select(found.schema.names).cast(found.schema) for part in parts])
    rows["indicators"] = write_sorted(whole, ORDER, work.out("indicators") / "part-0000.parquet")
    rows["reporting"] = write_sorted(
        reporting, ("area_code", "indicator", "period"), work.out("reporting") / "part-0000.parquet"
    )
    _tell_what_is_not_counted(work, whole)
    return rows


def _chunks(column: Any) -> list[Any]:
    return list(column.chunks)


def _every_area(month: date) -> list[str]:
    areas = tree(month)
    return [COUNTRY, codes.UNKNOWN_AREA, *(area.code for area in (*areas.provinces, *areas.communes))]


def _completeness(work: Work, months: pa.Table, above: pa.Table) -> pa.Table:
    import pyarrow as pa

    if not (work.result("dues") and work.registers("employers")):
        columns = [("area_code", pa.string()), ("month", pa.date32()), ("units", pa.int64()), ("here", pa.int64())]
        return pa.schema(columns).empty_table()
    given = {
        "employers": work.registers("employers"),
        "dues": work.result("dues"),
        "placed": _placed(work.month),
        "above": above,
        "months": months,
    }
    return run_step(work.engine, SQL / "completeness.sql", given).arrow()


def _no_denominators() -> pa.Table:
    import pyarrow as pa

    kinds = {"area_code": pa.string(), "measure": pa.string(), "month": pa.date32(), "value": pa.int64()}
    return pa.schema([*kinds.items(), ("denominator_source", pa.string()), ("estimated", pa.bool_())]).empty_table()


def _no_reporting() -> pa.Table:
    import pyarrow as pa

    names = [(name, pa.string()) for name in ("area_code", "indicator", "period")]
    return pa.schema([*names, *((name, pa.int64()) for name in ("units", "reported", "on_time"))]).empty_table()


def _came_on(table: pa.Table, files: list[Path]) -> pa.Table:
    """Add the day on which the newest load of the reports came in; its name begins with its time (UTC)."""
    import pyarrow as pa

    day = max(
        date.fromisoformat(f"{name[:4]}-{name[4:6]}-{name[6:8]}") for name in (path.parent.name for path in files)
    )
    return table.append_column("came_on", pa.array([day] * table.num_rows, pa.date32()))


def _tell_what_is_not_counted(work: Work, found: pa.Table) -> None:
    """Name the indicators that have no value at all."""
    import pyarrow.compute as compute

    here = set(compute.unique(found["indicator"]).to_pylist())
    counted = {name for name, one in catalogue().items() if one.obtained == "counted"}
    missing = sorted(counted - here)
    if missing:
        names = ", ".join(missing)
        work.note(Text(f"Chỉ tiêu chưa tính được: {names}.", f"Indicators not computed: {names}."))


INDICATORS = Step(
    name="indicators",
    title=Text("Tính các chỉ tiêu", "Indicators"),
    needs=(
        "area_statistics?", "reported_indicators?", "declarations?", "employers?", "payments?", "other_receipts?",
        "benefits?", "population?", "dossiers?",
    ),
    after=("series?", "minority_series?", "sums?", "dues?", "charges?", "collected?", "links?"),
    gives=("indicators", "reporting"),
    earlier=("indicators",),
    do=_measure,
)  # fmt: skip
