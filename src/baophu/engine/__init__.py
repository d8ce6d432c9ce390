"""Runs portable SQL on DuckDB, or on Spark: parameters, memory limits, progress, Parquet and Arrow.

    with DuckDB(temp=folder) as engine:
        run_step(engine, Path("sums.sql"), {"declarations": paths}, {"as_of": day}, out=Path("sums.parquet"))

A step is one SELECT in the subset of DuckDB's dialect that both engines know, with parameters as `$name` and with
`round_div(a, b)` for division that rounds half up. Inputs are Parquet files or Arrow tables, by the name that the
SELECT calls them. `Spark` takes the place of `DuckDB` and gives the same rows.
"""

from baophu.engine.duck import DuckDB
from baophu.engine.spark import Spark
from baophu.engine.steps import Engine, Outcome, run_step

__all__ = ["DuckDB", "Engine", "Outcome", "Spark", "run_step"]
