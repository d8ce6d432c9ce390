"""Trains the model with Splink, on records whose person is known because a number, name and birth agree in him.

m comes from these pairs: that of name, birth, sex, commune and old card from pairs found by the personal number, that
of the personal number from pairs found by the old card. u comes from random pairs, of which none is a match to speak
of. The density of the registers trained on must be the country's: sparse data makes a model sure of what it is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from baophu.linkage.model import FieldName, Level, Model, Training
from baophu.linkage.places import communes

SEED = 20261101
RANDOM_PAIRS = 20_000_000
ACCEPT_FROM = 0.999

_SAME_SLIP = "month(birth_date_l) = month(birth_date_r) and day(birth_date_l) = day(birth_date_r)"
_SWAPPED = "month(birth_date_l) = day(birth_date_r) and day(birth_date_l) = month(birth_date_r)"
_NEAR = (
    "levenshtein(number_l, number_r) <= 1 or (levenshtein(number_l, number_r) = 2 and "
    "rtrim(cast(abs(cast(number_l as bigint) - cast(number_r as bigint)) as varchar), '0') "
    "in ('9', '18', '27', '36', '45', '54', '63', '72', '81'))"
)
# Of each field: the condition of the unknown, then its levels, the closest first; as in compared.sql. `times` stands
# where u is taken from the register at hand.
LEVELS: dict[FieldName, tuple[str, str, tuple[tuple[int, str, str, int | None], ...]]] = {
    "name": (
        "full_key",
        "full_key_l is null or full_key_r is null",
        (
            (5, "the whole name", "full_key_l = full_key_r", 1),
            (4, "the words in another order", "set_key_l = set_key_r", 1),
            (3, "all but one letter", "levenshtein(words_l, words_r) <= 1", None),
            (2, "family and given name", "family_key_l = family_key_r and given_key_l = given_key_r", None),
            (1, "all but two letters", "levenshtein(words_l, words_r) <= 2", None),
            (0, "nothing", "else", None),
        ),
    ),
    "birth": (
        "birth_date",
        "birth_year_l is null or birth_year_r is null",
        (
            (5, "the day", "birth_date_l = birth_date_r", 1),
            (4, "day and month swapped", f"{_SWAPPED} and birth_year_l = birth_year_r", 1),
            (3, "a year off", f"{_SAME_SLIP} and abs(birth_year_l - birth_year_r) = 1", 2),
            (
                2,
                "the year, where more is not known",
                "birth_year_l = birth_year_r and (birth_date_l is null or birth_date_r is null)",
                None,
            ),
            (1, "only the year", "birth_year_l = birth_year_r", None),
            (0, "nothing", "else", None),
        ),
    ),
    "sex": ("sex", "sex_l is null or sex_r is null", ((1, "same", "sex_l = sex_r", None), (0, "other", "else", None))),
    "place": (
        "commune",
        "commune_l is null or commune_r is null",
        (
            (2, "the commune", "commune_l = commune_r", 1),
            (1, "the province", "province_l = province_r", None),
            (0, "nothing", "else", None),
        ),
    ),
    "old_id": (
        "old_id",
        "old_id_l is null or old_id_r is null",
        ((1, "same", "old_id_l = old_id_r", 1), (0, "other", "else", None)),
    ),
    "number": (
        "number",
        "number_l is null or number_r is null",
        (
            (2, "same", "number_l = number_r", 1),
            (1, "one slip away", _NEAR, 1),
            (0, "other", "else", None),
        ),
    ),
}
# What no pair of the training showed still may happen.
_LEAST = 1e-9

_RECORDS = """
CREATE TEMP TABLE {table} AS
SELECT {key} AS unique_id, lpad(CAST(pid_number AS VARCHAR), 12, '0') AS number, old_id_number AS old_id, full_key,
    set_key, family_key, given_key, words, birth_date, COALESCE(birth_year, year(birth_date)) AS birth_year, sex,
    commune_code AS commune, province
