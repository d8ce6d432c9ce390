-- Workers of an employer month by month, in one row: [month, paid by its tax code, declared under that tax code, of those
-- paid: not seen in insurance]. Several employers of one tax code are counted together, as the tax register has them.
WITH linked AS (
    SELECT employer_id, tax_code FROM employer_links WHERE status = 'accepted' AND tax_code IS NOT NULL
),
paid AS (
    -- A row of several months names the last of them.
    SELECT t.tax_code, CAST(t.month - b.back * INTERVAL 1 MONTH AS DATE) AS month, count(*) AS workers
    FROM tax_income AS t
    INNER JOIN months_back AS b ON b.back < coalesce(t.months_covered, 1)
    GROUP BY t.tax_code, CAST(t.month - b.back * INTERVAL 1 MONTH AS DATE)
),
declared AS (
    SELECT l.tax_code, d.month, CAST(sum(d.participants) AS BIGINT) AS workers
    FROM dues AS d
    INNER JOIN linked AS l ON l.employer_id = d.employer_id
    GROUP BY l.tax_code, d.month
),
unseen AS (
    SELECT f.tax_code, f.month, count(DISTINCT f.finding_id) AS workers
    FROM found_months AS f
    INNER JOIN findings AS one ON one.finding_id = f.finding_id
    WHERE f.kind = 'uninsured_worker' AND one.status <> 'resolved'
    GROUP BY f.tax_code, f.month
),
alike AS (
    SELECT tax_code, count(*) AS employers FROM linked GROUP BY tax_code
),
months AS (
    SELECT tax_code, month FROM paid
    UNION SELECT tax_code, month FROM declared
)
SELECT
    l.employer_id, l.tax_code, max(s.employers) AS employers,
    '[' || string_agg(
        '["' || CAST(m.month AS VARCHAR) || '",' || coalesce(CAST(p.workers AS VARCHAR), 'null') || ','
        || coalesce(CAST(d.workers AS VARCHAR), 'null') || ',' || coalesce(CAST(u.workers AS VARCHAR), '0') || ']',
        ',' ORDER BY m.month
    ) || ']' AS months
FROM linked AS l
INNER JOIN alike AS s ON s.tax_code = l.tax_code
INNER JOIN months AS m ON m.tax_code = l.tax_code
LEFT JOIN paid AS p ON p.tax_code = m.tax_code AND p.month = m.month
LEFT JOIN declared AS d ON d.tax_code = m.tax_code AND d.month = m.month
LEFT JOIN unseen AS u ON u.tax_code = m.tax_code AND u.month = m.month
GROUP BY l.employer_id, l.tax_code
ORDER BY l.employer_id
