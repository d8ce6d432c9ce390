-- Employers as the insurance register has them, with what they owe and how they stand.
WITH owed AS (
    SELECT
        employer_id, CAST(sum(outstanding) AS BIGINT) AS outstanding,
        max(CASE WHEN month = $month THEN participants END) AS participants, min(CASE WHEN outstanding > 0 THEN month END) AS since
    FROM dues
    GROUP BY employer_id
),
classed AS (
    SELECT
        employer_id, CAST(sum(CASE WHEN class = 'late' THEN amount ELSE 0 END) AS BIGINT) AS late,
        CAST(sum(CASE WHEN class = 'evasion' THEN amount ELSE 0 END) AS BIGINT) AS evaded,
        CAST(sum(charge) AS BIGINT) AS charge
    FROM charges
    GROUP BY employer_id
),
found AS (
    SELECT employer_id, count(*) AS findings
    FROM findings
    WHERE employer_id IS NOT NULL AND status <> 'resolved'
    GROUP BY employer_id
)
SELECT
    e.employer_id, e.name, e.tax_code, e.commune_code AS area_code, coalesce(a.province, '') AS province, e.sector,
    e.status, e.pay_method, coalesce(o.participants, 0) AS participants, coalesce(o.outstanding, 0) AS outstanding,
    CAST(o.since AS VARCHAR) AS owes_since, coalesce(c.late, 0) AS late, coalesce(c.evaded, 0) AS evaded,
    coalesce(c.charge, 0) AS charge, coalesce(f.findings, 0) AS findings
FROM employers AS e
LEFT JOIN areas AS a ON a.commune = e.commune_code
LEFT JOIN owed AS o ON o.employer_id = e.employer_id
LEFT JOIN classed AS c ON c.employer_id = e.employer_id
LEFT JOIN found AS f ON f.employer_id = e.employer_id
ORDER BY e.employer_id
