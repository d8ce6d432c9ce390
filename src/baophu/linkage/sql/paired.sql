-- Each nominated pair with what both registers say. A pair of which somebody has said that they are two people is none.
SELECT one.si, other.pid_number AS pid, one.full_key, other.full_key AS other_key, one.full_name,
    other.full_name AS other_name, one.set_key = other.set_key AS same_words,
    one.family_key = other.family_key AND one.given_key = other.given_key AS same_ends,
    one.birth_date AS born, other.birth_date AS other_born, one.birth_year AS born_year,
    COALESCE(other.birth_year, year(other.birth_date)) AS other_year,
    one.sex AS sex, other.sex AS other_sex, one.commune AS commune, other.commune_code AS other_commune,
    one.province AS province, there.province AS other_province,
    one.old_id AS old_id, other.old_id_number AS other_old_id, one.pid AS number,
    taken.pid IS NOT NULL AS taken, one.namesakes
FROM nominations
JOIN chunk AS one ON one.si = nominations.si
JOIN population AS other ON other.pid_number = nominations.pid
LEFT JOIN communes AS there ON there.commune = other.commune_code
LEFT JOIN taken ON taken.pid = other.pid_number
LEFT JOIN rejected ON rejected.si = nominations.si AND rejected.pid = nominations.pid
WHERE rejected.si IS NULL
