#!/usr/bin/env python3
"""Makes the pages of the reference that the program itself knows: commands, the columns of progress, records.

python tools/make_reference.py [--out DIR]    writes commands, results, tables and records (default: docs/reference)
python tools/make_reference.py --check        writes nothing; exits 1 where a page differs from what would be written

What a column or a field means is said here only where the program does not say it itself. A column, a field, an option
or an environment variable without words stops the making of the page.
"""

from __future__ import annotations

import dataclasses
import enum
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import typer
from pages import cell, main, table
from pydantic import BaseModel

from baophu.areas.source import Correction
from baophu.cli import app
from baophu.core.languages import Text
from baophu.indicators.catalogue import (
    BREAKDOWNS,
    GROUPS,
    OBTAINED,
    SCOPES,
    UNITS,
    Document,
    Indicator,
)
from baophu.indicators.catalogue import DIRECTIONS as SENSES
from baophu.indicators.published import KINDS, QUALIFIERS, Figure
from baophu.indicators.statistics import MEASURES, Statistic
from baophu.results.columns import columns as result_columns
from baophu.results.columns import meaning
from baophu.results.tables import TABLES as RESULT_TABLES
from baophu.targets.decisions import BOUNDS, DIRECTIONS, Assigned, Decision, Issued, Phase
from baophu.targets.duties import Duty
from baophu.targets.forecast.events import Event
from baophu.targets.progress import COLUMNS, COUNTED_REASONS, REASONS

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference"
SOURCE = ROOT / "src" / "baophu"
MADE = "<!-- Made by tools/make_reference.py from the program: do not edit. -->"


def same_names(what: str, wanted: Iterable[str], told: Iterable[str]) -> None:
    """Stop where something has no words here, or words are left of what is gone."""
    odd = set(wanted) ^ set(told)
    if odd:
        sys.exit(f"tools/make_reference.py: {what} without words, or words without it: {', '.join(sorted(odd))}")


# Commands

ROOT_OPTIONS = (
    ("`--lang vi\\|en`", "The language of what is shown. Else `BAOPHU_LANG`, else Vietnamese."),
    ("`--home FOLDER`", "The home folder. Else `BAOPHU_HOME`, else `~/.local/share/baophu`."),
)


def values_of(parameter: Any) -> str:
    """Say what a parameter takes: its choices, or the kind of its value."""
    kind = parameter.type_descriptor.annotation
    if getattr(parameter, "is_bool_flag", False):
        return ""
    if get_origin(kind) is list:
        kind = get_args(kind)[0]
    if get_origin(kind) is Literal:
        return "|".join(get_args(kind))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return "|".join(str(choice.value) for choice in kind)
    return parameter.metavar or {str: "TEXT", Path: "PATH", int: "NUMBER"}[kind]


def usage_of(name: str, command: Any) -> str:
    """Return the usage line of a command."""
    words = [name]
    if getattr(command, "commands", None):
        return f"{name} COMMAND …"
    for parameter in command.params:
        if parameter.opts[0].startswith("-"):
            if parameter.required:
                words.append(f"{parameter.opts[0]} {values_of(parameter)}")
            continue
        word = (parameter.metavar or parameter.name).upper()
        word += "…" if parameter.nargs == -1 else ""
        words.append(word if parameter.required else f"[{word}]")
    return " ".join([*words, "[OPTIONS]"])


def parameter_row(parameter: Any) -> tuple[str, str, str, str]:
    """Return the row of an option or argument: name, values, default, help."""
    if not parameter.help:
        sys.exit(f"tools/make_reference.py: no help for {parameter.opts[0]}")
    is_option = parameter.opts[0].startswith("-")
    name = ", ".join([*parameter.opts, *parameter.secondary_opts]) if is_option else (parameter.metavar or "FILE")
    default = parameter.default.value if isinstance(parameter.default, enum.Enum) else parameter.default
    shown = "required" if parameter.required else "" if default in (None, False) else f"`{default}`"
    values = values_of(parameter) if is_option else ""
    return f"`{cell(name)}`", f"`{cell(values)}`" if values else "", shown, cell(parameter.help)


