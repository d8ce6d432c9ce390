"""A whole small country: its registers load, agree with each other, and hold every kind of finding."""

from __future__ import annotations

import filecmp
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from baophu.nation.country import Summary, generate
from baophu.nation.marginals import marginals
from baophu.registers.loading import load

PEOPLE, MONTHS, END = 20_000, 12, date(2026, 10, 1)
KINDS = {
    "unregistered_employer", "uninsured_worker", "underdeclared_wage", "deducted_not_paid", "household_owner",
    "unpaid_manager", "late", "evasion", "health_gap", "voluntary_candidate", "lapsed_voluntary", "near_pension",
    "conflict",
}  # fmt: skip
ONLY_LOOKS_LIKE = {
    "probation", "service_contract", "under_one_month", "pensioner", "insured_at_first_employer", "insured_otherwise",
    "insured_under_branch_code", "presumptive", "unpaid_leave", "part_time_below_lowest_base", "ceiling",
}  # fmt: skip


class Country:
    """A generated country: its tables as one frame each."""

    def __init__(self, folder: Path, summary: Summary) -> None:
        self.folder, self.summary = folder, summary

    def __getitem__(self, table: str) -> pl.DataFrame:
        return pl.read_parquet(sorted((self.folder / table).glob("*.parquet")))


def made(folder: Path, people: int, months: int, seed: int = 7) -> Country:
    return Country(folder, generate(folder, people, seed, months, END, "parquet"))


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Country:
    return made(tmp_path_factory.mktemp("nation") / "vn", PEOPLE, MONTHS)


def test_every_kind_of_finding_is_there(country: Country) -> None:
    found = country["truth/findings"]
    assert set(found["kind"]) == KINDS
    assert set(found.filter("decidable")["kind"]) == KINDS
    assert {"dead_but_paying", "one_person_two_numbers", "two_people_one_number"} <= set(found["why"])
    assert {"not_insured", "not_paid"} <= set(found.filter(pl.col("kind") == "deducted_not_paid")["why"])


def test_what_only_looks_like_a_finding_is_there(country: Country) -> None:
    assert set(country["truth/near_misses"]["why"]) >= ONLY_LOOKS_LIKE


def test_findings_lie_in_the_months_of_the_registers(country: Country) -> None:
    found = country["truth/findings"]
    assert found["from_month"].min() >= date(2025, 11, 1)  # type: ignore[operator]
    assert found["to_month"].max() <= date(2026, 11, 1)  # type: ignore[operator]
    assert (found["from_month"] < found["to_month"]).all()
    assert found["area_code"].null_count() == 0


def test_nobody_is_both_found_and_only_alike(country: Country) -> None:
    subject = ["kind", "pid", "tax_code"]
    for kind in ("uninsured_worker", "household_owner", "unpaid_manager", "underdeclared_wage"):
        found, near = (
            country[f"truth/{table}"].filter(pl.col("kind") == kind).drop_nulls(subject)
            for table in ("findings", "near_misses")
        )
        both = found.join(near, on=subject, how="inner").filter(
            (pl.col("from_month") < pl.col("to_month_right")) & (pl.col("from_month_right") < pl.col("to_month"))
        )
        assert both.is_empty(), kind


def test_uninsured_workers_are_in_no_compulsory_spell(country: Country) -> None:
    found = country["truth/findings"].filter(pl.col("kind") == "uninsured_worker")
    spells = country["spells"].filter(pl.col("scheme") == "compulsory").join(country["truth/links"], on="si_code")
    insured = found.join(spells, on="pid").filter(
        (pl.col("start_month") < pl.col("to_month"))
        & (pl.col("end_month").is_null() | (pl.col("end_month") > pl.col("from_month")))
    )
    assert insured.is_empty()


def test_health_gaps_are_the_living_without_a_health_spell(country: Country) -> None:
    october = date(2026, 10, 1)
    running = country["spells"].filter(
        (pl.col("scheme") == "health")
        & (pl.col("start_month") <= october)
        & (pl.col("end_month").is_null() | (pl.col("end_month") > october))
    )
    covered = running.join(country["truth/links"], on="si_code")["pid"]
    living = country["truth/persons"].filter(pl.col("died_on").is_null())["pid"]
    gaps = country["truth/findings"].filter(pl.col("kind") == "health_gap")["pid"]
    assert set(gaps) == set(living) - set(covered)


