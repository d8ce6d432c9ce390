"""A home with a few employers, written as files and loaded by the real loader; and what it comes to in plain Python."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from baophu.nation import reference
from baophu.registers.loading import load

Row = Sequence[Any]
HEADS = {
    "declarations": "month,employer_id,si_code,group_code,wage,unpaid_days",
    "employers": "employer_id,name,commune_code,region,sector,pay_method,status,registered_on",
    "payments": "payment_id,employer_id,paid_on,amount",
    "notices": "notice_id,employer_id,month,sent_on",
    "spells": "si_code,scheme,group_code,employer_id,commune_code,start_month,end_month",
}


def put(home: Path, table: str, rows: Iterable[Row]) -> None:
    """Write rows of a register as CSV and load them; none may be sent back."""
    lines = [",".join("" if value is None else str(value) for value in row) for row in rows]
    file = home.parent / f"{table}-{len(list(home.parent.iterdir()))}.csv"
    file.write_text("\n".join([HEADS[table], *lines]) + "\n", encoding="utf-8")
    (one,) = load([file], home)
    assert (one.manifest.rejected, one.manifest.held) == (0, 0), one.manifest.reasons


def employer(code: str, region: str = "I", pay_method: str = "monthly") -> Row:
    return code, f"Đơn vị {code}", "00004", region, "private", pay_method, "active", "2020-01-01"


@dataclass
class Registers:
    """The rows of a small home, as tuples in the order of `HEADS`."""

    employers: list[Row] = field(default_factory=list)
    declarations: list[Row] = field(default_factory=list)
    payments: list[Row] = field(default_factory=list)
    notices: list[Row] = field(default_factory=list)
    spells: list[Row] = field(default_factory=list)

    def load(self, home: Path) -> Path:
        for table in HEADS:
            if rows := getattr(self, table):
                put(home, table, rows)
        return home

    def truth(self, as_of: date) -> tuple[list[Row], list[Row]]:
        """Work dues and charges out in plain Python."""
        members = {(row[0], row[5]) for row in self.spells if row[1] == "unemployment"}
        dues: list[Row] = []
        charges: list[Row] = []
        for code, _, _, region, _, method, *_ in self.employers:
            owed: dict[date, list[int]] = {}
            for month, of, si_code, group, wage, unpaid_days in self.declarations:
                if of != code:
                    continue
                member = any(who == si_code and start <= month for who, start in members)
                parts = reference.worker_parts(group, month, region, wage, unpaid_days or 0, member)
                sums = owed.setdefault(month, [0, 0, 0, 0])
                owed[month] = [before + more for before, more in zip(sums, (1, *parts), strict=True)]
            found = reference.dues_and_charges(
                code,
                method,
                [(month, *sums) for month, sums in sorted(owed.items())],
                [(day, id, amount) for id, of, day, amount in self.payments if of == code],
                [(month, sent) for _, of, month, sent in self.notices if of == code],
                as_of,
            )
            dues += found[0]
            charges += found[1]
        return dues, charges


MONTHS = [date(2025, month, 1) for month in range(3, 13)] + [date(2026, month, 1) for month in range(1, 11)]
GROUPS = ("a", "a", "a", "b", "b", "c", "d", "đ", "e", "g", "h", "i", "k", "l", "m", "n")
WAGES = (0, 1_000_000, 2_340_000, 2_530_000, 7_654_321, 12_345_678, 46_800_001, 60_000_000, 99_200_001, 250_000_000)


def random_registers(seed: int, employers: int = 12) -> Registers:
    """Make a small country of all groups, with advance payments, payments in part, refunds and letters."""
    rng = random.Random(seed)  # noqa: S311
    made = Registers()
    person = 0
    for number in range(employers):
        code = f"TZ{number:04d}"
        method = rng.choice(["monthly", "monthly", "quarterly", "half_yearly"])
        made.employers.append(employer(code, rng.choice(["I", "II", "III", "IV"]), method))
        people = []
        for _ in range(rng.randint(1, 6)):
            person += 1
            si_code, group = f"{person:010d}", rng.choice(GROUPS)
            people.append((si_code, group))
            if group == "b" and rng.random() < 0.6:
                made.spells.append((si_code, "unemployment", None, code, "00004", rng.choice(MONTHS), None))
        months = sorted(rng.sample(MONTHS, rng.randint(3, len(MONTHS))))
        for month in months:
            for si_code, group in people:
                row = (month, code, si_code, group, rng.choice(WAGES), rng.choice([None, 0, 3, 13, 14, 20]))
                made.declarations.append(row)
        for at in range(rng.randint(0, 14)):
            day = rng.choice(months) + timedelta(days=rng.randint(0, 150))
            amount = rng.choice([1, 777, 1_500_000, 9_999_999, 40_000_000, -300_000])
            made.payments.append((f"P{number}-{at}", code, day, amount))
        for at in range(rng.randint(0, 5)):
            month = rng.choice(months)
            made.notices.append((f"N{number}-{at}", code, month, month + timedelta(days=rng.randint(20, 160))))
    return made
