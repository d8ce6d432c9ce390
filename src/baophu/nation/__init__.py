"""A generated country at true density with known truth, for demos, tests and benchmarks.

It shares no code with what it is there to test: not the law, not the engine, not the keys of names and numbers.
"""
