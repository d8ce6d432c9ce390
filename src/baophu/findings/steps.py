"""What finding is to the run: one step, with the registers and results that it reads and the tables that it gives."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from baophu.core.hashes import sha256_of
from baophu.core.languages import Text
from baophu.results.steps import Step, Work
from baophu.results.tables import FROM_FINDINGS

REGISTERS = (
    "population",
    "participants",
    "spells",
    "declarations",
    "tax_income",
    "businesses",
    "employers",
    "managers",
    "benefits",
    "voluntary",
)
RESULTS = ("links", "employer_links", "worker_matches", "dues", "charges", "steps")
GIVES = ("findings", "closed_findings", "finding_scores", "employer_risk", "back_to_owners", "found_months")
# Whether the registers can be believed; kinds of findings that rest on what is not are held.
CHECKED = "register_checks"
OUTCOMES = "outcomes"
# Registers that tell of single months; findings look back as far as these are loaded.
MONTHLY = ("tax_income", "declarations")


def _find(work: Work) -> Mapping[str, int]:
    from baophu.findings.finding import Case, find, finding_key
    from baophu.findings.kinds import agency_of
    from baophu.findings.trust import trust

    settings = agency_of(work.home)
    believed = trust(work, settings.trusted)
    months = [month for table in MONTHLY for month in work.months(table) if month <= work.month]
    tables = {name: work.registers(name) for name in REGISTERS} | {name: work.result(name) for name in RESULTS}
    case = Case(
        engine=work.engine,
        tables={name: files for name, files in tables.items() if files},
        first=min(months, default=work.month),
        last=work.month,
        as_of=work.as_of,
        law=work.law,
        key=finding_key(work.home),
        temp=work.temp,
        previous=work.previous_result("findings"),
        closed=work.previous_result("closed_findings"),
        outcomes=work.frozen(OUTCOMES),
        agency=settings,
        doubted=believed.doubted,
        progress=work.progress,
        note=work.note,
    )
    return {**find(case, work.out), CHECKED: believed.checks}


def _beside(home: Path) -> Mapping[str, str]:
    """Return what else decides what is found: the key of identities, as a hash that does not tell it; the settings."""
    from baophu.findings.finding import finding_key
    from baophu.findings.kinds import agency_of

    return {
        "finding_key": sha256_of(f"baophu findings {finding_key(home).hex()}"),
        "agency": sha256_of(agency_of(home).model_dump_json()),
    }


def _charge(work: Work) -> Mapping[str, int]:
    from baophu.findings.charging import charge_findings
    from baophu.findings.finding import no_outcomes

    done = charge_findings(
        work.engine,
        work.result("found_months"),
        work.frozen(OUTCOMES) or no_outcomes(),
        work.as_of,
        work.law,
        work.temp,
        work.out("charges") / FROM_FINDINGS,
        work.progress,
    )
    return {"charges": done.rows}


STEPS = (
    Step(
        name="findings",
        title=Text("Trường hợp cần xử lý", "Findings"),
        needs=tuple(f"{name}?" for name in REGISTERS),
        after=tuple(f"{name}?" for name in RESULTS),
        gives=(*GIVES, CHECKED),
        earlier=("findings", "closed_findings", CHECKED),
        beside=_beside,
        desk=(OUTCOMES,),
        do=_find,
    ),
    Step(
        name="charges_of_findings",
        title=Text("Ước tính số nộp thêm theo trường hợp", "Charges that findings would bring"),
        needs=(),
        after=("found_months",),
        gives=("charges",),
        desk=(OUTCOMES,),
        do=_charge,
    ),
)
