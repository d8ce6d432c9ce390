"""A step gives the same rows on both engines; what cannot be done is told in words and leaves no file."""

from __future__ import annotations

import threading
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baophu.core.errors import BaophuError
from baophu.core.numbers import rounded
from baophu.engine import DuckDB, Engine, Spark, run_step
from baophu.engine.dialect import not_exact, to_spark
from baophu.engine.steps import Task

PAID = pa.table(
    {
        "employer_id": ["0001", "0001", "0002"],
        "paid_on": pa.array([date(2025, 7, 31), date(2026, 2, 28), date(2025, 8, 1)], pa.date32()),
        "amount": pa.array([-5, 9_007_199_254_740_993, 7], pa.int64()),
    }
)


def rows(table: pa.Table) -> list[tuple[Any, ...]]:
    return sorted(tuple(row.values()) for row in table.to_pylist())


def test_inputs_come_as_arrow_or_files_and_parameters_by_name(engine: Engine, tmp_path: Path) -> None:
    parquet.write_table(PAID.slice(0, 1), tmp_path / "one.parquet")
    parquet.write_table(PAID.slice(1), tmp_path / "two.parquet")
    regions = pa.table({"employer_id": ["0001", "0002"], "region": ["I", "đ"]})
    step = tmp_path / "paid.sql"
    step.write_text("""
        -- the sum is cast back, since DuckDB widens it
        SELECT region, CAST(sum(amount) AS BIGINT) AS paid, CAST(count(*) AS BIGINT) AS payments
        FROM payments JOIN employers USING (employer_id)
        WHERE paid_on >= $since AND region <> $not_this AND amount > $least GROUP BY region;
    """)
    done = run_step(
        engine,
        step,
        {"payments": [tmp_path / "one.parquet", tmp_path / "two.parquet"], "employers": regions},
        {"since": date(2025, 8, 1), "not_this": "it's", "least": 0},
        out=tmp_path / "out" / "paid.parquet",
    )
    assert (done.step, done.engine, done.rows) == ("paid", engine.name, 2)
    assert rows(done.arrow()) == [("I", 9_007_199_254_740_993, 1), ("đ", 7, 1)]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["paid.parquet"]


def test_words_of_a_list_come_out_as_texts(engine: Engine, tmp_path: Path) -> None:
    sql = "SELECT CAST(employer_id AS ENUM('0001', '0002')) AS employer_id, amount FROM paid"
    done = run_step(engine, sql, {"paid": PAID}, out=tmp_path / "words.parquet")
    assert done.arrow().schema.field("employer_id").type == pa.string()
    assert rows(done.arrow()) == [("0001", -5), ("0001", 9_007_199_254_740_993), ("0002", 7)]


def test_days_and_months_are_counted_alike(engine: Engine) -> None:
    found = run_step(
        engine,
        """SELECT employer_id, paid_on - DATE '2025-07-01' AS days, date_diff('day', $from, paid_on) AS again,
            date_diff('month', $from, paid_on) AS months, CAST(date_trunc('month', paid_on) AS DATE) AS month,
            last_day(paid_on) AS last, CAST(paid_on + INTERVAL 1 MONTH AS DATE) AS later,
            date_diff('day', $from, paid_on) * 9007199254740 AS product
        FROM payments WHERE amount > 7""",
        {"payments": PAID},
        {"from": date(2025, 7, 31)},
    )
    (row,) = rows(found.arrow())
    assert row == (
        *("0001", 242, 212, 7, date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 28)),
        212 * 9_007_199_254_740,
    )


PAIRS = [
    (a, b) for a in (-15, -14, -10, -5, -4, -1, 0, 1, 4, 5, 6, 14, 15, 2**60 + 1) for b in (-10, -3, -2, 1, 2, 3, 10)
]


def rounded_on(engine: Engine, pairs: list[tuple[int, int]]) -> list[int]:
    table = pa.table({"n": range(len(pairs)), "a": [a for a, _ in pairs], "b": [b for _, b in pairs]})
    found = run_step(engine, "SELECT n, round_div(a, b) AS r FROM pairs", {"pairs": table}).arrow().to_pylist()
    return [row["r"] for row in sorted(found, key=lambda row: row["n"])]


def test_division_rounds_half_away_from_zero_with_every_sign(engine: Engine) -> None:
    assert rounded_on(engine, PAIRS) == [int(rounded(Fraction(a, b))) for a, b in PAIRS]


@given(st.lists(st.tuples(st.integers(-(2**62), 2**62), st.integers(-(10**6), 10**6).filter(bool)), min_size=1))
@settings(max_examples=50, deadline=None)
def test_division_rounds_like_exact_fractions(pairs: list[tuple[int, int]]) -> None:
    with DuckDB(memory="500MiB", threads=1) as engine:
        assert rounded_on(engine, pairs) == [int(rounded(Fraction(a, b))) for a, b in pairs]


