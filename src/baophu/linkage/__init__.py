"""One person, one record: participants to persons, employers to businesses, paid workers to persons."""
