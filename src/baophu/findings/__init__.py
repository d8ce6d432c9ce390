"""People, employers and amounts that somebody should act on: a file of SQL a kind, its reason, its priority."""

from baophu.findings.steps import STEPS

__all__ = ["STEPS"]