def command_lines(name: str, command: Any) -> Iterator[str]:
    """Yield the section of a command, then those of the commands below it."""
    if not command.help:
        sys.exit(f"tools/make_reference.py: no help for {name}")
    yield from (f"{'##' if name.count(' ') < 2 else '###'} {name}", "", command.help, "")
    yield from ("```text", usage_of(name, command), "```", "")
    if command.params:
        yield from table(("Name", "Values", "Default", "What"), (parameter_row(one) for one in command.params))
    for word, below in getattr(command, "commands", {}).items():
        yield from command_lines(f"{name} {word}", below)


def commands_page() -> str:
    """Return the page of commands."""
    lines = [MADE, "", "# Commands", ""]
    lines += [
        "Every command and option, as the program's own help has them (`baophu COMMAND --help`): Vietnamese",
        "first, then English. `-h` and `--help` are known to every command.",
        "",
        "Two options belong to the program and may stand anywhere on the line:",
        "",
    ]
    lines += table(("Name", "What"), ROOT_OPTIONS)
    lines += [
        "Days are written `2025-11-30` or `30/11/2025`. An area is a code (`01`, `00004`) or a name that only",
        "one area has, with or without diacritics.",
        "",
    ]
    lines += table(
        ("Exit code", "Meaning"),
        (
            ("`0`", "Done."),
            ("`1`", "The program met an error of its own. It says where; `BAOPHU_DEBUG=1` shows the details."),
            ("`2`", "Something that the user can mend, said in words. Of a file that was refused nothing was taken."),
        ),
    )
    lines += command_lines("baophu", typer.main.get_command(app))
    return "\n".join(lines).rstrip() + "\n"


# The columns of progress

COUNT = "unit of the indicator"
ALWAYS_EMPTY = "always, of published figures; of a run see `reason`"
RESULTS: dict[str, tuple[str, str, str, str]] = {
    # column: type, unit, meaning, empty when
    "area_code": ("text", "", "The area, `00` for the country. Leading zeros are kept.", "never"),
    "indicator": ("text", "", "Id of the [indicator](../handbook/indicators.md).", "never"),
    "target_id": ("text", "", "`decision:indicator:area_code:period_end`.", "never"),
    "period_end": ("date", "", "The day by which the target is due.", "never"),
    "target": (
        "number",
        COUNT,
        "The value to reach; of a range its lower end; of `above_last_year` the value of the year before.",
        "`above_last_year` and no value of the year before",
    ),
    "base": (
        "number",
        COUNT,
        "The value on the target's base date: as published, or as the phases of its decision imply it.",
        "no value of that very day in the target's scope, or the base date lies after `as_of`",
    ),
    "actual": (
        "number",
        COUNT,
        "The last value not after `as_of` and not after `period_end`, in the target's scope.",
        "no such value (`no_value`, `scope_differs`)",
    ),
    "as_of": ("date", "", "The day for which the row holds.", "never"),
    "achieved": ("number", "fraction of 1", "`actual / target`.", "`actual` or `target` is empty, or `target` is 0"),
    "development": (
        "number",
        "fraction of 1",
        "`(actual - base) / (target - base)`: the part done of the required increase. Negative where the value moved "
        "away from the target.",
        "`base` is empty, the value is older than the base (`before_base`), or the base already met the target "
        "(`met_from_start`)",
    ),
    "yoy": (
        "number",
        "fraction of 1",
        "The change of the value over a year: relative for counts and money, the difference for shares (0.004 is "
        "0.4 points). A growth that was published goes before one computed here.",
        "no growth was published and there is no value of the same day a year before",
    ),
    "rank": ("number", "", "Place among peers.", ALWAYS_EMPTY),
    "forecast_p10": ("number", COUNT, "Forecast for `period_end`, 10th percentile.", ALWAYS_EMPTY),
    "forecast_p50": ("number", COUNT, "Forecast for `period_end`, median.", ALWAYS_EMPTY),
    "forecast_p90": ("number", COUNT, "Forecast for `period_end`, 90th percentile.", ALWAYS_EMPTY),
    "gap": (
        "number",
        COUNT,
        "What is missing: `target - actual`; for `at_most`, `actual - target`. Negative where the value is better "
        "than the target.",
        "`actual` or `target` is empty",
    ),
    "direction": ("text", "", "`at_least`, `at_most`, `range` or `above_last_year`.", "never"),
    "target_high": ("number", COUNT, "The upper end of a range.", "the target is not a range"),
    "met": (
        "truth value",
        "",
        "Whether `actual` meets the target: of `over` more than it, of a range from its nearer end on.",
        "`actual` or `target` is empty, or the period has ended and its last value is not there "
        "(`value_before_period_end`)",
    ),
    "phase": ("text", "", "Id of the decision's phase, such as `2/3`.", "the target is not one of a phase"),
    "probability": ("number", "fraction of 1", "Probability of meeting the target.", ALWAYS_EMPTY),
    "completeness": ("number", "fraction of 1", "Share of the area's units whose data is in.", ALWAYS_EMPTY),
    "value_date": ("date", "", "The day of `actual`.", "`actual` is empty"),
    "scope": ("text", "", "`all`, or `without_armed_forces`: whether the target counts the armed forces.", "never"),
    "governs": (
        "truth value",
        "",
        "Whether no later decision speaks on the same indicator, area, scope and date.",
        "never",
    ),
    "achieved_at_least": (
        "number",
        "fraction of 1",
        "How much of a target that counts the armed forces is achieved at the least: the value without them / "
        "`target`.",
        "value and target are of one scope, or the smaller value says nothing certain",
    ),
    "reason": ("text", "", "Codes of what is missing or to be minded, parted by `;` (below).", "nothing is"),
}


