-- The share of an area's employers that have declared in a month, of the months of which declarations are loaded.
--
-- in:  employers, dues, placed, above, months
WITH firms AS (
    SELECT e.employer_id, coalesce(p.leaf_code, 'unknown') AS area_code, e.registered_on, e.status
    FROM employers AS e
    LEFT JOIN placed AS p ON p.given_code = e.commune_code
),
told AS (
    SELECT DISTINCT month FROM dues
),
expected AS (
    SELECT f.area_code, m.month, f.employer_id
    FROM firms AS f
    INNER JOIN told AS t ON TRUE
    INNER JOIN months AS m ON m.month = t.month
    LEFT JOIN dues AS d ON d.employer_id = f.employer_id AND d.month = m.month
    WHERE d.employer_id IS NOT NULL OR (f.status = 'active' AND (f.registered_on IS NULL OR f.registered_on <= m.month))
)
SELECT
    b.area_code, e.month, CAST(count(*) AS BIGINT) AS units, CAST(count(d.employer_id) AS BIGINT) AS here
FROM expected AS e
INNER JOIN above AS b ON b.leaf_code = e.area_code
LEFT JOIN dues AS d ON d.employer_id = e.employer_id AND d.month = e.month
GROUP BY b.area_code, e.month
