-- What came in for compulsory social insurance since the year began, month by month, by the employer's commune.
--
-- in:  collected  area_code, month, paid_si (VND);  placed  given_code, leaf_code;  months  month
WITH by_month AS (
    SELECT coalesce(p.leaf_code, 'unknown') AS area_code, c.month, sum(c.paid_si) AS amount
    FROM collected AS c
    LEFT JOIN placed AS p ON p.given_code = c.area_code
    GROUP BY coalesce(p.leaf_code, 'unknown'), c.month
)
SELECT
    b.area_code, 'managed' AS place, m.month, 'collected_si' AS measure, CAST(sum(b.amount) AS BIGINT) AS amount
FROM by_month AS b
INNER JOIN months AS m ON year(m.month) = year(b.month) AND b.month <= m.month
GROUP BY b.area_code, m.month