CHARGE_COLUMNS: tuple[tuple[str, str, str, str], ...] = (
    ("employer_id", "text", "The employer.", "a finding about a payer that is no employer"),
    ("month", "month", "The month of the wages.", "never"),
    ("fund", "text", "`si`, `hi` or `ui`.", "never"),
    (
        "clause",
        "text",
        "The clause of Law 41/2024/QH15: `38(1)`, `39(1)(đ)`, `39(1)(e)` of what was declared and not paid; `38(2)`, "
        "`38(3)`, `39(1)(a)` to `39(1)(d)` of what findings say is missing; `HI`: health insurance.",
        "never",
    ),
    ("class", "text", "`late` or `evasion`, as the law has it.", "never"),
    ("amount", "VND", "The sum that is late. A sum that changes its class stands in two rows.", "never"),
    ("first_day", "date", "The first day that counts in this class.", "never"),
    ("days", "days", "How many days count.", "never"),
    ("charge", "VND", "`amount` x 0.03 % x `days`, half up to the dong.", "never"),
    ("paid_on", "date", "The day on which the sum was paid.", "it is open still"),
    ("as_of", "date", "The end of this day is what the row holds for.", "never"),
    (
        "basis",
        "text",
        "`declared`; of findings `finding` (an estimate), `question` (a base too low, until the employer has answered) "
        "or `confirmed` (an officer did). Late rates and findings of late payment rest on `declared` alone.",
        "never, by `baophu results`; in the Parquet files of what was declared the column is not there",
    ),
    ("finding_id", "text", "The finding on which the row rests.", "`basis` is `declared`"),
    ("tax_code", "text", "The payer by the tax register.", "`basis` is `declared`"),
)

FORECAST_COLUMNS: tuple[tuple[str, str, str, str], ...] = (
    (
        "area_code",
        "text",
        "A commune, a province, `00` the country; `52-unknown` and `unknown`: the commune, or the province too, is "
        "not known.",
        "never",
    ),
    ("scheme", "text", "`compulsory`, `voluntary`, `unemployment` or `health`.", "never"),
    ("month", "month", "The month that is forecast: from the one after the last counted to 2030-12.", "never"),
    ("p10", "people", "One in ten chances is below.", "never"),
    ("p50", "people", "The middle. Communes sum to their province and provinces to the country.", "never"),
    ("p90", "people", "One in ten chances is above.", "never"),
    ("model", "text", "The method that was used.", "never"),
    ("beats_naive", "truth value", "Whether it is a model, and came nearer than every naive method.", "never"),
    (
        "why",
        "text",
        "`better`; or `no_better`, `luck`, `short`, `untried`, `constant`, `nobody`: why no model was used. "
        "`luck`: one came nearer in this commune, but was much farther off in all communes together.",
        "never",
    ),
)
BACKTEST_COLUMNS: tuple[tuple[str, str, str, str], ...] = (
    ("area_code", "text", "As above.", "never"),
    ("scheme", "text", "As above.", "never"),
    ("model", "text", "A method that was tried on the area.", "never"),
    ("origins", "count", "From how many earlier months it was tried.", "never"),
    ("months", "months", "How many months are known.", "never"),
    ("error", "people", "How far it was off on the average, up to 24 months ahead.", "never"),
    ("error_share", "fraction of 1", "The same over the participants of the last twelve months.", "nobody is there"),
    ("used", "truth value", "Whether the forecast is made by it.", "never"),
    (
        "coverage",
        "fraction of 1",
        "How much of what came lay between p10 and p90, whose width was taken from the other origins.",
        "the method is not used",
    ),
)


