"""A generated country at true density with known truth, for demos, tests and benchmarks."""
