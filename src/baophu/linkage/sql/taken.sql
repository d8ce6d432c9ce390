-- Persons whom a participant has been found for, and how many have.
SELECT pid, CAST(count(*) AS BIGINT) AS participants FROM placed GROUP BY pid
