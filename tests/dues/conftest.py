from engines import duck, spark

__all__ = ["duck", "spark"]
