-- People: who has an insurance number, by the citizen it was joined to, and whom a finding is about. What the population
-- register says of somebody goes before what his file says.
WITH joined AS (
    SELECT si_code, pid FROM links WHERE status = 'accepted'
),
-- They are few, and theirs alone are put in order: the newest file goes before.
several AS (
    SELECT pid FROM joined GROUP BY pid HAVING count(*) > 1
),
filed AS (
    SELECT
        coalesce(j.pid, p.si_code) AS subject, j.pid, p.full_name, p.birth_year, p.sex, p.commune_code, p.registered_on,
        p.si_code, v.pid IS NOT NULL AS in_several
    FROM participants AS p
    LEFT JOIN joined AS j ON j.si_code = p.si_code
    LEFT JOIN several AS v ON v.pid = j.pid
),
newest AS (
    SELECT *, row_number() OVER (PARTITION BY subject ORDER BY registered_on DESC, si_code) AS place FROM filed WHERE in_several
),
found AS (
    SELECT DISTINCT f.pid
    FROM findings AS f
    LEFT JOIN joined AS j ON j.pid = f.pid
    WHERE f.pid IS NOT NULL AND j.pid IS NULL
),
subjects AS (
    SELECT subject, pid, full_name, birth_year, sex, commune_code FROM filed WHERE NOT in_several
    UNION ALL
    SELECT subject, pid, full_name, birth_year, sex, commune_code FROM newest WHERE place = 1
    UNION ALL
    SELECT pid, pid, NULL, NULL, NULL, NULL FROM found
)
SELECT
    substr(sha256(s.outer_key || sha256(s.inner_key || b.subject)), 1, 20) AS person,
    coalesce(l.full_name, b.full_name) AS full_name, coalesce(l.birth_year, b.birth_year) AS birth_year,
    coalesce(l.sex, b.sex) AS sex, coalesce(l.commune_code, b.commune_code) AS area_code,
    coalesce(a.province, '') AS province, b.pid, l.ethnic, l.poverty, CAST(l.deceased_on AS VARCHAR) AS deceased_on
FROM subjects AS b
CROSS JOIN secret AS s
LEFT JOIN population AS l ON l.pid = b.pid
LEFT JOIN areas AS a ON a.commune = coalesce(l.commune_code, b.commune_code)
ORDER BY person
