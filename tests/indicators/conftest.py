from engines import duck, engine, spark

__all__ = ["duck", "engine", "spark"]
