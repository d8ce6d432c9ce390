-- Participants that no number has placed yet, with what the later stages compare.
SELECT one.si_code_number AS si, one.pid_number AS pid, one.old_id_number AS old_id, one.full_name, one.full_key,
    one.set_key, one.family_key, one.given_key, one.birth_date, COALESCE(one.birth_year, year(one.birth_date)) AS birth_year,
    one.sex, one.commune_code AS commune, communes.province
FROM participants AS one
LEFT JOIN communes ON communes.commune = one.commune_code
LEFT JOIN placed ON placed.si = one.si_code_number
WHERE placed.si IS NULL
