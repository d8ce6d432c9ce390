-- Persons whom a participant has been found for.
SELECT DISTINCT pid FROM placed
