-- Paid workers whose personal number is a resident's, where the name bears it out and the birth, if it is told, does not
-- speak against it.
WITH person AS (
    SELECT pid_number AS pid, full_key, set_key, family_key, given_key, birth_date,
        COALESCE(birth_year, year(birth_date)) AS birth_year
    FROM population
)
SELECT one.worker, one.payer, one.pid
FROM workers AS one
JOIN person AS other ON other.pid = one.pid
LEFT JOIN decided ON decided.worker = one.worker
LEFT JOIN rejected ON rejected.worker = one.worker AND rejected.pid = one.pid
WHERE decided.worker IS NULL AND rejected.worker IS NULL AND CASE
    WHEN one.full_key = other.full_key OR one.set_key = other.set_key
    THEN one.birth_date IS NULL OR year(one.birth_date) = other.birth_year
        OR (month(one.birth_date) = month(other.birth_date) AND day(one.birth_date) = day(other.birth_date)
            AND abs(year(one.birth_date) - other.birth_year) = 1)
    WHEN one.family_key = other.family_key AND one.given_key = other.given_key AND one.birth_date IS NULL THEN TRUE
    ELSE one.given_key = other.given_key AND one.birth_date = other.birth_date
END
