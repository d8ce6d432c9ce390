-- The insurance numbers of each person and by which rule they are his, those that wait for a decision too.
WITH accepted AS (
    SELECT si_code, pid FROM links WHERE status = 'accepted'
)
SELECT
    substr(sha256(s.outer_key || sha256(s.inner_key || coalesce(k.pid, p.si_code))), 1, 20) AS person, p.si_code,
    coalesce(l.status, 'none') AS status, l.rule, l.score, l.rivals, CAST(p.registered_on AS VARCHAR) AS registered_on
FROM participants AS p
CROSS JOIN secret AS s
LEFT JOIN accepted AS k ON k.si_code = p.si_code
LEFT JOIN links AS l ON l.si_code = p.si_code
ORDER BY person, p.si_code, status