def results_page() -> str:
    """Return the page of the columns of progress, and of the tables of charges and of forecasts."""
    same_names("columns", COLUMNS, RESULTS)
    lines = [MADE, "", "# Results: progress", ""]
    lines += [
        "A row is one target of one area, compared with the value that stands for it on a day.",
        "`baophu progress` gives these columns, in this order, with `--format json` and `--format csv`, and on",
        "the sheet `progress` with `--format xlsx`: all targets of the area and of the units directly below it,",
        "also those that ended long ago. The table on the terminal shows the area's own targets only, and",
        "leaves out what ended more than a year before.",
        "",
        "Numbers are in the unit of the indicator: people, employers, whole VND or USD; shares are fractions",
        "of 1. Exact inside the program; in a file a count is rounded to a whole number and any other number",
        "is the nearest floating point. A missing value is `null` in JSON and an empty cell in CSV and Excel,",
        "never 0. Days are `YYYY-MM-DD`. Truth values are `true` and `false` in JSON, `True` and `False` in",
        "CSV. A CSV file begins with the mark by which Excel knows UTF-8; CSV on the terminal does not.",
        "",
    ]
    lines += table(
        ("Column", "Type", "Unit", "Meaning", "Empty when"),
        ((f"`{name}`", *(cell(words) for words in RESULTS[name])) for name in COLUMNS),
    )
    lines += [
        "`rank`, the forecasts, `probability` and `completeness` need values that are counted area by area;",
        "from published figures they cannot be said, and stay empty. A run's table `progress` has the same columns,",
        "with them ([counted progress](../handbook/following.md)). The state that people see (met, on",
        "track, needs attention, behind, no data) is not a column; [how it is set](look.md#state).",
        "",
        "## Reasons",
        "",
    ]
    lines += table(
        ("Code", "Vietnamese", "English"),
        ((f"`{code}`", cell(words.vi), cell(words.en)) for code, words in REASONS.items()),
    )
    lines += ["Of a run's table `progress` also:", ""]
    lines += table(
        ("Code", "Vietnamese", "English"),
        ((f"`{code}`", cell(words.vi), cell(words.en)) for code, words in COUNTED_REASONS.items()),
    )
    lines += [
        "`before_base` is said also where the period has begun and the newest value is from before its base date.",
        "",
        "## The table `charges` of a run",
        "",
        "`baophu results show charges` and `export charges`. What rests on findings is a file of its own",
        "(`part-findings.parquet`) and an estimate. Each worker of a payer that is no employer has his own finding;",
        "the payer's sum is that of its `tax_code`. How these charges are made:",
        "[decision 15](../decisions/0015-charges-that-rest-on-findings.md).",
        "",
    ]
    lines += table(
        ("Column", "Type", "Meaning", "Empty when"),
        ((f"`{name}`", *(cell(words) for words in rest)) for name, *rest in CHARGE_COLUMNS),
    )
    lines += [
        "## The table `forecasts` of a run",
        "",
        "Made by `baophu run --month MONTH --forecast`, shown by `baophu targets forecast`.",
        "[How the forecast is made](../handbook/forecast.md).",
        "",
    ]
    lines += table(
        ("Column", "Type", "Meaning", "Empty when"),
        ((f"`{name}`", *(cell(words) for words in rest)) for name, *rest in FORECAST_COLUMNS),
    )
    lines += ["## The table `backtest` of a run", "", "A row is a method that was tried on an area and scheme.", ""]
    lines += table(
        ("Column", "Type", "Meaning", "Empty when"),
        ((f"`{name}`", *(cell(words) for words in rest)) for name, *rest in BACKTEST_COLUMNS),
    )
    return "\n".join(lines).rstrip() + "\n"


