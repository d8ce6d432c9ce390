-- Participants whose personal number is a resident's, where name and birth bear it out. A number alone proves nothing:
-- it may be borrowed, swapped within a family, or mistyped into somebody else's.
WITH participant AS (
    SELECT si_code_number AS si, pid_number AS pid, full_key, set_key, family_key, given_key, birth_date,
        COALESCE(birth_year, year(birth_date)) AS birth_year
    FROM participants
    WHERE pid_number IS NOT NULL
),
person AS (
    SELECT pid_number AS pid, full_key, set_key, family_key, given_key, birth_date,
        COALESCE(birth_year, year(birth_date)) AS birth_year
    FROM population
)
SELECT one.si, one.pid
FROM participant AS one
JOIN person AS other ON other.pid = one.pid
LEFT JOIN decided ON decided.si = one.si
LEFT JOIN rejected ON rejected.si = one.si AND rejected.pid = one.pid
WHERE decided.si IS NULL AND rejected.si IS NULL AND CASE
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
