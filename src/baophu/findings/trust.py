"""Whether what came in can be believed, before anybody is asked to act on it: rates that must not collapse.

A register of the wrong month, one that was cut off, one whose names are damaged: each makes people look as if they were
not insured, or employers as if they had not paid. So shares that are near one in sound registers are held against a
floor and against the run before (`trusted` in agency.yaml), and kinds of findings that rest on what fell are held.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from baophu.core.languages import Text
from baophu.core.numbers import share
from baophu.engine import run_step
from baophu.findings.kinds import SQL, kinds
from baophu.findings.steps import CHECKED
from baophu.results.steps import RegisterFile, Work

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

THOUSAND = 1000
ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Check:
    """A share of something that is told of in `tables`, and what is not to be believed where it is too small."""

    tables: tuple[str, ...]
    doubts: tuple[str, ...]
    # How many of the whole it takes to say anything: a setting.
    least: str
    said: Text


CHECKS = {
    "linked": Check(
        ("participants", "links"),
        ("links",),
        "least_people",
        Text("số người tham gia nối được với công dân", "of participants are joined to persons"),
    ),
    "employers_linked": Check(
        ("employers", "employer_links"),
        ("employer_links",),
        "least_employers",
        Text("số đơn vị nối được với người nộp thuế", "of employers are joined to taxpayers"),
    ),
    "workers_matched": Check(
        ("tax_income", "worker_matches"),
        ("worker_matches",),
        "least_people",
        Text("số dòng thu nhập nối được với công dân", "of the rows of pay are matched to persons"),
    ),
    "declared_known": Check(
        ("declarations", "participants"),
        ("declarations", "participants", "links"),
        "least_people",
        Text("số người được kê khai có trong sổ participants", "of the people declared are in participants"),
    ),
    "declared_insured": Check(
        ("declarations", "spells"),
        ("spells",),
        "least_people",
        Text(
            "số người được kê khai có quá trình tham gia bắt buộc của tháng ấy",
            "of the people declared have a compulsory spell in that month",
        ),
    ),
    "employers_paid": Check(
        ("dues",),
        ("dues",),
        "least_employers",
        Text("số đơn vị đã đóng khoản đến hạn gần nhất", "of employers have paid something of what was due last"),
    ),
}
# What a register that has shrunk makes doubtful beside itself.
_RESTS_ON = {
    "participants": ("links",),
    "population": ("links", "worker_matches"),
    "employers": ("employer_links", "dues"),
    "businesses": ("employer_links",),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A share, as it is now and as it was in the run before; `register` only where it is one of a register's rows."""

    checked: str
    register: str
    whole: int
    good: int
    before: int | None
    least: int
    held: bool

    @property
    def doubts(self) -> tuple[str, ...]:
        """Registers and results that are not to be believed."""
        if not self.held:
            return ()
        return (self.register, *_RESTS_ON.get(self.register, ())) if self.register else CHECKS[self.checked].doubts

    def words(self) -> Text:
        """Say what fell, against what."""
        now = Fraction(self.good, self.whole)
        least, before = Fraction(self.least, THOUSAND), Fraction(self.before or 0, THOUSAND)
        then = (
            Text("", "")
            if self.before is None
            else Text(f"lần trước {share(before, 'vi')}, ", f"{share(before, 'en')} in the run before, ")
        )
        if self.register:
            return Text(
                f"Sổ {self.register} có thể thiếu hoặc sai tháng: chỉ có {share(now, 'vi')} số dòng của kỳ trước "
                f"(mức tối thiểu để tin được {share(least, 'vi')}).",
                f"{self.register} may be cut off or of another month: it has only {share(now, 'en')} of the rows that "
                f"it had before ({share(least, 'en')} is the least that is believed).",
            )
        said, tables = CHECKS[self.checked].said, ", ".join(CHECKS[self.checked].tables)
        return Text(
            f"Chỉ {share(now, 'vi')} {said.vi} ({then.vi}mức tối thiểu để tin được {share(least, 'vi')}). "
            f"Kiểm tra {tables}: thiếu dòng, sai tháng hoặc tên bị hỏng.",
            f"Only {share(now, 'en')} {said.en} ({then.en}{share(least, 'en')} is the least that is believed). "
            f"See whether {tables} lack rows, are of another month, or have damaged names.",
        )


@dataclass(frozen=True, slots=True)
class Trust:
    """Registers and results that are not believed, and how many checks were made."""

    doubted: frozenset[str]
    checks: int


