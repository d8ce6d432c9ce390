-- People: who has an insurance number, by the citizen it was joined to, and whom a finding is about. What the population
-- register says of somebody goes before what his file says.
WITH joined AS (
    SELECT si_code, pid FROM links WHERE status = 'accepted'
),
filed AS (
    SELECT
        coalesce(j.pid, p.si_code) AS subject, j.pid, p.full_name, p.birth_year, p.sex, p.commune_code,
        row_number() OVER (PARTITION BY coalesce(j.pid, p.si_code) ORDER BY p.registered_on DESC, p.si_code) AS place
    FROM participants AS p
    LEFT JOIN joined AS j ON j.si_code = p.si_code
),
found AS (
    SELECT DISTINCT f.pid
    FROM findings AS f
    LEFT JOIN joined AS j ON j.pid = f.pid
    WHERE f.pid IS NOT NULL AND j.pid IS NULL
),
subjects AS (
    SELECT subject, pid, full_name, birth_year, sex, commune_code FROM filed WHERE place = 1
    UNION ALL
    SELECT pid, pid, NULL, NULL, NULL, NULL FROM found
),
living AS (
    SELECT
        pid, full_name, birth_year, sex, commune_code, ethnic, poverty, deceased_on,
        row_number() OVER (PARTITION BY pid ORDER BY commune_code, full_name) AS place
    FROM population
    WHERE pid IS NOT NULL
)
SELECT
    substr(sha256(s.outer_key || sha256(s.inner_key || b.subject)), 1, 20) AS person,
    coalesce(l.full_name, b.full_name) AS full_name, coalesce(l.birth_year, b.birth_year) AS birth_year,
    coalesce(l.sex, b.sex) AS sex, coalesce(l.commune_code, b.commune_code) AS area_code,
    coalesce(a.province, '') AS province, b.pid, l.ethnic, l.poverty, CAST(l.deceased_on AS VARCHAR) AS deceased_on
FROM subjects AS b
CROSS JOIN secret AS s
LEFT JOIN living AS l ON l.pid = b.pid AND l.place = 1
LEFT JOIN areas AS a ON a.commune = coalesce(l.commune_code, b.commune_code)
ORDER BY person
