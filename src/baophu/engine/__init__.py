"""Runs portable SQL on DuckDB, or on Spark: parameters, memory limits, progress, Parquet and Arrow."""
