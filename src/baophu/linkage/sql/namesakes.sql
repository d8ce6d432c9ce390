-- All participants who bear the words and the day of birth of one whom no number places, himself among them.
SELECT one.si_code_number AS si, one.pid_number AS pid, one.old_id_number AS old_id, one.full_key, one.set_key,
    one.birth_date, one.sex, one.commune_code AS commune
FROM participants AS one
JOIN (SELECT DISTINCT set_key, birth_date FROM unplaced) AS class
    ON class.set_key = one.set_key AND class.birth_date = one.birth_date
