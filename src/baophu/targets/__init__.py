"""Targets as decided, what has come of them, and the duties to report."""
