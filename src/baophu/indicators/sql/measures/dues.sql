-- What employers owe and have not paid as of a day, and who declares in each month, by the employer's commune.
--
-- in:  dues, charges, employers;  placed  given_code, leaf_code;  $month, $year_from: the first of the twelve months up
--      to $month;  $as_of;  $late_from: what was due by this day is three months late
WITH firms AS (
    SELECT e.employer_id, e.sector, coalesce(p.leaf_code, 'unknown') AS area_code
    FROM employers AS e
    LEFT JOIN placed AS p ON p.given_code = e.commune_code
),
owed AS (
    SELECT coalesce(f.area_code, 'unknown') AS area_code, f.sector, d.*
    FROM dues AS d
    LEFT JOIN firms AS f ON f.employer_id = d.employer_id
),
late AS (
    SELECT DISTINCT employer_id, area_code FROM owed WHERE outstanding > 0 AND due_date <= $late_from
),
told AS (
    SELECT area_code, $month AS month, 'late' AS measure, sum(outstanding) AS amount
    FROM owed WHERE due_date < $as_of GROUP BY area_code
    UNION ALL
    SELECT area_code, $month AS month, 'late_si' AS measure, sum(due_si - paid_si) AS amount
    FROM owed WHERE due_date < $as_of GROUP BY area_code
    UNION ALL
    SELECT area_code, $month AS month, 'late_nonstate' AS measure, sum(outstanding) AS amount
    FROM owed WHERE due_date < $as_of AND sector IN ('private', 'cooperative', 'household') GROUP BY area_code
    UNION ALL
    SELECT area_code, $month AS month, 'due_year' AS measure, sum(due) AS amount
    FROM owed WHERE month BETWEEN $year_from AND $month GROUP BY area_code
    UNION ALL
    SELECT area_code, month, 'employers' AS measure, count(*) AS amount FROM owed GROUP BY area_code, month
    UNION ALL
    SELECT area_code, $month AS month, 'employers_late' AS measure, count(*) AS amount FROM late GROUP BY area_code
    UNION ALL
    SELECT o.area_code, $month AS month, 'employees_late' AS measure, sum(o.participants) AS amount
    FROM owed AS o INNER JOIN late AS l ON l.employer_id = o.employer_id
    WHERE o.month = $month GROUP BY o.area_code
    UNION ALL
    SELECT coalesce(f.area_code, 'unknown') AS area_code, $month AS month, 'charged' AS measure, sum(c.charge) AS amount
    FROM charges AS c LEFT JOIN firms AS f ON f.employer_id = c.employer_id GROUP BY coalesce(f.area_code, 'unknown')
)
SELECT area_code, 'managed' AS place, month, measure, CAST(amount AS BIGINT) AS amount FROM told
