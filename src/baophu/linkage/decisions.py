"""What people decided on links: kept at the desk, frozen for the run, above all that the machine says.

<home>/warehouse/frozen/link_decisions/<revision>-<hash8>/link_decisions.parquet
<home>/warehouse/frozen/link_decisions/current    the name of the folder that holds good
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from baophu.core.errors import BaophuError
from baophu.core.hashes import sha256
from baophu.core.home import PART, whole_file, whole_folder
from baophu.core.languages import Text
from baophu.desk.store import desk_file, locked, told_clearly
from baophu.registers.store import names_nobody

NAME = "link_decisions"


@dataclass(frozen=True, slots=True)
class Decided:
    """That a participant is a person or not; `rule`: how the machine had linked them; `sampled`: drawn at random."""

    si_code: str
    pid: str
    accepted: bool
    rule: str = ""
    sampled: bool = False


def folder(home: Path) -> Path:
    """Return the folder of the frozen decisions. It need not exist."""
    return home / "warehouse" / "frozen" / NAME


def decide(home: Path, decisions: Sequence[Decided], *, by: str, why: str) -> int:
    """Keep decisions at the desk, freeze them, and return how many were new. BaophuError where one is none."""
    from baophu.desk.start import start

    wrong = [at for at, one in enumerate(decisions, 1) if not _digits(one.si_code, 10) or not _digits(one.pid, 12)]
    if wrong:
        raise BaophuError(
            Text(
                f"Dòng {wrong[0]}: cần mã số BHXH 10 chữ số và số định danh 12 chữ số. Không có gì thay đổi.",
                f"Line {wrong[0]}: a social insurance number has 10 digits, a personal number 12. Nothing was changed.",
            )
        )
    if not names_nobody(why):
        raise BaophuError(
            Text("Lý do không được ghi số của ai.", "The reason may not hold anybody's number."),
            Text("Nhật ký giữ mãi lý do này.", "The record keeps it for good."),
        )
    start(home)
    from baophu.desk.actions import decide_links
    from baophu.desk.models import LinkDecision

    with told_clearly(home), locked(folder(home) / "lock"):
        rows = [
            LinkDecision(si_code=one.si_code, pid=one.pid, accepted=one.accepted, rule=one.rule, sampled=one.sampled)
            for one in decisions
        ]
        new = decide_links(actor=by, reason=why, decisions=rows)
        _freeze(home)
    return new


def freeze(home: Path) -> None:
    """Freeze the decisions that stand, where there are any; a frozen copy that holds them already stays."""
    if not desk_file(home).exists():
        return
    from baophu.desk.start import start

    start(home)
    with told_clearly(home), locked(folder(home) / "lock"):
        _freeze(home)


def _freeze(home: Path) -> None:
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    from baophu.desk.models import LinkDecision

    # What a purge wiped is no number any more, and is left out.
    standing = (
        LinkDecision.objects.standing().order_by("si_code", "pid").values_list("id", "si_code", "pid", "accepted")
    )
    rows = [one for one in standing if _digits(one[1], 10) and _digits(one[2], 12)]
    table = pa.table(
        {
            "si_code": pa.array([int(one[1]) for one in rows], pa.int64()),
            "pid": pa.array([int(one[2]) for one in rows], pa.int64()),
            "accepted": pa.array([one[3] for one in rows], pa.bool_()),
        }
    )
    place = folder(home)
    with TemporaryDirectory(prefix=PART, dir=place) as scratch:
        path = Path(scratch) / f"{NAME}.parquet"
        pq.write_table(table, path)
        frozen = place / f"{max((one[0] for one in rows), default=0)}-{sha256(path)[:8]}"
        if not frozen.exists():
            with whole_folder(frozen) as part:
                path.rename(part / path.name)
    with whole_file(place / "current") as part:
        part.write_text(frozen.name + "\n", encoding="utf-8")


def _digits(text: str, width: int) -> bool:
    return len(text) == width and text.isascii() and text.isdigit()
