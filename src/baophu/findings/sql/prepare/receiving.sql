-- Who receives a pension or a monthly allowance of social insurance, in which months (Law 41/2024/QH15 art. 2(7)). What
-- was paid in the last month that the register tells of, runs on.
--
-- in:  benefits, linked;  $last: the last month
WITH paid AS (
    SELECT coalesce(l.person, CAST(b.pid AS BIGINT)) AS person, b.benefit, year(b.month) * 12 + month(b.month) - 1 AS month_no
    FROM benefits AS b
    LEFT JOIN linked AS l ON l.si = CAST(b.si_code AS BIGINT)
    WHERE b.benefit IN ('pension', 'monthly_si', 'social_pension')
),
told AS (SELECT max(month_no) AS last_told FROM paid)
SELECT
    p.person, p.benefit, CAST(min(p.month_no) AS BIGINT) AS from_no,
    CAST(CASE WHEN max(p.month_no) >= max(t.last_told) THEN $last + 1 ELSE max(p.month_no) + 1 END AS BIGINT) AS to_no
FROM paid AS p
CROSS JOIN told AS t
WHERE p.person IS NOT NULL
GROUP BY p.person, p.benefit
