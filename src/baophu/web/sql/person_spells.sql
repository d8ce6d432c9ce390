-- What each person took part in, by the key of the person that the insurance number was joined to.
WITH joined AS (
    SELECT si_code, pid FROM links WHERE status = 'accepted'
),
known AS (
    SELECT
        coalesce(j.pid, p.si_code) AS subject, p.scheme, CAST(p.start_month AS VARCHAR) AS start_month,
        CAST(p.end_month AS VARCHAR) AS end_month, p.group_code, p.employer_id, p.commune_code AS area_code
    FROM spells AS p
    LEFT JOIN joined AS j ON j.si_code = p.si_code
)
SELECT
    substr(sha256(s.outer_key || sha256(s.inner_key || k.subject)), 1, 20) AS person,
    row_number() OVER (PARTITION BY k.subject ORDER BY k.scheme, k.start_month, k.employer_id, k.group_code) AS place,
    k.scheme, k.start_month, k.end_month, k.group_code, k.employer_id, k.area_code
FROM known AS k
CROSS JOIN secret AS s
ORDER BY person, place
