"""The model: its file, and its scores held to Splink's own."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from people import KINDS, person, stored, strangers

from baophu.core.errors import BaophuError
from baophu.engine import DuckDB, run_step
from baophu.linkage.model import Model, read_model
from baophu.linkage.persons import SQL
from baophu.linkage.training import LEVELS, settings
from baophu.registers.names import fold_name

CROWD = strangers(400)


PLACES = pa.table(
    {"commune": [f"{at:05}" for at in range(40_000)], "province": [f"{at // 1000:02}" for at in range(40_000)]}
)
RECORD = (
    "pair, words, full_key, set_key, family_key, given_key, birth_date, birth_year, sex, "
    "given.commune_code AS commune, province, old_id_number AS old_id, "
    "lpad(CAST(pid_number AS VARCHAR), 12, '0') AS number"
)


def test_the_model_that_comes_with_the_program_has_every_level() -> None:
    model = read_model()
    assert {name: [one.level for one in levels] for name, levels in model.fields.items()} == {
        name: [one[0] for one in levels] for name, (_, _, levels) in LEVELS.items()
    }
    for name, levels in model.fields.items():
        assert sum(one.m for one in levels) == pytest.approx(1, abs=1e-4), name
    assert model.training.persons >= 1_000_000


def test_a_damaged_model_is_told(tmp_path: Path) -> None:
    (tmp_path / "vn-x.json").write_text("{}")
    with pytest.raises(BaophuError, match="vn-x"):
        read_model(tmp_path / "vn-x.json")


def pairs() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Pairs of a participant and a person, at many levels of every field."""
    mine, theirs = [], []
    changes: list[dict[str, Any]] = [
        {},
        {"full_name": "typo"},
        {"full_name": "Bùi Thị Xoan"},
        {"sex": "X"},
        {"commune_code": "30004"},
        {"commune_code": "10004"},
        {"pid_number": 10},
        {"pid_number": 4_000_000_000},
        {"old_id_number": 1},
        {"birth_date": None},
        {"pid_number": None, "old_id_number": None},
        {"pid_number": None, "full_name": "typo", "commune_code": "30004"},
    ]
    for at, one in enumerate(CROWD[:120]):
        change = dict(changes[at % len(changes)])
        them = {**one, "old_id_number": 100_000_000 + at}
        me = {**them, **change}
        if change.get("full_name") == "typo":
            me["full_name"] = one["full_name"].replace("h", "", 1)
        if change.get("pid_number"):
            me["pid_number"] = one["pid_number"] + change["pid_number"]
        if change.get("old_id_number"):
            me["old_id_number"] = them["old_id_number"] + 5_000_000
        mine.append(me)
        theirs.append(them)
    return mine, theirs


def ours(place: Path, model: Model, mine: Path, theirs: Path, count: int) -> dict[int, dict[str, Any]]:
    """Score pairs by our SQL, by the participant's number."""
    words = [fold_name(name) for path in (mine, theirs) for name in pq.read_table(path)["full_name"].to_pylist()]
    keys = [key for path in (mine, theirs) for key in pq.read_table(path)["full_key"].to_pylist()]
    one = dict(zip(keys, words, strict=True))
    none = pa.table({"si": pa.array([], pa.int64()), "pid": pa.array([], pa.int64())})
    with DuckDB(temp=place / "spilled") as engine:
        chunk = run_step(
            engine,
            "SELECT si_code_number AS si, pid_number AS pid, old_id_number AS old_id, full_name, full_key, set_key, "
            "family_key, given_key, birth_date, birth_year, sex, commune_code AS commune, "
            "province, CAST(1 AS BIGINT) AS namesakes FROM participants LEFT JOIN communes ON commune = commune_code",
            {"participants": mine, "communes": PLACES},
        ).arrow()
        numbers = pq.read_table(theirs)["pid_number"]
        nominated = pa.table({"si": pa.array(range(count), pa.int64()), "pid": numbers.combine_chunks()})
        registers = {"chunk": chunk, "population": theirs, "communes": PLACES}
        settled = {"taken": none.select(["pid"]), "rejected": none}
        paired = run_step(engine, SQL / "paired.sql", {"nominations": nominated, **registers, **settled}).arrow()
        words = pa.table({"full_key": pa.array(one.keys(), pa.int64()), "words": pa.array(one.values())})
        compared = run_step(engine, SQL / "compared.sql", {"paired": paired, "folded": words}).arrow()
        shares = run_step(engine, SQL / "shares.sql", {"compared": compared, "population": theirs}).arrow()
        prior = pa.table({"persons": [count], "free_weight": [0.0], "taken_weight": [0.0]})
        scored = run_step(
            engine,
            SQL / "scored.sql",
            {"compared": compared, "shares": shares, "weights": model.weights(), "prior": prior},
        ).arrow()
    return {row["si"]: row for row in scored.to_pylist()}


