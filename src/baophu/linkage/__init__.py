"""One person, one record: participants to persons, employers to businesses, paid workers to persons.

What a number, name and birth prove together is linked by rule; what is left is weighed by a model; what stays doubtful
is a person's to decide, and stays decided. `steps.STEPS` is what the run does.
"""
