-- Who receives a pension or a monthly allowance of social insurance, in which months (Law 41/2024/QH15 art. 2(7)). What
-- was paid in the last month that the register tells of, runs on.
--
-- in:  benefits, links;  $last: the last month
WITH paid AS (
    SELECT coalesce(l.pid, b.pid) AS pid, b.benefit, year(b.month) * 12 + month(b.month) - 1 AS month_no
    FROM benefits AS b
    LEFT JOIN links AS l ON l.si_code = b.si_code AND l.status = 'accepted'
    WHERE b.benefit IN ('pension', 'monthly_si', 'social_pension')
),
told AS (SELECT max(month_no) AS last_told FROM paid)
SELECT
    p.pid, p.benefit, CAST(min(p.month_no) AS BIGINT) AS from_no,
    CAST(CASE WHEN max(p.month_no) >= max(t.last_told) THEN $last + 1 ELSE max(p.month_no) + 1 END AS BIGINT) AS to_no
FROM paid AS p
CROSS JOIN told AS t
WHERE p.pid IS NOT NULL
GROUP BY p.pid, p.benefit
