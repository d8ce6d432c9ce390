-- Who is paid in wards, and into an account; who past retirement age receives something. Each person once a month.
--
-- Wards stand for urban areas. Who has one benefit into an account and one in cash is not paid without cash.
--
-- in:  benefits, links, persons  pid, commune_code, retires_no, died_no;  placed;  wards  area_code;  months
WITH paid AS (
    SELECT
        coalesce(b.pid, l.pid, b.si_code) AS person, coalesce(b.pid, l.pid) AS pid, b.month, b.benefit, b.paid_by,
        b.commune_code
    FROM benefits AS b
    INNER JOIN months AS m ON m.month = b.month
    LEFT JOIN links AS l ON l.si_code = b.si_code AND l.status = 'accepted'
),
urban AS (
    SELECT p.person, p.month, min(p.commune_code) AS area_code, min(CASE p.paid_by WHEN 'account' THEN 1 ELSE 0 END) AS noncash
    FROM paid AS p
    INNER JOIN wards AS w ON w.area_code = p.commune_code
    WHERE p.benefit IN ('pension', 'monthly_si', 'unemployment')
    GROUP BY p.person, p.month
),
old AS (
    SELECT DISTINCT p.pid, p.month, coalesce(c.leaf_code, 'unknown') AS area_code
    FROM paid AS p
    INNER JOIN persons AS r ON r.pid = p.pid
    LEFT JOIN placed AS c ON c.given_code = r.commune_code
    WHERE p.benefit IN ('pension', 'monthly_si', 'social_pension')
        AND r.retires_no <= year(p.month) * 12 + month(p.month) - 1
)
SELECT area_code, 'resident' AS place, month, 'paid_urban' AS measure, CAST(count(*) AS BIGINT) AS amount
FROM urban GROUP BY area_code, month
UNION ALL
SELECT area_code, 'resident' AS place, month, 'paid_noncash' AS measure, CAST(sum(noncash) AS BIGINT) AS amount
FROM urban GROUP BY area_code, month
UNION ALL
SELECT area_code, 'resident' AS place, month, 'old_covered' AS measure, CAST(count(*) AS BIGINT) AS amount
FROM old GROUP BY area_code, month
