"""A tiny home, loaded by the real loader: three employers, a dozen declarations, a few voluntary payments."""

from __future__ import annotations

from pathlib import Path

from baophu.areas.units import tree
from baophu.registers.loading import load

HANOI, LANG_SON = (next(one.code for one in tree().communes if one.parent == place) for place in ("01", "20"))

# employer, group, wage, unpaid days: what is declared of 2026-09 and, with one worker more, of 2026-10.
DECLARED = [
    *(("DN1", "a", wage, 0) for wage in (2_530_000, 2_600_000, 2_700_000, 9_000_000, 52_000_000, 60_000_000)),
    ("DN1", "a", 9_000_000, 20),
    ("DN1", "l", 2_600_000, 0),
    ("DN2", "b", 5_000_000, 0),
    ("DN2", "k", 2_530_000, 0),
    ("HO3", "m", 2_530_000, 0),
]
MORE = ("DN2", "b", 2_550_000, 0)

# person, commune, support group, income, method, first month, months, day of payment
PAID = [
    ("1", HANOI, "near_poor", 1_500_000, "monthly", "2026-10-01", 1, "2026-10-03"),
    ("2", LANG_SON, "near_poor", 1_500_000, "quarterly", "2026-09-01", 3, "2026-09-03"),
    ("3", LANG_SON, "near_poor", 3_000_000, "yearly", "2026-01-01", 12, "2026-01-03"),
    ("4", LANG_SON, "other", 2_000_000, "monthly", "2026-10-01", 1, "2026-10-03"),
    ("5", LANG_SON, "poor", 2_000_000, "monthly", "2026-06-01", 1, "2026-06-03"),
    ("6", HANOI, "ethnic_minority", 2_000_000, "missing_months", "2026-10-01", 12, "2026-10-03"),
]


def code(number: int) -> str:
    """Return a social insurance number that is nobody's."""
    return f"99{number:08}"


def make_home(folder: Path, *tables: str) -> Path:
    """Load the tables named (all of them where none is) into a home below the folder, and return it."""
    written = {
        "employers": _employers(),
        "declarations": _declarations(),
        "voluntary": _voluntary(),
        "spells": _spells(),
    }
    files = []
    for name in tables or written:
        path = folder / f"{name}.csv"
        path.write_text(written[name], encoding="utf-8")
        files.append(path)
    home = folder / "home"
    for loaded in load(files, home):
        assert loaded.manifest.loaded == loaded.manifest.read, loaded.manifest.reasons
    return home


def _employers() -> str:
    rows = [("DN1", HANOI, "I", "private"), ("DN2", LANG_SON, "IV", "state"), ("HO3", HANOI, "I", "household")]
    lines = ["employer_id,name,commune_code,region,sector,pay_method,status,registered_on"]
    lines += [
        f"{code},Don vi {code},{place},{region},{sector},monthly,active,2020-01-01"
        for code, place, region, sector in rows
    ]
    return "\n".join(lines) + "\n"


def _declarations() -> str:
    lines = ["month,employer_id,si_code,group_code,wage,unpaid_days"]
    for month, rows in (("2026-09-01", DECLARED), ("2026-10-01", [*DECLARED, MORE])):
        lines += [
            f"{month},{employer},{code(number)},{group},{wage},{off}"
            for number, (employer, group, wage, off) in enumerate(rows)
        ]
    return "\n".join(lines) + "\n"


def _voluntary() -> str:
    lines = ["si_code,commune_code,support_group,chosen_income,method,start_month,months,paid_on,amount"]
    lines += [",".join(map(str, (code(int(row[0])), *row[1:], 100_000))) for row in PAID]
    return "\n".join(lines) + "\n"


def _spells() -> str:
    lines = ["si_code,scheme,group_code,employer_id,commune_code,start_month,end_month"]
    number = next(place for place, row in enumerate(DECLARED) if row[1] == "b")
    lines.append(f"{code(number)},unemployment,,DN2,{LANG_SON},2020-01-01,")
    return "\n".join(lines) + "\n"
