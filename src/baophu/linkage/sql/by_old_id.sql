-- The same with the number of the old card, of nine digits. Old cards were numbered by each province and some numbers
-- were given twice: only one person may answer to number, name and birth together.
WITH person AS (
    SELECT pid_number AS pid, old_id_number AS old_id, full_key, set_key, family_key, given_key, birth_date,
        COALESCE(birth_year, year(birth_date)) AS birth_year
    FROM population
    WHERE old_id_number IS NOT NULL
),
confirmed AS (
    SELECT one.si, other.pid
    FROM rest AS one
    JOIN person AS other ON other.old_id = one.old_id
    LEFT JOIN rejected ON rejected.si = one.si AND rejected.pid = other.pid
    WHERE rejected.si IS NULL AND CASE
        -- The whole name: the birth may be known by its year only, have day and month swapped, or a slip in the year.
        WHEN one.full_key = other.full_key OR one.set_key = other.set_key
        THEN one.birth_year = other.birth_year
            OR (month(one.birth_date) = month(other.birth_date) AND day(one.birth_date) = day(other.birth_date)
                AND abs(one.birth_year - other.birth_year) = 1)
        -- Family and given name, where the middle was left out: the day, swapped or a year off, not the year alone.
        WHEN one.family_key = other.family_key AND one.given_key = other.given_key
        THEN one.birth_date = other.birth_date
            OR (month(one.birth_date) = day(other.birth_date) AND day(one.birth_date) = month(other.birth_date)
                AND one.birth_year = other.birth_year)
            OR (month(one.birth_date) = month(other.birth_date) AND day(one.birth_date) = day(other.birth_date)
                AND abs(one.birth_year - other.birth_year) = 1)
        -- Only the given name, which twins do not share: the day of birth must be the same.
        ELSE one.given_key = other.given_key AND one.birth_date = other.birth_date
    END
)
SELECT si, min(pid) AS pid FROM confirmed GROUP BY si HAVING count(*) = 1
