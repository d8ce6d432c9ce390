-- Who is paid in wards, and into an account; who past retirement age receives something. Each person once a month.
--
-- Wards stand for urban areas. Who has one benefit into an account and one in cash is not paid without cash.
--
-- in:  benefits, links, persons  pid, commune_code, retires_no, died_no;  placed;  wards  area_code;  months
WITH named AS (
    -- Of most benefits the register itself says whose they are.
    SELECT CAST(l.si_code AS BIGINT) AS si, CAST(l.pid AS BIGINT) AS pid
    FROM links AS l
    INNER JOIN (SELECT DISTINCT si_code FROM benefits WHERE pid IS NULL) AS b ON b.si_code = l.si_code
    WHERE l.status = 'accepted'
),
told AS (
    SELECT
        CAST(b.pid AS BIGINT) AS pid, CAST(b.si_code AS BIGINT) AS si, m.month_no, b.benefit, b.paid_by, b.commune_code
    FROM benefits AS b
    INNER JOIN months AS m ON m.month = b.month
),
paid AS (
    -- Whom nobody knows is his insurance number, below zero, where no person is.
    SELECT
        coalesce(b.pid, l.pid, -b.si) AS person, coalesce(b.pid, l.pid) AS pid, b.month_no, b.benefit, b.paid_by,
        b.commune_code
    FROM told AS b
    LEFT JOIN named AS l ON l.si = b.si
),
urban AS (
    SELECT p.person, p.month_no, min(p.commune_code) AS area_code, min(CASE p.paid_by WHEN 'account' THEN 1 ELSE 0 END) AS noncash
    FROM paid AS p
    INNER JOIN wards AS w ON w.area_code = p.commune_code
    WHERE p.benefit IN ('pension', 'monthly_si', 'unemployment')
    GROUP BY p.person, p.month_no
),
old AS (
    SELECT DISTINCT p.pid, p.month_no, coalesce(c.leaf_code, 'unknown') AS area_code
    FROM paid AS p
    INNER JOIN persons AS r ON r.pid = p.pid
    LEFT JOIN placed AS c ON c.given_code = r.commune_code
    WHERE p.benefit IN ('pension', 'monthly_si', 'social_pension')
        AND r.retires_no <= p.month_no
),
counted AS (
    SELECT area_code, month_no, 'paid_urban' AS measure, count(*) AS amount FROM urban GROUP BY area_code, month_no
    UNION ALL
    SELECT area_code, month_no, 'paid_noncash' AS measure, sum(noncash) AS amount FROM urban GROUP BY area_code, month_no
    UNION ALL
    SELECT area_code, month_no, 'old_covered' AS measure, count(*) AS amount FROM old GROUP BY area_code, month_no
)
SELECT c.area_code, 'resident' AS place, m.month, c.measure, CAST(c.amount AS BIGINT) AS amount
FROM counted AS c
INNER JOIN months AS m ON m.month_no = c.month_no
