-- What the calendar of an area counts: employers by the next step that the law asks for and its day, and, without a
-- day, those that pay by each cycle.
WITH placed AS (
    SELECT e.employer_id, e.pay_method, e.status, e.commune_code AS area_code, coalesce(a.province, '') AS province
    FROM employers AS e
    LEFT JOIN areas AS a ON a.commune = e.commune_code
),
asked AS (
    SELECT
        p.area_code, p.province, s.employer_id, s.step AS what, CAST(s.step_on AS VARCHAR) AS due_on,
        sum(s.outstanding) AS amount
    FROM steps AS s
    INNER JOIN placed AS p ON p.employer_id = s.employer_id
    WHERE s.step_on IS NOT NULL
    GROUP BY p.area_code, p.province, s.employer_id, s.step, s.step_on
    UNION ALL
    SELECT area_code, province, employer_id, 'pays_' || pay_method, '', 0
    FROM placed
    WHERE status = 'active'
),
levels AS (
    SELECT area_code, what, due_on, amount FROM asked
    UNION ALL SELECT province, what, due_on, amount FROM asked WHERE province <> ''
    UNION ALL SELECT $country, what, due_on, amount FROM asked
)
SELECT area_code, what, due_on, count(*) AS employers, CAST(sum(amount) AS BIGINT) AS amount
FROM levels
GROUP BY area_code, what, due_on
ORDER BY area_code, what, due_on