def trust(work: Work, settings: Mapping[str, int]) -> Trust:
    """Check what came in, write table `register_checks`, and return what is not believed.

    What is not believed is noted, with the kinds of findings that are held for it. `settings` are in thousandths:
    a floor for each check, `rows` for numbers of rows, `fall` from one run to the next; `least_…` are numbers.
    """
    before = _before(work)
    found = [*_rates(work, settings, before), *_sizes(work, settings, before)]
    _write(work, found)
    for one in found:
        if one.held:
            work.note(_noted(one))
    return Trust(frozenset(name for one in found for name in one.doubts), len(found))


def _rates(work: Work, settings: Mapping[str, int], before: Mapping[tuple[str, str], Found]) -> list[Found]:
    made = []
    for name, check in CHECKS.items():
        files = {table: _files(work, table) for table in check.tables}
        if not all(files.values()):
            continue
        sql = SQL / "trust" / f"{name}.sql"
        text = sql.read_text(encoding="utf-8").partition("SELECT")[2]
        days = {"last": work.month, "as_of": work.as_of}
        row = run_step(work.engine, sql, files, {key: day for key, day in days.items() if f"${key}" in text}).arrow()
        whole, good = (int(row.column(column)[0].as_py()) for column in ("whole", "good"))
        if whole < settings[check.least]:
            continue
        last = before.get((name, ""))
        then = last.good * THOUSAND // last.whole if last and not last.held else None
        least = max(settings[name], 0 if then is None else then - settings["fall"])
        made.append(Found(name, "", whole, good, then, least, good * THOUSAND < least * whole))
    return made


def _sizes(work: Work, settings: Mapping[str, int], before: Mapping[tuple[str, str], Found]) -> list[Found]:
    """Hold rows of a month against the fewest of a month before, and those of other registers against the last run."""
    made = []
    for register, files in sorted(work.registered.items()):
        if not files:
            continue
        months = work.months(register)
        last = before.get((ROWS, register))
        if months:
            by_month = [_rows(of for of in files if of[0] == month) for month in months if month <= work.month]
            good, whole = (by_month[-1], min(by_month[:-1], default=by_month[-1])) if by_month else (0, 0)
        else:
            good = _rows(files)
            # What was not believed is no measure; what it was held against still is.
            whole = (last.whole if last.held else last.good) if last else good
        if whole >= settings["least_people"]:
            held = good * THOUSAND < settings[ROWS] * whole
            made.append(Found(ROWS, register, whole, good, None, settings[ROWS], held))
    return made


def _files(work: Work, table: str) -> list[Path]:
    return work.registers(table) if table in work.registered else list(work.results.get(table, ()))


def _rows(files: Iterable[RegisterFile]) -> int:
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]

    return sum(parquet.read_metadata(path).num_rows for _, path in files)


def _noted(one: Found) -> Text:
    titles = [kind.title for kind in kinds().values() if set(kind.needs) & set(one.doubts)]
    words = one.words()
    if not titles:
        return words
    vi, en = (", ".join(f"'{title.say(lang)}'" for title in titles) for lang in ("vi", "en"))
    return Text(
        f"{words.vi} Tạm giữ lại, chưa giao xử lý: {vi}.",
        f"{words.en} Held, and made into no cases: {en}.",
    )


def _schema() -> pa.Schema:
    import pyarrow as pa

    columns = {"checked": pa.string(), "register": pa.string()}
    columns |= dict.fromkeys(("whole", "good", "thousandths", "thousandths_before", "least_thousandths"), pa.int64())
    return pa.schema([*columns.items(), ("held", pa.bool_())])


def _write(work: Work, found: Sequence[Found]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    rows = [
        {
            "checked": one.checked,
            "register": one.register,
            "whole": one.whole,
            "good": one.good,
            "thousandths": one.good * THOUSAND // one.whole,
            "thousandths_before": one.before,
            "least_thousandths": one.least,
            "held": one.held,
        }
        for one in found
    ]
    parquet.write_table(pa.Table.from_pylist(rows, _schema()), work.out(CHECKED) / "part-0000.parquet")


def _before(work: Work) -> dict[tuple[str, str], Found]:
    """Return what the run before found."""
    import pyarrow.parquet as parquet

    rows = [row for path in work.previous_result(CHECKED) for row in parquet.read_table(path).to_pylist()]
    return {
        (row["checked"], row["register"]): Found(
            row["checked"],
            row["register"],
            row["whole"],
            row["good"],
            row["thousandths_before"],
            row["least_thousandths"],
            row["held"],
        )
        for row in rows
    }
