-- Who could it be: pairs of a participant and a person that agree in enough to be worth comparing. Every join is an
-- equality on keys of which few people share a value at the country's density; nothing here decides.
WITH person AS (
    SELECT pid_number AS pid, old_id_number AS old_id, full_key, set_key, family_key, given_key, birth_date,
        COALESCE(birth_year, year(birth_date)) AS birth_year, commune_code AS commune, communes.province
    FROM population
    LEFT JOIN communes ON communes.commune = population.commune_code
)
SELECT one.si, other.pid FROM chunk AS one JOIN person AS other ON other.pid = one.pid
UNION
SELECT one.si, other.pid FROM chunk AS one JOIN person AS other ON other.old_id = one.old_id
UNION
SELECT one.si, other.pid FROM chunk AS one
JOIN person AS other ON other.full_key = one.full_key AND other.birth_date = one.birth_date
UNION
SELECT one.si, other.pid FROM chunk AS one
JOIN person AS other ON other.set_key = one.set_key AND other.birth_date = one.birth_date
UNION
SELECT one.si, other.pid FROM chunk AS one
JOIN person AS other ON other.full_key = one.full_key AND other.commune = one.commune
WHERE abs(other.birth_year - one.birth_year) <= 1
UNION
SELECT one.si, other.pid FROM chunk AS one
JOIN person AS other ON other.birth_date = one.birth_date AND other.commune = one.commune
WHERE other.family_key = one.family_key OR other.given_key = one.given_key
UNION
SELECT one.si, other.pid FROM chunk AS one
JOIN person AS other
    ON other.given_key = one.given_key AND other.birth_date = one.birth_date AND other.province = one.province
UNION
-- A birth known by its year only, or with day and month swapped, of somebody who has moved within the province.
SELECT one.si, other.pid FROM chunk AS one
JOIN person AS other
    ON other.full_key = one.full_key AND other.birth_year = one.birth_year AND other.province = one.province
WHERE one.birth_date IS NULL OR other.birth_date IS NULL
    OR (month(one.birth_date) = day(other.birth_date) AND day(one.birth_date) = month(other.birth_date))