FROM read_parquet({files}) AS one JOIN folded USING (full_key)
LEFT JOIN communes ON communes.commune = one.commune_code
"""
_LABELS = """
SELECT one.unique_id AS si, min(other.unique_id) AS person
FROM participant AS one JOIN person AS other ON other.{number} = one.{number}
WHERE one.full_key = other.full_key OR one.set_key = other.set_key OR one.birth_date = other.birth_date
GROUP BY one.unique_id HAVING count(*) = 1
"""


def train(
    participants: Sequence[Path], population: Sequence[Path], trained_on: str, day: date, places: Any = None
) -> Model:
    """Learn a model from loaded registers of a country's density; `trained_on` says which they are.

    `places` are communes with their provinces (an Arrow table), those in force where none are given.
    """
    import duckdb
    import splink

    with duckdb.connect() as connection:
        _records(connection, participants, population, communes() if places is None else places)
        by_pid = _labelled(connection, "number", "by_pid")
        by_old_id = _labelled(connection, "old_id", "by_old_id")
        chances = _of_random_pairs(connection)
        known = _of_one_person(connection, "by_pid") | {"number": _of_one_person(connection, "by_old_id")["number"]}
        one_side = _count(connection, "SELECT count(*) FROM participant")
        other_side = _count(connection, "SELECT count(*) FROM person")
        twice = by_pid - _count(connection, "SELECT count(DISTINCT person) FROM by_pid")
    return Model(
        version=f"vn-{day:%Y%m%d}",
        training=Training(
            trained_on=trained_on,
            splink=splink.__version__,
            participants=one_side,
            persons=other_side,
            labelled_by_pid=by_pid,
            labelled_by_old_id=by_old_id,
            random_pairs=RANDOM_PAIRS,
            seed=SEED,
        ),
        accept_from=ACCEPT_FROM,
        second_code=_figures(max(twice / max(by_pid, 1), 1e-5)),
        fields={
            field: tuple(
                Level(
                    level=level,
                    says=says,
                    m=_figures(known[field].get(level, _LEAST)),
                    u=None if times else _figures(chances[field].get(level, _LEAST)),
                    times=times or 1,
                )
                for level, says, _, times in LEVELS[field][2]
            )
            for field in LEVELS
        },
    )


def settings(m: dict[str, dict[int, float]] | None = None, u: dict[str, dict[int, float]] | None = None) -> Any:
    """Return Splink's settings of our comparisons, with probabilities where they are known."""
    from splink import SettingsCreator, block_on
    from splink.comparison_library import CustomComparison

    comparisons: list[Any] = []
    for field, (column, unknown, levels) in LEVELS.items():
        described: list[Any] = [{"sql_condition": unknown, "label_for_charts": "-1", "is_null_level": True}]
        for level, _, condition, times in levels:
            one: dict[str, Any] = {"sql_condition": condition, "label_for_charts": str(level)}
            if m is not None and u is not None:
                one |= {"m_probability": m[field][level], "u_probability": u[field][level]}
                if times:
                    one |= {"tf_adjustment_column": column, "tf_adjustment_weight": 1.0}
            described.append(one)
        comparisons.append(CustomComparison(output_column_name=field, comparison_levels=described))
    return SettingsCreator(
        link_type="link_only", comparisons=comparisons, blocking_rules_to_generate_predictions=[block_on("pair")]
    )


def _records(connection: Any, participants: Sequence[Path], population: Sequence[Path], places: Any) -> None:
    import pyarrow as pa  # type: ignore[import-untyped]

    from baophu.registers.names import fold_name

    files = {"participant": [str(path) for path in participants], "person": [str(path) for path in population]}
    every = files["participant"] + files["person"]
    names = connection.sql(
        f"SELECT full_key, min(full_name) AS full_name FROM read_parquet({every!r}, union_by_name = true) "  # noqa: S608
        "WHERE full_key IS NOT NULL GROUP BY full_key"
    ).to_arrow_table()
    words = pa.array([fold_name(name) for name in names.column("full_name").to_pylist()])
    connection.register("folded", pa.table({"full_key": names.column("full_key"), "words": words}))
    connection.register("communes", places)
    for table, key in (("participant", "si_code_number"), ("person", "pid_number")):
        connection.execute(_RECORDS.format(table=table, key=key, files=repr(files[table])))


def _labelled(connection: Any, number: str, table: str) -> int:
    connection.execute(f"CREATE TEMP TABLE {table} AS {_LABELS.format(number=number)}")
    return _count(connection, f"SELECT count(*) FROM {table}")  # noqa: S608


def _count(connection: Any, sql: str) -> int:
    return int(connection.execute(sql).fetchall()[0][0])


def _linker(connection: Any, name: str, left: str, right: str) -> Any:
    from splink import Linker
    from splink.backends.duckdb import DuckDBAPI

    api = DuckDBAPI(connection=connection)
    sides = []
    for side, sql in (("left", left), ("right", right)):
        connection.execute(f"CREATE TABLE {name}_{side} AS {sql}")
        sides.append(api.register(f"{name}_{side}", dataset_display_name=side))
    return Linker(sides, settings(), log_level="ERROR", validate_settings=False)


def _of_random_pairs(connection: Any) -> dict[FieldName, dict[int, float]]:
    left, right = (f"SELECT *, 0 AS pair, 0 AS label FROM {table}" for table in ("participant", "person"))  # noqa: S608
    linker = _linker(connection, "random", left, right)
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED)
    return _learnt(linker, "u_probability")


def _of_one_person(connection: Any, labels: str) -> dict[FieldName, dict[int, float]]:
    left = f"SELECT one.*, 0 AS pair, person AS label FROM participant AS one JOIN {labels} ON si = unique_id"  # noqa: S608
    linker = _linker(connection, labels, left, "SELECT *, 0 AS pair, unique_id AS label FROM person")
    linker.training.estimate_m_from_label_column("label")
    return _learnt(linker, "m_probability")


def _learnt(linker: Any, kind: str) -> dict[FieldName, dict[int, float]]:
    saved = linker.misc.save_model_to_json(None)
    found: dict[FieldName, dict[int, float]] = {}
    for comparison in saved["comparisons"]:
        levels = (one for one in comparison["comparison_levels"] if not one.get("is_null_level"))
        found[comparison["output_column_name"]] = {
            int(one["label_for_charts"]): one[kind] for one in levels if one.get(kind)
        }
    return found


def _figures(value: float) -> float:
    """Six figures are more than the data says, and read well."""
    return float(f"{min(max(value, _LEAST), 1.0):.6g}")