def test_rounding_inside_rounding(engine: Engine) -> None:
    found = run_step(engine, "SELECT round_div(round_div(25, 10) * 5 - $x, 10) AS r", {}, {"x": 30})
    assert found.arrow().to_pylist() == [{"r": -2}]


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("SELECT wages FROM payments", "wages"),
        ("SELECT amount * amount AS square FROM payments", "too large"),
        ("SELECT CAST(employer_id || 'x' AS BIGINT) AS n FROM payments", "wrong type"),
    ],
)
def test_what_cannot_run_is_told_and_leaves_no_file(engine: Engine, tmp_path: Path, sql: str, word: str) -> None:
    with pytest.raises(BaophuError, match=word) as told:
        run_step(engine, sql, {"payments": PAID}, out=tmp_path / "out" / "x.parquet")
    assert "0001" not in told.value.say("vi")
    assert not list((tmp_path / "out").glob("*"))


def test_an_input_that_is_not_there_is_named(duck: DuckDB, tmp_path: Path) -> None:
    with pytest.raises(BaophuError, match=r"payments.*gone\.parquet"):
        run_step(duck, "SELECT 1", {"payments": tmp_path / "gone.parquet"})
    with pytest.raises(BaophuError, match="payments"):
        run_step(duck, "SELECT 1", {"payments": []})


def test_a_parameter_is_no_float(duck: DuckDB) -> None:
    with pytest.raises(BaophuError, match="rate"):
        run_step(duck, "SELECT $rate AS r", {}, {"rate": 0.03})  # type: ignore[dict-item]


def test_a_memory_limit_that_is_none_is_told() -> None:
    with pytest.raises(BaophuError, match="much"):
        DuckDB(memory="much")


def test_what_is_larger_than_the_memory_is_told(tmp_path: Path) -> None:
    with DuckDB(memory="30MiB", threads=1) as engine, pytest.raises(BaophuError, match="out of memory"):
        run_step(engine, "SELECT i, count(*) AS n FROM range(5000000) t(i) GROUP BY i", out=tmp_path / "x.parquet")
    assert not list(tmp_path.glob("*"))


def test_progress_is_told_between_nothing_and_all(duck: DuckDB) -> None:
    told: list[float] = []
    run_step(
        duck,
        "SELECT CAST(sum(a.i * b.i % 7) AS BIGINT) AS s FROM range(30000) a(i), range(20000) b(i)",
        progress=told.append,
    )
    assert told
    assert all(0 <= share <= 1 for share in told)


def test_ctrl_c_ends_a_step_and_leaves_no_file(duck: DuckDB, tmp_path: Path) -> None:
    def press() -> None:
        import _thread

        _thread.interrupt_main()

    threading.Timer(1.0, press).start()
    with pytest.raises(KeyboardInterrupt):
        run_step(
            duck,
            "SELECT CAST(sum(a.i * b.i % 7) AS BIGINT) AS s FROM range(3000000) a(i), range(3000000) b(i)",
            out=tmp_path / "out" / "never.parquet",
        )
    assert not list((tmp_path / "out").glob("*"))
    assert run_step(duck, "SELECT 1 AS one").rows == 1


@pytest.mark.parametrize("sql", ["a / 2", "avg(a)", "CAST(a AS DOUBLE)", "a * 0.03", "a::FLOAT", "sqrt(a)"])
def test_what_passes_through_a_double_is_found(sql: str) -> None:
    assert not_exact(f"SELECT {sql} AS x")


def test_whole_numbers_are_exact() -> None:
    assert not_exact("SELECT round_div(a * 3, 10000) // 2, CAST(sum(a) AS BIGINT) FROM t WHERE b = '0.5'") == []


def test_columns_are_typed_without_running(duck: DuckDB) -> None:
    task = Task("typed", "SELECT round_div(amount * 3, 10000) AS charge, amount / 2 AS half FROM p", {"p": PAID})
    assert duck.typed(task) == {"charge": "BIGINT", "half": "DOUBLE"}


def test_a_parameter_that_is_not_given_is_named() -> None:
    with pytest.raises(BaophuError, match="as_of"):
        to_spark("SELECT $as_of", {})


@pytest.mark.spark
def test_a_session_that_is_there_is_used_and_left_open(spark: Spark, tmp_path: Path) -> None:
    with Spark(temp=tmp_path, session=spark._session) as second:
        assert run_step(second, "SELECT 1 AS one").rows == 1
    assert run_step(spark, "SELECT 2 AS two").rows == 1
