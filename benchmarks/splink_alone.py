"""Splink alone, with its ready-made comparisons and its own training: what the linking of two files is held against."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from tempfile import TemporaryDirectory

import duckdb
import pandas as pd

LIMIT = {"memory_limit": "8GB"}
# From so many rows on it does not learn from pairs of one day of birth: of a million a side they fill 30 GB of disk.
MANY = 100_000


def splinks(one: pd.DataFrame, other: pd.DataFrame, rules: Sequence[tuple[str, ...]]) -> pd.DataFrame:
    """Link as Splink's documentation begins: no labels, the best pair of each row of `one` from a chance of a half.

    Both have `full_name`, `birth_date`, `commune_code`, `sex` and `pid_number`. `rules` are what two rows must have the
    same to be compared: `family`, `given`, `dob`, `place`; where `one` has numbers, those of one number are too.
    Returns `si` and `at`, the rows' indexes, and `score`.
    """
    import splink.comparison_library as compare
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    sides = [_side(table) for table in (other, one)]
    comparisons = [
        compare.NameComparison("family"),
        compare.NameComparison("given"),
        compare.DateOfBirthComparison("dob", input_is_string=True),
        compare.ExactMatch("place").configure(term_frequency_adjustments=True),
    ]
    asked = list(rules)
    if one["sex"].notna().any():
        comparisons.append(compare.ExactMatch("sex"))
    if one["pid_number"].notna().any():
        comparisons.append(compare.ExactMatch("number"))
        asked.append(("number",))
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in asked],
        retain_matching_columns=False,
    )
    # Without a limit it takes all that the machine has, and is killed for it at a million.
    with TemporaryDirectory() as spilled, duckdb.connect(config={**LIMIT, "temp_directory": spilled}) as connection:
        api = DuckDBAPI(connection=connection)
        named = zip(("a_persons", "b_participants"), sides, strict=True)
        linker = Linker(
            [api.register(side, dataset_display_name=name) for name, side in named],
            settings,
            log_level=logging.ERROR,
        )
        linker.training.estimate_probability_two_random_records_match([block_on("family", "given", "dob")], recall=0.7)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        for rule in (("dob",), rules[0]) if len(one) < MANY else (rules[0], rules[-1]):
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
        pairs = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    left = pairs["source_dataset_l"] == "a_persons"
    best = pd.DataFrame(
        {
            "si": pairs["unique_id_r"].where(left, pairs["unique_id_l"]),
            "at": pairs["unique_id_l"].where(left, pairs["unique_id_r"]),
            "score": pairs["match_probability"],
        }
    )
    return best.sort_values("score", ascending=False).drop_duplicates("si")


def _side(table: pd.DataFrame) -> pd.DataFrame:
    words = table["full_name"].str.split()
    side = pd.DataFrame(
        {
            "unique_id": table.index,
            "family": words.str[0],
            "given": words.str[-1],
            "dob": pd.to_datetime(table["birth_date"]).dt.strftime("%Y-%m-%d"),
            "place": table["commune_code"],
            "sex": table["sex"],
            "number": table["pid_number"].astype("Int64").astype("string"),
        }
    )
    # What is not known is NULL for the engine, and not a word that many have in common.
    return side.astype(object).where(side.notna(), None)
