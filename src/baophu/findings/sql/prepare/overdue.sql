-- Employers' months that are not paid whole, in stretches by class, with the next legal step; a month with an evaded sum
-- is evasion as a whole. Law 41/2024/QH15 arts. 38-41; Decree 274/2025/NĐ-CP arts. 3-6.
--
-- in:  dues, charges, steps, employers
WITH classed AS (
    SELECT
        employer_id, month, CASE WHEN max(CASE WHEN class = 'evasion' THEN 1 ELSE 0 END) = 1 THEN 'evasion' ELSE 'late' END AS class,
        CAST(sum(charge) AS BIGINT) AS charge
    FROM charges
    WHERE paid_on IS NULL
    GROUP BY employer_id, month
),
open_dues AS (
    SELECT
        d.employer_id, CAST(year(d.month) * 12 + month(d.month) - 1 AS BIGINT) AS month_no, d.outstanding, c.class, c.charge,
        t.step, t.step_on
    FROM dues AS d
    INNER JOIN classed AS c ON c.employer_id = d.employer_id AND c.month = d.month
    LEFT JOIN steps AS t ON t.employer_id = d.employer_id AND t.month = d.month
    WHERE d.outstanding > 0
),
cut AS (
    SELECT
        *, CASE WHEN month_no - lag(month_no) OVER (PARTITION BY employer_id, class ORDER BY month_no) = 1 THEN 0 ELSE 1 END AS begins
    FROM open_dues
),
stretches AS (
    SELECT *, sum(begins) OVER (PARTITION BY employer_id, class ORDER BY month_no) AS stretch FROM cut
)
SELECT
    s.class, s.employer_id AS subject, min(e.commune_code) AS area_code, CAST(NULL AS VARCHAR) AS pid, CAST(NULL AS VARCHAR) AS si_code,
    s.employer_id, CAST(NULL AS VARCHAR) AS tax_code,
    min(s.month_no) AS from_no, max(s.month_no) + 1 AS to_no, CAST(count(*) AS BIGINT) AS months,
    CAST(sum(s.outstanding) AS BIGINT) AS amount,
    -- The step that comes first; a day is ten letters.
    'next_' || coalesce(substr(min(CAST(s.step_on AS VARCHAR) || s.step), 11), 'list') AS reason,
    CAST(min(year(s.step_on) * 12 + month(s.step_on) - 1) AS BIGINT) AS limit_no,
    '{"outstanding":' || CAST(CAST(sum(s.outstanding) AS BIGINT) AS VARCHAR) || ',"charge":'
        || CAST(CAST(sum(s.charge) AS BIGINT) AS VARCHAR) || ',"step_on":"' || coalesce(CAST(min(s.step_on) AS VARCHAR), '') || '"}' AS evidence
FROM stretches AS s
LEFT JOIN employers AS e ON e.employer_id = s.employer_id
GROUP BY s.employer_id, s.class, s.stretch
