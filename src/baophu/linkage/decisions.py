"""What people decided on links: kept at the desk, frozen for the run, above all that the machine says.

<home>/warehouse/frozen/<name>/<revision>-<hash8>/<name>.parquet
<home>/warehouse/frozen/<name>/current    the name of the folder that holds good

where the name is that of participants' decisions (`link_decisions`), employers' or paid workers'.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from baophu.core.errors import BaophuError
from baophu.core.hashes import sha256
from baophu.core.home import PART, whole_file, whole_folder
from baophu.core.languages import Text
from baophu.desk.database import has_desk
from baophu.desk.store import locked, told_clearly
from baophu.registers.store import names_nobody

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

    from baophu.desk.models import LinkDecision, MatchDecision

NAME, EMPLOYERS, WORKERS = "link_decisions", "employer_decisions", "worker_decisions"
NAMES = (NAME, EMPLOYERS, WORKERS)
_BETWEEN = "|"


@dataclass(frozen=True, slots=True)
class Decided:
    """That a participant is a person or not; `rule`: how the machine had linked them; `sampled`: drawn at random."""

    si_code: str
    pid: str
    accepted: bool
    rule: str = ""
    sampled: bool = False

    def sound(self) -> bool:
        """Tell whether both are numbers as they must be."""
        return _digits(self.si_code, 10) and _digits(self.pid, 12)

    def kept(self) -> LinkDecision:
        """Return what the desk keeps."""
        from baophu.desk.models import LinkDecision

        return LinkDecision(
            si_code=self.si_code, pid=self.pid, accepted=self.accepted, rule=self.rule, sampled=self.sampled
        )


@dataclass(frozen=True, slots=True)
class EmployerDecided:
    """That an employer is a business or not."""

    employer_id: str
    tax_code: str
    accepted: bool
    rule: str = ""
    sampled: bool = False

    def sound(self) -> bool:
        """Tell whether the tax code has 10, 12 or 13 digits, and there is an employer."""
        return 0 < len(self.employer_id) <= 90 and any(_digits(self.tax_code, width) for width in (10, 12, 13))

    def kept(self) -> MatchDecision:
        """Return what the desk keeps."""
        from baophu.desk.models import MatchDecision

        return MatchDecision(
            kind=MatchDecision.Kind.EMPLOYER,
            subject=self.employer_id,
            other=self.tax_code,
            accepted=self.accepted,
            rule=self.rule,
            sampled=self.sampled,
        )


@dataclass(frozen=True, slots=True)
class WorkerDecided:
    """That whom a payer pays is a person or not. He is known by all that the payer says: number, name's key, birth.

    The name itself does not go to the desk.
    """

    tax_code: str
    told_pid: str
    full_key: int
    born: date | None
    pid: str
    accepted: bool
    rule: str = ""
    sampled: bool = False

    def sound(self) -> bool:
        """Tell whether the payer's code and the numbers are as they must be."""
        payer = any(_digits(self.tax_code, width) for width in (10, 12, 13))
        return payer and (not self.told_pid or _digits(self.told_pid, 12)) and _digits(self.pid, 12)

    def kept(self) -> MatchDecision:
        """Return what the desk keeps."""
        from baophu.desk.models import MatchDecision

        said = (self.tax_code, self.told_pid, str(self.full_key), self.born.isoformat() if self.born else "")
        return MatchDecision(
            kind=MatchDecision.Kind.WORKER,
            subject=_BETWEEN.join(said),
            other=self.pid,
            accepted=self.accepted,
            rule=self.rule,
            sampled=self.sampled,
        )


AnyDecided = Decided | EmployerDecided | WorkerDecided


def folder(home: Path, name: str = NAME) -> Path:
    """Return the folder of the frozen decisions of a name. It need not exist."""
    return home / "warehouse" / "frozen" / name


def decide(home: Path, decisions: Sequence[AnyDecided], *, by: str, why: str) -> int:
    """Keep decisions at the desk, freeze them, and return how many were new. BaophuError where one is none."""
    from baophu.desk.start import start

    wrong = [(at, one) for at, one in enumerate(decisions, 1) if not one.sound()]
    if wrong:
        at, one = wrong[0]
        needed = _NUMBERS if isinstance(one, Decided) else _CODES
        raise BaophuError(
            Text(f"Dòng {at}: {needed.vi}. Không có gì thay đổi.", f"Line {at}: {needed.en}. Nothing was changed.")
        )
    if not names_nobody(why):
        raise BaophuError(
            Text("Lý do không được ghi số của ai.", "The reason may not hold anybody's number."),
            Text("Nhật ký giữ mãi lý do này.", "The record keeps it for good."),
        )
    start(home)
    from baophu.desk.actions import decide_links

    with told_clearly(home), locked(folder(home) / "lock"):
        new = decide_links(actor=by, reason=why, decisions=[one.kept() for one in decisions])
        _freeze(home)
    return new