# Records

RECORDS: tuple[tuple[type, str, str], ...] = (
    (Indicator, "Indicator", "One file a record: `src/baophu/indicators/catalogue/<id>.yaml`."),
    (Document, "Document", "Within an indicator: a document that defines it."),
    (Decision, "Decision", "One file a decision: `src/baophu/targets/decisions/<name>.yaml`."),
    (Issued, "Issued", "Within a decision: exactly one of the three."),
    (Phase, "Phase", "Within a decision: a dated milestone on the way to its targets."),
    (Assigned, "Assigned", "Within a decision: one target."),
    (
        Duty,
        "Duty",
        "All in `src/baophu/targets/duties.yaml`: a report that is owed. Exactly one of `each_year`, `once`.",
    ),
    (
        Event,
        "Event",
        "All in `src/baophu/targets/forecast/declared_events.yaml`: a shock that forecasts leave out of the trend.",
    ),
    (
        Figure,
        "Figure",
        "One row a figure: `national.csv`, `provinces.csv`, `provinces_before_2025_07.csv` in "
        "`src/baophu/indicators/published/`. Of one indicator, area, date and scope at most one is used.",
    ),
    (
        Statistic,
        "Statistic",
        "One row a value: `area_statistics.csv`, `area_statistics_before_2025_07.csv` in "
        "`src/baophu/indicators/statistics/`.",
    ),
    (Correction, "Correction", "One row a correction of the list of areas: `src/baophu/areas/corrections.csv`."),
)

# What a field means where the model itself does not say it.
WORDS: dict[str, str] = {
    "Indicator.id": "name used everywhere; the file is called after it",
    "Indicator.group": "the heading under which it is listed",
    "Indicator.name": "full name",
    "Indicator.definition": "what is measured, in one or two sentences",
    "Indicator.numerator": "what is counted, or added up",
    "Indicator.unit": "unit of its values",
    "Indicator.direction": "which way is better",
    "Indicator.breakdowns": "by what it may be divided",
    "Indicator.obtained": "counted from registers, or reported",
    "Indicator.documents": "at least one",
    "Indicator.note": "what a reader must know",
    "Decision.id": "name used everywhere",
    "Decision.title": "what it decides",
    "Decision.issuer": "who issued it",
    "Decision.issued": "when; the later decision governs",
    "Decision.sources": "where it was read; at least one",
    "Decision.note": "what is not known of it",
    "Decision.phases": "milestones, if it has some",
    "Decision.targets": "the targets it assigns",
    "Issued.on": "the day",
    "Issued.after": "a day after which it was issued, where the day itself was not found",
    "Issued.before": "a day before which it was issued, where the day itself was not found",
    "Phase.id": "such as `2/3`",
    "Phase.date": "the day by which the part is due",
    "Phase.name": "such as Đợt 2",
    "Assigned.indicator": "id of an indicator",
    "Assigned.area_code": "code of the area, `00` for the country",
    "Assigned.scope": "whether the armed forces are counted",
    "Assigned.period_end": "the day by which it is due",
    "Assigned.direction": "on which side of the value it is met",
    "Assigned.bound": "the document's own word before the value",
    "Assigned.phase": "id of a phase of this decision",
    "Assigned.note": "what a reader must know",
    "Event.id": "name used everywhere",
    "Event.name": "what happened",
    "Event.kind": "`level`: it stays; `temporary`: it passes",
    "Event.schemes": "of which schemes",
    "Event.sources": "where it was read",
    "Duty.id": "name used everywhere",
    "Duty.name": "the report",
    "Duty.by": "who owes it",
    "Duty.to": "to whom",
    "Duty.each_year": "month and day, `06-30`",
    "Duty.once": "the one day",
    "Duty.source": "where it was read",
    "Figure.area_code": "code of the area, `00` for the country",
    "Figure.date": "the day for which it holds",
    "Figure.indicator": "id of an indicator",
    "Figure.scope": "whether the armed forces are counted",
    "Figure.value": "in the indicator's unit; shares are fractions of 1",
    "Figure.growth": "the change over a year as published, a fraction of 1",
    "Figure.kind": "how it was obtained",
    "Figure.qualifier": "the publisher's own word before it",
    "Figure.used": "`yes` or `no`",
    "Figure.why": "why this one of several is used, or is not; required where it is not",
    "Figure.note": "what a reader must know",
    "Figure.source": "where it was read",
    "Statistic.area_code": "code of the area, `00` for the country",
    "Statistic.period": "a year, `2016`, or a quarter, `2016-Q1`",
    "Statistic.measure": "what was counted",
    "Statistic.value": "people",
    "Statistic.source": "where it was read",
    "Statistic.note": "`preliminary`, or what a reader must know",
    "Correction.code": "code of the unit",
    "Correction.from_date": "the day from which it holds; empty for `wrong_code`",
    "Correction.field": "`name`, `unit_type`, `parent`, `lat`, `lon`; `into`: the unit ends, the value lists the codes "
    "that take its place; `wrong_code`: a code seen in circulation that is not this unit's",
    "Correction.value": "the value from that day on",
    "Correction.document": "the resolution",
    "Correction.document_date": "its day",
    "Correction.source": "where it was read",
}
NOT_COLUMNS = {"Correction.line"}  # the place in the file, known from the file itself