def test_near_pensions_have_ten_to_fifteen_years_by_their_spells(country: Country) -> None:
    links, number = country["truth/links"], pl.col
    ended = pl.coalesce("end_month", pl.lit(date(2026, 11, 1))).clip(upper_bound=date(2026, 11, 1))

    def months(day: pl.Expr) -> pl.Expr:
        return day.dt.year().cast(pl.Int64) * 12 + day.dt.month()

    paid = (
        country["spells"]
        .filter(pl.col("scheme").is_in(["compulsory", "voluntary"]))
        .join(links, on="si_code")
        .with_columns(months=months(ended) - months(number("start_month")))
        .group_by("pid")
        .agg(pl.col("months").sum())
    )
    near = country["truth/findings"].filter(pl.col("kind") == "near_pension").join(paid, on="pid")
    assert near["months"].is_between(120, 179).all()
    assert not near.is_empty()


def test_each_person_is_counted_once_a_scheme_and_month(country: Country) -> None:
    counts = country["truth/counts"]
    spells = country["spells"].join(country["truth/links"], on="si_code")
    for month in (date(2025, 11, 1), date(2026, 10, 1)):
        running = spells.filter(
            (pl.col("start_month") <= month) & (pl.col("end_month").is_null() | (pl.col("end_month") > month))
        )
        expected = running.group_by("scheme", pl.col("commune_code").alias("area_code")).agg(
            pl.col("pid").n_unique().cast(pl.Int64).alias("participants")
        )
        told = counts.filter(pl.col("month") == month).select("scheme", "area_code", "participants")
        keys = ["scheme", "area_code"]
        assert told.sort(keys).equals(expected.select("scheme", "area_code", "participants").sort(keys))
        assert running.select("scheme", "pid").is_duplicated().sum() == 0


def test_declarations_are_of_people_and_employers_that_are_there_and_lie_in_their_spells(country: Country) -> None:
    declared = country["declarations"]
    assert set(declared["employer_id"]) <= set(country["employers"]["employer_id"])
    assert set(declared["si_code"]) <= set(country["participants"]["si_code"])
    assert declared.select("month", "employer_id", "si_code").is_duplicated().sum() == 0
    spells = country["spells"].filter(pl.col("scheme") == "compulsory")
    inside = declared.join(spells, on=["si_code", "employer_id", "group_code"]).filter(
        (pl.col("start_month") <= pl.col("month"))
        & (pl.col("end_month").is_null() | (pl.col("month") < pl.col("end_month")))
    )
    assert inside.height == declared.height


def test_unemployment_spells_lie_in_compulsory_ones(country: Country) -> None:
    spells = country["spells"]
    compulsory = spells.filter(pl.col("scheme") == "compulsory")
    unemployment = spells.filter(pl.col("scheme") == "unemployment")
    inside = unemployment.join(compulsory, on=["si_code", "employer_id"], nulls_equal=True).filter(
        (pl.col("start_month_right") <= pl.col("start_month"))
        & pl.col("end_month").eq_missing(pl.col("end_month_right"))
    )
    assert inside.height == unemployment.height
    assert set(inside["group_code_right"]) <= {"a", "b", "i", "l"}


def test_other_tables_name_what_is_there(country: Country) -> None:
    codes = set(country["businesses"]["tax_code"])
    assert set(country["truth/worker_links"]["tax_code"]) <= codes
    assert set(country["truth/employer_links"]["tax_code"]) <= codes
    assert set(country["managers"]["tax_code"]) <= codes
    residents = set(country["population"]["pid"])
    for table in ("truth/links", "truth/worker_links", "managers", "truth/persons"):
        assert set(country[table]["pid"]) <= residents
    assert set(country["businesses"]["owner_pid"].drop_nulls()) <= residents
    participants = set(country["participants"]["si_code"])
    for table in ("spells", "voluntary"):
        assert set(country[table]["si_code"]) <= participants
    assert set(country["benefits"]["si_code"].drop_nulls()) <= participants
    assert set(country["payments"]["employer_id"]) <= set(country["employers"]["employer_id"])
    assert country["managers"].select("tax_code", "pid").is_duplicated().sum() == 0