_NUMBERS = Text(
    "cần mã số BHXH 10 chữ số và số định danh 12 chữ số",
    "a social insurance number has 10 digits, a personal number 12",
)
_CODES = Text(
    "cần mã số thuế 10, 12 hoặc 13 chữ số, số định danh 12 chữ số",
    "a tax code has 10, 12 or 13 digits, a personal number 12",
)


def freeze(home: Path) -> None:
    """Freeze the decisions that stand, where there are any; a frozen copy that holds them already stays."""
    if not has_desk(home):
        return
    from baophu.desk.start import start

    start(home)
    with told_clearly(home), locked(folder(home) / "lock"):
        _freeze(home)


def _freeze(home: Path) -> None:
    """Freeze all that stands. What a purge wiped is no number any more, and is left out."""
    from baophu.desk.models import LinkDecision, MatchDecision

    links = LinkDecision.objects.standing().order_by("si_code", "pid")
    rows = [(one.pk, int(one.si_code), int(one.pid), one.accepted) for one in links if _read_link(one).sound()]
    _write(home, NAME, rows)
    for kind, name in ((MatchDecision.Kind.EMPLOYER, EMPLOYERS), (MatchDecision.Kind.WORKER, WORKERS)):
        found = MatchDecision.objects.standing().filter(kind=kind).order_by("subject", "other")
        others = [(one.pk, *said, one.accepted) for one in found if (said := _read_match(one))]
        if others or folder(home, name).exists():
            _write(home, name, others)


def _read_link(one: LinkDecision) -> Decided:
    return Decided(one.si_code, one.pid, one.accepted)


def _read_match(one: MatchDecision) -> tuple[Any, ...] | None:
    """Return the columns of a decision before `accepted`; None where a purge took a number out of it."""
    if one.kind == one.Kind.EMPLOYER:
        sound = EmployerDecided(one.subject, one.other, one.accepted).sound()
        return (one.subject, one.other) if sound else None
    payer, told, key, born = one.subject.split(_BETWEEN)
    day = date.fromisoformat(born) if born else None
    if not WorkerDecided(payer, told, int(key), day, one.other, one.accepted).sound():
        return None
    return payer, int(told) if told else None, int(key), day, int(one.other)


def no_decisions(name: str) -> pa.Table:
    """Return a table of decisions of a name, without any."""
    return _table(*_COLUMNS[name], [])


_COLUMNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    NAME: (("si_code", "pid"), ("int64", "int64")),
    EMPLOYERS: (("employer_id", "tax_code"), ("string", "string")),
    WORKERS: (
        ("tax_code", "told_pid", "full_key", "birth_date", "pid"),
        ("string", "int64", "int64", "date32", "int64"),
    ),
}


def _table(columns: Sequence[str], types: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """Return rows (an id, the columns, `accepted`) as a table."""
    import pyarrow as pa

    every = zip((*columns, "accepted"), (*types, "bool"), strict=True)
    return pa.table(
        {name: pa.array([row[at] for row in rows], pa.type_for_alias(kind)) for at, (name, kind) in enumerate(every, 1)}
    )


def _write(home: Path, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    place = folder(home, name)
    place.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=PART, dir=place) as scratch:
        path = Path(scratch) / f"{name}.parquet"
        pq.write_table(_table(*_COLUMNS[name], rows), path)
        frozen = place / f"{max((one[0] for one in rows), default=0)}-{sha256(path)[:8]}"
        if not _is(frozen / path.name, sha256(path)):
            shutil.rmtree(frozen, ignore_errors=True)
            with whole_folder(frozen) as part:
                path.rename(part / path.name)
    with whole_file(place / "current") as part:
        part.write_text(frozen.name + "\n", encoding="utf-8")


def _is(path: Path, digest: str) -> bool:
    return path.is_file() and sha256(path) == digest


def _digits(text: str, width: int) -> bool:
    return len(text) == width and text.isascii() and text.isdigit()