LISTS: tuple[tuple[str, Mapping[Any, Text]], ...] = (
    ("Indicator.group", GROUPS),
    ("Indicator.unit", UNITS),
    ("Indicator.direction", SENSES),
    ("Indicator.scopes, Assigned.scope, Figure.scope", SCOPES),
    ("Indicator.breakdowns", BREAKDOWNS),
    ("Indicator.obtained", OBTAINED),
    ("Indicator.denominator_measure, Statistic.measure", MEASURES),
    ("Assigned.direction", DIRECTIONS),
    ("Assigned.bound", BOUNDS),
    ("Figure.kind", KINDS),
    ("Figure.qualifier", QUALIFIERS),
)

SETTINGS: dict[str, str] = {
    "BAOPHU_HOME": "The home folder, where `--home` is not given. Else `$XDG_DATA_HOME/baophu`, else "
    "`~/.local/share/baophu`.",
    "BAOPHU_LANG": "The language, `vi` or `en`, where `--lang` is not given. Without both, Vietnamese; errors are then "
    "told in both languages.",
    "BAOPHU_DEBUG": "Any value: an error of the program itself shows its whole trace. It may hold values from your "
    "data; without it, no value is shown.",
    "BAOPHU_DATABASE": "The address of a PostgreSQL database that keeps what people enter, such as "
    "`postgresql://user@server/name`, in place of the SQLite file in the home.",
    "BAOPHU_HOSTS": "The names under which the site may be asked for, commas between; else this machine alone.",
    "BAOPHU_SECURE": "Set by `baophu serve` where the site is reached over HTTPS: cookies go over HTTPS alone.",
    "BAOPHU_PROXIES": "The addresses and networks of the proxies in front of the site, commas between, whose forwarded "
    "headers it believes; else `127.0.0.1,::1`.",
    "BAOPHU_NEW_PASSWORD": "The password of the account that `baophu admin create-user` makes, where nobody types it.",
    "BAOPHU_API_RATE": "How many requests a minute of a key to the API, or of a person, each process of the site "
    "answers; else 600.",
    "BAOPHU_EXPORT_DAYS": "For how many days the site keeps the files of long lists that were taken away; else 7.",
    "XDG_DATA_HOME": "See `BAOPHU_HOME`.",
    "XDG_CACHE_HOME": "Where compiled kernels of names and numbers are kept, under `baophu/numba`; else `~/.cache`. "
    "`NUMBA_CACHE_DIR` goes before it.",
}


