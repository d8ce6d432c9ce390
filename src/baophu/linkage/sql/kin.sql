-- All that decides whether a rule proves a link, as one hash for each name and day of birth that an unplaced participant
-- has: those who bear them on both sides, who of them is found already, and what people denied. The rules compare nobody
-- else (`chosen.sql`: a proof needs the same words and day), so where the hash is last month's the rules say the same.
WITH person AS (
    SELECT one.set_key, one.birth_date, one.pid_number AS pid, one.old_id_number AS old_id, one.full_key, one.sex,
        one.commune_code AS commune
    FROM population AS one
    JOIN (SELECT DISTINCT set_key, birth_date FROM unplaced) AS class
        ON class.set_key = one.set_key AND class.birth_date = one.birth_date
),
said AS (
    SELECT one.set_key, one.birth_date, CASE WHEN unplaced.si IS NULL THEN 'a' ELSE 'b' END || CAST(one.si AS VARCHAR)
        || '|' || COALESCE(CAST(one.pid AS VARCHAR), '') || '|' || COALESCE(CAST(one.old_id AS VARCHAR), '')
        || '|' || COALESCE(CAST(one.full_key AS VARCHAR), '') || '|' || COALESCE(one.sex, '')
        || '|' || COALESCE(one.commune, '') AS words
    FROM namesakes AS one
    LEFT JOIN unplaced ON unplaced.si = one.si
    UNION ALL
    SELECT one.set_key, one.birth_date, CASE WHEN taken.pid IS NULL THEN 'c' ELSE 'd' END || CAST(one.pid AS VARCHAR)
        || '|' || COALESCE(CAST(one.old_id AS VARCHAR), '')
        || '|' || COALESCE(CAST(one.full_key AS VARCHAR), '') || '|' || COALESCE(one.sex, '')
        || '|' || COALESCE(one.commune, '')
    FROM person AS one
    LEFT JOIN taken ON taken.pid = one.pid
    UNION ALL
    SELECT one.set_key, one.birth_date, 'e' || CAST(rejected.si AS VARCHAR) || '|' || CAST(rejected.pid AS VARCHAR)
    FROM unplaced AS one
    JOIN rejected ON rejected.si = one.si
    WHERE one.set_key IS NOT NULL AND one.birth_date IS NOT NULL
)
-- In letters only: a run of digits would be masked as if it were somebody's number.
SELECT set_key, birth_date,
    translate(md5(array_to_string(list_sort(list(words)), ';')), '0123456789', 'ghijklmnop') AS kin
FROM said
GROUP BY set_key, birth_date