def splinks(model: Model, mine: Path, theirs: Path, count: int) -> dict[int, float]:
    """Score the same pairs by Splink, with the same probabilities and shares."""
    from splink import Linker
    from splink.backends.duckdb import DuckDBAPI

    m = {name: {one.level: one.m for one in levels} for name, levels in model.fields.items()}
    # Where u is taken by value any u does, as long as all levels of the field that do so have the exact level's.
    u = {name: {one.level: (one.u or 1e-3) for one in levels} for name, levels in model.fields.items()}
    with duckdb.connect() as connection:
        for side, path, key in (("left", mine, "si_code_number"), ("right", theirs, "pid_number")):
            table = pq.read_table(path)
            words = [fold_name(name) for name in table["full_name"].to_pylist()]
            table = table.append_column("words", pa.array(words)).append_column("pair", pa.array(range(count)))
            connection.register("given", table)
            connection.register("communes", PLACES)
            connection.execute(
                f"CREATE TABLE {side}_side AS SELECT {key} AS unique_id, {RECORD} FROM given "  # noqa: S608
                "LEFT JOIN communes ON communes.commune = given.commune_code"
            )
        api = DuckDBAPI(connection=connection)
        sides = [api.register(f"{side}_side", dataset_display_name=side) for side in ("left", "right")]
        linker = Linker(sides, settings(m, u), log_level=logging.ERROR, validate_settings=False)
        for column in ("full_key", "birth_date", "commune", "old_id", "number"):
            # The share of a value among the persons; a number is one person's, whoever has it.
            every = f"SELECT {column}, count(*) / {count} AS tf_{column} FROM right_side GROUP BY ALL"  # noqa: S608
            connection.execute(f"CREATE TABLE tf_{column} AS {every}")
            linker.table_management.register_term_frequency_lookup(api.register(f"tf_{column}"), column)
            if column == "number":
                connection.execute(f"INSERT INTO tf_number SELECT number, 1 / {count} FROM left_side")  # noqa: S608
        found = linker.inference.predict()
        rows = found.as_record_list()
    left = {row["unique_id_l"]: row for row in rows}
    assert len(left) == count
    # Splink's weight begins with its prior, ours with none.
    prior = read_prior(linker)
    return {number: row["match_weight"] - prior for number, row in left.items()}


def read_prior(linker: Any) -> float:
    import math

    chance = linker.misc.save_model_to_json(None)["probability_two_random_records_match"]
    return math.log2(chance / (1 - chance))


def test_scores_are_splinks_own(tmp_path: Path) -> None:
    model = read_model()
    mine, theirs = pairs()
    one = stored(tmp_path / "mine.parquet", mine, "si_code_number")
    other = stored(tmp_path / "theirs.parquet", theirs)
    here = ours(tmp_path, model, one, other, len(mine))
    there = splinks(model, one, other, len(mine))
    assert set(KINDS) <= set(pq.read_schema(one).names)
    for field, levels in {"name": 3, "birth": 2, "sex": 2, "place": 3, "old_id": 2, "number": 3}.items():
        assert len({row[field] for row in here.values()} - {-1}) >= levels, field
    # Where u is a share and both sides have a value, Splink takes the greater share, ours the person's: not compared.
    times = {name: {level.level: level.times for level in levels} for name, levels in model.fields.items()}
    compared = [at for at, row in here.items() if row["name"] != 4 and row["birth"] not in (3, 4)]
    assert times["birth"][3] == 2 and len(compared) > 100
    for at in compared:
        assert here[at]["weight"] == pytest.approx(there[at], abs=1e-6), here[at]


def test_the_scores_of_people_who_agree_in_all_are_high() -> None:
    model = read_model()
    weights = {(row["field"], row["level"]): row["weight"] for row in model.weights().to_pylist()}
    assert weights["sex", 1] > 0 > weights["sex", 0]
    assert weights["name", 3] > weights["name", 1] > 0 > weights["name", 0]
    assert weights["place", 0] < -5
    assert person("A B")["birth_year"] == 1985
