-- How many findings each area has, by kind and status, and what they come to.
WITH placed AS (
    SELECT f.kind, f.status, f.amount, f.area_code, coalesce(a.province, '') AS province
    FROM findings AS f
    LEFT JOIN areas AS a ON a.commune = f.area_code
),
levels AS (
    SELECT area_code, kind, status, amount FROM placed
    UNION ALL SELECT province, kind, status, amount FROM placed WHERE province <> ''
    UNION ALL SELECT $country, kind, status, amount FROM placed
)
SELECT area_code, kind, status, count(*) AS findings, CAST(sum(coalesce(amount, 0)) AS BIGINT) AS amount
FROM levels
GROUP BY area_code, kind, status
ORDER BY area_code, kind, status
