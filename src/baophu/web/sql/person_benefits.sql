-- What each person receives: from which month to which. The register holds a row a month.
WITH joined AS (
    SELECT si_code, pid FROM links WHERE status = 'accepted'
),
received AS (
    SELECT coalesce(b.pid, j.pid, b.si_code) AS subject, b.benefit, b.month
    FROM benefits AS b
    LEFT JOIN joined AS j ON j.si_code = b.si_code
),
stretches AS (
    SELECT subject, benefit, min(month) AS from_month, max(month) AS to_month, count(DISTINCT month) AS months
    FROM received
    WHERE subject IS NOT NULL
    GROUP BY subject, benefit
)
SELECT
    substr(sha256(s.outer_key || sha256(s.inner_key || r.subject)), 1, 20) AS person, r.benefit,
    CAST(r.from_month AS VARCHAR) AS from_month, CAST(r.to_month AS VARCHAR) AS to_month, r.months
FROM stretches AS r
CROSS JOIN secret AS s
ORDER BY person, r.benefit
