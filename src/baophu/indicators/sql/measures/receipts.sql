-- What came in since the year began, month by month, with that of the year before and the difference, and what else was
-- due in the last twelve months.
--
-- in:  payments, employers, other_receipts, placed, months  month_no, month;  $year_from, $month: the twelve months
WITH came_in AS (
    SELECT coalesce(p.leaf_code, 'unknown') AS area_code, CAST(date_trunc('month', y.paid_on) AS DATE) AS month, y.amount
    FROM payments AS y
    LEFT JOIN employers AS e ON e.employer_id = y.employer_id
    LEFT JOIN placed AS p ON p.given_code = e.commune_code
    UNION ALL
    SELECT coalesce(p.leaf_code, 'unknown') AS area_code, r.month, r.paid AS amount
    FROM other_receipts AS r
    LEFT JOIN placed AS p ON p.given_code = r.area_code
),
by_month AS (
    SELECT area_code, month, sum(amount) AS amount FROM came_in GROUP BY area_code, month
),
since_january AS (
    SELECT b.area_code, m.month, m.month_no, CAST(sum(b.amount) AS BIGINT) AS amount
    FROM by_month AS b
    INNER JOIN months AS m ON year(m.month) = year(b.month) AND b.month <= m.month
    GROUP BY b.area_code, m.month, m.month_no
),
a_year_before AS (
    SELECT s.area_code, m.month, s.amount
    FROM since_january AS s
    INNER JOIN months AS m ON m.month_no = s.month_no + 12
),
told AS (
    SELECT area_code, month, 'revenue' AS measure, amount FROM since_january
    UNION ALL
    SELECT area_code, month, 'revenue_year' AS measure, amount FROM since_january WHERE month(month) = 12
    UNION ALL
    SELECT area_code, month, 'revenue_before' AS measure, amount FROM a_year_before
    UNION ALL
    SELECT area_code, month, 'revenue_grown' AS measure, amount FROM since_january
    UNION ALL
    SELECT area_code, month, 'revenue_grown' AS measure, -amount AS amount FROM a_year_before
)
SELECT area_code, 'managed' AS place, month, measure, amount FROM told
UNION ALL
SELECT
    coalesce(p.leaf_code, 'unknown') AS area_code, 'managed' AS place, $month AS month, 'due_year' AS measure,
    CAST(sum(r.due) AS BIGINT) AS amount
FROM other_receipts AS r
LEFT JOIN placed AS p ON p.given_code = r.area_code
WHERE r.month BETWEEN $year_from AND $month
GROUP BY coalesce(p.leaf_code, 'unknown')