def test_worker_links_are_the_rows_of_tax_income_in_order(country: Country) -> None:
    links, rows = country["truth/worker_links"], country["tax_income"]
    assert links["row"].to_list() == list(range(rows.height))
    assert (links["tax_code"] == rows["tax_code"]).all()
    errors = country["truth/errors"].filter((pl.col("table") == "tax_income") & (pl.col("column") == "pid"))["row"]
    differ = links["row"].filter(links["pid"].ne_missing(rows["pid"]))
    assert set(differ) == set(errors)


def test_about_one_in_twenty_participants_lacks_the_personal_number(country: Country) -> None:
    total = country["participants"].height
    kinds = Counter(country["truth/errors"].filter(pl.col("table") == "participants")["kind"])
    assert country["participants"]["pid"].null_count() == kinds["pid_missing"]
    assert kinds["pid_missing"] / total == pytest.approx(0.05, abs=0.01)
    assert kinds["pid_mistyped"] / total == pytest.approx(0.02, abs=0.005)
    assert kinds["pid_borrowed"] / total == pytest.approx(0.003, abs=0.002)


def test_dues_are_the_sums_of_the_workers(country: Country) -> None:
    dues = country["truth/dues"]
    workers = country["declarations"].group_by("employer_id", "month").agg(pl.len().alias("workers"))
    joined = dues.join(workers, on=["employer_id", "month"], how="full")
    assert joined["participants"].eq_missing(joined["workers"].cast(pl.Int64)).all()
    assert (dues["due"] == dues["due_si"] + dues["due_hi"] + dues["due_ui"]).all()


def test_the_country_is_like_the_published_figures(tmp_path: Path) -> None:
    """Within 8 % (unemployment insurance has no third-party workers here and lies a little low), health within 1 %."""
    found = made(tmp_path / "vn", 100_000, 2).summary.marginals
    for name, published, generated in found:
        tolerance = 0.01 if name.startswith("hi_") else 0.08
        assert generated == pytest.approx(published, rel=tolerance), name
    assert marginals().counts["si_compulsory"].value == 18_032_000


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    folders = [made(tmp_path / name, 4_000, 3, seed).folder for name, seed in (("a", 1), ("b", 1), ("c", 2))]
    files = [path.relative_to(folders[0]) for path in folders[0].rglob("*") if path.is_file()]
    same, different, missing = filecmp.cmpfiles(folders[0], folders[1], [str(file) for file in files], shallow=False)
    assert (len(same), different, missing) == (len(files), [], [])
    assert (folders[0] / "population/part-00000.parquet").read_bytes() != (
        folders[2] / "population/part-00000.parquet"
    ).read_bytes()


def test_a_country_loads_and_only_planted_errors_are_refused(tmp_path: Path) -> None:
    small = made(tmp_path / "vn", 5_000, 24)
    errors = small["truth/errors"]
    folders = [path for path in small.folder.iterdir() if path.is_dir() and path.name != "truth"]
    files = [file for folder in folders for file in folder.glob("*.parquet")]
    loaded = load(files, tmp_path / "home")
    assert len(loaded) == len(folders)
    for one in loaded:
        table = one.manifest.table
        planted = errors.filter(pl.col("table") == table)
        rejected = planted.filter(pl.col("kind").str.starts_with("reject:"))["row"].n_unique()
        held = planted.filter(pl.col("kind").str.starts_with("hold:"))["row"].n_unique()
        assert (table, one.manifest.rejected) == (table, rejected)
        # A row that is both goes back.
        assert held - rejected <= one.manifest.held <= held, table
        assert one.manifest.read == small.summary.rows[table]


def test_blocks_join_into_one_country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baophu.nation.country.BLOCK", 2_000)
    parted = made(tmp_path / "vn", 5_000, 4)
    assert len(list((parted.folder / "population").glob("*.parquet"))) == 3
    for table, key in (
        ("population", "pid"),
        ("participants", "si_code"),
        ("employers", "employer_id"),
        ("businesses", "tax_code"),
        ("payments", "payment_id"),
    ):
        assert not parted[table][key].is_duplicated().any(), table
    homes = [set(pl.read_parquet(part)["household_id"]) for part in (parted.folder / "population").glob("*.parquet")]
    assert len(set.union(*homes)) == sum(len(some) for some in homes)
    assert parted["truth/worker_links"]["row"].to_list() == list(range(parted["tax_income"].height))
    assert set(parted["declarations"]["employer_id"]) <= set(parted["employers"]["employer_id"])