def kind_of(hint: Any) -> str:
    """Say the type of a field in words."""
    origin, inner = get_origin(hint), [one for one in get_args(hint) if one not in (NoneType, ...)]
    if origin in (Union, UnionType):
        return kind_of(inner[0])
    if origin is tuple:
        return f"list of {kind_of(inner[0])}"
    if origin is Literal:
        return ", ".join(f"`{choice}`" if choice else "empty" for choice in inner)
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    return {
        str: "text",
        int: "whole number",
        bool: "truth value",
        date: "day",
        Decimal: "number",
        Fraction: "number",
        Text: "text in `vi` and `en`",
    }[hint]


def fields_of(record: type) -> Iterator[tuple[str, str, str, str]]:
    """Yield the rows of a record: field, type, whether it may be left out, what it is."""
    hints = get_type_hints(record)
    model = record.model_fields if issubclass(record, BaseModel) else {}
    for name in model or getattr(record, "_fields", None) or [field.name for field in dataclasses.fields(record)]:
        full = f"{record.__name__}.{name}"
        if full in NOT_COLUMNS:
            continue
        said = model[name].description if name in model else None
        words = said or WORDS.get(full)
        if not words:
            sys.exit(f"tools/make_reference.py: no words for {full}")
        if name in model:
            field = model[name]
            default = f"`{field.default}`" if field.default not in (None, "", ()) else "may be left out"
            needed = "required" if field.is_required() else default
        else:
            needed = "may be empty" if NoneType in get_args(hints[name]) else ""
        yield f"`{name}`", kind_of(hints[name]), needed, cell(words)


def records_page() -> str:
    """Return the page of records and settings."""
    named = re.compile(r"\b(?:BAOPHU_\w+|XDG_\w+)")
    found = {name for path in SOURCE.rglob("*.py") for name in named.findall(path.read_text("utf-8"))}
    same_names("environment variables", found, SETTINGS)
    lines = [MADE, "", "# Records and settings", ""]
    lines += [
        "What the program knows by itself is data: YAML and CSV files beside the code that reads them. A",
        "field of a YAML record that is not listed here is refused, with the file and the nearest right name.",
        'In YAML a number with a point is read exactly (`0.0255`), and a code is written as text (`"01"`).',
        "",
        "[How to add a record](house.md#adding-a-record)",
        "",
    ]
    for record, name, where in RECORDS:
        heads = ("Field", "Type", "Required or default", "What")
        lines += [f"## {name}", "", where, "", *table(heads, fields_of(record))]
    lines += ["## Closed lists", ""]
    for name, words in LISTS:
        lines += [f"**{name}**", ""]
        rows = ((f"`{key}`" if key else "empty", text.vi or "–", text.en or "–") for key, text in words.items())
        lines += table(("Value", "Vietnamese", "English"), rows)
    lines += ["## Settings", "", "There is no file of settings. These environment variables are read:", ""]
    lines += table(("Variable", "What"), ((f"`{name}`", cell(words)) for name, words in SETTINGS.items()))
    return "\n".join(lines).rstrip() + "\n"


def tables_page() -> str:
    """Return the page of the tables of a run and their columns."""
    lines = [MADE, "", "# Tables of a run", ""]
    lines += [
        "Parquet, each a folder of the run's. `baophu results show|export TABLE` takes every one; what is shown",
        "and taken away has these columns. Money is whole VND, a month is its first day, an empty value is never 0.",
        "A row is known by the columns of its key; where there is none, rows cannot be compared one by one.",
        "",
        "[How to run a month, and use what came of it](../how-to/run.md)",
        "",
    ]
    for name, listed in result_columns().items():
        about = RESULT_TABLES[name]
        key = ", ".join(f"`{column}`" for column in about.key) or "none"
        lines += [f"## {name}", "", f"{about.title.vi} / {about.title.en}. Key: {key}.", ""]
        said = ((one, column.type, meaning(one, column)) for one, column in listed.items())
        rows = ((f"`{one}`", kind, cell(words.vi), cell(words.en)) for one, kind, words in said)
        lines += table(("Column", "Type", "Vietnamese", "English"), rows)
    return "\n".join(lines).rstrip() + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands_page,
    "results.md": results_page,
    "tables.md": tables_page,
    "records.md": records_page,
}


if __name__ == "__main__":
    sys.exit(main(PAGES, FOLDER, __doc__))
