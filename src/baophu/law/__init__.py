"""The law as data: dated parameters, rules, worked examples, explanations."""
