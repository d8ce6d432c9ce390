-- The persons whom an unsettled participant could be: who else comes close to them is part of how sure a link is.
SELECT one.pid_number, one.old_id_number, one.full_name, one.full_key, one.set_key, one.family_key, one.given_key,
    one.birth_date, one.birth_year, one.sex, one.commune_code
FROM population AS one
JOIN (SELECT DISTINCT pid FROM scored) AS candidate ON candidate.pid = one.pid_number
