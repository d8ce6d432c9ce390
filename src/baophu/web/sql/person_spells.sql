-- What each person took part in, by the key of the person that the insurance number was joined to. `place` only tells a
-- person's rows apart: whoever reads them puts them in order, and so do not all have to be here.
WITH joined AS (
    SELECT si_code, pid FROM links WHERE status = 'accepted'
),
-- The key of each participant is made once, not once a spell.
known AS (
    SELECT p.si_code, substr(sha256(s.outer_key || sha256(s.inner_key || coalesce(j.pid, p.si_code))), 1, 20) AS person
    FROM participants AS p
    CROSS JOIN secret AS s
    LEFT JOIN joined AS j ON j.si_code = p.si_code
)
SELECT
    coalesce(k.person, substr(sha256(s.outer_key || sha256(s.inner_key || p.si_code)), 1, 20)) AS person,
    row_number() OVER () AS place,
    p.scheme, CAST(p.start_month AS VARCHAR) AS start_month, CAST(p.end_month AS VARCHAR) AS end_month, p.group_code,
    p.employer_id, p.commune_code AS area_code
FROM spells AS p
CROSS JOIN secret AS s
LEFT JOIN known AS k ON k.si_code = p.si_code
ORDER BY person
